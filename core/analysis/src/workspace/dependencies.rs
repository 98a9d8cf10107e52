//! Which files' findings depend on which keys.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::index::FileId;

/// Which files read which keys.
#[derive(Debug, Default)]
pub(super) struct Dependencies {
    pub(super) readers: FxHashMap<u64, FxHashSet<FileId>>,
    reads: FxHashMap<FileId, Vec<u64>>,
}

impl Dependencies {
    /// Replaces what a file reads.
    pub(super) fn set(&mut self, file: FileId, reads: Vec<u64>) {
        let old = if reads.is_empty() { self.reads.remove(&file) } else { self.reads.insert(file, reads.clone()) }.unwrap_or_default();
        for key in old.iter().filter(|it| reads.binary_search(it).is_err()) {
            if let Some(readers) = self.readers.get_mut(key) {
                readers.remove(&file);
                if readers.is_empty() {
                    self.readers.remove(key);
                }
            }
        }
        for key in reads.into_iter().filter(|it| old.binary_search(it).is_err()) {
            self.readers.entry(key).or_default().insert(file);
        }
    }
}
