//! `drift/unknown-code-pattern`: a comment that names a pattern that is almost one.

use archwright_knowledge::{nearest_pattern, pattern};
use archwright_model::facts::Content;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/unknown-code-pattern",
    severity: Severity::Warning,
    summary: "A comment in the code misspells a pattern's name.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    sources: &["A-244", "A-297"],
    page: include_str!("unknown_code_pattern.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Content::Code(code) = &cx.facts().content else { return };
    for comment in &code.messaging.patterns {
        let name = comment.name.text.as_str();
        if pattern(name).is_some() {
            continue;
        }
        let Some(nearest) = nearest_pattern(name) else { continue };
        let message = format!("There is no pattern `{name}`; did you mean `{}`?", nearest.name);
        reporter.report(comment.name.span, message).data = nearest.name.to_string();
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Write `{}`", finding.data), vec![edit]).into_iter().collect()
}
