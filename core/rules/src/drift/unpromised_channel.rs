//! `drift/unpromised-channel`: found when all code is read, by the operation `scan`.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/unpromised-channel",
    severity: Severity::Warning,
    summary: "A channel that infrastructure declares is described by no document, and the others have a contract.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    on_request: true,
    sources: &["A-115", "A-107"],
    page: include_str!("unpromised_channel.md"),
    ..Rule::OURS
};
