//! `drift/not-provisioned`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/not-provisioned",
    severity: Severity::Warning,
    summary: "A channel has a contract, and infrastructure declares the others and not this one.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-115", "H-012"],
    page: include_str!("not_provisioned.md"),
    ..Rule::OURS
};
