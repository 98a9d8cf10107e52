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

#[tokio::test(flavor = "multi_thread")]
async fn a_new_document_in_a_folder_that_is_not_there_is_checked() {
    let outside = folder(&[]);
    let mut client = Client::start(folder(&[]), watching(pushing())).await;
    for path in ["new/deeper/a.md", "b.md"] {
        let uri = uri_of(&outside.path().join(path));
        client.open_uri(&uri, "# New\n\n[there](#there)\n").await;
        let published = client.notification("textDocument/publishDiagnostics").await;
        assert_eq!(published["uri"], json!(uri));
        let symbols = client.call("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
        assert_eq!(symbols[0]["name"], "New");
    }
    // No message pops up: `finish` fails on what is unread.
    client.finish().await;
}

const FROM: &str = "one/docs/features/a/design.md";
const TO: &str = "two/docs/features/b/design.md";

/// Two workspace folders; a document of the first leads into the second, and back.
async fn neighbours(capabilities: Value) -> Client {
    let root = folder(&[
        (
            FROM,
            "# A\n\n[b](../../../../two/docs/features/b/design.md#the-goals) \
            [all](../../../../two/docs/features/b/design.md)\n",
        ),
        (TO, "# B\n\n## The goals\n\n[a](../../../../one/docs/features/a/design.md)\n"),
        ("two/docs/features/b/README.md", "# b\n\n[goals](design.md#the-goals)\n"),
    ]);
    let folders = ["one", "two"].map(|it| json!({ "uri": uri_of(&root.path().join(it)), "name": it }));
    Client::start_with(root, watching(capabilities), json!(folders)).await
}

/// Line, column and new text.
type Edit = (u64, u64, String);

/// The edits of a change by file.
fn edits(client: &Client, change: &Value) -> Vec<(String, Vec<Edit>)> {
    let root = uri_of(client.root.path());
    let mut all = Vec::new();
    for it in change["documentChanges"].as_array().unwrap_or(&Vec::new()) {
        let Some(edits) = it["edits"].as_array() else { continue };
        let uri = it["textDocument"]["uri"].as_str().unwrap();
        let edits = edits.iter().map(|it| {
            let start = &it["range"]["start"];
            let at = |name: &str| start[name].as_u64().unwrap();
            (at("line"), at("character"), it["newText"].as_str().unwrap().to_owned())
        });
        all.push((uri.strip_prefix(&format!("{root}/")).unwrap().to_owned(), edits.collect()));
    }
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_into_another_folder() {
    let mut client = neighbours(pushing()).await;
    let found = client.call_at("textDocument/definition", FROM, 2, 10).await;
    assert_eq!(found[0]["targetUri"], json!(client.uri(TO)), "{found}");
    assert_eq!(found[0]["targetRange"]["start"], json!({ "line": 2, "character": 3 }), "{found}");
    let links = client.call("textDocument/documentLink", json!({ "textDocument": { "uri": client.uri(FROM) } })).await;
    assert_eq!(links[1]["target"], json!(client.uri(TO)), "{links}");

    let references = |place: &str, line: u32, character: u32| {
        json!({ "textDocument": { "uri": place }, "position": { "line": line, "character": character },
            "context": { "includeDeclaration": true } })
    };
    let (from, to) = (client.uri(FROM), client.uri(TO));
    let places =
        |it: &Value| it.as_array().unwrap().iter().map(|it| it["uri"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let found = places(&client.call("textDocument/references", references(&to, 2, 5)).await);
    assert_eq!(found.iter().filter(|it| **it == from).count(), 1, "{found:?}");
    assert!(found.contains(&to) && found.contains(&client.uri("two/docs/features/b/README.md")), "{found:?}");
    let found = places(&client.call("textDocument/references", references(&from, 2, 12)).await);
    assert_eq!(found.iter().filter(|it| **it == from).count(), 2, "both links lead to the file: {found:?}");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_follow_what_another_folder_renames() {
    let mut client = neighbours(pushing()).await;
    let renamed =
        json!({ "files": [{ "oldUri": client.uri(TO), "newUri": client.uri("two/docs/features/b/plan.md") }] });
    let change = client.call("workspace/willRenameFiles", renamed).await;
    let path = "../../../../two/docs/features/b/plan.md".to_owned();
    assert_eq!(
        edits(&client, &change),
        [
            (FROM.to_owned(), vec![(2, 4, path.clone()), (2, 63, path)]),
            ("two/docs/features/b/README.md".to_owned(), vec![(2, 8, "plan.md".to_owned())]),
        ]
    );

    // A folder, and what lies in it.
    let renamed = json!({ "files": [{ "oldUri": client.uri("two/docs/features/b"), "newUri": client.uri("two/docs/features/c") }] });
    let change = client.call("workspace/willRenameFiles", renamed).await;
    let path = "../../../../two/docs/features/c/design.md".to_owned();
    assert_eq!(edits(&client, &change), [(FROM.to_owned(), vec![(2, 4, path.clone()), (2, 63, path)])]);

    // A file that climbs by another number of folders names the other folder anew.
    let renamed = json!({ "files": [{ "oldUri": client.uri(TO), "newUri": client.uri("two/b.md") }] });
    let change = client.call("workspace/willRenameFiles", renamed).await;
    let own = edits(&client, &change).into_iter().find(|it| it.0 == TO).unwrap().1;
    assert_eq!(own, [(4, 4, "../one/docs/features/a/design.md".to_owned())]);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn headings_and_files_are_renamed_across_folders() {
    let mut client = neighbours(pushing()).await;
    let rename = |place: String, line: u32, character: u32, name: &str| json!({ "textDocument": { "uri": place }, "position": { "line": line, "character": character }, "newName": name });
    // From the heading, and from the link to it.
    let (heading, fragment) = (rename(client.uri(TO), 2, 5, "Aims"), rename(client.uri(FROM), 2, 55, "Aims"));
    for params in [heading, fragment] {
        let change = client.call("textDocument/rename", params).await;
        assert_eq!(
            edits(&client, &change),
            [
                (FROM.to_owned(), vec![(2, 46, "aims".to_owned())]),
                ("two/docs/features/b/README.md".to_owned(), vec![(2, 18, "aims".to_owned())]),
                (TO.to_owned(), vec![(2, 3, "Aims".to_owned())]),
            ]
        );
    }
    let prepared = client.call_at("textDocument/prepareRename", FROM, 2, 55).await;
    assert_eq!(prepared["placeholder"], "The goals", "{prepared}");
    let prepared = client.call_at("textDocument/prepareRename", FROM, 2, 12).await;
    assert_eq!(prepared["placeholder"], "../../../../two/docs/features/b/design.md", "{prepared}");

    let params = rename(client.uri(FROM), 2, 12, "../../../../two/docs/features/b/plan.md");
    let change = client.call("textDocument/rename", params).await;
    let operations = change["documentChanges"].as_array().unwrap();
    let moved = operations.last().unwrap();
    assert_eq!(
        (&moved["kind"], &moved["newUri"]),
        (&json!("rename"), &json!(client.uri("two/docs/features/b/plan.md")))
    );
    let files: Vec<String> = edits(&client, &change).into_iter().map(|it| it.0).collect();
    assert_eq!(files, [FROM, "two/docs/features/b/README.md"]);

    let params = rename(client.uri(FROM), 2, 12, "../../../../three/b.md");
    let id = client.request("textDocument/rename", params).await;
    assert!(client.response(id).await["error"]["message"].as_str().unwrap().contains("outside"));
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_in_each_other_change_a_file_once() {
    let root = folder(&[
        ("docs/features/a/design.md", "# A\n\n[c](../../system/catalog.md)\n"),
        ("docs/system/catalog.md", "# Catalog\n"),
        ("sub/archwright.toml", ""),
        ("sub/docs/features/x/design.md", "# X\n\n[y](y.md)\n"),
        ("sub/docs/features/x/y.md", "# Y\n"),
    ]);
    let folders = json!([
        { "uri": uri_of(root.path()), "name": "all" },
        { "uri": uri_of(&root.path().join("sub")), "name": "sub" },
    ]);
    let mut client = Client::start_with(root, watching(pushing()), folders).await;
    let (old, new) = (client.uri("sub/docs/features/x/y.md"), client.uri("sub/docs/features/x/z.md"));
    let change = client.call("workspace/willRenameFiles", json!({ "files": [{ "oldUri": old, "newUri": new }] })).await;
    assert_eq!(
        edits(&client, &change),
        [("sub/docs/features/x/design.md".to_owned(), vec![(2, 4, "z.md".to_owned())])]
    );
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_machine_is_none_of_this_one() {
    let mut client = Client::start(folder(&[("a.md", "# A\n")]), watching(pushing())).await;
    let uri = client.uri("a.md").replace("file:///", "file://host/");
    client.open_uri(&uri, "# B\n\n[x](missing.md)\n").await;
    let symbols = client.call("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(symbols, Value::Null);
    client.finish().await;
}
