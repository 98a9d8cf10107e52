//! `drift/consumer-not-seen`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/consumer-not-seen",
    severity: Severity::Warning,
    summary: "A document lists a consumer whose code was read and does not receive from the channel.",
    applies_to: &[Kind::Contract, Kind::Asyncapi, Kind::FeatureReadme],
    any_dialect: true,
    on_request: true,
    sources: &["H-012"],
    page: include_str!("consumer_not_seen.md"),
    ..Rule::OURS
};
