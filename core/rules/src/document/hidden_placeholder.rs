//! `document/hidden-placeholder`: a placeholder that is written like an HTML tag.

use archwright_model::values::value;

use super::open_placeholder::open;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/hidden-placeholder",
    severity: Severity::Info,
    summary: "A placeholder is written like an HTML tag, which pages hide.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &["A-065"],
    page: include_str!("hidden_placeholder.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(document) = cx.by_role() else { return };
    let date = cx.config().profile().name(Role::Date).to_lowercase();
    for placeholder in open(cx, document).places.iter().filter(|it| it.is_tag) {
        let written = facts.slice(placeholder.span);
        let question = match placeholder.question.of(&facts.text) {
            "" if written.starts_with("<YYYY") => &date,
            question => question,
        };
        // Brackets of its own would end it.
        let shown = value::placeholder(&question.replace('[', "(").replace(']', ")"));
        let message = format!("`{written}` is written like an HTML tag, which pages hide or refuse. Write `{shown}`.");
        reporter.report(placeholder.span, message).data = shown;
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Write `{}`", finding.data), vec![edit]).into_iter().collect()
}
