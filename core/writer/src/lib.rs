//! The writer: the only code that changes files of a workspace. All of a change happens or nothing.
//!
//! A change goes through four stages, and the first refusal or failure undoes what was done before it:
//!
//! 1. **Names** are judged without looking at a file ([`checked_path`], protected places, portability).
//! 2. **Check**: each file is read through folder handles that cannot leave the root, its hash compared with the one
//!    the edit was computed from, and the new content computed. Nothing has been written so far.
//! 3. **Stage**: all that will be done is written to the journal, missing folders are made, and each new content is
//!    written to a temporary file beside its target and brought to the disk.
//! 4. **Commit**: each file is exchanged with its new content by one rename, and what was swapped out is compared with
//!    what was checked; a save of somebody else that came in between is swapped back and the change refused. A new file
//!    goes where nothing is. The former file stays beside it under a temporary name until all are done.
//!
//! **Invariant**: no file is ever written in place, so a reader sees the old content or the new one, and a hard link to
//! a file outside keeps its content.
//!
//! **Invariant**: a kill leaves files that are whole, temporary files named `.archwright-*.tmp` and a journal named
//! `.archwright-*.journal`, and the next change takes back what was begun (ADR-0015).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod attributes;
mod commit;
mod error;
mod exchange;
mod folders;
mod guard;
mod journal;
mod temporary;
#[cfg(all(test, unix))]
mod tests;
mod undo;

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Read},
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use archwright_syntax::TextEdits;
use cap_std::{ambient_authority, fs::Dir};
pub use error::{NameProblem, WriteError};
pub use guard::checked_path;

use archwright_model::{ContentHash, RelPath, WorkspaceEdit};

use self::{
    attributes::Attributes,
    folders::{Folder, Identity},
};

/// The largest file that is created, in bytes. Artifacts are a few kilobytes.
pub const MAX_CREATED_BYTES: usize = 1024 * 1024;

/// How long another process may hold the workspace before the writer gives up.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// Changes of one process take turns; the lock on the folder makes those of several processes do so.
static TURN: Mutex<()> = Mutex::new(());

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Each file whose content or place changed, by its new path, with the hash of its bytes now.
    pub written: Vec<(RelPath, ContentHash)>,
}

/// A moment while a change is written. Tests act on it, to see what happens then.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Everything was checked, nothing written.
    Checked,
    /// The content of this file is about to be written to a temporary file.
    Staging(&'a RelPath),
    /// Every temporary file lies beside its target.
    Staged,
    /// This file is about to be put in place.
    Committing(&'a RelPath),
    /// This file was put in place or taken away, and what it was before is about to be compared.
    Placed(&'a RelPath),
    /// All files are in place, their former content is still there.
    Committed,
    /// The change failed, and this file is about to be put back. An error is of no effect.
    Undoing(&'a RelPath),
}

/// Writes `edit` to the workspace at `root`.
///
/// # Errors
/// If the edit names a place outside the root or a protected one, does not fit what is on disk, or the operating system
/// refuses. All files are then as they were, unless the error is [`WriteError::HalfUndone`].
pub fn apply(root: &Path, edit: &WorkspaceEdit) -> Result<Applied, WriteError> {
    apply_watched(root, edit, &mut |_| Ok(()))
}

/// As [`apply`], telling `watch` each step; an error of it counts as one of the operating system.
#[doc(hidden)]
pub fn apply_watched(
    root: &Path,
    edit: &WorkspaceEdit,
    watch: &mut dyn FnMut(Step<'_>) -> io::Result<()>,
) -> Result<Applied, WriteError> {
    let requests = requests(edit)?;
    if requests.is_empty() {
        return Ok(Applied::default());
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let _lock = lock(root)?;
    let root = open(root)?;
    recover_leftovers(&root)?;
    let jobs = requests.iter().map(|it| check(&root, it)).collect::<Result<Vec<_>, _>>()?;
    distinct(&jobs)?;
    let changed: Vec<Job> = jobs.into_iter().filter(|it| it.changes).collect();
    commit::run(&root, &changed, watch)?;
    Ok(Applied { written: changed.into_iter().map(|it| (it.path, ContentHash::of(&it.bytes))).collect() })
}

/// Takes back what a run that was killed had begun in the workspace at `root`, or removes what it left behind if it was
/// done. [`apply`] does so too; who reads the workspace before should do it first. Says how many runs that were.
///
/// # Errors
/// If the workspace root cannot be opened or another process holds it for too long.
pub fn recover(root: &Path) -> Result<usize, WriteError> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let _lock = lock(root)?;
    recover_leftovers(&open(root)?)
}

fn recover_leftovers(root: &Dir) -> Result<usize, WriteError> {
    journal::recover(root).map_err(|error| WriteError::Root { doing: "look for leftovers in", error })
}

fn open(root: &Path) -> Result<Dir, WriteError> {
    Dir::open_ambient_dir(root, ambient_authority()).map_err(|error| WriteError::Root { doing: "open", error })
}

/// Looks whether [`apply`] would write `edit` to the workspace at `root`, and writes nothing.
///
/// # Errors
/// What [`apply`] would refuse before it writes anything.
pub fn verify(root: &Path, edit: &WorkspaceEdit) -> Result<(), WriteError> {
    let requests = requests(edit)?;
    let root = open(root)?;
    let jobs = requests.iter().map(|it| check(&root, it)).collect::<Result<Vec<_>, _>>()?;
    distinct(&jobs)
}

/// What [`apply`] would refuse of `edit` before it writes anything, one refusal for each file that is in the way.
///
/// # Errors
/// If the workspace root cannot be opened.
pub fn refusals(root: &Path, edit: &WorkspaceEdit) -> Result<Vec<WriteError>, WriteError> {
    let root = open(root)?;
    let (mut refused, mut jobs) = (Vec::new(), Vec::new());
    for part in edit.parts() {
        match requests(&part).and_then(|it| it.iter().map(|it| check(&root, it)).collect::<Result<Vec<_>, _>>()) {
            // The content is needed no more, and all of a large change would be much.
            Ok(checked) => jobs.extend(checked.into_iter().map(|it| Job { bytes: Vec::new(), ..it })),
            Err(error) => refused.push(error),
        }
    }
    if let Err(error) = distinct(&jobs) {
        refused.push(error);
    }
    Ok(refused)
}

/// What is asked for one file, its names judged.
struct Request<'a> {
    /// Where the content goes.
    path: &'a RelPath,
    kind: Kind<'a>,
}

enum Kind<'a> {
    Create(&'a str),
    Edit { base: ContentHash, edits: &'a TextEdits },
    Move { from: &'a RelPath, base: ContentHash, edits: Option<&'a TextEdits> },
}

/// One file to write, checked against the disk.
struct Job {
    /// Where the content goes.
    path: RelPath,
    /// `path` with all links followed.
    real: RelPath,
    /// The folder of `path`, if it exists.
    folder: Option<Identity>,
    /// What stands there now or, for a moved file, where it comes from.
    old: Option<Old>,
    bytes: Vec<u8>,
    /// Whether anything changes on disk.
    changes: bool,
}

/// The file that is replaced or moved.
struct Old {
    path: RelPath,
    real: RelPath,
    base: ContentHash,
    attributes: Attributes,
}

impl Job {
    /// Whether the content goes where no file is yet.
    fn is_new(&self) -> bool {
        self.old.as_ref().is_none_or(|it| it.path != self.path)
    }
}

/// The requests of `edit`, refused by their names where one is wrong.
fn requests(edit: &WorkspaceEdit) -> Result<Vec<Request<'_>>, WriteError> {
    let mut requests = Vec::new();
    for create in &edit.creates {
        guard::created(&create.path)?;
        guard::creatable(&create.path)?;
        let (bytes, limit) = (create.content.len(), MAX_CREATED_BYTES);
        if bytes > limit {
            return Err(WriteError::TooLarge { path: create.path.clone(), bytes, limit });
        }
        requests.push(Request { path: &create.path, kind: Kind::Create(&create.content) });
    }
    let mut edited = BTreeSet::new();
    for text in &edit.texts {
        guard::existing(&text.path)?;
        if !edited.insert(&text.path) {
            return Err(WriteError::Conflict { path: text.path.clone() });
        }
        if !edit.renames.iter().any(|it| it.from == text.path) {
            requests.push(Request { path: &text.path, kind: Kind::Edit { base: text.base, edits: &text.edits } });
        }
    }
    for rename in &edit.renames {
        guard::existing(&rename.from)?;
        guard::created(&rename.to)?;
        if !rename.from.extension().eq_ignore_ascii_case(rename.to.extension()) {
            guard::creatable(&rename.to)?;
        }
        let text = edit.texts.iter().find(|it| it.path == rename.from);
        if let Some(text) = text.filter(|it| it.base != rename.base) {
            return Err(WriteError::Conflict { path: text.path.clone() });
        }
        let kind = Kind::Move { from: &rename.from, base: rename.base, edits: text.map(|it| &it.edits) };
        requests.push(Request { path: &rename.to, kind });
    }
    Ok(requests)
}

/// Looks at the disk for one request; writes nothing.
fn check(root: &Dir, request: &Request<'_>) -> Result<Job, WriteError> {
    let path = request.path;
    let folder = Folder::of(root, path)?;
    let real = folder.real_path(path);
    writable(&folder.dir, path)?;
    let identity = folder.identity().map_err(WriteError::io(path, "look at a folder"))?;
    let identity = Some(identity).filter(|_| folder.missing.is_empty());
    let job = |old, bytes, changes| Job { path: path.clone(), real, folder: identity, old, bytes, changes };
    let free = |folder: &Folder| {
        let found = if folder.missing.is_empty() { folders::look(&folder.dir, path)? } else { None };
        let Some(found) = found else { return Ok(()) };
        // What is no file stays in the way however often it is looked at, so it is named.
        folders::regular(&found, path)?;
        Err(WriteError::Exists { path: path.clone() })
    };
    match request.kind {
        Kind::Create(content) => {
            free(&folder)?;
            Ok(job(None, content.as_bytes().to_vec(), true))
        }
        Kind::Edit { base, edits } => {
            let (old, text) = read(&folder, path, base)?;
            let bytes = edited(path, &text, Some(edits))?;
            let changes = bytes != text.as_bytes();
            Ok(job(Some(old), bytes, changes))
        }
        Kind::Move { from, base, edits } => {
            free(&folder)?;
            let source = Folder::of(root, from)?;
            writable(&source.dir, from)?;
            let (old, text) = read(&source, from, base)?;
            Ok(job(Some(old), edited(from, &text, edits)?, true))
        }
    }
}

/// Reads the file that an edit was computed from, and refuses any other content.
fn read(folder: &Folder, path: &RelPath, base: ContentHash) -> Result<(Old, String), WriteError> {
    if !folder.missing.is_empty() {
        return Err(WriteError::Missing { path: path.clone() });
    }
    let (mut file, metadata) = folders::open_file(&folder.dir, path.name(), path)?;
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly { path: path.clone(), what: "the file" });
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(WriteError::io(path, "read the file"))?;
    let found = ContentHash::of(&bytes);
    // No edit is computed from bytes that are no text, so this comes before the comparison: reading again would not
    // help.
    let text = String::from_utf8(bytes).map_err(|_| WriteError::NotText { path: path.clone() })?;
    if found != base {
        return Err(WriteError::Changed { path: path.clone(), expected: base, found });
    }
    Ok((
        Old { path: path.clone(), real: folder.real_path(path), base, attributes: Attributes::of(&file, metadata) },
        text,
    ))
}

fn edited(path: &RelPath, text: &str, edits: Option<&TextEdits>) -> Result<Vec<u8>, WriteError> {
    match edits {
        None => Ok(text.as_bytes().to_vec()),
        Some(edits) => {
            edits.apply(text).map(String::into_bytes).map_err(|error| WriteError::Edit { path: path.clone(), error })
        }
    }
}

/// A write-protected folder is meant to stay as it is, even where the operating system would let us (as it lets root).
fn writable(dir: &Dir, path: &RelPath) -> Result<(), WriteError> {
    let metadata = dir.dir_metadata().map_err(WriteError::io(path, "look at a folder"))?;
    // On Windows the flag of a folder says nothing about the files in it.
    let protected = cfg!(unix) && metadata.permissions().readonly();
    if protected { Err(WriteError::ReadOnly { path: path.clone(), what: "its folder" }) } else { Ok(()) }
}

/// Refuses two jobs on one file, also where links make two names of it.
fn distinct(jobs: &[Job]) -> Result<(), WriteError> {
    let mut places: Vec<(&RelPath, &RelPath)> = jobs.iter().map(|it| (&it.real, &it.path)).collect();
    places.extend(jobs.iter().filter(|it| it.is_new()).filter_map(|it| it.old.as_ref()).map(|it| (&it.real, &it.path)));
    places.sort_unstable();
    match places.array_windows().find(|[a, b]| a.0 == b.0) {
        Some([_, (_, path)]) => Err(WriteError::Conflict { path: (*path).clone() }),
        None => Ok(()),
    }
}

/// Holds the root for this process until the file is dropped, where the system can lock a folder.
fn lock(root: &Path) -> Result<Option<fs::File>, WriteError> {
    let failed = |doing| move |error| WriteError::Root { doing, error };
    if !cfg!(unix) {
        return Ok(None);
    }
    let file = fs::File::open(root).map_err(failed("open"))?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) if start.elapsed() < LOCK_PATIENCE => {
                thread::sleep(Duration::from_millis(2));
            }
            Err(fs::TryLockError::WouldBlock) => return Err(failed("lock")(io::ErrorKind::ResourceBusy.into())),
            // Some network file systems have no locks; the hashes still protect.
            Err(fs::TryLockError::Error(_)) => return Ok(None),
        }
    }
}
