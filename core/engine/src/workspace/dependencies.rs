//! Which files' findings depend on which keys.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use archwright_model::key::FileId;

/// Which files read which keys. Most keys have one or two readers, so they stand in the table itself.
#[derive(Debug, Default)]
pub(super) struct Dependencies {
    readers: FxHashMap<u64, SmallVec<[FileId; 4]>>,
    /// The keys that each file reads, sorted, by the files' ids, which have no gaps.
    reads: Vec<Box<[u64]>>,
}

impl Dependencies {
    /// The files whose rules read a key.
    pub(super) fn readers(&self, key: u64) -> impl Iterator<Item = FileId> {
        self.readers.get(&key).into_iter().flatten().copied()
    }

    /// Replaces what a file reads; `reads` is sorted and has each key once.
    pub(super) fn set(&mut self, file: FileId, reads: Vec<u64>) {
        if self.reads.len() <= file.index() {
            self.reads.resize_with(file.index() + 1, Box::default);
        }
        let Some(place) = self.reads.get_mut(file.index()) else { return };
        let old = std::mem::replace(place, reads.into_boxed_slice());
        let reads = &*place;
        for key in old.iter().filter(|it| reads.binary_search(it).is_err()) {
            if let Some(readers) = self.readers.get_mut(key) {
                readers.retain(|it| *it != file);
                if readers.is_empty() {
                    self.readers.remove(key);
                }
            }
        }
        for key in reads.iter().filter(|it| old.binary_search(it).is_err()) {
            self.readers.entry(*key).or_default().push(file);
        }
    }
}
