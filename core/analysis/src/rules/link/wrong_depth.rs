//! `link/wrong-depth`: a relative link that climbs too many or too few folders.

use super::target::{Target, checked_links, resolve};
use crate::rules::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "link/wrong-depth",
    severity: Severity::Error,
    summary: "A relative link climbs too many or too few folders.",
    applies_to: super::dead_target::RULE.applies_to,
    any_dialect: true,
    sources: &["A-032", "A-033"],
    page: include_str!("wrong_depth.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for link in checked_links(cx) {
        let Target::OtherDepth(path) = resolve(cx, link) else { continue };
        let right = path.relative_to(&cx.facts().path.parent());
        let written = cx.facts().slice(link.path_span);
        let message =
            format!("`{written}` leads to `{}`, which does not exist; from here the file is `{right}`.", link.path);
        reporter.report(link.path_span, message).data = right;
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Change the path to `{}`", finding.data), vec![edit]).into_iter().collect()
}
