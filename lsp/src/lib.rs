//! The language server: converts what `archwright-analysis` knows to the Language Server Protocol and back.

use tokio::io::{AsyncRead, AsyncWrite};

/// How the server runs.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct ServerOptions {}

/// How a session ended; a process exits with code 0 after [`Ended::AfterShutdown`] and 1 otherwise (LSP 3.17, `exit`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client asked for `shutdown` first.
    AfterShutdown,
    /// The client sent `exit` or closed the pipe without `shutdown`.
    WithoutShutdown,
}

/// Serves one client until it sends `exit` or closes its end. Logs go through `tracing`; nothing but the protocol goes to `output`.
pub async fn serve<I, O>(_input: I, _output: O, _options: ServerOptions) -> Ended
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    Ended::WithoutShutdown
}
