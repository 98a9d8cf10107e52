//! `reliability/overclaimed-isolation`: a message that cannot be handled is said to hold up its own key only.

use archwright_knowledge::claim_words;

use crate::{
    claim::{Claim, claims, clause_behind, near, place_of, words},
    prelude::*,
    stated::within,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/overclaimed-isolation",
    severity: Severity::Info,
    summary: "A message that cannot be handled is said to hold up one key, and holds up its partition.",
    applies_to: &[Kind::Design, Kind::Contract, Kind::Adr, Kind::Rfc, Kind::Runbook],
    any_dialect: true,
    sources: &["A-146", "A-306"],
    page: include_str!("overclaimed_isolation.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, others) = (words(cx), claim_words("others-go-on"));
    // What keeps keys apart inside of a partition may stand anywhere.
    if !words.has(claim_words("poison")) || words.has(claim_words("lanes")) {
        return;
    }
    let text = &cx.facts().text;
    // One line is told of once.
    let mut told_until = 0;
    let (mut seen, mut is_about) = (0, false);
    for claim in claims(cx) {
        // What it is about may stand in the cell before, so it is looked for from the start of the line on.
        let (start, end) = (claim.span.start as usize, claim.span.end as usize);
        if let Some(at) = text.get(seen..start).and_then(|it| it.rfind('\n')) {
            (seen, is_about) = (seen + at + 1, false);
        }
        is_about |= words.has_within(claim_words("poison"), seen..end);
        seen = start;
        if !is_about {
            continue;
        }
        let place = if words.has_within(others, claim.span.range()) {
            place_of(&claim, "others-go-on")
        } else if let Some(part) = holds_up_one(text, &claim) {
            within(&claim, &part)
        } else {
            continue;
        };
        if place.start < told_until {
            continue;
        }
        told_until = line_end(text, claim.span.end as usize) as u32;
        let message = "Offsets are kept for a partition, not for a key: while a consumer tries again, all keys behind \
            the message wait. Say so, or name what keeps the keys apart.";
        reporter.report(place, message);
    }
}

/// Where a line ends.
fn line_end(text: &str, from: usize) -> usize {
    text.get(from..).and_then(|it| it.find('\n')).map_or(text.len(), |it| from + it)
}

/// Where a sentence says that a message holds up one key only, or that the others go on, in a line that speaks of
/// partitions or keys.
fn holds_up_one(text: &str, claim: &Claim) -> Option<std::ops::Range<usize>> {
    let (start, end) = (claim.span.start as usize, claim.span.end as usize);
    let from = text.get(..start)?.rfind('\n').map_or(0, |it| it + 1);
    let line = text.get(from..line_end(text, end))?;
    let has = |kind: &str, it: &str| claim_words(kind).are_in(it);
    if !has("partition-things", line) || has("hedged", line) || line.trim_end().ends_with('?') {
        return None;
    }
    let holds_only = near(claim.text, "holds-up", "only", 3).or_else(|| near(claim.text, "only", "holds-up", 8));
    holds_only.or_else(|| {
        // `The others wait` says the contrary, and `the others do not wait` the same.
        let part = near(claim.text, "others", "goes-on", 8)?;
        let said = claim.text.get(part.start..part.end + clause_behind(claim.text, part.end).len())?;
        (has("holds-up", said) == has("denies", said)).then_some(part)
    })
}
