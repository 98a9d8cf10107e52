//! `drift/other-producer`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/other-producer",
    severity: Severity::Warning,
    summary: "A service sends to a channel, and the contract or AsyncAPI document names others as its producer.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["H-012"],
    page: include_str!("other_producer.md"),
    ..Rule::OURS
};
