//! `document/unknown-status`: a status that the kind of document does not have.

use archwright_model::{facts::Spanned, values::value::is_placeholder};

use super::template::{Templated, opening_fields};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/unknown-status",
    severity: Severity::Warning,
    summary: "The status is none of those that the kind of document has.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &["A-062", "A-063"],
    page: include_str!("unknown_status.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = Templated::new(cx) else { return };
    let allowed = cx.config().status(cx.facts().kind);
    let Some(status) = cx.by_role().and_then(ByRole::status) else { return };
    if allowed.is_empty() || is_placeholder(&status.text) || !speaks_for_document(cx, &document, &status) {
        return;
    }
    let head = head(&status);
    // Decision records have dialects, and so has everything that follows no template of ours.
    let is_strange = !document.follows_template(cx);
    let in_dialect = is_strange || cx.facts().kind == Kind::Adr;
    if head.text.is_empty() || cx.config().is_status(cx.facts().kind, &head.text, in_dialect) {
        return;
    }
    let first_word = head.text.split(' ').next().unwrap_or_default();
    let names = || allowed.iter().map(|it| it.name.as_str());
    let (meant, written) = match (nearest(&head.text, names()), nearest(first_word, names())) {
        (Some(it), _) => (Some(it), head.text.len()),
        (None, Some(it)) => (Some(it), first_word.len()),
        (None, None) => (None, head.text.len()),
    };
    let span = Span::new(head.span.start as usize, head.span.start as usize + written);
    let values = enumerate(&names().map(|it| format!("`{it}`")).collect::<Vec<_>>(), "or");
    let finding = reporter.report(
        span,
        format!("`{}` is no status of {}. Write {values}.", span.of(document.text), cx.facts().kind.title()),
    );
    finding.fixable = meant.is_some();
    // Other conventions may have other words.
    if is_strange && finding.severity == RULE.severity {
        finding.severity = Severity::Hint;
    }
    meant.unwrap_or_default().clone_into(&mut finding.data);
}

/// Whether a status is the document's own and not that of something a section talks about.
fn speaks_for_document(cx: &Context, document: &Templated, status: &Spanned) -> bool {
    let (tree, at) = (document.tree, status.span);
    let in_front_matter = tree.front_matter.is_some_and(|it| it.span.contains(at));
    let in_opening = opening_fields(tree).iter().any(|it| it.value.contains(at));
    let section = tree.section_at(at.start as usize);
    let in_summary = document.find(0).is_some_and(|it| tree.section(it).span.contains(at));
    // Below a heading `Status` a sentence may describe the state of things instead of naming it.
    let is_word = status.text.split_whitespace().count() <= 3;
    let in_section = is_word && cx.by_role().is_some_and(|it| it.is_heading_of(section, Role::Status));
    in_front_matter || in_opening || in_summary || in_section
}

/// The words before the first punctuation, without marks and signs in front: `Superseded by` of
/// `**Superseded by** ...`.
fn head(status: &Spanned) -> Spanned {
    let left = status.text.trim_start_matches(|it: char| !it.is_alphanumeric());
    let start = status.span.start as usize + status.text.len() - left.len();
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, ' ' | '-' | '/');
    let words = left.split(|it: char| !is_part(it)).next().unwrap_or_default().trim_end();
    Spanned { text: words.into(), span: Span::new(start, start + words.len()) }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Change the status to `{}`", finding.data), vec![edit]).into_iter().collect()
}
