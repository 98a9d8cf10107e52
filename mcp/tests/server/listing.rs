//! What clients see before they call: names, budgets, hints, schemas.

use serde_json::{Value, json};

use crate::client::{Client, Era, empty};

async fn tools() -> Vec<Value> {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let answer = client.request("tools/list", serde_json::json!({})).await;
    client.end().await;
    answer["result"]["tools"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_list_fits_its_budget() {
    let folder = empty();
    for era in [Era::Stateless, Era::Legacy] {
        let mut client = Client::new(folder.path(), era).await;
        let answer = client.request("tools/list", serde_json::json!({})).await;
        let bytes = answer["result"].to_string().len();
        assert!(bytes <= 28 * 1024, "{bytes} bytes");
        client.end().await;
    }
    for tool in tools().await {
        // Clients load tools one by one when they are needed, so each has a budget of its own.
        let bytes = tool.to_string().len();
        assert!(bytes <= 4 * 1024, "{}: {bytes} bytes", tool["name"]);
        let description = tool["description"].as_str().unwrap().len();
        assert!(description <= 600, "{}: {description} bytes", tool["name"]);
    }
}

#[tokio::test]
async fn every_hint_is_said() {
    for tool in tools().await {
        let writes = !["check", "explain", "diff", "review", "impact", "recommend", "scan", "graph"]
            .contains(&tool["name"].as_str().unwrap());
        let hints = &tool["annotations"];
        assert_eq!(hints["readOnlyHint"], !writes);
        assert_eq!(hints["destructiveHint"], false);
        assert_eq!(hints["idempotentHint"], true);
        assert_eq!(hints["openWorldHint"], false);
        assert!(tool["title"].is_string());
    }
}

#[tokio::test]
async fn tools_say_how_they_are_found_and_one_is_always_loaded() {
    let mut always = Vec::new();
    for tool in tools().await {
        let hint = tool["_meta"]["anthropic/searchHint"].as_str().unwrap_or_default();
        assert!((10..=60).contains(&hint.len()), "{}: {hint:?}", tool["name"]);
        // Clients that search have read the name and the description, so the hint has other words.
        let known = format!("{} {}", tool["name"], tool["description"]).to_lowercase();
        let is_new = |it: &str| !known.contains(it.trim_matches([',', ';']).to_lowercase().as_str());
        assert!(hint.split(' ').any(is_new), "{}: {hint:?}", tool["name"]);
        if tool["_meta"]["anthropic/alwaysLoad"] == true {
            always.push(tool["name"].clone());
            assert!(tool.to_string().len() <= 2 * 1024, "what is loaded in each session is small");
        }
    }
    assert_eq!(always, [json!("check")]);
}

#[tokio::test]
async fn schemas_have_only_what_strict_clients_take() {
    fn look(schema: &Value, place: &str) {
        match schema {
            Value::Object(members) => {
                for name in ["anyOf", "oneOf", "allOf", "$ref", "$defs", "format", "const"] {
                    assert!(!members.contains_key(name), "{place} has {name}");
                }
                assert!(!matches!(members.get("type"), Some(Value::Array(_))), "{place} has several types");
                members.iter().for_each(|(name, it)| look(it, &format!("{place}/{name}")));
            }
            Value::Array(items) => items.iter().for_each(|it| look(it, place)),
            _ => {}
        }
    }
    for tool in tools().await {
        for schema in ["inputSchema", "outputSchema"] {
            assert_eq!(tool[schema]["type"], "object");
            jsonschema::meta::validate(&tool[schema]).unwrap();
            look(&tool[schema], &format!("{}/{schema}", tool["name"]));
        }
    }
}

#[tokio::test]
async fn the_list_is_as_it_was() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&tools().await).unwrap());
}

#[tokio::test]
async fn every_skill_is_a_prompt() {
    for era in [Era::Stateless, Era::Legacy] {
        let folder = tempfile::tempdir().unwrap();
        let mut client = Client::new(folder.path(), era).await;
        let list = client.request("prompts/list", json!({})).await;
        let prompts = list["result"]["prompts"].as_array().unwrap().clone();
        let names: Vec<&str> = prompts.iter().map(|it| it["name"].as_str().unwrap()).collect();
        assert!(
            ["architecture", "contract", "design", "review", "runbook"].iter().all(|it| names.contains(it)),
            "{names:?}"
        );
        for prompt in &prompts {
            assert!(prompt["description"].as_str().unwrap().len() <= 260, "{prompt:#}");
            assert_eq!(prompt["arguments"][0]["required"], false, "clients do not ask for what is required");
        }
        let task = json!({"name": "contract", "arguments": {"task": "orders.placed.v1"}});
        let answer = client.request("prompts/get", task).await;
        let text = answer["result"]["messages"][0]["content"]["text"].as_str().unwrap().to_owned();
        assert!(text.starts_with("# Contract\n") && text.ends_with("## The task\n\norders.placed.v1\n"), "{text}");
        let bare = client.request("prompts/get", json!({"name": "contract"})).await;
        let text = bare["result"]["messages"][0]["content"]["text"].as_str().unwrap().to_owned();
        assert!(!text.contains("## The task"), "{text}");
        let error = client.request("prompts/get", json!({"name": "contrct"})).await;
        assert!(error["error"]["message"].as_str().unwrap().contains("did you mean `contract`?"), "{error:#}");
        client.end().await;
    }
}
