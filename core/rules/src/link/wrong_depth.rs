//! `link/wrong-depth`: a relative link that climbs too many or too few folders.

use archwright_syntax::markdown::decode_target;

use super::{
    once::{Found, Once},
    target::{Links, Target, written},
};
use crate::prelude::*;

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
    let mut once = Once::default();
    Links::of(cx).dead(|link, target| {
        let Target::OtherDepth(meant) = target else { return };
        let (right, new) = written(cx, link, &meant.target);
        let old = cx.facts().slice(link.path_span);
        let place = if meant.certain {
            format!("; from here the file is `{right}`.")
        } else {
            format!(". Did you mean `{right}`?")
        };
        let message = format!("`{old}` leads to `{}`, which does not exist{place}", link.path);
        let found = Found { span: link.path_span, message, data: new, fixable: true, certain: meant.certain };
        once.add(cx, &RULE, found);
    });
    once.report(cx, reporter);
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    super::link_to(cx, finding, format!("Change the path to `{}`", decode_target(&finding.data)))
}
