//! `drift/other-retention`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/other-retention",
    severity: Severity::Warning,
    summary: "A channel keeps messages for another time in infrastructure than in the document.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-115", "A-210", "A-217"],
    page: include_str!("other_retention.md"),
    ..Rule::OURS
};
