//! Resources, their templates and completion, in both eras.

use serde_json::{Value, json};

use crate::client::{Client, Era, empty, faulty, write};

const DESIGN: &str = "archwright://artifact/docs/features/order-checkout/design.md";

async fn uris(client: &mut Client) -> Vec<String> {
    let (mut uris, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let params = if cursor.is_null() { json!({}) } else { json!({ "cursor": cursor }) };
        let page = client.request("resources/list", params).await["result"].clone();
        uris.extend(page["resources"].as_array().unwrap().iter().map(|it| it["uri"].as_str().unwrap().to_owned()));
        cursor = page["nextCursor"].clone();
        if cursor.is_null() {
            return uris;
        }
    }
}

async fn read(client: &mut Client, uri: &str) -> Value {
    client.request("resources/read", json!({ "uri": uri })).await
}

#[tokio::test]
async fn artifacts_and_cards_are_listed_and_read() {
    for era in [Era::Stateless, Era::Legacy] {
        let folder = faulty();
        let mut client = Client::new(folder.path(), era).await;
        // A list does not wait for the workspace; what needs it does.
        let mut all = uris(&mut client).await;
        while !all.iter().any(|it| it == DESIGN) {
            client.data("check", json!({})).await;
            all = uris(&mut client).await;
        }
        for uri in ["archwright://card/transactional-outbox", "archwright://card/reliability", DESIGN] {
            assert!(all.iter().any(|it| it == uri), "{uri}: {all:#?}");
        }
        assert!(!all.iter().any(|it| it.contains("outbox.ts") || it.contains("package.json")), "{all:#?}");
        for uri in &all {
            let answer = read(&mut client, uri).await;
            let contents = &answer["result"]["contents"][0];
            assert_eq!(contents["uri"], uri.as_str(), "{answer:#}");
            assert!(contents["mimeType"].is_string());
        }
        let text = read(&mut client, DESIGN).await["result"]["contents"][0]["text"].as_str().unwrap().to_owned();
        let file = folder.path().join("docs/features/order-checkout/design.md");
        assert_eq!(text, std::fs::read_to_string(file).unwrap());
        let rule = read(&mut client, "archwright://rule/link/dead-target").await;
        assert!(rule["result"]["contents"][0]["text"].as_str().unwrap().contains("## Why"), "{rule:#}");
        client.end().await;
    }
}

#[tokio::test]
async fn no_address_leads_out_of_the_artifacts() {
    let folder = faulty();
    write(&folder, "secret.txt", "secret");
    write(&folder, ".env", "KEY=secret");
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    for uri in [
        "archwright://artifact/../../etc/passwd",
        "archwright://artifact/%2e%2e/%2e%2e/etc/passwd",
        "archwright://artifact//etc/passwd",
        "archwright://artifact/secret.txt",
        "archwright://artifact/.env",
        "archwright://artifact/docs/../secret.txt",
        "archwright://artifact/services/checkout/src/outbox.ts",
        "archwright://card/no-such-card",
        "file:///etc/passwd",
        "",
    ] {
        let answer = read(&mut client, uri).await;
        assert!(answer["error"]["message"].is_string() && !answer.to_string().contains("root:"), "{uri}: {answer:#}");
    }
    let near = read(&mut client, "archwright://artifact/docs/features/order-checkout/desing.md").await;
    let message = near["error"]["message"].as_str().unwrap();
    assert!(message.contains("did you mean `docs/features/order-checkout/design.md`?"), "{message}");
    client.end().await;
}

#[tokio::test]
async fn lists_answer_where_there_is_nothing() {
    for era in [Era::Stateless, Era::Legacy] {
        let folder = empty();
        write(&folder, "archwright.toml", "this is [no configuration");
        let mut client = Client::new(folder.path(), era).await;
        assert!(uris(&mut client).await.iter().all(|it| it.starts_with("archwright://card/")));
        for method in ["prompts/list", "resources/list", "resources/templates/list", "tools/list"] {
            let answer = client.request(method, json!({})).await;
            assert!(answer.get("error").is_none(), "{method}: {answer:#}");
        }
        // A cursor that nobody gave starts again.
        let answer = client.request("resources/list", json!({ "cursor": "no such" })).await;
        assert!(!answer["result"]["resources"].as_array().unwrap().is_empty(), "{answer:#}");
        client.end().await;
    }
}

#[tokio::test]
async fn arguments_of_templates_are_completed() {
    for era in [Era::Stateless, Era::Legacy] {
        let folder = faulty();
        let mut client = Client::new(folder.path(), era).await;
        let templates = client.request("resources/templates/list", json!({})).await["result"].clone();
        let templates: Vec<String> = templates["resourceTemplates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["uriTemplate"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(templates.len(), 3);
        for (template, argument, value, expected) in [
            (&templates[0], "path", "docs/features/payment-capture/des", "docs/features/payment-capture/design.md"),
            (
                &templates[0],
                "path",
                "Orders.Placed.v1.json",
                "docs/features/order-checkout/schemas/orders.placed.v1.json",
            ),
            (&templates[1], "name", "transactional-o", "transactional-outbox"),
            (&templates[2], "code", "dead-t", "link/dead-target"),
        ] {
            let params = json!({
                "ref": { "type": "ref/resource", "uri": template },
                "argument": { "name": argument, "value": value },
            });
            let answer = client.request("completion/complete", params).await;
            let values = answer["result"]["completion"]["values"].as_array().unwrap().clone();
            assert_eq!(values.first().and_then(Value::as_str), Some(expected), "{answer:#}");
        }
        let prompt =
            json!({ "ref": { "type": "ref/prompt", "name": "design" }, "argument": { "name": "task", "value": "x" } });
        let answer = client.request("completion/complete", prompt).await;
        assert_eq!(answer["result"]["completion"]["values"], json!([]), "{answer:#}");
        client.end().await;
    }
}
