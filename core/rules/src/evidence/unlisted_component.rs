//! `evidence/unlisted-component`: a design rests on work that none of its components does.

use archwright_knowledge::claim_words;

use crate::{
    claim::{Claim, claims, is_claimed, near, words},
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
    // Where the components stand in a table, what is said beside it lists none.
    let tables: Vec<Span> = document.tree.tables.iter().map(|it| it.span).filter(|it| plan.contains(*it)).collect();
    let lists: Vec<Span> = if tables.is_empty() { vec![plan] } else { tables };
    let planned: String = lists.iter().map(|it| it.of(document.text).to_lowercase()).collect::<Vec<_>>().join("\n");
    let claims = claims(cx);
    let role = |it: &Claim| document.role_of(document.tree.section_at(it.span.start as usize));
    let told = |it: &&Claim| {
        !lists.iter().any(|list| list.contains(it.span))
            && words.has_within(upkeep, it.span.range())
            && is_relied_on(it.text)
            && !matches!(role(it), Some(Role::Testing | Role::Verification | Role::Rollout | Role::Goals))
    };
    // What happens on failure is what rests on it most.
    let title = |it: &Claim| document.tree.plain_title(document.tree.section_at(it.span.start as usize), document.text);
    let mut all: Vec<&Claim> = claims.iter().filter(told).collect();
    all.sort_by_key(|it| !claim_words("failure-titles").are_in(&title(it)));
    let mut stems: Vec<String> = Vec::new();
    for claim in all {
        for at in whole(upkeep.all(claim.text)) {
            let Some(kind) = claim.text.get(at.clone()).map(str::to_lowercase) else { continue };
            // `Reconciliation` and `reconciler` begin alike.
            let stem = kind.get(..kind.len().min(6)).unwrap_or(&kind).to_owned();
            if planned.contains(&stem) || stems.contains(&stem) {
                continue;
            }
            stems.push(stem);
            let message = format!(
                "The design rests on `{kind}`, and none of its components does that. List who builds it, where it lies \
                 and who owns it."
            );
            reporter.report(within(claim, &at), message).related.push(cx.related(cx.file(), plan, "the components"));
        }
    }
}

/// Whether a sentence says that the work is done. What it is done to may have been denied or be past.
fn is_relied_on(sentence: &str) -> bool {
    is_claimed(&claim_words("past").without(&claim_words("denies").without(sentence)))
        && near(sentence, "denies", "upkeep", 4).is_none()
}

/// The longest of the words that overlap.
fn whole(found: impl Iterator<Item = std::ops::Range<usize>>) -> Vec<std::ops::Range<usize>> {
    let mut kept: Vec<std::ops::Range<usize>> = Vec::new();
    for it in found {
        match kept.last_mut() {
            Some(last) if it.start < last.end => last.end = last.end.max(it.end),
            _ => kept.push(it),
        }
    }
    kept
}
