//! `archwright mcp` over real pipes: every request gets an answer, and nothing but the client's end ends it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(30);

struct Server {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Value>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn new(folder: &Path, reads: bool) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_archwright"))
            .arg("mcp")
            .current_dir(folder)
            .env_remove("CLAUDE_PROJECT_DIR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, lines) = mpsc::channel();
        if reads {
            let output = BufReader::new(child.stdout.take().unwrap());
            thread::spawn(move || {
                for line in output.lines().map_while(Result::ok) {
                    if sender.send(serde_json::from_str(&line).expect("JSON")).is_err() {
                        return;
                    }
                }
            });
        }
        let input = child.stdin.take();
        Self { child, input, lines }
    }

    fn initialized(folder: &Path, capabilities: &Value) -> Self {
        let mut it = Self::new(folder, true);
        it.initialize(capabilities);
        it
    }

    fn initialize(&mut self, capabilities: &Value) {
        let client = json!({ "name": "test", "version": "1" });
        let params = json!({ "protocolVersion": "2025-06-18", "capabilities": capabilities, "clientInfo": client });
        let answer = self.request("initialize", &params);
        assert!(answer["result"].is_object(), "{answer}");
        self.line(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    }

    fn line(&mut self, line: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line).unwrap();
        input.write_all(b"\n").unwrap();
        input.flush().unwrap();
    }

    fn receive(&self) -> Value {
        self.lines.recv_timeout(PATIENCE).expect("an answer")
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.line(json!({ "jsonrpc": "2.0", "id": method, "method": method, "params": params }).to_string().as_bytes());
        let answer = self.receive();
        assert_eq!(answer["id"], method, "{answer}");
        answer
    }

    fn ended(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < deadline, "the server does not end");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn every_request_gets_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::initialized(folder.path(), &json!({}));
    let call = |arguments: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"check","arguments":{arguments}}}}}"#
        )
    };
    let deep = call(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)));
    let mut latin = call(r#"{"paths":"?"}"#).into_bytes();
    let at = latin.iter().position(|it| *it == b'?').unwrap();
    latin[at] = 0xe9;
    for (line, code, id, text) in [
        (call(r#"{"paths":"\ud800"}"#).as_bytes(), -32602, json!(7), "`arguments`"),
        (&latin, -32602, json!(7), "`arguments`"),
        (call(r#""paths""#).as_bytes(), -32602, json!(7), "`arguments`"),
        (call("[]").as_bytes(), -32602, json!(7), "`arguments`"),
        (deep.as_bytes(), -32600, json!(7), ""),
        (b"{", -32700, Value::Null, ""),
        (b"hello", -32700, Value::Null, ""),
        (b"[]", -32600, Value::Null, ""),
        (br#"{"jsonrpc":"2.0","id":8}"#, -32600, json!(8), ""),
        (br#"{"jsonrpc":"2.0","id":8,"method":"tools/call"}"#, -32602, json!(8), "`params`"),
        (br#"{"jsonrpc":"2.0","id":8,"method":"resources/read","params":{}}"#, -32602, json!(8), ""),
        (br#"{"jsonrpc":"2.0","id":8,"method":"no/such"}"#, -32601, json!(8), ""),
    ] {
        server.line(line);
        let answer = server.receive();
        let shown = String::from_utf8_lossy(&line[..line.len().min(100)]).into_owned();
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &id), "{shown}: {answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(text), "{shown}: {answer}");
    }
    server.line(call(r#""{\"severity\": \"error\"}""#).as_bytes());
    let answer = server.receive();
    assert_eq!(answer["result"]["structuredContent"]["summary"]["errors"], 0, "{answer}");
    // The last line needs no end.
    server.input.as_mut().unwrap().write_all(call("{}").as_bytes()).unwrap();
    drop(server.input.take());
    assert!(server.receive()["result"]["structuredContent"].is_object());
    assert_eq!(server.ended(), Some(0));
}

#[test]
fn clients_that_ask_for_everything_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::initialized(folder.path(), &json!({}));
    for (method, list) in [("resources/list", "resources"), ("resources/templates/list", "resourceTemplates")] {
        let answer = server.request(method, &json!({}));
        assert!(answer["result"][list].as_array().is_some_and(|it| !it.is_empty()), "{method}: {answer}");
    }
    let line = br#"{"jsonrpc":"2.0","id":"bare","method":"prompts/list"}"#;
    server.line(line);
    assert!(server.receive()["result"]["prompts"].as_array().is_some_and(|it| it.len() >= 5));
}

#[test]
fn the_folders_of_the_client_are_where_it_works() {
    let (elsewhere, project) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::create_dir_all(project.path().join("docs/features/a")).unwrap();
    std::fs::write(project.path().join("docs/features/a/design.md"), "# Design: a\n\n[b](b.md)\n").unwrap();
    let mut server = Server::initialized(elsewhere.path(), &json!({ "roots": { "listChanged": true } }));
    let uri = format!("file://{}", project.path().display());
    let call = json!({ "name": "check", "arguments": { "paths": [format!("{uri}/docs/features/a/design.md")] } });
    server.line(json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call }).to_string().as_bytes());
    let asked = server.receive();
    assert_eq!(asked["method"], "roots/list", "{asked}");
    let roots = json!({ "roots": [{ "uri": "file://host/share" }, { "uri": uri, "name": "project" }] });
    server.line(json!({ "jsonrpc": "2.0", "id": asked["id"], "result": roots }).to_string().as_bytes());
    let answer = server.receive();
    assert_eq!(answer["result"]["structuredContent"]["summary"]["files"], 1, "{answer}");
    // The next call asks nothing.
    let answer = server.request("tools/call", &call);
    assert_eq!(answer["result"]["structuredContent"]["summary"]["files"], 1, "{answer}");
    let other = json!({ "name": "check", "arguments": { "paths": ["file://host/docs/features/a/design.md"] } });
    let answer = server.request("tools/call", &other);
    assert_eq!(answer["result"]["isError"], true, "{answer}");
}

#[test]
fn a_client_that_reads_nothing_and_goes_does_not_keep_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::new(folder.path(), false);
    let client = json!({ "name": "test", "version": "1" });
    let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client });
    server.line(json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params }).to_string().as_bytes());
    for id in 1..40 {
        server.line(json!({ "jsonrpc": "2.0", "id": id, "method": "tools/list" }).to_string().as_bytes());
    }
    drop(server.input.take());
    server.ended();
}

#[test]
fn a_client_that_closes_its_ear_does_not_keep_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::new(folder.path(), false);
    drop(server.child.stdout.take());
    server.line(b"hello");
    server.line(br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
    server.ended();
}
