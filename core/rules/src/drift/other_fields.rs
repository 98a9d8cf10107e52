//! `drift/other-fields`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/other-fields",
    severity: Severity::Info,
    summary: "Code sends a type that lacks what the schema of its channel demands, or has what it does not declare.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-169"],
    page: include_str!("other_fields.md"),
    ..Rule::OURS
};
