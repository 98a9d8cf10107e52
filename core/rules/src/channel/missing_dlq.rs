//! `channel/missing-dlq`: a contract that promises delivery and has no place for what cannot be handled.

use archwright_knowledge::claim_words;
use archwright_model::facts::ChannelRole;

use super::base_of_dlq;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/missing-dlq",
    severity: Severity::Warning,
    summary: "A contract promises at-least-once delivery and says, with no reason, that there are no dead letters.",
    applies_to: &[Kind::Contract],
    sources: &["E-049", "E-058", "H-035"],
    page: include_str!("missing_dlq.md"),
    check,
    ..Rule::OURS
};

/// An answer of at most so many words has no room for a reason.
const SHORT: usize = 4;

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let contract = cx.facts().channels.iter().find(|it| it.role == ChannelRole::Contract);
    let Some((channel, dlq)) = contract.and_then(|it| Some((it, it.dlq.as_ref()?))) else { return };
    let Some(delivery) = channel.delivery.as_ref().filter(|_| dlq.text == "none") else { return };
    let said = document.field(Role::Dlq).map(|it| it.text).unwrap_or_default();
    let is_short = said.split_whitespace().count() <= SHORT && !said.contains(['`', '[', ';', '(']);
    let is_promised = claim_words("at-least-once").are_in(&delivery.text);
    if !is_short || !is_promised || base_of_dlq(cx, &channel.name.text).is_some() {
        return;
    }
    let message = "A message that can never be handled is delivered again for ever, or is dropped in silence. Name the \
        channel that takes it and who owns that, or say why no message can fail.";
    let related = cx.related(cx.file(), delivery.span, "each message is delivered until it is handled".to_owned());
    reporter.report(dlq.span, message.to_owned()).related.push(related);
}
