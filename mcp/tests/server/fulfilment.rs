//! Order fulfilment from an empty repository to its launch (A-408): design, contract, record, code with a fault, review,
//! runbook, a second feature that inherits the standard, NO-GO, GO. Every answer is a snapshot of its own.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    client::write,
    walkthrough::{Walk, git},
};

const STANDARD: &str = "# Standard: Retry policy

## Summary

- **Status**: Active
- **Date**: 2026-02-02
- **Owner**: team-platform
- **Applies to**: every consumer of a channel
- **TL;DR**: A message is tried five times and then set aside with its error.

## Rule

A consumer tries a message at most five times and then moves it to the dead letter channel.

## Requirements

1. The wait between attempts starts at 200 ms, doubles each time up to 30 seconds, and is spread by jitter.
2. Dead letters are kept for 14 days.

## Enforcement

- **CI gate**: the consumer test kit delivers a failing message and counts five attempts.
- **Review gate**: a pull request that adds a consumer links the runbook for its dead letters.
- **Audit cadence**: every half year, a game day redrives 100 messages.

## Exceptions

- team-platform approves each, for at most a quarter.

## Related artifacts

- [Order fulfilment](../../../README.md)
";

const SENDER: &str = r#"// Writes orders and relays their events.
import { Kafka } from "kafkajs";

const producer = new Kafka({ brokers: ["kafka:9092"] }).producer();

// Pattern: Transactional Outbox - order and event are saved by one transaction; this relays what is saved.
export async function relay(rows: Row[]): Promise<void> {
  const messages = rows.map((row) => ({ key: row.orderId, value: row.payload, headers: { traceparent: row.trace } }));
  await producer.send({ topic: "orders.placed.v1", messages });
}

process.on("SIGTERM", async () => {
  await producer.disconnect();
});
"#;

/// The consumer, which acknowledges before it works.
const CONSUMER: &str = r#"// Reserves stock for placed orders.
import { Kafka } from "kafkajs";

const consumer = new Kafka({ brokers: ["kafka:9092"] }).consumer({ groupId: "inventory", autoCommit: false });

export async function run(pool: Pool): Promise<void> {
  await consumer.subscribe({ topics: ["orders.placed.v1"] });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      await consumer.commitOffsets([{ topic, partition, offset: message.offset }]);
      await reserve(pool, message);
    },
  });
}

process.on("SIGTERM", async () => {
  await consumer.disconnect();
});
"#;

fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "README.md", "# Shop\n\nSells things.\n");
    write(&folder, "docs/system/standards/retry-policy.md", STANDARD);
    write(&folder, "services/inventory/package.json", "{ \"name\": \"inventory\" }\n");
    write(&folder, "services/inventory/src/consumer.ts", &mended());
    write(&folder, "services/checkout/package.json", "{ \"name\": \"checkout\" }\n");
    let jobs = "jobs:\n  schema-compat:\n    steps: [{ run: archwright check }]\n  orders-faults:\n    steps: []\n";
    write(&folder, ".github/workflows/ci.yml", &format!("on: [pull_request]\n{jobs}"));
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "Sell things"]);
    git(folder.path(), &["checkout", "-qb", "fulfilment"]);
    folder
}

/// The consumer as it should be: it works, then acknowledges.
fn mended() -> String {
    let commit = "      await consumer.commitOffsets([{ topic, partition, offset: message.offset }]);\n";
    let work = "      await reserve(pool, message);\n";
    CONSUMER.replace(&format!("{commit}{work}"), &format!("{work}{commit}"))
}

fn concerns(team: &str) -> Value {
    json!({
        "owner_team": team, "tenancy": "Multi-tenant, each tenant's rows told apart by `tenant_id` with row-level security",
        "compliance": "PCI", "cost_owner": "Commerce cost center", "capacity": "1000 orders per second at peak",
        "dr_posture": "RPO 1 minute, RTO 30 minutes, warm standby in a second region",
        "lifecycle": "Created 2026-11-29; deprecated once v2 carries every order for 90 days; replaced by v2"
    })
}

fn reliability(channel: &str, team: &str) -> Value {
    json!({
        "delivery": "at-least-once, from the outbox", "idempotency": "the `id` of the event, 30 days in `inbox`",
        "bad_messages": format!("`{channel}.dlq` of {team}, alert at 100 messages within 5 minutes"),
        "retry": "5 attempts, exponential backoff from 200 ms with jitter; permanent errors skip retry",
        "ordering": "per key, by `order_id`", "schema_evolution": "JSON Schema, BACKWARD, checked by `schema-compat` in CI",
        "observability": "`traceparent` on every event; lag, failures and DLQ depth measured",
        "failure_boundary": "a reservation that fails is compensated by a cancellation"
    })
}

fn design() -> Value {
    json!({
        "feature": "order-fulfilment",
        "description": "Checkout announces each placed order; inventory reserves its stock, for many tenants and 1000 \
            orders a second, with card data kept out of events (PCI).",
        "integration_style": "messaging, because a reservation may wait", "services": ["checkout", "inventory"],
        "teams": ["team-orders", "team-inventory"],
        "channels": [{"name": "orders.placed.v1", "ordering_key": "order_id", "idempotency_key": "id",
            "retention": "7 days", "dlq_owner": "team-orders", "compatibility": "backward", "producer": "checkout",
            "consumers": ["inventory"]}],
        "patterns": [
            {"name": "transactional outbox", "why": "order and event are saved by one transaction"},
            {"name": "idempotent receiver", "why": "an order that arrives twice reserves once"},
            {"name": "dead letter channel", "why": "an order that cannot be reserved leaves the partition"}
        ],
        "reliability": reliability("orders.placed.v1", "team-orders"), "concerns": concerns("team-orders"),
        "anti_patterns": ["Sending the event outside of the transaction that saves the order."],
        "open_questions": [{"question": "Is a part of an order reserved?", "owner": "team-inventory", "due": "2099-03-31"}],
        "slo": "99.9 % of orders are reserved within 60 seconds", "tier": "Prototype", "downstream": ["inventory"],
        "upstream": ["payments"], "date": "2026-11-29"
    })
}

fn launch(more: &Value) -> Value {
    let mut request = json!({
        "feature": "order-fulfilment", "tier": "Service-ready",
        "rollback": {
            "trigger": "more than 1 % of reservations fail during 5 minutes",
            "steps": ["switch the flag `order-fulfilment` off", "let the outbox drain"],
            "time": "15 minutes", "who": "lead of team-orders"
        }
    });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

/// The steps, each with its answer as a snapshot.
struct Steps {
    walk: Walk,
    at: usize,
}

impl Steps {
    async fn call(&mut self, name: &str, tool: &str, arguments: Value) -> String {
        let before = self.walk.log.len();
        let text = self.walk.call(tool, arguments).await;
        self.at += 1;
        insta::assert_snapshot!(format!("{:02}_{name}", self.at), &self.walk.log[before..]);
        text
    }
}

fn commit(root: &Path, message: &str) {
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", message]);
}

#[tokio::test]
async fn order_fulfilment_goes_from_nothing_to_its_launch() {
    let folder = repository();
    let root = folder.path();
    let mut steps = Steps { walk: Walk::new(root).await, at: 0 };

    steps.call("design", "design", design()).await;
    let contract = json!({
        "channel": "orders.placed.v1", "message": "OrderPlaced", "summary": "An order was placed and is to be reserved.",
        "fields": [
            {"name": "order_id", "type": "uuid", "description": "Number of the order; the ordering key.",
             "example": "0196f1a2-7c40-7b11-9a5e-3f0c2d9b6e01"},
            {"name": "tenant_id", "type": "string", "description": "The tenant.", "example": "acme"},
            {"name": "total_minor", "type": "integer", "description": "Total in cents.", "example": "1250"}
        ],
        "delivery": "at-least-once", "ci_gate": "`schema-compat` compares the schema with the one on the main branch",
        "dlq": "orders.placed.v1.dlq, kept 14 days, alert at 100 messages within 5 minutes",
        "replay": "by tenant within 7 days, at most 50 messages per second, started by team-orders",
        "owner": "team-orders, on call through the orders rotation"
    });
    steps.call("contract", "contract", contract).await;
    let record = json!({
        "title": "Reserve stock after the order is placed", "feature": "order-fulfilment", "status": "accepted",
        "context": "A reservation within checkout adds 300 ms and fails with inventory.",
        "decision": "Checkout announces the order, and inventory reserves it afterwards.",
        "alternatives": [{"name": "Reserve within checkout", "why": "an outage of inventory would stop sales"}],
        "positive": ["Checkout sells while inventory is down"],
        "negative": ["An order may have to be cancelled later"],
        "verification": "Stop inventory for 10 minutes and place 100 orders.", "date": "2026-11-29"
    });
    steps.call("record", "architecture", record).await;
    commit(root, "Design order fulfilment");

    write(&folder, "services/checkout/src/outbox.ts", SENDER);
    write(&folder, "services/inventory/src/consumer.ts", CONSUMER);
    let text = "Relay placed orders, and commit early for speed. No contract change.";
    let review = steps.call("review", "review", json!({ "text": text })).await;
    assert!(review.starts_with("REQUEST CHANGES") && review.contains("consumer.ts:10"), "{review}");
    write(&folder, "services/inventory/src/consumer.ts", &mended());
    let review = steps.call("review_again", "review", json!({ "text": "Relay placed orders." })).await;
    assert!(!review.contains("ERRORS"), "{review}");

    let runbook = json!({
        "incident": "dlq-triage", "channel": "orders.placed.v1", "date": "2026-11-29",
        "causes": [{"cause": "unknown tenant", "fix": "create the tenant, then redrive"}],
        "dashboards": ["Orders: dead letters"], "thresholds": ["more than 100 messages within 5 minutes page the rotation"],
        "never": ["paste payloads into chat"], "escalation": "team-platform after 30 minutes",
        "approver": "lead of team-orders", "rate": "50 messages per second"
    });
    steps.call("runbook", "runbook", runbook).await;
    commit(root, "Relay placed orders");

    // The second feature takes the standard over by a link, and what the first has decided as a question or by saying so.
    let second = json!({
        "feature": "returns", "description": "Returns announce goods that come back; inventory takes them in.",
        "services": ["returns", "inventory"], "teams": ["team-orders", "team-inventory"],
        "channels": [{"name": "orders.placed.v1", "role": "consumed"}],
        "patterns": [{"name": "idempotent receiver", "why": "an order that arrives twice is known once"}],
        "reliability": reliability("orders.placed.v1", "team-orders"), "concerns": concerns("team-orders"),
        "anti_patterns": ["Reading the tables of checkout."],
        "open_questions": [{"question": "Who pays for the way back?", "owner": "team-orders", "due": "2099-03-31"}],
        "slo": "99 % of returns are taken in within a day", "tier": "Prototype", "upstream": ["checkout"],
        "downstream": ["inventory"], "date": "2026-11-29"
    });
    steps.call("second_feature", "design", second).await;
    let readme = fs::read_to_string(root.join("docs/features/returns/README.md")).unwrap();
    assert!(readme.contains("[Standard: Retry policy](../../system/standards/retry-policy.md)"), "{readme}");

    let no_go = steps.call("no_go", "prelaunch", launch(&json!({ "date": "2026-11-30" }))).await;
    assert!(no_go.contains("NO-GO  order-fulfilment"), "{no_go}");
    let evidence = json!({ "date": "2026-12-01", "evidence": [
        {"gate": "tests", "where": "the job `orders-faults` of the pipeline", "who": "team-orders"},
        {"gate": "shutdown", "where": "the drill of 2026-11-20", "who": "team-orders"}
    ]});
    let go = steps.call("go", "prelaunch", launch(&evidence)).await;
    assert!(go.contains("\nGO  order-fulfilment on 2026-12-01"), "{go}");
    let check = steps.call("check", "check", json!({})).await;
    let answer = steps.walk.client.data("check", json!({})).await;
    let bad = ["errors", "warnings"].map(|it| answer["summary"][it].as_u64().unwrap_or_default());
    assert_eq!(bad, [0, 0], "{check}");
    steps.walk.client.end().await;
}
