//! `channel/several-event-types`: a channel for one event that carries several.

use archwright_model::{
    conventions::profile::Granularity,
    facts::{ChannelMention, ChannelRole, Spanned},
};

use super::described;
use crate::{
    message::names::{core, happened},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/several-event-types",
    severity: Severity::Warning,
    summary: "A channel carries several types of event, though channels are for one.",
    applies_to: &[Kind::Asyncapi, Kind::Contract],
    any_dialect: false,
    sources: &["A-168", "A-231", "A-253", "A-271"],
    page: include_str!("several_event_types.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let grammar = cx.config().channel_name();
    if cx.config().profile().channels.granularity != Granularity::PerEvent || !grammar.source().contains("<event>") {
        return;
    }
    let contracts = cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Contract);
    for mention in described(cx).chain(contracts) {
        // A channel that is not named after an event may be for anything.
        if !grammar.matches(&mention.name.text) || happened(&mention.name.text).is_none() {
            continue;
        }
        let events = events(mention);
        let [first, second, ..] = events.as_slice() else { continue };
        let own = happened(&mention.name.text);
        // The one that the channel is not named after is the one to move.
        let (stays, moves) = if happened(&second.text) == own { (second, first) } else { (first, second) };
        let text = format!(
            "`{}` carries `{}` and `{}`, but a channel is for one type of event; give `{}` a channel of its own.",
            mention.name.text, stays.text, moves.text, moves.text
        );
        let related = cx.related(cx.file(), stays.span, format!("`{}` is on the same channel", stays.text));
        reporter.report(moves.span, text).related.push(related);
    }
}

/// The different events of a channel. Versions and formats of one are the same; commands and replies are none.
fn events(mention: &ChannelMention) -> Vec<&Spanned> {
    let mut events: Vec<(String, &Spanned)> = Vec::new();
    for message in mention.messages.iter().filter(|it| happened(&it.text).is_some()) {
        let core = core(&message.text).concat();
        if !events.iter().any(|it| it.0 == core) {
            events.push((core, message));
        }
        if events.len() > 2 {
            break;
        }
    }
    events.into_iter().map(|it| it.1).collect()
}
