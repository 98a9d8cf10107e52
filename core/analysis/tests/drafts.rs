//! Contracts that are drafted from code: what is filled in, what is left to people, and that nothing is written twice.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[allow(dead_code, reason = "no cursor is needed")]
#[path = "../../rules/src/fixture.rs"]
mod fixture;

use archwright_analysis::{
    OpenOptions, Root, Severity, Workspace,
    operations::{DraftState, Drafts, draft_contracts},
    report::{self, ReportFilter},
    writer,
};
use fixture::Fixture;

/// Two services, a dead letter channel, a topic that two services send to, and one that nobody here sends to.
const SHOP: &str = r#"
//- /orders/package.json
{ "name": "orders", "dependencies": { "kafkajs": "2" } }
//- /orders/src/place.ts
import { Kafka } from "kafkajs";
const producer = new Kafka({ brokers }).producer();
export async function place(order) {
  await producer.send({ topic: "orders.placed.v1", messages: [{ value: JSON.stringify(order) }] });
  await producer.send({ topic: "audit.written.v1", messages: [{ value: "placed" }] });
}
//- /billing/package.json
{ "name": "billing", "dependencies": { "kafkajs": "2" } }
//- /billing/src/charge.ts
import { Kafka } from "kafkajs";
const kafka = new Kafka({ brokers });
const consumer = kafka.consumer({ groupId: "billing" });
const producer = kafka.producer();
export async function run() {
  await consumer.subscribe({ topics: ["orders.placed.v1", "refunds.asked.v1"] });
  await consumer.run({
    eachMessage: async ({ message }) => {
      try {
        await charge(message);
      } catch (error) {
        await producer.send({ topic: "orders.placed.v1.dlq", messages: [message] });
      }
    },
  });
  await producer.send({ topic: "audit.written.v1", messages: [{ value: "charged" }] });
}
"#;

fn open(fixture: &Fixture) -> Workspace {
    let root = Root::Folder(fixture.folder.path().to_owned());
    archwright_analysis::open(OpenOptions::server(root), &|_| {}).unwrap()
}

fn told(drafts: &Drafts) -> Vec<String> {
    let one = |it: &archwright_analysis::operations::DraftedChannel| {
        let files: Vec<&str> = it.files.iter().map(|it| it.path.as_str()).collect();
        format!("{} {} [{}] {}", it.state.name(), it.channel, files.join(" "), it.why.join("; "))
    };
    drafts.channels.iter().map(|it| one(it).trim_end().to_owned()).collect()
}

#[test]
fn what_code_shows_is_drafted_and_the_rest_is_left_to_people() {
    let fixture = Fixture::new(SHOP);
    let mut workspace = open(&fixture);
    let drafts = draft_contracts(&mut workspace).unwrap();
    assert_eq!(
        told(&drafts),
        [
            "investigate audit.written.v1 [] billing and orders send to it: which of them owns it?",
            "new orders.placed.v1 [docs/features/orders/contracts/orders.placed.v1.md \
             docs/features/orders/asyncapi/orders.placed.v1.yaml docs/features/orders/README.md]",
            "investigate refunds.asked.v1 [] nothing here was seen to send to it; its contract belongs to whoever does",
        ]
    );
    assert!(!drafts.questions.is_empty());
    writer::apply(workspace.root(), &drafts.edit).unwrap();
    let contract = fixture.folder.path().join("docs/features/orders/contracts/orders.placed.v1.md");
    let contract = std::fs::read_to_string(contract).unwrap();
    for stated in ["- **Producer**: orders\n", "- **Consumers**: billing\n", "- **DLQ**: `orders.placed.v1.dlq`"] {
        assert!(contract.contains(stated), "{stated} in {contract}");
    }
    assert!(contract.contains("- **Retention**: [TBD:"), "nobody stated it: {contract}");
}

#[test]
fn drafts_are_not_drafted_again_and_have_no_errors() {
    let fixture = Fixture::new(SHOP);
    let mut workspace = open(&fixture);
    let drafts = draft_contracts(&mut workspace).unwrap();
    writer::apply(workspace.root(), &drafts.edit).unwrap();
    let mut workspace = open(&fixture);
    let errors: Vec<_> = workspace
        .files()
        .flat_map(|it| report::of_file(&workspace, it, &ReportFilter::default()))
        .filter(|it| it.severity == Severity::Error)
        .map(|it| it.message)
        .collect();
    assert_eq!(errors, [] as [&str; 0]);
    let again = draft_contracts(&mut workspace).unwrap();
    assert!(again.edit.is_empty(), "{:?}", again.edit);
    let placed = again.channels.iter().find(|it| it.channel == "orders.placed.v1").unwrap();
    assert_eq!(placed.state, DraftState::Unchanged);
}

#[test]
fn what_a_contract_leaves_open_is_filled_in_and_what_it_says_stays() {
    let fixture = Fixture::new(SHOP);
    let mut workspace = open(&fixture);
    let drafts = draft_contracts(&mut workspace).unwrap();
    writer::apply(workspace.root(), &drafts.edit).unwrap();
    let path = fixture.folder.path().join("docs/features/orders/contracts/orders.placed.v1.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text
        .replace("- **Consumers**: billing", "- **Consumers**: [TBD: Which services receive the messages?]")
        .replace("- **DLQ**: `orders.placed.v1.dlq`", "- **DLQ**: none, losses are accepted")
        .replace("- [Index](../README.md)\n", "")
        .replace(
            "**Owner**: [TBD: Which team answers for this channel, and how is it reached?]",
            "**Owner**: Team A, #a",
        );
    std::fs::write(&path, &text).unwrap();
    let mut workspace = open(&fixture);
    let drafts = draft_contracts(&mut workspace).unwrap();
    assert_eq!(told(&drafts)[1].split(" [").next(), Some("update orders.placed.v1"), "{:?}", told(&drafts));
    writer::apply(workspace.root(), &drafts.edit).unwrap();
    let after = std::fs::read_to_string(&path).unwrap();
    let open = "- **Consumers**: [TBD: Which services receive the messages?]";
    assert_eq!(after, text.replace(open, "- **Consumers**: billing"));
}

#[test]
fn a_channel_that_another_document_describes_is_left_alone() {
    let described = "
//- /orders/asyncapi.yaml
asyncapi: 3.0.0
info: { title: orders, version: 1.0.0 }
channels:
  placed:
    address: orders.placed.v1
    messages: { placed: { payload: { type: object } } }
operations:
  send: { action: send, channel: { $ref: '#/channels/placed' } }
";
    let fixture = Fixture::new(&format!("{SHOP}{described}"));
    let drafts = draft_contracts(&mut open(&fixture)).unwrap();
    assert_eq!(told(&drafts)[1], "unchanged orders.placed.v1 [] described in orders/asyncapi.yaml");
    assert!(drafts.edit.is_empty());
}

/// A service of Go that sends one type to one topic, and two to another.
const TYPED: &str = r#"
//- /go.mod
module shop
require github.com/segmentio/kafka-go v0.4.0
//- /events/events.go
package events

type Meta struct {
	ID string `json:"id"`
}

type Placed struct {
	Meta
	CustomerID string   `json:"customer_id"`
	Total      float64  `json:"total,omitempty"`
	Lines      []Line   `json:"lines"`
}

type Line struct {
	SKU string `json:"sku"`
}

type Cancelled struct {
	Meta
}
//- /cmd/orders/main.go
package main

import (
	"encoding/json"

	"github.com/segmentio/kafka-go"
	"shop/events"
)

func main() {
	w := &kafka.Writer{}
	send(w, "orders.placed.v1", events.Placed{})
	if late {
		event := &events.Cancelled{}
		send(w, "orders.changed.v1", event)
		return
	}
	event := &events.Placed{}
	send(w, "orders.changed.v1", event)
}

func send(w *kafka.Writer, topic string, event any) {
	value, _ := json.Marshal(event)
	w.WriteMessages(ctx, kafka.Message{Topic: topic, Value: value})
}
"#;

#[test]
fn the_schema_has_the_fields_of_the_type_that_is_sent() {
    let fixture = Fixture::new(TYPED);
    let mut workspace = open(&fixture);
    let drafts = draft_contracts(&mut workspace).unwrap();
    let types = |channel: &str| {
        let one = drafts.channels.iter().find(|it| it.channel == channel).unwrap();
        one.types.iter().map(|it| format!("{}:{}", it.file, it.line)).collect::<Vec<_>>()
    };
    assert_eq!(types("orders.placed.v1"), ["events/events.go:7"]);
    assert_eq!(types("orders.changed.v1"), [""; 0], "two types are sent, and which one is meant is not known");
    let schema = drafts.edit.creates.iter().find(|it| it.path.as_str().ends_with("schemas/orders.placed.v1.json"));
    let schema: serde_json::Value = serde_json::from_str(&schema.unwrap().content).unwrap();
    assert_eq!(schema["required"], serde_json::json!(["id", "customer_id", "lines"]));
    assert_eq!(schema["properties"]["total"], serde_json::json!({ "type": "number" }));
    assert_eq!(schema["properties"]["lines"], serde_json::json!({ "type": "array", "items": { "type": "object" } }));
}
