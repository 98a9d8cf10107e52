//! `document/undecided-concerns`: all system concerns are still placeholders.

use archwright_model::{facts::known, values::value};
use archwright_syntax::markdown::SectionId;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/undecided-concerns",
    severity: Severity::Error,
    summary: "None of the system concerns is decided.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &["A-064", "A-065", "A-126", "A-006", "A-136"],
    page: include_str!("undecided_concerns.md"),
    check,
    fix: None,
    ..Rule::OURS
};

/// Whether a document may leave all of its concerns open. A draft, a proposal, or what has no status yet, whose
/// placeholders ask for an answer has flagged what it needs, and nobody relies on what is superseded. A README
/// has no status of its own.
fn may_be_open(cx: &Context, document: &ByRole) -> bool {
    cx.facts().kind == Kind::FeatureReadme
        || document.status().is_none_or(|it| {
            let state = cx.config().vocabulary().state(&it.text);
            value::is_unknown(&it.text) || matches!(state, Some(State::Draft | State::Proposed | State::Superseded))
        })
}

/// The section of the concerns if none of them is decided that should be.
pub(super) fn section(cx: &Context, document: &ByRole) -> Option<SectionId> {
    let section = document.section(Role::SystemConcerns)?;
    let values = document.concerns();
    if values.is_empty() || values.iter().any(|it| known(it.value.clone()).is_some()) {
        return None;
    }
    let asks = || may_be_open(cx, document) && values.iter().all(|it| value::question(&it.value.text).is_some());
    (!asks()).then_some(section)
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(document) = cx.by_role() else { return };
    let Some(section) = section(cx, document) else { return };
    let title = document.tree.section(section).title;
    let message = format!(
        "No field of `{}` is decided. Name at least the owner team, the tenancy and the compliance regime before \
        others rely on this document.",
        facts.slice(title)
    );
    reporter.report(title, message);
}
