//! `explain`.

use serde_json::json;

use crate::client::{Client, Era, empty, text};

#[tokio::test]
async fn rules_patterns_and_checklists_are_explained() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    for (name, kind, holds) in [
        ("link/dead-target", "rule", "Why"),
        ("dead-target", "rule", "Why"),
        ("Transactional Outbox", "pattern", "Failure modes"),
        ("outbox", "pattern", "Failure modes"),
        ("reliability", "checklist", "effectively once"),
        ("sqs", "card", "Visibility timeout"),
        ("retry storm", "card", "How to prevent"),
        ("Claim Check: Failure modes", "pattern", "lifecycle rule"),
        ("patterns", "list", "Idempotent Receiver"),
        ("cards", "list", "anti-patterns"),
        ("failures", "list", "Split Brain"),
        ("rules", "list", "dead-target"),
        ("link/*", "list", "dead-target"),
    ] {
        let result = client.call("explain", json!({"name": name})).await;
        let data = &result["structuredContent"];
        assert_eq!(data["kind"], kind, "{result:#}");
        assert!(data["markdown"].as_str().unwrap().contains(holds), "{result:#}");
        assert_eq!(text(&result).trim(), data["markdown"].as_str().unwrap().trim());
    }
    let brief = client.data("explain", json!({"name": "Transactional Outbox"})).await.to_string();
    let full = client.data("explain", json!({"name": "Transactional Outbox", "detail": "full"})).await.to_string();
    assert!(brief.len() < full.len() && full.contains("## How it is built") && !brief.contains("## How it is built"));
    assert!(brief.contains("Explain `Transactional Outbox: "), "{brief}");
    client.end().await;
}

#[tokio::test]
async fn a_name_that_is_not_known_is_a_mistake_with_what_is_near() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    insta::assert_snapshot!(client.mistake("explain", json!({"name": "link/dead-targets"})).await, @r"Nothing is known as `link/dead-targets`; did you mean `link/dead-target`?");
    insta::assert_snapshot!(client.mistake("explain", json!({"name": "shcema/*"})).await, @r"Nothing is known as `shcema/*`; did you mean `schema/*`?");
    insta::assert_snapshot!(client.mistake("explain", json!({"name": "dead letters"})).await, @r"Nothing is known as `dead letters`; did you mean `Dead Letter Channel`, `Dead Letter Replay`, `Tests of a Dead Letter Channel`, `Unowned Dead Letters`, `drift/other-dead-letters` or `runbook/uncovered-dead-letters`?");
    insta::assert_snapshot!(client.mistake("explain", json!({"name": "no such thing \u{1b}[31m\u{202e}"})).await, @r"Nothing is known as `no such thing `: write a rule's code, a card's name, or one of `reliability` (the eight reliability questions of a design), `distributed` (the six questions of a design that crosses processes, regions or teams), `concerns` (the seven system concerns), `patterns` (the names of all patterns), `rules` (the codes of all rules), `cards` (the kinds of cards beside patterns, each with its list).");
    insta::assert_snapshot!(client.mistake("explain", json!({})).await, @r"`name` is missing: A rule's code, a card's name (with `: heading` for one section), a checklist or a list.");
    client.end().await;
}
