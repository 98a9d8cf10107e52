//! `design`: writing, dry runs, refusals.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};

use crate::client::{Client, Era, empty, write};

const DESIGN: &str = "docs/features/gift-cards/design.md";

fn request() -> Value {
    json!({
        "feature": "gift-cards",
        "description": "When an order is placed, the gift card service reserves the amount and publishes a \
            reservation event.",
        "services": ["orders", "gift-cards"],
        "channels": [{"name": "gift-cards.reserved.v1", "ordering_key": "order_id"}],
        "patterns": "[\"Transactional Outbox\"]",
        "concerns": {"owner_team": "Gift Cards", "tenancy": "single tenant", "compliance": "none"},
    })
}

fn with(more: Value) -> Value {
    let mut request = request();
    let Value::Object(more) = more else { panic!() };
    request.as_object_mut().unwrap().extend(more);
    request
}

/// All files of a folder.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(root).unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[tokio::test]
async fn a_design_is_written_once_and_stays() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let data = client.data("design", request()).await;
    assert_eq!(data["state"], "written", "{data:#}");
    let files = data["files"].as_array().unwrap();
    assert_eq!(files.len(), 3, "{data:#}");
    for file in files {
        let bytes = fs::read(folder.path().join(file["path"].as_str().unwrap())).unwrap();
        let hash = archwright_analysis::ContentHash::of(&bytes).to_string();
        assert_eq!((file["state"].as_str(), file["sha256"].as_str()), (Some("created"), Some(hash.as_str())));
    }
    assert!(data["questions"].as_array().unwrap().iter().any(|it| it["field"] == "Cost owner"), "{data:#}");
    let written = tree(folder.path());

    let again = client.data("design", request()).await;
    assert_eq!(again["state"], "unchanged", "{again:#}");
    assert!(again["files"].as_array().unwrap().iter().all(|it| it["state"] == "unchanged"));
    assert_eq!(
        again["files"].as_array().unwrap().iter().map(|it| &it["sha256"]).collect::<Vec<_>>(),
        files.iter().map(|it| &it["sha256"]).collect::<Vec<_>>()
    );
    assert_eq!(tree(folder.path()), written);

    let check = client.data("check", json!({"severity": "error"})).await;
    assert_eq!(check["summary"]["errors"], 0, "{check:#}");
    client.end().await;
}

#[tokio::test]
async fn an_answer_fits_its_schema_and_its_size() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let tools = client.request("tools/list", json!({})).await;
    let tool = tools["result"]["tools"].as_array().unwrap().iter().find(|it| it["name"] == "design").unwrap();
    let schema = jsonschema::validator_for(&tool["outputSchema"]).unwrap();
    for (arguments, most) in [
        (with(json!({"dry_run": true})), 40 * 1024),
        (request(), 8 * 1024),
        (request(), 8 * 1024),
        (json!({"feature": "rename", "description": "Rename a button."}), 8 * 1024),
    ] {
        let result = client.call("design", arguments.clone()).await;
        let bytes = result.to_string().len();
        assert!(bytes <= most, "{bytes} bytes\n{result:#}");
        assert!(schema.is_valid(&result["structuredContent"]), "{result:#}");
    }
    client.end().await;
}

#[tokio::test]
async fn a_dry_run_shows_the_diff_and_writes_nothing() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let before = tree(folder.path());
    let data = client.data("design", with(json!({"dry_run": "true"}))).await;
    assert_eq!(data["state"], "planned");
    assert!(data["diff"].as_str().unwrap().contains(&format!("+++ b/{DESIGN}")), "{data:#}");
    assert_eq!(tree(folder.path()), before);

    let written = client.data("design", request()).await;
    let hashes = |it: &Value| it["files"].as_array().unwrap().iter().map(|it| it["sha256"].clone()).collect::<Vec<_>>();
    assert_eq!(hashes(&written), hashes(&data), "the plan is what is written");
    let change = client.data("design", with(json!({"dry_run": true, "concerns": {"cost_owner": "Payments"}}))).await;
    let diff = change["diff"].as_str().unwrap();
    assert!(diff.contains(&format!("--- a/{DESIGN}")) && diff.contains("Payments"), "{diff}");
    client.end().await;
}

#[tokio::test]
async fn another_content_than_expected_is_not_overwritten() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let nothing = "0".repeat(64);
    let refused = client.mistake("design", with(json!({"expected_sha256": nothing}))).await;
    assert!(refused.contains("does not exist"), "{refused}");

    let data = client.data("design", request()).await;
    let hash = data["files"][0]["sha256"].as_str().unwrap().to_owned();
    let more = |hash: &str| with(json!({"expected_sha256": hash, "concerns": {"cost_owner": "Payments"}}));
    let mine = fs::read_to_string(folder.path().join(DESIGN)).unwrap() + "\nSomebody else was here.\n";
    write(&folder, DESIGN, &mine);
    let refused = client.mistake("design", more(&hash)).await;
    let found = archwright_analysis::ContentHash::of(mine.as_bytes()).to_string();
    assert!(refused.contains(&found), "{refused}");
    assert_eq!(fs::read_to_string(folder.path().join(DESIGN)).unwrap(), mine);
    assert!(client.mistake("design", more("abc")).await.contains("64 hexadecimal digits"));

    let data = client.data("design", more(&found)).await;
    assert_eq!(data["state"], "written");
    let now = fs::read_to_string(folder.path().join(DESIGN)).unwrap();
    assert!(now.contains("Somebody else was here.") && now.contains("Payments"));
    client.end().await;
}

#[tokio::test]
async fn small_work_is_declined_and_mistakes_say_what_is_right() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let before = tree(folder.path());
    let declined = client
        .data("design", json!({"feature": "rename-button", "description": "Rename a button in the settings page."}))
        .await;
    assert_eq!(declined["state"], "declined");
    assert!(declined["reason"].is_string(), "{declined:#}");

    let refused = client.mistake("design", json!({"feature": "Gift Cards", "description": "x"})).await;
    assert!(refused.contains("`gift-cards`"), "{refused}");
    let refused = client.mistake("design", json!({"feature": "gift-cards", "owner_team": "Payments"})).await;
    assert!(refused.contains("did you mean `concerns.owner_team`?"), "{refused}");
    let refused = client.mistake("design", json!({"feature": "gift-cards"})).await;
    assert!(refused.contains("`description` is missing"), "{refused}");
    let refused = client.mistake("design", with(json!({"channels": [{"name": "a.b.v1", "role": "sends"}]}))).await;
    assert!(refused.contains("produced"), "{refused}");
    assert_eq!(tree(folder.path()), before);
    client.end().await;
}

#[tokio::test]
async fn a_large_design_has_an_answer_that_fits() {
    let folder = empty();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let channels: Vec<Value> = (0..3000).map(|it| json!({ "name": format!("gift-cards.reserved-{it}.v1") })).collect();
    let services: Vec<String> = (0..3000).map(|it| format!("service-{it}")).collect();
    for (more, most) in [
        (json!({ "channels": channels, "dry_run": true }), 40 * 1024),
        (json!({ "channels": channels.iter().take(300).collect::<Vec<_>>(), "services": services }), 8 * 1024),
    ] {
        let result = client.call("design", with(more)).await;
        let bytes = result.to_string().len();
        assert!(bytes <= most, "{bytes} bytes");
        if result["isError"] != true {
            let left = result["structuredContent"]["more_next_steps"].as_u64().unwrap();
            let text = result["content"][0]["text"].as_str().unwrap();
            assert!(text.contains(&format!("{left} more steps not shown")), "{text}");
        }
    }
    client.end().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_dry_run_refuses_what_the_call_refuses() {
    use std::os::unix::fs::symlink;

    // A link out of the workspace, a file where a folder belongs, a pipe of the name.
    let outside = tempfile::TempDir::new().unwrap();
    let plant: [&dyn Fn(&Path); 3] = [
        &|root| symlink(outside.path(), root.join("docs/features/gift-cards")).unwrap(),
        &|root| fs::write(root.join("docs/features/gift-cards"), "a file").unwrap(),
        &|root| {
            fs::create_dir_all(root.join("docs/features/gift-cards")).unwrap();
            symlink("/nowhere", root.join(DESIGN)).unwrap();
        },
    ];
    for plant in plant {
        let folder = empty();
        plant(folder.path());
        let mut client = Client::new(folder.path(), Era::Legacy).await;
        let dry = client.call("design", with(json!({ "dry_run": true }))).await;
        let real = client.call("design", request()).await;
        assert_eq!(dry["isError"], real["isError"], "{dry:#}\n{real:#}");
        assert_eq!(real["isError"], true, "{real:#}");
        assert_eq!(dry["content"], real["content"]);
        client.end().await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_will_not_change_is_named_and_never_asked_for_again() {
    type Setup = fn(&Path);
    let cases: [(&str, Setup, &str); 7] = [
        ("link", |it| std::os::unix::fs::symlink("/nowhere", it).unwrap(), "is a symbolic link"),
        ("pipe", |it| assert!(std::process::Command::new("mkfifo").arg(it).status().unwrap().success()), "is a pipe"),
        ("folder", |it| fs::create_dir(it).unwrap(), "is a folder"),
        ("latin", |it| fs::write(it, b"# Design\n\ncaf\xe9\n").unwrap(), "is not UTF-8"),
        ("wide", |it| fs::write(it, b"\xfe\xff\0#\0 \0A\0\n").unwrap(), "is UTF-16"),
        ("large", |it| fs::write(it, "x".repeat(9 * 1024 * 1024)).unwrap(), "the limit is"),
        ("ignored", |it| fs::write(it, "# Design\n").unwrap(), ".gitignore"),
    ];
    for (name, setup, word) in cases {
        let folder = empty();
        if name == "ignored" {
            write(&folder, ".gitignore", "design.md\n");
            write(&folder, ".git/HEAD", "ref: refs/heads/main\n");
        }
        let at = folder.path().join(DESIGN);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        setup(&at);
        let mut client = Client::new(folder.path(), Era::Stateless).await;
        for _ in 0..2 {
            let told = client.mistake("design", request()).await;
            assert!(told.contains(word) && !told.to_lowercase().contains("call again"), "{name}: {told}");
        }
    }
}

#[tokio::test]
async fn a_launch_is_decided_with_gates_and_blockers() {
    let folder = empty();
    let concerns = "## System concerns\n\n- **Tenancy**: Single tenant\n";
    let patterns = "## Patterns\n\n- Transactional Outbox: one transaction.\n";
    write(&folder, DESIGN, &format!("# Design: gift-cards\n\n{concerns}\n{patterns}"));
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let request = json!({
        "feature": "gift-cards", "date": "2026-11-29", "tier": "Enterprise-critical", "decision": "go",
        "rollback": {"trigger": "1% fail", "steps": ["Switch the flag off"], "time": "5 minutes"},
        "evidence": [{"gate": "slo", "where": "run 7", "who": "Ada"}],
    });
    let mut dry = request.clone();
    dry["dry_run"] = json!(true);
    let data = client.data("prelaunch", dry).await;
    assert_eq!(data["state"], "planned", "{data:#}");
    assert!(data["diff"].as_str().unwrap().contains("+# Launch decision: gift-cards"), "{data:#}");
    let data = client.data("prelaunch", request.clone()).await;
    assert_eq!((&data["state"], &data["files"][0]["state"]), (&json!("written"), &json!("created")), "{data:#}");
    let report = data["report"].as_str().unwrap();
    assert!(report.starts_with("NO-GO  gift-cards on 2026-11-29, ") && report.contains("?drill"), "{report}");
    let bytes = data.to_string().len();
    assert!(bytes <= 8 * 1024, "{bytes} bytes");
    let again = client.data("prelaunch", request).await;
    assert_eq!(again["state"], "unchanged", "{again:#}");
}
