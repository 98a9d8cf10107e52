//! `drift/missing-in-document`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/missing-in-document",
    severity: Severity::Warning,
    summary: "A service uses a channel that its AsyncAPI document lacks, beside others of that direction.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["H-012"],
    page: include_str!("missing_in_document.md"),
    ..Rule::OURS
};
