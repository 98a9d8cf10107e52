//! `reliability/overclaimed-isolation`: a message that cannot be handled is said to hold up its own key only.

use archwright_knowledge::claim_words;

use crate::{
    claim::{claims, place_of, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/overclaimed-isolation",
    severity: Severity::Info,
    summary: "A message that cannot be handled is said to hold up one key, and holds up its partition.",
    applies_to: &[Kind::Design, Kind::Contract, Kind::Adr, Kind::Runbook],
    any_dialect: true,
    sources: &["A-146", "A-306"],
    page: include_str!("overclaimed_isolation.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, others) = (words(cx), claim_words("others-go-on"));
    // What keeps keys apart inside of a partition may stand anywhere.
    if !words.has(others) || !words.has(claim_words("poison")) || words.has(claim_words("lanes")) {
        return;
    }
    let text = &cx.facts().text;
    for claim in claims(cx) {
        if !words.has_within(others, claim.span.range()) {
            continue;
        }
        // What it is about may stand in the cell before.
        let start = claim.span.start as usize;
        let from = text.get(..start).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        if !words.has_within(claim_words("poison"), from..claim.span.end as usize) {
            continue;
        }
        let message = "Offsets are kept for a partition, not for a key: while a consumer tries again, all keys behind \
            the message wait. Say so, or name what keeps the keys apart.";
        reporter.report(place_of(&claim, "others-go-on"), message);
    }
}
