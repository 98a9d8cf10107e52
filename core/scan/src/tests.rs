//! Code as people write it for each client, then what looks like messaging and is not.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

/// The findings in lines: action, channel, library and the start of the call.
fn show(text: &str, language: Language) -> String {
    let mut out = String::new();
    let findings = scan(text, language);
    for it in &findings.sites {
        assert_eq!(it.channel.span.of(text), it.channel.text, "written without escapes");
        let call = it.call.of(text).lines().next().unwrap_or_default();
        let _ = writeln!(
            out,
            "{:?} {} ({}) `{}`",
            it.action,
            it.channel.text,
            it.library,
            call.chars().take(50).collect::<String>()
        );
    }
    for it in &findings.patterns {
        let _ = writeln!(out, "pattern {}", it.name.text);
    }
    out
}

#[test]
fn kafkajs() {
    let text = r#"
import { Kafka } from "kafkajs";
const PAID = 'payments.paid.v1';
const TOPICS = { held: "orders.held.v1", ['x']: 1 } as const;
export async function run(producer: Producer, topic: string) {
  // Pattern: Transactional Outbox - one commit.
  await producer.send({ topic: "orders.placed.v1", messages: [] });
  await producer.send({ topic: PAID, messages: [] });
  await this.bus.send({ messages, topic: TOPICS.held });
  await producer.send({ topic, messages: [] });
  await producer.send({ topic: `orders.${kind}`, messages: [] });
  await producer.sendBatch({ topicMessages: [{ topic: "a.v1", messages }, { topic: `b.v1`, messages }] });
  const consumer = kafka.consumer({ groupId: "g" });
  await consumer.subscribe({ topics: ["c.v1", PAID] });
  await consumer.subscribe({ topic: "d.v1", fromBeginning: true });
  await consumer.subscribe({ topic: /orders.*/ });
}
"#;
    insta::assert_snapshot!(show(text, Language::TypeScript), @r#"
    Send orders.placed.v1 (kafkajs) `producer.send({ topic: "orders.placed.v1", message`
    Send payments.paid.v1 (kafkajs) `producer.send({ topic: PAID, messages: [] })`
    Send orders.held.v1 (kafkajs) `this.bus.send({ messages, topic: TOPICS.held })`
    Send a.v1 (kafkajs) `producer.sendBatch({ topicMessages: [{ topic: "a.v`
    Send b.v1 (kafkajs) `producer.sendBatch({ topicMessages: [{ topic: "a.v`
    Receive payments.paid.v1 (kafkajs) `consumer.subscribe({ topics: ["c.v1", PAID] })`
    Receive c.v1 (kafkajs) `consumer.subscribe({ topics: ["c.v1", PAID] })`
    Receive d.v1 (kafkajs) `consumer.subscribe({ topic: "d.v1", fromBeginning:`
    pattern Transactional Outbox
    "#);
}

#[test]
fn other_clients_of_javascript() {
    let text = r#"
const amqp = require('amqplib');
const { connect } = require("nats");
const { Producer } = require("node-rdkafka");
const stream = new Producer({});
stream.produce("clicks", null, payload);
async function go(connection) {
  const out = await connection.createChannel();
  out.publish("orders", "orders.placed", payload);
  out.publish("fanout", "", payload);
  out.publish(exchange, key, payload);
  out.sendToQueue("invoices", payload);
  this.channel.consume("invoices", handle);
  const nc = await connect();
  nc.publish("parcels.sent", payload);
  for await (const m of nc.subscribe("parcels.lost")) {}
}
"#;
    insta::assert_snapshot!(show(text, Language::JavaScript), @r#"
    Send clicks (node-rdkafka) `stream.produce("clicks", null, payload)`
    Send orders.placed (amqplib) `out.publish("orders", "orders.placed", payload)`
    Send fanout (amqplib) `out.publish("fanout", "", payload)`
    Send invoices (amqplib) `out.sendToQueue("invoices", payload)`
    Receive invoices (amqplib) `this.channel.consume("invoices", handle)`
    Send parcels.sent (nats) `nc.publish("parcels.sent", payload)`
    Receive parcels.lost (nats) `nc.subscribe("parcels.lost")`
    "#);
}

#[test]
fn decorators_of_nestjs() {
    let text = r#"
import { ClientProxy, EventPattern } from "@nestjs/microservices";
enum Event { Paid = "paid" }
class Orders {
  constructor(private readonly bus: ClientProxy) {}
  @EventPattern(Event.Paid)
  async paid() { this.client.emit("shipped", {}); }
}
"#;
    insta::assert_snapshot!(show(text, Language::Tsx), @r#"
    Receive paid (@nestjs/microservices) `EventPattern(Event.Paid)`
    Send shipped (@nestjs/microservices) `this.client.emit("shipped", {})`
    "#);
}

#[test]
fn kafka_clients_of_python() {
    let text = r#"
from confluent_kafka import Producer, Consumer
from aiokafka import AIOKafkaConsumer
import kafka as k
TOPIC = "orders.placed.v1"
class Topics:
    PAID = "payments.paid.v1"
def run(out: Producer, settings):
    # Pattern: Competing Consumers; one group.
    out.produce(TOPIC, value=b"")
    out.produce(topic=Topics.PAID)
    out.produce(f"orders.{kind}")
    source = Consumer(settings)
    source.subscribe(["a.v1", "b.v1"])
    k.KafkaConsumer("c.v1", "d.v1", group_id="g")
    with k.KafkaProducer() as sink:
        sink.send("e.v1", value=b"")
    self._producer.send(u"f.v1")
    return AIOKafkaConsumer("g.v1")
"#;
    insta::assert_snapshot!(show(text, Language::Python), @r#"
    Send orders.placed.v1 (confluent-kafka) `out.produce(TOPIC, value=b"")`
    Send payments.paid.v1 (confluent-kafka) `out.produce(topic=Topics.PAID)`
    Receive a.v1 (confluent-kafka) `source.subscribe(["a.v1", "b.v1"])`
    Receive b.v1 (confluent-kafka) `source.subscribe(["a.v1", "b.v1"])`
    Receive c.v1 (kafka-python) `k.KafkaConsumer("c.v1", "d.v1", group_id="g")`
    Receive d.v1 (kafka-python) `k.KafkaConsumer("c.v1", "d.v1", group_id="g")`
    Send e.v1 (kafka-python) `sink.send("e.v1", value=b"")`
    Send f.v1 (aiokafka) `self._producer.send(u"f.v1")`
    Receive g.v1 (aiokafka) `AIOKafkaConsumer("g.v1")`
    pattern Competing Consumers
    "#);
}

#[test]
fn other_clients_of_python() {
    let text = r#"
import pika, nats
from faststream.kafka import KafkaBroker
channel.basic_publish(exchange="", routing_key="invoices", body=b"")
channel.basic_publish("orders", "", b"")
channel.basic_consume(queue="invoices", on_message_callback=handle)
broker = KafkaBroker()
@broker.subscriber("parcels.sent", "parcels.lost")
@broker.publisher("parcels.found")
async def handle(message):
    nc = await nats.connect()
    await nc.publish("parcels.seen", b"")
    await nc.subscribe(subject="parcels.*")
"#;
    insta::assert_snapshot!(show(text, Language::Python), @r#"
    Send invoices (pika) `channel.basic_publish(exchange="", routing_key="in`
    Send orders (pika) `channel.basic_publish("orders", "", b"")`
    Receive invoices (pika) `channel.basic_consume(queue="invoices", on_message`
    Receive parcels.sent (faststream) `broker.subscriber("parcels.sent", "parcels.lost")`
    Receive parcels.lost (faststream) `broker.subscriber("parcels.sent", "parcels.lost")`
    Send parcels.found (faststream) `broker.publisher("parcels.found")`
    Send parcels.seen (nats-py) `nc.publish("parcels.seen", b"")`
    Receive parcels.* (nats-py) `nc.subscribe(subject="parcels.*")`
    "#);
}

#[test]
fn a_constant_counts_only_where_it_is_what_is_meant() {
    let text = r#"
import { Kafka } from "kafkajs";
const topic = "outer";
let changing = "a";
function parameter(topic) { producer.send({ topic }); }
function inner() { const topic = "inner"; producer.send({ topic }); }
function outer() { producer.send({ topic }); }
function loop(all) { for (const topic of all) { producer.send({ topic }); } }
function destructured({ topic }) { producer.send({ topic: topic }); }
producer.send({ topic: changing });
const a = b, b = a;
producer.send({ topic: a });
"#;
    insta::assert_snapshot!(show(text, Language::JavaScript), @"
    Send inner (kafkajs) `producer.send({ topic })`
    Send outer (kafkajs) `producer.send({ topic })`
    ");
}

#[test]
fn what_looks_like_messaging_and_is_not() {
    let code = |line: &str| {
        format!("import x from \"amqplib\";\nimport y from \"nats\";\nimport z from \"kafkajs\";\n{line}\n")
    };
    for line in [
        "app.get('/x', (req, res) => res.send('orders'));",
        "emitter.publish('orders', 'x');",
        "events$.subscribe('orders');",
        "function f(channel: BroadcastChannel) { channel.publish('orders', 'x'); }",
        "publish('orders');",
        "// producer.send({ topic: 'orders' })",
        "const s = \"producer.send({ topic: 'orders' }) // Pattern: Saga\";",
        "producer.send({ topic: '' });",
        "producer.send({ ...options, topic: 'a', topic: 'b' });",
    ] {
        assert_eq!(show(&code(line), Language::TypeScript), "", "{line}");
    }
    assert_eq!(show("producer.send({ topic: 'orders' }); // kafkajs is not imported", Language::JavaScript), "");
    assert_eq!(show("import x from './kafkajs';\nproducer.send({ topic: 'orders' });", Language::JavaScript), "");
    assert_eq!(show("from .kafka import x\nproducer.send('orders')", Language::Python), "");
}

#[test]
fn code_that_a_program_wrote_is_not_scanned() {
    let text = "import 'kafkajs'; producer.send({ topic: 'a' });";
    assert_eq!(scan(text, Language::JavaScript).sites.len(), 1);
    assert_eq!(
        scan(&format!("{text} /*{}*/", "x".repeat(6_000)), Language::JavaScript).skipped,
        Some(Skipped::LongLine(5_000))
    );
    let long = scan(&format!("{text}\n{}", "x;\n".repeat(1_000_000)), Language::JavaScript);
    assert_eq!(long.skipped, Some(Skipped::Long(1024 * 1024)));
    assert_eq!(scan(&"x;\n".repeat(1_000_000), Language::JavaScript), Messaging::default());
}

#[test]
fn deep_and_broken_code_ends() {
    assert!(is_deep(&"a<b,\n".repeat(20_000)) && !is_deep(&"if (a < b) { c(); }\n".repeat(20_000)));
    for piece in ["(", "{a:", "!", "x=>"] {
        scan(&format!("import 'kafkajs';\n{}", format!("{piece}\n").repeat(5_000)), Language::TypeScript);
    }
    for piece in ["(", "not ", "f\"{"] {
        scan(&format!("import kafka\n{}", format!("{piece}\n").repeat(5_000)), Language::Python);
    }
}

#[test]
fn names_fall_into_words() {
    assert_eq!(words("orderProducer_v2"), ["order", "producer", "v2"]);
    assert_eq!(words("NC"), ["nc"]);
    assert_eq!(words("_ch")[1..], ["ch"]);
}

#[test]
fn the_sample_services_yield_their_sites() {
    let mut out = String::new();
    for (file, language) in [
        ("checkout/src/outbox.ts", Language::TypeScript),
        ("checkout/src/payments-consumer.ts", Language::TypeScript),
        ("payments/payments/breaker.py", Language::Python),
        ("payments/payments/capture.py", Language::Python),
        ("payments/payments/outbox.py", Language::Python),
    ] {
        let path = format!("{}/../../tests/workspaces/shop/services/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let _ = writeln!(out, "{file}\n{}", show(&text, language));
    }
    insta::assert_snapshot!(out, @r#"
    checkout/src/outbox.ts
    Send orders.placed.v1 (kafkajs) `producer.send({ topic: "orders.placed.v1", acks: -`
    Send orders.cancelled.v1 (kafkajs) `producer.send({ topic: "orders.cancelled.v1", acks`
    pattern Process Manager
    pattern Transactional Outbox

    checkout/src/payments-consumer.ts
    Receive payments.captured.v1 (kafkajs) `consumer.subscribe({ topics: ["payments.captured.v`
    Send payments.captured.v1.dlq (kafkajs) `producer.send({`
    pattern Idempotent Receiver
    pattern Dead Letter Channel

    payments/payments/breaker.py
    pattern Circuit Breaker

    payments/payments/capture.py
    Receive orders.placed.v1 (aiokafka) `AIOKafkaConsumer(`
    Send orders.placed.v1.dlq (aiokafka) `producer.send_and_wait(`
    pattern Competing Consumers
    pattern Idempotent Receiver
    pattern Dead Letter Channel

    payments/payments/outbox.py
    Send payments.captured.v1 (aiokafka) `producer.send_and_wait(`
    pattern Transactional Outbox
    "#);
}

/// Pieces of code, so that random texts get beyond the first error.
const PIECES: [&str; 30] = [
    "import 'kafkajs';\n",
    "import kafka\n",
    "import nats\n",
    "// Pattern: Saga - x\n",
    "# Pattern: Größe; y\n",
    "producer.send(",
    "{",
    "}",
    "topic:",
    "'a'",
    "\"b\\x2e\"",
    "`c${x}`",
    ")",
    "(",
    "const X = ",
    "X",
    ";\n",
    "\n",
    "    ",
    "KafkaConsumer(",
    "subscribe(",
    "[",
    "]",
    ",",
    "def f(",
    "):\n",
    "function f(",
    "f\"{x}\"",
    "é",
    "r'\\d'",
];

proptest! {
    #[test]
    fn any_text_can_be_scanned(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40),
        noise in "\\PC{0,8}",
    ) {
        let text = pieces.concat() + &noise;
        for language in [Language::JavaScript, Language::TypeScript, Language::Tsx, Language::Python] {
            let findings = scan(&text, language);
            let sites = findings.sites.iter().flat_map(|it| [it.channel.span, it.call]);
            for span in sites.chain(findings.patterns.iter().flat_map(|it| [it.span, it.name.span])) {
                prop_assert!(text.get(span.range()).is_some());
            }
        }
    }
}
