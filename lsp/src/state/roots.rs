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
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, MessageType, Registration, RegistrationParams,
    WorkspaceFoldersChangeEvent, request::RegisterCapability,
};

use super::{Message, State};
use crate::{convert, progress::Reporter, watch::Watch};

/// One workspace.
pub(super) struct Root {
    /// The root of the workspace.
    pub(super) path: PathBuf,
    /// The client's folders that belong to it.
    pub(super) folders: BTreeSet<PathBuf>,
    /// The only file, if it is the workspace of a file outside all folders.
    pub(super) single: Option<PathBuf>,
    pub(super) workspace: Arc<RwLock<Workspace>>,
    /// Documents that the workspace knows as open.
    pub(super) open: BTreeSet<RelPath>,
    /// What it has not been told yet.
    pub(super) pending: Pending,
    /// Reports changes of the disk if the client does not; dropping it ends that.
    _watch: Option<Watch>,
}

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
}

impl State {
    /// The workspace that a path belongs to, by position, and the path in it. Of nested folders the innermost counts.
    pub(super) fn home(&self, path: &Path) -> Option<(usize, RelPath)> {
        let owns = |root: &&Root| root.single.as_deref().map_or_else(|| path.starts_with(&root.path), |it| it == path);
        let depth = |root: &Root| (root.single.is_none(), root.path.components().count());
        let (at, root) = self.roots.iter().enumerate().filter(|it| owns(&it.1)).max_by_key(|it| depth(it.1))?;
        Some((at, RelPath::of(path, &root.path)?))
    }

    /// Opens the workspace of a folder.
    pub(super) fn add_folder(&mut self, folder: &Path) {
        let path = workspace_root(folder);
        if let Some(root) = self.roots.iter_mut().find(|it| it.single.is_none() && it.path == path) {
            root.folders.insert(folder.to_owned());
            return;
        }
        let Some(workspace) = self.index(&path, None) else { return };
        let watch = (!self.session.watches_files).then(|| self.watch(&path));
        let root = Root {
            folders: BTreeSet::from([folder.to_owned()]),
            single: None,
            workspace: Arc::new(RwLock::new(workspace)),
            open: BTreeSet::new(),
            pending: Pending::default(),
            _watch: watch,
            path,
        };
        // Folders come first and in the client's order, which is what commands without a place go by.
        let at = self.roots.iter().take_while(|it| it.single.is_none()).count();
        self.roots.insert(at, root);
    }

    /// Opens a workspace for a file that belongs to no folder.
    pub(super) fn ensure_home(&mut self, path: &Path) {
        if self.home(path).is_some() {
            return;
        }
        let Some(folder) = path.parent() else { return };
        let Some(workspace) = self.index(folder, Some(path)) else { return };
        self.roots.push(Root {
            path: folder.to_owned(),
            folders: BTreeSet::new(),
            single: Some(path.to_owned()),
            workspace: Arc::new(RwLock::new(workspace)),
            open: BTreeSet::new(),
            pending: Pending::default(),
            _watch: None,
        });
    }

    /// Drops the workspace of a closed single file.
    pub(super) fn drop_single(&mut self, path: &Path) {
        self.roots.retain(|it| it.single.as_deref() != Some(path));
    }

    /// `workspace/didChangeWorkspaceFolders`. Open documents move to the workspace that they belong to now.
    pub(super) fn change_folders(&mut self, event: &WorkspaceFoldersChangeEvent) {
        self.interrupt();
        for folder in event.removed.iter().filter_map(|it| convert::file_path(&it.uri)) {
            for root in &mut self.roots {
                root.folders.remove(&folder);
            }
        }
        self.roots.retain(|it| it.single.is_some() || !it.folders.is_empty());
        for folder in event.added.iter().filter_map(|it| convert::file_path(&it.uri)) {
            self.add_folder(&folder);
        }
        let paths: Vec<PathBuf> = self.buffers.keys().cloned().collect();
        for path in &paths {
            self.ensure_home(path);
            let Some((home, _)) = self.home(path) else { continue };
            // Whoever had the document before must see the disk again.
            for (at, root) in self.roots.iter_mut().enumerate() {
                let Some(relative) = RelPath::of(path, &root.path) else { continue };
                if at != home && root.open.remove(&relative) {
                    root.workspace.write().apply(vec![Change::Close { path: relative }]);
                }
            }
            self.touch(path);
        }
        let homes: BTreeSet<usize> = paths.iter().filter_map(|it| self.home(it)).map(|it| it.0).collect();
        let mut at = 0;
        self.roots.retain(|it| {
            at += 1;
            it.single.is_none() || homes.contains(&(at - 1))
        });
        self.revision += 1;
        // For the client, no document was edited.
        self.refresh_later();
    }

    /// Reads a workspace again from the disk and the buffers.
    pub(super) fn reopen(&mut self, at: usize) {
        self.interrupt();
        let Some((path, single)) = self.roots.get(at).map(|it| (it.path.clone(), it.single.clone())) else { return };
        let Some(workspace) = self.index(&path, single.as_deref()) else {
            // Without a workspace there are no findings; saying so is better than leaving old ones.
            let root = self.roots.remove(at);
            let documents = root.open.iter().map(|it| root.path.join(it.as_str()));
            tracing::error!(root = %root.path.display(), documents = documents.count(), "the workspace is gone");
            return;
        };
        let documents: Vec<PathBuf> = self.buffers.keys().cloned().collect();
        if let Some(root) = self.roots.get_mut(at) {
            root.workspace = Arc::new(RwLock::new(workspace));
            root.open.clear();
            root.pending = Pending::default();
        }
        for path in documents.iter().filter(|it| self.home(it).is_some_and(|it| it.0 == at)).cloned().collect::<Vec<_>>() {
            self.touch(&path);
        }
        self.revision += 1;
        // For the client, no document was edited.
        self.refresh_later();
    }

    /// Indexes a workspace and shows progress.
    fn index(&self, path: &Path, only: Option<&Path>) -> Option<Workspace> {
        let bar = if self.session.progress && only.is_none() {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            Reporter::new(&self.outbox, format!("archwright/index/{}", path.display()), format!("Archwright: reading {name}"))
        } else {
            Reporter::silent()
        };
        let place = match only {
            Some(file) => Place::File { folder: path.to_owned(), path: file.to_owned() },
            None => Place::Folder(path.to_owned()),
        };
        let report = |it: Progress| bar.report(percentage(&it), || format!("{} of {} files", it.done, it.total));
        match catch_unwind(AssertUnwindSafe(|| Workspace::open(OpenOptions::server(place), &report))) {
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

    fn watch(&self, path: &Path) -> Watch {
        let (sender, outbox, name) = (self.sender.clone(), self.outbox.clone(), path.display().to_string());
        let ready = move || outbox.log(MessageType::LOG, format_args!("watching {name}"));
        let report = move |seen| {
            // The actor is gone only when the session is over.
            let _ = sender.send(Message::Disk(seen));
        };
        Watch::start(path.to_owned(), ready, report)
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

/// The root that a folder of the client belongs to: the enclosing Archwright workspace, so that the editor sees what the command
/// line sees, or else the folder. A git root alone is no reason to read more than the user opened.
fn workspace_root(folder: &Path) -> PathBuf {
    let root = discover(folder).folder().to_owned();
    let marked = || ["archwright.toml", "docs/features", "docs/system"].iter().any(|it| root.join(it).exists());
    if folder.starts_with(&root) && marked() { root } else { folder.to_owned() }
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
