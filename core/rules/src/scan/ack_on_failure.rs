//! `scan/ack-on-failure`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "scan/ack-on-failure",
    severity: Severity::Warning,
    summary: "A failure is caught and logged, and the message counts as handled all the same.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-180"],
    page: include_str!("ack_on_failure.md"),
    ..Rule::OURS
};
