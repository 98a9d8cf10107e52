//! The journal: what a change is about to do, on the disk before it is done, so that a later run can undo it when this
//! one is killed.
//!
//! It lies in the root as `.archwright-*.journal` while a change is written. Its first line names every file and every
//! temporary name; the lines after it say how far the change came.

use std::{
    fs::{self, TryLockError},
    io::{self, Read, Write},
};

use archwright_model::RelPath;
use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, OpenOptions};
use serde::{Deserialize, Serialize};

use super::{
    folders::{Folder, Identity},
    guard,
    temporary::{self, JOURNAL},
    undo,
};

/// The largest journal that is read, in bytes: some hundred thousand files.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Every temporary file is written, and exchanges begin.
const STAGED: &str = "staged\n";
/// Every file is in place; only temporary files are left to remove.
const DONE: &str = "done\n";

/// All that a change does.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Intent {
    /// Which folder the root is. A journal that came here in another way than by a run of ours names another.
    root: Option<(u64, u64)>,
    /// Folders that it makes, from the top down.
    pub folders: Vec<String>,
    pub items: Vec<Item>,
}

/// One file of a change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Item {
    /// Where the content goes.
    pub path: String,
    /// The hash of the content.
    pub new: String,
    /// The name beside `path` under which the content is written. After an exchange the former file has it.
    pub staged: String,
    pub old: Option<Former>,
}

/// The file that is replaced or moved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Former {
    pub path: String,
    /// The name beside `path` that it has until the change is done, where it is not exchanged.
    pub backup: String,
}

impl Item {
    /// Whether the content goes where no file is yet.
    pub fn is_new(&self) -> bool {
        self.old.as_ref().is_none_or(|it| it.path != self.path)
    }
}

/// A journal that this process writes. Its lock tells other processes that it is no leftover.
pub(super) struct Journal {
    name: String,
    file: fs::File,
}

impl Journal {
    /// Writes down what will be done. `None` where the root takes no file; then a kill leaves what it leaves.
    pub fn begin(root: &Dir, intent: &mut Intent) -> io::Result<Option<Self>> {
        intent.root = Some(Identity::of(&root.dir_metadata()?)?.numbers());
        let name = temporary::name(JOURNAL);
        let file = match root.open_with(&name, OpenOptions::new().write(true).create_new(true)) {
            Ok(file) => file.into_std(),
            Err(error)
                if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let mut journal = Self { name, file };
        let written = journal.start(root, intent);
        match written {
            Ok(()) => Ok(Some(journal)),
            Err(error) => {
                journal.end(root);
                Err(error)
            }
        }
    }

    fn start(&mut self, root: &Dir, intent: &Intent) -> io::Result<()> {
        // Where files cannot be locked, nobody takes the journal for a leftover.
        let _ = self.file.try_lock();
        let mut line = serde_json::to_vec(intent)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.file.sync_data()?;
        if let Err(error) = root.open(".").and_then(|it| it.sync_all()) {
            tracing::debug!(%error, "the root was not synchronised");
        }
        Ok(())
    }

    /// Notes that exchanges begin.
    pub fn staged(&mut self) -> io::Result<()> {
        self.note(STAGED)
    }

    /// Notes that the change is done.
    pub fn done(&mut self) -> io::Result<()> {
        self.note(DONE)
    }

    fn note(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(line.as_bytes())?;
        self.file.sync_data()
    }

    /// Takes the journal away: nothing is left to undo.
    pub fn end(self, root: &Dir) {
        if let Err(error) = root.remove_file(&self.name) {
            tracing::warn!(name = self.name, %error, "a journal was left behind");
        }
    }
}

/// Undoes or completes what runs that were killed left behind. Says how many changes that were.
pub(super) fn recover(root: &Dir) -> io::Result<usize> {
    let mut count = 0;
    for entry in root.entries()? {
        let name = entry?.file_name();
        let Some(name) = name.to_str().filter(|it| temporary::is_one(it, JOURNAL)) else { continue };
        match leftover(root, name) {
            Ok(true) => count += 1,
            Ok(false) => {}
            Err(error) => tracing::warn!(name, %error, "a journal cannot be read"),
        }
    }
    Ok(count)
}

fn leftover(root: &Dir, name: &str) -> io::Result<bool> {
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No).nonblock(true);
    let file = root.open_with(name, &options)?.into_std();
    if !file.metadata()?.is_file() {
        return Ok(false);
    }
    // A run that is alive holds it. Where files cannot be locked nobody can tell, so it stays.
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(false),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let mut text = String::new();
    (&file).take(MAX_BYTES).read_to_string(&mut text)?;
    let (intent, progress) = text.split_once('\n').unwrap_or((&text, ""));
    let Ok(intent) = serde_json::from_str::<Intent>(intent) else {
        // Killed while it was written, so nothing else was.
        root.remove_file(name)?;
        return Ok(false);
    };
    let here = Identity::of(&root.dir_metadata()?)?.numbers();
    if intent.root != Some(here) || !intent.is_ours() {
        return Ok(false);
    }
    let failed = if progress.contains(DONE) {
        undo::sweep(root, &intent);
        Vec::new()
    } else {
        undo::run(root, &intent, progress.contains(STAGED).then_some(0), &mut |_| {})
    };
    for file in failed {
        tracing::error!(file, "a file of a change that was interrupted could not be put back");
    }
    root.remove_file(name)?;
    Ok(true)
}

impl Intent {
    /// Whether every name is one that the writer itself would have chosen.
    fn is_ours(&self) -> bool {
        let is_allowed = |path: &str| guard::existing(&RelPath::new(path)).is_ok();
        self.folders.iter().all(|it| is_allowed(it))
            && self.items.iter().all(|it| {
                is_allowed(&it.path)
                    && temporary::is_one(&it.staged, temporary::FILE)
                    && it
                        .old
                        .as_ref()
                        .is_none_or(|it| is_allowed(&it.path) && temporary::is_one(&it.backup, temporary::FILE))
            })
    }
}

/// The folder of a path, if it is there.
pub(super) fn folder_of(root: &Dir, path: &RelPath) -> Option<Dir> {
    Folder::of(root, path).ok().filter(|it| it.missing.is_empty()).map(|it| it.dir)
}
