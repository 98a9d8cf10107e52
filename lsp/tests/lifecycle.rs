//! Beginning and end of a session, and what must not end it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use archwright_lsp::Ended;
use common::{Client, folder, pulling, pushing, watching};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_what_it_can_do() {
    let client = Client::start(folder(&[]), pushing()).await;
    assert_eq!(client.initialized["serverInfo"]["name"], "archwright");
    let capabilities = &client.initialized["capabilities"];
    assert_eq!(capabilities["positionEncoding"], "utf-16");
    assert_eq!(capabilities["textDocumentSync"], json!({ "openClose": true, "change": 2 }));
    assert_eq!(capabilities["diagnosticProvider"], Value::Null, "a pushing client is not asked to pull");
    assert_eq!(
        capabilities["workspace"]["workspaceFolders"],
        json!({ "supported": true, "changeNotifications": true })
    );
    assert_eq!(client.finish().await, Ended::AfterShutdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pulling_client_is_told_what_to_pull() {
    let client = Client::start(folder(&[]), watching(pulling())).await;
    let expected = json!({ "identifier": "archwright", "interFileDependencies": true, "workspaceDiagnostics": true });
    assert_eq!(client.initialized["capabilities"]["diagnosticProvider"], expected);
    client.finish().await;
}

/// Neovim would update no open buffer on a refresh if it could pull the workspace.
#[tokio::test(flavor = "multi_thread")]
async fn neovim_pulls_documents_only() {
    let mut client = Client::connect(folder(&[]));
    let params = json!({ "clientInfo": { "name": "Neovim" }, "capabilities": pulling() });
    let answer = client.call("initialize", params).await;
    assert_eq!(answer["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"], false);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_watches_is_asked_to() {
    let mut client = Client::connect(folder(&[]));
    client.call("initialize", json!({ "capabilities": watching(pushing()), "workspaceFolders": null })).await;
    client.notify("initialized", json!({})).await;
    let request = client.server_request("client/registerCapability").await;
    let registration = json!({
        "id": "archwright-files",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": { "watchers": [{ "globPattern": "**/*" }] }
    });
    assert_eq!(request["params"]["registrations"], json!([registration]));
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_before_initialize_is_refused() {
    let mut client = Client::connect(folder(&[]));
    let id = client
        .request(
            "textDocument/hover",
            json!({ "textDocument": { "uri": "file:///a.md" }, "position": { "line": 0, "character": 0 } }),
        )
        .await;
    assert_eq!(client.response(id).await["error"]["code"], -32002);
    client.exit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_without_shutdown_ends_at_once_too() {
    let client = Client::start(folder(&[("a.md", "# A\n")]), pushing()).await;
    assert_eq!(client.exit().await, Ended::WithoutShutdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_after_shutdown_is_refused() {
    let mut client = Client::start(folder(&[]), pushing()).await;
    client.call("shutdown", Value::Null).await;
    let uri = client.uri("a.md");
    let id = client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(client.response(id).await["error"]["code"], -32600);
    assert_eq!(client.exit().await, Ended::AfterShutdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_messages_do_not_end_the_session() {
    let mut client = Client::start(folder(&[("a.md", "# A\n")]), pushing()).await;
    let id = client.request("textDocument/hover", json!({ "wrong": true })).await;
    assert_eq!(client.response(id).await["error"]["code"], -32602);
    let id = client.request("archwright/unknown", json!({})).await;
    assert_eq!(client.response(id).await["error"]["code"], -32601);
    client.notify("textDocument/didChange", json!({ "textDocument": 3 })).await;
    client.notify("textDocument/didOpen", json!([])).await;
    client.notify("$/setTrace", json!({ "value": "verbose" })).await;
    client.notify("$/cancelRequest", json!({ "id": 12345 })).await;
    client.replace("never-opened.md", 3, "text").await;
    client.close("never-opened.md").await;
    client.open_uri("untitled:Untitled-1", "# Unsaved\n").await;
    let id = client
        .request(
            "textDocument/hover",
            json!({ "textDocument": { "uri": "untitled:Untitled-1" }, "position": { "line": 0, "character": 3 } }),
        )
        .await;
    assert_eq!(client.response(id).await["result"], Value::Null);
    let uri = client.uri("a.md");
    let symbols = client.call("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(symbols[0]["name"], "A");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_is_no_json_is_answered_and_the_session_goes_on() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    client.send_text("{ this is not JSON").await;
    assert_eq!(client.response_without_id().await["error"]["code"], -32700);
    assert_eq!(client.finish().await, Ended::AfterShutdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_panics_answers_with_an_error_and_the_session_goes_on() {
    let mut client = Client::start(folder(&[("a.md", "# A\n")]), pushing()).await;
    let uri = client.uri("a.md");
    let id =
        client.request("archwright/probe", json!({ "textDocument": { "uri": uri }, "millis": 0, "panic": true })).await;
    assert_eq!(client.response(id).await["error"]["code"], -32603);
    client.open("a.md", "# B\n").await;
    client.published("a.md").await;
    let symbols = client.call("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(symbols[0]["name"], "B");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_index_shows_progress() {
    let root = folder(&[("a.md", "# A\n")]);
    let uri = common::uri_of(root.path());
    let mut capabilities = watching(pushing());
    capabilities["window"]["workDoneProgress"] = json!(true);
    let mut client = Client::start_with(root, capabilities, json!([{ "uri": uri, "name": "ws" }])).await;
    let request = client.server_request("window/workDoneProgress/create").await;
    client.respond(&request, Value::Null).await;
    let begin = client.notification("$/progress").await;
    assert_eq!(begin["token"], request["params"]["token"]);
    assert_eq!(begin["value"]["kind"], "begin");
    loop {
        let it = client.notification("$/progress").await;
        if it["value"]["kind"] == "end" {
            break;
        }
        assert_eq!(it["value"]["kind"], "report");
    }
    client.finish().await;
}
