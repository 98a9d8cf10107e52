//! `schema/nullable-without-default`: an Avro field that may be null and is not null by default.

use archwright_schema::AdviceKind;

use super::{fix_note, report_notes};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/nullable-without-default",
    severity: Severity::Warning,
    summary: "An Avro field may be null, but is not null by default.",
    applies_to: &[Kind::Schema],
    any_dialect: false,
    sources: &["A-324", "A-325", "H-050"],
    page: include_str!("nullable_without_default.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    report_notes(cx, reporter, AdviceKind::NullableWithoutDefault);
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    fix_note(cx, finding, AdviceKind::NullableWithoutDefault, "Make it null by default")
}
