//! `document/undecided-concerns`: all system concerns are still placeholders.

use crate::{
    facts::{concern_values, known, status},
    rules::prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/undecided-concerns",
    severity: Severity::Error,
    summary: "None of the system concerns is decided.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &["A-064", "A-065", "A-126"],
    page: include_str!("undecided_concerns.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    let concerns = &cx.config().profile().concerns;
    let Some(section) = tree.find_section(&facts.text, None, &concerns.section) else { return };
    let values = concern_values(tree, &facts.text, concerns);
    if values.is_empty() || values.iter().any(|it| known(it.1.clone()).is_some()) {
        return;
    }
    // A draft whose placeholders ask for an answer has flagged what it needs. A README has no status of its
    // own.
    let is_draft = facts.kind == Kind::FeatureReadme
        || status(tree, &facts.text).is_some_and(|it| it.text.eq_ignore_ascii_case("draft"));
    if is_draft && values.iter().all(|it| it.1.text.starts_with("<TBD:")) {
        return;
    }
    let title = tree.section(section).title;
    let message = format!(
        "No field of `{}` is decided. Name at least the owner team, the tenancy and the compliance regime before others rely on this document.",
        facts.slice(title)
    );
    reporter.report(title, message);
}
