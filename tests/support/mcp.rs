//! The official MCP clients, as scripts that take a task and print an answer.

use std::{path::Path, process::Command, time::Duration};

use serde_json::{Value, json};

use crate::{feed, path_with_binary, repository, tool};

/// Which official client speaks to the server.
#[derive(Clone, Copy, Debug)]
pub enum Client {
    /// The npm package `@modelcontextprotocol/client`.
    TypeScript,
    /// The Python package `mcp`.
    Python,
}

/// How client and server meet: the two generations of the protocol.
#[derive(Clone, Copy, Debug)]
pub enum Era {
    /// `server/discover`, since the revision 2026-07-28.
    Stateless,
    /// The `initialize` handshake of the revisions before.
    Legacy,
}

impl Client {
    /// Starts the server (`command`, `args` as in an MCP configuration) in a folder, lists its tools and makes some
    /// calls. The answer has `version`, `server`, `instructions`, `tools` and `results`, one for each
    /// `(tool, arguments)`.
    #[track_caller]
    pub fn session(self, era: Era, server: &Value, folder: &Path, calls: &[(&str, Value)]) -> Value {
        let server = json!({"command": server["command"], "args": server["args"]});
        self.converse(era, &server, folder, calls)
    }

    /// The same with a server that listens at a URL already.
    #[track_caller]
    pub fn visit(self, era: Era, url: &str, folder: &Path, calls: &[(&str, Value)]) -> Value {
        self.converse(era, &json!({ "url": url }), folder, calls)
    }

    #[track_caller]
    fn converse(self, era: Era, server: &Value, folder: &Path, calls: &[(&str, Value)]) -> Value {
        let stamp = tool("mcp-clients.sh", "mcp-clients/stamp");
        let tools_folder = stamp.ancestors().nth(2).unwrap();
        let (program, script) = match self {
            Self::TypeScript => ("node/bin/node", "client.mjs"),
            Self::Python => ("mcp-clients/venv/bin/python", "client.py"),
        };
        let calls: Vec<Value> =
            calls.iter().map(|(name, arguments)| json!({"name": name, "arguments": arguments})).collect();
        let task = json!({
            "tools_folder": tools_folder,
            "command": server["command"],
            "args": server["args"],
            "url": server["url"],
            "cwd": folder,
            "env": {"PATH": path_with_binary()},
            "era": match era { Era::Stateless => "stateless", Era::Legacy => "legacy" },
            "calls": calls,
        });
        let mut command = Command::new(tool("mcp-clients.sh", program));
        command.arg(repository().join("tests/e2e/mcp").join(script)).env("PATH", path_with_binary());
        feed(&mut command, &task.to_string(), Duration::from_secs(60)).expect_code(0).json()
    }
}
