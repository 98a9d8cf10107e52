//! `drift/broken-promise`: code that loses messages of a channel whose contract promises to deliver them.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelRole, Deed, Spanned},
    values::value,
};

use super::undocumented_channel::is_test;
use crate::{
    channel::{ContractOf, contracts},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/broken-promise",
    severity: Severity::Warning,
    summary: "The code can lose messages of a channel whose contract promises at-least-once.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    sources: &["A-180", "A-215", "A-248", "A-250"],
    page: include_str!("broken_promise.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(code) = facts.code().filter(|it| !it.conduct.is_empty() && !is_test(&facts.path)) else { return };
    for conduct in &code.conduct {
        let (role, what) = match conduct.deed {
            Deed::AcknowledgesEarly => {
                (ChannelRole::Receive, "counts as handled before its work is done, and a crash in between loses it")
            }
            Deed::IsNotConfirmed => {
                (ChannelRole::Send, "counts as sent before any broker has it, and is lost with the leader")
            }
            Deed::WritesApart => {
                (ChannelRole::Send, "is sent apart from the row that is saved, and a crash in between loses it")
            }
            Deed::IsKeyed => continue,
        };
        let channels = facts.channels.iter().filter(|it| it.role == role);
        let promised = channels.filter_map(|it| {
            let of = contracts(cx, &it.name.text);
            let promise = of.iter().find_map(|it| Some((it.file, at_least_once(it)?)))?;
            Some((it, promise))
        });
        let Some((channel, (file, promise))) = promised.into_iter().next() else { continue };
        let message = format!(
            "A message of `{}` {what}; its contract promises `{}`. Acknowledge after the work, wait for the brokers, \
             or write through an outbox.",
            channel.name.text,
            value::plain(&promise.text)
        );
        let related = cx.related(file, promise.span, "promised here");
        reporter.report(conduct.span, message).related.push(related);
    }
}

/// What a contract promises of delivery, if that is at-least-once.
fn at_least_once<'a>(contract: &ContractOf<'a>) -> Option<&'a Spanned> {
    contract.mention.delivery.as_deref().filter(|it| claim_words("at-least-once").are_in(&it.text))
}
