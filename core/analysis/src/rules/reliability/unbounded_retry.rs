//! `reliability/unbounded-retry`: a retry that never ends.

use archwright_knowledge::claim_words;

use crate::{
    facts::prose,
    rules::{
        claim::{claims, is_claimed, place_of, words},
        prelude::*,
    },
};

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
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, unbounded, retry) = (words(cx), claim_words("unbounded"), claim_words("retry"));
    if !words.has(unbounded) || !words.has(retry) {
        return;
    }
    for claim in claims(cx).into_iter().filter(|it| words.has_within(unbounded, it.span.range())) {
        let said = prose::without_names(claim.text);
        // `Without limit` denies nothing of the retry.
        let rest = unbounded.without(&said);
        let is_endless = rest.len() < said.len() && retry.are_in(&said) && is_claimed(&rest);
        if !is_endless || claim_words("may-wait").are_in(&said) {
            continue;
        }
        let message = "Tried again without end, a message that can never succeed holds up all behind it. Say after how \
            many attempts it goes to the dead letters, and with what pauses between them.";
        reporter.report(place_of(&claim, "unbounded"), message.to_owned());
    }
}
