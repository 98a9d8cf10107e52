//! `archwright init`: an `archwright.toml` for the documents that a repository has, drafts of contracts for channels
//! of its code, or what makes a coding agent start the MCP server, in the form of its configuration.
//!
//! Of a client's configuration nothing is written: the files hold other servers too, and some are the user's own.

use std::{
    io::{self, Write},
    path::Path,
};

use archwright_analysis::{
    Base, OpenOptions, Root, Workspace,
    config::FILE_NAME,
    discover,
    operations::{Adoption, adopt, draft_contracts, undescribed},
    writer,
};
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
    // Drafts are tried out in the open workspace, for which it must know what depends on what.
    let options = if arguments.contracts { OpenOptions::server(root) } else { OpenOptions::question(root) };
    let options = OpenOptions { base: Base::None, ..options.cached() };
    let mut workspace = archwright_analysis::open(options, &|_| {})?;
    let mut out = output::stdout();
    let adoption = adopt(&workspace);
    let is_known = adoption.is_none();
    if let Some(adoption) = adoption {
        make_configuration(arguments, &workspace, &adoption, &mut out)?;
    }
    if arguments.contracts {
        draft(arguments, &mut workspace, &mut out)?;
    } else {
        let message = "Nothing needs a configuration: no design, record or runbook was found that is not known, and no \
            code that sends or receives messages and is of no service.";
        if is_known {
            writeln!(anstream::stderr(), "{message}")?;
        }
        match undescribed(&workspace) {
            0 => {}
            1 => writeln!(anstream::stderr(), "{ONE_CHANNEL}")?,
            count => writeln!(anstream::stderr(), "{count} {MORE_CHANNELS}")?,
        }
    }
    Ok(Outcome::Clean)
}

const ONE_CHANNEL: &str = "1 channel of the code is described by no contract and no AsyncAPI document: `archwright \
    init --contracts` shows what it would draft.";
const MORE_CHANNELS: &str = "channels of the code are described by no contract and no AsyncAPI document: `archwright \
    init --contracts` shows what it would draft.";

fn make_configuration(
    arguments: &InitArguments,
    workspace: &Workspace,
    adoption: &Adoption,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let file = workspace.root().join(FILE_NAME);
    let shown = visible(&output::relative_to_cwd(&file)).into_owned();
    out.write_all(adoption.text.as_bytes())?;
    out.flush()?;
    let is_there = file.exists();
    // With drafts, what is there already stays and only they are written.
    let is_written = arguments.write && !(arguments.contracts && is_there);
    if is_written {
        writer::apply(workspace.root(), &adoption.edit)?;
    }
    let told = match (is_written, is_there) {
        (true, _) => format!("Wrote {shown}."),
        (false, true) => format!("{shown} is there already; add what is new to it."),
        // What is drafted ends with a sentence on both.
        (false, false) if arguments.contracts => return Ok(()),
        (false, false) => format!("Nothing was written; `archwright init --write` makes it {shown}."),
    };
    writeln!(anstream::stderr(), "{told}")?;
    Ok(())
}

/// Drafts contracts of the channels that code sends to: shows them, or writes them.
fn draft(arguments: &InitArguments, workspace: &mut Workspace, out: &mut impl Write) -> Result<(), CommandError> {
    let drafts = draft_contracts(workspace)?;
    let is_empty = drafts.edit.is_empty();
    if arguments.write {
        writer::apply(workspace.root(), &drafts.edit)?;
    } else {
        writer::verify(workspace.root(), &drafts.edit)?;
        output::drafts::write_diff(out, workspace, &drafts)?;
    }
    output::drafts::write_text(out, workspace, &drafts)?;
    out.flush()?;
    let told = match (is_empty, arguments.write) {
        (true, _) => "Nothing to write.",
        (false, true) => "Written. `archwright check` says what is left open.",
        (false, false) => "Nothing was written; `archwright init --contracts --write` writes it.",
    };
    writeln!(anstream::stderr(), "{told}")?;
    Ok(())
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
