//! `reliability/uncompensated-step`: a step of a saga that nothing undoes when a later one fails.

use archwright_knowledge::claim_words;
use archwright_model::values::value;

use crate::{claim::is_withdrawn, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/uncompensated-step",
    severity: Severity::Info,
    summary: "A step of a saga has nothing that undoes it, and a later step can fail.",
    applies_to: &[Kind::Design, Kind::Adr, Kind::Rfc, Kind::Overview, Kind::ImplementationPlan],
    sources: &["A-149", "A-192", "D-F14", "H-038", "N-021", "N-036", "T-020"],
    page: include_str!("uncompensated_step.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(document) = cx.by_role() else { return };
    for table in &document.tree.tables {
        let heads = document.tree.header(table).iter().map(|it| facts.slice(*it));
        let column = heads.enumerate().filter(|it| claim_words("undo-columns").are_all_of(it.1)).map(|it| it.0).next();
        let Some(column) = column.filter(|it| *it > 0) else { continue };
        let rows = document.tree.rows(table).iter().map(|it| document.tree.cells(it));
        let rows: Vec<(Span, Span)> = rows.filter_map(|it| it.first().copied().zip(it.get(column).copied())).collect();
        // Behind the last step that can be undone nothing is left to fail; a step there is one that only goes forward.
        let last = rows.iter().rposition(|it| !is_nothing(facts.slice(it.1))).unwrap_or_default();
        // An empty cell is a question that nobody has answered, unless most are empty.
        let is_empty = |it: &&(Span, Span)| facts.slice(it.1).trim().is_empty();
        let before = rows.len().saturating_sub(1);
        let are_few = rows.iter().take(before).filter(is_empty).count() * 2 <= before;
        for (at, (step, undo)) in rows.iter().enumerate().take(before) {
            let said = facts.slice(*undo);
            let is_open = said.trim().is_empty() && are_few;
            if !is_open && at >= last
                || !is_nothing(said)
                || is_withdrawn(said)
                || changes_nothing(facts.slice(*step), said)
            {
                continue;
            }
            let message = format!(
                "Nothing undoes `{}` when a later step fails. Name its compensation, say why it needs none, or put it \
                 behind the last step that can fail.",
                value::plain(facts.slice(*step))
            );
            reporter.report(if said.trim().is_empty() { *step } else { *undo }, message);
        }
    }
}

/// Whether a cell says that there is no compensation.
fn is_nothing(cell: &str) -> bool {
    let said = value::plain(cell);
    let head = said.split([';', ',', '(', '.', ':']).next().unwrap_or_default().trim();
    value::is_none(head)
        || matches!(said.trim(), "-" | "–" | "—" | "")
        || claim_words("undoes-nothing").are_all_of(head)
}

/// Whether a step has nothing to undo: it only reads, or its cell says why none is needed.
fn changes_nothing(step: &str, undo: &str) -> bool {
    claim_words("needs-no-undo").are_in(step) || claim_words("needs-no-undo").are_in(undo) || undo.contains("](")
}
