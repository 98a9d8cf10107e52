//! What the official Codex shows a model of our server, and which tools its search finds for the words of people.
//!
//! Codex gives the model one line for each server and no tool by name; what is needed it searches (BM25) over names,
//! titles, descriptions and arguments. The model here is a script on loopback that searches and then makes one call.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use archwright_e2e::{Client, Era, Loopback, path_with_binary, run, temporary_folder, tool, workspace};
use serde_json::{Value, json};

/// Words of people, and the tool that they mean. It has to be among the first four of the fifteen.
const SEARCHES: [(&str, &str); 15] = [
    ("do our design docs agree with the code", "check"),
    ("what is a circuit breaker and when to use it", "explain"),
    ("design a feature across services", "design"),
    ("publish an event contract for a kafka topic", "contract"),
    ("write an ADR", "architecture"),
    ("on-call runbook for dead letters", "runbook"),
    ("is the feature ready for production", "prelaunch"),
    ("new version of a channel for a breaking change", "next_version"),
    ("breaking schema change", "diff"),
    ("upgrade asyncapi 2.6 to 3.0", "convert"),
    ("review my pull request before merge", "review"),
    ("who consumes this topic", "impact"),
    ("which services publish to rabbitmq in the code", "scan"),
    ("draw the flow of events between services", "graph"),
    ("command or event, saga or outbox", "recommend"),
];

/// So many tools a search gives.
const MOST: usize = 4;

#[test]
fn codex_shows_when_to_call_us_and_finds_each_operation() {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let (log, turn) = (Arc::clone(&requests), AtomicUsize::new(0));
    let model = Loopback::start(move |path, body| {
        if !path.ends_with("/responses") {
            return None;
        }
        log.lock().unwrap().push(body);
        let item = item(turn.fetch_add(1, Ordering::SeqCst));
        Some(("text/event-stream", stream(&item)))
    });
    let (home, folder) = (temporary_folder(), workspace("shop-faulty"));
    // Codex searches tools only for models that it knows.
    let configuration = format!(
        "model = \"gpt-5.5\"\nmodel_provider = \"loopback\"\n\n[model_providers.loopback]\nname = \"loopback\"\n\
         base_url = \"{}/v1\"\nwire_api = \"responses\"\n\n[mcp_servers.archwright]\ncommand = \"archwright\"\n\
         args = [\"mcp\"]\n",
        model.address()
    );
    fs::write(home.path().join("config.toml"), configuration).unwrap();
    let mut command = Command::new(tool("mcp-clients.sh", "mcp-clients/node_modules/.bin/codex"));
    command.args(["exec", "--skip-git-repo-check", "--sandbox", "read-only", "Do the documents agree?"]);
    // A home of its own keeps a user's settings and keys out.
    command.env_clear().current_dir(folder.path()).env("PATH", path_with_binary());
    let finished = run(command.env("HOME", home.path()).env("CODEX_HOME", home.path()), Duration::from_secs(120));
    let requests = requests.lock().unwrap().clone();
    let output = finished.expect_code(0).to_string();

    let server = json!({"command": "archwright", "args": ["mcp"]});
    let listed = Client::TypeScript.session(Era::Legacy, &server, folder.path(), &[]);
    let first_line = listed["instructions"].as_str().unwrap().lines().next().unwrap();
    let shown = texts(&requests[0]);
    assert!(shown.contains(&format!("mcp__archwright: {first_line}\n")), "the line is cut\n{shown}\n{output}");

    let last = requests.last().unwrap();
    let found: Vec<Vec<String>> = outputs(last, "tool_search_output").map(names).collect();
    assert_eq!(found.len(), SEARCHES.len(), "{output}");
    let pairs = SEARCHES.iter().zip(&found);
    let missed: Vec<_> = pairs.filter(|((_, tool), found)| !found.iter().any(|it| it == tool)).collect();
    assert!(missed.is_empty(), "searches that do not find their tool: {missed:#?}");
    let mut names: Vec<&str> = SEARCHES.iter().map(|it| it.1).collect();
    let mut tools: Vec<&str> =
        listed["tools"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    tools.sort_unstable();
    assert_eq!(names, tools, "each tool is searched");

    let answer =
        outputs(last, "function_call_output").next().unwrap_or_else(|| panic!("no call\n{output}")).to_string();
    assert!(answer.contains("channel/ordering-key-mismatch"), "{answer}\n{output}");
}

/// What the model does at a turn: it searches, calls one tool, and says that it is done.
fn item(turn: usize) -> Value {
    let id = format!("turn-{turn}");
    match SEARCHES.get(turn) {
        Some((query, _)) => json!({
            "type": "tool_search_call", "id": id, "call_id": id, "execution": "client", "status": "completed",
            "arguments": {"query": query, "limit": MOST},
        }),
        None if turn == SEARCHES.len() => json!({
            "type": "function_call", "id": id, "call_id": id, "namespace": "mcp__archwright", "name": "check",
            "arguments": json!({"severity": "error"}).to_string(),
        }),
        None => json!({
            "type": "message", "role": "assistant", "id": id, "content": [{"type": "output_text", "text": "Done."}],
        }),
    }
}

/// One item as a stream of the Responses API.
fn stream(item: &Value) -> String {
    let usage = json!({"input_tokens": 1, "output_tokens": 1, "total_tokens": 2});
    let events = [
        json!({"type": "response.created", "response": {"id": "response"}}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": item}),
        json!({"type": "response.completed", "response": {"id": "response", "output": [item], "usage": usage}}),
    ];
    events.iter().map(|it| format!("event: {}\ndata: {it}\n\n", it["type"].as_str().unwrap_or_default())).collect()
}

/// All texts of the messages of a request.
fn texts(request: &Value) -> String {
    let messages = request["input"].as_array().into_iter().flatten().filter_map(|it| it["content"].as_array());
    messages.flatten().filter_map(|it| it["text"].as_str()).collect::<Vec<_>>().join("\n")
}

/// What Codex handed on of a kind, in order.
fn outputs<'a>(request: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    request["input"].as_array().into_iter().flatten().filter(move |it| it["type"] == kind)
}

/// The names of the tools that a search found.
fn names(output: &Value) -> Vec<String> {
    let namespaces = output["tools"].as_array().into_iter().flatten();
    let tools = namespaces.filter_map(|it| it["tools"].as_array()).flatten();
    tools.filter_map(|it| it["name"].as_str()).map(str::to_owned).collect()
}
