//! An editor in a test: exact JSON frames over a pipe to a server in the same process.
//!
//! What the server says must be read: dropping a client with unread messages fails the test.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // Each test crate uses a part.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use archwright_lsp::{Ended, ServerOptions, serve};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
};

/// How long a test waits for what must come. Machines that build may be slow.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client and the server it talks to.
pub struct Client {
    pipe: DuplexStream,
    incoming: UnboundedReceiver<Value>,
    /// Messages that came while another one was waited for.
    unread: VecDeque<Value>,
    next_id: i64,
    server: Option<JoinHandle<Ended>>,
    /// The answer to `initialize`.
    pub initialized: Value,
    /// How many probes compute.
    pub running: Arc<AtomicUsize>,
    /// Where the workspace lies.
    pub root: Arc<TempDir>,
}

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> Arc<TempDir> {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(&root.path().join(path), text);
    }
    Arc::new(root)
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// The URI of a path.
pub fn uri_of(path: &Path) -> String {
    tower_lsp::ls_types::Uri::from_file_path(path).unwrap().as_str().to_owned()
}

/// The capabilities of a client that can do everything, except that it does not pull diagnostics.
pub fn pushing() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "window": { "showDocument": { "support": true } },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true, "versionSupport": true },
            "hover": { "contentFormat": ["markdown"] },
            "completion": { "completionItem": { "documentationFormat": ["markdown"] } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "definition": { "linkSupport": true },
            "rename": { "prepareSupport": true }
        },
        "workspace": {
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create", "rename", "delete"] },
            "fileOperations": { "willRename": true },
            "workspaceFolders": true
        }
    })
}

/// Like [`pushing`], but pulls diagnostics and takes refreshes.
pub fn pulling() -> Value {
    let mut it = pushing();
    it["textDocument"]["diagnostic"] = json!({ "dynamicRegistration": true, "relatedInformation": true });
    it["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    it
}

/// `capabilities` with a watcher on the client's side.
pub fn watching(mut capabilities: Value) -> Value {
    capabilities["workspace"]["didChangeWatchedFiles"] = json!({ "dynamicRegistration": true });
    capabilities
}

/// `capabilities` with another offer of encodings.
pub fn encoded(mut capabilities: Value, encodings: &[&str]) -> Value {
    capabilities["general"]["positionEncodings"] = json!(encodings);
    capabilities
}

impl Client {
    /// A client that has said nothing yet.
    pub fn connect(root: Arc<TempDir>) -> Self {
        let running = Arc::new(AtomicUsize::new(0));
        let mut options = ServerOptions::new();
        options.probe = Some(running.clone());
        let (pipe, server_input) = tokio::io::duplex(1 << 16);
        let (server_output, output) = tokio::io::duplex(1 << 16);
        let server = tokio::spawn(serve(server_input, server_output, options));
        let (sender, incoming) = unbounded_channel();
        tokio::spawn(async move {
            let mut output = output;
            while let Some(message) = read_frame(&mut output).await {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            pipe,
            incoming,
            unread: VecDeque::new(),
            next_id: 0,
            server: Some(server),
            initialized: Value::Null,
            running,
            root,
        }
    }

    /// A client with `root` open as its only folder.
    pub async fn start(root: Arc<TempDir>, capabilities: Value) -> Self {
        let uri = uri_of(root.path());
        Self::start_with(root, capabilities, json!([{ "uri": uri, "name": "ws" }])).await
    }

    /// A client with these folders open.
    pub async fn start_with(root: Arc<TempDir>, capabilities: Value, folders: Value) -> Self {
        let mut it = Self::connect(root);
        let watches = capabilities["workspace"]["didChangeWatchedFiles"]["dynamicRegistration"] == json!(true);
        let has_folders = folders.as_array().is_some_and(|it| !it.is_empty());
        it.initialized = it
            .call("initialize", json!({ "processId": null, "capabilities": capabilities, "workspaceFolders": folders }))
            .await;
        it.notify("initialized", json!({})).await;
        if watches {
            let registration = it.server_request("client/registerCapability").await;
            it.respond(&registration, Value::Null).await;
        } else if has_folders {
            for _ in 0..folders.as_array().unwrap().len() {
                it.expect_log("watching").await;
            }
        }
        it
    }

    /// The URI of a file in the workspace.
    pub fn uri(&self, path: &str) -> String {
        uri_of(&self.path(path))
    }

    /// The absolute path of a file in the workspace.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// Sends anything.
    pub async fn send(&mut self, message: &Value) {
        self.send_text(&message.to_string()).await;
    }

    /// Sends a frame with this content.
    pub async fn send_text(&mut self, text: &str) {
        let frame = format!("Content-Length: {}\r\n\r\n{text}", text.len());
        self.pipe.write_all(frame.as_bytes()).await.unwrap();
    }

    /// Sends a notification.
    pub async fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params })).await;
    }

    /// Sends a request and returns its id.
    pub async fn request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message).await;
        id
    }

    /// Waits for the response to a request.
    pub async fn response(&mut self, id: i64) -> Value {
        self.take(&format!("the response to {id}"), |it| it["id"] == json!(id) && it.get("method").is_none()).await
    }

    /// Waits for a response to a message whose id could not be read.
    pub async fn response_without_id(&mut self) -> Value {
        self.take("a response without id", |it| it.get("id") == Some(&Value::Null)).await
    }

    /// Sends a request and returns its result, which must not be an error.
    pub async fn call(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params).await;
        let response = self.response(id).await;
        assert!(response.get("error").is_none(), "{method}: {response}");
        response["result"].clone()
    }

    /// Sends a request about a place in a document.
    pub async fn call_at(&mut self, method: &str, path: &str, line: u32, character: u32) -> Value {
        let params =
            json!({ "textDocument": { "uri": self.uri(path) }, "position": { "line": line, "character": character } });
        self.call(method, params).await
    }

    /// Waits for a request of the server.
    pub async fn server_request(&mut self, method: &str) -> Value {
        self.take(method, |it| it["method"] == json!(method) && it.get("id").is_some()).await
    }

    /// Answers a request of the server.
    pub async fn respond(&mut self, request: &Value, result: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": request["id"], "result": result })).await;
    }

    /// Waits for a notification of the server and returns its parameters.
    pub async fn notification(&mut self, method: &str) -> Value {
        self.take(method, |it| it["method"] == json!(method) && it.get("id").is_none()).await["params"].clone()
    }

    /// Waits for the next diagnostics that the server publishes for a file.
    pub async fn published(&mut self, path: &str) -> Value {
        let uri = self.uri(path);
        let is_it =
            |it: &Value| it["method"] == json!("textDocument/publishDiagnostics") && it["params"]["uri"] == json!(uri);
        self.take(&format!("diagnostics of {path}"), is_it).await["params"].clone()
    }

    /// Waits until the diagnostics of a file are as many as `count`; others on the way are skipped.
    pub async fn published_count(&mut self, path: &str, count: usize) -> Value {
        loop {
            let it = self.published(path).await;
            if it["diagnostics"].as_array().unwrap().len() == count {
                return it;
            }
        }
    }

    /// Waits for a log message that contains `text`.
    pub async fn expect_log(&mut self, text: &str) {
        let is_it = |it: &Value| {
            it["method"] == json!("window/logMessage") && it["params"]["message"].as_str().unwrap().contains(text)
        };
        self.take(&format!("a log message with {text}"), is_it).await;
    }

    /// Opens a document as version 1.
    pub async fn open(&mut self, path: &str, text: &str) {
        let uri = self.uri(path);
        self.open_uri(&uri, text).await;
    }

    /// Opens a document by its URI.
    pub async fn open_uri(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document })).await;
    }

    /// Replaces the text of a document.
    pub async fn replace(&mut self, path: &str, version: i32, text: &str) {
        self.change(path, version, json!([{ "text": text }])).await;
    }

    /// Changes a document.
    pub async fn change(&mut self, path: &str, version: i32, changes: Value) {
        let document = json!({ "uri": self.uri(path), "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes })).await;
    }

    /// Closes a document.
    pub async fn close(&mut self, path: &str) {
        let params = json!({ "textDocument": { "uri": self.uri(path) } });
        self.notify("textDocument/didClose", params).await;
    }

    /// Says that files changed on the disk.
    pub async fn changed_on_disk(&mut self, paths: &[&str]) {
        let changes: Vec<Value> = paths.iter().map(|it| json!({ "uri": self.uri(it), "type": 2 })).collect();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes })).await;
    }

    /// Asserts that nothing comes for a while.
    pub async fn silence(&mut self, time: Duration) {
        assert_eq!(self.unread.pop_front(), None, "unread");
        if let Ok(Some(it)) = tokio::time::timeout(time, self.incoming.recv()).await {
            panic!("unexpected: {it}");
        }
    }

    /// Ends the session in order and returns how it ended.
    pub async fn finish(mut self) -> Ended {
        self.call("shutdown", Value::Null).await;
        self.exit().await
    }

    /// Sends `exit` and waits for the end.
    pub async fn exit(mut self) -> Ended {
        self.send(&json!({ "jsonrpc": "2.0", "method": "exit" })).await;
        self.ended().await
    }

    /// Waits for the end.
    pub async fn ended(mut self) -> Ended {
        let server = self.server.take().unwrap();
        let ended = tokio::time::timeout(PATIENCE, server).await.expect("the server does not end").unwrap();
        while let Some(it) = self.incoming.recv().await {
            self.unread.push_back(it);
        }
        ended
    }

    /// Takes the first message that fits, and keeps those before it unread.
    async fn take(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.unread.iter().position(&fits) {
            return self.unread.remove(at).unwrap();
        }
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let Ok(message) = tokio::time::timeout_at(deadline, self.incoming.recv()).await else {
                panic!("{what} did not come; unread: {:#?}", self.unread);
            };
            let Some(message) = message else { panic!("the server ended before {what}; unread: {:#?}", self.unread) };
            if fits(&message) {
                return message;
            }
            self.unread.push_back(message);
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        while let Ok(it) = self.incoming.try_recv() {
            self.unread.push_back(it);
        }
        assert!(self.server.is_none(), "a test must end its session with `finish` or `exit`");
        assert!(self.unread.is_empty(), "unread messages: {:#?}", self.unread);
    }
}

async fn read_frame(output: &mut DuplexStream) -> Option<Value> {
    let mut header = Vec::new();
    while !header.ends_with(b"\r\n\r\n") {
        header.push(output.read_u8().await.ok()?);
    }
    let header = String::from_utf8(header).unwrap();
    let length = header.lines().find_map(|it| it.strip_prefix("Content-Length: ")).unwrap().parse().unwrap();
    let mut body = vec![0; length];
    output.read_exact(&mut body).await.ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}
