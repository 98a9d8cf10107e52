//! The MCP server over HTTP against the official clients and the official test suite of the protocol.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use archwright_e2e::{Client, Era, archwright, path_with_binary, run, temporary_folder, tool, workspace};
use serde_json::json;

/// A server that listens until it is dropped.
struct Listening {
    child: Child,
    url: String,
}

impl Listening {
    fn new(folder: &Path) -> Self {
        let mut command = archwright(["mcp", "--http", "127.0.0.1:0"]);
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Serving MCP at ").unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { child, url }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn official_clients_share_a_server_in_both_eras() {
    let folder = workspace("shop-faulty");
    let server = Listening::new(folder.path());
    let design = |feature: &str| {
        json!({
            "feature": feature,
            "description": "When an order is placed, the gift card service tells the ledger service.",
        })
    };
    for (client, era, feature) in [
        (Client::TypeScript, Era::Stateless, "gifts-a"),
        (Client::TypeScript, Era::Legacy, "gifts-b"),
        (Client::Python, Era::Stateless, "gifts-c"),
        (Client::Python, Era::Legacy, "gifts-d"),
    ] {
        let calls =
            [("check", json!({})), ("explain", json!({"name": "transactional outbox"})), ("design", design(feature))];
        let answer = client.visit(era, &server.url, folder.path(), &calls);
        let version = answer["version"].as_str().unwrap();
        assert_eq!(matches!(era, Era::Stateless), version == "2026-07-28", "{client:?} {era:?}: {version}");
        assert_eq!(answer["server"]["name"], "archwright");
        assert!(answer["instructions"].as_str().unwrap().contains("check"));
        assert!(answer["tools"].as_array().unwrap().len() > 10);
        for (result, expected) in
            answer["results"].as_array().unwrap().iter().zip(["one-sided-supersede", "Outbox", feature])
        {
            assert_ne!(result["isError"], true, "{client:?} {era:?}: {result:#}");
            assert!(result["structuredContent"].to_string().contains(expected), "{client:?} {era:?}: {result:#}");
        }
        assert!(folder.path().join("docs/features").join(feature).join("design.md").is_file());
    }
}

/// Those of the suite that ask nothing of tools made for it.
#[test]
fn the_protocol_is_spoken_as_its_official_suite_demands() {
    let folder = temporary_folder();
    let server = Listening::new(folder.path());
    for (revision, scenarios) in [
        (
            "2025-11-25",
            &["server-initialize", "ping", "completion-complete", "tools-list", "resources-list", "prompts-list"][..],
        ),
        (
            "2026-07-28",
            &[
                "completion-complete",
                "tools-list",
                "resources-list",
                "sep-2164-resource-not-found",
                "prompts-list",
                "dns-rebinding-protection",
                "caching",
                "http-header-validation",
            ][..],
        ),
    ] {
        for scenario in scenarios {
            let mut command = Command::new(tool("mcp-clients.sh", "mcp-clients/node_modules/.bin/conformance"));
            command.args(["server", "--url", &server.url, "--spec-version", revision, "--scenario", scenario]);
            command.current_dir(folder.path()).env("PATH", path_with_binary()).env("HOME", folder.path());
            let finished = run(&mut command, Duration::from_secs(60)).expect_code(0);
            let said = format!("{}{}", finished.stdout, finished.stderr);
            assert!(!said.contains("0 passed") && said.contains(" 0 failed"), "{revision} {scenario}: {said}");
        }
    }
}
