//! What the bindings of brokers promise.

use archwright_syntax::data::Node;

use super::text_at;
use crate::Text;
use crate::references::follow;

/// How long messages are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Retention {
    /// The value as it is written.
    pub value: Text,
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
    pub(super) fn words(value: Text) -> Self {
        Self { value, unit: Unit::Words }
    }
}

/// What the bindings of a channel promise.
#[derive(Default)]
pub(super) struct ChannelBindings {
    pub topic: Option<Text>,
    pub retention: Vec<Retention>,
    pub compacted: Option<Text>,
    pub partitions: Option<Text>,
    pub dlq: Vec<Text>,
}

pub(super) fn of_channel(root: Node<'_>, channel: Node<'_>) -> ChannelBindings {
    let Some(bindings) = channel.get("bindings").and_then(|it| follow(root, it)) else { return ChannelBindings::default() };
    let protocol = |name: &str| bindings.get(name).and_then(|it| follow(root, it));
    let mut found = ChannelBindings::default();
    let mut retention =
        |node: Option<Node<'_>>, unit| found.retention.extend(node.and_then(Text::of).map(|value| Retention { value, unit }));
    if let Some(kafka) = protocol("kafka") {
        found.topic = text_at(kafka, "topic");
        found.partitions = text_at(kafka, "partitions");
        if let Some(topic) = kafka.get("topicConfiguration") {
            let policies: Vec<Node<'_>> = topic
                .get("cleanup.policy")
                .into_iter()
                .flat_map(|it| if it.scalar().is_some() { vec![it] } else { it.items().collect() })
                .collect();
            match policies.as_slice() {
                [only] if only.as_str() == Some("compact") => found.compacted = Text::of(*only),
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
        let target = queue.and_then(|it| it.get("redrivePolicy")?.get("deadLetterQueue")).or_else(|| sqs.get("deadLetterQueue"));
        let target = target.and_then(|it| follow(root, it));
        found.dlq.extend(target.and_then(|it| text_at(it, "name").or_else(|| text_at(it, "arn"))));
    }
    found
}

/// How many fields a key has at most.
const MAX_KEY_FIELDS: usize = 16;

/// The fields that the Kafka key is made of, where its schema tells: the properties of an object, or the property that a
/// reference leads to.
pub(super) fn key_of_message(root: Node<'_>, message: Node<'_>) -> Vec<Text> {
    let kafka = message.get("bindings").and_then(|it| follow(root, it)).and_then(|it| follow(root, it.get("kafka")?));
    let Some(key) = kafka.and_then(|it| it.get("key")) else { return Vec::new() };
    if let Some(reference) = text_at(key, "$ref")
        && let Some((_, name)) = reference.text.rsplit_once("/properties/")
    {
        return vec![Text { text: name.into(), span: reference.span }];
    }
    let Some(key) = follow(root, key) else { return Vec::new() };
    key.get("properties").into_iter().flat_map(Node::entries).take(MAX_KEY_FIELDS).map(Text::of_key).collect()
}
