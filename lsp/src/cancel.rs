//! How a running read learns that nobody wants its answer any more.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

/// Shared by a request, its read and the state actor.
#[derive(Debug, Default)]
pub(crate) struct Cancel {
    /// The client cancelled the request, or is gone.
    dropped: AtomicBool,
    /// An edit arrived behind the request and waits for it.
    outdated: AtomicBool,
}

impl Cancel {
    /// Tells the read that an edit waits for it.
    pub(crate) fn outdate(&self) {
        self.outdated.store(true, Ordering::Release);
    }

    /// Lets a read that an edit stopped begin again.
    pub(crate) fn renew(&self) {
        self.outdated.store(false, Ordering::Release);
    }

    /// Whether the client no longer waits.
    pub(crate) fn is_dropped(&self) -> bool {
        self.dropped.load(Ordering::Acquire)
    }

    /// Whether an edit waits.
    pub(crate) fn is_outdated(&self) -> bool {
        self.outdated.load(Ordering::Acquire)
    }

    /// Long reads call this once in a while and end with its error.
    ///
    /// # Errors
    /// `RequestCancelled` (-32800) if the client no longer waits, `ContentModified` (-32801) if an edit does.
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_dropped() {
            return Err(Error::request_cancelled());
        }
        if self.is_outdated() {
            return Err(Error::new(ErrorCode::ContentModified));
        }
        Ok(())
    }
}

/// Lives as long as the future of a request: tower-lsp drops that future on `$/cancelRequest` and on `exit`.
pub(crate) struct CancelOnDrop(pub(crate) Arc<Cancel>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.dropped.store(true, Ordering::Release);
    }
}
