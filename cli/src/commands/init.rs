//! `archwright init`: what makes a coding agent start the MCP server, in the form of its configuration.
//!
//! Nothing is written: the files hold other servers too, and some are the user's own.

use std::io::{self, Write as _};

use serde_json::json;

use super::{CommandError, Outcome};
use crate::{
    args::{AgentClient, InitArguments},
    output,
};

/// Runs the command. The configuration goes to stdout, where it belongs to stderr.
///
/// # Errors
/// If the output cannot be written.
pub fn run(arguments: &InitArguments) -> Result<Outcome, CommandError> {
    let mut out = output::stdout();
    out.write_all(snippet(arguments.client).as_bytes())?;
    io::Write::flush(&mut out)?;
    let (file, instead) = place(arguments.client);
    let instead = instead.map_or_else(String::new, |it| format!(", or run `{it}`"));
    writeln!(anstream::stderr(), "Add this to {file}{instead}.")?;
    Ok(Outcome::Clean)
}

/// The configuration of a client.
fn snippet(client: AgentClient) -> String {
    // No folder is named: each of these starts the server in the project or says which folders are open.
    let started = json!({ "command": "archwright", "args": ["mcp"] });
    let document = match client {
        AgentClient::Cursor | AgentClient::Gemini | AgentClient::Claude => {
            json!({ "mcpServers": { "archwright": started } })
        }
        AgentClient::Vscode => {
            json!({ "servers": { "archwright": { "type": "stdio", "command": "archwright", "args": ["mcp"] } } })
        }
        AgentClient::Codex => {
            return "[mcp_servers.archwright]\ncommand = \"archwright\"\nargs = [\"mcp\"]\n".to_owned();
        }
    };
    format!("{document:#}\n")
}

/// The file that it belongs into, and the command that does the same.
fn place(client: AgentClient) -> (&'static str, Option<&'static str>) {
    match client {
        AgentClient::Cursor => (".cursor/mcp.json", None),
        AgentClient::Vscode => (".vscode/mcp.json", None),
        AgentClient::Codex => ("~/.codex/config.toml", Some("codex mcp add archwright -- archwright mcp")),
        AgentClient::Gemini => (".gemini/settings.json", None),
        AgentClient::Claude => (".mcp.json", Some("claude mcp add archwright -- archwright mcp")),
    }
}
