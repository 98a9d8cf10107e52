//! Code in languages that no rule reads by itself, and documents that speak of its channels.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use std::time::Duration;

use common::{Client, folder, pulling, pushing, watching};
use serde_json::{Value, json};

const CONTRACT: &str = "docs/features/shop/contracts/orders.placed.v1.md";
const PROMISED: &str = "# Contract: orders.placed.v1\n\n- **Status**: Active\n- **Consumers**: billing\n";
const LOYALTY: &str = "services/loyalty/Events.java";
const LISTENER: &str =
    "class Events {\n  @KafkaListener(topics = \"orders.placed.v1\")\n  void on(Order order) {}\n}\n";
const SENDER: &str = "package main\n\nimport \"github.com/segmentio/kafka-go\"\n\nfunc main() {\n\t\
    w := &kafka.Writer{}\n\tw.WriteMessages(ctx, kafka.Message{Topic: \"orders.placed.v1\"})\n}\n";
const POM: &str = "<artifactId>spring-kafka</artifactId>";

async fn start(capabilities: Value, configuration: &str) -> Client {
    let root = folder(&[
        ("archwright.toml", configuration),
        (CONTRACT, PROMISED),
        ("services/billing/pom.xml", POM),
        ("services/billing/Events.java", LISTENER),
        ("services/loyalty/pom.xml", POM),
        (LOYALTY, LISTENER),
        ("services/shop/go.mod", "module shop\n\nrequire github.com/segmentio/kafka-go v0.4.47\n"),
        ("services/shop/main.go", SENDER),
    ]);
    Client::start(root, watching(capabilities)).await
}

fn paths(of: &Value, key: &str) -> Vec<String> {
    let path = |it: &Value| it[key].as_str().unwrap().rsplit("/services/").next().unwrap().to_owned();
    of.as_array().unwrap().iter().map(path).collect()
}

/// Asks for the lenses of a file until there are some.
async fn lenses(client: &mut Client, path: &str) -> Value {
    for _ in 0..400 {
        let found = client.call("textDocument/codeLens", json!({ "textDocument": { "uri": client.uri(path) } })).await;
        if found.as_array().is_some_and(|it| !it.is_empty()) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no lenses came");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_leads_to_code_that_nobody_has_open() {
    let mut client = start(pushing(), "").await;
    client.open(CONTRACT, PROMISED).await;
    client.published(CONTRACT).await;
    // It waits until code was read.
    let found = client.call_at("textDocument/implementation", CONTRACT, 0, 15).await;
    let expected = ["billing/Events.java", "loyalty/Events.java", "shop/main.go"];
    assert_eq!(paths(&found, "targetUri"), expected);
    assert_eq!(found[0]["targetRange"]["start"], json!({ "line": 1, "character": 27 }));
    assert_eq!(paths(&client.call_at("textDocument/definition", CONTRACT, 0, 15).await, "targetUri"), expected);
    let params = json!({
        "textDocument": { "uri": client.uri(CONTRACT) }, "position": { "line": 0, "character": 15 },
        "context": { "includeDeclaration": true }
    });
    let found = client.call("textDocument/references", params).await;
    assert_eq!(paths(&found, "uri")[1..], expected);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn code_has_cards_lenses_and_a_hierarchy_of_calls() {
    let mut client = start(pushing(), "").await;
    client.open("services/shop/main.go", SENDER).await;
    client.published("services/shop/main.go").await;
    let found = lenses(&mut client, "services/shop/main.go").await;
    assert_eq!(found[0]["command"]["title"], "2 consumers, contract orders.placed.v1");
    assert_eq!(found[0]["range"]["start"], json!({ "line": 6, "character": 1 }));
    let hover = client.call_at("textDocument/hover", "services/shop/main.go", 6, 45).await;
    let card = hover["contents"]["value"].as_str().unwrap();
    assert!(card.contains("received from in code by `loyalty`") && card.contains("a message contract"), "{card}");
    let found = client.call_at("textDocument/definition", "services/shop/main.go", 6, 45).await;
    assert_eq!(found[0]["targetUri"], json!(client.uri(CONTRACT)));

    let items = client.call_at("textDocument/prepareCallHierarchy", "services/shop/main.go", 6, 45).await;
    assert_eq!((&items[0]["name"], &items[0]["uri"]), (&json!("orders.placed.v1"), &json!(client.uri(CONTRACT))));
    let incoming = client.call("callHierarchy/incomingCalls", json!({ "item": items[0] })).await;
    assert_eq!((incoming.as_array().unwrap().len(), &incoming[0]["from"]["name"]), (1, &json!("shop")));
    assert_eq!(incoming[0]["fromRanges"][0]["start"]["line"], 6);
    let outgoing = client.call("callHierarchy/outgoingCalls", json!({ "item": items[0] })).await;
    let names: Vec<_> = outgoing.as_array().unwrap().iter().map(|it| it["to"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["billing", "loyalty"]);
    let sent = client.call("callHierarchy/outgoingCalls", json!({ "item": incoming[0]["from"] })).await;
    assert_eq!(
        (&sent[0]["to"]["name"], &sent[0]["fromRanges"][0]["start"]["line"]),
        (&json!("orders.placed.v1"), &json!(6))
    );

    // The line is another one, and then so is its lens.
    client.replace("services/shop/main.go", 2, &SENDER.replace("orders.placed.v1", "orders.sent.v1")).await;
    let params = json!({ "textDocument": { "uri": client.uri("services/shop/main.go") } });
    let found = client.call("textDocument/codeLens", params).await;
    assert_eq!(found, json!([]));
    client.published("services/shop/main.go").await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_code_does_otherwise_is_a_diagnostic_if_the_configuration_wants_it() {
    let mut client = start(pushing(), "[scan]\ncheck = true\n").await;
    client.open(LOYALTY, LISTENER).await;
    let found = client.published_count(LOYALTY, 1).await;
    let found = &found["diagnostics"][0];
    assert_eq!((&found["code"], &found["severity"]), (&json!("drift/unlisted-consumer"), &json!(2)));
    assert_eq!(found["range"]["start"], json!({ "line": 1, "character": 2 }));
    assert_eq!(found["relatedInformation"][0]["location"]["uri"], json!(client.uri(CONTRACT)));

    // It moves with its line at once, goes when code was read again, and can be allowed.
    client.replace(LOYALTY, 2, &format!("// More.\n{LISTENER}")).await;
    let moved = client.published(LOYALTY).await;
    assert_eq!((&moved["version"], &moved["diagnostics"][0]["range"]["start"]["line"]), (&json!(2), &json!(2)));
    let place = json!({ "line": 2, "character": 10 });
    let params = json!({
        "textDocument": { "uri": client.uri(LOYALTY) }, "range": { "start": place, "end": place },
        "context": { "diagnostics": [] }
    });
    let actions = client.call("textDocument/codeAction", params).await;
    let edit = &actions[0]["edit"]["documentChanges"][0]["edits"][0];
    assert!(
        edit["newText"].as_str().unwrap().starts_with("  // archwright: allow drift/unlisted-consumer -- "),
        "{edit}"
    );
    let allowed = "class Events {\n  // archwright: allow drift/unlisted-consumer -- a trial\n";
    client.replace(LOYALTY, 3, &LISTENER.replace("class Events {\n", allowed)).await;
    client.published_count(LOYALTY, 0).await;
    client.replace(LOYALTY, 4, LISTENER).await;
    client.published_count(LOYALTY, 1).await;

    // The document agrees now.
    client.open(CONTRACT, &PROMISED.replace("billing", "billing, loyalty")).await;
    client.published(CONTRACT).await;
    client.published_count(LOYALTY, 0).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_pulls_is_told_to_pull_again() {
    let mut client = start(pulling(), "[scan]\ncheck = true\n").await;
    client.open(LOYALTY, LISTENER).await;
    let refresh = client.server_request("workspace/diagnostic/refresh").await;
    client.respond(&refresh, Value::Null).await;
    let params = json!({ "textDocument": { "uri": client.uri(LOYALTY) } });
    let found = client.call("textDocument/diagnostic", params).await;
    assert_eq!(found["items"][0]["code"], "drift/unlisted-consumer");
    let found = client.call("workspace/diagnostic", json!({ "previousResultIds": [] })).await;
    let uri = json!(client.uri(LOYALTY));
    assert!(found["items"].as_array().unwrap().iter().any(|it| it["uri"] == uri), "{found}");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_being_asked_code_has_no_diagnostics() {
    let mut client = start(pushing(), "").await;
    client.open(LOYALTY, LISTENER).await;
    lenses(&mut client, LOYALTY).await;
    assert_eq!(client.published(LOYALTY).await["diagnostics"], json!([]));
    client.silence(Duration::from_millis(600)).await;
    client.finish().await;
}
