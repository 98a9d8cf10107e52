//! What a document promises of the traffic on its channels: owner, order, retention, partitions, dead letters,
//! messages.
//!
//! The standard has no words for most of it. Where a protocol's binding states it, the binding counts (AsyncAPI
//! bindings: Kafka 0.5, SQS 0.3, Google Pub/Sub 0.2, Pulsar 0.1); elsewhere the extensions that teams write, such as
//! `x-owner`.

mod bindings;
mod fields;

use std::collections::BTreeMap;

use archwright_syntax::data::{Node, NodeId, Tree};

pub use bindings::{Loss, LossKind, Retention, Unit};
pub use fields::{Fields, Known, Property};

use crate::references::{Target, target};
use archwright_syntax::{Spanned, data::follow};
use fields::{FieldReader, MAX_VISITS};

/// What a document promises.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Terms {
    /// The owner of the application: `x-owner` of `info` or of the root.
    pub owner: Option<Spanned>,
    /// The name under `info.contact`, most often a team.
    pub contact: Option<Spanned>,
    /// One for each entry of `channels`, in the order of the text.
    pub channels: Vec<ChannelTerms>,
    /// The messages of all channels, each once; [`ChannelTerms::messages`] has their places in it.
    pub messages: Vec<MessageTerms>,
}

/// What a document promises of one channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChannelTerms {
    /// Its key under `channels`.
    pub key: Spanned,
    /// The address: the `address` field in 3.x, the key itself in 2.x.
    pub address: Option<Spanned>,
    /// The Kafka topic, where the binding gives it a name that differs from the address.
    pub topic: Option<Spanned>,
    /// `x-owner`.
    pub owner: Option<Spanned>,
    /// `x-ordering-key` or `x-partition-key`.
    pub ordering_key: Option<Spanned>,
    /// How long messages are kept.
    pub retention: Vec<Retention>,
    /// Kafka: `cleanup.policy`, when it only compacts, so that no message ever expires.
    pub compacted: Option<Spanned>,
    /// Kafka: the number of partitions.
    pub partitions: Option<Spanned>,
    /// Where messages go that cannot be handled.
    pub dlq: Vec<Spanned>,
    /// Settings with which messages get lost, of the channel and of the operations on it.
    pub losses: Vec<Loss>,
    /// `x-compatibility` or `x-compatibility-mode`.
    pub compatibility: Option<Spanned>,
    /// Its messages, as places in [`Terms::messages`].
    pub messages: Vec<usize>,
}

/// What a document promises of one message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageTerms {
    /// The `name`, else the `messageId` (2.x), else the key it stands under or is referred to by, else the word
    /// `publish` or `subscribe`.
    pub name: Spanned,
    /// All names it goes by; none if it has no name.
    pub names: Vec<Spanned>,
    /// `contentType`, its own, a trait's, or the document's default.
    pub content_type: Option<Spanned>,
    /// `x-ordering-key` or `x-partition-key`.
    pub ordering_key: Option<Spanned>,
    /// The fields that the Kafka key is made of.
    pub key_fields: Vec<Spanned>,
    /// `x-compatibility` or `x-compatibility-mode` of the message or its payload.
    pub compatibility: Option<Spanned>,
    /// The headers, those of traits included.
    pub headers: Fields,
    /// The payload.
    pub payload: Fields,
    /// The file that describes the payload, as the reference names it.
    pub payload_file: Option<Spanned>,
}

/// What the document promises. Versions from 3 on, and versions that cannot be read, are read as 3.x.
pub fn terms(tree: &Tree) -> Terms {
    let Some(root) = tree.root().filter(|it| it.get("asyncapi").is_some()) else { return Terms::default() };
    let is_2 =
        root.get("asyncapi").and_then(Node::scalar).is_some_and(|it| it.starts_with("2.") || it.starts_with("1."));
    let mut reader = Reader { root, messages: Vec::new(), seen: BTreeMap::new(), visits: MAX_VISITS };
    let mut channels: Vec<ChannelTerms> = Vec::new();
    // Which channel each node is.
    let mut places = BTreeMap::new();
    for entry in root.get("channels").into_iter().flat_map(Node::entries) {
        let body = follow(root, entry.value).unwrap_or(entry.value);
        let key = Spanned::of_key(entry);
        let address = if is_2 { Some(key.clone()) } else { text_at(body, "address") };
        let messages = if is_2 { reader.messages_of_2(body) } else { reader.messages_of_3(body) };
        let mut bindings = bindings::of_channel(root, body);
        for operation in ["publish", "subscribe"].into_iter().filter(|_| is_2).filter_map(|it| body.get(it)) {
            bindings::losses_of_operation(root, operation, &mut bindings.losses);
        }
        places.insert(entry.value.id(), channels.len());
        places.entry(body.id()).or_insert(channels.len());
        channels.push(ChannelTerms {
            key,
            address,
            topic: bindings.topic,
            owner: first(body, &["x-owner", "x-owner-team", "x-team"]),
            ordering_key: first(body, &ORDERING),
            retention: bindings
                .retention
                .into_iter()
                .chain(first(body, &["x-retention"]).map(Retention::words))
                .collect(),
            compacted: bindings.compacted,
            partitions: bindings.partitions.or_else(|| first(body, &["x-partitions"])),
            dlq: bindings
                .dlq
                .into_iter()
                .chain(first(body, &["x-dlq", "x-dead-letter-channel", "x-dead-letter-queue"]))
                .collect(),
            losses: bindings.losses,
            compatibility: first(body, &COMPATIBILITY),
            messages,
        });
    }
    for operation in root.get("operations").into_iter().flat_map(Node::entries).filter_map(|it| follow(root, it.value))
    {
        let Some(Target::Node(named)) =
            operation.get("channel").and_then(|it| Some(target(root, it.get("$ref")?.as_str()?)))
        else {
            continue;
        };
        let place = places.get(&named.id()).or_else(|| places.get(&follow(root, named)?.id()));
        if let Some(channel) = place.and_then(|it| channels.get_mut(*it)) {
            bindings::losses_of_operation(root, operation, &mut channel.losses);
        }
    }
    let info = root.get("info");
    Terms {
        owner: info.into_iter().chain([root]).find_map(|it| first(it, &["x-owner", "x-owner-team", "x-team"])),
        contact: info.and_then(|it| text_at(it.get("contact")?, "name")),
        channels,
        messages: reader.messages,
    }
}

const ORDERING: [&str; 2] = ["x-ordering-key", "x-partition-key"];
/// The extensions that name a compatibility mode, in schemas too.
pub const COMPATIBILITY: [&str; 2] = ["x-compatibility", "x-compatibility-mode"];

struct Reader<'t> {
    root: Node<'t>,
    messages: Vec<MessageTerms>,
    /// Where the messages behind these nodes are.
    seen: BTreeMap<NodeId, usize>,
    /// How many more schemas may be looked at.
    visits: usize,
}

impl<'t> Reader<'t> {
    fn messages_of_3(&mut self, channel: Node<'t>) -> Vec<usize> {
        let entries =
            channel.get("messages").into_iter().flat_map(Node::entries).filter(|it| !it.key.starts_with("x-"));
        entries.filter_map(|it| self.message(Some(Spanned::of_key(it)), &Spanned::of_key(it), it.value)).collect()
    }

    fn messages_of_2(&mut self, channel: Node<'t>) -> Vec<usize> {
        let mut found = Vec::new();
        for verb in ["publish", "subscribe"] {
            let Some(operation) = channel.entry(verb) else { continue };
            let message = operation.value.get("message");
            let choices = message.and_then(|it| it.get("oneOf"));
            let one = message.filter(|_| choices.is_none());
            for node in one.into_iter().chain(choices.into_iter().flat_map(Node::items)) {
                let reference = node.get("$ref").and_then(Spanned::of_scalar).and_then(|it| {
                    let last = it.text.rsplit(['/', '#']).next().filter(|it| !it.is_empty())?;
                    Some(Spanned { text: last.into(), span: it.span })
                });
                found.extend(self.message(reference, &Spanned::of_key(operation), node));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The place of a message; it is read at its first mention.
    fn message(&mut self, key: Option<Spanned>, place: &Spanned, node: Node<'t>) -> Option<usize> {
        let body = follow(self.root, node)?;
        if let Some(at) = self.seen.get(&body.id()) {
            return Some(*at);
        }
        let message = self.read(key, place, body);
        self.seen.insert(body.id(), self.messages.len());
        self.messages.push(message);
        Some(self.messages.len() - 1)
    }

    fn read(&mut self, key: Option<Spanned>, place: &Spanned, body: Node<'t>) -> MessageTerms {
        let root = self.root;
        let traits: Vec<_> =
            body.get("traits").into_iter().flat_map(Node::items).filter_map(|it| follow(root, it)).collect();
        let parts = || [body].into_iter().chain(traits.iter().copied());
        let mut headers = FieldReader::new(root, &mut self.visits);
        parts().filter_map(|it| it.get("headers")).for_each(|it| headers.add_json(it));
        let headers = headers.finish();
        let schema =
            body.get("payload").map(|it| it.get("schema").filter(|_| it.get("schemaFormat").is_some()).unwrap_or(it));
        let format = body.get("payload").and_then(|it| it.get("schemaFormat")).or_else(|| body.get("schemaFormat"));
        let mut payload = FieldReader::new(root, &mut self.visits);
        if let Some(schema) = schema {
            payload.add(schema, format.and_then(Node::as_str));
        }
        let payload = payload.finish();
        let mut names: Vec<Spanned> = parts().find_map(|it| text_at(it, "name")).into_iter().collect();
        names.extend(text_at(body, "messageId").into_iter().chain(key));
        let behind = schema.and_then(|it| follow(root, it));
        MessageTerms {
            name: names.first().unwrap_or(place).clone(),
            names,
            content_type: parts()
                .find_map(|it| text_at(it, "contentType"))
                .or_else(|| text_at(root, "defaultContentType")),
            ordering_key: parts().find_map(|it| first(it, &ORDERING)),
            key_fields: parts()
                .map(|it| bindings::key_of_message(root, it))
                .find(|it| !it.is_empty())
                .unwrap_or_default(),
            compatibility: parts().chain(behind).find_map(|it| first(it, &COMPATIBILITY)),
            headers,
            payload,
            payload_file: schema.and_then(|it| text_at(it, "$ref")).filter(|it| !it.text.starts_with('#')),
        }
    }
}

fn first(node: Node<'_>, keys: &[&str]) -> Option<Spanned> {
    keys.iter().find_map(|it| text_at(node, it)).filter(|it| !it.text.trim().is_empty())
}

fn text_at(node: Node<'_>, key: &str) -> Option<Spanned> {
    Spanned::of_scalar(node.get(key)?)
}

#[cfg(test)]
mod tests;
