//! `reliability/overclaimed-order`: an order over all messages, with nothing that could keep it.

use archwright_knowledge::claim_words;

use super::said_to;
use crate::{
    claim::{is_claimed, place_of},
    prelude::*,
};
use archwright_model::facts::prose;

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/overclaimed-order",
    severity: Severity::Warning,
    summary: "An order over all messages is claimed, and nothing is named that keeps it.",
    applies_to: &[Kind::Design, Kind::Contract],
    any_dialect: true,
    sources: &["A-146", "A-272"],
    page: include_str!("overclaimed_order.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(claim) = said_to(cx, "ordering", Role::OrderingKey) else { return };
    let said = prose::without_names(claim.text);
    let has = |kind: &str| claim_words(kind).are_in(&said);
    // `Every event in the sequence in which it was sent` tells of the past only behind the promise.
    let end = claim_words("total-order").first(&said).map_or(said.len(), |it| it.end);
    let promise = said.get(..end).unwrap_or(&said);
    // An order of all, where no key is named.
    let is_of_all = has("ordered") && has("whole") && !claim.text.contains('`');
    if !(has("total-order") || is_of_all) || has("one-lane") || !is_claimed(promise) || said.contains('?') {
        return;
    }
    let message = "Brokers keep the order within a partition or a queue with one consumer, and nowhere else. Name the \
        key within which order matters, or what puts all messages into one lane and what that costs.";
    reporter.report(place_of(&claim, if has("total-order") { "total-order" } else { "ordered" }), message.to_owned());
}
