//! `channel/ordering-key-mismatch`: a design or an AsyncAPI document that orders a channel otherwise than its contract.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelMention, ChannelRole, Spanned, answers},
    key::FileId,
};

use super::{claims, contracts, described, key_parts};
use crate::{
    prelude::*,
    stated::{Named, named},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/ordering-key-mismatch",
    severity: Severity::Error,
    summary: "A design or an AsyncAPI document and the channel's contract name different ordering keys.",
    applies_to: &[Kind::Design, Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-120", "A-139", "A-172", "A-115", "E-057", "H-020"],
    page: include_str!("ordering_key_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    answered_otherwise(cx, reporter);
    for mention in described(cx) {
        let Some(ours) = &mention.ordering_key else { continue };
        let Some(our_parts) = parts(ours) else { continue };
        let in_asyncapi = mention.role == ChannelRole::AsyncApi;
        let stated = claims(cx, &mention.name.text, |_, it| {
            Some((it.ordering_key.as_ref()?, parts(it.ordering_key.as_ref()?)?))
        });
        let agrees = |theirs: &[String]| {
            // The value of an envelope attribute is a field of the payload, and which one nobody says. A broker's key
            // may serve another purpose than order.
            let open = in_asyncapi
                && (theirs.is_empty() || theirs.iter().chain(&our_parts).any(|it| cx.config().is_carried_beside(it)));
            open || theirs == our_parts.as_slice()
        };
        let Some(claim) = stated.first().filter(|_| !stated.iter().any(|it| agrees(&it.value))) else { continue };
        let (here, there) = (shown(&our_parts), shown(&claim.value));
        let message = format!(
            "`{}` is ordered by `{here}` here and by `{there}` in its contract; make the two agree.",
            mention.name.text
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{there}`"));
        let finding = reporter.report(ours.span, message);
        finding.related.push(related);
        // A key that is read from a reference or from several properties is no word that can be replaced.
        finding.fixable = !in_asyncapi || claim.value.len() == 1 && cx.facts().slice(ours.span) == ours.text;
        finding.data = there;
    }
}

/// The answer of a design on order, which names a key that none of its channels has: by its table, or where the table
/// has none, by their contracts.
fn answered_otherwise(cx: &Context, reporter: &mut Reporter) {
    let answers = cx.by_role().filter(|_| cx.facts().kind == Kind::Design).and_then(answers).unwrap_or_default();
    let Some(answer) = answers.iter().find(|it| it.question.id == "ordering") else { return };
    let said = answer.said(cx.facts());
    let names = named(said);
    let mut given = names.iter().filter(|it| is_given_as_key(it));
    let Some(name) = given.next().filter(|_| given.next().is_none()) else { return };
    let Some(keys) = keys_of_channels(cx) else { return };
    let Some(first) = keys.first().filter(|it| !it.parts.is_empty()) else { return };
    if keys.iter().any(|it| it.parts.is_empty() || it.parts.iter().any(|it| it == name.name)) {
        return;
    }
    let place = if first.file == cx.file() { "the table of channels" } else { "their contract" };
    let message = format!(
        "Messages are ordered by `{}` here and by `{}` in {place}; make the two agree.",
        name.name,
        shown(&first.parts)
    );
    let start = answer.value.start as usize;
    let related = cx.related(first.file, first.at.span, "the key of the channel");
    let finding = reporter.report(Span::new(start + name.at.start, start + name.at.end), message);
    finding.related.push(related);
    finding.fixable = false;
}

/// Whether a name in an answer is said to be the key, and not to be none: `the partitioner hashes` before it.
fn is_given_as_key(name: &Named) -> bool {
    let is_field = name.name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    let before = name.before.trim_end_matches(['(', ' ', ',', ':']);
    let keyed = claim_words("keyed-by").ending(before);
    let clause = before.rsplit([';', ',', '.']).next().unwrap_or_default();
    let denies = ["denies", "hedged"].iter().any(|it| claim_words(it).are_in(clause));
    let is_key = keyed.is_some() || claim_words("is-the-key").begin(name.behind.trim_start());
    is_field && is_key && !denies
}

/// The key of a channel, and where it is said.
struct KeyOf<'a> {
    file: FileId,
    at: &'a Spanned,
    parts: Vec<String>,
}

/// The keys of all channels of a design; `None` where one is prose.
fn keys_of_channels<'a>(cx: &Context<'a>) -> Option<Vec<KeyOf<'a>>> {
    let mentions = || cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design);
    let has_column = mentions().any(|it| it.ordering_key.is_some());
    let in_table = |it: &'a ChannelMention| {
        let at = it.ordering_key.as_ref()?;
        Some(KeyOf { file: cx.file(), at, parts: parts(at)? })
    };
    if has_column {
        return mentions().map(in_table).collect();
    }
    let contracts = mentions().flat_map(|it| contracts(cx, &it.name.text));
    contracts
        .map(|it| {
            let at = it.mention.ordering_key.as_ref()?;
            Some(KeyOf { file: it.file, at, parts: parts(at)? })
        })
        .collect()
}

/// The fields of a key. Where in the message they are looked for (`data.order_id`, `$message.payload#/order_id`) is
/// left out.
fn parts(key: &Spanned) -> Option<Vec<String>> {
    let text = match key.text.split_once("#/") {
        Some((place, pointer)) if place.trim_start_matches('`').starts_with("$message.") => pointer.replace('/', "."),
        _ => key.text.to_string(),
    };
    let bare = |it: String| {
        ["data.", "payload.", "body.", "value."]
            .iter()
            .find_map(|place| it.strip_prefix(place))
            .map(str::to_owned)
            .unwrap_or(it)
    };
    let mut parts: Vec<String> = key_parts(&text)?.into_iter().map(bare).collect();
    parts.sort_unstable();
    Some(parts)
}

/// A key as people write it.
fn shown(parts: &[String]) -> String {
    if parts.is_empty() { "none".to_owned() } else { parts.join(" + ") }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    either_side(cx, finding, edit_here(cx, format!("Take `{}` from the contract", finding.data), vec![edit]))
}
