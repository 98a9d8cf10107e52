//! `layout/repeated-feature`: a runbook whose file name repeats the feature that it lies in.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "layout/repeated-feature",
    severity: Severity::Info,
    summary: "The file name of a runbook begins with the feature in whose folder it lies.",
    applies_to: &[Kind::Runbook],
    sources: &["A-035"],
    page: include_str!("repeated_feature.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(feature) = &facts.captures.feature else { return };
    let name = facts.path.stem();
    let Some(rest) = name.strip_prefix(feature.as_str()).and_then(|it| it.strip_prefix('-')) else { return };
    // What is left has to be a name.
    if rest.is_empty() {
        return;
    }
    let message =
        format!("The folder says `{feature}` already; call the file `{rest}.md`, and change the links to it.");
    reporter.report(facts.title_span(), message);
}
