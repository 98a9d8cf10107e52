//! `archwright lsp` over real pipes: what must not end it, and what must.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

struct Server {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// The folder that it runs in.
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// A server whose output is read, unless it is to fill up.
    fn new(reads: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_archwright"))
            .arg("lsp")
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, messages) = mpsc::channel();
        if reads {
            let mut output = BufReader::new(child.stdout.take().unwrap());
            thread::spawn(move || {
                while let Some(message) = frame(&mut output) {
                    if sender.send(message).is_err() {
                        return;
                    }
                }
            });
        }
        let input = child.stdin.take();
        Self { child, input, messages, folder }
    }

    /// A server that has been initialized by a process.
    fn initialized(process: Option<u32>) -> Self {
        let mut it = Self::new(true);
        it.request(0, "initialize", &json!({ "processId": process, "capabilities": {} }));
        assert!(it.answer(&json!(0))["result"].is_object());
        it.send(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
        it
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    fn body(&mut self, body: &[u8]) {
        let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend_from_slice(body);
        self.bytes(&bytes);
    }

    fn send(&mut self, message: &Value) {
        self.body(message.to_string().as_bytes());
    }

    fn request(&mut self, id: u32, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
    }

    /// The next message that answers a request of this id.
    fn answer(&self, id: &Value) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let message = self.messages.recv_timeout(left).unwrap_or_else(|_| panic!("no answer to {id}"));
            if message.get("method").is_none() && message["id"] == *id {
                return message;
            }
        }
    }

    /// Asserts that the server still answers, with an id that nobody used before.
    fn lives(&mut self, what: &str) {
        let id = format!("alive after {what}");
        let params = json!({ "query": "nothing" });
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "workspace/symbol", "params": params }));
        assert_eq!(self.answer(&json!(id))["result"], json!([]), "{what}");
    }

    fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the server does not end");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn frame(output: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        length = line.strip_prefix("Content-Length: ").and_then(|it| it.trim().parse::<usize>().ok()).or(length);
    }
    let mut body = vec![0; length?];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}

#[test]
fn a_message_that_cannot_be_read_is_answered_and_survived() {
    let mut server = Server::initialized(None);
    let deep =
        format!(r#"{{"jsonrpc":"2.0","id":70,"method":"x","params":{}{}}}"#, "[".repeat(50_000), "]".repeat(50_000));
    let endless = "[".repeat(100_000);
    let hover = |uri: &str| {
        let place = format!(r#"{{"textDocument":{{"uri":"{uri}"}},"position":{{"line":0,"character":0}}}}"#);
        format!(r#"{{"jsonrpc":"2.0","id":71,"method":"textDocument/hover","params":{place}}}"#)
    };
    let lone = hover("file:///\\ud800.md");
    let mut latin = hover("file:///caf?.md").into_bytes();
    let at = latin.iter().position(|it| *it == b'?').unwrap();
    latin[at] = 0xe9;
    for (body, code, id) in [
        (&b"{"[..], -32700, Value::Null),
        (b"", -32700, Value::Null),
        (b"hello", -32700, Value::Null),
        (br#"{"jsonrpc":"2.0","id":1,"method":"#, -32700, Value::Null),
        (b"\xff\xfe\x00", -32700, Value::Null),
        (endless.as_bytes(), -32700, Value::Null),
        (b"[]", -32600, Value::Null),
        (b"42", -32600, Value::Null),
        (b"null", -32600, Value::Null),
        (br#""\ud800""#, -32600, Value::Null),
        (b"{}", -32600, Value::Null),
        (br#"{"jsonrpc":"2.0","id":72}"#, -32600, json!(72)),
        (br#"{"jsonrpc":"2.0","id":73,"method":null}"#, -32600, json!(73)),
        (br#"{"id":74,"method":"x"}"#, -32600, json!(74)),
        (br#"{"jsonrpc":"2.0","id":[1],"method":"x"}"#, -32600, Value::Null),
        (deep.as_bytes(), -32600, json!(70)),
        (lone.as_bytes(), -32700, json!(71)),
        (&latin, -32700, json!(71)),
        (br#"{"jsonrpc":"2.0","id":75,"method":"textDocument/hover","params":5}"#, -32602, json!(75)),
        (br#"{"jsonrpc":"2.0","id":76,"method":"no/such"}"#, -32601, json!(76)),
        (br#"{"jsonrpc":"2.0","id":77,"method":"$/strange","params":{}}"#, -32601, json!(77)),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        server.body(body);
        assert_eq!(server.answer(&id)["error"]["code"], code, "{shown}");
        server.lives(&shown);
    }
}

#[test]
fn what_needs_no_answer_gets_none() {
    let mut server = Server::initialized(None);
    for body in [
        &br#"{"jsonrpc":"2.0","method":"$/strange","params":{}}"#[..],
        br#"{"jsonrpc":"2.0","method":"no/such"}"#,
        br#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":5}"#,
        br#"{"jsonrpc":"2.0","id":99,"result":null}"#,
        br#"{"jsonrpc":"2.0","id":99,"error":"x"}"#,
        br#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}"#,
    ] {
        server.body(body);
        let shown = String::from_utf8_lossy(body).into_owned();
        server
            .send(&json!({ "jsonrpc": "2.0", "id": "next", "method": "workspace/symbol", "params": { "query": "" } }));
        let mut answers = std::iter::from_fn(|| server.messages.recv_timeout(PATIENCE).ok());
        let first = answers.find(|it| it.get("method").is_none()).unwrap();
        assert_eq!(first["id"], "next", "{shown}");
    }
}

#[test]
fn frames_are_found_again() {
    let mut server = Server::initialized(None);
    for bytes in [
        &b"rubbish between messages"[..],
        b"Content-Length: 99999999999999999999\r\n\r\n",
        b"Content-Length: 4294967295\r\n\r\n{}",
        b"Content-Length: 100000\r\n\r\n{\"jsonrpc\":\"2.0\"",
        b"Content-Length: -4\r\n\r\nnull",
        b"Content-Length: many\r\n\r\n",
        b"Content-Type: text\r\n\r\n",
        b"Content-Length: 3\r\n\r\nnullnull",
    ] {
        server.bytes(bytes);
        server.lives(&String::from_utf8_lossy(bytes));
    }
    for headers in ["content-length: %\r\n\r\n", "CONTENT-LENGTH:%\r\nContent-Type: application/vscode-jsonrpc\r\n\r\n"]
    {
        let body = r#"{"jsonrpc":"2.0","id":"h","method":"workspace/symbol","params":{"query":"x"}}"#;
        server.bytes((headers.replace('%', &body.len().to_string()) + body).as_bytes());
        assert_eq!(server.answer(&json!("h"))["result"], json!([]), "{headers}");
    }
}

#[test]
fn a_document_with_broken_characters_stays_in_step() {
    let mut server = Server::initialized(None);
    let uri = format!("file://{}/a.md", server.folder.path().display());
    let open = json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": {
        "uri": uri, "languageId": "markdown", "version": 1, "text": "# One\n\n# ?\n"
    } } });
    let mut open = open.to_string().into_bytes();
    let at = open.iter().position(|it| *it == b'?').unwrap();
    open[at] = 0xe9;
    server.body(&open);
    let change = json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
        "textDocument": { "uri": uri, "version": 2 },
        "contentChanges": [{ "range": { "start": { "line": 0, "character": 2 }, "end": { "line": 0, "character": 5 } }, "text": "Two\\" }]
    } });
    server.body(change.to_string().replace("Two\\\\", "Two\\ud83d").as_bytes());
    server.request(1, "textDocument/documentSymbol", &json!({ "textDocument": { "uri": uri } }));
    let symbols = server.answer(&json!(1))["result"].clone();
    assert_eq!(symbols[0]["name"], "Two\u{fffd}", "{symbols}");
    assert_eq!(symbols.as_array().unwrap().len(), 2, "{symbols}");
}

#[test]
fn the_end_takes_parameters() {
    let mut server = Server::initialized(None);
    server.request(1, "shutdown", &json!({}));
    assert_eq!(server.answer(&json!(1)), json!({ "jsonrpc": "2.0", "id": 1, "result": null }));
    server.send(&json!({ "jsonrpc": "2.0", "method": "exit", "params": {} }));
    assert_eq!(server.ended().code(), Some(0));
}

#[test]
fn the_end_of_the_input_ends_the_server() {
    // Within a message, and with requests that wait for news.
    for last in [&b""[..], b"Content-Length: 50\r\n\r\n{", b"Content-Len"] {
        let mut server = Server::initialized(None);
        server.request(
            1,
            "workspace/diagnostic",
            &json!({ "previousResultIds": [{ "uri": "file:///x", "value": "y" }] }),
        );
        server.request(2, "workspace/diagnostic", &json!({ "previousResultIds": [] }));
        server.bytes(last);
        drop(server.input.take());
        assert_eq!(server.ended().code(), Some(1));
    }
}

#[test]
fn answers_are_written_before_the_end() {
    let mut server = Server::initialized(None);
    for id in 1..100 {
        server.request(id, "workspace/symbol", &json!({ "query": "x" }));
    }
    drop(server.input.take());
    let answers = std::iter::from_fn(|| server.messages.recv_timeout(PATIENCE).ok());
    let answered = answers.filter(|it| it.get("method").is_none() && it["result"] == json!([])).count();
    assert_eq!(answered, 99);
    assert_eq!(server.ended().code(), Some(1));
}

#[test]
fn a_client_that_reads_nothing_and_goes_does_not_keep_the_server() {
    for exits in [false, true] {
        let mut server = Server::new(false);
        server.request(0, "initialize", &json!({ "processId": null, "capabilities": {} }));
        server.send(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
        // More answers than a pipe holds.
        for id in 1..3000 {
            server.request(id, "no/such", &json!({ "x": "y".repeat(100) }));
        }
        if exits {
            server.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
        } else {
            drop(server.input.take());
        }
        server.ended();
    }
}

#[test]
fn a_client_that_closes_its_ear_does_not_keep_the_server() {
    let mut server = Server::new(false);
    drop(server.child.stdout.take());
    server.request(0, "initialize", &json!({ "processId": null, "capabilities": {} }));
    server.ended();
}

#[cfg(unix)]
#[test]
fn the_end_of_the_clients_process_ends_the_server() {
    let mut client = Command::new("sleep").arg("1000").spawn().unwrap();
    let mut server = Server::initialized(Some(client.id()));
    thread::sleep(Duration::from_secs(4));
    server.lives("four seconds");
    client.kill().unwrap();
    // Nobody has waited for it: it is gone all the same.
    assert_eq!(server.ended().code(), Some(1));
    client.wait().unwrap();
}

#[test]
fn a_process_that_cannot_be_seen_is_not_waited_for() {
    let mut server = Server::initialized(Some(u32::MAX / 2));
    thread::sleep(Duration::from_secs(4));
    server.lives("four seconds");
}
