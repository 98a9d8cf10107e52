//! The index: which files say something under which key, kept up to date by delta.
//!
//! A key names something that several files talk about: a path, a channel, a feature. A file's facts list the keys it
//! contributes to, each with a hash of what it says there. Replacing a file's facts compares the two lists, and only
//! keys whose hash changed are reported as changed. Spans are no part of a hash, so that moving text changes no key.
//!
//! **Invariant**: the index after any sequence of replacements equals the index built from the final facts.

use std::{
    any::{Any, TypeId},
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use archwright_model::key::{Entry, FileId, Key};

/// Keys to the files that contribute to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    contributors: FxHashMap<Key, SmallVec<[FileId; 2]>>,
    /// The keys whose names editors complete, in order: all others are only asked for by name.
    names: BTreeSet<Key>,
    derived: Derived,
}

/// What rules made of all that stands under a key. It follows from the rest of the index, so that two indexes are equal
/// whatever was asked of them.
#[derive(Debug, Default)]
struct Derived(Mutex<FxHashMap<(Key, TypeId), Arc<dyn Any + Send + Sync>>>);

impl Clone for Derived {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Derived {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Derived {}

impl Derived {
    /// Forgets what was made of a key, because a file says something else of it.
    fn forget(&mut self, key: &Key) {
        if let Ok(known) = self.0.get_mut()
            && !known.is_empty()
        {
            known.retain(|it, _| it.0 != *key);
        }
    }
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
                        self.derived.forget(&entry.key);
                        self.remove(&entry.key, file);
                        changed(&entry.key);
                    }
                }
                std::cmp::Ordering::Greater => {
                    if let Some(entry) = new.next().and_then(|it| it.first()) {
                        self.derived.forget(&entry.key);
                        self.insert(entry.key.clone(), file);
                        changed(&entry.key);
                    }
                }
                std::cmp::Ordering::Equal => {
                    let (Some(before), Some(after)) = (old.next(), new.next()) else { return };
                    if let (false, Some(entry)) = (before == after, after.first()) {
                        self.derived.forget(&entry.key);
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

    /// What was made of all that stands under a key, or is made now. It must follow from that alone.
    pub(crate) fn derived<T: Any + Send + Sync>(&self, key: &Key, make: impl FnOnce() -> T) -> Arc<T> {
        let place = (key.clone(), TypeId::of::<T>());
        let known = self.derived.0.lock().ok().and_then(|it| it.get(&place).cloned());
        if let Some(known) = known.and_then(|it| it.downcast().ok()) {
            return known;
        }
        // Made while nobody waits; what two make at once is the same.
        let made = Arc::new(make());
        if let Ok(mut known) = self.derived.0.lock() {
            known.insert(place, made.clone());
        }
        made
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

#[cfg(test)]
mod tests {
    use archwright_model::RelPath;

    use super::*;

    #[test]
    fn what_was_made_of_a_key_is_kept_until_a_file_says_something_else() {
        let (one, other) = (Key::Folder(RelPath::new("a")), Key::Folder(RelPath::new("b")));
        let entry = |key: &Key, hash| Entry { key: key.clone(), hash };
        let mut index = Index::default();
        let count = |index: &Index, key: &Key| *index.derived(key, || index.contributors(key).len());
        index.replace(FileId(1), &[], &[entry(&one, 1)], |_| {});
        assert_eq!((count(&index, &one), count(&index, &other)), (1, 0));
        index.replace(FileId(2), &[], &[entry(&one, 1), entry(&other, 1)], |_| {});
        assert_eq!((count(&index, &one), count(&index, &other)), (2, 1));
        // Made anew for another content, and not for another file's.
        let made = |index: &Index, key: &Key| {
            let mut made = false;
            index.derived(key, || {
                made = true;
                index.contributors(key).len()
            });
            made
        };
        index.replace(FileId(2), &[entry(&one, 1), entry(&other, 1)], &[entry(&one, 2), entry(&other, 1)], |_| {});
        assert!(made(&index, &one) && !made(&index, &other));
        index.replace(FileId(1), &[entry(&one, 1)], &[], |_| {});
        assert_eq!((count(&index, &one), index == index.clone()), (1, true));
    }
}
