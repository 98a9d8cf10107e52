//! Suppression comments: they take findings away, and are findings themselves when they take nothing.

use super::{context::Context, finding::Finding, rule::Reporter};

/// The rule under which comments that take nothing away are reported.
const UNUSED: &str = "document/unused-suppression";

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
    let Some(unused) = cx.registry().rule(UNUSED) else { return };
    let Some(severity) = cx.severity(unused) else { return };
    let mut reporter = Reporter::new(unused, severity, findings);
    let named = suppressions.iter().flat_map(|it| &it.rules);
    for ((name, span), _) in named.zip(used).filter(|(_, used)| !used) {
        if cx.registry().rule(name).is_some_and(|it| cx.severity(it).is_some()) {
            reporter.report(*span, format!("`{name}` finds nothing here, so there is nothing to allow."));
        }
    }
}
