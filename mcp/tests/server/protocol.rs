//! Both eras of the protocol, and clients that misbehave.

use serde_json::json;

use crate::client::{Client, Era, empty, faulty, text};

#[tokio::test]
async fn the_handshake_of_every_older_revision_is_answered() {
    let folder = empty();
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let mut client = Client::silent(folder.path(), Era::Legacy);
        let answer = client.initialize(version).await;
        let result = &answer["result"];
        assert_eq!(result["protocolVersion"], version);
        assert_eq!(result["serverInfo"]["name"], "archwright");
        assert_eq!(result["serverInfo"]["version"], env!("CARGO_PKG_VERSION"));
        let instructions = result["instructions"].as_str().unwrap();
        assert!(instructions.len() <= 1536);
        // Some clients show so much and no more.
        let start = instructions.split("\n\n").next().unwrap();
        assert!(start.chars().count() <= 240 && start.contains("`check`") && start.contains("`impact`"), "{start}");
        assert!(result.get("resultType").is_none());
        client.end().await;
    }
}

#[tokio::test]
async fn the_stateless_era_needs_no_handshake() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let answer = client.request("server/discover", json!({})).await;
    let result = &answer["result"];
    assert!(result["supportedVersions"].as_array().unwrap().contains(&json!("2026-07-28")), "{answer:#}");
    assert!(result["instructions"].as_str().unwrap().contains("`check`"));
    assert!(answer.to_string().contains("\"archwright\""));
    assert_eq!(client.data("check", json!({})).await["summary"]["errors"], 0);
    client.end().await;
}

#[tokio::test]
async fn a_client_that_falls_back_after_a_probe_is_served() {
    let folder = empty();
    let mut client = Client::silent(folder.path(), Era::Stateless);
    client.request("server/discover", json!({})).await;
    client.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}})).await;
    let answer = client.initialize("2025-06-18").await;
    assert_eq!(answer["result"]["protocolVersion"], "2025-06-18");
    client.end().await;
}

#[tokio::test]
async fn a_line_that_is_no_json_does_not_end_the_session() {
    let folder = empty();
    for era in [Era::Stateless, Era::Legacy] {
        let mut client = Client::new(folder.path(), era).await;
        client.line("").await;
        for line in ["{", "not json", "{\"jsonrpc\": \"2.0\", \"id\": ", "\u{0}\u{1}"] {
            client.line(line).await;
            let answer = client.receive().await;
            assert_eq!(answer["error"]["code"], -32700, "{line:?}");
            assert!(answer.get("id").is_none(), "{answer}");
        }
        assert!(client.data("check", json!({})).await["summary"].is_object());
        client.end().await;
    }
}

#[tokio::test]
async fn a_thousand_calls_at_once_are_all_answered() {
    let folder = faulty();
    for era in [Era::Stateless, Era::Legacy] {
        let mut client = Client::new(folder.path(), era).await;
        let mut waiting = std::collections::BTreeSet::new();
        for number in 0..1000 {
            let call = match number % 3 {
                0 => json!({"name": "explain", "arguments": {"name": "Transactional Outbox"}}),
                1 => json!({"name": "check", "arguments": {"detail": "summary"}}),
                _ => json!({"name": "check", "arguments": {"limit": 1}}),
            };
            waiting.insert(client.ask("tools/call", call).await);
            // The pipe holds a megabyte; nobody writes a thousand calls without reading.
            while 200 < waiting.len() {
                let answer = client.receive().await;
                assert_ne!(answer["result"]["isError"], true, "{answer:#}");
                assert!(waiting.remove(&answer["id"].as_u64().unwrap()));
            }
        }
        while !waiting.is_empty() {
            let answer = client.receive().await;
            assert!(waiting.remove(&answer["id"].as_u64().unwrap()));
        }
        client.end().await;
    }
}

#[tokio::test]
async fn a_cancelled_call_does_nothing_and_holds_up_nobody() {
    let design = |feature: String| {
        let description = "When an order is placed, the stock service reserves it and tells the payment service.";
        json!({"name": "design", "arguments": {"feature": feature, "description": description}})
    };
    for era in [Era::Stateless, Era::Legacy] {
        let folder = faulty();
        let features = folder.path().join("docs/features");
        let mut client = Client::new(folder.path(), era).await;
        // The first call reads the workspace; meanwhile the others wait for it, and are cancelled.
        client.ask("tools/call", json!({"name": "check", "arguments": {}})).await;
        for number in 0..20 {
            let id = client.ask("tools/call", design(format!("cancelled-{number}"))).await;
            client
                .send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}}))
                .await;
        }
        let last = client.ask("tools/call", design("kept".to_owned())).await;
        let answer = loop {
            let answer = client.receive().await;
            if answer["id"] == last {
                break answer;
            }
        };
        assert_eq!(answer["result"]["structuredContent"]["state"], "written", "{answer:#}");
        assert!(features.join("kept/design.md").exists());
        for number in 0..20 {
            assert!(!features.join(format!("cancelled-{number}")).exists(), "cancelled call {number} was carried out");
        }
        client.end().await;
    }
}

#[tokio::test]
async fn the_end_of_the_input_ends_the_server_after_its_answers() {
    let folder = faulty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    client.ask("tools/call", json!({"name": "check", "arguments": {}})).await;
    client.end().await;

    Client::silent(folder.path(), Era::Legacy).end().await;
}

#[tokio::test]
async fn a_tool_that_is_not_there_is_named() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let answer = client.request("tools/call", json!({"name": "chek", "arguments": {}})).await;
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains("Did you mean `check`?"), "{message}");
    client.end().await;
}

#[tokio::test]
async fn arguments_are_read_kindly_and_refused_by_name() {
    let folder = faulty();
    let mut client = Client::new(folder.path(), Era::Legacy).await;
    let all = client.data("check", json!({"paths": ["docs/features/order-checkout"], "limit": 1})).await;
    for paths in [
        json!("docs/features/order-checkout"),
        json!("[\"./docs/features/order-checkout/\"]"),
        json!([folder.path().join("docs/features/order-checkout")]),
    ] {
        let same = client.data("check", json!({"paths": paths, "limit": "1", "severity": "INFO"})).await;
        assert_eq!(all, same);
    }
    let refused = client.mistake("check", json!({"path": "docs", "severity": "warn"})).await;
    insta::assert_snapshot!(refused, @r"
    `path` is no argument of `check`; did you mean `paths`? It takes: paths, severity, base, limit, cursor, detail.
    `severity` cannot be `warn`; it is one of error, warning, info, hint.
    ");
    let refused = client.call("check", json!({"paths": ["order-checkout", "../elsewhere", "/etc"]})).await;
    let refused = text(&refused).replace(folder.path().to_str().unwrap(), "<root>");
    insta::assert_snapshot!(refused, @r"
    There is no file or folder `order-checkout` in the workspace <root>. Did you mean `docs/features/order-checkout`?
    `../elsewhere` does not lie in the workspace <root>; name files and folders below it.
    `/etc` does not lie in the workspace <root>; name files and folders below it.
    ");
    client.end().await;
}
