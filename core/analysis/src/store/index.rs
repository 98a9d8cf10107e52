//! The index: which files say something under which key, kept up to date by delta.
//!
//! A key names something that several files talk about: a path, a channel, a feature. A file's facts list the keys it
//! contributes to, each with a hash of what it says there. Replacing a file's facts compares the two lists, and only
//! keys whose hash changed are reported as changed. Spans are no part of a hash, so that moving text changes no key.
//!
//! **Invariant**: the index after any sequence of replacements equals the index built from the final facts.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::RelPath;

/// A file of a workspace. Stays the same while the workspace is open, also across deletion and creation of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub(crate) u32);

impl FileId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What several files can talk about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Whether a file or folder exists at the path.
    Path(RelPath),
    /// The files with this name, in whatever folder.
    Name(SmolStr),
    /// The files directly in this folder.
    Folder(RelPath),
    /// The heading anchors of a file.
    Anchors(RelPath),
    /// The whole text of a file; read by findings that point into it.
    Text(RelPath),
    /// The artifacts of a feature.
    Feature(SmolStr),
    /// The decision records of a folder, by number.
    Decisions(RelPath),
    /// What a decision record says of its status and of what it supersedes.
    Decision(RelPath),
    /// What files say of a channel.
    Channel(SmolStr),
    /// The links and references (`$ref`) of other files that lead to a file or folder.
    References(RelPath),
    /// The channels that have a contract.
    Contracts,
    /// The names of the channels among a feature's boundary contracts; nobody speaks where there are none.
    Boundaries(SmolStr),
    /// The system concerns of a feature as its design states them.
    Concerns(SmolStr),
    /// The fields of a feature's README that the catalog repeats.
    Readme(SmolStr),
    /// The features that have a README.
    Readmes,
    /// The features that the catalog lists.
    Catalog,
    /// The artifacts that a feature's README lists.
    Listing(SmolStr),
}

impl Key {
    /// The hash under which reads of the key are remembered. A collision costs a needless re-run, nothing else.
    pub(crate) fn id(&self) -> u64 {
        hash_of(self)
    }
}

/// The hash of any value, for [`Entry::hash`].
pub fn hash_of(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// One thing that a file says under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// About what.
    pub key: Key,
    /// A hash of what is said. Everything that a rule may read through the key goes into it, but no span.
    pub hash: u64,
}

/// Keys to the files that contribute to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    contributors: FxHashMap<Key, SmallVec<[FileId; 2]>>,
}

impl Index {
    /// Replaces what a file says. Both lists must be sorted by key. Calls `changed` with each key whose content is new.
    pub fn replace(&mut self, file: FileId, old: &[Entry], new: &[Entry], mut changed: impl FnMut(&Key)) {
        let (mut old, mut new) =
            (old.chunk_by(|a, b| a.key == b.key).peekable(), new.chunk_by(|a, b| a.key == b.key).peekable());
        loop {
            let order = match (old.peek().and_then(|it| it.first()), new.peek().and_then(|it| it.first())) {
                (None, None) => return,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(a), Some(b)) => a.key.cmp(&b.key),
            };
            match order {
                std::cmp::Ordering::Less => {
                    if let Some(entry) = old.next().and_then(|it| it.first()) {
                        self.remove(&entry.key, file);
                        changed(&entry.key);
                    }
                }
                std::cmp::Ordering::Greater => {
                    if let Some(entry) = new.next().and_then(|it| it.first()) {
                        self.insert(entry.key.clone(), file);
                        changed(&entry.key);
                    }
                }
                std::cmp::Ordering::Equal => {
                    let (Some(before), Some(after)) = (old.next(), new.next()) else { return };
                    if let (false, Some(entry)) = (before == after, after.first()) {
                        changed(&entry.key);
                    }
                }
            }
        }
    }

    /// The files that contribute to a key, in order of their id.
    pub fn contributors(&self, key: &Key) -> &[FileId] {
        self.contributors.get(key).map_or(&[], |it| it)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.contributors.len()
    }

    /// Whether no file says anything.
    pub fn is_empty(&self) -> bool {
        self.contributors.is_empty()
    }

    /// Room for `additional` more keys.
    pub(crate) fn reserve(&mut self, additional: usize) {
        self.contributors.reserve(additional);
    }

    fn insert(&mut self, key: Key, file: FileId) {
        let files = self.contributors.entry(key).or_default();
        // While a workspace loads, files come in order.
        if files.last().is_none_or(|it| *it < file) {
            files.push(file);
        } else if let Err(at) = files.binary_search(&file) {
            files.insert(at, file);
        }
    }

    fn remove(&mut self, key: &Key, file: FileId) {
        let Some(files) = self.contributors.get_mut(key) else { return };
        files.retain(|it| *it != file);
        if files.is_empty() {
            self.contributors.remove(key);
        }
    }
}
