//! What the bindings of brokers promise.

use archwright_syntax::data::Node;

use super::text_at;
use archwright_syntax::{Spanned, data::follow};

/// How long messages are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Retention {
    /// The value as it is written.
    pub value: Spanned,
    /// What it counts.
    pub unit: Unit,
}

/// What the number of a retention counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unit {
    /// Milliseconds; -1 is forever.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes; -1 is forever.
    Minutes,
    /// The value says it itself: `7 days`, `86400s`.
    Words,
}

impl Retention {
    pub(super) fn words(value: Spanned) -> Self {
        Self { value, unit: Unit::Words }
    }
}

/// A setting with which messages get lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loss {
    /// The value.
    pub value: Spanned,
    /// What it does.
    pub kind: LossKind,
}

/// How messages get lost.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LossKind {
    /// Kafka: `replicas: 1`.
    OneReplica,
    /// MQTT: `qos: 0`.
    FireAndForget,
    /// AMQP: `ack: false`.
    NoAcknowledgement,
    /// AMQP: `deliveryMode: 1`.
    Transient,
    /// Solace: `deliveryMode: direct`.
    Direct,
}

/// What the bindings of a channel promise.
#[derive(Default)]
pub(super) struct ChannelBindings {
    pub topic: Option<Spanned>,
    pub retention: Vec<Retention>,
    pub compacted: Option<Spanned>,
    pub partitions: Option<Spanned>,
    pub dlq: Vec<Spanned>,
    pub losses: Vec<Loss>,
}

pub(super) fn of_channel(root: Node<'_>, channel: Node<'_>) -> ChannelBindings {
    let Some(bindings) = channel.get("bindings").and_then(|it| follow(root, it)) else {
        return ChannelBindings::default();
    };
    let protocol = |name: &str| bindings.get(name).and_then(|it| follow(root, it));
    let mut found = ChannelBindings::default();
    let mut retention = |node: Option<Node<'_>>, unit| {
        found.retention.extend(node.and_then(Spanned::of_scalar).map(|value| Retention { value, unit }));
    };
    if let Some(kafka) = protocol("kafka") {
        found.topic = text_at(kafka, "topic");
        found.partitions = text_at(kafka, "partitions");
        found.losses.extend(loss(kafka, "replicas", "1", LossKind::OneReplica));
        if let Some(topic) = kafka.get("topicConfiguration") {
            let policies: Vec<Node<'_>> = topic
                .get("cleanup.policy")
                .into_iter()
                .flat_map(|it| if it.scalar().is_some() { vec![it] } else { it.items().collect() })
                .collect();
            match policies.as_slice() {
                [only] if only.as_str() == Some("compact") => found.compacted = Spanned::of_scalar(*only),
                _ => retention(topic.get("retention.ms"), Unit::Milliseconds),
            }
        }
    }
    if let Some(pulsar) = protocol("pulsar") {
        retention(pulsar.get("retention").and_then(|it| it.get("time")), Unit::Minutes);
    }
    if let Some(pubsub) = protocol("googlepubsub") {
        retention(pubsub.get("messageRetentionDuration"), Unit::Words);
    }
    if let Some(sqs) = protocol("sqs") {
        let queue = sqs.get("queue").and_then(|it| follow(root, it));
        retention(queue.and_then(|it| it.get("messageRetentionPeriod")), Unit::Seconds);
        // The redrive policy is what counts; the queue beside it only describes the target.
        let target =
            queue.and_then(|it| it.get("redrivePolicy")?.get("deadLetterQueue")).or_else(|| sqs.get("deadLetterQueue"));
        let target = target.and_then(|it| follow(root, it));
        found.dlq.extend(target.and_then(|it| text_at(it, "name").or_else(|| text_at(it, "arn"))));
    }
    found
}

/// How many lossy settings of one channel are told, each at its place.
const MAX_LOSSES: usize = 2_000;

/// Adds the settings of an operation with which messages get lost.
pub(super) fn losses_of_operation(root: Node<'_>, operation: Node<'_>, losses: &mut Vec<Loss>) {
    let traits = operation.get("traits").into_iter().flat_map(Node::items).filter_map(|it| follow(root, it));
    for part in [operation].into_iter().chain(traits) {
        let Some(bindings) = part.get("bindings").and_then(|it| follow(root, it)) else { continue };
        let protocol = |name: &str| bindings.get(name).and_then(|it| follow(root, it));
        let mqtt = protocol("mqtt").and_then(|it| loss(it, "qos", "0", LossKind::FireAndForget));
        let amqp = protocol("amqp").or_else(|| protocol("amqp1"));
        let ack = amqp.and_then(|it| loss(it, "ack", "false", LossKind::NoAcknowledgement));
        let mode = amqp.and_then(|it| loss(it, "deliveryMode", "1", LossKind::Transient));
        let destinations = protocol("solace").and_then(|it| it.get("destinations"));
        let solace = destinations
            .into_iter()
            .flat_map(Node::items)
            .filter_map(|it| loss(it, "deliveryMode", "direct", LossKind::Direct));
        for loss in [mqtt, ack, mode].into_iter().flatten().chain(solace) {
            // What operations share is told once.
            if losses.len() < MAX_LOSSES && losses.iter().all(|it| it.value.span != loss.value.span) {
                losses.push(loss);
            }
        }
    }
}

fn loss(node: Node<'_>, key: &str, lossy: &str, kind: LossKind) -> Option<Loss> {
    text_at(node, key).filter(|it| it.text == lossy).map(|value| Loss { value, kind })
}

/// How many fields a key has at most: many more than one that anybody could order by.
const MAX_KEY_FIELDS: usize = 256;

/// The fields that the Kafka key is made of, where its schema tells: the properties of an object, the property that a
/// reference leads to, or the only field that a short description names.
pub(super) fn key_of_message(root: Node<'_>, message: Node<'_>) -> Vec<Spanned> {
    let kafka = message.get("bindings").and_then(|it| follow(root, it)).and_then(|it| follow(root, it.get("kafka")?));
    let Some(key) = kafka.and_then(|it| it.get("key")) else { return Vec::new() };
    if let Some(reference) = text_at(key, "$ref")
        && let Some((_, name)) = reference.text.rsplit_once("/properties/")
    {
        return vec![Spanned { text: name.into(), span: reference.span }];
    }
    let Some(key) = follow(root, key) else { return Vec::new() };
    let properties = key.get("properties").into_iter().flat_map(Node::entries).take(MAX_KEY_FIELDS);
    let fields: Vec<Spanned> = properties.map(Spanned::of_key).collect();
    if fields.is_empty() { described_key(key).into_iter().collect() } else { fields }
}

/// The field that the description of a key names: `order_id` of `The order_id.`
fn described_key(key: Node<'_>) -> Option<Spanned> {
    /// A longer description tells of more than the name.
    const MOST_WORDS: usize = 6;
    let said = ["description", "title"].iter().find_map(|it| text_at(key, it))?;
    let marks = |it: char| !it.is_ascii_alphanumeric();
    let is_name = |it: &&str| it.contains('_') && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    let words = said.text.split_whitespace().map(|it| it.trim_matches(marks));
    let mut names = words.clone().filter(is_name);
    let name = names.next().filter(|_| names.next().is_none() && words.count() <= MOST_WORDS)?;
    Some(Spanned { text: name.into(), span: said.span })
}
