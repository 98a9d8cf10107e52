//! `decision/uncommitted`: an accepted record whose decision is none.

use archwright_knowledge::{claim_words, lexicon::uncommitted};
use archwright_syntax::markdown::SectionId;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/uncommitted",
    severity: Severity::Warning,
    summary: "A record that is in force leaves its decision open.",
    applies_to: &[Kind::Adr],
    any_dialect: true,
    sources: &["A-133"],
    page: include_str!("uncommitted.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let state = document.status().and_then(|it| cx.config().vocabulary().state(&it.text));
    if state != Some(State::Accepted) {
        return;
    }
    let Some(section) = document.section(Role::Decision) else { return };
    in_tables(document, section, reporter);
    // What decides stands right below the heading, before parts, tables and lists.
    let Some(paragraph) = document.tree.paragraphs.iter().find(|it| it.section == section) else { return };
    let said = paragraph.span.of(document.text);
    let is_first = document.tree.section(section).body.of(document.text).trim_start().starts_with(said.trim_start());
    // A table of options below the heading is what the paragraph behind it decides on.
    let first_table =
        document.tree.tables.iter().find(|it| document.tree.section_at(it.span.start as usize) == section);
    let is_first = is_first
        || first_table.is_some_and(|it| {
            it.span.end <= paragraph.span.start
                && document.tree.section(section).body.of(document.text).trim_start().starts_with('|')
        });
    let chosen = chooses_two(said).then_some("or");
    let Some(words) = uncommitted(said).or(chosen).filter(|it| is_first && !excludes(said, it)) else { return };
    // A placeholder is an open question of another kind.
    if said.contains("[TBD") || said.contains("<TBD") || is_aside(said, words) {
        return;
    }
    let length = said.find(". ").map_or(said.len(), |it| it + 1);
    let span = Span::new(paragraph.span.start as usize, paragraph.span.start as usize + length);
    let message = format!(
        "This record is accepted, and its decision leaves open what is done (`{words}`). Decide for one option; a way \
        back needs the number that triggers it, how it is measured and who decides."
    );
    reporter.report(span, message);
}

/// Whether a sentence names two options as the chosen one: `Chosen option: "a queue" or "a list"`.
fn chooses_two(said: &str) -> bool {
    let first = said.split(", because").next().unwrap_or_default();
    let Some((head, options)) = first.split_once('"') else { return false };
    let two = options.split_once("\" or \"").or_else(|| options.split_once("\", or \""));
    head.trim_end().ends_with(':') && head.len() < 40 && two.is_some_and(|it| !it.0.contains('"'))
}

/// Whether `either` tells that nothing lies between two outcomes, and leaves nothing open: `either both or none`.
fn excludes(said: &str, words: &str) -> bool {
    let first = said.split(['.', ':', ';']).next().unwrap_or_default();
    words == "either" && claim_words("all-or-none").are_in(first)
}

/// Whether what is open stands in brackets behind a sentence that decides: a detail is open, and not the decision.
fn is_aside(said: &str, words: &str) -> bool {
    let lower = said.to_lowercase();
    let first_end = lower.find(". ").unwrap_or(lower.len());
    let mut places = lower.match_indices(words).map(|it| it.0).peekable();
    let in_brackets = |at: usize| {
        let before = lower.get(..at).unwrap_or_default();
        before.rfind('(') > before.rfind(')') && lower.get(at..).is_some_and(|it| it.contains(')'))
    };
    places.peek().is_some() && places.all(|at| at > first_end && in_brackets(at))
}

/// A table of options that chooses none of them, or more than one perhaps: `maybe` in the column of what is chosen.
fn in_tables(document: &ByRole, section: SectionId, reporter: &mut Reporter) {
    let (tree, text) = (document.tree, document.text);
    for table in tree.tables.iter().filter(|it| tree.section_at(it.span.start as usize) == section) {
        let mut header = tree.header(table).iter().map(|it| it.of(text));
        let Some(column) = header.position(|it| claim_words("choice-columns").are_all_of(it)).filter(|it| *it > 0)
        else {
            continue;
        };
        let cells: Vec<Span> = tree.rows(table).iter().filter_map(|it| tree.cells(it).get(column).copied()).collect();
        let is_open = |it: &&Span| {
            let said = it.of(text).trim();
            claim_words("maybe").are_all_of(said) || !said.is_empty() && said.chars().all(|it| it == '?')
        };
        let open: Vec<&Span> = cells.iter().filter(is_open).collect();
        let is_no =
            |it: &Span| matches!(it.of(text).trim().to_lowercase().as_str(), "no" | "" | "-" | "–" | "✗" | "❌");
        let none_is_chosen = cells.iter().all(|it| is_no(it) || open.contains(&it));
        if let Some(first) = open.first().filter(|_| none_is_chosen && cells.len() > 1) {
            let message = "This record is accepted, and its table chooses none of the options. Decide for one of them; \
                a way back needs the number that triggers it, how it is measured and who decides.";
            reporter.report(**first, message.to_owned());
        }
    }
}
