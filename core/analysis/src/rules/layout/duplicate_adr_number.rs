//! `layout/duplicate-adr-number`: two ADRs of a folder have one number.

use crate::rules::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "layout/duplicate-adr-number",
    severity: Severity::Error,
    summary: "Two ADRs in one folder have the same number.",
    applies_to: &[Kind::Adr],
    any_dialect: false,
    sources: &["A-030", "A-031"],
    page: include_str!("duplicate_adr_number.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(number) = number(facts) else { return };
    let folder = cx.files(Key::Decisions(facts.path.parent()));
    let Some((first, other)) = folder.iter().find(|it| number == self::number(it.1).unwrap_or(u32::MAX)) else {
        return;
    };
    if *first == cx.file() {
        return;
    }
    let next = next_free(cx);
    let message = format!(
        "`{}` has the number {number:04} too. Give this decision the next free number, {next:04}, in its file name, its title and the links to it.",
        other.path.name()
    );
    let related = cx.related(*first, other.title_span(), format!("the first ADR with the number {number:04}"));
    reporter.report(facts.title_span(), message).related.push(related);
}

/// The number after the highest one in the folder.
pub(super) fn next_free(cx: &Context) -> u32 {
    let folder = cx.files(Key::Decisions(cx.facts().path.parent()));
    folder.iter().filter_map(|it| number(it.1)).max().map_or(1, |it| it + 1)
}

fn number(facts: &FileFacts) -> Option<u32> {
    facts.document()?.adr.as_ref()?.number
}
