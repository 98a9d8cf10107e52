//! `reliability/uncompensated-step`: a step of a saga with nothing that undoes it.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/uncompensated-step",
    severity: Severity::Info,
    summary: "A step in a table of compensations has none, and is not the last one.",
    applies_to: &[Kind::Design, Kind::Adr, Kind::Rfc, Kind::Overview, Kind::ImplementationPlan],
    sources: &["A-192", "H-038", "N-021", "N-036", "T-020"],
    page: include_str!("uncompensated_step.md"),
    check,
    ..Rule::OURS
};

/// Words that say that a row may stay as it is.
const PIVOTS: [&str; 6] = ["pivot", "no return", "read-only", "read only", "cannot fail", "nothing to undo"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let (tree, text) = (document.tree, document.text);
    for table in &tree.tables {
        let titles: Vec<String> = tree.header(table).iter().map(|it| it.of(text).trim().to_lowercase()).collect();
        let is_step =
            |it: &String| ["step", "action", "activity", "local transaction"].iter().any(|word| it.contains(word));
        let compensation = titles.iter().position(|it| it.contains("compensat") || it == "undo");
        let Some(at) = compensation.filter(|_| titles.iter().any(is_step)) else { continue };
        let rows = tree.rows(table);
        let is_empty = |cells: &[Span]| cells.get(at).is_some_and(|it| it.of(text).trim().is_empty());
        // What is empty in most rows is filled where something has to be undone.
        let Some((_, before)) = rows.split_last() else { continue };
        let empty = before.iter().filter(|it| is_empty(tree.cells(it))).count();
        if empty * 2 > before.len() {
            continue;
        }
        for row in before {
            let cells = tree.cells(row);
            let said = row.span.of(text).to_lowercase();
            if !is_empty(cells) || PIVOTS.iter().any(|it| said.contains(it)) {
                continue;
            }
            let Some(first) = cells.iter().find(|it| !it.of(text).trim().is_empty()) else { continue };
            let message = "When a later step fails, this one stays done. Say what undoes it, or mark it as the point \
                of no return.";
            reporter.report(*first, message.to_owned());
        }
    }
}
