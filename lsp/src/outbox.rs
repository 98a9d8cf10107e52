//! Everything the server says on its own: notifications in order, requests that nobody waits for.

use std::{fmt::Display, time::Duration};

use tokio::{runtime::Handle, sync::mpsc};
use tower_lsp::{
    Client, jsonrpc,
    ls_types::{
        ApplyWorkspaceEditParams, LogMessageParams, MessageType, ProgressParams, PublishDiagnosticsParams,
        ShowDocumentParams, ShowMessageParams,
        notification::{LogMessage, Progress, PublishDiagnostics, ShowMessage},
        request::{ApplyWorkspaceEdit, Request, ShowDocument},
    },
};

/// After this time a client that has not answered will not; the request is given up.
const PATIENCE: Duration = Duration::from_secs(30);

enum Outgoing {
    Publish(PublishDiagnosticsParams),
    Progress(ProgressParams),
    Log(LogMessageParams),
    Show(ShowMessageParams),
}

/// The way out. Sending never waits, so a client that does not read stops nothing but its own messages.
#[derive(Clone)]
pub(crate) struct Outbox {
    client: Client,
    queue: mpsc::UnboundedSender<Outgoing>,
    runtime: Handle,
}

impl Outbox {
    /// Starts the task that writes. It ends with the last clone.
    pub(crate) fn new(client: Client, runtime: Handle) -> Self {
        let (queue, mut waiting) = mpsc::unbounded_channel();
        let writer = client.clone();
        runtime.spawn(async move {
            while let Some(it) = waiting.recv().await {
                match it {
                    Outgoing::Publish(it) => writer.send_notification::<PublishDiagnostics>(it).await,
                    Outgoing::Progress(it) => writer.send_notification::<Progress>(it).await,
                    Outgoing::Log(it) => writer.send_notification::<LogMessage>(it).await,
                    Outgoing::Show(it) => writer.send_notification::<ShowMessage>(it).await,
                }
            }
        });
        Self { client, queue, runtime }
    }

    /// The runtime that reads run on.
    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Publishes the diagnostics of one document.
    pub(crate) fn publish(&self, params: PublishDiagnosticsParams) {
        self.send(Outgoing::Publish(params));
    }

    /// Reports progress.
    pub(crate) fn progress(&self, params: ProgressParams) {
        self.send(Outgoing::Progress(params));
    }

    /// Writes to the client's log.
    pub(crate) fn log(&self, typ: MessageType, message: impl Display) {
        self.send(Outgoing::Log(LogMessageParams { typ, message: message.to_string() }));
    }

    /// Shows a message to the user.
    pub(crate) fn show(&self, typ: MessageType, message: impl Display) {
        self.send(Outgoing::Show(ShowMessageParams { typ, message: message.to_string() }));
    }

    fn send(&self, it: Outgoing) {
        // The queue is closed only when the session is over.
        let _ = self.queue.send(it);
    }

    /// Lets the client apply an edit and, once it has, show a document.
    pub(crate) fn apply_and_show(&self, edit: Option<ApplyWorkspaceEditParams>, show: Option<ShowDocumentParams>) {
        let outbox = self.clone();
        let show = move || show.into_iter().for_each(|it| outbox.ask::<ShowDocument>(it, drop));
        match edit {
            Some(edit) => {
                let outbox = self.clone();
                self.ask::<ApplyWorkspaceEdit>(edit, move |it| match it {
                    Some(Ok(it)) if it.applied => show(),
                    Some(Ok(it)) => {
                        let why = it.failure_reason.map_or_else(String::new, |it| format!(": {it}"));
                        outbox.show(MessageType::ERROR, format_args!("Archwright: nothing was changed{why}"));
                    }
                    Some(Err(error)) => {
                        outbox.show(
                            MessageType::ERROR,
                            format_args!("Archwright: nothing was changed: {}", error.message),
                        );
                    }
                    None => {}
                });
            }
            None => show(),
        }
    }

    /// Asks the client in a task of its own and hands the answer to `then`; `None` if the client did not answer in
    /// time.
    pub(crate) fn ask<R>(
        &self,
        params: R::Params,
        then: impl FnOnce(Option<jsonrpc::Result<R::Result>>) + Send + 'static,
    ) where
        R: Request + 'static,
        R::Params: Send + 'static,
        R::Result: Send + 'static,
    {
        let client = self.client.clone();
        self.runtime.spawn(async move {
            let answer = tokio::time::timeout(PATIENCE, client.send_request::<R>(params)).await.ok();
            match &answer {
                None => tracing::warn!(method = R::METHOD, "the client did not answer"),
                Some(Err(error)) => tracing::warn!(method = R::METHOD, %error, "the client refused"),
                Some(Ok(_)) => {}
            }
            then(answer);
        });
    }
}
