//! What editors ask beside the protocol: the operations, what is offered for them, previews, reports and the state.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::sync::Arc;

use archwright_lsp::Ended;
use common::{Client, folder, pushing, uri_of};
use serde_json::{Value, json};
use tempfile::TempDir;

const ASYNCAPI: &str = "docs/features/shop/asyncapi/orders.yaml";
const OLD: &str = "docs/features/shop/asyncapi/old.yaml";

fn shop() -> Arc<TempDir> {
    folder(&[
        (
            ASYNCAPI,
            "asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0.0 }\n\
            channels:\n  placed: { address: orders.placed.v1 }\n",
        ),
        (OLD, "asyncapi: 2.6.0\ninfo: { title: Old, version: 1.0.0 }\nchannels: {}\n"),
        ("docs/features/shop/design.md", "# Design: shop\n\nSee [old](asyncapi/old.yaml).\n"),
        (
            "src/orders.ts",
            "import { Kafka } from 'kafkajs';\nawait producer.send({ topic: 'orders.placed.v1', messages });\n",
        ),
        ("archwright.toml", "[rules]\n\"no/such-rule\" = \"off\"\n"),
    ])
}

async fn command(client: &mut Client, command: &str, arguments: Value) -> Value {
    client.call("workspace/executeCommand", json!({ "command": command, "arguments": arguments })).await
}

async fn start() -> Client {
    let mut client = Client::start(shop(), pushing()).await;
    client.published("archwright.toml").await;
    client
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_say_what_to_ask_and_what_the_document_offers() {
    let mut client = start().await;
    let values = |operation: &Value| -> Vec<String> {
        operation["here"].as_array().unwrap().iter().map(|it| it["value"].as_str().unwrap().to_owned()).collect()
    };
    let document = client.uri(ASYNCAPI);
    let operations = command(&mut client, "archwright.operations", json!([document])).await;
    let of = |name: &str| operations.as_array().unwrap().iter().find(|it| it["name"] == name).unwrap().clone();
    assert_eq!(values(&of("contract")), ["orders.placed.v1"]);
    assert_eq!(values(&of("diff")), [ASYNCAPI]);
    assert_eq!(values(&of("convert")), [""; 0]);
    assert_eq!(of("contract")["arguments"][0]["name"], "channel");
    assert_eq!(of("contract")["command"], "archwright.contract");
    let options = |name: &str| -> Vec<String> {
        let options = of(name)["parameters"].as_array().unwrap().clone();
        options
            .iter()
            .map(|it| format!("{}{}", it["name"].as_str().unwrap(), if it["list"] == true { "[]" } else { "" }))
            .collect()
    };
    assert_eq!(options("contract")[..4], ["channel", "document", "feature", "message"]);
    assert!(options("contract").contains(&"consumers[]".to_owned()));
    let mut of_diff = options("diff");
    of_diff.sort_unstable();
    assert_eq!(of_diff, ["base", "language", "level", "mode", "old[]", "paths[]", "registry"]);
    // What is no word is left out; of the others it is said how they are read.
    assert!(!options("design").iter().any(|it| ["channels[]", "concerns"].contains(&it.as_str())));
    let of_type = |name: &str, option: &str| {
        let options = of(name)["parameters"].as_array().unwrap().clone();
        options.iter().find(|it| it["name"] == option).unwrap()["type"].clone()
    };
    assert_eq!(of_type("design", "update"), "boolean");
    assert_eq!(of_type("graph", "depth"), "integer");
    assert_eq!(of_type("graph", "view"), "string");
    // Without a document nothing is at hand.
    let operations = command(&mut client, "archwright.operations", json!([])).await;
    assert!(operations.as_array().unwrap().iter().all(|it| values(it).is_empty()));

    let offers =
        command(&mut client, "archwright.offers", json!([{ "operation": "convert", "argument": "document" }])).await;
    assert_eq!(offers, json!([{ "value": OLD, "about": OLD }]));
    let params = json!({ "command": "archwright.offers", "arguments": [{ "operation": "nothing" }] });
    let id = client.request("workspace/executeCommand", params).await;
    assert_eq!(client.response(id).await["error"]["code"], -32602);
    assert_eq!(client.finish().await, Ended::AfterShutdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_shows_both_texts_and_changes_nothing() {
    let mut client = start().await;
    let request = json!({ "document": OLD });
    let plan = command(&mut client, "archwright.convert", json!([request, null, { "preview": true }])).await;
    let preview = &plan["preview"][0];
    assert_eq!((preview["path"].as_str(), preview["uri"].as_str()), (Some(OLD), Some(client.uri(OLD).as_str())));
    assert!(preview["before"].as_str().unwrap().starts_with("asyncapi: 2.6.0"));
    assert!(preview["after"].as_str().unwrap().starts_with("asyncapi: 3.0.0"));
    let report = plan["report"].as_str().unwrap();
    assert!(report.contains(&format!("- [`{OLD}`]({}): changed", client.uri(OLD))), "{report}");
    // A new file has no text before.
    let request = json!({ "document": OLD, "output": "new.yaml" });
    let plan = command(&mut client, "archwright.convert", json!([request, null, { "preview": true }])).await;
    assert_eq!(plan["preview"][0]["before"], Value::Null);
    // Nothing was asked of the client: the session ends without unread messages.
    assert_eq!(client.finish().await, Ended::AfterShutdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_apply_the_change_is_told() {
    let mut client = start().await;
    let plan = command(&mut client, "archwright.convert", json!([{ "document": OLD }])).await;
    assert!(plan.get("preview").is_none());
    let edit = client.server_request("workspace/applyEdit").await;
    client.respond(&edit, json!({ "applied": false, "failureReason": "the file is locked" })).await;
    let shown = client.notification("window/showMessage").await;
    assert_eq!(shown["message"], "Archwright: nothing was changed: the file is locked");
    assert_eq!(client.finish().await, Ended::AfterShutdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_says_what_was_recognised_and_how_the_configuration_is() {
    let mut client = start().await;
    let status = command(&mut client, "archwright.status", json!([])).await;
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    let workspace = &status["workspaces"][0];
    assert_eq!(workspace["root"], client.root.path().to_str().unwrap());
    assert_eq!(
        workspace["recognised"],
        "Recognised: 1 design document, 2 AsyncAPI documents. Not recognised as artifacts: 1 source file."
    );
    assert_eq!(workspace["configuration"], client.uri("archwright.toml"));
    assert_eq!(workspace["configurationProblems"], 1);
    assert!(workspace["warnings"].as_u64().unwrap() > 0, "{workspace:#}");
    assert_eq!(client.finish().await, Ended::AfterShutdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_in_code_and_documents_link_to_files_where_the_client_shows_links() {
    let mut client = start().await;
    let hover = client.call_at("textDocument/hover", "src/orders.ts", 1, 32).await;
    let text = hover["contents"]["value"].as_str().unwrap();
    let link = format!("- AsyncAPI address: [`{ASYNCAPI}`]({}#L4)", client.uri(ASYNCAPI));
    assert!(text.contains(&link), "{text}");
    assert_eq!(client.finish().await, Ended::AfterShutdown);

    let mut plain = pushing();
    plain["textDocument"]["hover"]["contentFormat"] = json!(["plaintext"]);
    let mut client = Client::start(shop(), plain).await;
    client.published("archwright.toml").await;
    let hover = client.call_at("textDocument/hover", "src/orders.ts", 1, 32).await;
    assert!(hover["contents"]["value"].as_str().unwrap().contains(&format!("- AsyncAPI address: `{ASYNCAPI}`")));
    assert_eq!(client.finish().await, Ended::AfterShutdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_folded_is_left_to_the_editor() {
    let mut client = start().await;
    let folds = |path: &str| json!({ "textDocument": { "uri": uri_of(&client.path(path)) } });
    let (code, document) = (folds("src/orders.ts"), folds(ASYNCAPI));
    assert_eq!(client.call("textDocument/foldingRange", code).await, Value::Null);
    assert!(client.call("textDocument/foldingRange", document).await.is_array());
    assert_eq!(client.finish().await, Ended::AfterShutdown);
}

/// The manifest of the extension is written by hand; the palette shows what stands in it.
#[test]
fn every_operation_has_a_command_in_vs_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../editors/vscode/package.json");
    let manifest: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let commands = manifest["contributes"]["commands"].as_array().unwrap();
    let mut run: Vec<&str> =
        commands.iter().filter_map(|it| it["command"].as_str()?.strip_prefix("archwright.run.")).collect();
    let mut names: Vec<&str> = archwright_analysis::operations::OPERATIONS.iter().map(|it| it.name).collect();
    run.sort_unstable();
    names.sort_unstable();
    assert_eq!(run, names);
    // What the language client registers by itself may not be registered again.
    let own = |it: &Value| it["command"].as_str().unwrap().to_owned();
    for taken in names.iter().copied().chain(["explain", "operations", "offers", "status"]) {
        assert!(!commands.iter().map(own).any(|it| it == format!("archwright.{taken}")), "archwright.{taken}");
    }
}
