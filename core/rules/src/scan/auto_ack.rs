//! `scan/auto-ack`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "scan/auto-ack",
    severity: Severity::Warning,
    summary: "A consumer lets the broker forget a message before it is handled.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-180"],
    page: include_str!("auto_ack.md"),
    ..Rule::OURS
};
