//! `link/duplicate-definition`: a label that is defined twice.

use super::target::are_checked;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "link/duplicate-definition",
    severity: Severity::Info,
    summary: "A label is defined a second time, and the second definition counts for nothing.",
    applies_to: super::dead_target::RULE.applies_to,
    any_dialect: true,
    sources: &["A-118"],
    page: include_str!("duplicate_definition.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(document) = facts.document().filter(|_| are_checked(cx)) else { return };
    for duplicate in &document.tree.duplicates {
        let definition = duplicate.definition;
        let Some(first) = document.tree.definitions.get(duplicate.first as usize) else { continue };
        let (target, counts) = (facts.slice(definition.target), facts.slice(first.target));
        // `[//]: # (words)` is how people write comments.
        if matches!(target, "#" | "" | "<>") || target == counts {
            continue;
        }
        let label = facts.slice(definition.label);
        let message =
            format!("`[{label}]` is defined before and leads to `{counts}`, so `{target}` counts for nothing.");
        let related = cx.related(cx.file(), first.span, "the definition that counts");
        reporter.report(definition.span, message).related.push(related);
    }
}
