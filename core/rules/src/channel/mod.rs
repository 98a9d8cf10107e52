//! Rules about channels: their names, their contracts, and what designs and AsyncAPI documents say of them.

mod address_mismatch;
mod compatibility_mismatch;
mod delivery_mismatch;
mod direction_mismatch;
mod dlq_mismatch;
mod dlq_name;
mod drawn_otherwise;
mod idempotency_mismatch;
mod idle_consumers;
pub(super) mod invalid_name;
mod kept_past_erasure;
mod lossy_binding;
mod missing_contract;
mod missing_dlq;
mod missing_sunset;
mod misspelt_name;
mod ordering_key_mismatch;
mod other_broker;
mod owner_mismatch;
mod partition_mismatch;
mod poor_ordering_key;
mod replayed_as_new;
mod retention_mismatch;
mod several_event_types;
mod short_window;
mod told_windows;
mod unchecked_evolution;
mod undeclared_security;
mod undirected_entry;
mod unknown_compatibility;
mod unknown_dlq;
mod unknown_field;
mod unlisted_contract;
mod unmoved_consumer;

use archwright_asyncapi::terms::{ChannelTerms, Terms};
use archwright_model::{
    facts::{ChannelMention, ChannelRole, Spanned},
    key::FileId,
    values::value,
};
use archwright_syntax::Span;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::prelude::*;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &address_mismatch::RULE,
    &compatibility_mismatch::RULE,
    &delivery_mismatch::RULE,
    &direction_mismatch::RULE,
    &dlq_mismatch::RULE,
    &dlq_name::RULE,
    &drawn_otherwise::RULE,
    &idempotency_mismatch::RULE,
    &idle_consumers::RULE,
    &invalid_name::RULE,
    &kept_past_erasure::RULE,
    &lossy_binding::RULE,
    &missing_contract::RULE,
    &missing_dlq::RULE,
    &missing_sunset::RULE,
    &misspelt_name::RULE,
    &ordering_key_mismatch::RULE,
    &other_broker::RULE,
    &owner_mismatch::RULE,
    &partition_mismatch::RULE,
    &poor_ordering_key::RULE,
    &replayed_as_new::RULE,
    &retention_mismatch::RULE,
    &several_event_types::RULE,
    &short_window::RULE,
    &unchecked_evolution::RULE,
    &undeclared_security::RULE,
    &undirected_entry::RULE,
    &unknown_compatibility::RULE,
    &unknown_dlq::RULE,
    &unknown_field::RULE,
    &unlisted_contract::RULE,
    &unmoved_consumer::RULE,
];

/// A contract of a channel.
#[derive(Clone, Copy)]
pub(crate) struct ContractOf<'a> {
    pub file: FileId,
    pub facts: &'a FileFacts,
    /// What it says of the channel.
    pub mention: &'a ChannelMention,
}

/// The contracts of a channel.
pub(crate) fn contracts<'a>(cx: &Context<'a>, channel: &str) -> Vec<ContractOf<'a>> {
    let files = cx.files(Key::ContractsOf(channel.into())).into_iter();
    let of = |FileRef { id: file, facts }: FileRef<'a>| {
        Some(ContractOf { file, facts, mention: facts.channel(channel, ChannelRole::Contract)? })
    };
    files.filter_map(of).collect()
}

/// What a contract says about one subject.
pub(super) struct Claim<'a, T> {
    /// The contract.
    pub file: FileId,
    /// Where it says so.
    pub at: &'a Spanned,
    /// What it comes to.
    pub value: T,
}

/// What the contracts of a channel say about a subject, those of this file's feature first.
pub(super) fn claims<'a, T>(
    cx: &Context<'a>,
    channel: &str,
    read: impl Fn(&'a FileFacts, &'a ChannelMention) -> Option<(&'a Spanned, T)>,
) -> Vec<Claim<'a, T>> {
    let mut contracts = contracts(cx, channel);
    contracts.sort_by_key(|it| it.facts.captures.feature != cx.facts().captures.feature);
    let claims = contracts.into_iter().filter_map(|it| {
        let (at, value) = read(it.facts, it.mention)?;
        Some(Claim { file: it.file, at, value })
    });
    claims.collect()
}

/// The channels of which a design or an AsyncAPI document says what a contract may say otherwise.
pub(crate) fn described<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a ChannelMention> {
    let facts = cx.facts();
    // An address that has a contract is that channel wherever the document lies; only trials and samples may say
    // anything.
    let counts = facts.opted_in() || facts.kind == Kind::Asyncapi && !is_trial(&facts.path);
    facts.channels.iter().filter(move |it| counts && matches!(it.role, ChannelRole::Design | ChannelRole::AsyncApi))
}

/// The channels of an AsyncAPI document by where their names stand: the addresses and the names of the topics.
pub(crate) fn terms_by_name(terms: &Terms) -> FxHashMap<Span, &ChannelTerms> {
    let mut channels = FxHashMap::default();
    for channel in &terms.channels {
        for name in [&channel.address, &channel.topic].into_iter().flatten() {
            channels.entry(name.span).or_insert(channel);
        }
    }
    channels
}

/// Whether a path says that the file is for tests, examples or one environment only.
fn is_trial(path: &RelPath) -> bool {
    const TRIALS: [&str; 15] = [
        "test", "tests", "testdata", "fixtures", "fixture", "example", "examples", "sample", "samples", "mock",
        "mocks", "dev", "local", "staging", "archive",
    ];
    let lower = path.as_str().to_lowercase();
    lower.split(['/', '.', '-', '_']).any(|it| TRIALS.contains(&it))
}

/// The channel that a name is the dead letter channel of, by its suffix.
pub(super) fn base_of_dlq<'n>(cx: &Context, name: &'n str) -> Option<&'n str> {
    let suffix = &cx.config().profile().channels.dlq_suffix;
    let at = name.len().checked_sub(suffix.len()).filter(|_| !suffix.is_empty())?;
    name.get(at..).filter(|it| it.eq_ignore_ascii_case(suffix)).and_then(|_| name.get(..at))
}

/// A channel with a contract whose name is almost the given one.
pub(super) struct NearMiss<'a> {
    /// Its name.
    pub name: &'a SmolStr,
    /// Whether it is the same channel in another version, which may well be meant as a channel of its own.
    pub other_version: bool,
}

/// The channel with a contract that was probably meant: another version of the same channel, else one with at most two
/// letters changed.
pub(super) fn near_miss<'a>(cx: &Context<'a>, name: &str) -> Option<NearMiss<'a>> {
    let contracts = cx.files(Key::Contracts);
    let names = || contracts.iter().filter_map(|it| it.facts.captures.channel.as_ref());
    let grammar = cx.config().channel_name();
    let versionless =
        |name: &str| grammar.version(name).map(|_| name.trim_end_matches(|it: char| it.is_ascii_digit()).to_owned());
    if let Some(base) = versionless(name) {
        let versions = names().filter(|it| versionless(it).as_ref() == Some(&base));
        if let Some(name) = versions.max_by_key(|it| grammar.version(it)) {
            return Some(NearMiss { name, other_version: true });
        }
    }
    // Among few letters, one more makes another channel.
    let meant =
        nearest(name, names().filter(|_| name.len() > 6).map(SmolStr::as_str)).filter(|it| is_slip(it, name))?;
    names().find(|it| *it == meant).map(|name| NearMiss { name, other_version: false })
}

/// The fields that make up an ordering key: none for `none`, several for `tenant_id + order_id`. `None` for prose.
pub(super) fn key_parts(text: &str) -> Option<Vec<String>> {
    let raw = text;
    let text = value::plain(raw);
    let text = text.trim_end_matches('.');
    let head = [" (", ";", ": ", " - ", " – ", " — ", " because "]
        .iter()
        .fold(text, |head, it| head.split(it).next().unwrap_or(head));
    if value::is_none(head.split(',').next().unwrap_or(head)) {
        return Some(Vec::new());
    }
    let words = |separators: &[char]| -> Option<Vec<String>> {
        let parts = head.split(separators).map(str::trim);
        parts.map(|it| (!it.is_empty() && !it.contains(' ')).then(|| it.trim_start_matches("$.").to_owned())).collect()
    };
    // After a comma stands another field or a remark.
    let parts = words(&['+', '&', '/', ',']).or_else(|| {
        let first = head.split(',').next()?.trim();
        (!first.is_empty() && !first.contains(' ')).then(|| vec![first.trim_start_matches("$.").to_owned()])
    });
    let mut parts = parts.or_else(|| Some(vec![only_code(raw)?.to_owned()]))?;
    parts.sort_unstable();
    Some(parts)
}

/// The only name that is marked as code in prose: `order_id` of "per order (`order_id`)".
fn only_code(text: &str) -> Option<&str> {
    let pieces: Vec<&str> = text.split('`').collect();
    let [before, name, after] = pieces.as_slice() else { return None };
    let refuses = |it: &str| {
        it.to_lowercase()
            .split(|it: char| !it.is_alphabetic())
            .any(|it| matches!(it, "not" | "never" | "no" | "instead" | "except" | "see"))
    };
    let is_name = name.starts_with(|it: char| it.is_ascii_alphabetic())
        && name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '.'));
    (is_name && !refuses(before) && !refuses(after)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordering_key_is_made_of_fields_or_is_prose() {
        let cases: [(&str, Option<&[&str]>); 11] = [
            ("order_id", Some(&["order_id"])),
            ("`order_id` (the number of the order).", Some(&["order_id"])),
            ("tenant_id + order_id", Some(&["order_id", "tenant_id"])),
            ("`tenant_id`, `order_id`", Some(&["order_id", "tenant_id"])),
            ("order_id, so that one order stays in order", Some(&["order_id"])),
            ("None.", Some(&[])),
            ("none, every message stands alone", Some(&[])),
            ("per order", None),
            ("per order (`order_id`)", Some(&["order_id"])),
            ("per order, never by `customer_id`", None),
            ("per order (see `ordering.md`)", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|it| it.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(key_parts(text), expected, "{text}");
        }
    }
}
