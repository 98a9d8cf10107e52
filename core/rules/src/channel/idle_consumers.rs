//! `channel/idle-consumers`: more instances of one consumer than the channel has partitions.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelMention, ChannelRole, Spanned},
    key::FileId,
    values::quantity::measured,
};

use crate::{
    claim::{claims, is_claimed, joined, mildly, weighed, words},
    prelude::*,
    stated::unmarked,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/idle-consumers",
    severity: Severity::Warning,
    summary: "A consumer has more instances than the channel has partitions.",
    applies_to: &[
        Kind::Contract,
        Kind::Design,
        Kind::Adr,
        Kind::Rfc,
        Kind::Runbook,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    any_dialect: true,
    sources: &["A-216", "A-182"],
    page: include_str!("idle_consumers.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    if !cx.facts().opted_in() || !matches!(cx.facts().kind, Kind::Contract | Kind::Design) {
        in_sentences(cx, reporter);
        return;
    }
    in_tables(cx, reporter);
    in_prose(cx, reporter);
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

/// Sentences of documents of other forms: `the topic has 12 partitions, and 20 pods in one group read it`.
fn in_sentences(cx: &Context, reporter: &mut Reporter) {
    let (words, sharers) = (words(cx), claim_words("group-words"));
    if !words.has(sharers) {
        return;
    }
    let weighed = weighed(cx);
    for claim in joined(&cx.facts().text, &claims(cx)).iter().filter(|it| words.has_within(sharers, it.span.range())) {
        let counts = counted(claim.text, "partition-words").zip(counted(claim.text, "instance-words"));
        let Some(((_, partitions), (_, count))) = counts.filter(|it| it.1.1 > it.0.1 && it.0.1 > 1) else { continue };
        let has = |kind: &str| claim_words(kind).are_in(claim.text);
        let shares =
            (has("carriers-of-messages") || has("group-words")) && (has("reads-channel") || has("group-words"));
        let is_elsewhere = weighed.iter().any(|it| it.contains(claim.span)) || claim.text.contains('|');
        if !shares || is_elsewhere || has("for-each-channel") || has("idles") || !is_claimed(claim.text) {
            continue;
        }
        let message = format!(
            "{count} share {partitions} partitions, so {} of them stay idle; take at most {partitions}, or more \
             partitions before the first message is sent.",
            count - partitions
        );
        let finding = reporter.report(unmarked(claim), message);
        mildly(finding);
    }
}

/// Tables other than those of channels that have a column for partitions and one for those who share them.
fn in_tables(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role().filter(|_| cx.facts().opted_in()) else { return };
    let known: Vec<Span> = cx.facts().channels.iter().flat_map(|it| &it.instances).map(|it| it.span).collect();
    for table in &document.tree.tables {
        let heads: Vec<&str> = document.tree.header(table).iter().map(|it| it.of(document.text)).collect();
        let column = |kind: &str| heads.iter().position(|it| claim_words(kind).are_all_of(it));
        let (Some(lanes), Some(sharers)) = (column("partition-columns"), column("instance-columns")) else { continue };
        for row in document.tree.rows(table) {
            let cells = document.tree.cells(row);
            let number = |at: usize| cells.get(at).and_then(|it| Some((*it, only_number(it.of(document.text))?)));
            let (Some((at, partitions)), Some((place, count))) = (number(lanes), number(sharers)) else { continue };
            if count > partitions && !known.contains(&place) {
                let message = format!(
                    "{count} share {partitions} partitions, so {} of them stay idle; take at most {partitions}, or \
                     more partitions before the first message is sent.",
                    count - partitions
                );
                let related = cx.related(cx.file(), at, format!("{partitions} partitions"));
                reporter.report(place, message).related.push(related);
            }
        }
    }
}

/// `The group runs 40 instances, one partition to each`, where the capacity counts the partitions of each channel.
fn in_prose(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role().filter(|_| cx.facts().opted_in()) else { return };
    let Some(capacity) = document.concern(Role::Capacity) else { return };
    let Some((of_each, partitions)) = counted(&capacity.text, "partition-words") else { return };
    // Of several channels one may have more.
    let is_for_each = capacity.text.get(of_each..).is_some_and(|it| {
        let behind = it.split([',', ';', '.']).next().unwrap_or_default();
        claim_words("for-each-channel").are_in(behind)
    });
    let words = words(cx);
    if !is_for_each || !words.has(claim_words("group-words")) {
        return;
    }
    for claim in claims(cx).iter().filter(|it| words.has_within(claim_words("group-words"), it.span.range())) {
        let Some((_, count)) = counted(claim.text, "instance-words") else { continue };
        let speaks = claim_words("partition-words").are_in(claim.text);
        if count > partitions
            && speaks
            && counted(claim.text, "partition-words").is_none_or(|it| it.1 == 1)
            && is_claimed(claim.text)
        {
            let message = format!(
                "{count} instances share the {partitions} partitions that each channel has by the capacity, so {} of \
                 them stay idle.",
                count - partitions
            );
            let related = cx.related(cx.file(), capacity.span, format!("{partitions} partitions"));
            reporter.report(unmarked(claim), message).related.push(related);
        }
    }
}

/// The only number of a text that counts what the words of a kind name, and where they end: `12 partitions`.
pub(super) fn counted(text: &str, kind: &str) -> Option<(usize, u32)> {
    let mut all = measured(text).into_iter().filter_map(|it| {
        let behind = text.get(it.digits.end..)?;
        let bare = behind.trim_start();
        let word = claim_words(kind).first(bare).filter(|it| it.start == 0)?;
        let count = text.get(it.digits)?.parse().ok()?;
        Some((text.len() - bare.len() + word.end, count))
    });
    all.next().filter(|_| all.next().is_none())
}

/// The number of a cell with nothing else in it.
fn only_number(cell: &str) -> Option<u32> {
    cell.trim().trim_matches(['`', '*']).parse().ok()
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
