//! `archwright/probe`: a read that takes long or fails on purpose. Served only if [`ServerOptions::probe`](crate::ServerOptions) asks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde::Deserialize;
use tower_lsp::{jsonrpc::Result, ls_types::TextDocumentIdentifier};

use crate::snapshot::Snapshot;

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

/// Computes for the given time unless it is told to stop; counts in `stopped` how often it was.
pub(crate) fn probe(snapshot: &Snapshot, params: &ProbeParams, stopped: &Arc<AtomicUsize>) -> Result<Option<u64>> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(params.millis) {
        if let Err(error) = snapshot.cancel().check() {
            stopped.fetch_add(1, Ordering::SeqCst);
            return Err(error);
        }
        std::hint::spin_loop();
    }
    assert!(!params.panic, "asked to panic");
    Ok(Some(params.millis))
}
