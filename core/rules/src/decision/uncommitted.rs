//! `decision/uncommitted`: an accepted record whose decision is none.

use archwright_knowledge::lexicon::uncommitted;

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
    // What decides stands right below the heading, before parts, tables and lists.
    let Some(paragraph) = document.tree.paragraphs.iter().find(|it| it.section == section) else { return };
    let said = paragraph.span.of(document.text);
    let is_first = document.tree.section(section).body.of(document.text).trim_start().starts_with(said.trim_start());
    let Some(words) = uncommitted(said).filter(|_| is_first) else { return };
    // A placeholder is an open question of another kind.
    if said.contains("[TBD") || said.contains("<TBD") {
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
