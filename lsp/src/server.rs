//! The list of requests and their handlers, and the way from the wire to the state actor.
//!
//! **Invariant**: the first thing every handler does is one send to the actor that waits for nothing. The transport
//! begins each handler before it reads the next message, so the actor's queue has the client's order. **Invariant**: no
//! handler waits for the client.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc::Sender,
};

use archwright_analysis::operations::operation;
use parking_lot::Mutex;
use tokio::sync::oneshot;
use tower_lsp::{
    LanguageServer,
    jsonrpc::{Error, Result},
    ls_types::{
        CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem, CallHierarchyOutgoingCall,
        CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, CodeAction, CodeActionParams, CodeActionResponse,
        CodeLens, CodeLensParams, CompletionParams, CompletionResponse, DidChangeConfigurationParams,
        DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
        DidCloseTextDocumentParams, DidOpenTextDocumentParams, DocumentDiagnosticParams,
        DocumentDiagnosticReportResult, DocumentLink, DocumentLinkParams, DocumentSymbolParams, DocumentSymbolResponse,
        ExecuteCommandParams, FoldingRange, FoldingRangeParams, GotoDefinitionParams, GotoDefinitionResponse, Hover,
        HoverParams, InitializeParams, InitializeResult, InitializedParams, LSPAny, Location, PrepareRenameResponse,
        ReferenceParams, RenameFilesParams, RenameParams, TextDocumentPositionParams, Uri, WorkspaceDiagnosticParams,
        WorkspaceDiagnosticReportResult, WorkspaceEdit, WorkspaceSymbolParams, WorkspaceSymbolResponse,
        request::{GotoImplementationParams, GotoImplementationResponse},
    },
};

use crate::{
    ServerOptions,
    cancel::{Cancel, CancelOnDrop},
    capabilities::{EXPLAIN, LIST, OFFER, OPERATION, STATUS, Session},
    convert,
    handlers::{
        self,
        execute_command::{self, Outcome},
        probe::ProbeParams,
    },
    outbox::Outbox,
    snapshot::Snapshot,
    state::{Message, Operate, Pull, Read, Scope},
    watch::Seen,
};

/// The server as tower-lsp sees it.
pub(crate) struct Backend {
    state: Sender<Message>,
    outbox: Outbox,
    options: ServerOptions,
    shut_down: Arc<AtomicBool>,
    /// Where the number of the client's process goes, once.
    client: Mutex<Option<oneshot::Sender<u32>>>,
}

impl LanguageServer for Backend {
    // Lifecycle.

    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let session = Session::new(&params.capabilities, params.client_info.as_ref().map(|it| it.name.as_str()));
        let session = Arc::new(session.with_options(params.initialization_options.as_ref()));
        self.tell(Message::Initialize(session.clone(), folders(&params)));
        if let Some(process) = params.process_id
            && let Some(client) = self.client.lock().take()
        {
            let _ = client.send(process);
        }
        Ok(session.server())
    }

    async fn initialized(&self, _: InitializedParams) {
        self.tell(Message::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        self.tell(Message::Shutdown);
        self.shut_down.store(true, Ordering::Release);
        Ok(())
    }

    // Documents, disk, configuration.

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.tell(Message::Open(params.text_document));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.tell(Message::Change(params));
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.tell(Message::Close(params.text_document.uri));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let paths = params.changes.iter().filter_map(|it| convert::file_path(&it.uri)).collect();
        self.tell(Message::Disk(Seen::Paths(paths)));
    }

    async fn did_change_configuration(&self, _: DidChangeConfigurationParams) {
        self.tell(Message::Configuration);
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.tell(Message::Folders(params.event));
    }

    // Reads: each sees the workspace as the client had it when it asked.

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let uri = params.text_document_position_params.text_document.uri.clone();
        self.answer(uri, move |it| handlers::hover::hover(it, &params)).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let uri = params.text_document_position.text_document.uri.clone();
        self.answer(uri, move |it| handlers::completion::completion(it, &params)).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let uri = params.text_document_position_params.text_document.uri.clone();
        self.read_all(Scope::From(uri), move |it| Ok(handlers::definition::definition(it, &params))).await
    }

    async fn goto_implementation(
        &self,
        params: GotoImplementationParams,
    ) -> Result<Option<GotoImplementationResponse>> {
        let uri = params.text_document_position_params.text_document.uri.clone();
        self.answer_with_code(uri, move |it| handlers::implementation::implementation(it, &params)).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        let uri = params.text_document_position_params.text_document.uri.clone();
        self.answer_with_code(uri, move |it| handlers::call_hierarchy::prepare(it, &params)).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        let uri = params.item.uri.clone();
        self.answer_with_code(uri, move |it| handlers::call_hierarchy::incoming(it, &params)).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        let uri = params.item.uri.clone();
        self.answer_with_code(uri, move |it| handlers::call_hierarchy::outgoing(it, &params)).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let uri = params.text_document_position.text_document.uri.clone();
        self.read_all(Scope::From(uri), move |it| Ok(handlers::references::references(it, &params))).await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        let uri = params.text_document.uri.clone();
        self.read_all(Scope::From(uri), move |it| handlers::rename::prepare_rename(it, &params)).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let uri = params.text_document_position.text_document.uri.clone();
        self.read_all(Scope::From(uri), move |it| handlers::rename::rename(it, &params)).await
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.read_all(Scope::All, move |it| handlers::rename::will_rename_files(it, &params)).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        let uri = params.text_document.uri.clone();
        self.answer(uri, move |it| handlers::document_link::document_link(it, &params)).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let uri = params.text_document.uri.clone();
        self.answer(uri, move |it| handlers::document_symbol::document_symbol(it, &params)).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let found = self.read_all(Scope::All, move |it| Ok(handlers::symbol::symbol(it, &params))).await?;
        Ok(Some(WorkspaceSymbolResponse::Flat(found)))
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        let uri = params.text_document.uri.clone();
        self.answer(uri, move |it| handlers::folding_range::folding_range(it, &params)).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let uri = params.text_document.uri.clone();
        self.answer(uri, move |it| handlers::code_lens::code_lens(it, &params)).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let uri = params.text_document.uri.clone();
        self.answer(uri, move |it| handlers::code_action::code_action(it, &params)).await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        let Some(asked) = handlers::code_action::unresolved(&action) else { return Ok(action) };
        let scope = Scope::Of(asked.uri.clone());
        let same = action.clone();
        let resolved = self.read(scope, move |it| handlers::code_action::resolve(it, action, &asked).map(Some)).await?;
        Ok(resolved.unwrap_or(same))
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let uri = params.text_document.uri.clone();
        let report = self.answer(uri, move |it| handlers::diagnostic::diagnostic(it, &params)).await?;
        Ok(report.unwrap_or_else(handlers::diagnostic::nothing))
    }

    async fn workspace_diagnostic(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        let cancel = Arc::new(Cancel::default());
        let (reply, answer) = oneshot::channel();
        self.tell(Message::Pull(Pull { params, cancel: cancel.clone(), reply }));
        let _guard = CancelOnDrop(cancel);
        answer.await.unwrap_or_else(|_| Err(lost("workspace/diagnostic")))
    }

    // Commands.

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        let command = params.command.as_str();
        if command == EXPLAIN {
            return execute_command::explain(&params.arguments).map(Some);
        }
        let arguments = params.arguments;
        let at = |place| execute_command::place(&arguments, place);
        match command {
            LIST => {
                let document = at(0);
                let scope = document.clone().map_or(Scope::First, Scope::Of);
                return self
                    .read_all(scope, move |it| Ok(handlers::command::operations(it, document.as_ref())))
                    .await
                    .map(Some);
            }
            OFFER => {
                let scope = at(1).map_or(Scope::First, Scope::Of);
                let asked = handlers::command::Asked::read(&arguments)?;
                return self.read_all(scope, move |it| Ok(handlers::command::offers(it, &asked))).await.map(Some);
            }
            STATUS => return self.read_all(Scope::All, |it| Ok(handlers::command::status(it))).await.map(Some),
            _ => {}
        }
        let Some(operation) = command.strip_prefix(OPERATION).and_then(operation) else {
            return Err(Error::invalid_params(format!("there is no command `{command}`")));
        };
        let request = execute_command::request(operation, &arguments)?;
        let only_preview = execute_command::only_preview(&arguments);
        let scope = at(1).map_or(Scope::First, Scope::Of);
        let (reply, answer) = oneshot::channel();
        self.tell(Message::Operate(Operate { scope, operation, request, only_preview, reply }));
        let Outcome { answer, edit, show } = answer.await.unwrap_or_else(|_| Err(lost(operation.name)))?;
        self.outbox.apply_and_show(edit, show);
        Ok(Some(answer))
    }
}

impl Backend {
    pub(crate) fn new(
        state: Sender<Message>,
        outbox: Outbox,
        options: ServerOptions,
        shut_down: Arc<AtomicBool>,
        client: oneshot::Sender<u32>,
    ) -> Self {
        Self { state, outbox, options, shut_down, client: Mutex::new(Some(client)) }
    }

    /// `archwright/probe`, for tests of the server itself.
    pub(crate) async fn probe(&self, params: ProbeParams) -> Result<Option<String>> {
        let Some(running) = self.options.probe.clone() else { return Err(Error::method_not_found()) };
        let uri = params.text_document.uri.clone();
        self.read(Scope::Of(uri), move |it| handlers::probe::probe(it, &params, &running)).await
    }

    fn tell(&self, message: Message) {
        // The actor is gone only when the session is over.
        let _ = self.state.send(message);
    }

    /// A read of the workspace that holds `uri`, which cannot fail.
    fn answer<T, F>(&self, uri: Uri, job: F) -> impl Future<Output = Result<Option<T>>> + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Snapshot) -> Option<T> + Send + 'static,
    {
        self.read(Scope::Of(uri), |it| Ok(job(it)))
    }

    /// The same, but it waits until all code of the workspace was read once.
    fn answer_with_code<T, F>(&self, uri: Uri, job: F) -> impl Future<Output = Result<Option<T>>> + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Snapshot) -> Option<T> + Send + 'static,
    {
        self.queue(Scope::Of(uri), true, |snapshots| Ok(snapshots.first().and_then(job)))
    }

    /// Queues a read of one workspace; the answer is `None` outside every workspace.
    fn read<T, F>(&self, scope: Scope, job: F) -> impl Future<Output = Result<Option<T>>> + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Snapshot) -> Result<Option<T>> + Send + 'static,
    {
        self.read_all(scope, |snapshots| snapshots.first().map_or(Ok(None), job))
    }

    /// Queues a read at once; the future is its answer. A read that panics answers with an internal error, and dropping
    /// the future tells it to stop.
    fn read_all<T, F>(&self, scope: Scope, job: F) -> impl Future<Output = Result<T>> + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&[Snapshot]) -> Result<T> + Send + 'static,
    {
        self.queue(scope, false, job)
    }

    fn queue<T, F>(&self, scope: Scope, needs_code: bool, job: F) -> impl Future<Output = Result<T>> + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&[Snapshot]) -> Result<T> + Send + 'static,
    {
        let cancel = Arc::new(Cancel::default());
        let guard = CancelOnDrop(cancel.clone());
        let (reply, answer) = oneshot::channel();
        let job = Box::new(move |snapshots: Vec<Snapshot>| {
            let result = job(&snapshots);
            // A waiting edit shall not wait for the answer to be written too.
            drop(snapshots);
            let _ = reply.send(result);
        });
        self.tell(Message::Read(Read { scope, cancel, needs_code, job }));
        async move {
            let _guard = guard;
            answer.await.unwrap_or_else(|_| Err(lost("a read")))
        }
    }
}

/// The answer's sender was dropped: its computation panicked, or the session is over.
fn lost(what: &str) -> Error {
    tracing::error!("{what} ended without an answer");
    Error::internal_error()
}

/// The folders that the client has open.
fn folders(params: &InitializeParams) -> Vec<std::path::PathBuf> {
    if let Some(folders) = &params.workspace_folders {
        return folders.iter().filter_map(|it| convert::file_path(&it.uri)).collect();
    }
    #[allow(deprecated)] // Clients without workspace folders still say it this way.
    params.root_uri.as_ref().and_then(convert::file_path).into_iter().collect()
}
