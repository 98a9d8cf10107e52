//! A client of raw JSON lines, and workspaces to point it at.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf},
    task::JoinHandle,
};

use archwright_mcp::{ServeError, ServeOptions, serve_on};

/// How client and server meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    Stateless,
    Legacy,
}

pub struct Client {
    era: Era,
    next: u64,
    writer: WriteHalf<DuplexStream>,
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    server: JoinHandle<Result<(), ServeError>>,
}

impl Client {
    /// A server in a folder, before anything was said.
    pub fn silent(root: &Path, era: Era) -> Self {
        let (near, far) = tokio::io::duplex(1 << 20);
        let (reader, writer) = tokio::io::split(far);
        let server = tokio::spawn(serve_on(reader, writer, ServeOptions { root: Some(root.to_path_buf()) }));
        let (reader, writer) = tokio::io::split(near);
        Self { era, next: 0, writer, lines: BufReader::new(reader).lines(), server }
    }

    /// A server in a folder, after the handshake if the era has one.
    pub async fn new(root: &Path, era: Era) -> Self {
        let mut client = Self::silent(root, era);
        if era == Era::Legacy {
            client.initialize("2025-11-25").await;
        }
        client
    }

    pub async fn initialize(&mut self, version: &str) -> Value {
        let params =
            json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        let answer = self.request("initialize", params).await;
        self.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).await;
        answer
    }

    pub async fn line(&mut self, line: &str) {
        self.writer.write_all(line.as_bytes()).await.unwrap();
        self.writer.write_all(b"\n").await.unwrap();
    }

    pub async fn send(&mut self, message: &Value) {
        self.line(&message.to_string()).await;
    }

    /// Sends a request and returns its id.
    pub async fn ask(&mut self, method: &str, mut params: Value) -> u64 {
        self.next += 1;
        if self.era == Era::Stateless {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
                "io.modelcontextprotocol/clientCapabilities": {},
            });
        }
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})).await;
        id
    }

    pub async fn receive(&mut self) -> Value {
        let line =
            tokio::time::timeout(Duration::from_mins(1), self.lines.next_line()).await.expect("an answer in time");
        serde_json::from_str(&line.unwrap().expect("an answer")).expect("JSON and nothing else")
    }

    /// The whole answer to a request.
    pub async fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params).await;
        let mut answer = self.receive().await;
        // That the list of resources is another one is said whenever it is known.
        while answer["method"] == "notifications/resources/list_changed" {
            answer = self.receive().await;
        }
        assert_eq!(answer["id"], id, "{answer:#}");
        answer
    }

    /// The result of a tool.
    pub async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.request("tools/call", json!({"name": tool, "arguments": arguments})).await;
        assert!(answer.get("error").is_none(), "no protocol error: {answer:#}");
        answer["result"].clone()
    }

    /// The structured form of a result that is no mistake.
    pub async fn data(&mut self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments).await;
        assert_ne!(result["isError"], true, "{result:#}");
        assert!(!text(&result).is_empty());
        result["structuredContent"].clone()
    }

    /// The text of a result that is a mistake.
    pub async fn mistake(&mut self, tool: &str, arguments: Value) -> String {
        let result = self.call(tool, arguments).await;
        assert_eq!(result["isError"], true, "{result:#}");
        assert!(result.get("structuredContent").is_none(), "clients would show only that");
        text(&result)
    }

    /// Ends the input and waits for the server's end.
    pub async fn end(self) {
        let Self { mut writer, mut lines, server, .. } = self;
        writer.shutdown().await.unwrap();
        while lines.next_line().await.unwrap().is_some() {}
        let ended = tokio::time::timeout(Duration::from_secs(10), server).await.expect("the server ends");
        ended.unwrap().unwrap();
    }
}

pub fn text(result: &Value) -> String {
    result["content"].as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap()).collect()
}

/// The message that the tests of the whole program use, with mistakes of every family.
pub fn faulty() -> TempDir {
    let folder = TempDir::new().unwrap();
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/workspaces/shop-faulty");
    copy(&source, folder.path());
    folder
}

/// The sample without mistakes.
pub fn shop() -> TempDir {
    let folder = TempDir::new().unwrap();
    copy(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/workspaces/shop"), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// An empty workspace.
pub fn empty() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("docs/features")).unwrap();
    folder
}

/// Writes a file of a workspace.
pub fn write(root: &TempDir, path: &str, text: &str) {
    let path = root.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
