//! The code of a workspace, read in the background (ADR-0030).
//!
//! Code is read when a file of code is open and a document describes a channel, when the configuration wants it
//! checked, or when somebody asks for what only code knows; else it costs nothing. What is to be read is taken from the
//! workspace at one moment, read without it, and what was found counts from then on. Documents are held against it by a
//! read that stops for an edit.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use archwright_analysis::{
    Changed, CodeFinding, Root as Place, Workspace,
    operations::{CodeChange, CodeReader, CodeView, ReadCode, code_findings},
};
use parking_lot::{Mutex, RwLock};
use tower_lsp::ls_types::request::CodeLensRefresh;

use super::{Message, Read, State, roots::Pending, roots::Root};
use crate::cancel::Cancel;

/// Code that is read in less is read again at each keystroke, other code when nobody types.
const PROMPT: Duration = Duration::from_millis(20);

/// What is known of the code of a workspace.
#[derive(Default)]
pub(super) struct Code {
    /// What was found last.
    view: Option<Arc<CodeView>>,
    /// Remembers what each file says. Only the thread that reads takes it for longer.
    reader: Arc<Mutex<CodeReader>>,
    /// What changed since that was begun.
    change: Option<CodeChange>,
    /// Whether documents, or what was found, changed since both were held against each other.
    is_unjudged: bool,
    /// What that told last.
    told: Vec<CodeFinding>,
    /// Whether code is read or judged now.
    is_busy: bool,
    /// Whether somebody asked for what only code knows.
    is_asked: bool,
    /// Whether reading failed; it would do so again.
    has_failed: bool,
    /// How long the last reading took.
    took: Duration,
    /// Reads that wait for the first one.
    waiting: Vec<Read>,
}

impl Code {
    /// What was found last, if anything was looked for.
    pub(super) fn view(&self) -> Option<Arc<CodeView>> {
        self.view.clone()
    }

    /// Notes what changed in the workspace.
    pub(super) fn note(&mut self, pending: &Pending, changed: &Changed) {
        if changed.rebuilt {
            // Its findings are gone too.
            self.told.clear();
        }
        self.is_unjudged = true;
        let paths = pending.documents.iter().chain(&pending.disk).cloned();
        self.change = match self.change.take() {
            _ if changed.rebuilt || pending.everything => Some(CodeChange::Everything),
            None => Some(CodeChange::Paths(paths.collect())),
            Some(CodeChange::Paths(mut known)) => {
                known.extend(paths);
                Some(CodeChange::Paths(known))
            }
            Some(CodeChange::Everything) => Some(CodeChange::Everything),
        };
    }
}

/// What came of reading code.
pub(crate) struct CodeRead {
    workspace: Arc<RwLock<Workspace>>,
    /// `Err` if it failed, `Ok(None)` if nothing is otherwise than before.
    read: Result<Option<ReadCode>, ()>,
    took: Duration,
}

/// What came of holding documents against code.
pub(crate) struct CodeJudged {
    workspace: Arc<RwLock<Workspace>>,
    /// `Err` if it failed, `Ok(None)` if an edit stopped it.
    found: Result<Option<Vec<CodeFinding>>, ()>,
}

impl Root {
    /// Whether anybody needs to know what its code does.
    fn wants_code(&self) -> bool {
        let is_folder = matches!(self.place, Place::Folder(_));
        is_folder
            && !self.code.has_failed
            && (self.code.is_asked
                || self.workspace.read().config().checks_code()
                || self.open.iter().any(CodeView::is_code) && CodeView::has_counterpart(&self.workspace.read()))
    }

    /// Whether its code has to be read or judged, now or when nobody types.
    fn code_is_due(&self, is_quiet: bool) -> bool {
        let is_stale = self.code.view.is_none() || self.code.change.is_some() || self.code.is_unjudged;
        is_stale && !self.code.is_busy && (is_quiet || self.code.took < PROMPT) && self.wants_code()
    }
}

impl State {
    /// Whether code has to be read when nobody types.
    pub(super) fn code_waits(&self) -> bool {
        self.roots.iter().any(|it| it.code_is_due(true))
    }

    /// Lets a read wait for code that was not read yet; gives it back if there is nothing to wait for.
    pub(super) fn wait_for_code(&mut self, at: Option<usize>, read: Read) -> Option<Read> {
        let root = at.and_then(|it| self.roots.get_mut(it));
        let root = root.filter(|it| it.code.view.is_none() && matches!(it.place, Place::Folder(_)));
        match root {
            Some(root) if !root.code.has_failed => {
                root.code.is_asked = true;
                root.code.waiting.push(read);
                None
            }
            _ => Some(read),
        }
    }

    /// Begins to read the code of one workspace, or to judge it; false if there is nothing to do.
    pub(super) fn read_code(&mut self, is_quiet: bool) -> bool {
        let Some(at) = self.roots.iter().position(|it| it.code_is_due(is_quiet)) else { return false };
        let Some(root) = self.roots.get_mut(at) else { return false };
        let change = root.code.change.take();
        let change = if root.code.view.is_none() { Some(CodeChange::Everything) } else { change };
        // Nobody reads while this workspace is not busy, so the lock is free.
        let order = change.and_then(|it| root.code.reader.lock().order(&root.workspace.read(), &it));
        let Some(order) = order else {
            self.judge_code(at);
            return true;
        };
        root.code.is_busy = true;
        let (reader, workspace, sender) = (root.code.reader.clone(), root.workspace.clone(), self.sender.clone());
        self.outbox.runtime().spawn_blocking(move || {
            let start = Instant::now();
            let read = catch_unwind(AssertUnwindSafe(|| reader.lock().read(order))).map_err(drop);
            // The actor is gone only when the session is over.
            let _ = sender.send(Message::CodeRead(Box::new(CodeRead { workspace, read, took: start.elapsed() })));
        });
        true
    }

    /// Takes over what was found in code.
    pub(super) fn code_read(&mut self, it: CodeRead) {
        let CodeRead { workspace, read, took } = it;
        // A workspace that was opened anew has other files.
        let Some(at) = self.roots.iter().position(|it| Arc::ptr_eq(&it.workspace, &workspace)) else { return };
        let Some(root) = self.roots.get_mut(at) else { return };
        root.code.is_busy = false;
        root.code.took = took;
        let Ok(read) = read else {
            root.code.has_failed = true;
            self.complain("Archwright failed on the code of the workspace; its log says more.");
            self.answer_waiting(at);
            return;
        };
        if let Some(read) = read {
            tracing::debug!(?took, "code was read");
            let view = CodeView::new(&workspace.read(), read);
            let is_other = root.code.view.as_ref().is_none_or(|it| !it.has_same_sites(&view));
            root.code.view = Some(Arc::new(view));
            root.code.is_unjudged = true;
            if is_other && self.session.refreshes_lenses {
                self.outbox.ask::<CodeLensRefresh>((), drop);
            }
        }
        self.answer_waiting(at);
        self.judge_code(at);
    }

    /// Holds documents against code, if the workspace wants that.
    fn judge_code(&mut self, at: usize) {
        let Some(root) = self.roots.get_mut(at) else { return };
        root.code.is_unjudged = false;
        let Some(view) = root.code.view().filter(|_| root.workspace.read().config().checks_code()) else { return };
        root.code.is_busy = true;
        let cancel = Arc::<Cancel>::default();
        let (workspace, sender) = (root.workspace.clone(), self.sender.clone());
        self.track(&cancel);
        let Some(root) = self.roots.get(at) else { return };
        let snapshot = self.snapshot(root, &cancel);
        self.outbox.runtime().spawn_blocking(move || {
            let judge = || code_findings(snapshot.workspace(), &view, &|| cancel.is_outdated());
            let found = catch_unwind(AssertUnwindSafe(judge)).map_err(drop);
            drop(snapshot);
            let _ = sender.send(Message::CodeJudged(Box::new(CodeJudged { workspace, found })));
        });
    }

    /// Takes over what documents and code say of each other.
    pub(super) fn code_judged(&mut self, it: CodeJudged) {
        let CodeJudged { workspace, found } = it;
        let Some(at) = self.roots.iter().position(|it| Arc::ptr_eq(&it.workspace, &workspace)) else { return };
        let Some(root) = self.roots.get_mut(at) else { return };
        root.code.is_busy = false;
        let Ok(found) = found else {
            root.code.has_failed = true;
            self.complain("Archwright failed on the code of the workspace; its log says more.");
            return;
        };
        match found {
            None => root.code.is_unjudged = true,
            Some(found) if found == root.code.told => {}
            Some(found) => {
                root.code.told.clone_from(&found);
                self.interrupt();
                let changed = workspace.write().set_code_findings(found);
                if !changed.files.is_empty() {
                    self.spread(at, &changed, &std::collections::BTreeSet::new());
                }
            }
        }
    }

    /// Begins the reads that waited for code.
    pub(super) fn answer_waiting(&mut self, at: usize) {
        let waiting = self.roots.get_mut(at).map(|it| std::mem::take(&mut it.code.waiting)).unwrap_or_default();
        for read in waiting {
            self.start_read(read);
        }
    }

    /// Forgets the code of workspaces that nobody needs any more.
    pub(super) fn forget_code(&mut self) {
        for root in &mut self.roots {
            if root.code.view.is_some() && !root.code.is_busy && !root.wants_code() {
                root.code = Code::default();
            }
        }
    }
}
