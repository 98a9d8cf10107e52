//! `archwright lsp` and `archwright mcp`: servers over stdin and stdout, and over HTTP.

use std::io::Write;

use archwright_lsp::{Ended, ServerOptions};
use archwright_mcp::{HttpOptions, HttpServer, ServeError, ServeOptions};

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

/// Serves a coding agent until it closes its end, or all who come over HTTP.
///
/// # Errors
/// If the server cannot start or the client does not speak the protocol.
pub fn mcp(arguments: &McpArguments) -> Result<Outcome, CommandError> {
    let runtime = runtime()?;
    let root = arguments.root.clone();
    let served = match arguments.http {
        Some(address) => runtime.block_on(http(HttpOptions {
            root,
            address,
            allows_remote: arguments.allow_remote,
            hosts: arguments.allow_host.clone(),
            origins: arguments.allow_origin.clone(),
        })),
        None => runtime.block_on(archwright_mcp::serve(ServeOptions { root })),
    };
    runtime.shutdown_background();
    served?;
    Ok(Outcome::Clean)
}

async fn http(options: HttpOptions) -> Result<(), ServeError> {
    let server = HttpServer::bind(options).await?;
    // Nothing needs it to go on.
    let _ = writeln!(anstream::stderr(), "Serving MCP at {}", server.url());
    server.serve().await;
    Ok(())
}

fn runtime() -> Result<tokio::runtime::Runtime, CommandError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CommandError::Start)
}
