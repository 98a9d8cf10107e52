//! `channel/other-broker`: an AsyncAPI document that connects to another broker than the design sends through.

use archwright_model::facts::Topic;
use archwright_syntax::data::Node;

use crate::{prelude::*, stated::stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/other-broker",
    severity: Severity::Info,
    summary: "An AsyncAPI document connects to another broker than the design sends through.",
    applies_to: &[Kind::Asyncapi],
    any_dialect: false,
    sources: &["A-115", "A-235"],
    page: include_str!("other_broker.md"),
    check,
    ..Rule::OURS
};

/// Brokers that are called by what they speak.
struct Broker {
    /// As the lexicon calls them.
    names: &'static [&'static str],
    /// The names that AsyncAPI gives to what they speak.
    protocols: &'static [&'static str],
}

const BROKERS: [Broker; 6] = [
    Broker { names: &["Apache Kafka", "Amazon MSK", "Redpanda"], protocols: &["kafka", "kafka-secure"] },
    Broker {
        names: &["RabbitMQ"],
        protocols: &["amqp", "amqps", "amqp1", "mqtt", "mqtts", "mqtt5", "secure-mqtt", "stomp", "stomps"],
    },
    Broker { names: &["Amazon SQS", "Amazon SNS"], protocols: &["sqs", "sns"] },
    Broker { names: &["NATS", "NATS JetStream"], protocols: &["nats", "mqtt", "mqtt5"] },
    Broker { names: &["Google Cloud Pub/Sub"], protocols: &["googlepubsub"] },
    Broker { names: &["Redis Streams"], protocols: &["redis"] },
];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(root) = facts.asyncapi().and_then(|it| it.tree.root()).filter(|_| facts.opted_in()) else { return };
    let said = stated(cx, Topic::Broker);
    let Some(first) = said.first() else { return };
    // What is not known may be spoken by any of them.
    let spoken: Option<Vec<&Broker>> =
        said.iter().map(|it| BROKERS.iter().find(|of| of.names.contains(&it.statement.subject.as_str()))).collect();
    let Some(spoken) = spoken else { return };
    let servers: Vec<_> = root.get("servers").into_iter().flat_map(Node::entries).collect();
    let protocols: Option<Vec<Node>> = servers.iter().map(|it| it.value.get("protocol")).collect();
    let name = |it: &Node| it.scalar().map(|it| it.trim().to_ascii_lowercase()).unwrap_or_default();
    let is_known = |it: &Node| BROKERS.iter().any(|of| of.protocols.contains(&name(it).as_str()));
    let is_spoken = |it: &Node| spoken.iter().any(|of| of.protocols.contains(&name(it).as_str()));
    // A feature may bridge two brokers.
    let Some(protocols) = protocols.filter(|it| it.iter().all(is_known) && !it.iter().any(is_spoken)) else { return };
    let Some(protocol) = protocols.first() else { return };
    let message = format!(
        "The server is reached by `{}`, and the design sends through {}; make the two agree.",
        name(protocol),
        first.statement.subject
    );
    let related = cx.related(first.file, first.statement.span, "the design says so here");
    reporter.report(protocol.span(), message).related.push(related);
}
