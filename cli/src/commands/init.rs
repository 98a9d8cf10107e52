//! `archwright init`: an `archwright.toml` for the documents that a repository has, or what makes a coding agent start
//! the MCP server, in the form of its configuration.
//!
//! Of a client's configuration nothing is written: the files hold other servers too, and some are the user's own.

use std::{
    io::{self, Write as _},
    path::Path,
};

use archwright_analysis::{Base, OpenOptions, Root, config::FILE_NAME, discover, operations::adopt, writer};
use serde_json::json;

use super::{CommandError, Outcome};
use crate::{
    args::{AgentClient, InitArguments},
    output::{self, escape::visible},
};

/// Runs the command. The configuration goes to stdout, where it belongs to stderr.
///
/// # Errors
/// If the workspace cannot be opened, its configuration cannot be written, or the output cannot be written.
pub fn run(arguments: &InitArguments) -> Result<Outcome, CommandError> {
    match arguments.client {
        Some(client) => print_client(client),
        None => make_known(arguments),
    }
}

/// Shows the configuration that makes the documents of a repository known, and writes it if that is asked for.
fn make_known(arguments: &InitArguments) -> Result<Outcome, CommandError> {
    let start = dunce::canonicalize(arguments.path.as_deref().unwrap_or(Path::new(".")))
        .map_err(|error| CommandError::Path { path: arguments.path.clone().unwrap_or_default(), error })?;
    let root = if arguments.path.is_some() { Root::Folder(start) } else { discover(&start) };
    if arguments.write {
        super::recover(root.folder())?;
    }
    let options = OpenOptions { base: Base::None, ..OpenOptions::question(root).cached() };
    let workspace = archwright_analysis::open(options, &|_| {})?;
    let file = workspace.root().join(FILE_NAME);
    let shown = output::relative_to_cwd(&file);
    let Some(adoption) = adopt(&workspace) else {
        let message = "Nothing needs a configuration: no design, record or runbook was found that is not known, and no \
            code that sends or receives messages and is of no service.";
        writeln!(anstream::stderr(), "{message}")?;
        return Ok(Outcome::Clean);
    };
    let mut out = output::stdout();
    out.write_all(adoption.text.as_bytes())?;
    io::Write::flush(&mut out)?;
    if arguments.write {
        writer::apply(workspace.root(), &adoption.edit)?;
    }
    let shown = visible(&shown);
    let told = match (arguments.write, file.exists()) {
        (true, _) => format!("Wrote {shown}."),
        (false, true) => format!("{shown} is there already; add what is new to it."),
        (false, false) => format!("Nothing was written; `archwright init --write` makes it {shown}."),
    };
    writeln!(anstream::stderr(), "{told}")?;
    Ok(Outcome::Clean)
}

fn print_client(client: AgentClient) -> Result<Outcome, CommandError> {
    let mut out = output::stdout();
    out.write_all(snippet(client).as_bytes())?;
    io::Write::flush(&mut out)?;
    let (file, instead) = place(client);
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
