//! `archwright mcp --http`: who may ask, what is answered, and what is not kept.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(30);

struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back: the status, the lines before the body, and the body.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.head, self.body))
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archwright"));
    command.arg("mcp").args(arguments).current_dir(folder).env_remove("CLAUDE_PROJECT_DIR").stdin(Stdio::null());
    command
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = command(folder, arguments).output().unwrap();
    assert_eq!(status.code(), Some(2));
    String::from_utf8(stderr).unwrap()
}

impl Server {
    fn new(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = command(folder, &[&["--http", "127.0.0.1:0"], arguments].concat());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Serving MCP at http://").unwrap_or_else(|| panic!("{line}"));
        Self { child, address: url.strip_suffix("/mcp").unwrap().to_owned() }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// One request with headers in place of, or beside, those that every client sends.
    fn raw(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let length = body.len().to_string();
        let usual = [
            ("Host", self.address.as_str()),
            ("Accept", "application/json, text/event-stream"),
            ("Content-Type", "application/json"),
            ("Content-Length", length.as_str()),
        ];
        let kept = usual.iter().filter(|it| headers.iter().all(|other| other.0 != it.0));
        let mut request = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in kept.chain(headers) {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = self.connect();
        stream.write_all(format!("{request}\r\n").as_bytes()).unwrap();
        // A server that has said no may read no further.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{line}: {text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn post(&self, headers: &[(&str, &str)], body: &Value) -> Answer {
        self.raw("POST /mcp", headers, body.to_string().as_bytes())
    }

    fn call(&self, tool: &str, arguments: &Value) -> Answer {
        let params = json!({"name": tool, "arguments": arguments});
        self.post(&[], &json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}))
    }
}

fn ping() -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": "ping"})
}

fn workspace() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("http-").tempdir().unwrap();
    fs::create_dir_all(folder.path().join("inside/docs/adr")).unwrap();
    fs::write(folder.path().join("inside/docs/adr/0001-a.md"), "# 1. A\n\n## Status\n\nAccepted\n\n[x](b.md)\n")
        .unwrap();
    fs::write(folder.path().join("inside/archwright.toml"), "").unwrap();
    fs::write(folder.path().join("secret.md"), "# Secret\n").unwrap();
    folder
}

#[test]
fn calls_are_answered_as_json_and_nobody_has_a_session() {
    let folder = workspace();
    let server = Server::new(&folder.path().join("inside"), &[]);
    let hello =
        json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
    let answer = server.post(&[], &json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}));
    assert_eq!((answer.status, &answer.json()["result"]["serverInfo"]["name"]), (200, &json!("archwright")));
    let head = answer.head.to_lowercase();
    assert!(head.contains("content-type: application/json") && !head.contains("mcp-session-id"), "{head}");
    let answer = server.call("check", &json!({})).json();
    assert!(answer["result"]["structuredContent"].to_string().contains("link/dead-target"), "{answer:#}");
    // What one client writes, the next one sees: all share the workspace as it is on disk.
    fs::write(folder.path().join("inside/docs/adr/b.md"), "# B\n").unwrap();
    let answer = server.call("check", &json!({})).json();
    assert!(!answer["result"]["structuredContent"].to_string().contains("link/dead-target"), "{answer:#}");
    for method in ["GET", "DELETE"] {
        assert_eq!(server.raw(&format!("{method} /mcp"), &[], b"").status, 405, "{method}");
    }
    assert_eq!(server.raw("POST /", &[], b"").status, 404);
}

#[test]
fn who_calls_by_another_name_or_from_another_page_is_turned_away() {
    let folder = workspace();
    let server = Server::new(&folder.path().join("inside"), &[]);
    let port = server.address.rsplit(':').next().unwrap();
    let status = |name: &str, value: &str| server.post(&[(name, value)], &ping()).status;
    for host in ["localhost", &format!("localhost:{port}"), &format!("[::1]:{port}"), "127.0.0.1"] {
        assert_eq!(status("Host", host), 200, "{host}");
    }
    for host in ["evil.example", &format!("evil.example:{port}"), "localhost.evil.example", "127.0.0.1.evil.example"] {
        assert_eq!(status("Host", host), 403, "{host}");
    }
    for origin in ["http://localhost:3000", "http://127.0.0.1", "https://localhost:8443"] {
        assert_eq!(status("Origin", origin), 200, "{origin}");
    }
    for origin in ["http://evil.example", "https://localhost.evil.example", "null", "file://", "localhost"] {
        assert_eq!(status("Origin", origin), 403, "{origin}");
    }
    // What they send makes no difference, and is not read.
    let unreadable = server.raw("POST /mcp", &[("Host", "evil.example")], b"{");
    assert_eq!(unreadable.status, 403);

    let arguments = ["--allow-host", "docs.example.com", "--allow-origin", "https://docs.example.com"];
    let server = Server::new(&folder.path().join("inside"), &arguments);
    let status = |name: &str, value: &str| server.post(&[(name, value)], &ping()).status;
    assert_eq!(status("Host", "docs.example.com"), 200);
    assert_eq!(status("Origin", "https://docs.example.com"), 200);
    assert_eq!(status("Origin", "https://docs.example.com:8443"), 403);
    assert_eq!(status("Host", "other.example.com"), 403);
}

#[test]
fn addresses_that_others_can_reach_have_to_be_meant() {
    let folder = workspace();
    for address in ["0.0.0.0:0", "[::]:0"] {
        let said = refused(folder.path(), &["--http", address]);
        assert!(said.contains("can be reached by other machines") && said.contains("--allow-remote"), "{said}");
    }
    let said = refused(folder.path(), &["--http", "127.0.0.1:0", "--allow-origin", "docs.example.com"]);
    assert!(said.contains("is no origin"), "{said}");
    let said = refused(folder.path(), &["--http", "127.0.0.1:0", "--allow-host", "https://docs.example.com"]);
    assert!(said.contains("is no name of a host"), "{said}");
    assert!(refused(folder.path(), &["--allow-host", "a"]).contains("--http"));
    assert!(refused(folder.path(), &["--http", "localhost"]).contains("--http"));
}

#[test]
fn strangers_do_not_lead_the_server_out_of_the_workspace() {
    let folder = workspace();
    let inside = folder.path().join("inside");
    let server = Server::new(&inside, &[]);
    let secret = folder.path().join("secret.md");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, inside.join("docs/adr/0002-linked.md")).unwrap();
    for path in ["../secret.md", "docs/../../secret.md", secret.to_str().unwrap(), "docs/adr/0002-linked.md"] {
        let answer = server.call("check", &json!({"paths": [path]})).json();
        // A link that leads out is a file of which nothing is read.
        let is_refused = answer["result"]["isError"] == true || answer.to_string().contains("in 0 files");
        assert!(is_refused, "{path}: {answer:#}");
        let uri = format!("archwright://artifact/{}", path.trim_start_matches('/'));
        let read = json!({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": uri}});
        let answer = server.post(&[], &read).json();
        assert!(answer["error"].is_object() && !answer.to_string().contains("# Secret"), "{path}: {answer:#}");
    }
    // The folders that a client says it has open count for nothing.
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {"roots": {"listChanged": true}},
    });
    server.post(&[], &json!({"jsonrpc": "2.0", "method": "notifications/roots/list_changed"}));
    let call = json!({"name": "check", "arguments": {}, "_meta": meta});
    let headers = [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "check")];
    let answer = server.post(&headers, &json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}));
    let answer = answer.json();
    assert!(answer["result"]["structuredContent"].to_string().contains("link/dead-target"), "{answer:#}");
}

#[test]
fn what_cannot_be_read_gets_an_answer_and_nothing_is_without_bounds() {
    let folder = workspace();
    let server = Server::new(&folder.path().join("inside"), &[]);
    let answer = server.raw("POST /mcp", &[], b"{\"jsonrpc\": ");
    assert_eq!((answer.status, &answer.json()["error"]["code"]), (400, &json!(-32700)));
    let answer = server.post(&[], &json!([ping(), ping()]));
    assert_eq!((answer.status, &answer.json()["error"]["code"]), (400, &json!(-32600)));
    // Where it is clear what is meant, the same is taken as over pipes; the request is named where it is not.
    let call = |arguments: Value| {
        let params = json!({"name": "explain", "arguments": arguments});
        server.post(&[], &json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params})).json()
    };
    assert!(call(json!("{\"name\": \"outbox\"}"))["result"].to_string().contains("Transactional Outbox"));
    let answer = call(json!(["outbox"]));
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(7), &json!(-32602)), "{answer:#}");
    assert_eq!(server.post(&[], &json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).status, 202);
    // What later revisions took out is unknown to them, whatever else is wrong with the request.
    let meta = |revision: &str| {
        json!({
            "io.modelcontextprotocol/protocolVersion": revision,
            "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        })
    };
    for (revision, code, status) in [("2025-11-25", -32602, 200), ("2026-07-28", -32601, 404)] {
        let params = json!({"_meta": meta(revision)});
        let body = json!({"jsonrpc": "2.0", "id": 7, "method": "resources/subscribe", "params": params});
        let headers = [("MCP-Protocol-Version", revision), ("Mcp-Method", "resources/subscribe")];
        let answer = server.post(&headers, &body);
        let expected = (status, &json!(code));
        assert_eq!((answer.status, &answer.json()["error"]["code"]), expected, "{revision}: {}", answer.body);
    }
    let wrong = |name: &str, value: &str| server.post(&[(name, value)], &ping()).status;
    assert_eq!((wrong("Content-Type", "text/plain"), wrong("Accept", "text/html")), (415, 406));
    let large = vec![b' '; 5 * 1024 * 1024];
    assert_eq!(server.raw("POST /mcp", &[], &large).status, 413);
    let header = "x".repeat(256 * 1024);
    assert_eq!(server.raw("POST /mcp", &[("X-Long", &header)], b"").status, 431);
    // Still there, for many at once.
    let many = std::thread::scope(|scope| {
        let each: Vec<_> = (0..100).map(|_| scope.spawn(|| server.post(&[], &ping()).status)).collect();
        each.into_iter().map(|it| it.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(many, [200; 100]);
}
