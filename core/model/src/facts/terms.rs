//! What AsyncAPI documents and schemas promise of channels, in the terms of contracts.

use archwright_asyncapi::terms::{COMPATIBILITY, ChannelTerms, Fields, Retention, Terms, Unit};
use archwright_syntax::data::Tree;
use smol_str::{SmolStr, format_smolstr};

use super::{ChannelMention, ChannelRole, Promises, Spanned};
use crate::key::{Entry, Key, hash_of};

/// What the document says of each channel, under its address and under the name of its topic. A channel of which it
/// says several things about one subject is mentioned several times.
pub(super) fn mentions(terms: &Terms) -> Vec<ChannelMention> {
    let mut mentions = Vec::new();
    for channel in &terms.channels {
        for name in names(channel) {
            mentions.extend(of_channel(terms, channel, name));
        }
    }
    mentions
}

/// More mentions of one channel than this are generated.
const MAX_MENTIONS: usize = 10_000;

fn of_channel(terms: &Terms, channel: &ChannelTerms, name: &Spanned) -> Vec<ChannelMention> {
    let messages = || channel.messages.iter().filter_map(|it| terms.messages.get(*it));
    let mut keys: Vec<Spanned> =
        channel.ordering_key.iter().chain(messages().filter_map(|it| it.ordering_key.as_ref())).cloned().collect();
    if keys.is_empty() {
        keys.extend(messages().filter_map(|it| key_of(&it.key_fields)));
    }
    let mut retention: Vec<Spanned> = channel.retention.iter().map(with_unit).collect();
    retention.extend(channel.compacted.as_ref().map(|it| Spanned { text: "compacted".into(), span: it.span }));
    let dlq = &channel.dlq;
    let modes: Vec<Spanned> =
        channel.compatibility.iter().chain(messages().filter_map(|it| it.compatibility.as_ref())).cloned().collect();
    let count = [keys.len(), retention.len(), dlq.len(), modes.len()]
        .into_iter()
        .max()
        .unwrap_or_default()
        .clamp(1, MAX_MENTIONS);
    let first = |at: usize, it: &Option<Spanned>| it.as_ref().filter(|_| at == 0).cloned();
    let promises = |at: usize| Promises {
        ordering_key: keys.get(at).cloned(),
        dlq: dlq.get(at).cloned(),
        retention: retention.get(at).cloned(),
        compatibility: modes.get(at).cloned(),
        owner: first(at, &channel.owner).map(Box::new),
        partitions: first(at, &channel.partitions).map(Box::new),
        messages: if at == 0 {
            messages().filter(|it| !it.names.is_empty()).map(|it| it.name.clone()).collect()
        } else {
            Vec::new()
        },
        ..Promises::default()
    };
    (0..count).map(|at| ChannelMention::promising(name.clone(), ChannelRole::AsyncApi, promises(at))).collect()
}

/// The names that a channel goes by.
fn names(channel: &ChannelTerms) -> impl Iterator<Item = &Spanned> {
    let topic =
        channel.topic.as_ref().filter(|it| channel.address.as_ref().is_none_or(|address| address.text != it.text));
    channel.address.iter().chain(topic)
}

/// What the messages of each channel carry, as the index has it.
pub(super) fn entries_of_messages(terms: &Terms) -> Vec<Entry> {
    let names_of = |it: &Fields| hash_of(&(it.known, it.properties.iter().map(|it| &it.path).collect::<Vec<_>>()));
    let of_message: Vec<u64> =
        terms.messages.iter().map(|it| hash_of(&(names_of(&it.headers), names_of(&it.payload)))).collect();
    let of_channel =
        |it: &ChannelTerms| hash_of(&it.messages.iter().filter_map(|it| of_message.get(*it)).collect::<Vec<_>>());
    let entries = terms.channels.iter().flat_map(|channel| {
        let hash = of_channel(channel);
        names(channel).map(move |it| Entry { key: Key::Channel(it.text.clone()), hash })
    });
    entries.collect()
}

/// The mode that a schema names itself.
pub(super) fn compatibility_of_schema(tree: &Tree) -> Option<Spanned> {
    let root = tree.root()?;
    let node = COMPATIBILITY.iter().find_map(|it| root.get(it))?;
    let text = node.as_str().filter(|it| !it.is_empty())?;
    let span = node.span();
    let quotes = usize::from(span.of(tree.text()).starts_with(['"', '\'']));
    Some(Spanned {
        text: text.into(),
        span: archwright_syntax::Span::new(span.start as usize + quotes, span.end as usize - quotes),
    })
}

/// The fields of a key as one value, at the first of them.
fn key_of(fields: &[Spanned]) -> Option<Spanned> {
    let first = fields.first()?;
    let names: Vec<&str> = fields.iter().map(|it| it.text.as_str()).collect();
    Some(Spanned { text: names.join(" + ").into(), span: first.span })
}

fn with_unit(retention: &Retention) -> Spanned {
    let value = &retention.value.text;
    let text: SmolStr = match retention.unit {
        Unit::Milliseconds | Unit::Minutes if value == "-1" => "forever".into(),
        Unit::Milliseconds => format_smolstr!("{value} ms"),
        Unit::Seconds => format_smolstr!("{value} seconds"),
        Unit::Minutes => format_smolstr!("{value} minutes"),
        Unit::Words => value.clone(),
    };
    Spanned { text, span: retention.value.span }
}
