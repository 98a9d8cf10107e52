//! `channel/idle-consumers`: more instances of one consumer than the channel has partitions.

use archwright_model::{
    facts::{ChannelMention, ChannelRole, Spanned},
    key::FileId,
};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/idle-consumers",
    severity: Severity::Warning,
    summary: "A consumer has more instances than the channel has partitions.",
    applies_to: &[Kind::Contract, Kind::Design],
    any_dialect: false,
    sources: &["A-216", "A-182"],
    page: include_str!("idle_consumers.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let described =
        cx.facts().channels.iter().filter(|it| matches!(it.role, ChannelRole::Contract | ChannelRole::Design));
    for mention in described.filter(|it| !it.instances.is_empty()) {
        let stated = partitions(cx, mention);
        // Where files disagree, the largest number decides: with it, nobody may be idle.
        let Some((partitions, file, at)) = stated.into_iter().max_by_key(|it| it.0) else { continue };
        for instances in &mention.instances {
            let Ok(count) = instances.text.parse::<u32>() else { continue };
            if count <= partitions {
                continue;
            }
            let message = format!(
                "{count} instances share the {partitions} partitions of `{}`, so {} of them stay idle; take at most \
                {partitions} instances, or more partitions before the first message is sent.",
                mention.name.text,
                count - partitions
            );
            let related = cx.related(file, at.span, format!("{partitions} partitions"));
            reporter.report(instances.span, message).related.push(related);
        }
    }
}

/// What this file, and every contract, design and AsyncAPI document, says of the channel's partitions.
fn partitions<'a>(cx: &Context<'a>, mention: &ChannelMention) -> Vec<(u32, FileId, &'a Spanned)> {
    let files = cx.files(Key::Channel(mention.name.text.clone()));
    let mentions = files.into_iter().flat_map(|file| file.facts.channels.iter().map(move |it| (file.id, it)));
    let of_channel = mentions.filter(|(_, it)| it.name.text == mention.name.text);
    of_channel
        .filter_map(|(file, it)| Some((it.partitions.as_ref()?.text.parse().ok()?, file, it.partitions.as_deref()?)))
        .collect()
}
