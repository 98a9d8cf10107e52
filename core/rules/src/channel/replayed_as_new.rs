//! `channel/replayed-as-new`: a replay that gives its messages ids that nobody knows again.

use archwright_knowledge::claim_words;

use crate::{
    claim::{is_claimed, near, sentences, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/replayed-as-new",
    severity: Severity::Info,
    summary: "A replay gives messages new ids, by which no consumer knows them again.",
    applies_to: &[Kind::Contract, Kind::Design, Kind::Runbook],
    sources: &["A-143", "A-144", "A-346"],
    page: include_str!("replayed_as_new.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, redrives) = (words(cx), claim_words("redrives"));
    if !words.has(redrives) {
        return;
    }
    let replay = cx.by_role().filter(|_| cx.facts().kind == Kind::Contract).and_then(|it| it.field(Role::Replay));
    // A step of several sentences is about the replay as a whole. One that says what stays the same tells it from what
    // is new.
    let items = cx.facts().markdown().into_iter().flat_map(|it| &it.items).map(|it| it.content);
    let keeps = |it: &Span| cx.facts().slice(*it).split(|it: char| !it.is_alphanumeric()).any(|it| it == "same");
    let steps: Vec<Span> = items.filter(|it| words.has_within(redrives, it.range()) && !keeps(it)).collect();
    for claim in sentences(cx) {
        let span = claim.span;
        let in_field = replay.as_ref().is_some_and(|it| it.span.contains(span) || span.contains(it.span));
        let in_step = || steps.iter().any(|it| it.contains(span));
        if !in_field && !words.has_within(redrives, span.range()) && !in_step() {
            continue;
        }
        // What is told in a clause of its own is so said of the replay.
        let said = claim.text.replace(['`', '*'], " ");
        let Some(part) = renames(&said) else { continue };
        let clause = said.get(..part.end).and_then(|it| it.rsplit([';', '.']).next()).unwrap_or_default();
        if is_claimed(clause) {
            let message = "Under a new id no consumer knows the message again: what it has done once is done once \
                more. Replay with the ids that the messages had.";
            reporter.report(claim.span, message.to_owned());
        }
    }
}

/// Where a sentence says that messages get other ids: `each replayed event is given a fresh id`.
fn renames(said: &str) -> Option<std::ops::Range<usize>> {
    let words = claim_words("gives-new-ids");
    let by_word = words.first(said);
    by_word.or_else(|| {
        let part = near(said, "new-ids", "message-ids", 1)?;
        let before = said.get(..part.start).unwrap_or_default();
        // `A new order id` is that of a thing, and `of its own id` says which one.
        claim_words("gets").are_in(before.rsplit([';', '.', ',']).next().unwrap_or_default()).then_some(part)
    })
}
