//! `drift/unlisted-consumer`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/unlisted-consumer",
    severity: Severity::Warning,
    summary: "A service receives from a channel, and the contract or AsyncAPI document lists others as its consumers.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["H-012"],
    page: include_str!("unlisted_consumer.md"),
    ..Rule::OURS
};
