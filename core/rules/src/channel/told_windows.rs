//! How long documents of other forms say in their sentences that messages, the ids of repeats and dead letters are
//! kept.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelMention, Spanned, prose},
    key::FileId,
    values::retention::{Retention, in_words},
};
use archwright_syntax::markdown::SectionId;
use smol_str::SmolStr;

use crate::{
    claim::{Claim, claims, is_claimed, mildly, weighed, words},
    prelude::*,
    stated::{named, unmarked},
};

/// What is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Messages,
    Ids,
    DeadLetters,
}

/// A time for which something is kept.
struct Told {
    what: What,
    /// In milliseconds.
    time: u64,
    span: Span,
    section: SectionId,
}

/// Tells of ids and dead letters that are kept for a shorter time than the messages of the same section. A section that
/// names two times for one of them speaks of more than one channel.
pub(super) fn check(cx: &Context, reporter: &mut Reporter) {
    let words = words(cx);
    let speaks = ["kept-for", "remembers-ids"].map(claim_words);
    let Some(tree) = cx.facts().markdown().filter(|_| speaks.iter().any(|it| words.has(it))) else { return };
    let weighed = weighed(cx);
    let mut all: Vec<Told> = Vec::new();
    for claim in claims(cx) {
        let part = claim.span.range();
        let is_told = speaks.iter().any(|it| words.has_within(it, part.clone()));
        if !is_told || weighed.iter().any(|it| it.contains(claim.span)) {
            continue;
        }
        if let Some((what, time)) = told(&claim) {
            all.push(Told { what, time, span: claim.span, section: tree.section_at(claim.span.start as usize) });
        }
    }
    let only = |what: What, section: SectionId| {
        let mut of_it = all.iter().filter(|it| it.what == what && it.section == section);
        let first = of_it.next()?;
        of_it.all(|it| it.time == first.time).then_some(first)
    };
    let mut sections: Vec<SectionId> = all.iter().map(|it| it.section).collect();
    sections.dedup();
    for section in sections {
        let Some(messages) = only(What::Messages, section) else { continue };
        for (what, name, effect) in [
            (What::Ids, "The ids of repeats", "a message that comes again after that is taken for a new one"),
            (What::DeadLetters, "The dead letters", "what failed is gone before the messages around it"),
        ] {
            let Some(it) = only(what, section).filter(|it| it.time < messages.time) else { continue };
            let message = format!(
                "{name} are kept for {} and messages for {}: {effect}. Keep them for {} at least.",
                in_words(it.time),
                in_words(messages.time),
                in_words(messages.time)
            );
            let told = format!("messages are kept for {}", in_words(messages.time));
            let related = cx.related(cx.file(), messages.span, told);
            let finding = reporter.report(it.span, message);
            mildly(finding);
            finding.related.push(related);
        }
    }
}

/// Tells of a sentence that keeps the messages of one channel for another time than its AsyncAPI document.
pub(super) fn differ_from_asyncapi(cx: &Context, reporter: &mut Reporter) {
    let (words, kept) = (words(cx), claim_words("kept-for"));
    let names_it = |it: &str| it.contains("etention of ");
    if !words.has(kept) && !names_it(&cx.facts().text) {
        return;
    }
    let weighed = weighed(cx);
    let is_told = |it: &&Claim| words.has_within(kept, it.span.range()) || names_it(it.text);
    for claim in claims(cx).iter().filter(is_told) {
        let Some((What::Messages, time)) = told(claim) else { continue };
        let found = of_asyncapi(cx, claim, |it| {
            let stated = it.retention.as_ref()?;
            Some((Retention::of(&stated.text).exact()?, stated))
        });
        let Some((channel, other, at)) = found.filter(|it| it.1 != time) else { continue };
        if weighed.iter().any(|it| it.contains(claim.span)) {
            continue;
        }
        let message = format!(
            "The retention of `{channel}` is {} here and {} in its AsyncAPI document; make the two agree.",
            in_words(time),
            in_words(other)
        );
        let related = cx.related(at.0, at.1, format!("kept for {} here", in_words(other)));
        let finding = reporter.report(unmarked(claim), message);
        finding.fixable = false;
        finding.related.push(related);
    }
}

/// What AsyncAPI documents say of the only channel that a sentence names, if all of them say the same: the channel,
/// what they say, and where the first does.
pub(super) fn of_asyncapi<'a, T: PartialEq + Copy>(
    cx: &Context<'a>,
    claim: &Claim,
    read: impl Fn(&'a ChannelMention) -> Option<(T, &'a Spanned)>,
) -> Option<(SmolStr, T, (FileId, Span))> {
    let mut found = Vec::new();
    for name in named(claim.text).iter().filter(|it| is_channel(it.name)) {
        let name = SmolStr::new(name.name);
        let files = cx.files(Key::Channel(name.clone())).into_iter().filter(|it| it.facts.kind == Kind::Asyncapi);
        let mentions = files.flat_map(|file| file.facts.channels.iter().map(move |it| (file.id, it)));
        let of_it = mentions.filter(|it| it.1.name.text == name);
        let values: Vec<_> = of_it.filter_map(|(file, it)| Some((file, read(it)?))).collect();
        let Some((file, (value, at))) = values.first().copied() else { continue };
        if values.iter().all(|it| it.1.0 == value) {
            found.push((name, value, (file, at.span)));
        }
    }
    match <[_; 1]>::try_from(found) {
        Ok([only]) => Some(only),
        Err(_) => None,
    }
}

/// What a sentence says to be kept, and for how long, if it names one time.
fn told(claim: &Claim) -> Option<(What, u64)> {
    let said = prose::without_names(claim.text);
    let retention = Retention::of(&said);
    let [_] = retention.kept.as_slice() else { return None };
    let time = retention.exact().filter(|it| *it < u64::MAX && !retention.compacted)?;
    if !is_claimed(&said) || claim.text.contains('|') {
        return None;
    }
    let has = |kind: &str| claim_words(kind).are_in(&said);
    let names_letters = || named(claim.text).iter().any(|it| claim_words("dead-letters").are_in(&parts(it.name)));
    let is_letters = has("dead-letters") || names_letters();
    let what = if is_letters {
        has("keeps").then_some(What::DeadLetters)
    } else if has("remembers-ids") {
        (has("message-ids") || has("copies") || has("numbers-as-ids")).then_some(What::Ids)
    } else {
        let is_channel = has("carriers-of-messages") || named(claim.text).iter().any(|it| is_channel(it.name));
        (has("retains") && is_channel && !has("kept-besides")).then_some(What::Messages)
    };
    what.map(|it| (it, time))
}

/// Whether a name in code is that of a channel: parts with points between them, and no call, path or file.
fn is_channel(name: &str) -> bool {
    name.contains('.') && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '.' | '-' | '_')) && {
        let last = name.rsplit('.').next().unwrap_or_default();
        last.len() > 4 || last.starts_with('v')
    }
}

/// A name as words.
fn parts(name: &str) -> String {
    name.replace(['.', '_', '-'], " ")
}
