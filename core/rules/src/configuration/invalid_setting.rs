//! `configuration/invalid-setting`: a setting that cannot be read.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "configuration/invalid-setting",
    severity: Severity::Error,
    summary: "A setting of `archwright.toml` cannot be read, so its default holds.",
    applies_to: &[Kind::Configuration],
    any_dialect: true,
    sources: &["A-232"],
    page: include_str!("invalid_setting.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for problem in cx.config_problems() {
        reporter.report(problem.span, problem.message.clone());
    }
}
