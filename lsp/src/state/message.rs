//! What the state actor is told. The order of these messages is the order of the client's.

use std::{path::PathBuf, sync::Arc};

use archwright_analysis::operations::Entry;
use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp::{
    jsonrpc::Result,
    ls_types::{
        DidChangeTextDocumentParams, TextDocumentItem, Uri, WorkspaceDiagnosticParams, WorkspaceDiagnosticReportResult,
        WorkspaceFoldersChangeEvent,
    },
};

use super::{CodeJudged, CodeRead};
use crate::{
    cancel::Cancel, capabilities::Session, handlers::execute_command::Outcome, snapshot::Snapshot, watch::Seen,
};

/// One message.
pub(crate) enum Message {
    /// What was agreed on, and the folders to open.
    Initialize(Arc<Session>, Vec<PathBuf>),
    /// The client is ready for requests: open the folders, start watching.
    Initialized,
    /// A document was opened.
    Open(TextDocumentItem),
    /// A document was edited.
    Change(DidChangeTextDocumentParams),
    /// A document was closed.
    Close(Uri),
    /// The disk changed.
    Disk(Seen),
    /// The configuration may have changed.
    Configuration,
    /// Folders were added or removed.
    Folders(WorkspaceFoldersChangeEvent),
    /// A request wants to read.
    Read(Read),
    /// A command plans an operation.
    Operate(Operate),
    /// The client wants the diagnostics of everything.
    Pull(Pull),
    /// A pull found nothing new at this revision and waits for news.
    Park(Pull, u64),
    /// The client answered, or did not answer, a request to refresh its diagnostics.
    Refreshed,
    /// All code of a workspace was read.
    CodeRead(Box<CodeRead>),
    /// The documents of a workspace were held against its code.
    CodeJudged(Box<CodeJudged>),
    /// The client asked for the end; nothing waits any more.
    Shutdown,
    /// The session is over.
    Stop,
}

/// A request that reads workspaces.
pub(crate) struct Read {
    /// Which.
    pub(crate) scope: Scope,
    /// Whether its answer is still wanted.
    pub(crate) cancel: Arc<Cancel>,
    /// Whether it waits until all code of its first workspace was read once.
    pub(crate) needs_code: bool,
    /// Computes and sends the answer; gets nothing if there is no such workspace. Runs on a blocking thread.
    pub(crate) job: Box<dyn FnOnce(Vec<Snapshot>) + Send>,
}

/// Which workspace a read means.
pub(crate) enum Scope {
    /// The one that holds this document or folder.
    Of(Uri),
    /// The one that holds this document, and behind it all others; none if no workspace holds it.
    From(Uri),
    /// The first that is open.
    First,
    /// Each of them.
    All,
}

/// An operation to plan.
pub(crate) struct Operate {
    /// In which workspace.
    pub(crate) scope: Scope,
    /// Which.
    pub(crate) operation: &'static Entry,
    /// What it takes.
    pub(crate) request: Value,
    /// Whether the client only wants to see what would be changed.
    pub(crate) only_preview: bool,
    /// Where the answer goes.
    pub(crate) reply: oneshot::Sender<Result<Outcome>>,
}

/// A request for the diagnostics of all workspaces. It is answered once there is news, so that a client that asks again
/// and again costs nothing while nothing happens.
pub(crate) struct Pull {
    /// What the client knows.
    pub(crate) params: WorkspaceDiagnosticParams,
    /// Whether its answer is still wanted.
    pub(crate) cancel: Arc<Cancel>,
    /// Where the answer goes.
    pub(crate) reply: oneshot::Sender<Result<WorkspaceDiagnosticReportResult>>,
}
