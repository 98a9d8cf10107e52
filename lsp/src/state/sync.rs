//! Documents and disk: what changed is noted at once and applied before the next read, or when the queue is empty.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
};

use archwright_analysis::{Change, Changed, RelPath};
use tower_lsp::ls_types::{DidChangeTextDocumentParams, PublishDiagnosticsParams, TextDocumentItem, Uri};

use super::{Review, State};
use crate::{
    convert::{self, Converter},
    document::Buffer,
    handlers::diagnostic::result_id,
    watch::{self, Seen},
};

impl State {
    /// `textDocument/didOpen`.
    pub(super) fn open(&mut self, item: TextDocumentItem) {
        let Some(path) = convert::file_path(&item.uri) else {
            tracing::debug!(uri = item.uri.as_str(), "not a file");
            return;
        };
        Arc::make_mut(&mut self.documents).insert(path.clone(), (item.uri.clone(), item.version));
        self.buffers.insert(path.clone(), Buffer::new(item.uri, item.version, &item.text));
        self.ensure_home(&path);
        self.touch(&path);
        self.config_may_differ(&path);
    }

    /// `textDocument/didChange`.
    pub(super) fn change(&mut self, params: &DidChangeTextDocumentParams) {
        let uri = &params.text_document.uri;
        let version = params.text_document.version;
        let Some(path) = convert::file_path(uri) else { return };
        let Some(buffer) = self.buffers.get_mut(&path) else {
            tracing::warn!(uri = uri.as_str(), "a document that is not open was changed");
            return;
        };
        if version < buffer.version {
            tracing::warn!(
                uri = uri.as_str(),
                version,
                current = buffer.version,
                "a change of an older version was ignored"
            );
            return;
        }
        for change in &params.content_changes {
            buffer.apply(change, self.session.encoding);
        }
        buffer.version = version;
        if let Some(document) = Arc::make_mut(&mut self.documents).get_mut(&path) {
            document.1 = version;
        }
        self.touch(&path);
    }

    /// `textDocument/didClose`.
    pub(super) fn close(&mut self, uri: &Uri) {
        let Some(path) = convert::file_path(uri) else { return };
        let Some(buffer) = self.buffers.remove(&path) else { return };
        Arc::make_mut(&mut self.documents).remove(&path);
        self.reviews.retain(|it| it.path != path);
        self.touch(&path);
        self.config_may_differ(&path);
        self.drop_unused();
        if !self.session.pull {
            // With it goes what was told of the file before it was opened, if it is the configuration.
            for root in &mut self.roots {
                root.told.take_if(|it| convert::file_path(&it.0).as_ref() == Some(&path));
            }
            self.outbox.publish(PublishDiagnosticsParams { uri: buffer.uri, diagnostics: Vec::new(), version: None });
        }
    }

    /// Notes that a document that was opened or closed may be the configuration.
    fn config_may_differ(&mut self, path: &Path) {
        if let Some(root) = self.home(path).and_then(|it| self.roots.get_mut(it.0)) {
            root.config_due = true;
        }
    }

    /// Notes that a document's text is another, or that it was opened or closed.
    pub(super) fn touch(&mut self, path: &Path) {
        if let Some((root, relative)) = self.home(path)
            && let Some(root) = self.roots.get_mut(root)
        {
            root.pending.documents.insert(relative);
        }
    }

    /// The client or the watcher saw changes on the disk.
    pub(super) fn disk(&mut self, seen: Seen) {
        let Seen::Paths(paths) = seen else {
            self.rescan();
            return;
        };
        for path in paths.into_iter().filter(|it| !watch::is_internal(it)) {
            // Folders may lie in each other, and then each has its own view of the file.
            for root in &mut self.roots {
                let Some(relative) = RelPath::of(&path, root.path()) else { continue };
                root.pending.disk.insert(relative);
            }
        }
    }

    /// Events were lost, or `workspace/didChangeConfiguration` came: anything may be different.
    pub(super) fn rescan(&mut self) {
        for root in &mut self.roots {
            root.pending.everything = true;
        }
    }

    /// Applies what was noted, and of many changes on the disk a part; false if there was nothing.
    pub(super) fn flush(&mut self) -> bool {
        // From the back, since a workspace that fails is taken out.
        let due: Vec<usize> = (0..self.roots.len())
            .rev()
            .filter(|&it| self.roots.get(it).is_some_and(|it| !it.pending.is_empty()))
            .collect();
        if due.is_empty() {
            return false;
        }
        self.interrupt();
        for at in due {
            self.flush_root(at);
        }
        true
    }

    fn flush_root(&mut self, at: usize) {
        let Some(root) = self.roots.get_mut(at) else { return };
        let pending = root.pending.take();
        let mut changes = Vec::new();
        for path in &pending.documents {
            let text = self.buffers.get(&root.path().join(path.as_str())).map(Buffer::text);
            match (text, root.open.contains(path)) {
                (Some(text), true) => changes.push(Change::Edit { path: path.clone(), text }),
                (Some(text), false) => {
                    root.open.insert(path.clone());
                    changes.push(Change::Open { path: path.clone(), text });
                }
                (None, true) => {
                    root.open.remove(path);
                    changes.push(Change::Close { path: path.clone() });
                }
                (None, false) => {}
            }
        }
        if !pending.disk.is_empty() {
            changes.push(Change::Disk { paths: pending.disk.iter().cloned().collect() });
        }
        if pending.everything {
            changes.push(Change::Rescan);
        }
        let workspace = root.workspace.clone();
        let Ok(changed) = catch_unwind(AssertUnwindSafe(|| workspace.write().apply(changes))) else {
            // The workspace may be half changed, so it is read again from the disk and the buffers.
            self.complain("Archwright failed on a change and reads the workspace again.");
            self.reopen(at);
            return;
        };
        if let Some(root) = self.roots.get_mut(at) {
            root.code.note(&pending, &changed);
        }
        self.spread(at, &changed, &pending.documents);
        self.forget_code();
    }

    /// Queues a review of the open documents whose diagnostics a change may have touched.
    pub(super) fn spread(&mut self, at: usize, changed: &Changed, edited: &BTreeSet<RelPath>) {
        self.revision += 1;
        let Some(root) = self.roots.get_mut(at) else { return };
        root.config_due |= changed.rebuilt;
        let absolute = |it: &RelPath| root.path().join(it.as_str());
        let mut reviews: Vec<(PathBuf, bool)> = edited.iter().map(|it| (absolute(it), true)).collect();
        if changed.rebuilt {
            reviews.extend(root.open.iter().map(|it| (absolute(it), false)));
        } else {
            let workspace = root.workspace.read();
            let paths = changed.files.iter().map(|it| workspace.path(*it));
            reviews.extend(
                paths.filter(|it| root.open.contains(*it) && !edited.contains(*it)).map(|it| (absolute(it), false)),
            );
        }
        for (path, edited) in reviews {
            self.review_later(path, edited);
        }
    }

    /// Queues the review of an open document. `edited` says that its own text changed, which the client knows.
    fn review_later(&mut self, path: PathBuf, edited: bool) {
        match self.reviews.iter_mut().find(|it| it.path == path) {
            Some(review) => review.edited |= edited,
            None if self.buffers.contains_key(&path) => self.reviews.push_back(Review { path, edited }),
            None => {}
        }
    }

    /// Reviews one document: publishes its diagnostics, or asks a pulling client to pull if it has no reason to do so
    /// by itself.
    pub(super) fn review_next(&mut self) -> bool {
        let Some(Review { path, edited }) = self.reviews.pop_front() else { return false };
        let Some((root, relative)) = self.home(&path) else { return true };
        let Some(root) = self.roots.get(root) else { return true };
        let snapshot = self.snapshot(root, &Arc::default());
        let file = snapshot.workspace().file(&relative);
        let diagnostics = file.map(|it| convert::diagnostics(&mut Converter::new(&snapshot), it)).unwrap_or_default();
        let id = result_id(&diagnostics);
        let Some(buffer) = self.buffers.get_mut(&path) else { return true };
        let is_new = buffer.result_id.as_ref() != Some(&id);
        buffer.result_id = Some(id);
        if !self.session.pull {
            // An edited document gets its diagnostics again even if they are the same, for the new version.
            if is_new || edited {
                let (uri, version) = (buffer.uri.clone(), Some(buffer.version));
                self.outbox.publish(PublishDiagnosticsParams { uri, diagnostics, version });
            }
        } else if is_new && !edited {
            self.refresh_later();
        }
        true
    }

    /// Publishes the findings of a configuration that is not open. They concern every document, and editors that do not
    /// pull the diagnostics of whole workspaces would never ask for them.
    pub(super) fn review_config(&mut self) -> bool {
        let Some(at) = self.roots.iter().position(|it| it.config_due) else { return false };
        let Some(root) = self.roots.get_mut(at) else { return false };
        root.config_due = false;
        if self.session.pull && self.session.pull_workspace {
            return true;
        }
        let Some(root) = self.roots.get(at) else { return true };
        let snapshot = self.snapshot(root, &Arc::default());
        // While it is open, it is reviewed as a document.
        let file = snapshot.workspace().config_file();
        let file = file.filter(|it| !self.buffers.contains_key(&snapshot.workspace().absolute(*it)));
        let mut converter = Converter::new(&snapshot);
        let diagnostics = file.map(|it| convert::diagnostics(&mut converter, it)).unwrap_or_default();
        let known = root.told.clone();
        let uri = file.filter(|_| !diagnostics.is_empty()).and_then(|it| converter.uri(it));
        let told = uri.map(|uri| (uri, result_id(&diagnostics)));
        if told != known {
            let uri = told.as_ref().or(known.as_ref()).map(|it| it.0.clone());
            // A client that has the document open has its findings from the pull or the review of the document.
            let is_open = uri.as_ref().and_then(convert::file_path).is_some_and(|it| self.buffers.contains_key(&it));
            if let Some(uri) = uri.filter(|_| !is_open || self.session.pull) {
                self.outbox.publish(PublishDiagnosticsParams { uri, diagnostics, version: None });
            }
        }
        if let Some(root) = self.roots.get_mut(at) {
            root.told = told;
        }
        true
    }
}
