//! `channel/address-mismatch`: an AsyncAPI document that does not describe the channel it is named after.

use archwright_model::conventions::layout::channel_stem;
use archwright_syntax::Spanned;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/address-mismatch",
    severity: Severity::Error,
    summary: "An AsyncAPI document is named after a channel that it does not describe.",
    applies_to: &[Kind::Asyncapi],
    any_dialect: false,
    sources: &["A-029", "A-139"],
    page: include_str!("address_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (Some(channel), Some(asyncapi)) = (&cx.facts().captures.channel, cx.facts().asyncapi()) else { return };
    let addresses: Vec<&Spanned> = asyncapi.outline.channels.iter().filter_map(|it| it.address.as_ref()).collect();
    // An address with parameters stands for many channels, and an absent one is given elsewhere.
    let is_open = addresses.len() < asyncapi.outline.channels.len() || addresses.iter().any(|it| it.text.contains('{'));
    // A document of several channels may have a name of its own, which is none of a channel.
    let is_of_many = addresses.len() > 1 && !cx.config().channel_name().matches(channel);
    let is_it = |it: &&&Spanned| it.text == *channel || channel_stem(&it.text) == channel.as_str();
    if is_open || is_of_many || addresses.iter().any(|it| is_it(&it)) {
        return;
    }
    let meant = nearest(channel, addresses.iter().map(|it| it.text.as_str()));
    let Some(nearest) = addresses.iter().find(|it| meant.is_none_or(|meant| it.text == meant)) else { return };
    let message = format!(
        "The address is `{}`, but the file is named after the channel `{channel}`; give the channel that address or \
        rename the file.",
        nearest.text
    );
    let finding = reporter.report(nearest.span, message);
    // In 2.x the address is the channel's key, which references may name.
    let is_key = asyncapi.outline.channels.iter().any(|it| it.key.span == nearest.span);
    finding.fixable = addresses.len() == 1 && !is_key;
    finding.data = channel.to_string();
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Change the address to `{}`", finding.data), vec![edit]).into_iter().collect()
}
