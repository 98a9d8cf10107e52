//! `schema/undeclared-required`: a required property that the schema does not declare.

use archwright_schema::AdviceKind;

use super::{fix_note, report_notes};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/undeclared-required",
    severity: Severity::Error,
    summary: "A schema requires a property that it does not declare.",
    applies_to: &[Kind::Schema],
    any_dialect: false,
    sources: &["A-235", "H-050"],
    page: include_str!("undeclared_required.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    report_notes(cx, reporter, AdviceKind::UndeclaredRequired);
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    fix_note(cx, finding, AdviceKind::UndeclaredRequired, "Require the declared property")
}
