//! The commands that a document gives its reader: in blocks of code, and in code within steps.

use std::ops::Range;

use archwright_knowledge::claim_words;
use archwright_model::facts::Step;

use super::steps::is_drawing;
use crate::{claim::is_claimed, prelude::*};

/// A command, or a statement of a database.
#[derive(Clone, Debug)]
pub(super) struct Command {
    /// What is run, on one line, without prompts and comments.
    pub text: String,
    /// Where it stands, up to the end of its last line.
    pub span: Span,
}

/// The commands of a document, in its order. What a sentence names in code is one only where it is a step.
pub(super) fn commands(document: &ByRole, steps: &[Step]) -> Vec<Command> {
    let mut found = Vec::new();
    for block in &document.tree.code_blocks {
        let language = block.language.of(document.text);
        if is_drawing(block, document.text) || claim_words("data-languages").are_all_of(language) {
            continue;
        }
        let text = block.content.of(document.text);
        let is_sql = claim_words("query-languages").are_all_of(language);
        in_block(text, is_sql, block.content.start as usize, &mut found);
    }
    for step in steps.iter().filter(|it| is_claimed(it.content.of(document.text))) {
        for code in document.tree.code_spans.iter().filter(|it| step.content.contains(**it)) {
            let text = code.of(document.text).trim_matches('`').trim();
            if text.contains(' ') {
                found.push(Command { text: text.to_owned(), span: *code });
            }
        }
    }
    found.sort_by_key(|it| it.span.start);
    found.dedup_by_key(|it| it.span);
    found
}

/// Adds the commands of a block: a line each, or with those that a backslash joins to it; statements up to their
/// semicolon.
fn in_block(text: &str, is_sql: bool, start: usize, found: &mut Vec<Command>) {
    let mut open: Option<(String, Range<usize>)> = None;
    let mut at = start;
    for line in text.split_inclusive('\n') {
        let from = at + line.len() - line.trim_start().len();
        let end = at + line.trim_end().len();
        at += line.len();
        let said = line.trim().trim_start_matches("$ ").trim_start_matches("> ");
        let said = if is_sql { said.split("--").next().unwrap_or_default().trim_end() } else { said };
        let in_statement = open.as_ref().is_some_and(|it| starts_statement(&it.0));
        // Behind a backslash, what begins with `--` is an option.
        let may_comment = open.is_none() || in_statement;
        if said.is_empty() || !is_sql && may_comment && is_comment(said) {
            continue;
        }
        let is_statement = is_sql || in_statement || starts_statement(said);
        let goes_on = if is_statement { !said.ends_with(';') } else { said.ends_with('\\') };
        let part = said.trim_end_matches('\\').trim_end();
        let (mut command, mut span) = open.take().unwrap_or_else(|| (String::new(), from..end));
        if !command.is_empty() {
            command.push(' ');
        }
        command.push_str(part);
        span.end = end;
        if goes_on {
            open = Some((command, span));
        } else {
            found.push(Command { text: command, span: Span::new(span.start, span.end) });
        }
    }
    let rest = open.map(|(text, span)| Command { text, span: Span::new(span.start, span.end) });
    found.extend(rest);
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("//") || line.starts_with("--") || line.starts_with("/*")
}

/// Whether a text begins as a statement of a database that changes something.
pub(super) fn starts_statement(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let is = |word: &str, all: &[&str]| all.iter().any(|it| word.eq_ignore_ascii_case(it));
    match () {
        () if is(first, &["delete"]) => is(second, &["from"]),
        () if is(first, &["drop"]) => is(second, &["table", "database", "schema"]),
        () if is(first, &["truncate"]) => first.chars().all(char::is_uppercase) || is(second, &["table"]),
        () => is(first, &["update"]) && words.next().is_some_and(|it| is(it, &["set"])),
    }
}

/// The commands that a line of a shell is made of, each as words without quotes: `a | b && c` has three. What another
/// program runs inside of a container or on another machine counts as well.
pub(super) fn parts(line: &str) -> Vec<Vec<&str>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut all: Vec<Vec<&str>> = vec![Vec::new()];
    let mut told = false;
    for word in words {
        let is_end = matches!(word, "|" | "||" | "&&" | ";" | "&" | "do" | "then");
        let bare = word.trim_matches(['"', '\'']).trim_end_matches(';');
        if is_end || word == "--" {
            all.push(Vec::new());
            told = false;
            continue;
        }
        // Who runs something for somebody is not what is run.
        let is_setting = !told && bare.contains('=') && !bare.starts_with('-');
        if !told && (is_setting || ["sudo", "time", "env", "nohup", "exec"].contains(&bare)) {
            continue;
        }
        told = true;
        if let Some(last) = all.last_mut() {
            last.push(bare);
        }
        if word.ends_with(';') {
            all.push(Vec::new());
            told = false;
        }
    }
    let wrapped: Vec<Vec<&str>> = all.iter().filter_map(|it| inner(it)).collect();
    all.extend(wrapped);
    all.retain(|it| !it.is_empty());
    all
}

/// What a container or another machine is told to run: `docker exec -it broker rabbitmqctl ...`.
fn inner<'t>(words: &[&'t str]) -> Option<Vec<&'t str>> {
    let program = words.first()?;
    let runs = match *program {
        "docker" | "podman" | "docker-compose" | "oc" | "kubectl" => {
            words.iter().position(|it| matches!(*it, "exec" | "run")).map(|it| it + 1)
        }
        "ssh" | "knife" => Some(1),
        _ => None,
    }?;
    // Options and the name of the container stand before it; a tool is known by itself.
    let at = words.iter().skip(runs).position(|it| {
        let name = it.rsplit('/').next().unwrap_or(it);
        let name = name.strip_suffix(".sh").unwrap_or(name);
        claim_words("tools").are_all_of(name) && claim_words("tools").list().iter().any(|tool| tool == name)
    })?;
    words.get(runs + at..).map(<[&str]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_into_what_is_run() {
        for (line, all) in [
            ("sudo redis-cli FLUSHALL", vec![vec!["redis-cli", "FLUSHALL"]]),
            ("X=1 a | b && c", vec![vec!["a"], vec!["b"], vec!["c"]]),
            (
                "docker exec -it broker rabbitmqctl purge_queue x",
                vec![
                    vec!["docker", "exec", "-it", "broker", "rabbitmqctl", "purge_queue", "x"],
                    vec!["rabbitmqctl", "purge_queue", "x"],
                ],
            ),
        ] {
            assert_eq!(parts(line), all, "{line}");
        }
    }

    #[test]
    fn blocks_are_cut_into_commands_and_statements() {
        let text = "# why\naws sqs purge-queue \\\n  --queue-url x\nls\nUPDATE a SET b = 1\n  WHERE c = 2;\n";
        let mut found = Vec::new();
        in_block(text, false, 0, &mut found);
        let said: Vec<&str> = found.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(said, ["aws sqs purge-queue --queue-url x", "ls", "UPDATE a SET b = 1 WHERE c = 2;"]);
    }
}
