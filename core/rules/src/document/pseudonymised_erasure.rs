//! `document/pseudonymised-erasure`: a request to erase is answered with a pseudonym.

use archwright_knowledge::claim_words;

use crate::{
    claim::{claims, is_claimed, near, place_of, words},
    prelude::*,
    stated::within,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/pseudonymised-erasure",
    severity: Severity::Info,
    summary: "A request to erase is answered by pseudonymising, which leaves personal data.",
    applies_to: &[Kind::Design, Kind::Contract, Kind::Adr, Kind::Rfc, Kind::FeatureReadme, Kind::Shared],
    any_dialect: true,
    sources: &["A-378"],
    page: include_str!("pseudonymised_erasure.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, masks, erasure) = (words(cx), claim_words("pseudonymises"), claim_words("erasure"));
    if !words.has(erasure) {
        return;
    }
    let text = &cx.facts().text;
    for claim in claims(cx) {
        let stands_in = near(claim.text, "swaps", "stand-ins", 5);
        let masked = words.has_within(masks, claim.span.range());
        if !masked && stands_in.is_none() || !is_claimed(claim.text) {
            continue;
        }
        // What is asked for may stand in the part before a semicolon.
        let start = claim.span.start as usize;
        let from = text.get(..start).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        let line = from..claim.span.end as usize;
        if !words.has_within(erasure, line.clone())
            || text.get(line).is_some_and(|it| claim_words("key-is-gone").are_in(it))
        {
            continue;
        }
        let place =
            stands_in.filter(|_| !masked).map_or_else(|| place_of(&claim, "pseudonymises"), |it| within(&claim, &it));
        // A list names both beside each other, and what is deleted may be what bears a pseudonym.
        let before = from..place.start as usize;
        let behind = text.get(place.end as usize..claim.span.end as usize).unwrap_or_default();
        let clause = behind.split([',', ';']).next().unwrap_or_default();
        let is_answer = words.has_within(erasure, before.clone()) || erasure.are_in(clause);
        let verb = text.get(start..place.start as usize).unwrap_or_default();
        let last: String = verb.split_whitespace().rev().take(3).fold(String::new(), |it, word| format!("{word} {it}"));
        if !is_answer || claim_words("throws-away").are_in(&last) {
            continue;
        }
        let message = "Data under a pseudonym is personal data still, as long as anybody can tell whose it is. Delete \
            it, throw the key away, or name the law by which it is kept.";
        reporter.report(place, message);
    }
}
