//! `document/unknown-status`: a status that the kind of document does not have.

use archwright_model::{facts::Spanned, values::value::is_placeholder};

use super::{
    slip::is_english,
    template::{Templated, opening_fields},
};
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
    // A picture says it in its own way.
    if status.text.trim_start_matches(['*', '_', ' ', '[']).starts_with('!') {
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
    // A word of another language is no slip of the finger.
    let is_foreign = !head.text.is_ascii() || !is_english(document.text);
    let (meant, written) = match (nearest(&head.text, names()), nearest(first_word, names())) {
        (Some(it), _) => (Some(it), head.text.len()),
        (None, Some(it)) => (Some(it), first_word.len()),
        (None, None) => (None, head.text.len()),
    };
    let meant = meant.filter(|_| !is_foreign);
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

#[cfg(test)]
mod tests {
    use archwright_model::RelPath;

    use super::*;
    use crate::fixture::Fixture;

    /// The message about a status in a record, and whether it has a fix.
    fn told(status: &str, prose: &str) -> Option<(String, bool)> {
        let path = "docs/system/adrs/0001-use-x.md";
        let text = format!("//- /{path}\n# ADR-0001: Use X\n\n{status}\n\n## Context\n\n{prose}\n");
        let workspace = Fixture::new(&text).open();
        let file = workspace.file(&RelPath::new(path)).unwrap();
        let finding = workspace.findings(file).iter().find(|it| it.rule.code == RULE.code)?;
        Some((finding.message.to_string(), finding.fixable))
    }

    #[test]
    fn a_word_of_another_language_is_no_slip() {
        let english = "The queue is full and we have to wait for it.";
        let is_mended = |status: &str, prose: &str| told(status, prose).is_some_and(|it| it.1);
        assert!(is_mended("- **Status**: Acceptd", english));
        assert!(!is_mended("- **Status**: Accepté", english));
        assert!(!is_mended("- **Status**: Accepte", "Nous avons une file pour les commandes et les clients."));
        assert!(!is_mended("- **Status**: Accepterad", "Vi har en kö som är full och att vänta är inte för oss."));
    }

    #[test]
    fn marks_around_a_status_are_no_status() {
        for status in [
            "- **Status**: <span style=\"color: green\">Accepted</span>",
            "- **Status**: [x] Accepted",
            "- **Status**: [ ] Proposed [x] Accepted",
            "- **Status**: ![s](https://img.shields.io/badge/status-accepted-green)",
            "- **Status**: [![s](https://img.shields.io/badge/status-accepted-green)](x.md)",
            "## Status\n\n- [ ] Proposed\n- [x] Accepted",
        ] {
            assert_eq!(told(status, "Text."), None, "{status}");
        }
        let (message, _) = told("- **Status**: <b>Bananas</b>", "Text.").unwrap();
        assert!(message.starts_with("`Bananas` is no status"), "{message}");
    }
}
