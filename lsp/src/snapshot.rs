//! What a read sees: one workspace as it was at the read's place in the queue.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use archwright_analysis::{RelPath, Workspace, operations::CodeView};
use parking_lot::{ArcRwLockReadGuard, RawRwLock, RwLock};
use tower_lsp::ls_types::Uri;

use crate::{cancel::Cancel, capabilities::Session};

/// Name and version of every open document, by absolute path.
pub(crate) type Documents = HashMap<PathBuf, (Uri, i32)>;

/// A workspace that cannot change while this lives. Writers wait for it, so keep it short or poll [`Snapshot::cancel`].
pub(crate) struct Snapshot {
    guard: ArcRwLockReadGuard<RawRwLock, Workspace>,
    documents: Arc<Documents>,
    session: Arc<Session>,
    cancel: Arc<Cancel>,
    code: Option<Arc<CodeView>>,
}

impl Snapshot {
    /// Takes the workspace for reading.
    pub(crate) fn new(
        workspace: &Arc<RwLock<Workspace>>,
        documents: Arc<Documents>,
        session: Arc<Session>,
        cancel: Arc<Cancel>,
    ) -> Self {
        Self { guard: RwLock::read_arc(workspace), documents, session, cancel, code: None }
    }

    /// The same with what was found in all code.
    pub(crate) fn with_code(self, code: Option<Arc<CodeView>>) -> Self {
        Self { code, ..self }
    }

    /// What was found in all code, if it was read.
    pub(crate) fn code(&self) -> Option<&CodeView> {
        self.code.as_deref()
    }

    /// The workspace.
    pub(crate) fn workspace(&self) -> &Workspace {
        &self.guard
    }

    /// What client and server agreed on.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Whether the answer is still wanted.
    pub(crate) fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// The client's name and version of an open document.
    pub(crate) fn document(&self, path: &Path) -> Option<&(Uri, i32)> {
        self.documents.get(path)
    }

    /// The path of `path` in this workspace.
    pub(crate) fn relative(&self, path: &Path) -> Option<RelPath> {
        RelPath::of(path, self.guard.root())
    }
}
