//! `drift/other-partitions`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/other-partitions",
    severity: Severity::Warning,
    summary: "A channel has another number of partitions in infrastructure than in the document.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-115", "A-216"],
    page: include_str!("other_partitions.md"),
    ..Rule::OURS
};
