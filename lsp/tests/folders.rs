//! Several folders, none, and files that lie in none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Client, folder, pulling, pushing, uri_of, watching};
use serde_json::{Value, json};

const LINK: &str = "# A\n\n[b](b.md)\n";
const A: &str = "docs/features/a/design.md";

fn dead(published: &Value) -> usize {
    published["diagnostics"].as_array().unwrap().iter().filter(|it| it["code"] == "link/dead-target").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_folder_is_its_own_workspace() {
    let root = folder(&[("one/docs/features/a/b.md", "# B\n"), ("two/docs/features/a/c.md", "# C\n")]);
    let folders = json!([
        { "uri": uri_of(&root.path().join("one")), "name": "one" },
        { "uri": uri_of(&root.path().join("two")), "name": "two" },
    ]);
    let mut client = Client::start_with(root, watching(pushing()), folders).await;
    client.open(&format!("one/{A}"), LINK).await;
    client.open(&format!("two/{A}"), LINK).await;
    assert_eq!(dead(&client.published(&format!("one/{A}")).await), 0);
    assert_eq!(dead(&client.published(&format!("two/{A}")).await), 1);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_come_and_go_while_documents_are_open() {
    let root = folder(&[
        ("one/docs/features/a/b.md", "# B\n"),
        ("one/archwright.toml", "[rules]\n\"link/dead-target\" = \"warning\"\n"),
    ]);
    let one = json!([{ "uri": uri_of(&root.path().join("one")), "name": "one" }]);
    let mut client = Client::start_with(root, watching(pushing()), json!([])).await;
    let path = format!("one/{A}");
    client.open(&path, "# A\n\n[c](c.md)\n").await;
    let severity = |it: &Value| {
        it["diagnostics"].as_array().unwrap().iter().find(|it| it["code"] == "link/dead-target").unwrap()["severity"]
            .clone()
    };
    assert_eq!(severity(&client.published(&path).await), 2, "the workspace around the document is found");
    client.expect_log("watching").await;
    let change = |added: &Value, removed: &Value| json!({ "event": { "added": added, "removed": removed } });
    client.notify("workspace/didChangeWorkspaceFolders", change(&one, &json!([]))).await;
    assert_eq!(severity(&client.published(&path).await), 2);
    client.notify("workspace/didChangeWorkspaceFolders", change(&json!([]), &one)).await;
    assert_eq!(severity(&client.published(&path).await), 2);
    client.expect_log("watching").await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_outside_every_folder_is_checked_alone() {
    let outside = folder(&[("a.md", LINK)]);
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    let path = outside.path().join("a.md");
    let uri = uri_of(&path);
    client.open_uri(&uri, "# Alone\n").await;
    let params = client.notification("textDocument/publishDiagnostics").await;
    assert_eq!(params["uri"], json!(uri));
    let symbols = client.call("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(symbols[0]["name"], "Alone");
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(client.notification("textDocument/publishDiagnostics").await["diagnostics"], json!([]));
    let symbols = client.call("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(symbols, Value::Null);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_inside_a_workspace_is_that_workspace() {
    let root = folder(&[("docs/features/a/design.md", "# A\n"), ("docs/system/catalog.md", "# Catalog\n")]);
    let inner = json!([{ "uri": uri_of(&root.path().join("docs/features/a")), "name": "a" }]);
    let mut client = Client::start_with(root, watching(pushing()), inner).await;
    client.open("docs/features/a/design.md", "# A\n\n[c](../../system/catalog.md) [d](../../system/none.md)\n").await;
    assert_eq!(dead(&client.published("docs/features/a/design.md").await), 1);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_that_does_not_exist_is_told_and_survived() {
    let root = folder(&[]);
    let missing = json!([{ "uri": uri_of(&root.path().join("missing")), "name": "missing" }]);
    let mut client = Client::start_with(root, watching(pulling()), missing).await;
    let message = client.notification("window/showMessage").await;
    assert!(message["message"].as_str().unwrap().contains("missing"), "{message}");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_uri_is_answered_as_the_client_spells_it() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    let plain = client.uri("docs/features/a/one two.md");
    let spelled = plain.replace("one%20two", "%6Fne%20two");
    client.open_uri(&spelled, LINK).await;
    assert_eq!(client.notification("textDocument/publishDiagnostics").await["uri"], json!(spelled));
    client.finish().await;
}
