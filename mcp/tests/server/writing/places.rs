//! What stands where a file would be written: nothing outside changes, nothing is written in part, and a dry run refuses
//! what the call refuses.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::Command,
};

use serde_json::{Value, json};

use super::{Shop, dry, tool, touched, writing};
use crate::client::{Client, Era};

/// Puts something in the place of a file, which may be there; the other path is that of a file outside.
type Plant = fn(&Path, &Path);

/// In the place of a new file or of one that is there.
const PLANTS: [(&str, Plant); 6] = [
    ("a link out of the workspace", |at, outside| symlink(outside, at).unwrap()),
    ("a link to nowhere", |at, _| symlink("/nowhere/at/all", at).unwrap()),
    ("a link to itself", |at, _| symlink(at, at).unwrap()),
    ("a folder", |at, _| fs::create_dir(at).unwrap()),
    ("a pipe", |at, _| assert!(Command::new("mkfifo").arg(at).status().unwrap().success())),
    ("a device", |at, _| symlink("/dev/zero", at).unwrap()),
];

/// Calls without and with writing, and gives whether the call was refused.
async fn refused(shop: &Shop, operation: &str, request: &Value, what: &str) -> bool {
    let before = shop.all();
    let mut client = Client::new(&shop.root(), Era::Stateless).await;
    let planned = client.call(operation, dry(request)).await;
    assert!(shop.all() == before, "{operation}: a dry run changes files beside {what}");
    let written = client.call(operation, request.clone()).await;
    let is_refused = written["isError"] == true;
    assert_eq!(planned["isError"] == true, is_refused, "{operation}, {what}:\n{planned:#}\n{written:#}");
    let after = shop.all();
    if is_refused {
        let text = written["content"][0]["text"].as_str().unwrap();
        assert!(text.starts_with("Nothing was written: "), "{operation}, {what}: {text}");
        assert!(after == before, "{operation} writes in part beside {what}: {text}");
    }
    let is_outside = |it: &&String| !it.starts_with("ws/") || it.starts_with("ws/.git");
    let outside = |all: &std::collections::BTreeMap<String, Vec<u8>>| -> Vec<(String, Vec<u8>)> {
        all.iter().filter(|it| is_outside(&it.0)).map(|it| (it.0.clone(), it.1.clone())).collect()
    };
    assert_eq!(outside(&after), outside(&before), "{operation} leaves the workspace through {what}");
    client.end().await;
    is_refused
}

/// The request of each operation, and the files that it touches: the first new one, the first and the last that change.
async fn cases() -> Vec<(String, Value, Vec<(String, String)>)> {
    let mut cases = Vec::new();
    for operation in writing() {
        let shop = Shop::new();
        let request = shop.request(operation);
        let mut client = Client::new(&shop.root(), Era::Stateless).await;
        let files = touched(&client.data(&tool(operation), dry(&request)).await);
        client.end().await;
        let of = |state: &'static str| files.iter().filter(move |it| it.1 == state);
        let mut chosen: Vec<_> =
            of("created").take(1).chain(of("changed").take(1)).chain(of("changed").next_back()).collect();
        chosen.dedup();
        cases.push((tool(operation), request, chosen.into_iter().cloned().collect()));
    }
    cases
}

#[tokio::test]
async fn what_is_no_file_of_the_workspace_is_never_written_through() {
    for (operation, request, files) in cases().await {
        for (path, state) in files {
            for (what, plant) in PLANTS {
                let shop = Shop::new();
                let at = shop.root().join(&path);
                if state == "changed" {
                    fs::remove_file(&at).unwrap();
                }
                fs::create_dir_all(at.parent().unwrap()).unwrap();
                let outside = shop.outside.path().join("ws-evil/secret.md");
                plant(&at, &outside);
                refused(&shop, &operation, &request, &format!("{what} at {path}")).await;
            }
        }
    }
}

#[tokio::test]
async fn no_folder_leads_out_of_the_workspace() {
    for (operation, request, files) in cases().await {
        for (path, state) in files.into_iter().filter(|it| it.1 == "created") {
            let shop = Shop::new();
            let at = shop.root().join(&path);
            // The folder that would be made, else the one that is there with all that is in it.
            let missing = at.ancestors().skip(1).take_while(|it| !it.exists()).last();
            let folder = missing.unwrap_or_else(|| at.parent().unwrap());
            if folder.exists() {
                fs::remove_dir_all(folder).unwrap();
            }
            symlink(shop.outside.path().join("ws-evil"), folder).unwrap();
            refused(&shop, &operation, &request, &format!("{} as a link out for the {state} {path}", folder.display()))
                .await;
        }
    }
}

#[tokio::test]
async fn what_is_protected_from_writing_stays_and_all_else_with_it() {
    for (operation, request, files) in cases().await {
        for (path, _) in files.into_iter().filter(|it| it.1 == "changed") {
            let shop = Shop::new();
            let at = shop.root().join(&path);
            fs::set_permissions(&at, fs::Permissions::from_mode(0o444)).unwrap();
            let what = format!("the read-only {path}");
            assert!(refused(&shop, &operation, &request, &what).await, "{operation} writes {what}");
        }
    }
}

#[tokio::test]
async fn a_layout_leads_to_no_protected_place() {
    let kinds = ["adr", "asyncapi", "catalog", "contract", "design", "feature-readme", "launch", "runbook", "schema"];
    for (prefix, is_outside) in
        [(".git/hooks", false), (".claude", false), (".vscode", false), ("../ws-evil", true), ("/tmp/ws-evil", true)]
    {
        for operation in writing() {
            let shop = Shop::new();
            let request = shop.request(operation);
            let place = |kind: &&str| {
                let end = if *kind == "asyncapi" {
                    "yaml"
                } else if *kind == "schema" {
                    "json"
                } else {
                    "md"
                };
                // Parts that a kind does not have would make no place.
                let name = match *kind {
                    "contract" | "schema" | "asyncapi" => "{channel}",
                    "launch" => "{date}",
                    "adr" | "runbook" => "{name}",
                    _ => "x",
                };
                format!("{kind} = [\"{prefix}/{{feature}}/{kind}/{name}.{end}\"]\n")
            };
            let layout: String = kinds.iter().map(place).collect();
            fs::write(shop.root().join("archwright.toml"), format!("[layout]\n{layout}")).unwrap();
            let before = shop.all();
            let mut client = Client::new(&shop.root(), Era::Legacy).await;
            let answer = client.call(&tool(operation), request).await;
            let after = shop.all();
            let hidden = |it: &&String| it.starts_with(&format!("ws/{prefix}")) || !it.starts_with("ws/");
            let new: Vec<&String> = after.keys().filter(|it| !before.contains_key(*it)).filter(hidden).collect();
            assert!(new.is_empty(), "{} writes {new:?}: {answer:#}", operation.name);
            assert!(!is_outside || !Path::new("/tmp/ws-evil").exists(), "{}", operation.name);
            if answer["isError"] == true {
                assert!(after == before, "{} writes in part: {answer:#}", operation.name);
            }
            client.end().await;
        }
    }
}

#[tokio::test]
async fn a_save_that_comes_between_plan_and_call_is_kept() {
    for (operation, request, files) in cases().await {
        for (path, _) in files.into_iter().filter(|it| it.1 == "changed" && super::is_text(&it.0)) {
            let shop = Shop::new();
            let mut client = Client::new(&shop.root(), Era::Stateless).await;
            let planned = client.data(&operation, dry(&request)).await;
            let at = shop.root().join(&path);
            let mine = fs::read_to_string(&at).unwrap() + "\nSaved meanwhile.\n";
            fs::write(&at, mine).unwrap();
            // A caller that knows the first file by its hash is told; what others wrote stays in either case.
            let first = planned["files"][0].clone();
            let mut call = request.clone();
            if first["path"] == json!(path) {
                call["expected_sha256"] = json!("0".repeat(64));
                client.mistake(&operation, call.clone()).await;
                call.as_object_mut().unwrap().remove("expected_sha256");
            }
            client.call(&operation, call).await;
            assert!(fs::read_to_string(&at).unwrap().contains("Saved meanwhile."), "{operation}: {path}");
            client.end().await;
        }
    }
}
