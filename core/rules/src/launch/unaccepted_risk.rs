//! `launch/unaccepted-risk`: a risk that a launch goes ahead with, and that nobody accepts or works on.

use archwright_knowledge::claim_words;
use archwright_model::values::value;

use crate::{claim::is_withdrawn, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "launch/unaccepted-risk",
    severity: Severity::Info,
    summary: "The decision is GO, and nobody accepts a risk or does anything about it.",
    applies_to: &[Kind::Launch],
    sources: &["A-094", "A-368"],
    page: include_str!("unaccepted_risk.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let state = document.status().and_then(|it| cx.config().vocabulary().state(&it.text));
    if !matches!(state, Some(State::Go | State::GoWithRisks)) {
        return;
    }
    let Some(section) = document.section(Role::AcknowledgedRisks) else { return };
    let (tree, text) = (document.tree, document.text);
    let items: Vec<_> = tree.items.iter().filter(|it| it.section == section).collect();
    for (at, item) in items.iter().enumerate().filter(|it| it.1.depth == 0) {
        // What stands below an item belongs to it.
        let below = items.iter().skip(at + 1).take_while(|it| it.depth > 0);
        let whole: String =
            std::iter::once(item).chain(below).map(|it| it.content.of(text)).collect::<Vec<_>>().join("; ");
        let said = item.content.of(text);
        // `None named on 2026-10-01`.
        let first = said.split(|it: char| !it.is_alphanumeric()).next().unwrap_or_default();
        let is_none = [said, first].into_iter().any(value::is_none)
            || value::is_unknown(said)
            || claim_words("denies").begin(said);
        if is_none || is_withdrawn(&whole) || whole.contains('[') || is_accepted(&whole) {
            continue;
        }
        reporter.report(item.content, MESSAGE.to_owned());
    }
    for table in tree.tables.iter().filter(|it| tree.section_at(it.span.start as usize) == section) {
        let mut header = tree.header(table).iter().map(|it| it.of(text));
        // The risk itself stands in the first column.
        let Some(column) = header.position(|it| claim_words("accepts-risk").are_in(it)).filter(|it| *it > 0) else {
            continue;
        };
        for cell in tree.rows(table).iter().filter_map(|it| tree.cells(it).get(column)) {
            let said = cell.of(text);
            if value::is_none(said) || matches!(said.trim(), "-" | "–" | "—") || claim_words("anybody").are_all_of(said)
            {
                reporter.report(*cell, MESSAGE.to_owned());
            }
        }
    }
}

/// What is said of a risk that is nobody's.
const MESSAGE: &str = "A risk that nobody accepts is one that everybody forgets. Say who bears it, and what is done \
    about it until when.";

/// Whether an item says who accepts it, or what is done about it.
fn is_accepted(item: &str) -> bool {
    claim_words("accepts-risk").are_in(item) || item.contains(['@', '#']) || item.contains("team-")
}
