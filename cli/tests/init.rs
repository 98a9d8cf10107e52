//! `archwright init`, and the files by which registries and clients know the server.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

/// What is printed for a client, and where it is said to belong.
fn init(client: &str) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_archwright")).args(["init", "--client", client]).output().unwrap();
    assert!(output.status.success());
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_documents_of_a_repository_become_known_when_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("doc/adr/0001-queue.md");
    fs::create_dir_all(record.parent().unwrap()).unwrap();
    fs::write(&record, "# 1. Use a queue\n\n## Context\n\nPeaks.\n\n## Decision\n\nA queue.\n").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_archwright"));
        let output = command.arg("init").args(arguments).arg(folder.path()).output().unwrap();
        let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let config = folder.path().join("archwright.toml");
    let (code, shown, told) = run(&[]);
    assert!(code == Some(0) && shown.contains("\nadr = [\"doc/adr/0001-queue.md\"]\n"), "{shown}");
    assert!(told.contains("Nothing was written") && !config.exists(), "{told}");
    let (code, _, told) = run(&["--write"]);
    assert!(code == Some(0) && told.contains("Wrote"), "{told}");
    assert_eq!(fs::read_to_string(&config).unwrap(), shown);
    let (code, shown, told) = run(&["--write"]);
    assert!(code == Some(0) && shown.is_empty() && told.contains("Nothing needs"), "{told}");
    // What a team wrote is never touched.
    fs::write(&config, "exclude = []\n").unwrap();
    let (code, _, told) = run(&["--write"]);
    assert!(code == Some(2) && told.contains("archwright.toml"), "{told}");
    assert_eq!(fs::read_to_string(&config).unwrap(), "exclude = []\n");
}

#[test]
fn each_client_gets_its_own_form() {
    let start = json!({ "command": "archwright", "args": ["mcp"] });
    for (client, file) in [("cursor", ".cursor/mcp.json"), ("gemini", ".gemini/settings.json"), ("claude", ".mcp.json")]
    {
        let (snippet, place) = init(client);
        let snippet: Value = serde_json::from_str(&snippet).unwrap();
        assert_eq!(snippet, json!({ "mcpServers": { "archwright": start } }), "{client}");
        assert!(place.contains(file), "{place}");
    }
    let (snippet, place) = init("vscode");
    let snippet: Value = serde_json::from_str(&snippet).unwrap();
    assert_eq!(snippet["servers"]["archwright"]["type"], "stdio");
    assert_eq!(snippet["servers"]["archwright"]["args"], start["args"]);
    assert!(place.contains(".vscode/mcp.json"), "{place}");
    let (snippet, place) = init("codex");
    assert_eq!(snippet, "[mcp_servers.archwright]\ncommand = \"archwright\"\nargs = [\"mcp\"]\n");
    assert!(place.contains("~/.codex/config.toml"), "{place}");
}

fn file(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn registries_and_bundles_name_this_version() {
    let (server, manifest) = (file("server.json"), file("editors/claude-desktop/manifest.json"));
    for it in [&server, &manifest] {
        assert_eq!(it["version"], env!("CARGO_PKG_VERSION"));
        // The registry takes no more.
        assert!(it["description"].as_str().unwrap().len() <= 100);
    }
    let (space, name) = server["name"].as_str().unwrap().split_once('/').unwrap();
    assert!(space.contains('.') && name == "archwright", "{space}/{name}");
    // What the manifest starts is what the bundle holds, in the folder that was asked for.
    let config = &manifest["server"]["mcp_config"];
    let entry = manifest["server"]["entry_point"].as_str().unwrap();
    assert_eq!(config["command"], format!("${{__dirname}}/{entry}"));
    let asked = config["args"].as_array().unwrap().last().unwrap().as_str().unwrap();
    let asked = asked.strip_prefix("${user_config.").and_then(|it| it.strip_suffix('}')).unwrap();
    assert_eq!(manifest["user_config"][asked]["required"], true);
}
