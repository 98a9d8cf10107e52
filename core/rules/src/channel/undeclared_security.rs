//! `channel/undeclared-security`: an AsyncAPI document that lets everybody in, where the feature lets nobody in without
//! proof.

use archwright_model::facts::Topic;

use crate::{prelude::*, stated::stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/undeclared-security",
    severity: Severity::Warning,
    summary: "The feature says how brokers are logged in to, and its AsyncAPI document declares no security.",
    applies_to: &[Kind::Asyncapi],
    any_dialect: false,
    sources: &["A-235", "A-377"],
    page: include_str!("undeclared_security.md"),
    check,
    ..Rule::OURS
};

/// Servers of other protocols are logged in to in other ways.
const BROKERS: [&str; 17] = [
    "kafka",
    "kafka-secure",
    "amqp",
    "amqps",
    "amqp1",
    "mqtt",
    "mqtts",
    "mqtt5",
    "secure-mqtt",
    "nats",
    "pulsar",
    "jms",
    "stomp",
    "stomps",
    "solace",
    "redis",
    "ibmmq",
];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(root) = facts.asyncapi().and_then(|it| it.tree.root()).filter(|_| facts.opted_in()) else { return };
    let Some(servers) = root.get("servers") else { return };
    // A server that stands elsewhere may say anything.
    let is_open = |it: archwright_syntax::data::Node<'_>| it.get("$ref").is_none() && it.get("security").is_none();
    let operations = root.get("operations").into_iter().flat_map(archwright_syntax::data::Node::entries);
    if !servers.entries().all(|it| is_open(it.value))
        || operations.into_iter().any(|it| it.value.get("security").is_some())
    {
        return;
    }
    let is_broker = |it: archwright_syntax::data::Node<'_>| {
        it.get("protocol")
            .and_then(archwright_syntax::data::Node::scalar)
            .is_some_and(|it| BROKERS.contains(&it.trim()))
    };
    let Some(first) = servers.entries().find(|it| is_broker(it.value)) else { return };
    let stated = stated(cx, Topic::BrokerLogin);
    let Some(said) = stated.first() else { return };
    let message = format!(
        "The feature's documents say that the broker asks for {}, and no server here declares `security`: tools that \
         read this connect without it. Declare the scheme.",
        said.statement.subject
    );
    let related = cx.related(said.file, said.statement.span, "said here");
    reporter.report(first.key_span, message).related.push(related);
}
