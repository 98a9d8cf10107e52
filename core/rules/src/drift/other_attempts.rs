//! `drift/other-attempts`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/other-attempts",
    severity: Severity::Warning,
    summary: "A message is put aside after another number of attempts in infrastructure than in the contract.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-177", "A-178", "A-222"],
    page: include_str!("other_attempts.md"),
    ..Rule::OURS
};
