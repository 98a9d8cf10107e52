//! `runbook/unguarded-command`: a command that destroys or stops something for all, with nothing that guards it.

use archwright_knowledge::{Hit, claim_words, harmful_call, harmful_command};
use archwright_model::facts::{Step, prose};

use super::{
    command::{Command, commands, parts, starts_statement},
    steps::{around, is_drawing, steps},
};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/unguarded-command",
    severity: Severity::Info,
    summary: "A command destroys or stops something for all, and nothing keeps a copy, asks anybody or leads back.",
    applies_to: &[Kind::Runbook],
    any_dialect: true,
    sources: &["A-093", "A-144"],
    page: include_str!("unguarded_command.md"),
    check,
    ..Rule::OURS
};

/// What a command does that harms.
struct Harm {
    name: String,
    does: String,
    about: Hit,
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role().filter(|it| !it.tree.code_spans.is_empty() || !it.tree.code_blocks.is_empty())
    else {
        return;
    };
    let steps = steps(cx);
    let all = commands(document, &steps.0);
    let mut told: Vec<String> = Vec::new();
    for command in &all {
        let Some(harm) = harm(&command.text) else { continue };
        if told.contains(&harm.name)
            || is_elsewhere(document, command, &harm)
            || is_guarded(cx, document, &steps.0, command)
        {
            continue;
        }
        let message = format!(
            "`{}` {}, and nothing here keeps a copy, asks anybody, says when, or leads back. Write what to save first, \
             who agrees, and what undoes it.",
            harm.name, harm.does
        );
        let first = cx.facts().slice(command.span).lines().next().unwrap_or_default().trim_end().len();
        let start = command.span.start as usize;
        reporter.report(Span::new(start, start + first), message);
        told.push(harm.name);
    }
}

/// What a command does to all who use what it names.
fn harm(text: &str) -> Option<Harm> {
    if let Some(harm) = statement(text) {
        return Some(harm);
    }
    if let Some((command, name)) = harmful_call(text) {
        return Some(Harm { name: name.to_owned(), does: command.does.to_string(), about: command.about });
    }
    // `psql -c "DROP TABLE x"` has the statement in quotes.
    if let Some(harm) = text.split(['"', '\'']).skip(1).step_by(2).find_map(|it| statement(it.trim())) {
        return Some(harm);
    }
    let (command, name) = parts(text).iter().find_map(|it| harmful_command(it))?;
    Some(Harm { name, does: command.does.to_string(), about: command.about })
}

/// What a statement of a database does, where it takes all rows, or all of a kind.
fn statement(text: &str) -> Option<Harm> {
    if !starts_statement(text) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().map(|it| it.trim_end_matches(';')).collect();
    let verb = words.first()?.to_ascii_uppercase();
    let (name, does) = match verb.as_str() {
        "DELETE" | "UPDATE" => {
            let crowd = crowd(&words)?;
            let verb = if verb == "DELETE" { "DELETE FROM" } else { "UPDATE" };
            let table = words.get(if verb == "UPDATE" { 1 } else { 2 })?;
            let does = if verb == "UPDATE" { "overwrites" } else { "deletes" };
            (format!("{verb} {table}"), format!("{does} {crowd}"))
        }
        "TRUNCATE" => ("TRUNCATE".to_owned(), "deletes every row".to_owned()),
        _ => (words.get(..2)?.join(" "), "deletes it with every row".to_owned()),
    };
    let is_spare = words.iter().any(|it| claim_words("spare-tables").are_in(&it.replace(['_', '.'], " ")));
    (!is_spare).then_some(Harm { name, does, about: Hit::Data })
}

/// Which rows a statement takes, if they are all, or all that failed.
fn crowd(words: &[&str]) -> Option<&'static str> {
    let is = |word: &str, other: &str| word.eq_ignore_ascii_case(other);
    let Some(at) = words.iter().position(|it| is(it, "where")) else {
        // What is joined or counted has a bound.
        let from = words.iter().filter(|it| is(it, "from")).count();
        let joins = words.first().is_some_and(|it| is(it, "update")) && from > 0;
        let is_bound = joins || words.iter().any(|it| ["limit", "using"].iter().any(|bound| is(it, bound)));
        return (!is_bound).then_some("every row");
    };
    let condition = words.get(at + 1..)?;
    // A bound on time, on number or on what is meant leaves the others alone.
    let bounds = ["limit", "in", "like", "between", "exists", "interval", "now()", "returning"];
    if condition.iter().any(|word| bounds.iter().any(|it| word.to_ascii_lowercase().contains(it) && word.len() < 14)) {
        return None;
    }
    let text = condition.join(" ");
    let columns = text.split([' ', '=', '<', '>', '!', '(', ')']).filter(|it| !it.is_empty()).filter(|it| {
        let is_name = it.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
        is_name && !["and", "or", "is", "not", "null", "true", "false"].iter().any(|word| is(word, it))
    });
    let mut columns = columns.peekable();
    columns.peek()?;
    columns
        .all(|it| claim_words("crowd-columns").are_all_of(&it.replace(['_', '.'], " ")))
        .then_some("every row that failed")
}

/// Whether a command stands where nobody runs it at night, or where what it does is what its section is for.
fn is_elsewhere(document: &ByRole, command: &Command, harm: &Harm) -> bool {
    let mut at = Some(document.tree.section_at(command.span.start as usize));
    while let Some(id) = at {
        let section = document.tree.section(id);
        let title = document.tree.plain_title(id, document.text);
        let is_meant = harm.about != Hit::Messages && claim_words("titles-to-destroy").are_in(&title);
        if is_meant || claim_words("titles-elsewhere").are_in(&title) {
            return true;
        }
        let role = document.role_of(id);
        if matches!(role, Some(Role::Safety | Role::PostIncident | Role::RelatedArtifacts)) {
            return true;
        }
        at = section.parent;
    }
    false
}

/// Whether something keeps, allows, limits or undoes what a command does: beside it, or for all of the document.
fn is_guarded(cx: &Context, document: &ByRole, steps: &[Step], command: &Command) -> bool {
    let own = steps.iter().rfind(|it| it.span.contains(command.span));
    let section = document.tree.section_at(command.span.start as usize);
    let text = document.text;
    // Beside it: its step with all of its commands, what its section says outside of steps, and the sections around.
    let mut beside: Vec<Span> = Vec::new();
    match own {
        Some(step) => {
            beside.push(step.span);
            let body = document.tree.section(section).body;
            let first = steps.iter().filter(|it| body.contains(it.content)).map(|it| it.span.start).min();
            beside.extend(first.filter(|it| *it > body.start).map(|it| Span::new(body.start as usize, it as usize)));
            beside.extend(around(document, step).into_iter().skip(1).map(|it| before_steps(it, steps)));
        }
        None => beside.push(document.tree.section(section).body),
    }
    let titles = std::iter::successors(Some(section), |it| document.tree.section(*it).parent);
    beside.extend(titles.map(|it| document.tree.section(it).title));
    // What is run on the machine of the reader hits nobody else.
    if claim_words("own-machine").are_in(command.span.of(text)) || is_in_own_cluster(command.span.of(text)) {
        return true;
    }
    let weak = claim_words("guards");
    let strong = claim_words("copies-and-approvals");
    // All of the section that is its part, other steps too: `1. Copy them` stands before `2. Purge the queue`.
    let mut whole = document.tree.section(section);
    while let Some(parent) = whole.parent.map(|it| document.tree.section(it)).filter(|it| it.level > 1) {
        whole = parent;
    }
    if beside
        .iter()
        .flat_map(|it| without_drawings(document, *it))
        .any(|it| weak.are_in(it) || has_condition(it) || warns(it))
    {
        return true;
    }
    strong.are_in(whole.span.of(text)) || prose::sentences(cx.facts()).iter().any(|it| strong.are_in(it.text))
}

/// Whether a command is for a cluster that a tool keeps on the machine of its reader: `--context kind-shop`.
fn is_in_own_cluster(command: &str) -> bool {
    let mut words = command.split(|it: char| it.is_whitespace() || it == '=');
    words.any(|it| matches!(it, "--context" | "--kube-context" | "use-context"))
        && words.next().is_some_and(|it| {
            let own = claim_words("own-clusters");
            own.are_all_of(it) || own.are_all_of(it.split('-').next().unwrap_or_default())
        })
}

/// The parts of a text between its drawings, whose labels guard nothing.
fn without_drawings<'a>(document: &ByRole<'a>, part: Span) -> Vec<&'a str> {
    let drawings = document.tree.code_blocks.iter().filter(|it| part.contains(it.span));
    let (mut parts, mut start) = (Vec::new(), part.start as usize);
    for drawing in drawings.filter(|it| is_drawing(it, document.text)) {
        parts.push(Span::new(start, drawing.span.start as usize).of(document.text));
        start = drawing.span.end as usize;
    }
    parts.push(Span::new(start, part.end as usize).of(document.text));
    parts
}

/// A section up to its first step.
fn before_steps(body: Span, steps: &[Step]) -> Span {
    let first = steps.iter().filter(|it| body.contains(it.content)).map(|it| it.span.start).min();
    Span::new(body.start as usize, first.map_or(body.end, |it| it.max(body.start)) as usize)
}

/// Whether a text warns of something. A severity of that name is none.
fn warns(text: &str) -> bool {
    claim_words("warns-of-harm").all(text).any(|it| {
        let before = text.get(..it.start).unwrap_or_default();
        let last = before.lines().next_back().unwrap_or_default().trim_matches(['*', ':', ' ', '|', '-', '`']);
        claim_words("severities").ending(last).is_none()
    }) || text.contains('⚠')
}

/// Whether something is said to be done on a condition: `if it is corrupt`, but not `if needed`.
fn has_condition(text: &str) -> bool {
    claim_words("conditions").all(text).any(|it| {
        let behind = text.get(it.end..).unwrap_or_default().trim_start();
        !claim_words("no-condition").begin(behind)
    })
}

#[cfg(test)]
mod tests {
    use super::harm;

    #[test]
    fn harm_is_told_from_what_has_a_bound() {
        for (command, name) in [
            ("DELETE FROM jobs;", "DELETE FROM jobs"),
            ("UPDATE job_outbox SET attempts = 0 WHERE last_error IS NOT NULL AND attempts >= 5;", "UPDATE job_outbox"),
            ("psql -c \"TRUNCATE TABLE orders\"", "TRUNCATE"),
            ("docker exec mq rabbitmqctl purge_queue orders", "rabbitmqctl purge_queue"),
            ("mongosh --eval 'db.letters.deleteMany({})'", ".deleteMany({})"),
            ("kubectl exec r-0 -- redis-cli FLUSHALL", "redis-cli FLUSHALL"),
        ] {
            assert_eq!(harm(command).map(|it| it.name).as_deref(), Some(name), "{command}");
        }
        for command in [
            "DELETE FROM jobs WHERE id = 'x';",
            "DELETE FROM jobs WHERE processed_at < NOW() - INTERVAL '30 days';",
            "DELETE FROM jobs LIMIT 10;",
            "UPDATE users SET locked_until = NULL WHERE email = 'ada@example.org';",
            "TRUNCATE TABLE cache_entries;",
            "UPDATE docs SET x = y FROM z;",
            "aws sqs receive-message --queue-url $Q",
            "rm -rf node_modules",
        ] {
            assert!(harm(command).is_none(), "{command}");
        }
    }
}
