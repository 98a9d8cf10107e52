//! `link/undefined-reference`: a reference whose label is defined nowhere.

use super::{
    once::{Found, Once},
    target::are_checked,
};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "link/undefined-reference",
    severity: Severity::Info,
    summary: "A link names a label that the document does not define.",
    applies_to: super::dead_target::RULE.applies_to,
    any_dialect: true,
    sources: &["A-118"],
    page: include_str!("undefined_reference.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.facts().document().filter(|_| are_checked(cx)) else { return };
    let mut once = Once::default();
    for reference in &document.tree.undefined {
        let before = cx.facts().text.get(..reference.span.start as usize).unwrap_or_default();
        let (text, label) = (cx.facts().slice(reference.text), cx.facts().slice(reference.label));
        // `matrix[i][j]`, `f()[0][]`, `[1][2]` and `[ ][x]` are no links to anybody.
        let is_part = before.ends_with(|it: char| it.is_alphanumeric() || matches!(it, '_' | ')' | ']' | '[' | '$'));
        let is_word = |it: &str| it.chars().any(char::is_alphabetic) && it.chars().count() > 1;
        if is_part || !is_word(text) || !label.is_empty() && !label.chars().any(char::is_alphanumeric) {
            continue;
        }
        let name = if label.is_empty() { text } else { label };
        let message = format!("`[{name}]` is defined nowhere in this document, so readers see brackets and no link.");
        let found = Found { span: reference.span, message, data: String::new(), fixable: false, certain: false };
        once.add(cx, &RULE, found);
    }
    once.report(cx, reporter);
}
