//! The index: which files say something under which key, kept up to date by delta.
//!
//! A key names something that several files talk about: a path, a channel, a feature. A file's facts list the keys it
//! contributes to, each with a hash of what it says there. Replacing a file's facts compares the two lists, and only
//! keys whose hash changed are reported as changed. Spans are no part of a hash, so that moving text changes no key.
//!
//! **Invariant**: the index after any sequence of replacements equals the index built from the final facts.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use archwright_model::key::{Entry, FileId, Key};

/// Keys to the files that contribute to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    contributors: FxHashMap<Key, SmallVec<[FileId; 2]>>,
    /// The keys whose names editors complete, in order: all others are only asked for by name.
    names: BTreeSet<Key>,
}

/// Whether a key stands for a name that editors complete.
fn is_completed(key: &Key) -> bool {
    matches!(key, Key::Channel(_) | Key::Term(_) | Key::Team(_))
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

    /// The channels, terms or teams from a key on, in order of their names; none for keys of other kinds.
    pub fn from<'i>(&'i self, key: &Key) -> impl Iterator<Item = &'i Key> + use<'i> {
        let kind = std::mem::discriminant(key);
        self.names.range(key..).take_while(move |it| std::mem::discriminant(*it) == kind)
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
        if is_completed(&key) && !self.contributors.contains_key(&key) {
            self.names.insert(key.clone());
        }
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
            self.names.remove(key);
        }
    }
}
