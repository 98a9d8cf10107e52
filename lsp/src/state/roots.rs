//! Workspaces: one per folder of the client, and one per open file that lies in none.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
};

use archwright_analysis::{Change, OpenOptions, Progress, RelPath, Root as Place, Stage, Workspace, discover};
use parking_lot::RwLock;
use tower_lsp::ls_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, MessageType, PublishDiagnosticsParams,
    Registration, RegistrationParams, Uri, WorkspaceFoldersChangeEvent, request::RegisterCapability,
};

use super::{Message, State, code::Code};
use crate::{convert, progress::Reporter, watch::Watch};

/// One workspace.
pub(super) struct Root {
    /// Where it is: a folder, or one file alone.
    pub(super) place: Place,
    /// The client's folders that belong to it. It stays as long as there is one, or an open document.
    pub(super) folders: BTreeSet<PathBuf>,
    pub(super) workspace: Arc<RwLock<Workspace>>,
    /// Documents that the workspace knows as open.
    pub(super) open: BTreeSet<RelPath>,
    /// What it has not been told yet.
    pub(super) pending: Pending,
    /// What the client was told of the configuration, and what it was called.
    pub(super) told: Option<(Uri, String)>,
    /// Whether the configuration's findings may be others.
    pub(super) config_due: bool,
    /// What is known of its code.
    pub(super) code: Code,
    /// Reports changes of the disk if the client does not; dropping it ends that.
    watch: Option<Watch>,
}

impl Root {
    /// The folder that its paths are relative to.
    pub(super) fn path(&self) -> &Path {
        self.place.folder()
    }

    fn owns(&self, path: &Path) -> bool {
        match &self.place {
            Place::Folder(folder) => path.starts_with(folder),
            Place::File { path: file, .. } => path == file,
        }
    }
}

/// So many changes of the disk are applied in one go. Installing packages or switching branches changes thousands of
/// files, and nobody who types meanwhile shall wait for them.
const AT_ONCE: usize = 256;

/// Changes that wait for the next read, or for quiet. What happens twice is applied once.
#[derive(Default)]
pub(super) struct Pending {
    /// Opened, edited or closed documents.
    pub(super) documents: BTreeSet<RelPath>,
    /// Paths that changed on the disk.
    pub(super) disk: BTreeSet<RelPath>,
    /// Anything may be another.
    pub(super) everything: bool,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.disk.is_empty() && !self.everything
    }

    /// Takes what is to be applied now: everything, but of the disk only a part if much changed there.
    pub(super) fn take(&mut self) -> Self {
        let mut now = std::mem::take(self);
        if now.everything {
            now.disk.clear();
        } else if let Some(rest) = now.disk.iter().nth(AT_ONCE).cloned() {
            self.disk = now.disk.split_off(&rest);
        }
        now
    }
}

impl State {
    /// The workspace that a path belongs to, by position, and the path in it. Of nested folders the innermost counts.
    pub(super) fn home(&self, path: &Path) -> Option<(usize, RelPath)> {
        let depth = |root: &Root| (matches!(root.place, Place::Folder(_)), root.path().components().count());
        let (at, root) = self.roots.iter().enumerate().filter(|it| it.1.owns(path)).max_by_key(|it| depth(it.1))?;
        Some((at, RelPath::of(path, root.path())?))
    }

    /// Opens the workspace of one of the client's folders.
    pub(super) fn add_folder(&mut self, folder: &Path) {
        let place = Place::Folder(marked_root(folder).unwrap_or_else(|| folder.to_owned()));
        let watched = self.session.watches_files;
        if let Some(root) = self.ensure(place, watched).and_then(|it| self.roots.get_mut(it)) {
            root.folders.insert(folder.to_owned());
        }
    }

    /// Opens a workspace for a document that lies in no folder of the client: the one around it, or one for it alone.
    pub(super) fn ensure_home(&mut self, path: &Path) {
        if self.home(path).is_some() {
            return;
        }
        let place = match (marked_root(path), path.parent()) {
            (Some(root), _) => Place::Folder(root),
            (None, Some(folder)) => Place::File { folder: folder.to_owned(), path: path.to_owned() },
            (None, None) => return,
        };
        self.ensure(place, false);
    }

    /// Opens a workspace unless it is open; `watched` says that the client watches it.
    fn ensure(&mut self, place: Place, watched: bool) -> Option<usize> {
        if let Some(at) = self.roots.iter().position(|it| it.place == place) {
            return Some(at);
        }
        // Watched before it is read, so that no change is missed between the two.
        let watch = if watched { None } else { self.watch(&place) };
        let workspace = self.index(&place)?;
        self.roots.push(Root {
            place,
            folders: BTreeSet::new(),
            workspace: Arc::new(RwLock::new(workspace)),
            open: BTreeSet::new(),
            pending: Pending::default(),
            told: None,
            config_due: true,
            code: Code::default(),
            watch,
        });
        Some(self.roots.len() - 1)
    }

    /// Drops the workspaces that have neither a folder of the client nor an open document.
    pub(super) fn drop_unused(&mut self) {
        let homes: BTreeSet<usize> = self.buffers.keys().filter_map(|it| self.home(it)).map(|it| it.0).collect();
        for at in (0..self.roots.len()).rev() {
            if !homes.contains(&at) && self.roots.get(at).is_some_and(|it| it.folders.is_empty()) {
                self.drop_root(at);
            }
        }
    }

    /// Drops a workspace, with what the client was told of it.
    fn drop_root(&mut self, at: usize) {
        // There is no code any more that reads could wait for.
        self.answer_waiting(at);
        let root = self.roots.remove(at);
        if let Some((uri, _)) = root.told {
            self.outbox.publish(PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None });
        }
    }

    /// `workspace/didChangeWorkspaceFolders`. Open documents move to the workspace that they belong to now.
    pub(super) fn change_folders(&mut self, event: &WorkspaceFoldersChangeEvent) {
        self.interrupt();
        for folder in event.removed.iter().filter_map(|it| convert::file_path(&it.uri)) {
            for root in &mut self.roots {
                root.folders.remove(&folder);
            }
        }
        for folder in event.added.iter().filter_map(|it| convert::file_path(&it.uri)) {
            self.add_folder(&folder);
        }
        for path in self.buffers.keys().cloned().collect::<Vec<_>>() {
            self.ensure_home(&path);
            let Some((home, _)) = self.home(&path) else { continue };
            // Whoever had the document before must see the disk again.
            for (at, root) in self.roots.iter_mut().enumerate() {
                let Some(relative) = RelPath::of(&path, root.path()) else { continue };
                if at != home && root.open.remove(&relative) {
                    root.workspace.write().apply(vec![Change::Close { path: relative }]);
                }
            }
            self.touch(&path);
        }
        self.drop_unused();
        self.watch_roots();
        self.revision += 1;
        // For the client, no document was edited.
        self.refresh_later();
    }

    /// Reads a workspace again from the disk and the buffers.
    pub(super) fn reopen(&mut self, at: usize) {
        self.interrupt();
        self.answer_waiting(at);
        let Some(place) = self.roots.get(at).map(|it| it.place.clone()) else { return };
        self.revision += 1;
        self.refresh_later();
        let Some(workspace) = self.index(&place) else {
            // Without a workspace there are no findings, which is better than old ones.
            self.drop_root(at);
            return;
        };
        let documents: Vec<PathBuf> =
            self.buffers.keys().filter(|it| self.home(it).is_some_and(|it| it.0 == at)).cloned().collect();
        if let Some(root) = self.roots.get_mut(at) {
            root.workspace = Arc::new(RwLock::new(workspace));
            root.open.clear();
            root.pending = Pending::default();
            root.config_due = true;
            root.code = Code::default();
        }
        for path in documents {
            self.touch(&path);
        }
    }

    /// Indexes a workspace and shows progress.
    fn index(&self, place: &Place) -> Option<Workspace> {
        let path = place.folder();
        let bar = if self.session.progress && matches!(place, Place::Folder(_)) {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            Reporter::new(
                &self.outbox,
                format!("archwright/index/{}", path.display()),
                format!("Archwright: reading {name}"),
            )
        } else {
            Reporter::silent()
        };
        let report = |it: Progress| bar.report(percentage(&it), || format!("{} of {} files", it.done, it.total));
        match catch_unwind(AssertUnwindSafe(|| {
            archwright_analysis::open(OpenOptions::server(place.clone()).cached(), &report)
        })) {
            Ok(Ok(it)) => Some(it),
            Ok(Err(error)) => {
                self.complain(&format!("Archwright cannot read {}: {error}", path.display()));
                None
            }
            Err(_) => {
                self.complain(&format!("Archwright failed on {}; its log says more.", path.display()));
                None
            }
        }
    }

    /// Watches the workspaces that the client does not watch: it knows only its own folders, if it can watch at all.
    fn watch_roots(&mut self) {
        let mut unwatched = Vec::new();
        for (at, root) in self.roots.iter_mut().enumerate() {
            let by_client = self.session.watches_files && !root.folders.is_empty();
            if by_client || !matches!(root.place, Place::Folder(_)) {
                root.watch = None;
            } else if root.watch.is_none() {
                unwatched.push((at, root.place.clone()));
            }
        }
        for (at, place) in unwatched {
            let watch = self.watch(&place);
            if let Some(root) = self.roots.get_mut(at) {
                root.watch = watch;
            }
        }
    }

    /// Watches a folder, and waits until that works.
    fn watch(&self, place: &Place) -> Option<Watch> {
        let Place::Folder(folder) = place else { return None };
        let sender = self.sender.clone();
        // The actor is gone only when the session is over.
        let watch = Watch::start(folder.clone(), move |seen| drop(sender.send(Message::Disk(seen))));
        if watch.is_some() {
            self.outbox.log(MessageType::LOG, format_args!("watching {}", folder.display()));
        }
        watch
    }

    /// Asks the client to watch files. Any file can be the target of a link, so all are of interest.
    pub(super) fn register_watchers(&self) {
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: vec![FileSystemWatcher { glob_pattern: GlobPattern::String("**/*".to_owned()), kind: None }],
        };
        let registration = Registration {
            id: "archwright-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        self.outbox.ask::<RegisterCapability>(RegistrationParams { registrations: vec![registration] }, drop);
    }
}

/// The Archwright workspace around a path, so that the editor sees what the command line sees. A git root alone is no
/// reason to read more than the user opened.
fn marked_root(path: &Path) -> Option<PathBuf> {
    let Place::Folder(root) = discover(path) else { return None };
    let is_marked = ["archwright.toml", "docs/features", "docs/system"].iter().any(|it| root.join(it).exists());
    (is_marked && path.starts_with(&root)).then_some(root)
}

/// How far the index is. Reading takes most of the time.
fn percentage(progress: &Progress) -> u32 {
    let share = |from: usize, to: usize| from + (to - from) * progress.done.min(progress.total) / progress.total.max(1);
    let percentage = match progress.stage {
        Stage::Walk => 0,
        Stage::Read => share(0, 80),
        Stage::Check => share(80, 100),
    };
    u32::try_from(percentage).unwrap_or(100)
}
