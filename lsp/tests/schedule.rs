//! Order, cancellation and what must never block: see the `state` module.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use common::{Client, folder, pulling, pushing, watching};
use serde_json::{Value, json};

/// Longer than any answer takes, even where other programs compute; shorter than the slow reads below.
const SOON: Duration = Duration::from_secs(10);

async fn probe(client: &mut Client, path: &str, millis: u64) -> i64 {
    let uri = client.uri(path);
    client.request("archwright/probe", json!({ "textDocument": { "uri": uri }, "millis": millis })).await
}

/// Waits until this many reads compute.
async fn running(count: &AtomicUsize, expected: usize) {
    let start = Instant::now();
    while count.load(Ordering::SeqCst) != expected {
        assert!(start.elapsed() < SOON, "{} reads compute", count.load(Ordering::SeqCst));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_read_sees_exactly_the_edits_before_it() {
    let mut client = Client::start(folder(&[]), watching(pulling())).await;
    client.open("a.md", "# Version 1\n").await;
    let uri = client.uri("a.md");
    let mut asked = Vec::new();
    for version in 2..=5000 {
        let digits = (version - 1i32).to_string().len() as u32;
        let range = json!({ "start": { "line": 0, "character": 10 }, "end": { "line": 0, "character": 10 + digits } });
        client.change("a.md", version, json!([{ "range": range, "text": version.to_string() }])).await;
        if version % 10 == 0 {
            let id = client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
            asked.push((id, version));
        }
    }
    for (id, version) in asked {
        let response = client.response(id).await;
        assert_eq!(response["result"][0]["name"], format!("Version {version}"), "{response}");
    }
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_the_client_never_answers_block_nothing() {
    let root = folder(&[("docs/features/a/design.md", "# A\n")]);
    let mut client = Client::start(root, watching(pulling())).await;
    let edit = "# A\n\n[x](missing.md)\n";
    client.open("docs/features/a/design.md", "# A\n").await;
    client.open("docs/features/b/design.md", edit).await;
    // Each of these lets the server ask for a refresh, for which it gets no answer.
    for round in 0..50 {
        let path = client.path("docs/features/b/missing.md");
        if round % 2 == 0 {
            common::write(&path, "# There\n");
        } else {
            std::fs::remove_file(path).unwrap();
        }
        client.changed_on_disk(&["docs/features/b/missing.md"]).await;
        let uri = client.uri("docs/features/b/design.md");
        client.call("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } })).await;
    }
    let start = Instant::now();
    let uri = client.uri("docs/features/a/design.md");
    client
        .call(
            "textDocument/hover",
            json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 3 } }),
        )
        .await;
    assert!(start.elapsed() < SOON);
    client.server_request("workspace/diagnostic/refresh").await;
    client.silence(Duration::from_millis(100)).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_unanswered_progress_bars_and_a_hover_is_answered() {
    let root = folder(&[("a.md", "# A\n")]);
    let mut capabilities = watching(pushing());
    capabilities["window"]["workDoneProgress"] = json!(true);
    let mut client = Client::start(root.clone(), capabilities).await;
    for at in 0..49 {
        let folder = root.path().join(format!("folder-{at}"));
        std::fs::create_dir(&folder).unwrap();
        let added = json!([{ "uri": common::uri_of(&folder), "name": "more" }]);
        client
            .notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": added, "removed": [] } }))
            .await;
    }
    for _ in 0..50 {
        client.server_request("window/workDoneProgress/create").await;
    }
    let start = Instant::now();
    client.call_at("textDocument/hover", "a.md", 0, 3).await;
    assert!(start.elapsed() < SOON);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_read_delays_no_other() {
    let mut client = Client::start(folder(&[("a.md", "# A\n")]), watching(pushing())).await;
    let slow = probe(&mut client, "a.md", 3000).await;
    running(&client.running, 1).await;
    let start = Instant::now();
    client.call_at("textDocument/hover", "a.md", 0, 3).await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(client.response(slow).await["result"], "# A\n");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_stops_the_computation() {
    let mut client = Client::start(folder(&[("a.md", "# A\n")]), watching(pushing())).await;
    let slow = probe(&mut client, "a.md", 60_000).await;
    running(&client.running, 1).await;
    client.notify("$/cancelRequest", json!({ "id": slow })).await;
    assert_eq!(client.response(slow).await["error"]["code"], -32800);
    running(&client.running, 0).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_stops_slow_reads_and_is_applied_at_once() {
    let mut client = Client::start(folder(&[("a.md", "# A\n")]), watching(pushing())).await;
    client.open("a.md", "# A\n").await;
    client.published("a.md").await;
    let slow = probe(&mut client, "a.md", 60_000).await;
    running(&client.running, 1).await;
    client.replace("a.md", 2, "# B\n").await;
    assert_eq!(client.response(slow).await["error"]["code"], -32801);
    assert_eq!(client.published("a.md").await["version"], 2);
    running(&client.running, 0).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_stops_slow_reads() {
    let mut client = Client::start(folder(&[("a.md", "# A\n")]), watching(pushing())).await;
    let slow = probe(&mut client, "a.md", 60_000).await;
    running(&client.running, 1).await;
    let (start, count) = (Instant::now(), client.running.clone());
    client.send(&json!({ "jsonrpc": "2.0", "method": "exit" })).await;
    assert_eq!(client.response(slow).await["error"]["code"], -32800);
    client.ended().await;
    assert!(start.elapsed() < SOON);
    running(&count, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_edits_is_published_once_or_a_few_times() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    client.open("a.md", "# 1\n").await;
    for version in 2..=500 {
        client.replace("a.md", version, &format!("# {version}\n")).await;
    }
    let mut published = 0;
    loop {
        let it = client.published("a.md").await;
        published += 1;
        if it["version"] == 500 {
            break;
        }
    }
    assert!(published < 500, "every edit was published");
    client.silence(Duration::from_millis(100)).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_goes_back_is_ignored() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    client.open("a.md", "# One\n").await;
    client.replace("a.md", 7, "# Seven\n").await;
    client.replace("a.md", 6, "# Six\n").await;
    let uri = client.uri("a.md");
    let symbols = client.call("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(symbols[0]["name"], "Seven");
    while client.published("a.md").await["version"] != 7 {}
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_outside_every_workspace_answers_null() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    let params =
        json!({ "textDocument": { "uri": "file:///nowhere/a.md" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.call("textDocument/hover", params).await, Value::Null);
    client.finish().await;
}
