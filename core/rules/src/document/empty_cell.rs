//! `document/empty-cell`: a row of a table of the template that leaves one of its questions open.

use super::register::registers;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/empty-cell",
    severity: Severity::Info,
    summary: "A row in a table of channels, patterns, risks, goals, budgets or tests leaves a cell empty.",
    applies_to: super::register::KINDS,
    sources: &["A-073", "A-082", "A-086", "A-087", "A-104", "A-105"],
    page: include_str!("empty_cell.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    for register in registers(cx, document) {
        for row in document.tree.rows(register.table) {
            let cells = document.tree.cells(row);
            let is_empty = |at: usize| cells.get(at).is_some_and(|it| it.of(document.text).trim().is_empty());
            // A row that says nothing but its name is a heading inside of the table.
            let filled = cells.iter().filter(|it| !it.of(document.text).trim().is_empty()).count();
            let empty: Vec<String> =
                register.columns.iter().filter(|it| is_empty(it.at)).map(|it| format!("`{}`", it.name)).collect();
            let Some(first) = cells.first().filter(|_| filled > 1 && !empty.is_empty()) else { continue };
            let message = format!(
                "This row says nothing of {}. Fill it, with `[TBD]` where an answer is open, or say why none is.",
                enumerate(&empty, "and")
            );
            reporter.report(*first, message);
        }
    }
}
