//! `family/name`: what is wrong, in a few words.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "family/name",
    severity: Severity::Warning,
    summary: "A document is not as is expected of it.",
    applies_to: &[Kind::Design],
    sources: &[],
    page: include_str!("template.md"),
    check,
    ..Rule::OURS
};

fn check(_: &Context, _: &mut Reporter) {}
