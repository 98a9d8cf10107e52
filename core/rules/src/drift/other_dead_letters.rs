//! `drift/other-dead-letters`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/other-dead-letters",
    severity: Severity::Warning,
    summary: "Code puts dead letters into another channel than the document names.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["H-012"],
    page: include_str!("other_dead_letters.md"),
    ..Rule::OURS
};
