//! The language server: converts what `archwright-analysis` knows to the Language Server Protocol and back. [`serve`]
//! serves one client over any pair of streams.
//!
//! One thread, the state actor, owns the open buffers and the workspaces. Handlers send it one message each, in the
//! order of the wire. Reads run on blocking threads over a read guard that the actor took for them. See the `state`
//! module for the rules.
//!
//! **Invariant**: only `convert` mixes types of the analysis with types of the protocol.
//! **Invariant**: the server parses nothing, decides nothing and reads no workspace file; the analysis does.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod cancel;
mod capabilities;
mod client_process;
mod convert;
mod document;
mod handlers;
mod outbox;
mod progress;
mod server;
mod snapshot;
mod state;
mod transport;
mod watch;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
    mpsc,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    runtime::Handle,
    sync::oneshot,
};
use tower_lsp::LspService;

use self::{
    outbox::Outbox,
    server::Backend,
    state::{Message, State},
};

/// How the server runs.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ServerOptions {
    /// Serves `archwright/probe`, a request that computes as long as it is asked to, and counts here how many compute
    /// now. Tests of the server's scheduling use it.
    #[doc(hidden)]
    pub probe: Option<Arc<AtomicUsize>>,
}

impl ServerOptions {
    /// The usual server.
    pub fn new() -> Self {
        Self::default()
    }
}

/// How a session ended; a process exits with code 0 after [`Ended::AfterShutdown`] and 1 otherwise (LSP 3.17, `exit`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client asked for `shutdown` first.
    AfterShutdown,
    /// The client sent `exit`, closed the pipe or died without `shutdown`.
    WithoutShutdown,
}

/// Serves one client until it sends `exit`, closes its end or its process ends. Logs go through `tracing`; nothing but
/// the protocol goes to `output`.
///
/// Reads that still run when this returns have been told to stop; end the runtime with `shutdown_background` to exit at
/// once.
///
/// ```no_run
/// use archwright_lsp::{Ended, ServerOptions, serve};
///
/// let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
/// let ended = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), ServerOptions::new()));
/// runtime.shutdown_background();
/// assert_eq!(ended, Ended::AfterShutdown);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Panics
/// If it is not called within a tokio runtime.
pub async fn serve<I, O>(input: I, output: O, options: ServerOptions) -> Ended
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let (sender, inbox) = mpsc::channel();
    let shut_down = Arc::new(AtomicBool::new(false));
    let runtime = Handle::current();
    let (client, process) = oneshot::channel();
    let (service, socket) = LspService::build(|to_client| {
        let outbox = Outbox::new(to_client, runtime);
        let state = State::new(outbox.clone(), sender.clone());
        let thread = std::thread::Builder::new().name("archwright-state".to_owned()).spawn(move || state.run(&inbox));
        if let Err(error) = thread {
            tracing::error!(%error, "cannot start the state thread");
        }
        Backend::new(sender.clone(), outbox, options, shut_down.clone(), client)
    })
    .custom_method("archwright/probe", Backend::probe)
    .finish();
    let gone = async {
        match process.await {
            Ok(process) => client_process::ended(process).await,
            Err(_) => std::future::pending().await,
        }
    };
    // What waits for news gets its answer at the end, whether the client asked for the end or is just gone.
    let ended = || drop(sender.send(Message::Shutdown));
    transport::carry(input, output, service, socket, gone, ended).await;
    // Watchers hold senders too, so the actor would not notice by itself.
    let _ = sender.send(Message::Stop);
    if shut_down.load(Ordering::Acquire) { Ended::AfterShutdown } else { Ended::WithoutShutdown }
}
