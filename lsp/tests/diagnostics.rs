//! Diagnostics, pushed and pulled, and what brings them up to date.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use std::time::Duration;

use common::{Client, folder, pulling, pushing, watching, write};
use serde_json::{Value, json};

const DESIGN: &str = "docs/features/orders/design.md";
const BROKEN: &str = "# Orders\n\nSee [the contract](contracts/orders.md).\n";
const CONTRACT: &str = "docs/features/orders/contracts/orders.md";

/// The diagnostics of the rule that these tests break.
fn dead(diagnostics: &Value) -> Vec<Value> {
    diagnostics.as_array().unwrap().iter().filter(|it| it["code"] == "link/dead-target").cloned().collect()
}

/// Waits until a file has this many dead links.
async fn published_dead(client: &mut Client, path: &str, count: usize) -> Value {
    loop {
        let it = client.published(path).await;
        if dead(&it["diagnostics"]).len() == count {
            return it;
        }
    }
}

async fn pull(client: &mut Client, path: &str, previous: Option<&Value>) -> Value {
    let mut params = json!({ "textDocument": { "uri": client.uri(path) }, "identifier": "archwright" });
    if let Some(previous) = previous {
        params["previousResultId"] = previous.clone();
    }
    client.call("textDocument/diagnostic", params).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_diagnostic_says_what_where_and_why() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    client.open(DESIGN, BROKEN).await;
    let published = client.published(DESIGN).await;
    assert_eq!(published["version"], 1);
    let found = dead(&published["diagnostics"]);
    assert_eq!(found.len(), 1, "{published}");
    let it = &found[0];
    assert_eq!(it["range"], json!({ "start": { "line": 2, "character": 19 }, "end": { "line": 2, "character": 38 } }));
    assert_eq!(it["severity"], 1);
    assert_eq!(it["source"], "archwright");
    assert!(it["codeDescription"]["href"].as_str().unwrap().contains("dead-target"), "{it}");
    assert_eq!(it["data"], json!({ "fixable": false }));
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_takes_a_pushed_diagnostic_away() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    client.open(DESIGN, BROKEN).await;
    assert_eq!(dead(&client.published(DESIGN).await["diagnostics"]).len(), 1);
    client.replace(DESIGN, 2, "# Orders\n").await;
    let published = client.published(DESIGN).await;
    assert_eq!((published["version"].clone(), dead(&published["diagnostics"]).len()), (json!(2), 0));
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_clears_and_nothing_is_published_afterwards() {
    let mut client = Client::start(folder(&[(DESIGN, BROKEN)]), watching(pushing())).await;
    client.open(DESIGN, BROKEN).await;
    client.published(DESIGN).await;
    for version in 2..50 {
        client.replace(DESIGN, version, BROKEN).await;
    }
    client.close(DESIGN).await;
    let cleared = client.published_count(DESIGN, 0).await;
    assert_eq!(cleared, json!({ "uri": client.uri(DESIGN), "diagnostics": [] }));
    write(&client.path(CONTRACT), "# Contract\n");
    client.changed_on_disk(&[CONTRACT]).await;
    client.silence(Duration::from_millis(200)).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_appears_clears_a_dead_link_when_the_client_watches() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    client.open(DESIGN, BROKEN).await;
    published_dead(&mut client, DESIGN, 1).await;
    write(&client.path(CONTRACT), "# Contract\n");
    client.changed_on_disk(&[CONTRACT]).await;
    published_dead(&mut client, DESIGN, 0).await;
    std::fs::remove_file(client.path(CONTRACT)).unwrap();
    client.changed_on_disk(&[CONTRACT]).await;
    published_dead(&mut client, DESIGN, 1).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_changes_on_the_disk_than_fit_one_step_are_all_seen() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    client.open(DESIGN, BROKEN).await;
    published_dead(&mut client, DESIGN, 1).await;
    let mut paths: Vec<String> = (0..600).map(|it| format!("a/file-{it}.txt")).collect();
    for path in &paths {
        write(&client.path(path), "");
    }
    write(&client.path(CONTRACT), "# Contract\n");
    paths.push(CONTRACT.to_owned());
    client.changed_on_disk(&paths.iter().map(String::as_str).collect::<Vec<_>>()).await;
    client.call_at("textDocument/hover", DESIGN, 0, 3).await;
    published_dead(&mut client, DESIGN, 0).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_goes_takes_its_files_along() {
    let mut client = Client::start(folder(&[(CONTRACT, "# Contract\n")]), watching(pushing())).await;
    client.open(DESIGN, BROKEN).await;
    published_dead(&mut client, DESIGN, 0).await;
    std::fs::remove_dir_all(client.path("docs/features/orders/contracts")).unwrap();
    client.changed_on_disk(&["docs/features/orders/contracts"]).await;
    published_dead(&mut client, DESIGN, 1).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_watches_when_the_client_cannot() {
    let mut client = Client::start(folder(&[]), pushing()).await;
    client.open(DESIGN, BROKEN).await;
    published_dead(&mut client, DESIGN, 1).await;
    write(&client.path(CONTRACT), "# Contract\n");
    published_dead(&mut client, DESIGN, 0).await;
    std::fs::remove_file(client.path(CONTRACT)).unwrap();
    published_dead(&mut client, DESIGN, 1).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsaved_buffer_counts_as_a_file() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    client.open(DESIGN, BROKEN).await;
    published_dead(&mut client, DESIGN, 1).await;
    client.open(CONTRACT, "# Contract\n").await;
    published_dead(&mut client, DESIGN, 0).await;
    client.published(CONTRACT).await;
    client.close(CONTRACT).await;
    client.published(CONTRACT).await;
    published_dead(&mut client, DESIGN, 1).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_counts_from_the_moment_it_is_saved() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    client.open(DESIGN, BROKEN).await;
    published_dead(&mut client, DESIGN, 1).await;
    write(&client.path("archwright.toml"), "[rules]\n\"link/dead-target\" = \"off\"\n");
    client.changed_on_disk(&["archwright.toml"]).await;
    published_dead(&mut client, DESIGN, 0).await;
    std::fs::remove_file(client.path("archwright.toml")).unwrap();
    client.notify("workspace/didChangeConfiguration", json!({ "settings": {} })).await;
    published_dead(&mut client, DESIGN, 1).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pulling_client_gets_what_it_asks_for_and_nothing_else() {
    let mut client = Client::start(folder(&[]), watching(pulling())).await;
    client.open(DESIGN, BROKEN).await;
    let report = pull(&mut client, DESIGN, None).await;
    assert_eq!(report["kind"], "full");
    assert_eq!(dead(&report["items"]).len(), 1);
    let unchanged = pull(&mut client, DESIGN, Some(&report["resultId"])).await;
    assert_eq!(unchanged, json!({ "kind": "unchanged", "resultId": report["resultId"] }));
    client.replace(DESIGN, 2, "# Orders\n").await;
    let fixed = pull(&mut client, DESIGN, Some(&report["resultId"])).await;
    assert_eq!((fixed["kind"].clone(), dead(&fixed["items"]).len()), (json!("full"), 0));
    client.silence(Duration::from_millis(100)).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pulling_client_is_asked_to_pull_again_when_a_neighbour_changes() {
    let mut client = Client::start(folder(&[]), watching(pulling())).await;
    client.open(DESIGN, BROKEN).await;
    let before = pull(&mut client, DESIGN, None).await;
    write(&client.path(CONTRACT), "# Contract\n");
    client.changed_on_disk(&[CONTRACT]).await;
    let refresh = client.server_request("workspace/diagnostic/refresh").await;
    client.respond(&refresh, Value::Null).await;
    let after = pull(&mut client, DESIGN, Some(&before["resultId"])).await;
    assert_eq!(dead(&after["items"]).len(), 0);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_workspace_can_be_pulled_and_waits_for_news() {
    let mut client = Client::start(
        folder(&[(DESIGN, BROKEN), ("docs/features/orders/README.md", "# A\n\n[b](gone.md)\n")]),
        watching(pulling()),
    )
    .await;
    let report = client.call("workspace/diagnostic", json!({ "previousResultIds": [] })).await;
    let items = report["items"].as_array().unwrap().clone();
    let of = |items: &[Value], uri: &str| items.iter().find(|it| it["uri"] == uri).cloned();
    let design = of(&items, &client.uri(DESIGN)).unwrap();
    assert_eq!(
        (design["kind"].clone(), design["version"].clone(), dead(&design["items"]).len()),
        (json!("full"), Value::Null, 1)
    );
    assert_eq!(dead(&of(&items, &client.uri("docs/features/orders/README.md")).unwrap()["items"]).len(), 1);
    let known: Vec<Value> = items.iter().map(|it| json!({ "uri": it["uri"], "value": it["resultId"] })).collect();
    let waiting = client.request("workspace/diagnostic", json!({ "previousResultIds": known })).await;
    client.silence(Duration::from_millis(200)).await;
    write(&client.path(CONTRACT), "# Contract\n");
    client.changed_on_disk(&[CONTRACT]).await;
    let news = client.response(waiting).await["result"]["items"].as_array().unwrap().clone();
    assert_eq!(dead(&of(&news, &client.uri(DESIGN)).unwrap()["items"]).len(), 0);
    assert_eq!(of(&news, &client.uri("docs/features/orders/README.md")).unwrap()["kind"], "unchanged");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_that_waits_ends_with_the_session() {
    let mut client = Client::start(folder(&[(DESIGN, BROKEN)]), watching(pulling())).await;
    let report = client.call("workspace/diagnostic", json!({ "previousResultIds": [] })).await;
    let known: Vec<Value> = report["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!({ "uri": it["uri"], "value": it["resultId"] }))
        .collect();
    let waiting = client.request("workspace/diagnostic", json!({ "previousResultIds": known })).await;
    client.silence(Duration::from_millis(50)).await;
    client.call("shutdown", Value::Null).await;
    assert_eq!(client.response(waiting).await["result"], json!({ "items": [] }));
    client.exit().await;
}

const CONFIG: &str = "archwright.toml";

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_configuration_are_told_though_nobody_opened_it() {
    // Neovim pulls the diagnostics of documents only.
    for capabilities in [pushing(), pulling()] {
        let root = folder(&[(CONFIG, "no-such-setting = 1\n")]);
        let mut client = Client::connect(root.clone());
        let folders = json!([{ "uri": common::uri_of(root.path()), "name": "ws" }]);
        let params = json!({ "processId": null, "capabilities": watching(capabilities),
            "clientInfo": { "name": "Neovim" }, "workspaceFolders": folders });
        client.call("initialize", params).await;
        client.notify("initialized", json!({})).await;
        let registration = client.server_request("client/registerCapability").await;
        client.respond(&registration, serde_json::Value::Null).await;
        let told = client.published(CONFIG).await["diagnostics"].clone();
        assert_eq!(told[0]["code"], "configuration/invalid-setting", "{told}");

        write(&client.path(CONFIG), "");
        client.changed_on_disk(&[CONFIG]).await;
        assert_eq!(client.published(CONFIG).await["diagnostics"], json!([]), "mended");

        write(&client.path(CONFIG), "other-setting = 1\n");
        client.changed_on_disk(&[CONFIG]).await;
        assert_eq!(client.published(CONFIG).await["diagnostics"].as_array().unwrap().len(), 1);
        std::fs::remove_file(client.path(CONFIG)).unwrap();
        client.changed_on_disk(&[CONFIG]).await;
        assert_eq!(client.published(CONFIG).await["diagnostics"], json!([]), "gone");
        client.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_configuration_is_a_document_like_others() {
    let root = folder(&[(CONFIG, "no-such-setting = 1\n")]);
    let mut client = Client::start(root, watching(pushing())).await;
    client.published_count(CONFIG, 1).await;
    client.open(CONFIG, "").await;
    client.published_count(CONFIG, 0).await;
    client.replace(CONFIG, 2, "no = 1\n").await;
    client.published_count(CONFIG, 1).await;
    client.close(CONFIG).await;
    // Without the buffer, the file on the disk counts, which nobody mended.
    client.published_count(CONFIG, 0).await;
    client.published_count(CONFIG, 1).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buffer_has_the_limit_that_files_have() {
    let root = folder(&[(CONFIG, "max-file-size = 100\n"), (DESIGN, BROKEN)]);
    let mut client = Client::start(root, watching(pushing())).await;
    client.open(DESIGN, BROKEN).await;
    published_dead(&mut client, DESIGN, 1).await;
    client.replace(DESIGN, 2, &format!("{BROKEN}{}", "text\n".repeat(100))).await;
    let told = client.published_count(DESIGN, 1).await["diagnostics"].clone();
    assert_eq!(told[0]["code"], "document/unreadable", "{told}");
    for method in ["textDocument/hover", "textDocument/definition", "textDocument/completion"] {
        client.call_at(method, DESIGN, 5, 3).await;
    }
    client.replace(DESIGN, 3, BROKEN).await;
    published_dead(&mut client, DESIGN, 1).await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_very_many_findings_the_worst_are_shown_and_the_rest_is_counted() {
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    let links = (0..1_200).map(|it| format!("- [x](gone{it}.md)\n")).collect::<Vec<_>>().concat();
    client.open(DESIGN, &format!("# Orders\n\n{links}")).await;
    let published = client.published(DESIGN).await;
    let all = published["diagnostics"].as_array().unwrap();
    assert_eq!(all.len(), 1_001);
    assert!(all.iter().take(1_000).all(|it| it["severity"] == 1), "errors come before the remarks of the document");
    let more = all[1_000]["message"].as_str().unwrap();
    assert!(more.ends_with(&format!("`archwright check {DESIGN}` lists all of them.")), "{more}");
    assert!(more.split(' ').next().unwrap().parse::<usize>().unwrap() >= 200, "{more}");
    client.finish().await;
}
