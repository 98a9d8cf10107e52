//! `reliability/overclaimed-delivery`: exactly-once, without the boundary inside which it holds.

use archwright_knowledge::claim_words;

use super::said_to;
use crate::{
    claim::{is_claimed, place_of},
    prelude::*,
};
use archwright_model::facts::prose;

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/overclaimed-delivery",
    severity: Severity::Warning,
    summary: "A delivery is claimed that no broker gives: exactly-once with no boundary, or at-most-once with no loss.",
    applies_to: &[Kind::Design, Kind::Contract],
    any_dialect: true,
    sources: &["A-142", "T-013", "E-028"],
    page: include_str!("overclaimed_delivery.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(claim) = said_to(cx, "delivery", Role::Delivery) else { return };
    let said = prose::without_names(claim.text);
    let has = |kind: &str| claim_words(kind).are_in(&said);
    // `Nothing is lost` denies nothing of the promise.
    let promised = || is_claimed(&claim_words("no-loss").without(&said));
    if has("at-most-once") && has("no-loss") && promised() {
        let message = "At-most-once loses what is in flight when something fails. Claim at-least-once, or say why a \
            loss does no harm.";
        reporter.report(place_of(&claim, "no-loss"), message.to_owned());
    } else if (has("exactly-once") || is_once(&said)) && is_unbounded(claim.text) {
        let message = "Between services a message can always come twice: the acknowledgement may be lost. Claim \
            at-least-once with an Idempotent Receiver, or name the boundary inside which exactly-once holds.";
        let words = if has("exactly-once") { "exactly-once" } else { "once" };
        reporter.report(place_of(&claim, words), message.to_owned());
    }
}

/// Whether an answer says `once` where others say exactly-once: nothing goes on behind it, as in `once a day`.
fn is_once(said: &str) -> bool {
    let ends = |it: std::ops::Range<usize>| {
        let behind = said.get(it.end..).unwrap_or_default();
        behind.trim().is_empty() || behind.starts_with([',', '.', ';']) || behind.starts_with(" and never twice")
    };
    claim_words("once").all(said).any(ends) && !claim_words("other-once").are_in(said)
}

/// Whether a promise of exactly-once is claimed, and names nothing inside which it holds. `No duplicates` denies
/// nothing of it.
fn is_unbounded(promise: &str) -> bool {
    let rest = claim_words("once").without(&claim_words("exactly-once").without(promise));
    is_claimed(&rest) && !claim_words("bounded-once").are_in(&rest)
}
