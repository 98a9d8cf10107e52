//! Applying changes: what an edit, a close or a change on disk touches, and nothing else.

use std::sync::Arc;

use archwright_model::{
    RelPath, WorkspaceEdit, WorkspaceEditError,
    facts::{self, Loaded},
    key::{Entry, FileId, Key},
};
use rustc_hash::FxHashSet;

use super::{Workspace, dependencies::Dependencies, load};
use crate::store::{Files, Index, State, read};

/// From so many bytes on a text takes time to forget.
const LARGE: usize = 64 * 1024;

/// A change of the sources of a workspace.
#[derive(Clone, Debug)]
pub enum Change {
    /// An editor opens a file: from now on its buffer counts, not the disk.
    Open {
        /// The file.
        path: RelPath,
        /// The buffer.
        text: Arc<str>,
    },
    /// The buffer of an open file changes.
    Edit {
        /// The file.
        path: RelPath,
        /// The whole buffer.
        text: Arc<str>,
    },
    /// An editor closes a file: from now on the disk counts.
    Close {
        /// The file.
        path: RelPath,
    },
    /// Files or folders were created, changed or deleted on disk.
    Disk {
        /// Which.
        paths: Vec<RelPath>,
    },
    /// Everything may have changed: walk again.
    Rescan,
}

/// What changes did.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// Files whose findings were computed again, in order of id.
    pub files: Vec<FileId>,
    /// Whether the configuration changed, and with it possibly everything.
    pub rebuilt: bool,
}

/// So many paths of one batch are looked for one by one; of more, one walk finds all.
pub(super) const FEW: usize = 16;

/// The files that a walk lists, walked for at most once in a batch of changes.
#[derive(Default)]
pub(super) struct Listing {
    pub is_worth_it: bool,
    pub files: Option<Vec<RelPath>>,
}

impl Listing {
    fn files(&mut self, state: &State) -> &[RelPath] {
        self.files.get_or_insert_with(|| load::walk(&state.root, &state.config).files)
    }

    /// The files whose path begins so, in order.
    fn below(&mut self, prefix: &str, state: &State) -> Vec<RelPath> {
        let files = self.files(state);
        let first = files.partition_point(|it| it.as_str() < prefix);
        files.iter().skip(first).take_while(|it| it.as_str().starts_with(prefix)).cloned().collect()
    }

    /// Whether a walk lists a file.
    fn has(&mut self, path: &RelPath, state: &State) -> bool {
        if self.is_worth_it || self.files.is_some() {
            return self.files(state).binary_search(path).is_ok();
        }
        load::lists(&state.root, path, &state.config)
    }
}

impl Workspace {
    /// Applies changes and brings all findings up to date.
    pub fn apply(&mut self, changes: Vec<Change>) -> Changed {
        let mut run = FxHashSet::default();
        let mut rebuild = false;
        // With the files on disk, what is checked out may have changed; a keystroke changes nothing of that.
        let is_disk = changes.iter().any(|it| matches!(it, Change::Disk { .. }));
        if is_disk && self.state.base.refresh(&self.state.root) {
            run.extend(self.compared_files());
        }
        for change in changes {
            match change {
                Change::Open { path, text } | Change::Edit { path, text } => {
                    let id = self.state.files.intern(&path);
                    self.state.buffers.insert(id, text.clone());
                    rebuild |= self.is_config(&path);
                    if !rebuild {
                        self.present(id, true, &mut run);
                        let loaded = load::of_buffer(&path, text, &self.state.config);
                        self.replace(id, loaded, &mut run);
                    }
                }
                Change::Close { path } => {
                    let id = self.state.files.intern(&path);
                    self.state.buffers.remove(&id);
                    rebuild |= self.is_config(&path);
                    self.disk(&path, true, &mut Listing::default(), &mut run);
                }
                Change::Disk { paths } => {
                    let mut listing = Listing { is_worth_it: paths.len() > FEW, files: None };
                    for path in paths {
                        rebuild |= self.is_config(&path) || path.name() == ".gitignore" || path.name() == ".ignore";
                        self.disk(&path, false, &mut listing, &mut run);
                    }
                }
                Change::Rescan => rebuild = true,
            }
        }
        if rebuild {
            return self.rebuild();
        }
        run.extend(self.leading_to(&run));
        let mut files: Vec<FileId> = run.into_iter().collect();
        files.sort_unstable();
        self.check(&files);
        Changed { files, rebuilt: false }
    }

    /// Shows what would be: applies an edit in memory, calls `look`, and takes it back. Needs no write, and costs what
    /// the touched files cost.
    ///
    /// # Errors
    /// If the edit does not fit the files.
    pub fn what_if<T>(&mut self, edit: &WorkspaceEdit, look: impl FnOnce(&Self) -> T) -> Result<T, WorkspaceEditError> {
        let read = |path: &RelPath| self.file(path).and_then(|it| self.text(it)).map(|it| it.to_string());
        let previews = edit.preview(read)?;
        let mut back = Vec::new();
        let mut there = Vec::new();
        for preview in previews {
            let buffer = self.file(&preview.path).and_then(|it| self.state.buffers.get(&it).cloned());
            back.push(match buffer {
                Some(text) => Change::Edit { path: preview.path.clone(), text },
                None => Change::Close { path: preview.path.clone() },
            });
            there.push(Change::Edit { path: preview.path, text: preview.after.unwrap_or_default().into() });
        }
        self.apply(there);
        let seen = look(self);
        self.apply(back);
        Ok(seen)
    }

    pub(super) fn is_config(&self, path: &RelPath) -> bool {
        self.state.root.join(path.as_str()) == self.config_path
    }

    /// Starts again from the sources. The ids of files stay.
    fn rebuild(&mut self) -> Changed {
        let known: Vec<FileId> = self.state.files.tracked().map(|it| it.0).collect();
        let only: Vec<RelPath> =
            if self.state.single { known.iter().map(|it| self.path(*it).clone()).collect() } else { Vec::new() };
        for id in self.state.files.below(&RelPath::default()) {
            self.state.files.set_present(id, false);
        }
        for id in known {
            self.state.files.set_facts(id, None);
        }
        self.state.index = Index::default();
        self.findings.clear();
        self.of_code.clear();
        if let Some(dependencies) = &mut self.dependencies {
            *dependencies = Dependencies::default();
        }
        for id in self.state.buffers.keys().copied().collect::<Vec<_>>() {
            self.state.files.set_present(id, true);
        }
        if let Err(error) = self.load(&only, &|_| {}) {
            // The root was there when the workspace was opened; without it there is nothing to report on.
            tracing::warn!(%error, "the workspace cannot be read again");
        }
        Changed { files: self.files().collect(), rebuilt: true }
    }

    /// Brings one path up to date with the disk: a file, or all files below a folder.
    pub(super) fn disk(&mut self, path: &RelPath, closing: bool, listing: &mut Listing, run: &mut FxHashSet<FileId>) {
        if path.escapes() || self.state.config.excludes(path) {
            return;
        }
        let absolute = self.state.root.join(path.as_str());
        if absolute.is_dir() {
            // A folder that appeared: list it with the same rules as at the start.
            let prefix = format!("{path}/");
            let inside = listing.below(&prefix, &self.state);
            // A walk lists its files in order.
            let is_gone = |it: &FileId| inside.binary_search(self.path(*it)).is_err();
            let gone: Vec<FileId> = self.state.files.below(path).into_iter().filter(is_gone).collect();
            for id in gone {
                self.forget(id, run);
            }
            for path in inside {
                self.disk_file(&path, false, listing, run);
            }
        } else if std::fs::symlink_metadata(&absolute).is_ok() {
            self.disk_file(path, closing, listing, run);
        } else {
            for id in self.state.files.below(path) {
                self.forget(id, run);
            }
            self.changed_on_disk(path, run);
        }
    }

    /// A path came or went outside the table of files; links may lead to it or to a folder above it all the same.
    pub(super) fn changed_on_disk(&self, path: &RelPath, run: &mut FxHashSet<FileId>) {
        self.state.trees.forget(path);
        self.changed_key(&Key::Text(path.clone()), run);
        let mut path = path.clone();
        while !path.as_str().is_empty() {
            self.changed_key(&Key::Path(path.clone()), run);
            path = path.parent();
        }
    }

    fn disk_file(&mut self, path: &RelPath, closing: bool, listing: &mut Listing, run: &mut FxHashSet<FileId>) {
        let id = self.state.files.intern(path);
        // A file that the disk brings in counts only if opening afresh would see it: `.gitignore` may name it.
        let is_news = facts::is_of_interest(path, &self.state.config) && self.state.files.facts(id).is_none()
            || !self.state.files.exists(path);
        if (is_news || closing)
            && !self.state.single
            && !self.state.buffers.contains_key(&id)
            && !listing.has(path, &self.state)
        {
            self.forget(id, run);
            self.changed_on_disk(path, run);
            return;
        }
        self.present(id, true, run);
        if self.state.buffers.contains_key(&id) {
            return;
        }
        let loaded = if facts::is_of_interest(path, &self.state.config) {
            load::load_if_of_interest(&self.state.root, path, &self.state.config, read::load)
        } else {
            None
        };
        self.replace(id, loaded, run);
    }

    /// A file is gone from the disk. An open buffer keeps it alive.
    fn forget(&mut self, id: FileId, run: &mut FxHashSet<FileId>) {
        if !self.state.buffers.contains_key(&id) {
            self.present(id, false, run);
            self.replace(id, None, run);
        }
    }

    pub(super) fn present(&mut self, id: FileId, present: bool, run: &mut FxHashSet<FileId>) {
        let path = self.path(id).clone();
        let had_folder = |files: &Files, it: &RelPath| files.exists(it);
        let mut folders = Vec::new();
        let mut folder = path.parent();
        while !folder.as_str().is_empty() {
            folders.push((folder.clone(), had_folder(&self.state.files, &folder)));
            folder = folder.parent();
        }
        if !self.state.files.set_present(id, present) {
            return;
        }
        self.changed_key(&Key::Path(path.clone()), run);
        self.changed_key(&Key::Name(path.name().into()), run);
        self.changed_key(&Key::Folder(path.parent()), run);
        self.state.base.forget_moves(&path);
        self.changed_key(&Key::Moves, run);
        for (folder, before) in folders {
            if self.state.files.exists(&folder) != before {
                self.changed_key(&Key::Path(folder), run);
            }
        }
    }

    /// Replaces a file's facts and collects whose findings that touches.
    pub(super) fn replace(&mut self, id: FileId, loaded: Option<Loaded>, run: &mut FxHashSet<FileId>) {
        let path = self.path(id).clone();
        let new = loaded
            .filter(|_| facts::is_of_interest(&path, &self.state.config) && !self.state.config.excludes(&path))
            .map(|it| Box::new(facts::extract(&path, it, &self.state.config)));
        run.insert(id);
        self.state.trees.forget(&path);
        if self.state.base.forget_moves(&path) {
            self.changed_key(&Key::Moves, run);
        }
        self.changed_key(&Key::Text(path), run);
        let old = self.state.files.set_facts(id, new);
        let no_entries: &[Entry] = &[];
        let before = old.as_ref().map_or(no_entries, |it| &it.entries);
        let mut changed = Vec::new();
        let State { files, index, .. } = &mut self.state;
        let after = files.facts(id).map_or(no_entries, |it| &it.entries);
        index.replace(id, before, after, |key| changed.push(key.id()));
        if let Some(dependencies) = &self.dependencies {
            for key in changed {
                run.extend(dependencies.readers(key));
            }
        }
        // Nobody needs to wait until a large tree is given back.
        if let Some(old) = old.filter(|it| it.text.len() >= LARGE) {
            rayon::spawn(move || drop(old));
        }
    }

    fn changed_key(&self, key: &Key, run: &mut FxHashSet<FileId>) {
        if let Some(dependencies) = &self.dependencies {
            run.extend(dependencies.readers(key.id()));
        }
    }
}
