//! `check`: pages, sizes, and files that change between calls.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use crate::client::{Client, Era, empty, faulty, text, write};

/// What makes a finding another one than its neighbors.
fn key(finding: &Value) -> String {
    ["file", "line", "column", "rule", "message"].map(|it| finding[it].to_string()).join(" ")
}

#[tokio::test]
async fn pages_give_every_finding_exactly_once() {
    let folder = faulty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let summary = client.data("check", json!({"severity": "hint", "detail": "summary"})).await["summary"].clone();
    let total: u64 = ["errors", "warnings", "infos", "hints"].iter().map(|it| summary[it].as_u64().unwrap()).sum();
    assert!(20 < total, "the workspace has more than one page: {summary}");
    for limit in [json!(null), json!(7), json!(1), json!(100)] {
        let (mut seen, mut cursor, mut pages) = (Vec::new(), Value::Null, 0);
        loop {
            let page = client.data("check", json!({"severity": "hint", "limit": limit, "cursor": cursor})).await;
            assert_eq!(page["summary"], summary);
            seen.extend(page["findings"].as_array().unwrap().iter().map(key));
            pages += 1;
            match page.get("next_cursor") {
                Some(next) => cursor = next.clone(),
                None => break,
            }
        }
        assert_eq!(seen.len() as u64, total, "{pages} pages of {limit}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len() as u64, total);
    }
    client.end().await;
}

#[tokio::test]
async fn a_cursor_that_does_not_fit_is_refused() {
    let folder = faulty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let page = client.data("check", json!({"limit": 2})).await;
    let cursor = page["next_cursor"].as_str().unwrap().to_owned();
    for arguments in [
        json!({"cursor": cursor, "severity": "error"}),
        json!({"cursor": "2-ffffffffffff"}),
        json!({"cursor": "999999-000000000000"}),
        json!({"cursor": "no cursor"}),
    ] {
        assert!(client.mistake("check", arguments).await.contains("does not fit"));
    }
    client.data("check", json!({"cursor": cursor})).await;
    let first = page["findings"][0]["file"].as_str().unwrap();
    fs::remove_file(folder.path().join(first)).unwrap();
    assert!(client.mistake("check", json!({"cursor": cursor})).await.contains("does not fit"));
    client.end().await;
}

#[tokio::test]
async fn answers_keep_to_their_sizes() {
    let folder = empty();
    let long = "x".repeat(5000);
    let links: Vec<String> = (0..400).map(|it| format!("See [{long}](missing-{it}-{long}.md).\n\n")).collect();
    let links = links.concat();
    write(&folder, "docs/features/a/design.md", &format!("# Design: a\n\n{links}"));
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    for (arguments, most) in [
        (json!({}), 8 * 1024),
        (json!({"detail": "summary"}), 8 * 1024),
        (json!({"limit": 100}), 40 * 1024),
        (json!({"detail": "full"}), 40 * 1024),
        (json!({"detail": "full", "limit": 100}), 40 * 1024),
    ] {
        let result = client.call("check", arguments.clone()).await;
        let bytes = result.to_string().len();
        assert!(bytes <= most, "{arguments}: {bytes} bytes");
        assert_ne!(result["isError"], true);
    }
    client.end().await;
}

#[tokio::test]
async fn many_mistakes_fit_too() {
    let folder = faulty();
    let mut client = Client::new(folder.path(), Era::Legacy).await;
    let paths: Vec<String> = (0..2000).map(|it| format!("docs/features/{it}/{}.md", "x".repeat(60))).collect();
    let long = vec!["y".repeat(1_000_000)];
    let names: serde_json::Map<String, Value> = (0..2000).map(|it| (format!("argument-{it}"), json!(1))).collect();
    for (arguments, told) in [
        (json!({ "paths": paths }), "more mistakes not shown"),
        (json!({ "paths": long }), "There is no file"),
        (Value::Object(names), "more mistakes not shown"),
        (json!({ "z".repeat(1_000_000): 1 }), "is no argument"),
        (json!({ "cursor": "c".repeat(1_000_000) }), "does not fit"),
        (json!({ "severity": "s".repeat(1_000_000) }), "cannot be"),
    ] {
        let result = client.call("check", arguments).await;
        let bytes = result.to_string().len();
        assert!(bytes <= 12 * 1024, "{bytes} bytes");
        let text = text(&result);
        assert!(result["isError"] == true && (text.contains(told) || text.ends_with('…')), "{text}");
    }
    client.end().await;
}

#[tokio::test]
async fn uris_of_files_are_paths() {
    let folder = faulty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let all = client.data("check", json!({ "paths": ["docs/features/order-checkout"] })).await;
    let uri = format!("file://{}/docs/features/order%2Dcheckout", folder.path().display());
    assert_eq!(client.data("check", json!({ "paths": [uri] })).await, all);
    assert_eq!(client.data("check", json!({ "paths": uri.replace("file://", "FILE://localhost") })).await, all);
    let refused = client.mistake("check", json!({ "paths": uri.replace("file://", "file://host") })).await;
    assert!(refused.contains("does not lie in the workspace"), "{refused}");
    client.end().await;
}

#[tokio::test]
async fn the_answer_fits_its_schema_at_every_detail() {
    let folder = faulty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let tools = client.request("tools/list", json!({})).await;
    let tool = tools["result"]["tools"].as_array().unwrap().iter().find(|it| it["name"] == "check").unwrap();
    let schema = jsonschema::validator_for(&tool["outputSchema"]).unwrap();
    for detail in ["summary", "findings", "full"] {
        let data = client.data("check", json!({"detail": detail})).await;
        assert!(schema.is_valid(&data), "{data:#}");
    }
    client.end().await;
}

#[tokio::test]
async fn the_text_tells_the_same_facts() {
    let folder = faulty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let result = client.call("check", json!({})).await;
    let text = text(&result);
    assert!(serde_json::from_str::<Value>(&text).is_err(), "not the JSON again");
    for finding in result["structuredContent"]["findings"].as_array().unwrap() {
        let line = format!(
            "  {}:{} {} {}: ",
            finding["line"],
            finding["column"],
            finding["severity"].as_str().unwrap(),
            finding["rule"].as_str().unwrap()
        );
        assert!(text.contains(&line) && text.contains(finding["file"].as_str().unwrap()), "{finding}");
    }
    client.end().await;
}

#[tokio::test]
async fn files_that_change_between_calls_are_read_again() {
    let folder = empty();
    let readme = "docs/features/a/README.md";
    write(&folder, "docs/features/a/design.md", "# Design: a\n\nSee [runbook](runbooks/lag.md).\n");
    write(&folder, readme, "# a\n");
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let dead = |answer: &Value| {
        answer["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == "link/dead-target").count()
    };
    let arguments = || json!({"limit": 100});
    assert_eq!(dead(&client.data("check", arguments()).await), 1);

    // A new file mends the link of another one.
    write(&folder, "docs/features/a/runbooks/lag.md", "# Runbook: lag\n");
    assert_eq!(dead(&client.data("check", arguments()).await), 0);

    // The same length, at once after the look before.
    write(&folder, "docs/features/a/design.md", "# Design: a\n\nSee [runbook](runbooks/lat.md).\n");
    assert_eq!(dead(&client.data("check", arguments()).await), 1);

    // The same length and time, from a copy that was made before.
    let (copy, original) = (folder.path().join("copy.txt"), folder.path().join("docs/features/a/design.md"));
    fs::write(&copy, "# Design: a\n\nSee [runbook](runbooks/lag.md).\n").unwrap();
    let modified = fs::metadata(&original).unwrap().modified().unwrap();
    fs::File::options().write(true).open(&copy).unwrap().set_modified(modified).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(120));
    client.data("check", arguments()).await;
    fs::rename(&copy, &original).unwrap();
    assert_eq!(dead(&client.data("check", arguments()).await), 0);

    // A file that goes, with its folder.
    fs::remove_dir_all(folder.path().join("docs/features/a/runbooks")).unwrap();
    assert_eq!(dead(&client.data("check", arguments()).await), 1);

    // A target that no walk lists.
    write(&folder, "docs/features/a/design.md", "# Design: a\n\nSee [build](../../../.build/report.md).\n");
    assert_eq!(dead(&client.data("check", arguments()).await), 1);
    write(&folder, ".build/report.md", "# Report\n");
    assert_eq!(dead(&client.data("check", arguments()).await), 0);
    fs::remove_dir_all(folder.path().join(".build")).unwrap();
    assert_eq!(dead(&client.data("check", arguments()).await), 1);

    // A target that a build makes, once git is told so, and no longer.
    write(&folder, ".gitignore", ".build/\n");
    assert_eq!(dead(&client.data("check", arguments()).await), 0);
    fs::remove_file(folder.path().join(".gitignore")).unwrap();
    assert_eq!(dead(&client.data("check", arguments()).await), 1);

    // The configuration.
    write(&folder, "archwright.toml", "[rules]\n\"link/dead-target\" = \"off\"\n");
    assert_eq!(dead(&client.data("check", arguments()).await), 0);
    fs::remove_file(folder.path().join("archwright.toml")).unwrap();
    assert_eq!(dead(&client.data("check", arguments()).await), 1);
    client.end().await;
}

#[tokio::test]
async fn what_hides_in_a_file_does_not_reach_the_model() {
    let folder = empty();
    write(
        &folder,
        "docs/features/a/design.md",
        "# Design: a\n\nSee [x](mis\u{202e}sing\u{200b}\u{e0041}.md) and [y](<\u{1b}[31mred.md>).\n",
    );
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let result = client.call("check", json!({"limit": 100})).await.to_string();
    assert!(result.contains("missing.md"), "{result}");
    for hidden in ["\u{202e}", "\u{200b}", "\u{e0041}", "\u{1b}", "\\u001b"] {
        assert!(!result.contains(hidden), "{hidden:?}");
    }
    client.end().await;
}

#[tokio::test]
async fn an_empty_folder_says_what_to_do() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let data = client.data("check", json!({})).await;
    assert_eq!(data["summary"]["files"], 0);
    assert!(data["next_steps"][0].as_str().unwrap().contains("`design`"));
    client.end().await;
}

#[tokio::test]
async fn a_file_that_was_named_and_cannot_be_read_is_said_to_be_so() {
    let folder = empty();
    let text: Vec<u8> = "\u{feff}# Notes\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("notes.md"), text).unwrap();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let answer = client.data("check", json!({"paths": ["notes.md"]})).await.to_string();
    assert!(answer.contains("notes.md was not checked: it is UTF-16"), "{answer}");
}
