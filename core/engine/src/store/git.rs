//! The git revisions below the open files and the disk: the text of a file at a commit, and what changed since.
//!
//! **Invariant**: no process is started and nothing is written; revisions from outside are parsed, never passed on.

mod base;
mod error;
mod history;
mod sound;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use gix::{ObjectId, Repository, ThreadSafeRepository, Tree, bstr::ByteSlice, object::Kind, objs::tree::EntryMode};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use archwright_model::RelPath;

pub use base::FoundBase;
pub(crate) use base::{BaseTarget, variable};
pub use error::GitError;
pub use history::CommitMessage;

/// Where the default branch is looked for, first match first.
const DEFAULT_BRANCHES: [&str; 5] = [
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
];

/// Bytes of git objects that one question may keep unpacked. A question walks the same few trees again and again.
const OBJECT_CACHE_BYTES: usize = 4 * 1024 * 1024;

/// A commit of the repository.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CommitId(ObjectId);

impl fmt::Display for CommitId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0.to_hex())
    }
}

/// The files of a commit, looked up folder by folder: a large repository has many that nobody asks for.
#[derive(Debug)]
pub struct FilesAt {
    repository: GitRepository,
    commit: CommitId,
    folders: Mutex<FxHashMap<RelPath, Arc<Entries>>>,
    all: Mutex<Option<Arc<Vec<RelPath>>>>,
}

/// The regular files of a folder by their names, with their hashes.
type Entries = FxHashMap<SmolStr, ObjectId>;

impl FilesAt {
    /// The commit.
    pub fn commit(&self) -> CommitId {
        self.commit
    }

    /// Whether a file existed.
    ///
    /// # Errors
    /// If objects are missing or broken.
    pub fn contains(&self, path: &RelPath) -> Result<bool, GitError> {
        self.entry(path).map(|it| it.is_some())
    }

    /// Whether a file had just this content, or did not exist.
    ///
    /// # Errors
    /// If objects are missing or broken.
    pub fn is_same(&self, path: &RelPath, bytes: &[u8]) -> Result<bool, GitError> {
        Ok(self.entry(path)?.is_none_or(|it| is_blob(it, bytes)))
    }

    /// What a file said; `None` if it did not exist.
    ///
    /// # Errors
    /// If objects are missing or broken.
    pub fn bytes(&self, path: &RelPath) -> Result<Option<Vec<u8>>, GitError> {
        let Some(id) = self.entry(path)? else { return Ok(None) };
        let object = self.repository.open().find_object(id).map(|it| it.detach().data);
        object.map(Some).map_err(GitError::read(format!("{path} at {}", self.commit)))
    }

    /// The regular files that were directly in a folder, in any order.
    ///
    /// # Errors
    /// If objects are missing or broken.
    pub fn folder(&self, folder: &RelPath) -> Result<Vec<RelPath>, GitError> {
        Ok(self.entries(folder)?.keys().map(|it| folder.join(it)).collect())
    }

    /// All regular files below the workspace root, sorted.
    ///
    /// # Errors
    /// If objects are missing or broken.
    pub fn all(&self) -> Result<Arc<Vec<RelPath>>, GitError> {
        if let Some(known) = self.all.lock().ok().and_then(|it| it.clone()) {
            return Ok(known);
        }
        let files = self.repository.files_at(&self.repository.open(), self.commit)?;
        let all: Arc<Vec<RelPath>> = Arc::new(files.into_keys().collect());
        if let Ok(mut kept) = self.all.lock() {
            *kept = Some(all.clone());
        }
        Ok(all)
    }

    fn entry(&self, path: &RelPath) -> Result<Option<ObjectId>, GitError> {
        if path.as_str().is_empty() || path.escapes() {
            return Ok(None);
        }
        Ok(self.entries(&path.parent())?.get(path.name()).copied())
    }

    fn entries(&self, folder: &RelPath) -> Result<Arc<Entries>, GitError> {
        if let Some(known) = self.folders.lock().ok().and_then(|it| it.get(folder).cloned()) {
            return Ok(known);
        }
        let entries = Arc::new(self.repository.folder_at(self.commit, folder)?);
        if let Ok(mut folders) = self.folders.lock() {
            folders.insert(folder.clone(), entries.clone());
        }
        Ok(entries)
    }
}

/// Whether bytes are those of a blob. Git may have written line feeds of the repository as line ends of the platform.
fn is_blob(id: ObjectId, bytes: &[u8]) -> bool {
    let same = |bytes: &[u8]| gix::objs::compute_hash(id.kind(), Kind::Blob, bytes).is_ok_and(|it| it == id);
    same(bytes) || bytes.find(b"\r\n").is_some() && same(&bytes.replace("\r\n", "\n"))
}

/// How a file differs between a commit and the working tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Difference {
    /// It exists now and did not exist then.
    Added,
    /// It has another content.
    Modified,
    /// It existed then and does not exist now.
    Removed,
}

/// The repository that holds a workspace. Cheap to share between threads.
#[derive(Clone)]
pub struct GitRepository {
    repository: ThreadSafeRepository,
    workdir: PathBuf,
    /// The workspace root, with symbolic links resolved.
    root: PathBuf,
    /// The workspace root as seen from the top of the working tree.
    prefix: RelPath,
}

impl fmt::Debug for GitRepository {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("GitRepository")
            .field("workdir", &self.workdir)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl GitRepository {
    /// The repository around the workspace root `path`, if there is one with a working tree.
    ///
    /// # Errors
    /// If there is a repository that cannot be opened.
    pub fn discover(path: &Path) -> Result<Option<Self>, GitError> {
        use gix::discover::upwards::Error as Nothing;
        let failed = |reason: String| GitError::Open { path: path.to_path_buf(), reason };
        let root = fs::canonicalize(path).map_err(|error| failed(error.to_string()))?;
        sound::look(&root)?;
        let repository = match ThreadSafeRepository::discover(&root) {
            Ok(it) => it,
            Err(error) => {
                return match error.downcast_any_ref::<Nothing>() {
                    Some(Nothing::NoTrustedGitRepository { .. }) | None => Err(failed(error.to_string())),
                    Some(_) => Ok(None),
                };
            }
        };
        let Some(workdir) = repository.to_thread_local().workdir().map(Path::to_path_buf) else { return Ok(None) };
        let workdir = fs::canonicalize(&workdir).map_err(|error| failed(error.to_string()))?;
        let prefix = RelPath::of(&root, &workdir);
        Ok(prefix.map(|prefix| Self { repository, workdir, root, prefix }))
    }

    /// The top of the working tree; the workspace root is this folder or lies below it.
    pub fn workdir(&self) -> &Path {
        &self.workdir
    }

    /// The commit that `revision` names: a branch, a tag, a hash, `HEAD~2`.
    ///
    /// # Errors
    /// [`GitError::UnknownRevision`] if it names none.
    pub fn resolve(&self, revision: &str) -> Result<CommitId, GitError> {
        let unknown =
            |error: gix::Error| GitError::UnknownRevision { revision: revision.to_owned(), reason: error.to_string() };
        let repository = self.open();
        let object = repository.rev_parse_single(revision).and_then(|it| it.object()).map_err(unknown)?;
        let commit = object.peel_to_kind(Kind::Commit).map_err(unknown)?;
        Ok(CommitId(commit.id))
    }

    /// The commit that is checked out.
    ///
    /// # Errors
    /// [`GitError::NoCommit`] in a new repository.
    pub fn head(&self) -> Result<CommitId, GitError> {
        self.open().head_id().map(|it| CommitId(it.detach())).map_err(|_| GitError::NoCommit)
    }

    /// The best common ancestor of `HEAD` and `commit`.
    ///
    /// # Errors
    /// [`GitError::NoMergeBase`] if there is none, as in a shallow clone.
    pub fn merge_base(&self, commit: CommitId) -> Result<CommitId, GitError> {
        self.merge_base_of(self.head()?, commit, &commit.to_string())
    }

    fn merge_base_of(&self, head: CommitId, commit: CommitId, name: &str) -> Result<CommitId, GitError> {
        let base = self.open().merge_base(head.0, commit.0).map(|it| it.map(|it| CommitId(it.detach())));
        base.map_err(GitError::read("the history"))?.ok_or_else(|| GitError::NoMergeBase { with: name.to_owned() })
    }

    /// The bytes of `path` (relative to the workspace root) at `commit`; `None` if no regular file was there.
    ///
    /// # Errors
    /// If objects are missing or broken.
    pub fn text_at(&self, commit: CommitId, path: &RelPath) -> Result<Option<Vec<u8>>, GitError> {
        let repository = self.open();
        let failed = || GitError::read(format!("{path} at {commit}"));
        let full = self.prefix.join(path.as_str());
        if path.as_str().is_empty() || path.escapes() {
            return Ok(None);
        }
        let tree = tree(&repository, commit)?;
        let entry = tree.lookup_entry(full.as_str().split('/')).map_err(failed())?;
        match entry.filter(|it| it.mode().is_blob()) {
            None => Ok(None),
            Some(entry) => entry.object().map(|it| Some(it.detach().data)).map_err(failed()),
        }
    }

    /// Every regular file below the workspace root at `commit`, sorted. Names that are not UTF-8 are left out.
    ///
    /// # Errors
    /// If objects are missing or broken.
    pub fn paths_at(&self, commit: CommitId) -> Result<Vec<RelPath>, GitError> {
        self.files_at(&self.open(), commit).map(|it| it.into_keys().collect())
    }

    /// The files below the workspace root at `commit`, to be asked about many times.
    pub fn list(&self, commit: CommitId) -> FilesAt {
        FilesAt { repository: self.clone(), commit, folders: Mutex::default(), all: Mutex::default() }
    }

    /// The regular files directly in a folder at `commit`; none if there was no such folder.
    fn folder_at(&self, commit: CommitId, folder: &RelPath) -> Result<Entries, GitError> {
        let repository = self.open();
        let failed = || GitError::read(format!("{folder} at {commit}"));
        let full = self.prefix.join(folder.as_str());
        let mut tree = tree(&repository, commit)?;
        if !full.as_str().is_empty() {
            let entry = tree.lookup_entry(full.as_str().split('/')).map_err(failed())?;
            let Some(entry) = entry.filter(|it| it.mode().is_tree()) else { return Ok(Entries::default()) };
            tree = entry.object().and_then(gix::Object::try_into_tree).map_err(failed())?;
        }
        let mut entries = Entries::default();
        for entry in tree.iter() {
            let entry = entry
                .map_err(|error| GitError::Read { what: format!("{folder} at {commit}"), reason: error.to_string() })?;
            if let Some(name) = entry.filename().to_str().ok().filter(|_| entry.mode().is_blob()) {
                entries.insert(name.into(), entry.object_id());
            }
        }
        Ok(entries)
    }

    /// How the working tree below the workspace root differs from `commit`, sorted by path: committed, staged and
    /// unstaged changes and new files that are not ignored.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn changed_since(&self, commit: CommitId) -> Result<Vec<(RelPath, Difference)>, GitError> {
        let repository = self.open();
        let then = self.files_at(&repository, commit)?;
        let index = repository.index_or_empty().map_err(GitError::read("the git index"))?;
        let entries = self.tracked(&index);
        let mut now = self.not_ignored();
        now.extend(entries.keys().filter(|it| self.is_file(it)).cloned());
        let mut changed: Vec<(RelPath, Difference)> =
            now.iter().filter(|it| !then.contains_key(*it)).map(|it| (it.clone(), Difference::Added)).collect();
        for (path, id) in &then {
            if !self.is_file(path) {
                changed.push((path.clone(), Difference::Removed));
            } else if !self.is_unchanged(path, *id, entries.get(path).copied(), &index)? {
                changed.push((path.clone(), Difference::Modified));
            }
        }
        changed.sort_unstable();
        Ok(changed)
    }

    /// How a commit differs from another below the workspace root, sorted by path.
    ///
    /// # Errors
    /// If objects are missing or broken.
    pub fn changed_between(&self, then: CommitId, now: CommitId) -> Result<Vec<(RelPath, Difference)>, GitError> {
        let repository = self.open();
        let (then, now) = (self.files_at(&repository, then)?, self.files_at(&repository, now)?);
        let mut changed: Vec<(RelPath, Difference)> = Vec::new();
        changed.extend(now.keys().filter(|it| !then.contains_key(*it)).map(|it| (it.clone(), Difference::Added)));
        for (path, id) in &then {
            match now.get(path) {
                None => changed.push((path.clone(), Difference::Removed)),
                Some(it) if it != id => changed.push((path.clone(), Difference::Modified)),
                Some(_) => {}
            }
        }
        changed.sort_unstable();
        Ok(changed)
    }

    /// A handle for one question.
    fn open(&self) -> Repository {
        let mut repository = self.repository.to_thread_local();
        repository.object_cache_size_if_unset(OBJECT_CACHE_BYTES);
        repository
    }

    fn files_at(&self, repository: &Repository, commit: CommitId) -> Result<BTreeMap<RelPath, ObjectId>, GitError> {
        self.at(repository, commit, |it| it.is_blob())
    }

    /// What a commit has below the workspace root, of some modes.
    fn at(
        &self,
        repository: &Repository,
        commit: CommitId,
        is_wanted: fn(EntryMode) -> bool,
    ) -> Result<BTreeMap<RelPath, ObjectId>, GitError> {
        let failed = || GitError::read(format!("the files at {commit}"));
        let mut top = tree(repository, commit)?;
        if !self.prefix.as_str().is_empty() {
            let entry = top.lookup_entry(self.prefix.as_str().split('/')).map_err(failed())?;
            let Some(entry) = entry.filter(|it| it.mode().is_tree()) else { return Ok(BTreeMap::new()) };
            top = entry.object().and_then(gix::Object::try_into_tree).map_err(failed())?;
        }
        let files = top.traverse().breadthfirst.files().map_err(failed())?;
        let files = files.into_iter().filter(|it| is_wanted(it.mode));
        Ok(files.filter_map(|it| Some((RelPath::new(it.filepath.to_str().ok()?), it.oid))).collect())
    }

    /// The files of the index below the workspace root.
    fn tracked<'a>(&self, index: &'a gix::index::File) -> BTreeMap<RelPath, &'a gix::index::Entry> {
        let prefix = if self.prefix.as_str().is_empty() { String::new() } else { format!("{}/", self.prefix) };
        let below = |path: &str| path.strip_prefix(prefix.as_str()).map(RelPath::new);
        index.entries().iter().filter_map(|it| Some((below(it.path(index).to_str().ok()?)?, it))).collect()
    }

    /// The files on disk below the workspace root that git does not ignore.
    fn not_ignored(&self) -> BTreeSet<RelPath> {
        self.on_disk(fs::FileType::is_file)
    }

    /// What is on disk below the workspace root, of one type, and not ignored by git.
    fn on_disk(&self, is_wanted: fn(&fs::FileType) -> bool) -> BTreeSet<RelPath> {
        let walk = ignore::WalkBuilder::new(&self.root)
            .hidden(false)
            .ignore(false)
            .filter_entry(|it| it.file_name() != ".git")
            .build();
        let files = walk.flatten().filter(|it| it.file_type().is_some_and(|it| is_wanted(&it)));
        files.filter_map(|it| RelPath::of(it.path(), &self.root)).collect()
    }

    fn is_file(&self, path: &RelPath) -> bool {
        fs::symlink_metadata(self.root.join(path.as_str())).is_ok_and(|it| it.is_file())
    }

    /// Whether the file on disk has the content `id`. The index answers for files that nobody touched since; only the
    /// others are read.
    fn is_unchanged(
        &self,
        path: &RelPath,
        id: ObjectId,
        entry: Option<&gix::index::Entry>,
        index: &gix::index::File,
    ) -> Result<bool, GitError> {
        let absolute = self.root.join(path.as_str());
        let failed = |reason: String| GitError::Read { what: path.to_string(), reason };
        let metadata = gix::index::fs::Metadata::from_path_no_follow(&absolute).map_err(|it| failed(it.to_string()))?;
        let stat = gix::index::entry::Stat::from_fs(&metadata).map_err(|it| failed(it.to_string()))?;
        let options =
            gix::index::entry::stat::Options { use_nsec: true, ..gix::index::entry::stat::Options::default() };
        // A file that changed in the moment the index was written may look untouched.
        let settled =
            |it: &&gix::index::Entry| it.stat.matches(&stat, options) && !it.stat.is_racy(index.timestamp(), options);
        if let Some(entry) = entry.filter(settled) {
            return Ok(entry.id == id);
        }
        let bytes = fs::read(&absolute).map_err(|it| failed(it.to_string()))?;
        Ok(is_blob(id, &bytes))
    }
}

fn tree(repository: &Repository, commit: CommitId) -> Result<Tree<'_>, GitError> {
    let found = repository.find_object(commit.0).and_then(gix::Object::peel_to_tree);
    found.map_err(GitError::read(format!("commit {commit}")))
}

#[cfg(test)]
mod tests;
