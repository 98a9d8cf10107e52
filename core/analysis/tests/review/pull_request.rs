//! One pull request with twelve faults and five harmless changes: how many of them a review tells, and in how much.

use archwright_analysis::operations::{Mark, ReviewRequest, ReviewVerdict};

use super::shop::Shop;

const OUTBOX: &str = "services/checkout/src/outbox.ts";
const CONSUMER: &str = "services/checkout/src/payments-consumer.ts";
const CHECKOUT: &str = "docs/features/order-checkout";

/// The file that a fault is in, words of the finding that tells it, and what it is.
const FAULTS: [(&str, &str, &str); 12] = [
    ("outbox.ts", "orders.placed.v1 is sent beside", "sent after the commit, not through the outbox"),
    ("payments-consumer.ts", "before `markPaid`", "offset committed before the work"),
    ("payments-consumer.ts", "no end", "retry without bound, backoff and jitter"),
    ("orders.placed.v1.json", "amount_minor", "a field renamed and a required one added"),
    ("outbox.ts", "customer_email", "an address for the partner"),
    ("outbox.ts", "orders.shipped.v1", "a new channel without contract, sent beside the database"),
    ("orders.placed.v1.json", "customer_id", "personal data not marked any more"),
    ("adrs/", "upersede", "both lines of a replaced decision removed"),
    ("outbox.ts", "key", "no key any more"),
    ("contracts/orders.cancelled.v1.md", "alert", "no alert on dead letters"),
    ("launches/2026-06-01.md", "Trigger", "a trigger without numbers"),
    ("capture.py", "MAX_ATTEMPTS", "fifty attempts"),
];

/// What is changed and harms nobody.
const HARMLESS: [&str; 5] =
    ["architecture-rfc.md", "system/capacity.md", "system/glossary.md", "package.json", "breaker.py"];

fn change(shop: &Shop) {
    let checkout = |path: &str, from: &str, to: &str| shop.edit(&format!("{CHECKOUT}/{path}"), from, to);
    // Sent after the commit.
    shop.edit(OUTBOX, "placeOrder(pool: Pool, order", "placeOrder(pool: Pool, producer: Producer, order");
    shop.edit(
        OUTBOX,
        "    await addToOutbox(tx, ORDER_PLACED, order.orderId, trace, {\n      order_id: order.orderId,\n      customer_id: order.customerId,\n      placed_at: new Date().toISOString(),\n      currency: order.currency,\n      total_minor: order.totalMinor,\n      lines: order.lines,\n    });\n  });\n",
        "  });\n  const event = {\n    order_id: order.orderId,\n    customer_id: order.customerId,\n    placed_at: new Date().toISOString(),\n    currency: order.currency,\n    amount_minor: order.totalMinor,\n    sales_channel: \"web\",\n    lines: order.lines,\n  };\n  await producer.send({ topic: \"orders.placed.v1\", messages: [{ key: order.orderId, value: JSON.stringify(event), headers: trace }] });\n",
    );
    // Committed before the work; tried for ever, at once.
    shop.edit(
        CONSUMER,
        "  await consumer.run({\n    eachMessage: async ({ message, heartbeat }) => {\n      for (let attempt = 1; ; attempt += 1) {\n        try {\n          await markPaid(message, registry, pool);\n          return;\n        } catch (error) {\n          if (error instanceof PermanentError || attempt === MAX_ATTEMPTS) {\n            await setAside(producer, message, error as Error);\n            return;\n          }\n          await sleep(Math.random() * FIRST_WAIT_MS * 2 ** attempt);\n          await heartbeat();\n        }\n      }\n    },\n  });\n",
        "  await consumer.run({\n    autoCommit: false,\n    eachMessage: async ({ topic, partition, message, heartbeat }) => {\n      await consumer.commitOffsets([{ topic, partition, offset: String(Number(message.offset) + 1) }]);\n      while (true) {\n        try {\n          await markPaid(message, registry, pool);\n          return;\n        } catch (error) {\n          if (error instanceof PermanentError) {\n            await setAside(producer, message, error as Error);\n            return;\n          }\n          await sleep(RETRY_WAIT_MS);\n          await heartbeat();\n        }\n      }\n    },\n  });\n",
    );
    shop.edit(CONSUMER, "const MAX_ATTEMPTS = 5;\nconst FIRST_WAIT_MS = 200;\n", "const RETRY_WAIT_MS = 50;\n");
    // A break, and a mark that is gone.
    let schema = "schemas/orders.placed.v1.json";
    checkout(schema, "total_minor", "amount_minor");
    checkout(schema, "\"order_id\", \"customer_id\"", "\"order_id\", \"sales_channel\", \"customer_id\"");
    checkout(
        schema,
        "    \"lines\": {\n      \"type\"",
        "    \"sales_channel\": { \"type\": \"string\", \"description\": \"Web or shop.\" },\n    \"lines\": {\n      \"type\"",
    );
    checkout(schema, "\"Number of the shopper.\", \"x-pii\": true", "\"Number of the shopper.\"");
    // An address for the partner, and a new channel.
    shop.edit(
        OUTBOX,
        "reason: \"payment_timeout\" };",
        "reason: \"payment_timeout\", customer_email: res.rows[0].email };",
    );
    shop.edit(
        OUTBOX,
        "// Pattern: Transactional Outbox",
        "export async function shipOrder(pool: Pool, producer: Producer, orderId: string): Promise<void> {\n  await pool.query(\"UPDATE orders SET state = 'shipped' WHERE id = $1\", [orderId]);\n  await producer.send({ topic: \"orders.shipped.v1\", messages: [{ key: orderId, value: JSON.stringify({ order_id: orderId }) }] });\n}\n\n// Pattern: Transactional Outbox",
    );
    // No key.
    shop.edit(OUTBOX, "({ key: row.key, value: row.payload", "({ value: row.payload");
    // What documents lose.
    checkout(
        "adrs/0002-relay-outbox-with-polling-publisher.md",
        "- **Supersedes**: [ADR-0001](0001-relay-outbox-with-change-data-capture.md)\n",
        "",
    );
    let old = format!("{CHECKOUT}/adrs/0001-relay-outbox-with-change-data-capture.md");
    let text = std::fs::read_to_string(shop.0.path().join(&old)).unwrap();
    let line = text.lines().find(|it| it.contains("Superseded by")).unwrap();
    shop.edit(&old, &format!("{line}\n"), "- **Status**: Accepted\n");
    checkout("contracts/orders.cancelled.v1.md", ", alert at 1 message", "");
    checkout(
        "launches/2026-06-01.md",
        "more than 1% of checkouts fail during 5 minutes, or the relay is more than 2 minutes behind",
        "too many checkouts fail, or the relay is behind",
    );
    shop.edit("services/payments/payments/capture.py", "MAX_ATTEMPTS = 5", "MAX_ATTEMPTS = 50");
    // What harms nobody.
    checkout("architecture-rfc.md", "felt responsible for an order", "felt in charge of an order");
    shop.edit("docs/system/capacity.md", "# Capacity\n", "<!-- Read each quarter. -->\n\n# Capacity\n");
    shop.edit("docs/system/glossary.md", "# Glossary\n", "<!-- One term a row. -->\n\n# Glossary\n");
    shop.edit("services/checkout/package.json", "\"version\": \"1.4.0\"", "\"version\": \"1.5.0\"");
    shop.edit(
        "services/payments/payments/breaker.py",
        "\"\"\"Waits until a call may be tried.\"\"\"",
        "\"\"\"Waits until the gateway may be called.\"\"\"",
    );
}

#[test]
fn a_pull_request_with_twelve_faults_is_told_in_six_kilobytes() {
    let shop = Shop::new();
    change(&shop);
    shop.commit("Speed up checkout\n\nSimplify retry, no contract change.");
    let review = shop.review(&ReviewRequest::default());
    let text = review.text();
    let is_told = |fault: &(&str, &str, &str)| {
        review
            .findings
            .iter()
            .any(|it| it.mark == Mark::Computed && it.file.as_str().contains(fault.0) && it.message.contains(fault.1))
    };
    let missed: Vec<&str> = FAULTS.iter().filter(|it| !is_told(it)).map(|it| it.2).collect();
    assert!(missed.len() <= 3, "missed {missed:#?}\n{text}");
    let is_false = |path: &&str| review.findings.iter().any(|it| it.file.as_str().ends_with(*path));
    let falsely: Vec<&str> = HARMLESS.into_iter().filter(is_false).collect();
    assert_eq!(falsely, [""; 0], "{text}");
    assert_eq!(review.verdict, ReviewVerdict::RequestChanges, "{text}");
    assert!(text.len() <= 6_000, "{} bytes\n{text}", text.len());
    for line in [
        " false \"no contract change\"",
        " false \"simplify\"",
        " unsaid F",
        "CONTRACTS  orders.cancelled.v1 BACKWARD broken F",
        "orders.placed.v1 BACKWARD broken F",
        "read by services/payments; orders.shipped.v1 missing",
        "PROVE\n",
        "+dual write F",
        "Regressed: delivery F",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
