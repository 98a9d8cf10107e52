//! Suppression comments: they take findings away, and are findings themselves when they take nothing.

use archwright_syntax::Span;
use rustc_hash::FxHashMap;

use super::{context::Context, finding::Finding, rule::Reporter};

/// The rule under which comments that take nothing away are reported.
const UNUSED: &str = "document/unused-suppression";

/// Takes the allowed findings away and reports the comments that allowed nothing.
pub(crate) fn apply(cx: &Context, findings: &mut Vec<Finding>) {
    let suppressions = &cx.facts().suppressions;
    if suppressions.is_empty() {
        return;
    }
    // Sorted both ways, because there may be as many comments as findings.
    let mut places: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for finding in findings.iter() {
        places.entry(finding.rule.code).or_default().push(finding.span.start);
    }
    for places in places.values_mut() {
        places.sort_unstable();
    }
    let mut scopes: FxHashMap<&str, Vec<Span>> = FxHashMap::default();
    let mut used = Vec::new();
    for suppression in suppressions {
        for (name, _) in &suppression.rules {
            scopes.entry(name.as_str()).or_default().push(suppression.scope);
            let places = places.get(name.as_str()).map_or(&[][..], Vec::as_slice);
            let first = places.get(places.partition_point(|it| *it < suppression.scope.start));
            used.push(first.is_some_and(|it| suppression.scope.touches(*it as usize)));
        }
    }
    for scopes in scopes.values_mut() {
        scopes.sort_unstable_by_key(|it| it.start);
        // Each reaches as far as the farthest that begins before it, which is enough to know whether a place is inside.
        let mut end = 0;
        for scope in scopes {
            end = scope.end.max(end);
            scope.end = end;
        }
    }
    findings.retain(|finding| {
        let Some(scopes) = scopes.get(finding.rule.code) else { return true };
        let last = scopes.partition_point(|it| it.start <= finding.span.start).checked_sub(1);
        !last.and_then(|it| scopes.get(it)).is_some_and(|it| it.touches(finding.span.start as usize))
    });
    let Some(unused) = cx.registry().rule(UNUSED) else { return };
    let Some(severity) = cx.severity(unused) else { return };
    let mut reporter = Reporter::new(unused, severity, findings);
    let named = suppressions.iter().flat_map(|it| &it.rules);
    for ((name, span), _) in named.zip(used).filter(|(_, used)| !used) {
        if cx.registry().rule(name).is_some_and(|it| !it.on_request && cx.severity(it).is_some()) {
            reporter.report(*span, format!("`{name}` finds nothing here, so there is nothing to allow."));
        }
    }
}
