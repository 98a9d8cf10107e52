//! The operation `contract`: what it writes from facts, what it takes from where, and what it leaves alone.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[allow(dead_code)] // These tests need no cursor.
#[path = "../../rules/src/fixture.rs"]
mod fixture;

use archwright_analysis::{
    Severity,
    operations::{Contract, ContractRequest, NextStep, Operation, Plan},
    writer,
};
use fixture::Fixture;
use serde_json::{Value, json};

/// A feature with a design, and another one with a document whose manner is followed.
const SHOP: &str = "
//- /docs/features/loyalty/README.md
# loyalty

## Artifacts

- **Design**: [design](design.md)

## Channels owned

- points.booked.v1: produced, read by mail. See [contract](contracts/points.booked.v1.md) (not yet written).

//- /docs/features/loyalty/design.md
# Design: loyalty

## System concerns

- **Owner team**: team-loyalty

## Boundary contracts

| Channel | Ordering key | Idempotency key | Retention | DLQ owner | Compatibility |
| --- | --- | --- | --- | --- | --- |
| points.booked.v1 | member_id | [TBD] | 9 days | team-dead-letters | [TBD] |

## Related artifacts

- [Contract points.booked.v1](contracts/points.booked.v1.md) (not yet written)

//- /docs/features/orders/asyncapi/orders.placed.v1.yaml
asyncapi: 3.1.0
info:
  title: orders
  version: 1.0.0
  contact: { name: team-orders }
  license: { name: Proprietary }
defaultContentType: application/json
servers:
  production:
    host: events.example.com
    protocol: kafka
channels:
  orderPlaced:
    address: orders.placed.v1
    messages:
      OrderPlaced: { $ref: '#/components/messages/OrderPlaced' }
components:
  messages:
    OrderPlaced:
      headers:
        type: object
        properties:
          id: { type: string, format: uuid, description: Of the order event. }
          type: { type: string, const: com.example.orders.placed.v1 }
      payload: { type: object }
";

fn request(facts: Value) -> ContractRequest {
    serde_json::from_value(facts).unwrap()
}

fn points(format: &str) -> Value {
    json!({
        "channel": "points.booked.v1",
        "message": "points booked",
        "summary": "Points have been booked for a member.",
        "language": format,
        "fields": [
            {"name": "member_id", "type": "uuid", "description": "Number of the member.",
             "example": "0196f1a2-7c40-7b11-9a5e-3f0c2d9b6e01"},
            {"name": "points", "type": "integer", "example": "120"},
            {"name": "reasons", "type": "string[]", "example": "visit, birthday"},
            {"name": "value", "type": "decimal", "example": "1.20"},
            {"name": "email", "type": "email", "personal": true, "optional": true},
            {"name": "booked_at", "type": "date-time", "optional": true}
        ],
        "owner": "team-loyalty, pager loyalty",
        "producer": "ledger-service",
        "consumers": ["mail (team-mail)", "reports"],
        "idempotency_key": "id",
        "delivery": "at-least-once",
        "compatibility": "full",
        "ci_gate": "job schema-compat",
        "replay": "by member, 20 a second"
    })
}

/// Plans and writes, and sees to it that nothing is left to do nor wrong.
fn written(fixture: &Fixture, request: &ContractRequest) -> (String, Plan) {
    let (text, plan) = drafted(fixture, request);
    // The README and the design of the fixture are no whole ones.
    let own =
        plan.findings.iter().filter(|it| !matches!(it.rule, "document/missing-section" | "document/missing-field"));
    assert_eq!(own.map(|it| &it.message).collect::<Vec<_>>(), Vec::<&String>::new());
    (text, plan)
}

/// Plans and writes, and sees to it that nothing is left to do.
fn drafted(fixture: &Fixture, request: &ContractRequest) -> (String, Plan) {
    let root = fixture.folder.path();
    let plan = Contract::plan(&mut fixture.open(), request).unwrap();
    let mut text = String::new();
    for file in plan.edit.preview(|path| std::fs::read_to_string(root.join(path.as_str())).ok()).unwrap() {
        text.push_str(&format!("=== {}\n{}", file.path, file.after.unwrap()));
    }
    writer::apply(root, &plan.edit).unwrap();
    let again = Contract::plan(&mut fixture.open(), request).unwrap();
    assert!(again.edit.is_empty(), "{:?}", again.edit);
    for note in &plan.notes {
        text.push_str(&format!("--- {}:{}: {}\n", note.file, note.at.line, note.message));
    }
    // Today is another day in every run.
    let date = text.lines().find_map(|it| it.strip_prefix("- **Date**: ")).unwrap_or_default().to_owned();
    (text.replace(&date, "2026-11-29"), plan)
}

fn problems(fixture: &Fixture) -> Vec<String> {
    let workspace = fixture.open();
    let all = workspace.files().flat_map(|it| workspace.findings(it));
    let bad = all.filter(|it| it.severity == Severity::Error && !it.rule.code.starts_with("document/missing-"));
    bad.map(|it| format!("{}: {}", it.rule.code, it.message)).collect()
}

#[test]
fn a_channel_of_a_design_gets_contract_schema_and_document() {
    let fixture = Fixture::new(SHOP);
    let facts = points("json-schema");
    let (text, plan) = written(&fixture, &request(facts.clone()));
    insta::assert_snapshot!(text);
    assert_eq!(plan.files[0].path.as_str(), "docs/features/loyalty/contracts/points.booked.v1.md");
    assert_eq!(problems(&fixture), Vec::<String>::new());
    for given in
        ["team-loyalty, pager loyalty", "mail (team-mail)", "reports", "job schema-compat", "20 a second", "visit"]
    {
        assert!(text.contains(given), "{given} is lost");
    }
}

#[test]
fn schemas_are_written_in_the_language_that_is_asked_for() {
    for format in ["avro", "protobuf"] {
        let fixture = Fixture::new(SHOP);
        let (text, _) = written(&fixture, &request(points(format)));
        let from = text.find("=== docs/features/loyalty/schemas/").unwrap();
        let schema = text[from..].split("\n--- ").next().unwrap();
        insta::assert_snapshot!(format, schema);
        assert!(text.contains("Not placed: the examples."), "{text}");
        assert_eq!(problems(&fixture), Vec::<String>::new());
    }
}

#[test]
fn what_contradicts_a_contract_is_told_and_taken_on_request() {
    let fixture = Fixture::new(SHOP);
    written(&fixture, &request(points("json-schema")));
    let other = json!({"channel": "points.booked.v1", "retention": "3 days", "message": "PointsLost", "owner": "team-x",
        "fields": [{"name": "points", "type": "integer"}, {"name": "lost", "type": "uuid"}]});
    let plan = Contract::plan(&mut fixture.open(), &request(other.clone())).unwrap();
    assert!(plan.edit.is_empty(), "{:?}", plan.edit);
    let told: Vec<&str> = plan.notes.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "Not placed: the message PointsLost and the fields lost. This document describes the channel already; \
             change it.",
            "Kept “team-loyalty, pager loyalty”; given was “team-x”.",
            "Kept “9 days”, here and in one more place; given was “3 days”.",
        ]
    );
    assert!(plan.next_steps.contains(&NextStep::SettleDifferences { count: 2 }), "{:?}", plan.next_steps);
    let plan = Contract::plan(&mut fixture.open(), &ContractRequest { update: true, ..request(other) }).unwrap();
    writer::apply(fixture.folder.path(), &plan.edit).unwrap();
    let read = |path: &str| std::fs::read_to_string(fixture.folder.path().join(path)).unwrap();
    assert!(read("docs/features/loyalty/contracts/points.booked.v1.md").contains("- **Retention**: 3 days\n"));
    assert!(read("docs/features/loyalty/design.md").contains("| 3 days |"));
}

#[test]
fn a_channel_that_nobody_knows_needs_its_feature() {
    let fixture = Fixture::new(SHOP);
    let message = |facts: Value| Contract::plan(&mut fixture.open(), &request(facts)).unwrap_err().to_string();
    assert_eq!(
        message(json!({"channel": "points.boked.v1"})),
        "no design and no AsyncAPI document of the workspace knows a channel `points.boked.v1`: name its `feature` to \
         write it anew"
    );
    assert_eq!(
        message(json!({"channel": "members.joined.v1", "feature": "loyality"})),
        "there is no feature `loyality`; did you mean `loyalty`?"
    );
    assert!(message(json!({"channel": "a.b.v1", "feature": "new one"})).contains("`new-one`"));
    assert!(message(json!({"channel": "ö", "feature": "members"})).contains("`ö` is no name of a channel"));
    let odd = message(json!({"channel": "a.b.v1", "feature": "members", "message": "1!"}));
    assert!(odd.contains("`1!` is no name of a message"), "{odd}");
    let braces = json!({"channel": "a/{id}", "feature": "members"});
    let plan = Contract::plan(&mut fixture.open(), &request(braces)).unwrap();
    let document = plan.edit.creates.iter().find(|it| it.path.extension() == "yaml").unwrap();
    assert!(document.content.contains("    parameters:\n      id: {}\n"), "{}", document.content);
    let plan =
        Contract::plan(&mut fixture.open(), &request(json!({"channel": "members.joined.v1", "feature": "members"})));
    let paths: Vec<String> = plan.unwrap().files.iter().map(|it| it.path.to_string()).collect();
    assert_eq!(
        paths,
        [
            "docs/features/members/contracts/members.joined.v1.md",
            "docs/features/members/asyncapi/members.joined.v1.yaml",
            "docs/features/members/README.md"
        ],
        "of a payload that nobody described there is no schema"
    );
}

/// What a design says of its channel is what the contract says, in its words.
#[test]
fn a_contract_says_of_its_channel_what_the_design_says() {
    let design = SHOP
        .replace("produced, read by mail.", "produced, sent by ledger, read by mail.")
        .replace("| member_id | [TBD] | 9 days |", "| a \\| b | `x`, a field | 9 days (10 in EU) |");
    let fixture = Fixture::new(&design);
    let (text, _) = drafted(
        &fixture,
        &request(json!({"channel": "`points.booked.v1`", "language": "protobuf",
        "fields": [{"name": "member_id", "type": "uuid"}]})),
    );
    let said = [
        "- **Producer**: ledger\n",
        "- **Consumers**: mail\n",
        "- **Ordering key**: a | b\n",
        "- **Idempotency key**: `x`, a field\n",
        "- **Retention**: 9 days (10 in EU)\n",
        "title: ledger\n",
    ];
    for line in said {
        assert!(text.contains(line), "{line} is lost:\n{text}");
    }
    assert!(!text.contains("application/json"), "{text}");
}

#[test]
fn the_key_of_an_envelope_stands_whole_in_the_design() {
    let fixture = Fixture::new(SHOP);
    let (text, _) = drafted(&fixture, &request(json!({"channel": "points.booked.v1", "producer": "ledger"})));
    assert!(!text.contains("| id`, a header |"), "{text}");
    assert!(text.contains("| `id`, a header |"), "{text}");
}

#[test]
fn a_channel_keeps_its_name_where_files_cannot_have_it() {
    for name in ["points/booked/v1", "shop:points#booked.v1", "pünkte.gebücht.v1"] {
        let shop = SHOP.replace("- points.booked.v1:", &format!("- {name}:"));
        let fixture = Fixture::new(&shop.replace("| points.booked.v1 |", &format!("| {name} |")));
        let (text, plan) = drafted(
            &fixture,
            &request(json!({"channel": name, "producer": "ledger",
            "fields": [{"name": "member_id", "type": "uuid"}]})),
        );
        assert!(text.contains(&format!("# Contract: {name}\n")), "{text}");
        let told: Vec<_> = plan.findings.iter().map(|it| it.rule).filter(|it| it.starts_with("channel/")).collect();
        assert!(
            !told.contains(&"channel/address-mismatch") && !told.contains(&"channel/unlisted-contract"),
            "{told:?}"
        );
    }
}

#[test]
fn what_a_schema_has_otherwise_and_what_is_new_is_told() {
    let fixture = Fixture::new(SHOP);
    written(&fixture, &request(points("json-schema")));
    let notes = |facts: Value| -> Vec<String> {
        let plan = Contract::plan(&mut fixture.open(), &request(facts)).unwrap();
        plan.notes.into_iter().map(|it| it.message).collect()
    };
    let other = notes(json!({"channel": "points.booked.v1", "feature": "loyality",
        "fields": [{"name": "member_id", "type": "integer"}, {"name": "points", "type": "integer"}]}));
    assert_eq!(
        other,
        [
            "Not placed: the feature loyality. This document belongs to loyalty.",
            "Kept “string” as the type of member_id; given was “integer”. Change the schema where that is meant."
        ]
    );
    let new = notes(json!({"channel": "members.joined.v1", "feature": "members"}));
    assert!(
        new.iter().any(|it| it.starts_with("The feature `members` is new; there are `loyalty`, `orders`.")),
        "{new:?}"
    );
    let slash = json!({"channel": "points/booked/v1", "feature": "loyalty"});
    let error = Contract::plan(&mut fixture.open(), &request(slash)).unwrap_err().to_string();
    assert!(
        error.contains("is called after the channel `points/booked/v1` and describes `points.booked.v1`"),
        "{error}"
    );
}
