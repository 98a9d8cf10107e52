//! `evidence/unlisted-component`: a design rests on work that none of its components does.

use archwright_knowledge::claim_words;

use crate::{
    claim::{Claim, claims, is_claimed, words},
    prelude::*,
    stated::within,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "evidence/unlisted-component",
    severity: Severity::Info,
    summary: "A design rests on work that its list of components does not have.",
    applies_to: &[Kind::Design],
    any_dialect: false,
    sources: &["A-070"],
    page: include_str!("unlisted_component.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, upkeep) = (words(cx), claim_words("upkeep"));
    let Some(document) = cx.by_role().filter(|_| words.has(upkeep)) else { return };
    let Some(plan) = document.section(Role::ComponentPlan) else { return };
    let plan = document.tree.section(plan).span;
    let planned = plan.of(document.text).to_lowercase();
    let claims = claims(cx);
    for kind in upkeep.list() {
        // `Reconciliation` and `reconciler` begin alike.
        let stem = kind.get(..kind.len().min(6)).unwrap_or(kind);
        if planned.contains(stem) {
            continue;
        }
        let role = |it: &Claim| document.role_of(document.tree.section_at(it.span.start as usize));
        let told = |it: &&Claim| {
            !plan.contains(it.span)
                && is_claimed(it.text)
                && place(it, kind).is_some()
                && !matches!(role(it), Some(Role::Testing | Role::Verification | Role::Rollout | Role::Goals))
        };
        // What happens on failure is what rests on it most.
        let title =
            |it: &Claim| document.tree.plain_title(document.tree.section_at(it.span.start as usize), document.text);
        let rests = |it: &&&Claim| claim_words("failure-titles").are_in(&title(it));
        let all: Vec<&Claim> = claims.iter().filter(told).collect();
        let Some(claim) = all.iter().find(rests).or_else(|| all.first()) else { continue };
        let Some(at) = place(claim, kind) else { continue };
        let message = format!(
            "The design rests on `{kind}`, and none of its components does that. List who builds it, where it lies and \
             who owns it."
        );
        reporter.report(within(claim, &at), message).related.push(cx.related(cx.file(), plan, "the components"));
    }
}

fn place(claim: &Claim, kind: &str) -> Option<std::ops::Range<usize>> {
    claim_words("upkeep")
        .all(claim.text)
        .find(|it| claim.text.get(it.clone()).is_some_and(|it| it.eq_ignore_ascii_case(kind)))
}
