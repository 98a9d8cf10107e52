//! `layout/foreign-feature`: a document in the folder of one feature that says that it is of another.

use archwright_model::values::value;
use smol_str::SmolStr;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "layout/foreign-feature",
    severity: Severity::Warning,
    summary: "A document names another feature as its own than the one in whose folder it lies.",
    applies_to: &[Kind::Launch, Kind::Design, Kind::Contract, Kind::Runbook],
    sources: &["A-028"],
    page: include_str!("foreign_feature.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(feature) = &cx.facts().captures.feature else { return };
    let Some(said) = cx.by_role().and_then(|it| it.field(Role::Feature)) else { return };
    let named = value::plain(&said.text);
    // Only the name of another feature that there is leaves no doubt.
    let is_other = named != feature.as_str() && !cx.files(Key::Readme(SmolStr::new(&named))).is_empty();
    if !is_other {
        return;
    }
    let message = format!("This document lies in the folder of `{feature}` and says that it is of `{named}`.");
    reporter.report(said.span, message).data = feature.to_string();
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    let fix = edit_here(cx, format!("Write `{}`", finding.data), vec![edit]);
    fix.map(|it| Fix { preferred: false, ..it }).into_iter().collect()
}
