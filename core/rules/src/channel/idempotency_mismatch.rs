//! `channel/idempotency-mismatch`: a design that knows repetitions by another key than the contract, or for another
//! time.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelRole, Spanned, answers},
    values::{retention::in_words, value},
};

use super::{Claim, claims, key_parts, short_window::window};
use crate::{prelude::*, stated::named};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/idempotency-mismatch",
    severity: Severity::Warning,
    summary: "A design knows repetitions by another key than the channel's contract, or for another time.",
    applies_to: &[Kind::Design],
    sources: &["A-115", "A-143"],
    page: include_str!("idempotency_mismatch.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design) {
        let Some(ours) = mention.idempotency_key.as_deref() else { continue };
        let Some(our_key) = key(&ours.text) else { continue };
        let stated = keys(cx, &mention.name.text);
        let Some(claim) = stated.first().filter(|_| stated.iter().all(|it| it.value != our_key)) else { continue };
        let there = value::plain(&claim.at.text);
        let message = format!(
            "A repetition of `{}` is known by `{}` here and by `{there}` in its contract; make the two agree.",
            mention.name.text,
            value::plain(&ours.text)
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{there}`"));
        reporter.report(ours.span, message).related.push(related);
    }
    answered_otherwise(cx, reporter);
}

/// The answer of a design on repetitions, against the contracts of all its channels.
fn answered_otherwise(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let all = answers(document).unwrap_or_default();
    let Some(answer) = all.iter().find(|it| it.question.id == "idempotency") else { return };
    let said = answer.said(cx.facts());
    let channels = || cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design);
    let stated: Vec<Claim<String>> = channels().flat_map(|it| keys(cx, &it.name.text)).collect();
    let names = named(said);
    let is_field = |it: &str| it.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.'));
    // The first name is the key: what follows is where it is kept.
    let first = names.first().filter(|it| it.before.split_whitespace().count() <= MOST_WORDS && is_field(it.name));
    let knows = |key_of: &str| names.iter().filter_map(|it| key(it.name)).any(|it| it == key_of);
    if let (Some(name), Some(claim)) = (first, stated.first())
        && !stated.iter().any(|it| knows(&it.value))
        && !is_place(name.behind)
        && !is_of_business(cx, name.name, said)
    {
        let there = value::plain(&claim.at.text);
        let message = format!(
            "Repetitions are known by `{}` here and by `{there}` in the contract; make the two agree.",
            name.name
        );
        let start = answer.value.start as usize;
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{there}`"));
        let place = Span::new(start + name.at.start, start + name.at.end);
        reporter.report(place, message).related.push(related);
        return;
    }
    let Some((ours, place)) = window(&Spanned::of(answer.value, document.text)) else { return };
    let windows = channels().flat_map(|it| {
        claims(cx, &it.name.text, |_, it| {
            let at = it.idempotency_key.as_deref()?;
            Some((at, window(at)?.0))
        })
    });
    let windows: Vec<Claim<_>> = windows.collect();
    let Some(claim) = windows.first().filter(|_| windows.iter().all(|it| it.value != ours)) else { return };
    let message = format!(
        "The keys of duplicates are kept for {} here and for {} in the contract; make the two agree.",
        in_words(ours.high),
        in_words(claim.value.high)
    );
    let related = cx.related(claim.file, claim.at.span, "the contract says so here");
    reporter.report(place, message).related.push(related);
}

/// The key stands so near to the beginning of an answer.
const MOST_WORDS: usize = 4;

/// Whether a name is that of a place where keys are kept.
fn is_place(behind: &str) -> bool {
    let word = behind.trim_start().split(|it: char| !it.is_alphanumeric()).next().unwrap_or_default();
    matches!(word, "table" | "cache" | "store" | "bucket" | "library" | "header")
}

/// Whether a consumer may well know repetitions by a field of the message: one that orders a channel, or one of which
/// its table has only one.
fn is_of_business(cx: &Context, name: &str, said: &str) -> bool {
    let orders = |it: &Spanned| key_parts(&it.text).is_some_and(|parts| parts.iter().any(|it| it == name));
    let channels = || cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design);
    claim_words("one-of-a-kind").are_in(said)
        || channels().any(|it| it.ordering_key.as_ref().is_some_and(orders))
        || channels().any(|it| {
            !claims(cx, &it.name.text, |_, it| Some((it.ordering_key.as_ref().filter(|it| orders(it))?, ()))).is_empty()
        })
}

/// The keys that the contracts of a channel name.
fn keys<'a>(cx: &Context<'a>, channel: &str) -> Vec<Claim<'a, String>> {
    claims(cx, channel, |_, it| {
        let at = it.idempotency_key.as_deref()?;
        Some((at, key(&at.text)?))
    })
}

/// The key of a value, if it is one field. The id of the message has many names, all of them `id`.
fn key(text: &str) -> Option<String> {
    const OF_MESSAGE: [&str; 8] = ["id", "eventid", "messageid", "msgid", "ceid", "envelopeid", "dedupid", "metaid"];
    let parts = key_parts(text)?;
    let [only] = parts.as_slice() else { return None };
    let last = only.rsplit('.').next().unwrap_or(only);
    let folded: String = last.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    // A word alone may be prose.
    let is_name = last.contains(['_', '-']) || last.chars().skip(1).any(char::is_uppercase);
    let is_id = OF_MESSAGE.contains(&folded.as_str());
    (is_name || is_id).then_some(if is_id { "id".to_owned() } else { folded })
}
