//! `document/missing-column`: a table of the template without one of its columns.

use super::register::registers;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/missing-column",
    severity: Severity::Info,
    summary: "A table of channels, patterns, risks, goals, budgets, tests or features lacks a column.",
    applies_to: super::register::KINDS,
    sources: &["A-073", "A-082", "A-086", "A-087", "A-100", "A-104", "A-105"],
    page: include_str!("missing_column.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    for register in registers(cx, document) {
        let names: Vec<String> = register.missing.iter().map(|it| format!("`{it}`")).collect();
        let header = document.tree.header(register.table);
        let Some((first, last)) = header.first().zip(header.last()).filter(|_| !names.is_empty()) else { continue };
        let message = format!(
            "This table of {} has no column {}. Add it, with `[TBD]` where an answer is open.",
            register.what,
            enumerate(&names, "and")
        );
        reporter.report(Span::new(first.start as usize, last.end as usize), message);
    }
}
