//! The same losses in other libraries and other words, and what looks like them and is none.

use super::shop::Shop;

const CONTRACT: &str = "# Contract: orders.placed.v1

## Summary

- **Status**: Active
- **Channel**: `orders.placed.v1`

## Patterns

- Transactional Outbox: the order and its event are stored together.

## Ordering, idempotency, retention

- **Ordering key**: `order_id`
- **Delivery**: at-least-once
";

const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "OrderPlaced",
  "type": "object",
  "required": ["order_id", "total"],
  "properties": {
    "order_id": { "type": "string" },
    "customer_id": { "type": "string" },
    "total": { "type": "integer" }
  }
}
"#;

/// What a review tells of a change of one file of code.
fn told(path: &str, before: &str, after: &str) -> Vec<String> {
    let shop = Shop::with(&[
        ("docs/features/shop/contracts/orders.placed.v1.md", CONTRACT),
        ("docs/features/shop/schemas/orders.placed.v1.json", SCHEMA),
        (path, before),
    ]);
    shop.write(path, after);
    shop.commit("Change");
    let told = shop.told();
    told.into_iter().filter(|it| it.starts_with("review/")).collect()
}

/// What is replaced by what.
type Replaced<'a> = &'a [(&'a str, &'a str)];

/// A change of a file: its path, what it was, what is replaced by what, and the kind of finding.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

/// Each loses one thing, and that is told once.
fn all_tell(cases: &[Case]) {
    let mut failed = Vec::new();
    for (path, before, edits, code) in cases {
        let after = edited(before, edits);
        let told = told(path, before, &after);
        let is_told = told.len() == 1 && told.iter().all(|it| it.starts_with(&format!("review/{code} ")));
        if !is_told {
            failed.push(format!("{code}: {told:#?}\n{edits:#?}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// None loses anything.
fn none_tells(cases: &[(&str, &str, Replaced<'_>)]) {
    let mut failed = Vec::new();
    for (path, before, edits) in cases {
        let told = told(path, before, &edited(before, edits));
        if !told.is_empty() {
            failed.push(format!("{told:#?}\n{edits:#?}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn edited(before: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(before.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?} is not in\n{text}");
        text.replace(from, to)
    })
}

const RABBIT_JS: &str = r#"import amqp from "amqplib";

export async function start(channel: amqp.Channel) {
  await channel.assertQueue("orders.placed.v1", { deadLetterExchange: "orders.dlx" });
  await channel.consume("orders.placed.v1", async (message) => {
    if (!message) return;
    await bill(JSON.parse(message.content.toString()));
    channel.ack(message);
  }, { noAck: false });
}

async function bill(order: { order_id: string; total: number }) {
  await db.query("INSERT INTO bills (id, total) VALUES ($1, $2)", [order.order_id, order.total]);
}
"#;

const RABBIT_PY: &str = r#"import pika


def start(channel):
    channel.basic_consume(queue="orders.placed.v1", on_message_callback=on_message, auto_ack=False)
    channel.start_consuming()


def on_message(channel, method, properties, body):
    try:
        bill(body)
        channel.basic_ack(delivery_tag=method.delivery_tag)
    except ValueError:
        channel.basic_nack(delivery_tag=method.delivery_tag, requeue=False)
"#;

const CONFLUENT_PY: &str = r#"from confluent_kafka import Consumer, Producer


def run(handler):
    consumer = Consumer({"group.id": "billing", "enable.auto.commit": False})
    consumer.subscribe(["orders.placed.v1"])
    while True:
        message = consumer.poll(1.0)
        if message is None:
            continue
        handler.bill(message)
        consumer.commit(message)


def publish(producer: Producer, order):
    producer.produce("orders.placed.v1", key=order.order_id, value=order.json())
"#;

const RETRY_PY: &str = r#"import random
import time

from kafka import KafkaProducer
from tenacity import retry, stop_after_attempt, wait_random_exponential


@retry(stop=stop_after_attempt(5), wait=wait_random_exponential(max=30))
def charge(order):
    gateway.post(order)


def deliver(producer: KafkaProducer, order):
    attempt = 0
    while attempt < 5:
        try:
            producer.send("orders.placed.v1", order, key=order["order_id"])
            return
        except TimeoutError:
            attempt += 1
            time.sleep(min(30, 2**attempt) + random.random())
    raise RuntimeError("not sent")
"#;

const ORM_TS: &str = r#"import { Kafka, Producer } from "kafkajs";

export class Orders {
  constructor(private readonly producer: Producer, private readonly prisma: PrismaClient) {}

  async place(order: Order): Promise<void> {
    await this.prisma.$transaction(async (tx) => {
      await tx.order.create({ data: order });
      await tx.outbox.create({ data: { type: "OrderPlaced", payload: order } });
    });
  }

  async relay(): Promise<void> {
    for (const row of await this.unsent()) {
      await this.producer.send({ topic: "orders.placed.v1", messages: [{ key: row.orderId, value: row.payload }] });
    }
  }
}
"#;

#[test]
fn acknowledgements_are_told_in_every_library() {
    all_tell(&[
        (
            "svc/src/consume.ts",
            RABBIT_JS,
            &[(
                "    await bill(JSON.parse(message.content.toString()));\n    channel.ack(message);\n",
                "    channel.ack(message);\n    await bill(JSON.parse(message.content.toString()));\n",
            )],
            "early-acknowledgement",
        ),
        ("svc/src/consume.ts", RABBIT_JS, &[("noAck: false", "noAck: true")], "early-acknowledgement"),
        ("svc/src/consume.ts", RABBIT_JS, &[("    await bill(", "    void bill(")], "early-acknowledgement"),
        ("svc/src/consume.ts", RABBIT_JS, &[(", { deadLetterExchange: \"orders.dlx\" }", "")], "lost-dead-letter"),
        (
            "svc/consume.py",
            RABBIT_PY,
            &[(
                "        bill(body)\n        channel.basic_ack(delivery_tag=method.delivery_tag)\n",
                "        channel.basic_ack(delivery_tag=method.delivery_tag)\n        bill(body)\n",
            )],
            "early-acknowledgement",
        ),
        ("svc/consume.py", RABBIT_PY, &[("auto_ack=False", "auto_ack=True")], "early-acknowledgement"),
        ("svc/consume.py", RABBIT_PY, &[(", requeue=False", "")], "lost-dead-letter"),
        ("svc/consume.py", RABBIT_PY, &[("requeue=False", "requeue=True")], "lost-dead-letter"),
        (
            "svc/consume.py",
            CONFLUENT_PY,
            &[(
                "        handler.bill(message)\n        consumer.commit(message)\n",
                "        consumer.commit(message)\n        handler.bill(message)\n",
            )],
            "early-acknowledgement",
        ),
        ("svc/consume.py", CONFLUENT_PY, &[(", \"enable.auto.commit\": False", "")], "early-acknowledgement"),
        ("svc/consume.py", CONFLUENT_PY, &[("key=order.order_id, ", "")], "changed-key"),
        ("svc/consume.py", CONFLUENT_PY, &[("key=order.order_id", "key=order.customer_id")], "changed-key"),
    ]);
}

#[test]
fn helpers_for_dead_letters_are_known_by_their_names() {
    const HANDLE: &str = r#"import { Kafka } from "kafkajs";
import { sendToDlq } from "./dlq.js";

export async function handle(message: KafkaMessage) {
  try {
    await bill(message);
  } catch (error) {
    await sendToDlq(message, error);
  }
}
"#;
    all_tell(&[(
        "svc/src/handle.ts",
        HANDLE,
        &[("    await sendToDlq(message, error);\n", "    logger.error(error);\n")],
        "lost-dead-letter",
    )]);
    none_tells(&[
        ("svc/src/handle.ts", HANDLE, &[("    await sendToDlq(message, error);\n", "    throw error;\n")]),
        ("svc/src/handle.ts", HANDLE, &[("await sendToDlq(message, error)", "await setAside(message, error)")]),
        ("svc/src/handle.ts", HANDLE, &[("sendToDlq", "publishDeadLetter")]),
    ]);
}

#[test]
fn retries_are_told_in_loops_and_in_libraries() {
    all_tell(&[
        ("svc/deliver.py", RETRY_PY, &[("stop=stop_after_attempt(5), ", "")], "unbounded-retry"),
        ("svc/deliver.py", RETRY_PY, &[(", wait=wait_random_exponential(max=30)", "")], "hasty-retry"),
        (
            "svc/deliver.py",
            RETRY_PY,
            &[("while attempt < 5:", "while True:"), ("    raise RuntimeError(\"not sent\")\n", "")],
            "unbounded-retry",
        ),
        ("svc/deliver.py", RETRY_PY, &[(" + random.random()", "")], "hasty-retry"),
        (
            "svc/deliver.py",
            RETRY_PY,
            &[("time.sleep(min(30, 2**attempt) + random.random())", "time.sleep(1)")],
            "hasty-retry",
        ),
        (
            "svc/deliver.py",
            RETRY_PY,
            &[("            time.sleep(min(30, 2**attempt) + random.random())\n", "")],
            "hasty-retry",
        ),
        ("svc/deliver.py", RETRY_PY, &[(", key=order[\"order_id\"]", "")], "changed-key"),
    ]);
}

#[test]
fn sends_past_the_outbox_are_told_with_mappers() {
    all_tell(&[
        (
            "svc/src/orders.ts",
            ORM_TS,
            &[(
                "      await tx.outbox.create({ data: { type: \"OrderPlaced\", payload: order } });\n    });\n",
                "    });\n    await this.producer.send({ topic: \"orders.placed.v1\", messages: [{ key: order.orderId, value: JSON.stringify(order) }] });\n",
            )],
            "dual-write",
        ),
        (
            "svc/src/orders.ts",
            ORM_TS,
            &[("      await tx.outbox.create({ data: { type: \"OrderPlaced\", payload: order } });\n", "")],
            "lost-event",
        ),
        (
            "svc/src/orders.ts",
            ORM_TS,
            &[
                (
                    "      await tx.outbox.create({ data: { type: \"OrderPlaced\", payload: order } });\n    });\n",
                    "    });\n    await this.announce(order);\n",
                ),
                (
                    "  async relay(",
                    "  private async announce(order: Order) {\n    await this.producer.send({ topic: \"orders.placed.v1\", messages: [{ key: order.orderId, value: JSON.stringify(order) }] });\n  }\n\n  async relay(",
                ),
            ],
            "dual-write",
        ),
    ]);
}

#[test]
fn what_only_looks_like_a_loss_is_not_told() {
    none_tells(&[
        // Another acknowledgement, for what was handled already.
        (
            "svc/src/consume.ts",
            RABBIT_JS,
            &[(
                "    await bill(JSON",
                "    if (await isKnown(message)) {\n      channel.ack(message);\n      return;\n    }\n    await bill(JSON",
            )],
        ),
        ("svc/src/consume.ts", RABBIT_JS, &[(", { noAck: false }", "")]),
        // What is measured after the acknowledgement.
        (
            "svc/src/consume.ts",
            RABBIT_JS,
            &[("    channel.ack(message);\n", "    channel.ack(message);\n    metrics.handled.inc();\n")],
        ),
        ("svc/consume.py", CONFLUENT_PY, &[("key=order.order_id", "key=str(order.order_id).encode()")]),
        (
            "svc/consume.py",
            CONFLUENT_PY,
            &[
                ("def publish(producer: Producer, order)", "def publish(producer: Producer, placed)"),
                ("key=order.order_id, value=order.json()", "key=placed.order_id, value=placed.json()"),
            ],
        ),
        // A bound of another kind.
        (
            "svc/deliver.py",
            RETRY_PY,
            &[
                ("    attempt = 0\n    while attempt < 5:\n", "    for attempt in range(5):\n"),
                ("            attempt += 1\n", ""),
            ],
        ),
        (
            "svc/deliver.py",
            RETRY_PY,
            &[
                ("while attempt < 5:", "while True:"),
                (
                    "            attempt += 1\n",
                    "            attempt += 1\n            if attempt >= 5:\n                raise\n",
                ),
            ],
        ),
        ("svc/deliver.py", RETRY_PY, &[("while attempt < 5:", "while time.monotonic() < deadline:")]),
        // A helper from elsewhere.
        ("svc/deliver.py", RETRY_PY, &[("time.sleep(min(30, 2**attempt) + random.random())", "pause_before(attempt)")]),
        ("svc/deliver.py", RETRY_PY, &[("stop_after_attempt(5)", "stop_after_attempt(4)")]),
        // The relay, and a table that is called otherwise.
        (
            "svc/src/orders.ts",
            ORM_TS,
            &[(
                "    for (const row of await this.unsent()) {\n",
                "    const rows = await this.unsent();\n    for (const row of rows) {\n",
            )],
        ),
        (
            "svc/src/orders.ts",
            ORM_TS,
            &[(
                "await tx.outbox.create({ data: { type: \"OrderPlaced\", payload: order } });",
                "await this.remember(tx, order);",
            )],
        ),
        // Another answer, which is no message.
        (
            "svc/src/orders.ts",
            ORM_TS,
            &[(
                "  async relay",
                "  async show(res: Response, id: string) {\n    await this.prisma.order.update({ where: { id } });\n    res.send({ id });\n  }\n\n  async relay",
            )],
        ),
    ]);
}

/// What a review tells of a change of several files; an empty text is a file that is gone.
fn told_of(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
    let contract = [
        ("docs/features/shop/contracts/orders.placed.v1.md", CONTRACT),
        ("docs/features/shop/schemas/orders.placed.v1.json", SCHEMA),
        ("svc/package.json", "{ \"name\": \"svc\" }\n"),
    ];
    let shop = Shop::with(&[contract.as_slice(), before].concat());
    for (path, text) in after {
        if text.is_empty() { std::fs::remove_file(shop.0.path().join(path)).unwrap() } else { shop.write(path, text) }
    }
    shop.commit("Change");
    shop.told().into_iter().filter(|it| it.starts_with("review/")).collect()
}

const PLACE: &str = r#"import { remember } from "./outbox.js";

export async function place(pool: Pool, order: Order) {
  await pool.query("INSERT INTO orders (id) VALUES ($1)", [order.order_id]);
  await remember(pool, order);
}
"#;

const REMEMBER: &str = r#"import type { Producer } from "kafkajs";

export async function remember(pool: Pool, order: Order) {
  await pool.query("INSERT INTO outbox (key, payload) VALUES ($1, $2)", [order.order_id, JSON.stringify(order)]);
}

export async function relay(pool: Pool, producer: Producer) {
  const { rows } = await pool.query("SELECT * FROM outbox");
  await producer.send({ topic: "orders.placed.v1", messages: rows.map((row) => ({ key: row.key, value: row.payload })) });
  await pool.query("DELETE FROM outbox");
}
"#;

const ANNOUNCE: &str = r#"import type { Producer } from "kafkajs";

export async function announce(producer: Producer, order: Order) {
  await producer.send({ topic: "orders.placed.v1", messages: [{ key: order.order_id, value: JSON.stringify(order) }] });
}
"#;

#[test]
fn what_functions_of_other_files_do_counts() {
    let before = [("svc/src/place.ts", PLACE), ("svc/src/outbox.ts", REMEMBER)];
    let by_helper = PLACE.replace("remember(pool, order)", "announce(producer, order)").replace("remember", "announce");
    let told = told_of(&before, &[("svc/src/place.ts", &by_helper), ("svc/src/announce.ts", ANNOUNCE)]);
    assert!(told.len() == 1 && told.concat().starts_with("review/dual-write svc/src/place.ts:5"), "{told:#?}");
    // Another helper that stores it, and one that nobody can see.
    let other = PLACE.replace("remember", "keepForLater");
    let renamed = REMEMBER.replace("remember", "keepForLater");
    assert_eq!(told_of(&before, &[("svc/src/place.ts", &other), ("svc/src/outbox.ts", &renamed)]), [""; 0]);
    let unseen = PLACE.replace("remember", "handOver").replace("./outbox.js", "@shop/events");
    assert_eq!(told_of(&before, &[("svc/src/place.ts", &unseen)]), [""; 0]);
}

#[test]
fn a_channel_that_lost_its_sender_is_told() {
    let before = [("svc/src/announce.ts", ANNOUNCE)];
    let told = told_of(&before, &[("svc/src/announce.ts", "")]);
    assert!(
        told.len() == 1 && told.concat().starts_with("review/lost-sender svc/src/announce.ts:1 Nothing sends"),
        "{told:#?}"
    );
    // The name went to a file of its own, to the configuration, or to another file with the code.
    let imported = ANNOUNCE.replace("\"orders.placed.v1\"", "TOPIC");
    let topics = "export const TOPIC = \"orders.placed.v1\";\n";
    assert_eq!(told_of(&before, &[("svc/src/announce.ts", &imported), ("svc/src/topics.ts", topics)]), [""; 0]);
    let configured = ANNOUNCE.replace("\"orders.placed.v1\"", "process.env.TOPIC");
    assert_eq!(told_of(&before, &[("svc/src/announce.ts", &configured)]), [""; 0]);
    assert_eq!(told_of(&before, &[("svc/src/announce.ts", ""), ("svc/src/events.ts", ANNOUNCE)]), [""; 0]);
    let retired = CONTRACT.replace("**Status**: Active", "**Status**: Retired");
    let contract = ("docs/features/shop/contracts/orders.placed.v1.md", retired.as_str());
    let told = told_of(&before, &[("svc/src/announce.ts", ""), contract]);
    assert!(!told.iter().any(|it| it.contains("lost-sender")), "{told:#?}");
}
