//! `channel/missing-contract`: a design or an AsyncAPI document that names a channel without a contract.

use archwright_asyncapi::Action;
use archwright_model::{
    facts::{ChannelMention, ChannelRole},
    values::value::ANNOUNCED,
};

use super::{base_of_dlq, contracts, near_miss};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/missing-contract",
    severity: Severity::Warning,
    summary: "A design or an AsyncAPI document names a channel that has no contract.",
    applies_to: &[Kind::Design, Kind::Asyncapi],
    any_dialect: false,
    sources: &["A-121", "A-139", "T-031", "A-054"],
    page: include_str!("missing_contract.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let mut seen = Vec::new();
    for mention in
        cx.facts().channels.iter().filter(|it| matches!(it.role, ChannelRole::Design | ChannelRole::AsyncApi))
    {
        let name = mention.name.text.as_str();
        // What the grammar refuses is reported for its name only.
        if !cx.config().channel_name().matches(name)
            || base_of_dlq(cx, name).is_some()
            || !contracts(cx, name).is_empty()
        {
            continue;
        }
        let in_asyncapi = mention.role == ChannelRole::AsyncApi;
        if !in_asyncapi && is_announced(cx, mention.name.span) || in_asyncapi && seen.contains(&mention.name.span) {
            continue;
        }
        seen.push(mention.name.span);
        let near = near_miss(cx, name);
        if in_asyncapi && !is_ours(cx, mention, near.as_ref().filter(|it| !it.other_version).map(|it| it.name.as_str()))
        {
            continue;
        }
        let advice = match &near {
            Some(near) if near.other_version => {
                format!("there is one for `{}`; write another or name that channel.", near.name)
            }
            Some(near) => format!("did you mean `{}`?", near.name),
            None => "write one.".to_owned(),
        };
        let finding = reporter.report(mention.name.span, format!("No contract describes `{name}`; {advice}"));
        // In 2.x the address is the channel's key, which references may name.
        let is_key = in_asyncapi && !is_address(cx, mention.name.span);
        finding.fixable = near.is_some() && !is_key;
        finding.data = near.map(|it| it.name.to_string()).unwrap_or_default();
    }
}

/// Whether a channel of an AsyncAPI document needs a contract here: the application sends on it, and somebody writes
/// contracts at all. What is only received may belong to somebody outside, unless one letter makes it a channel of
/// here.
fn is_ours(cx: &Context, mention: &ChannelMention, near: Option<&str>) -> bool {
    let Some(outline) = cx.facts().asyncapi().map(|it| &it.outline) else { return false };
    let channel = outline.channels.iter().find(|it| it.address.as_ref().is_some_and(|it| it.span == mention.name.span));
    let Some(channel) = channel else { return false };
    let on_it =
        |it: &&archwright_asyncapi::Operation| it.channel.as_ref().is_some_and(|it| it.text == channel.key.text);
    let sends = outline.operations.iter().filter(on_it).any(|it| it.action == Some(Action::Send));
    let is_slip = near.is_some_and(|it| is_slip(it, &mention.name.text));
    is_slip || sends && cx.is_spoken_of(Key::Contracts)
}

/// Whether a place of an AsyncAPI document is an address of its own.
fn is_address(cx: &Context, span: Span) -> bool {
    let channels = cx.facts().asyncapi().into_iter().flat_map(|it| &it.outline.channels);
    channels
        .filter_map(|it| Some((&it.key, it.address.as_ref()?)))
        .any(|(key, address)| address.span == span && key.span != span)
}

/// Whether the line says that the contract is yet to be written.
fn is_announced(cx: &Context, span: Span) -> bool {
    let rest = cx.facts().text.get(span.end as usize..).unwrap_or_default();
    rest.lines().next().unwrap_or_default().contains(ANNOUNCED)
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let other_version = near_miss(cx, cx.facts().slice(finding.span)).is_some_and(|it| it.other_version);
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    let fix = edit_here(cx, format!("Change the channel to `{}`", finding.data), vec![edit]);
    // A new version of a channel is most often just that: its contract is what is missing.
    fix.into_iter().map(|it| Fix { preferred: !other_version, ..it }).collect()
}
