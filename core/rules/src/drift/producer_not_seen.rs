//! `drift/producer-not-seen`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/producer-not-seen",
    severity: Severity::Warning,
    summary: "A document names a producer whose code was read and does not send to the channel.",
    applies_to: &[Kind::Contract, Kind::Asyncapi, Kind::FeatureReadme],
    any_dialect: true,
    on_request: true,
    sources: &["H-012"],
    page: include_str!("producer_not_seen.md"),
    ..Rule::OURS
};
