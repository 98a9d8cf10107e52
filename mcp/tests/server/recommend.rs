//! `recommend`: what the rows of the catalogue decide, and what they leave open.

use serde_json::{Value, json};

use crate::client::{Client, Era, empty};

async fn ask(client: &mut Client, signals: &[&str], topic: &str) -> Value {
    let data = client.data("recommend", json!({ "signals": signals, "topics": [topic] })).await;
    data["recommended"]["topics"][0].clone()
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn signals_decide_and_contradictions_do_not() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    for (topic, signals, expected) in [
        ("message-kind", &["one-receiver", "needs-confirmation"][..], &["command"][..]),
        ("message-kind", &["several-receivers"], &["event"]),
        ("message-kind", &["states-a-fact", "no-answer"], &["event"]),
        ("message-kind", &["one-receiver", "gives-an-order", "needs-result"], &["request-reply"]),
        // One wants to know, many listen: the two do not go together.
        ("message-kind", &["several-receivers", "needs-confirmation"], &[]),
        ("message-kind", &["large-payload"], &[]),
        ("style", &["answer-at-once", "one-receiver"], &["call"]),
        ("style", &["can-wait", "crosses-services"], &["messaging"]),
        ("style", &["in-process"], &["in-process"]),
        ("style", &["answer-at-once", "one-receiver", "receiver-may-be-down"], &[]),
        ("flow", &["consumer-sets-pace"], &["pull"]),
        ("flow", &["answer-at-once", "several-receivers"], &["push"]),
        ("reliability", &["loss-acceptable"], &["level-0"]),
        ("reliability", &["crosses-services"], &["level-1"]),
        ("reliability", &["loss-costs"], &["level-1"]),
        ("reliability", &["state-with-message", "loss-costs"], &["level-2"]),
        ("reliability", &["duplicates-cost"], &["level-2"]),
        ("reliability", &["crosses-services", "loss-acceptable"], &[]),
        ("reliability", &["naturally-idempotent", "state-with-message"], &[]),
        ("reliability", &["one-receiver"], &[]),
        ("coordination", &["few-steps", "independent-steps"], &["choreography"]),
        ("coordination", &["few-steps", "independent-steps", "timeouts"], &[]),
        ("coordination", &["many-steps"], &["orchestration"]),
        ("coordination", &["shared-outcome", "compensation", "timeouts"], &["orchestration"]),
        // Fire and forget to one consumer, and a saga over two teams.
        ("tests", &["own-logic", "real-broker", "loss-acceptable"], &["unit", "integration"]),
        (
            "tests",
            &["own-logic", "real-broker", "crosses-teams", "shared-outcome"],
            &["unit", "integration", "contract", "system"],
        ),
        ("document", &["undecided"], &["rfc"]),
        ("document", &["decided", "crosses-teams"], &["design", "adr"]),
        ("document", &["incident"], &["runbook"]),
        ("pattern", &["state-with-message"], &["transactional-outbox"]),
        ("pattern", &["crosses-services", "loss-costs", "naturally-idempotent"], &["dead-letter-channel"]),
        ("pattern", &["shared-outcome", "timeouts"], &["process-manager"]),
    ] {
        let answer = ask(&mut client, signals, topic).await;
        assert_eq!(ids(&answer["chosen"]), expected, "{topic} {signals:?}: {answer:#}");
        // An open answer asks; a decided one gives its reasons.
        assert_eq!(answer["ask"].is_string(), expected.is_empty(), "{answer:#}");
        for chosen in answer["chosen"].as_array().unwrap() {
            for because in chosen["because"].as_array().unwrap() {
                for signal in because["signals"].as_array().unwrap() {
                    assert!(signals.contains(&signal.as_str().unwrap()), "nobody stated {signal}: {answer:#}");
                }
            }
        }
    }
    client.end().await;
}

#[tokio::test]
async fn companions_and_rejected_alternatives_are_told() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Legacy).await;
    let answer = ask(&mut client, &["shared-outcome", "timeouts"], "coordination").await;
    let companions = answer["chosen"][0]["companions"].as_array().unwrap();
    assert!(companions.iter().any(|it| it == "Idempotent Receiver"), "{answer:#}");
    assert_eq!(ids(&answer["rejected"]), ["choreography"]);
    assert_eq!(answer["rejected"][0]["why"][0]["signals"], json!(["timeouts"]));
    let answer = ask(&mut client, &["naturally-idempotent", "several-receivers"], "pattern").await;
    assert!(!answer["chosen"].to_string().contains("\"Idempotent Receiver\""), "stated as needless: {answer:#}");
    let call = json!({ "signals": ["state-with-message", "crosses-services"] });
    let result = client.call("recommend", call).await;
    insta::assert_snapshot!(crate::client::text(&result));
    client.end().await;
}

#[tokio::test]
async fn what_nobody_can_state_is_a_mistake() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let mistake = client.mistake("recommend", json!({ "signals": ["one-receiver", "several-receivers"] })).await;
    assert!(mistake.contains("cannot both hold"), "{mistake}");
    let mistake = client.mistake("recommend", json!({ "signals": ["several-recievers"] })).await;
    assert!(mistake.contains("Did you mean `several-receivers`?"), "{mistake}");
    let mistake = client.mistake("recommend", json!({})).await;
    assert!(mistake.contains("`signals` is missing"), "{mistake}");
    // One signal alone that bears on nothing decides nothing.
    let data = client.data("recommend", json!({ "signals": "no-answer" })).await;
    assert_eq!(data["recommended"]["topics"], json!([]));
    client.end().await;
}
