//! `link/dead-target`: a relative link to a file that does not exist.

use archwright_syntax::markdown::decode_target;

use super::{
    meant::hint,
    target::{Links, Target, written},
};
use crate::prelude::*;

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
    sources: &["A-097", "A-118", "A-127", "A-110", "A-130", "A-137"],
    page: include_str!("dead_target.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let links = Links::of(cx);
    links.dead(|link, target| {
        let Target::Missing = target else { return };
        let meant = links.meant(link);
        let new = meant.as_ref().map(|it| written(cx, link, it.target));
        let hint =
            new.as_ref().map_or_else(String::new, |it| hint(&decode_target(cx.facts().slice(link.path_span)), &it.0));
        // A walk lists a symbolic link whether or not anything is behind it.
        let fault = if cx.is_listed(&link.path) { "is a symbolic link that leads nowhere" } else { "does not exist" };
        let finding = reporter.report(link.path_span, format!("`{}` {fault}.{hint}", link.path));
        finding.fixable = meant.is_some();
        finding.certain = meant.is_some_and(|it| it.certain);
        finding.data = new.unwrap_or_default().1;
    });
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    super::link_to(cx, finding, format!("Link to `{}`", decode_target(&finding.data)))
}
