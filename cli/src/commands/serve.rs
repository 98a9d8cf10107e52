//! `archwright lsp` and `archwright mcp`: servers over stdin and stdout.

use archwright_lsp::{Ended, ServerOptions};
use archwright_mcp::ServeOptions;

use super::{CommandError, Outcome};
use crate::args::McpArguments;

/// Serves an editor until it says goodbye.
///
/// # Errors
/// If the server cannot start.
pub fn lsp() -> Result<Outcome, CommandError> {
    let runtime = runtime()?;
    let ended =
        runtime.block_on(archwright_lsp::serve(tokio::io::stdin(), tokio::io::stdout(), ServerOptions::default()));
    // A read of stdin cannot be cancelled; waiting for it would keep the process alive after `exit`.
    runtime.shutdown_background();
    Ok(match ended {
        Ended::AfterShutdown => Outcome::Clean,
        Ended::WithoutShutdown => Outcome::Errors,
    })
}

/// Serves a coding agent until it closes its end.
///
/// # Errors
/// If the server cannot start or the client does not speak the protocol.
pub fn mcp(arguments: &McpArguments) -> Result<Outcome, CommandError> {
    let runtime = runtime()?;
    let served = runtime.block_on(archwright_mcp::serve(ServeOptions { root: arguments.root.clone() }));
    runtime.shutdown_background();
    served?;
    Ok(Outcome::Clean)
}

fn runtime() -> Result<tokio::runtime::Runtime, CommandError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CommandError::Start)
}
