//! References, renames and symbols across files, as exact JSON.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Client, folder, pulling, watching};
use serde_json::{Value, json};

const SHOP: &str = "apis/shop.yaml";
const COMMON: &str = "apis/common.json";
const NOTES: &str = "docs/notes.md";
const DESIGN: &str = "docs/design.md";

async fn start(capabilities: Value) -> Client {
    let root = folder(&[
        (
            SHOP,
            "asyncapi: 3.0.0\ninfo: { title: \"😀\", version: 1.0.0 }\n\
            channels:\n  orders/placed:\n    messages:\n      Placed: { $ref: \
            'common.json#/components/messages/Placed' }\n\
            operations:\n  place:\n    action: send\n    channel: { $ref: '#/channels/orders~1placed' }\n",
        ),
        (
            COMMON,
            "{\n  \"asyncapi\": \"3.0.0\",\n  \"info\": { \"title\": \"Common\", \"version\": \"1\" },\n  \
            \"components\": { \"messages\": { \"Placed\": {} } }\n}\n",
        ),
        (DESIGN, "# Design 漢\n\n## Goals\n"),
        (NOTES, "# Notes\n\n😀 [it](design.md#goals) and [all](design.md).\n"),
    ]);
    Client::start(root, watching(capabilities)).await
}

fn range(line: u32, start: u32, end: u32) -> Value {
    json!({ "start": { "line": line, "character": start }, "end": { "line": line, "character": end } })
}

async fn at(client: &mut Client, method: &str, path: &str, line: u32, character: u32, more: Value) -> Value {
    let mut params =
        json!({ "textDocument": { "uri": client.uri(path) }, "position": { "line": line, "character": character } });
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let id = client.request(method, params).await;
    client.response(id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn references_are_found_in_all_files() {
    let mut client = start(pulling()).await;
    let context = |declaration: bool| json!({ "context": { "includeDeclaration": declaration } });
    let found = at(&mut client, "textDocument/references", COMMON, 3, 34, context(true)).await;
    let (shop, common) = (client.uri(SHOP), client.uri(COMMON));
    assert_eq!(
        found["result"],
        json!([{ "uri": common, "range": range(3, 33, 39) }, { "uri": shop, "range": range(5, 56, 62) }])
    );
    let found = at(&mut client, "textDocument/references", SHOP, 3, 4, context(false)).await;
    assert_eq!(found["result"], json!([{ "uri": shop, "range": range(9, 33, 47) }]));
    let found = at(&mut client, "textDocument/references", DESIGN, 2, 4, context(false)).await;
    assert_eq!(found["result"], json!([{ "uri": client.uri(NOTES), "range": range(2, 8, 23) }]));
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_shows_what_it_starts_from() {
    let mut client = start(pulling()).await;
    assert_eq!(client.initialized["capabilities"]["renameProvider"], json!({ "prepareProvider": true }));
    let found = at(&mut client, "textDocument/prepareRename", SHOP, 9, 40, json!({})).await;
    assert_eq!(found["result"], json!({ "range": range(9, 33, 47), "placeholder": "orders/placed" }));
    let found = at(&mut client, "textDocument/prepareRename", NOTES, 2, 20, json!({})).await;
    assert_eq!(found["result"], json!({ "range": range(2, 18, 23), "placeholder": "Goals" }));
    let nothing = at(&mut client, "textDocument/prepareRename", NOTES, 2, 0, json!({})).await;
    assert_eq!(nothing["result"], Value::Null);
    let fixed = at(&mut client, "textDocument/prepareRename", SHOP, 8, 6, json!({})).await;
    assert_eq!(fixed["error"]["code"], -32803);
    assert!(fixed["error"]["message"].as_str().unwrap().starts_with("`action` is a fixed key"), "{fixed}");
    client.finish().await;

    let mut capabilities = pulling();
    capabilities["textDocument"]["rename"] = json!({});
    let client = start(capabilities).await;
    assert_eq!(client.initialized["capabilities"]["renameProvider"], true);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_changes_every_file() {
    let mut client = start(pulling()).await;
    let edit = at(&mut client, "textDocument/rename", SHOP, 5, 57, json!({ "newName": "OrderPlaced" })).await;
    let change = |uri: String, range: Value, text: &str| json!({ "textDocument": { "uri": uri, "version": null }, "edits": [{ "range": range, "newText": text }] });
    assert_eq!(
        edit["result"],
        json!({ "documentChanges": [
            change(client.uri(COMMON), range(3, 32, 40), "\"OrderPlaced\""),
            change(client.uri(SHOP), range(5, 56, 62), "OrderPlaced"),
        ] })
    );
    let refused = at(&mut client, "textDocument/rename", SHOP, 5, 57, json!({ "newName": "Order Placed" })).await;
    assert_eq!(refused["error"]["code"], -32803);
    let message = "`Order Placed` is no name for this: letters, digits, `.`, `-` and `_` are allowed";
    assert_eq!(refused["error"]["message"], message);
    let file = at(&mut client, "textDocument/rename", NOTES, 2, 12, json!({ "newName": "../plan.md" })).await;
    let target = |range: Value| json!({ "range": range, "newText": "../plan.md" });
    assert_eq!(
        file["result"]["documentChanges"],
        json!([
            { "textDocument": { "uri": client.uri(NOTES), "version": null }, "edits": [target(range(2, 8, 17)), target(range(2, 35, 44))] },
            { "kind": "rename", "oldUri": client.uri(DESIGN), "newUri": client.uri("plan.md"), "options": { "overwrite": false, "ignoreIfExists": false } },
        ])
    );
    client.finish().await;

    // Neovim says what it can do with files, and nothing of `documentChanges`.
    let mut capabilities = pulling();
    capabilities["workspace"]["workspaceEdit"] = json!({ "resourceOperations": ["rename"] });
    let mut client = start(capabilities).await;
    let moved = at(&mut client, "textDocument/rename", NOTES, 2, 12, json!({ "newName": "plan.md" })).await;
    assert_eq!(moved["result"]["documentChanges"][1]["kind"], "rename");
    client.finish().await;

    let mut capabilities = pulling();
    capabilities["workspace"]["workspaceEdit"]["resourceOperations"] = json!([]);
    let mut client = start(capabilities).await;
    let refused = at(&mut client, "textDocument/rename", NOTES, 2, 12, json!({ "newName": "plan.md" })).await;
    assert_eq!(
        refused["error"]["message"],
        "this editor cannot rename files as part of an edit, which this rename needs"
    );
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_will_be_renamed_keep_their_links() {
    let mut client = start(pulling()).await;
    let filters = &client.initialized["capabilities"]["workspace"]["fileOperations"]["willRename"]["filters"];
    assert_eq!(
        *filters,
        json!([
            { "scheme": "file", "pattern": { "glob": "**/*.{md,markdown,yaml,yml,json,avsc,proto}", "matches": "file" } },
            { "scheme": "file", "pattern": { "glob": "**/*", "matches": "folder" } },
        ])
    );
    let moved = |client: &Client, from: &str, to: &str| json!({ "files": [{ "oldUri": client.uri(from), "newUri": client.uri(to) }] });
    let params = moved(&client, COMMON, "shared/common.json");
    let edit = client.call("workspace/willRenameFiles", params).await;
    assert_eq!(
        edit,
        json!({ "documentChanges": [{
            "textDocument": { "uri": client.uri(SHOP), "version": null },
            "edits": [{ "range": range(5, 23, 34), "newText": "../shared/common.json" }]
        }] })
    );
    let params = moved(&client, "docs", "more/docs");
    assert_eq!(client.call("workspace/willRenameFiles", params).await, Value::Null);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn symbols_of_the_workspace_are_found() {
    let mut client = start(pulling()).await;
    let found = client.call("workspace/symbol", json!({ "query": "placed" })).await;
    let symbol = |name: &str, kind: u32, path: &str, uri: String, range: Value| json!({ "name": name, "kind": kind, "location": { "uri": uri, "range": range }, "containerName": path });
    assert_eq!(
        found,
        json!([
            symbol("Placed", 23, COMMON, client.uri(COMMON), range(3, 33, 39)),
            symbol("Placed", 23, SHOP, client.uri(SHOP), range(5, 6, 12)),
            symbol("orders/placed", 24, SHOP, client.uri(SHOP), range(3, 2, 15)),
        ])
    );
    assert_eq!(client.call("workspace/symbol", json!({ "query": "nothing" })).await, json!([]));
    client.finish().await;
}
