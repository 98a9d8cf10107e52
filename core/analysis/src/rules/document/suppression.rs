//! Suppression comments: they take findings away, and are findings themselves when they do nothing or say too little.

use crate::rules::prelude::*;
use crate::rules::rule;

/// Every kind that can hold a suppression comment.
const EVERYWHERE: &[Kind] = &Kind::ALL;

/// A comment that takes nothing away.
pub static UNUSED: Rule = Rule {
    code: "document/unused-suppression",
    severity: Severity::Warning,
    summary: "A suppression comment takes no finding away.",
    applies_to: EVERYWHERE,
    any_dialect: true,
    sources: &["X4"],
    page: include_str!("unused_suppression.md"),
    // Found while suppressions are applied, below.
    check: |_, _| {},
    fix: Some(remove),
};

/// A comment that names no rule that exists, or gives no reason.
pub static INVALID: Rule = Rule {
    code: "document/invalid-suppression",
    severity: Severity::Warning,
    summary: "A suppression comment names an unknown rule or gives no reason.",
    applies_to: EVERYWHERE,
    any_dialect: true,
    sources: &["X4"],
    page: include_str!("invalid_suppression.md"),
    check: check_invalid,
    fix: None,
};

/// Takes the allowed findings away and reports the comments that allowed nothing.
pub(crate) fn apply(cx: &Context, findings: &mut Vec<Finding>) {
    let suppressions = &cx.facts().suppressions;
    if suppressions.is_empty() {
        return;
    }
    let mut used = vec![false; suppressions.iter().map(|it| it.rules.len()).sum()];
    findings.retain(|finding| {
        let mut at = 0;
        let mut allowed = false;
        for suppression in suppressions {
            for (name, _) in &suppression.rules {
                if name == finding.rule.code && suppression.scope.touches(finding.span.start as usize) {
                    allowed = true;
                    if let Some(used) = used.get_mut(at) {
                        *used = true;
                    }
                }
                at += 1;
            }
        }
        !allowed
    });
    let Some(severity) = cx.config().severity(&UNUSED) else { return };
    let mut reporter = Reporter::new(&UNUSED, severity, findings);
    let named = suppressions.iter().flat_map(|it| &it.rules);
    for ((name, span), _) in named.zip(used).filter(|(_, used)| !used) {
        if rule(name).is_some_and(|it| cx.config().severity(it).is_some()) {
            reporter.report(*span, format!("`{name}` finds nothing here, so there is nothing to allow."));
        }
    }
}

fn check_invalid(cx: &Context, reporter: &mut Reporter) {
    for suppression in &cx.facts().suppressions {
        for (name, span) in &suppression.rules {
            if rule(name).is_none() {
                let hint = crate::rules::nearest_rule(name)
                    .map_or_else(String::new, |it| format!(" Did you mean `{}`?", it.code));
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

/// Removes a comment, with its line if nothing else stands there, or one name of several.
fn remove(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let Some(suppression) = cx.facts().suppressions.iter().find(|it| it.span.contains(finding.span)) else {
        return Vec::new();
    };
    let text = &cx.facts().text;
    let edit = if let [_] = suppression.rules.as_slice() {
        let line = text.get(..suppression.span.start as usize).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        let after = text.get(suppression.span.end as usize..).unwrap_or_default();
        let rest = after.split_inclusive('\n').next().unwrap_or_default();
        let alone =
            Span::new(line, suppression.span.start as usize).of(text).trim().is_empty() && rest.trim().is_empty();
        if alone {
            TextEdit::delete(Span::new(line, suppression.span.end as usize + rest.len()))
        } else {
            let before =
                text.get(..suppression.span.start as usize).map_or(0, |it| it.trim_end_matches([' ', '\t']).len());
            TextEdit::delete(Span::new(before, suppression.span.end as usize))
        }
    } else {
        let after = text.get(finding.span.end as usize..).unwrap_or_default();
        let separator = after.len() - after.trim_start_matches([',', ' ']).len();
        TextEdit::delete(Span::new(finding.span.start as usize, finding.span.end as usize + separator))
    };
    edit_here(cx, "Remove the comment", vec![edit]).into_iter().collect()
}
