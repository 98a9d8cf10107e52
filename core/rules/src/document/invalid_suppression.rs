//! `document/invalid-suppression`: a comment that names no rule that exists, or gives no reason.

use archwright_scan::discover::RiskKind;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/invalid-suppression",
    severity: Severity::Warning,
    summary: "A suppression comment names an unknown rule or gives no reason.",
    applies_to: &Kind::ALL,
    any_dialect: true,
    sources: &["X4"],
    page: include_str!("invalid_suppression.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for suppression in &cx.facts().suppressions {
        for (name, span) in &suppression.rules {
            // What `scan` tells is allowed in the same way and has no rule.
            let is_scanned = RiskKind::ALL.iter().any(|it| it.code() == *name);
            if cx.registry().rule(name).is_none() && !is_scanned {
                let hint =
                    cx.registry().nearest(name).map_or_else(String::new, |it| format!(" Did you mean `{}`?", it.code));
                reporter.report(*span, format!("There is no rule `{name}`.{hint}"));
            }
        }
        if suppression.rules.is_empty() {
            reporter.report(
                suppression.span,
                "The comment names no rule: write `archwright: allow family/name -- reason`.",
            );
        } else if !suppression.has_reason {
            reporter.report(
                suppression.span,
                "The comment gives no reason: add ` -- ` and why the finding is allowed here.",
            );
        }
    }
}
