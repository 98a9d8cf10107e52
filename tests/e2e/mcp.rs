//! The MCP server against the official clients, in both generations of the protocol.

use std::{process::Command, time::Duration};

use archwright_e2e::{Client, Era, archwright, path_with_binary, repository, run, temporary_folder, tool, workspace};
use serde_json::{Value, json};

const COMBINATIONS: [(Client, Era); 4] = [
    (Client::TypeScript, Era::Stateless),
    (Client::TypeScript, Era::Legacy),
    (Client::Python, Era::Stateless),
    (Client::Python, Era::Legacy),
];

fn server() -> Value {
    json!({"command": "archwright", "args": ["mcp"]})
}

#[test]
fn a_design_passes_its_own_check() {
    for (client, era) in COMBINATIONS {
        let folder = temporary_folder();
        let arguments = json!({
            "feature": "gift-cards",
            "description": "When an order is placed, the gift card service reserves the amount and tells the ledger \
                service.",
        });
        let answer = client.session(era, &server(), folder.path(), &[("design", arguments)]);
        expect_success(&answer["results"][0]);
        assert!(folder.path().join("docs/features/gift-cards/design.md").is_file(), "{client:?} {era:?}: {answer:#}");

        let mut check = archwright(["check", "."]);
        run(check.current_dir(folder.path()), Duration::from_secs(30)).expect_code(0);
    }
}

#[test]
fn check_and_explain_answer_in_both_eras() {
    for (client, era) in COMBINATIONS {
        let folder = workspace("shop-faulty");
        let calls = [
            ("check", json!({})),
            ("explain", json!({"name": "Transactional Outbox"})),
            ("explain", json!({"name": "no such thing"})),
        ];
        let answer = client.session(era, &server(), folder.path(), &calls);

        let version = answer["version"].as_str().unwrap();
        match era {
            Era::Stateless => assert_eq!(version, "2026-07-28"),
            Era::Legacy => assert!(version < "2026-07-28", "{version}"),
        }
        assert_eq!(answer["server"]["name"], "archwright");
        let results = answer["results"].as_array().unwrap();
        expect_success(&results[0]);
        assert!(
            results[0].to_string().contains("decision/one-sided-supersede"),
            "{client:?} {era:?}: {:#}",
            results[0]
        );
        expect_success(&results[1]);
        assert!(results[1].to_string().contains("Outbox"), "{:#}", results[1]);
        assert_eq!(
            results[2]["isError"], true,
            "a name that is not known is a mistake the model can mend: {:#}",
            results[2]
        );
    }
}

#[test]
fn the_tool_list_fits_its_budget() {
    let folder = temporary_folder();
    for era in [Era::Stateless, Era::Legacy] {
        let answer = Client::TypeScript.session(era, &server(), folder.path(), &[]);
        let tools = answer["tools"].as_array().unwrap();
        assert!(!tools.is_empty());
        let size = answer["tools"].to_string().len();
        assert!(size <= 28 * 1024, "{era:?}: tools/list takes {size} bytes");
        assert!(answer["instructions"].as_str().map_or(0, str::len) <= 1536);
        for tool in tools {
            let description = tool["description"].as_str().unwrap();
            assert!(
                !description.is_empty() && description.len() <= 600,
                "{}: {} bytes",
                tool["name"],
                description.len()
            );
            for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
                assert!(tool["annotations"][hint].is_boolean(), "{} has no {hint}", tool["name"]);
            }
        }
    }
}

#[test]
fn the_inspector_finds_schemas_that_every_client_takes() {
    let folder = temporary_folder();
    let mut command = Command::new(tool("mcp-clients.sh", "mcp-clients/node_modules/.bin/mcp-inspector"));
    command.args(["--cli", "--strict", "--method", "tools/list", "--config"]);
    command.arg(repository().join("editors/claude-code/.mcp.json")).args(["--server", "archwright"]);
    command.current_dir(folder.path()).env("PATH", path_with_binary()).env("HOME", folder.path());
    run(&mut command, Duration::from_secs(60)).expect_code(0);
}

/// A result without an error whose two forms both say something.
#[track_caller]
fn expect_success(result: &Value) {
    assert_ne!(result["isError"], true, "{result:#}");
    assert!(result["structuredContent"].is_object(), "{result:#}");
    assert!(!result["content"].as_array().unwrap().is_empty(), "{result:#}");
}
