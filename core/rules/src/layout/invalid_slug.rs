//! `layout/invalid-slug`: a feature folder whose name is not in kebab-case.

use super::kebab::{is_kebab, kebab};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "layout/invalid-slug",
    severity: Severity::Warning,
    summary: "The name of a feature folder is not in kebab-case.",
    applies_to: &[
        Kind::FeatureReadme,
        Kind::Design,
        Kind::Adr,
        Kind::Rfc,
        Kind::Overview,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
        Kind::Contract,
        Kind::Schema,
        Kind::Asyncapi,
        Kind::Runbook,
        Kind::Launch,
    ],
    any_dialect: false,
    sources: &["A-028"],
    page: include_str!("invalid_slug.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(feature) = facts.captures.feature.as_ref().filter(|it| !is_kebab(it)) else { return };
    // One finding for the folder: at its README, or else at its first file.
    let files = cx.files(Key::Feature(feature.clone()));
    let readme = files.iter().find(|it| it.facts.kind == Kind::FeatureReadme);
    if readme.or(files.first()).is_none_or(|it| it.id != cx.file()) {
        return;
    }
    let advice = match kebab(feature) {
        name if name.is_empty() => "Name it in lower-case ASCII letters and digits".to_owned(),
        name => format!("Rename it to `{name}`"),
    };
    let message = format!(
        "The feature folder `{feature}` is not in kebab-case. {advice} and use that name wherever the feature is named."
    );
    reporter.report(facts.title_span(), message);
}
