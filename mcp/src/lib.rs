//! The MCP server: checking, explaining and every operation as tools, artifacts and cards as resources, over the same
//! analysis that the command line and the editor use. [`serve`] serves one client over stdin and stdout, [`serve_on`]
//! over any pair of streams, and an [`HttpServer`] any number over HTTP.
//!
//! **Invariant**: this crate parses no document and decides nothing; it reads arguments, calls core/analysis and
//! shortens answers. **Invariant**: nothing but JSON-RPC goes to stdout.
#![deny(clippy::print_stdout)]

mod answer;
mod arguments;
mod http;
mod known;
mod prompts;
mod resources;
mod schema;
mod server;
mod session;
mod text;
mod tools;
mod transport;

use std::{net::SocketAddr, path::PathBuf};

use rmcp::{ServiceExt, service::ServerInitializeError, transport::stdio_pipes};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{server::Server, session::Session, transport::Lines};

pub use crate::http::{HttpOptions, HttpServer};

/// How to serve.
#[derive(Clone, Debug, Default)]
pub struct ServeOptions {
    /// Where to look for the workspace; `CLAUDE_PROJECT_DIR` or the current folder if left out.
    pub root: Option<PathBuf>,
}

/// Why the server cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The client and the server did not come to terms.
    #[error("the client's first messages are no MCP session: {0}")]
    Handshake(#[from] Box<ServerInitializeError>),
    /// The root is no folder.
    #[error("{}: {error}", path.display())]
    Root {
        /// The root.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The address cannot be listened on.
    #[error("{address}: {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// Others than this machine could reach the address, and nobody said that they may.
    #[error(
        "{0} can be reached by other machines, and the server asks nobody who they are; put it behind a proxy that \
         does, and say `--allow-remote`"
    )]
    Remote(SocketAddr),
    /// A host that is allowed is no name, with or without a port.
    #[error("`{0}` is no name of a host; write `docs.example.com` or `docs.example.com:8443`")]
    Host(String),
    /// An origin that is allowed is none.
    #[error("`{0}` is no origin; write `https://docs.example.com:443` or `http://localhost:*`")]
    Origin(String),
    /// The server's own task failed.
    #[error("the server stopped: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// Serves one client over stdin and stdout until it closes its end.
///
/// ```no_run
/// use archwright_mcp::{ServeOptions, serve};
///
/// let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
/// runtime.block_on(serve(ServeOptions { root: Some("my-system".into()) }))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the root given is no folder, or the client does not speak MCP.
pub async fn serve(options: ServeOptions) -> Result<(), ServeError> {
    let (reader, writer) = stdio_pipes();
    serve_on(reader, writer, options).await
}

/// Serves one client over any pair of streams, one JSON-RPC message a line, until the reader ends.
///
/// # Errors
/// If the root given is no folder, or the client does not speak MCP.
pub async fn serve_on<R, W>(reader: R, writer: W, options: ServeOptions) -> Result<(), ServeError>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let session = Session::new(options.root)?;
    let transport = Lines::new(reader, writer);
    match Server::new(session).serve(transport).await {
        Ok(running) => {
            running.waiting().await?;
            Ok(())
        }
        // A client that goes away before it said anything wants nothing.
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(Box::new(error).into()),
    }
}
