//! The operation `runbook`: what it takes from where, what it asks, what it leaves alone.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[allow(dead_code)] // These tests need no cursor.
#[path = "../../rules/src/fixture.rs"]
mod fixture;

use archwright_analysis::{
    RelPath, Severity,
    operations::{Operation, Plan, Runbook, RunbookRequest},
    writer,
};
use fixture::Fixture;
use serde_json::{Value, json};

fn request(facts: Value) -> RunbookRequest {
    let mut all = json!({ "date": "2026-11-29" });
    all.as_object_mut().unwrap().extend(facts.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

/// Plans and writes, and sees to it that nothing is left to do. Gives all files that changed, one after the other.
fn written(fixture: &Fixture, request: &RunbookRequest) -> (String, Plan) {
    let root = fixture.folder.path();
    let plan = Runbook::plan(&mut fixture.open(), request).unwrap();
    let mut text = String::new();
    for file in plan.edit.preview(|path| std::fs::read_to_string(root.join(path.as_str())).ok()).unwrap() {
        text.push_str(&format!("=== {}\n{}", file.path, file.after.unwrap()));
    }
    writer::apply(root, &plan.edit).unwrap();
    let again = Runbook::plan(&mut fixture.open(), request).unwrap();
    assert!(again.edit.is_empty(), "{:?}", again.edit);
    assert!(plan.findings.iter().all(|it| it.severity != Severity::Error), "{:?}", plan.findings);
    for note in &plan.notes {
        text.push_str(&format!("--- {}:{}: {}\n", note.file, note.at.line, note.message));
    }
    (text, plan)
}

const SHOP: &str = "
//- /docs/features/orders/README.md
# orders

## System concerns

- **Owner team**: team-orders
- **Tenancy**: Single tenant
- **Compliance**: none
- **Cost owner**: team-orders
- **Capacity**: 120 orders per second
- **DR posture**: RPO 1 minute, RTO 30 minutes
- **Lifecycle**: created 2026-01-01; ends with the shop; replaced by nothing

## Artifacts

- **Contracts**: [orders.placed.v1](contracts/orders.placed.v1.md)

## Channels owned

- orders.placed.v1: produced. See [contract](contracts/orders.placed.v1.md).

//- /docs/features/orders/contracts/orders.placed.v1.md
# Contract: orders.placed.v1

## Summary

- **Channel**: `orders.placed.v1`
- **Owner**: team-orders

## Producer and consumers

- **Producer**: checkout
- **Consumers**: billing

## Ordering, idempotency, retention

- **Ordering key**: `order_id`
- **Idempotency key**: `id`
- **Retention**: 7 days

## DLQ and replay

- **DLQ**: `orders.placed.v1.dlq`, owner team-orders, alert at 1 message, [guide](https://example.com/dlq)
- **Replay**: by order, at most 50 messages per second, started by team-orders

## Related artifacts

- [Index](../README.md)
";

#[test]
fn a_runbook_takes_from_the_contract_what_it_says() {
    let facts = json!({
        "incident": "dlq-triage",
        "channel": "orders.placed.v1",
        "escalation": "duty lead after 30 minutes",
        "approver": "the duty lead",
        "dashboards": ["Orders dead letters"],
        "causes": [
            { "cause": "Broken payload", "fix": "stop the relay and mend the mapping" },
            { "cause": "Unknown order" },
        ],
        "thresholds": ["more than 20 messages come back in a minute"],
        "never": ["Never redrive to the mailer: customers would get two mails"],
    });
    insta::assert_snapshot!(written(&Fixture::new(SHOP), &request(facts)).0);
}

#[test]
fn all_incidents_are_written_without_an_error_and_ask_what_nobody_said() {
    for incident in archwright_knowledge::incidents() {
        let fixture = Fixture::new(SHOP);
        let facts = json!({ "incident": incident.id.as_str(), "channel": "orders.placed.v1", "feature": "orders" });
        let (text, plan) = written(&fixture, &request(facts));
        assert!(text.contains(&format!("runbooks/{}.md", incident.id)), "{text}");
        assert!(!plan.questions.is_empty() && !text.contains("None."), "{text}");
        assert!(!text.contains(['{', '}']), "{text}");
    }
}

#[test]
fn the_platform_has_runbooks_too() {
    let fixture = Fixture::new(SHOP);
    let facts = json!({ "incident": "region-failover", "owner": "team-platform" });
    let (text, _) = written(&fixture, &request(facts));
    assert!(text.starts_with("=== docs/system/runbooks/region-failover.md\n# Runbook: Region failover\n"), "{text}");
}

#[test]
fn people_own_their_steps_and_answers_go_where_they_were_asked_for() {
    let fixture = Fixture::new(SHOP);
    let facts = |more: Value| {
        let mut all = json!({ "incident": "dlq-triage", "channel": "orders.placed.v1" });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request(all)
    };
    written(&fixture, &facts(json!({})));
    let path = RelPath::new("docs/features/orders/runbooks/dlq-triage.md");
    let mine = fixture.read(&path).replace("Read five messages", "Read seven messages");
    std::fs::write(fixture.folder.path().join(path.as_str()), mine).unwrap();
    let (text, plan) = written(&fixture, &facts(json!({ "approver": "Ada", "dashboards": ["Orders"] })));
    assert!(text.contains("- **Approver**: Ada\n") && text.contains("- **Dashboards**: Orders\n"), "{text}");
    assert!(text.contains("Read seven messages"), "{text}");
    assert!(plan.edit.creates.is_empty() && plan.edit.texts.len() == 1, "{:?}", plan.edit);
}

#[test]
fn another_channel_gets_a_runbook_of_its_own() {
    let fixture =
        Fixture::new(&format!("{SHOP}\n//- /docs/features/orders/runbooks/dlq-triage.md\n# DLQ triage\n\nText.\n"));
    let (text, _) = written(&fixture, &request(json!({ "incident": "dlq-triage", "channel": "orders.placed.v1" })));
    assert!(
        text.contains("=== docs/features/orders/runbooks/dlq-triage-orders-placed-v1.md\n# DLQ triage: orders"),
        "{text}"
    );
    assert!(text.contains("[DLQ triage: orders.placed.v1](runbooks/"), "{text}");
}

#[test]
fn what_is_not_clear_is_refused() {
    let fixture = Fixture::new(SHOP);
    let error = |facts: Value| Runbook::plan(&mut fixture.open(), &request(facts)).unwrap_err().to_string();
    assert!(error(json!({})).contains("`incident` is missing"));
    assert!(error(json!({ "incident": "consumer-lag", "channel": "orders.placed.v1" })).contains("Whose consumer"));
    let error = error(json!({ "incident": "replay", "channel": "orders.placd.v1" }));
    assert!(error.contains("did you mean `orders.placed.v1`?"), "{error}");
}

#[test]
fn a_workspace_keeps_its_runbooks_where_it_has_them() {
    let there = |name: &str| {
        format!("//- /ops/runbooks/{name}.md\n# {name}\n\n## Symptoms\n\nText.\n\n## Mitigation\n\nText.\n\n")
    };
    let fixture = Fixture::new(&format!("{}{}", there("search"), there("users")));
    let (text, _) = written(&fixture, &request(json!({ "incident": "region-failover", "owner": "team-a" })));
    assert!(text.starts_with("=== ops/runbooks/region-failover.md\n# Region failover\n"), "{text}");
}
