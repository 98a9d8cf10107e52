//! `scan/auto-commit`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "scan/auto-commit",
    severity: Severity::Warning,
    summary: "A consumer has positions committed by the clock, whether or not messages were handled.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-180"],
    page: include_str!("auto_commit.md"),
    ..Rule::OURS
};
