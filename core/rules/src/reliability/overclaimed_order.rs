//! `reliability/overclaimed-order`: an order over all messages, with nothing that could keep it.

use archwright_knowledge::claim_words;
use archwright_model::facts::prose;

use super::said_to;
use crate::{
    claim::{claims, clause_behind, is_claimed, mildly, near, place_of, weighed, without, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/overclaimed-order",
    severity: Severity::Warning,
    summary: "An order over all messages is claimed, and nothing is named that keeps it.",
    applies_to: &[
        Kind::Design,
        Kind::Contract,
        Kind::Adr,
        Kind::Rfc,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    any_dialect: true,
    sources: &["A-146", "A-272", "E-033", "E-051"],
    page: include_str!("overclaimed_order.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let has_answers = matches!(cx.facts().kind, Kind::Design | Kind::Contract) && cx.facts().opted_in();
    if !has_answers {
        in_sentences(cx, reporter);
    }
    let Some(claim) = said_to(cx, "ordering", Role::OrderingKey) else { return };
    let said = prose::without_names(claim.text);
    let has = |kind: &str| claim_words(kind).are_in(&said);
    let is_in_one_lane = claim_words("one-lane").are_in(&claim_words("total-order").without(&said));
    if is_in_one_lane || said.contains('?') || !promises_order(&said, !claim.text.contains('`')) {
        return;
    }
    reporter.report(place_of(&claim, if has("total-order") { "total-order" } else { "ordered" }), ONE_LANE.to_owned());
}

/// What is told of an order that no broker keeps.
const ONE_LANE: &str = "Brokers keep the order within a partition or a queue with one consumer, and nowhere else. Name \
    the key within which order matters, or what puts all messages into one lane and what that costs.";

/// The sentences of records, plans and documents of another form that promise consumers an order over everything, by
/// its name.
fn in_sentences(cx: &Context, reporter: &mut Reporter) {
    let (words, total) = (words(cx), claim_words("order-of-all"));
    if !words.has(total) {
        return;
    }
    let weighed = weighed(cx);
    for claim in claims(cx).iter().filter(|it| words.has_within(total, it.span.range())) {
        let said = prose::without_names(claim.text);
        let has = |kind: &str| claim_words(kind).are_in(&said);
        let is_elsewhere = weighed.iter().any(|it| it.contains(claim.span));
        let is_consumed = has("consumes") || has("takes-in-order");
        let is_in_one_lane = claim_words("one-lane").are_in(&total.without(&said)) || has("keeps-one-order");
        if is_elsewhere || !is_consumed || is_in_one_lane || !is_claimed(&said) {
            continue;
        }
        let finding = reporter.report(place_of(claim, "order-of-all"), ONE_LANE.to_owned());
        // What keeps it may stand in another document.
        mildly(finding);
    }
}

/// Whether an answer claims an order over all messages: by its name, or by an order, or nothing that overtakes, where
/// no key is named.
fn promises_order(said: &str, names_no_key: bool) -> bool {
    let first = |kind: &str| claim_words(kind).first(said);
    // `Nothing overtakes` denies nothing of the promise.
    let overtakes = near(said, "nots", "overtakes", 5);
    let promised = |end: usize| {
        let promise = said.get(..end).unwrap_or(said);
        is_claimed(
            &overtakes.as_ref().filter(|it| it.end <= end).map_or_else(|| promise.into(), |it| without(promise, it)),
        )
    };
    // `Every event in the sequence in which it was sent` tells of the past only behind the promise.
    // `Total, over all orders` is short for a total order.
    let head = said.trim_start().split([',', ';', ' ', '.', ':']).next().unwrap_or_default();
    let is_total = ["total", "global", "strict", "absolute"].iter().any(|it| head.eq_ignore_ascii_case(it));
    let total = first("total-order").or_else(|| first("whole").filter(|_| is_total));
    if let Some(total) = total {
        return promised(total.end);
    }
    if !names_no_key {
        return false;
    }
    if let Some((ordered, whole)) = first("ordered").zip(first("whole")) {
        let end = ordered.end.max(whole.end);
        return promised(end) && !claim_words("denies").are_in(clause_behind(said, end));
    }
    overtakes.as_ref().is_some_and(|it| promised(it.end))
}
