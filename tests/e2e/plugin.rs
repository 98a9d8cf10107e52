//! The Claude Code plugin: its own validators, its copies of the skills, and its MCP configuration.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use archwright_e2e::{Client, Era, path_with_binary, read_json, repository, run, temporary_folder, tool, write};
use serde_json::{Value, json};

fn plugin() -> PathBuf {
    repository().join("editors/claude-code")
}

#[test]
fn claude_accepts_the_plugin_and_the_marketplace() {
    let claude = tool("mcp-clients.sh", "mcp-clients/node_modules/.bin/claude");
    for folder in [plugin(), repository().to_owned()] {
        // A home of its own keeps the program from a user's settings.
        let home = temporary_folder();
        let mut command = Command::new(&claude);
        command
            .args(["plugin", "validate", "--strict"])
            .arg(folder)
            .env("PATH", path_with_binary())
            .env("HOME", home.path());
        command.env("CLAUDE_CONFIG_DIR", home.path()).env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
        command.env("DISABLE_TELEMETRY", "1").env("DISABLE_AUTOUPDATER", "1");
        run(&mut command, Duration::from_secs(60)).expect_code(0);
    }
}

#[test]
fn the_bundler_accepts_the_manifest_of_the_bundle() {
    let mcpb = tool("mcp-clients.sh", "mcp-clients/node_modules/.bin/mcpb");
    let manifest = repository().join("editors/claude-desktop/manifest.json");
    run(Command::new(&mcpb).arg("validate").arg(manifest), Duration::from_secs(60)).expect_code(0);
}

#[test]
fn agentskills_accepts_every_skill() {
    let agentskills = tool("mcp-clients.sh", "mcp-clients/venv/bin/agentskills");
    let skills = skill_folders();
    assert!(!skills.is_empty());
    for skill in skills {
        run(Command::new(&agentskills).arg("validate").arg(&skill), Duration::from_secs(60)).expect_code(0);
    }
}

/// `UPDATE=1` writes the copies instead.
#[test]
fn skills_are_copies_of_the_originals() {
    let copies = plugin().join("skills");
    let mut expected = BTreeMap::new();
    for skill in skill_folders() {
        expected.extend(files(skill.parent().unwrap(), &skill));
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::remove_dir_all(&copies).unwrap();
        for (path, content) in &expected {
            write(&copies, path, content);
        }
    }
    let actual = files(&copies, &copies);
    let stale: Vec<_> =
        expected.keys().chain(actual.keys()).filter(|it| expected.get(*it) != actual.get(*it)).collect();
    assert!(
        stale.is_empty(),
        "run UPDATE=1 cargo test -p archwright-e2e --test plugin; these copies are stale: {stale:?}"
    );
}

#[test]
fn the_mcp_configuration_starts_the_server() {
    let configuration = read_json(&plugin().join(".mcp.json"));
    let servers = configuration["mcpServers"].as_object().unwrap();
    assert_eq!(servers.len(), 1);
    for server in servers.values() {
        let folder = temporary_folder();
        let answer = Client::TypeScript.session(Era::Legacy, server, folder.path(), &[]);
        assert_eq!(answer["server"]["name"], "archwright");
        assert!(!answer["tools"].as_array().unwrap().is_empty());
    }
}

#[test]
fn the_lsp_configuration_starts_the_server() {
    let configuration = read_json(&plugin().join(".lsp.json"));
    for server in configuration.as_object().unwrap().values() {
        let arguments = server["args"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
        let mut command = Command::new(server["command"].as_str().unwrap());
        command.args(arguments).env("PATH", path_with_binary());
        let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (mut input, mut output) = (server.stdin.take().unwrap(), BufReader::new(server.stdout.take().unwrap()));
        let mut ask = |message: Value| {
            write!(input, "Content-Length: {}\r\n\r\n{message}", message.to_string().len()).unwrap();
            input.flush().unwrap();
        };
        ask(
            json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": null, "rootUri": null, "capabilities": {}}}),
        );
        let answer = response(&mut output, 1);
        assert!(answer["result"]["capabilities"].is_object(), "{answer:#}");
        ask(json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}));
        ask(json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}));
        assert!(response(&mut output, 2)["error"].is_null());
        ask(json!({"jsonrpc": "2.0", "method": "exit"}));
        assert!(server.wait().unwrap().success());
    }
}

/// Reads messages until the response to the request `id`.
fn response(output: &mut impl BufRead, id: u64) -> Value {
    loop {
        let mut length = None;
        let mut line = String::new();
        while output.read_line(&mut line).unwrap() > 0 && line != "\r\n" {
            length = line.strip_prefix("Content-Length: ").map(|it| it.trim().parse::<usize>().unwrap()).or(length);
            line.clear();
        }
        let mut body = vec![0; length.expect("the server answers before it ends")];
        output.read_exact(&mut body).unwrap();
        let message: Value = serde_json::from_slice(&body).unwrap();
        if message["id"] == id && message["method"].is_null() {
            return message;
        }
    }
}

/// The folders of the repository's `skills/` that hold a skill; the knowledge cards beside them are not skills.
fn skill_folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(repository().join("skills")).unwrap();
    let mut folders: Vec<_> = entries.map(|it| it.unwrap().path()).filter(|it| it.join("SKILL.md").is_file()).collect();
    folders.sort();
    folders
}

/// All files below a folder, by their path below `base`.
fn files(base: &Path, folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(base, &path));
        } else {
            let name = path.strip_prefix(base).unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    found
}
