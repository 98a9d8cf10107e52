//! `drift/other-group`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/other-group",
    severity: Severity::Warning,
    summary: "Code receives for another consumer group than the contract or the AsyncAPI document says.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-177", "A-178", "A-222"],
    page: include_str!("other_group.md"),
    ..Rule::OURS
};
