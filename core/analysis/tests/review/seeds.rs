//! Commits with one bad thing each, and commits with none: what a review tells of them.

use std::fmt::Write as _;

use super::shop::{FEATURE, Shop};

/// What stands in a file, and what stands there then.
type Edit = (&'static str, &'static str, &'static str);

/// A commit that does one bad thing.
struct Seed {
    name: &'static str,
    edits: &'static [Edit],
    /// What a finding has to name, so that it is about the matter.
    word: &'static str,
}

const fn seed(name: &'static str, word: &'static str, edits: &'static [Edit]) -> Seed {
    Seed { name, edits, word }
}

const OUTBOX: &str = "services/checkout/src/outbox.ts";
const CONSUMER: &str = "services/checkout/src/payments-consumer.ts";
const CAPTURE: &str = "services/payments/payments/capture.py";
const RELAY: &str = "services/payments/payments/outbox.py";
const PLACED_CONTRACT: &str = "docs/features/order-checkout/contracts/orders.placed.v1.md";
const PLACED_SCHEMA: &str = "docs/features/order-checkout/schemas/orders.placed.v1.json";
const CANCELLED_SCHEMA: &str = "docs/features/order-checkout/schemas/orders.cancelled.v1.json";
const PLACED_API: &str = "docs/features/order-checkout/asyncapi/orders.placed.v1.yaml";
const CAPTURED_SCHEMA: &str = "docs/features/payment-capture/schemas/payments.captured.v1.avsc";
const DESIGN: &str = "docs/features/order-checkout/design.md";

/// Written before anybody looked at what is found.
const SEEDS: &[Seed] = &[
    seed(
        "another ordering key in contract and design",
        "customer_id",
        &[
            (PLACED_CONTRACT, "- **Ordering key**: `order_id`", "- **Ordering key**: `customer_id`"),
            (DESIGN, "| `orders.placed.v1` | `order_id` |", "| `orders.placed.v1` | `customer_id` |"),
        ],
    ),
    seed(
        "a retention that the cluster does not have",
        "30 days",
        &[(PLACED_CONTRACT, "- **Retention**: 7 days", "- **Retention**: 30 days")],
    ),
    seed(
        "no alert on dead letters",
        "alert",
        &[(PLACED_CONTRACT, "kept 14 days, alert at 1 message,", "kept 14 days,")],
    ),
    seed(
        "no compatibility any more",
        "NONE",
        &[(PLACED_CONTRACT, "- **Compatibility mode**: BACKWARD", "- **Compatibility mode**: NONE")],
    ),
    seed(
        "a required field taken away",
        "total_minor",
        &[
            (PLACED_SCHEMA, "\"currency\", \"total_minor\", \"lines\"]", "\"currency\", \"lines\"]"),
            (
                PLACED_SCHEMA,
                "    \"total_minor\": { \"type\": \"integer\", \"minimum\": 0, \"description\": \"Sum of all lines.\" },\n",
                "",
            ),
            (PLACED_SCHEMA, "      \"total_minor\": 4980,\n", ""),
        ],
    ),
    seed(
        "a new required field",
        "sales_channel",
        &[
            (
                PLACED_SCHEMA,
                "\"required\": [\"order_id\", \"customer_id\"",
                "\"required\": [\"order_id\", \"sales_channel\", \"customer_id\"",
            ),
            (
                PLACED_SCHEMA,
                "    \"customer_id\": {",
                "    \"sales_channel\": { \"type\": \"string\", \"description\": \"Web or shop.\" },\n    \"customer_id\": {",
            ),
        ],
    ),
    seed(
        "another type",
        "total_minor",
        &[(
            PLACED_SCHEMA,
            "\"total_minor\": { \"type\": \"integer\", \"minimum\": 0,",
            "\"total_minor\": { \"type\": \"string\",",
        )],
    ),
    seed(
        "personal data not marked any more",
        "delivery_postcode",
        &[(PLACED_SCHEMA, "\"Where the order goes.\", \"x-pii\": true", "\"Where the order goes.\"")],
    ),
    seed(
        "an address for the partner, marked and all",
        "customer_email",
        &[(
            CANCELLED_SCHEMA,
            "    \"reason\": {\n",
            "    \"customer_email\": { \"type\": \"string\", \"format\": \"email\", \"description\": \"Whom to tell.\", \"x-pii\": true },\n    \"reason\": {\n",
        )],
    ),
    seed(
        "the whole card number",
        "card_number",
        &[(
            CAPTURED_SCHEMA,
            "\"card_last_four\", \"type\": [\"null\", \"string\"], \"default\": null, \"doc\": \"Last four digits of the card.\"",
            "\"card_number\", \"type\": [\"null\", \"string\"], \"default\": null, \"doc\": \"Number of the card.\"",
        )],
    ),
    seed("fewer partitions", "partitions", &[(PLACED_API, "partitions: 12", "partitions: 6")]),
    seed(
        "no trace in the envelope",
        "traceparent",
        &[
            (PLACED_API, "datacontenttype, traceparent, correlationid]", "datacontenttype, correlationid]"),
            (
                PLACED_API,
                "        traceparent:\n          type: string\n          description: W3C trace context of the producing request.\n",
                "",
            ),
            (PLACED_API, "            traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n", ""),
        ],
    ),
    seed(
        "no stop for a redrive",
        "1%",
        &[(
            "docs/features/order-checkout/runbooks/dlq-triage.md",
            "- Stop the redrive when more than 1% of the redriven messages come back; the engineer on call decides.\n",
            "",
        )],
    ),
    seed(
        "a trigger without numbers",
        "Trigger",
        &[(
            "docs/features/order-checkout/launches/2026-06-01.md",
            "more than 1% of checkouts fail during 5 minutes, or the relay is more than 2 minutes behind",
            "checkouts fail or the relay is behind",
        )],
    ),
    seed(
        "attempts without end by standard",
        "five",
        &[(
            "docs/system/standards/retry-policy.md",
            "A consumer tries a message at most five times and then moves it to the dead letter channel.",
            "A consumer tries a message until it succeeds.",
        )],
    ),
    seed(
        "sent after the commit",
        "orders.placed.v1",
        &[
            (
                OUTBOX,
                "placeOrder(pool: Pool, order: Order,",
                "placeOrder(pool: Pool, producer: Producer, order: Order,",
            ),
            (
                OUTBOX,
                "    await addToOutbox(tx, ORDER_PLACED, order.orderId, trace, {\n      order_id: order.orderId,\n      customer_id: order.customerId,\n      placed_at: new Date().toISOString(),\n      currency: order.currency,\n      total_minor: order.totalMinor,\n      lines: order.lines,\n    });\n  });\n",
                "  });\n  const value = JSON.stringify({\n    order_id: order.orderId,\n    customer_id: order.customerId,\n    placed_at: new Date().toISOString(),\n    currency: order.currency,\n    total_minor: order.totalMinor,\n    lines: order.lines,\n  });\n  await producer.send({ topic: \"orders.placed.v1\", acks: -1, messages: [{ key: order.orderId, value, headers: trace }] });\n",
            ),
        ],
    ),
    seed(
        "offset committed first",
        "markPaid",
        &[(
            CONSUMER,
            "await consumer.run({\n    eachMessage: async ({ message, heartbeat }) => {",
            "await consumer.run({\n    autoCommit: false,\n    eachMessage: async ({ topic, partition, message, heartbeat }) => {\n      await consumer.commitOffsets([{ topic, partition, offset: (Number(message.offset) + 1).toString() }]);",
        )],
    ),
    seed(
        "attempts without end",
        "MAX_ATTEMPTS",
        &[
            (
                CONSUMER,
                "if (error instanceof PermanentError || attempt === MAX_ATTEMPTS) {",
                "if (error instanceof PermanentError) {",
            ),
            (CONSUMER, "const MAX_ATTEMPTS = 5;\n", ""),
        ],
    ),
    seed(
        "the same pause for all",
        "jitter",
        &[(
            CONSUMER,
            "await sleep(Math.random() * FIRST_WAIT_MS * 2 ** attempt);",
            "await sleep(FIRST_WAIT_MS * 2 ** attempt);",
        )],
    ),
    seed(
        "messages without a key",
        "key",
        &[(
            OUTBOX,
            "({ key: row.key, value: row.payload, headers: row.headers })",
            "({ value: row.payload, headers: row.headers })",
        )],
    ),
    seed(
        "dropped and logged",
        "payments.captured.v1.dlq",
        &[
            (CONSUMER, "await setAside(producer, message, error as Error);", "console.error(\"giving up\", error);"),
            (
                CONSUMER,
                "  await producer.send({\n    topic: \"payments.captured.v1.dlq\",\n    acks: -1,\n    messages: [{ key: message.key, value: message.value, headers }],\n  });\n",
                "  console.error(headers, producer);\n",
            ),
        ],
    ),
    seed(
        "a payload that the schema does not know",
        "amount_minor",
        &[(OUTBOX, "total_minor: order.totalMinor,", "amount_minor: order.totalMinor,")],
    ),
    seed(
        "an address in a payload",
        "customer_email",
        &[(
            OUTBOX,
            "reason: \"payment_timeout\" };",
            "reason: \"payment_timeout\", customer_email: res.rows[0].email };",
        )],
    ),
    seed(
        "nobody waits for the broker",
        "acks",
        &[(OUTBOX, "topic: \"orders.placed.v1\", acks: -1,", "topic: \"orders.placed.v1\", acks: 0,")],
    ),
    seed(
        "offsets committed by the clock",
        "enable_auto_commit",
        &[
            (CAPTURE, "enable_auto_commit=False", "enable_auto_commit=True"),
            (CAPTURE, "            await consumer.commit()\n", ""),
        ],
    ),
    seed(
        "offset committed first, in Python",
        "handle",
        &[(
            CAPTURE,
            "            await handle(pool, gateway, breaker, producer, message)\n            await consumer.commit()\n",
            "            await consumer.commit()\n            await handle(pool, gateway, breaker, producer, message)\n",
        )],
    ),
    seed(
        "attempts without end, in Python",
        "attempt",
        &[
            (
                CAPTURE,
                "    for attempt in range(1, MAX_ATTEMPTS + 1):\n",
                "    attempt = 0\n    while True:\n        attempt += 1\n",
            ),
            (
                CAPTURE,
                "            if attempt == MAX_ATTEMPTS:\n                await set_aside(producer, message, error)\n                return\n",
                "",
            ),
        ],
    ),
    seed(
        "poison dropped in silence",
        "set_aside",
        &[(
            CAPTURE,
            "        except (PermanentError, json.JSONDecodeError, KeyError) as error:\n            await set_aside(producer, message, error)\n            return\n",
            "        except (PermanentError, json.JSONDecodeError, KeyError):\n            return\n",
        )],
    ),
    seed("a field that nobody sends", "grand_total", &[(CAPTURE, "order[\"total_minor\"]", "order[\"grand_total\"]")]),
    seed(
        "sent inside the transaction",
        "payments.captured.v1",
        &[
            (
                RELAY,
                "    await connection.execute(\n        \"INSERT INTO outbox (key, headers, payload) VALUES ($1, $2, $3)\",\n        order[\"order_id\"],\n        json.dumps(headers),\n        payload.getvalue(),\n    )\n",
                "    await producer.send_and_wait(\"payments.captured.v1\", value=payload.getvalue(), key=order[\"order_id\"].encode())\n",
            ),
            (
                RELAY,
                "add_captured(connection: asyncpg.Connection,",
                "add_captured(producer: AIOKafkaProducer, connection: asyncpg.Connection,",
            ),
        ],
    ),
    seed(
        "charged twice",
        "capture",
        &[(
            CAPTURE,
            "    if await pool.fetchval(\"SELECT 1 FROM captures WHERE order_id = $1\", order_id):\n        return\n",
            "",
        )],
    ),
    seed(
        "another key in the outbox",
        "customer_id",
        &[(
            RELAY,
            "        \"INSERT INTO outbox (key, headers, payload) VALUES ($1, $2, $3)\",\n        order[\"order_id\"],\n",
            "        \"INSERT INTO outbox (key, headers, payload) VALUES ($1, $2, $3)\",\n        order[\"customer_id\"],\n",
        )],
    ),
];

/// Commits that do nothing bad.
const HARMLESS: &[(&str, &[Edit])] = &[
    (
        "other words",
        &[(
            DESIGN,
            "because an order must be accepted while the payment service is slow or down",
            "since an order has to be accepted while the payment service is slow or down",
        )],
    ),
    (
        "another order",
        &[(
            PLACED_CONTRACT,
            "- Publish-Subscribe Channel: each consumer group reads every order.\n- Transactional Outbox: an event exists exactly when its order row exists.\n",
            "- Transactional Outbox: an event exists exactly when its order row exists.\n- Publish-Subscribe Channel: each consumer group reads every order.\n",
        )],
    ),
    (
        "a comment",
        &[(
            OUTBOX,
            "    if (res.rowCount === 0) return;\n",
            "    // Paid in the meantime: producer.send would be wrong.\n    if (res.rowCount === 0) return;\n",
        )],
    ),
    (
        "other names of variables",
        &[
            (
                OUTBOX,
                "row.type === type).map((row) => ({ key: row.key, value: row.payload, headers: row.headers })",
                "row.type === type).map((it) => ({ key: it.key, value: it.payload, headers: it.headers })",
            ),
            (
                OUTBOX,
                "const placed = toMessages(rows, ORDER_PLACED);\n    if (placed.length > 0)",
                "const fresh = toMessages(rows, ORDER_PLACED);\n    if (fresh.length > 0)",
            ),
            (OUTBOX, "messages: placed }", "messages: fresh }"),
        ],
    ),
    (
        "one thing a line",
        &[(
            OUTBOX,
            "await producer.send({ topic: \"orders.placed.v1\", acks: -1, messages: placed });",
            "await producer.send({\n        topic: \"orders.placed.v1\",\n        messages: placed,\n        acks: -1,\n      });",
        )],
    ),
    (
        "a new optional field",
        &[(
            PLACED_SCHEMA,
            "    \"lines\": {\n",
            "    \"gift_note\": { \"type\": \"boolean\", \"description\": \"Whether a note is enclosed.\" },\n    \"lines\": {\n",
        )],
    ),
    (
        "a variable called otherwise in Python",
        &[
            (
                CAPTURE,
                "    order = json.loads(message.value)\n    order_id = order[\"order_id\"]\n",
                "    placed = json.loads(message.value)\n    order_id = placed[\"order_id\"]\n",
            ),
            (
                CAPTURE,
                "{\"amount\": order[\"total_minor\"], \"currency\": order[\"currency\"], \"reference\": order_id}",
                "{\"amount\": placed[\"total_minor\"], \"currency\": placed[\"currency\"], \"reference\": order_id}",
            ),
            (
                CAPTURE,
                "add_captured(connection, order, response.json()",
                "add_captured(connection, placed, response.json()",
            ),
        ],
    ),
    (
        "a function of its own for the pause",
        &[
            (
                CONSUMER,
                "          await sleep(Math.random() * FIRST_WAIT_MS * 2 ** attempt);\n",
                "          await pause(attempt);\n",
            ),
            (
                CONSUMER,
                "class PermanentError",
                "async function pause(attempt: number): Promise<void> {\n  await sleep(Math.random() * FIRST_WAIT_MS * 2 ** attempt);\n}\n\nclass PermanentError",
            ),
        ],
    ),
    (
        "a schema on more lines",
        &[(
            CANCELLED_SCHEMA,
            "\"required\": [\"order_id\", \"cancelled_at\", \"reason\"]",
            "\"required\": [\n    \"order_id\",\n    \"cancelled_at\",\n    \"reason\"\n  ]",
        )],
    ),
    (
        "a line of log",
        &[
            (
                CAPTURE,
                "            await consumer.commit()\n",
                "            await consumer.commit()\n            logger.info(\"captured %s\", message.key)\n",
            ),
            (CAPTURE, "MAX_ATTEMPTS = 5\n", "logger = logging.getLogger(__name__)\nMAX_ATTEMPTS = 5\n"),
            (CAPTURE, "import json\n", "import json\nimport logging\n"),
        ],
    ),
    ("a typing mistake", &[("docs/system/glossary.md", "# Glossary\n", "# Glossary\n\n<!-- One term a row. -->\n")]),
];

/// A test of the service, which may send what it likes.
const NEW_TEST: &str = "import { Kafka } from \"kafkajs\";\n\ntest(\"relays\", async () => {\n  const producer = new Kafka({ brokers: [\"localhost:9092\"] }).producer();\n  await pool.query(\"INSERT INTO orders (id) VALUES ($1)\", [\"1\"]);\n  await producer.send({ topic: \"orders.placed.v1\", messages: [{ value: \"{}\" }] });\n});\n";

#[test]
fn what_commits_do_that_is_bad_is_told() {
    let shop = Shop::new();
    let mut missed = String::new();
    let mut count = 0;
    for seed in SEEDS {
        seed.edits.iter().for_each(|(path, from, to)| shop.edit(path, from, to));
        shop.commit("Change");
        let told = shop.told();
        if !told.iter().any(|it| it.contains(seed.word)) {
            count += 1;
            let _ = writeln!(missed, "{}: {told:#?}", seed.name);
        }
        shop.reset();
    }
    assert!(SEEDS.len() >= 30 && count <= SEEDS.len() - 28 && count <= 2, "{count} missed\n{missed}");
}

#[test]
fn what_commits_do_that_is_harmless_is_not_told() {
    let shop = Shop::new();
    let mut told = String::new();
    let mut count = 0;
    let mut tell = |name: &str| {
        shop.commit("Change");
        let found = shop.told();
        count += found.len();
        if !found.is_empty() {
            let _ = writeln!(told, "{name}: {found:#?}");
        }
        shop.reset();
    };
    for (name, edits) in HARMLESS {
        edits.iter().for_each(|(path, from, to)| shop.edit(path, from, to));
        tell(name);
    }
    shop.write("services/checkout/test/outbox.test.ts", NEW_TEST);
    tell("a test");
    assert!(count <= 1, "{count} told\n{told}");
    assert!(shop.0.path().join(FEATURE).is_dir());
}
