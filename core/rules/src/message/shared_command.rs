//! `message/shared-command`: an order that several consumers receive.

use archwright_model::{
    facts::ChannelRole,
    values::party::{is_name, parties},
};

use super::names::is_command;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "message/shared-command",
    severity: Severity::Info,
    summary: "A message is named as an order and its contract lists several consumers.",
    applies_to: &[Kind::Contract],
    sources: &["A-295", "T-003"],
    page: include_str!("shared_command.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let contract = cx.facts().channels.iter().find(|it| it.role == ChannelRole::Contract);
    let Some((channel, consumers)) = contract.and_then(|it| Some((it, it.consumers.as_ref()?))) else { return };
    let Some(command) = channel.messages.iter().find(|it| is_command(&it.text)) else { return };
    let names = parties(&consumers.text);
    // Behind a comma may stand a remark.
    let services = names.iter().filter(|it| is_name(it) && !it.contains(' ')).count();
    if services < 2 || services < names.len() {
        return;
    }
    let message = format!(
        "`{}` orders something to be done, and {services} services receive it: which of them does it? Name an event \
         after what happened, or give the order one receiver.",
        command.text
    );
    let related = cx.related(cx.file(), consumers.span, "those who receive it");
    reporter.report(command.span, message).related.push(related);
}
