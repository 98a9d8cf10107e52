//! `reliability/unbounded-retry`: a retry that never ends.

use archwright_knowledge::claim_words;

use crate::{
    claim::{Claim, claims, is_claimed, place_of, words},
    prelude::*,
};
use archwright_model::facts::prose;

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/unbounded-retry",
    severity: Severity::Warning,
    summary: "A message is tried again without end.",
    applies_to: &[Kind::Design, Kind::Contract],
    any_dialect: true,
    sources: &["A-145", "A-306"],
    page: include_str!("unbounded_retry.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

/// Whether an answer on retries ends them with nothing but what they wait for: `until the other side recovers`.
fn goes_on_until(cx: &Context, claim: &Claim, said: &str) -> bool {
    let is_bounded = || said.contains(|it: char| it.is_ascii_digit()) || claim_words("ends").are_in(said);
    claim_words("until").are_in(said)
        && !is_bounded()
        && !prose::has_any(said, "bounds")
        && !claim.text.contains("](")
        && is_about_retries(cx, claim)
}

/// Whether a sentence answers how failures are tried again: its field or its section says so.
fn is_about_retries(cx: &Context, claim: &Claim) -> bool {
    let retry = claim_words("retry");
    let field = claim.text.split_once("**").and_then(|it| it.1.split_once("**")).map(|it| it.0);
    field.is_some_and(|it| retry.are_in(it))
        || cx.facts().markdown().is_some_and(|tree| {
            let section = tree.section_at(claim.span.start as usize);
            retry.are_in(&tree.plain_title(section, &cx.facts().text))
        })
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, unbounded, retry) = (words(cx), claim_words("unbounded"), claim_words("retry"));
    let until = claim_words("until");
    if !(words.has(unbounded) || words.has(until)) || !words.has(retry) {
        return;
    }
    let listens = |it: &Claim| [unbounded, until].iter().any(|kind| words.has_within(kind, it.span.range()));
    for claim in claims(cx).into_iter().filter(listens) {
        let said = prose::without_names(claim.text);
        // `Without limit` denies nothing of the retry.
        let rest = unbounded.without(&said);
        let is_endless = (rest.len() < said.len() || goes_on_until(cx, &claim, &said)) && retry.are_in(&said);
        let is_endless = is_endless && is_claimed(&rest);
        if !is_endless || claim_words("may-wait").are_in(&said) || claim_words("told-harm").are_in(&said) {
            continue;
        }
        // Nodes, locks and downloads are tried again too.
        if !claim_words("delivered").are_in(claim.text) && !is_about_retries(cx, &claim) {
            continue;
        }
        let message = "Tried again without end, a message that can never succeed holds up all behind it. Say after how \
            many attempts it goes to the dead letters, and with what pauses between them.";
        reporter.report(place_of(&claim, "unbounded"), message.to_owned());
    }
}
