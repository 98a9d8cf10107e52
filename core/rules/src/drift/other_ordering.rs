//! `drift/other-ordering`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/other-ordering",
    severity: Severity::Warning,
    summary: "A channel that the document orders by a key is in no order in infrastructure.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-146", "A-222", "D-C15"],
    page: include_str!("other_ordering.md"),
    ..Rule::OURS
};
