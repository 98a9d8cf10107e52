//! `archwright/probe`: a read that takes long or fails on purpose. Served only if
//! [`ServerOptions::probe`](crate::ServerOptions) asks.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use serde::Deserialize;
use tower_lsp::{jsonrpc::Result, ls_types::TextDocumentIdentifier};

use crate::{convert::Converter, snapshot::Snapshot};

/// What the read shall do.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProbeParams {
    /// The document whose workspace it holds.
    pub(crate) text_document: TextDocumentIdentifier,
    /// How long it computes, in milliseconds.
    pub(crate) millis: u64,
    /// Whether it panics in the end.
    #[serde(default)]
    pub(crate) panic: bool,
}

/// Computes for the given time unless it is told to stop, and answers with the document's text; counts itself in
/// `running`.
pub(crate) fn probe(snapshot: &Snapshot, params: &ProbeParams, running: &AtomicUsize) -> Result<Option<String>> {
    running.fetch_add(1, Ordering::SeqCst);
    let computed = compute(snapshot, Duration::from_millis(params.millis));
    running.fetch_sub(1, Ordering::SeqCst);
    computed?;
    assert!(!params.panic, "asked to panic");
    let found = Converter::new(snapshot).locate(&params.text_document.uri);
    Ok(found.and_then(|it| snapshot.workspace().text(it.0)).map(|it| it.to_string()))
}

fn compute(snapshot: &Snapshot, time: Duration) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < time {
        snapshot.cancel().check()?;
        std::hint::spin_loop();
    }
    Ok(())
}
