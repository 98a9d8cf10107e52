//! `schema/unfitting-default`: a default that is no value of its type.

use archwright_schema::AdviceKind;

use super::{fix_note, report_notes};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/unfitting-default",
    severity: Severity::Error,
    summary: "A default is no value of the type it stands for.",
    applies_to: &[Kind::Schema],
    any_dialect: false,
    sources: &["A-325", "H-050"],
    page: include_str!("unfitting_default.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    report_notes(cx, reporter, AdviceKind::UnfittingDefault);
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    fix_note(cx, finding, AdviceKind::UnfittingDefault, "Write the default as its type wants it")
}
