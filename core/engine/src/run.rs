//! Running rules on a file.

use super::{context::Context, finding::Finding, rule::Reporter, suppression};

/// The one rule that speaks about a file that cannot be read.
const UNREADABLE: &str = "document/unreadable";

/// Runs all rules on a file. Suppressed findings are left out; the result is sorted by place.
pub(crate) fn run(cx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    let facts = cx.facts();
    // Most rules on documents ask for words.
    let _reading = facts.document().map(|_| archwright_knowledge::reading(&facts.text));
    for rule in cx.registry().for_kind(facts.kind) {
        if !(rule.any_dialect || facts.opted_in()) {
            continue;
        }
        // Of a file that cannot be read nothing else is known.
        if facts.unreadable.is_some() && rule.code != UNREADABLE {
            continue;
        }
        if let Some(severity) = cx.severity(rule) {
            (rule.check)(cx, &mut Reporter::new(rule, severity, &mut findings));
        }
    }
    suppression::apply(cx, &mut findings);
    findings.sort_by(|a, b| a.key().cmp(&b.key()));
    findings.dedup();
    findings
}
