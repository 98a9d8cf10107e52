//! `link/dead-target`: a relative link to a file that does not exist.

use super::target::{Target, checked_links, resolve};
use crate::rules::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "link/dead-target",
    severity: Severity::Error,
    summary: "A relative link leads to a file that does not exist.",
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
        Kind::Runbook,
        Kind::Launch,
        Kind::Catalog,
        Kind::Standard,
        Kind::Shared,
        Kind::Document,
    ],
    any_dialect: true,
    sources: &["A-097", "A-118", "A-127"],
    page: include_str!("dead_target.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for link in checked_links(cx) {
        let Target::Missing(nearest) = resolve(cx, link) else { continue };
        let hint = nearest
            .map_or_else(String::new, |it| format!(" Did you mean `{}`?", it.relative_to(&cx.facts().path.parent())));
        let finding = reporter.report(link.path_span, format!("`{}` does not exist.{hint}", link.path));
        finding.fixable = nearest.is_some();
        finding.data = nearest.map_or_else(String::new, |it| it.relative_to(&cx.facts().path.parent()));
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Link to `{}`", finding.data), vec![edit]).into_iter().collect()
}
