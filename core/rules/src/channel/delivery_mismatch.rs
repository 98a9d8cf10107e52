//! `channel/delivery-mismatch`: a design that promises another delivery than the contract.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelRole, answers},
    values::value,
};

use super::claims;
use crate::{claim::is_claimed, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/delivery-mismatch",
    severity: Severity::Warning,
    summary: "A design and the contract of a channel promise different deliveries.",
    applies_to: &[Kind::Design],
    sources: &["A-115", "A-142"],
    page: include_str!("delivery_mismatch.md"),
    check,
    ..Rule::OURS
};

/// The promises that exclude each other.
const PROMISES: [&str; 3] = ["at-most-once", "at-least-once", EXACTLY_ONCE];
const EXACTLY_ONCE: &str = "exactly-once";

fn check(cx: &Context, reporter: &mut Reporter) {
    let answers = cx.by_role().and_then(answers).unwrap_or_default();
    let Some(answer) = answers.iter().find(|it| it.question.id == "delivery") else { return };
    let Some(ours) = promise(answer.said(cx.facts())) else { return };
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design) {
        let stated = claims(cx, &mention.name.text, |_, it| {
            let at = it.delivery.as_deref()?;
            Some((at, promise(&at.text)?))
        });
        let Some(claim) = stated.first().filter(|_| stated.iter().all(|it| it.value != ours)) else { continue };
        let there = value::plain(&claim.at.text);
        let message = format!(
            "Delivery is {ours} here and `{there}` in the contract of `{}`; make the two agree, or say which channels \
             differ.",
            mention.name.text
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{there}`"));
        reporter.report(answer.value, message).related.push(related);
        return;
    }
}

/// The only promise that a text makes. One that names several, or a channel, tells them apart; of exactly-once another
/// rule tells.
fn promise(said: &str) -> Option<&'static str> {
    let mut made = PROMISES.into_iter().filter(|it| claim_words(it).are_in(said));
    let only = made.next().filter(|it| *it != EXACTLY_ONCE && made.next().is_none())?;
    let rest = claim_words(only).without(said);
    // At-most-once with no loss contradicts itself, and is told as that.
    let is_torn = claim_words("no-loss").are_in(&rest);
    (is_claimed(&rest) && !is_torn && !said.contains('`') && !claim_words("bounded-once").are_in(&rest)).then_some(only)
}
