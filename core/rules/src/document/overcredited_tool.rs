//! `document/overcredited-tool`: a table that credits a product with a pattern that it does not have.

use archwright_knowledge::{lexicon::technology, pattern};
use archwright_model::values::value;

use super::register::tool_column;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/overcredited-tool",
    severity: Severity::Info,
    summary: "A table of patterns credits a product alone with a pattern that it does not have.",
    applies_to: &[
        Kind::Design,
        Kind::Rfc,
        Kind::Overview,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    sources: &["A-132"],
    page: include_str!("overcredited_tool.md"),
    check,
    ..Rule::OURS
};

/// What a product does not do, by its name and that of the pattern, and who does it.
const LACKING: [(&[&str], &str, &str); 9] = [
    (
        &["Apache Kafka", "RabbitMQ", "Amazon SQS", "Amazon SNS", "NATS", "Google Cloud Pub/Sub"],
        "Idempotent Receiver",
        "the consumer knows by a key in its own store what it has handled",
    ),
    (&["Apache Kafka"], "Dead Letter Channel", "the consumer or its framework puts the message aside"),
    (&["Temporal", "AWS Step Functions", "Camunda"], "Circuit Breaker", "the step that calls the dependency opens it"),
    (&["Istio", "Linkerd", "Envoy"], "Idempotent Receiver", "a proxy sees requests and not what they did"),
    (&["Istio", "Linkerd", "Envoy"], "Dead Letter Channel", "a proxy keeps no messages"),
    (&["NATS"], "Guaranteed Delivery", "without JetStream a message is gone when nobody listens"),
    (&["NATS"], "Durable Subscriber", "without JetStream a message is gone when nobody listens"),
    (&["Redis"], "Lease with Fencing Token", "the store that is written to has to refuse the older token"),
    (&["Debezium"], "Idempotent Receiver", "its readers see repetitions and know them by a key of their own"),
];

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let (tree, text) = (document.tree, document.text);
    for table in &tree.tables {
        let Some(at) = document.column(table, Role::Pattern) else { continue };
        let Some(tool) = tool_column(document, table) else { continue };
        for row in tree.rows(table) {
            let cell = |at: usize| tree.cells(row).get(at).copied();
            let Some((named, used)) = cell(at).zip(cell(tool)) else { continue };
            let Some(named) = pattern(&value::plain(named.of(text))) else { continue };
            // What has more to say names who does the rest.
            let Some(used_as) = technology(&value::plain(used.of(text))) else { continue };
            let is_it = |it: &&(&[&str], &str, &str)| it.0.contains(&used_as.name.as_str()) && it.1 == named.name;
            let Some((_, _, who)) = LACKING.iter().find(is_it) else { continue };
            let message = format!("{} has no {} of its own: {who}. Say who does that here.", used_as.name, named.name);
            reporter.report(used, message);
        }
    }
}
