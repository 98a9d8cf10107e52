//! Work-done progress of the first index.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::{mpsc, oneshot};
use tower_lsp::ls_types::{
    NumberOrString, ProgressParams, ProgressParamsValue, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressCreateParams, WorkDoneProgressEnd, WorkDoneProgressReport, request::WorkDoneProgressCreate,
};

use crate::outbox::Outbox;

/// One bar in the client. It ends when this is dropped.
pub(crate) struct Reporter {
    steps: Option<mpsc::UnboundedSender<(u32, String)>>,
    last: AtomicU32,
}

impl Reporter {
    /// A bar that nobody sees, for clients without progress.
    pub(crate) fn silent() -> Self {
        Self { steps: None, last: AtomicU32::new(0) }
    }

    /// Asks the client for a bar and fills it once the client has agreed; nothing here waits for that.
    pub(crate) fn new(outbox: &Outbox, token: String, title: String) -> Self {
        let token = NumberOrString::String(token);
        let (agreed, agreement) = oneshot::channel();
        outbox.ask::<WorkDoneProgressCreate>(WorkDoneProgressCreateParams { token: token.clone() }, move |answer| {
            if matches!(answer, Some(Ok(()))) {
                let _ = agreed.send(());
            }
        });
        let (steps, mut waiting) = mpsc::unbounded_channel::<(u32, String)>();
        let out = outbox.clone();
        outbox.runtime().spawn(async move {
            if agreement.await.is_err() {
                return;
            }
            let say =
                |it| out.progress(ProgressParams { token: token.clone(), value: ProgressParamsValue::WorkDone(it) });
            say(WorkDoneProgress::Begin(WorkDoneProgressBegin {
                title,
                cancellable: Some(false),
                message: None,
                percentage: Some(0),
            }));
            while let Some((percentage, message)) = waiting.recv().await {
                say(WorkDoneProgress::Report(WorkDoneProgressReport {
                    cancellable: Some(false),
                    message: Some(message),
                    percentage: Some(percentage),
                }));
            }
            say(WorkDoneProgress::End(WorkDoneProgressEnd { message: None }));
        });
        Self { steps: Some(steps), last: AtomicU32::new(0) }
    }

    /// Reports a share of the whole, from 0 to 100. Steps that would not move the bar are left out.
    pub(crate) fn report(&self, percentage: u32, message: impl FnOnce() -> String) {
        let Some(steps) = &self.steps else { return };
        if self.last.fetch_max(percentage, Ordering::AcqRel) < percentage {
            let _ = steps.send((percentage, message()));
        }
    }
}
