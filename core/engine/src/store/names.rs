//! The files of one folder by what their names say, so that a dead link need not look at each of them.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use archwright_model::{
    RelPath,
    key::FileId,
    values::file_name::{folded, numbers, record_title},
};

/// See the head of the file. All lists are in the order of the paths.
#[derive(Debug, Default)]
pub struct FolderNames {
    names: FxHashMap<String, SmallVec<[FileId; 1]>>,
    titles: FxHashMap<String, SmallVec<[FileId; 1]>>,
    same_numbers: FxHashMap<String, SmallVec<[FileId; 1]>>,
}

impl FolderNames {
    pub(super) fn of<'p>(files: impl Iterator<Item = (FileId, &'p RelPath)>) -> Self {
        let mut files: Vec<_> = files.collect();
        files.sort_by_key(|it| it.1);
        let mut all = Self::default();
        for (file, path) in files {
            let name = path.name();
            all.names.entry(folded(name)).or_default().push(file);
            all.same_numbers.entry(joined(name)).or_default().push(file);
            if let Some(title) = record_title(name) {
                all.titles.entry(folded(title)).or_default().push(file);
            }
        }
        all
    }

    /// Those with a name that is this one without case and separators.
    pub fn called(&self, folded: &str) -> &[FileId] {
        self.names.get(folded).map_or(&[], |it| it)
    }

    /// Those of records that are about this, without case and separators.
    pub fn titled(&self, folded: &str) -> &[FileId] {
        self.titles.get(folded).map_or(&[], |it| it)
    }

    /// Those with the same numbers in their names.
    pub fn numbered(&self, name: &str) -> &[FileId] {
        self.same_numbers.get(&joined(name)).map_or(&[], |it| it)
    }
}

fn joined(name: &str) -> String {
    numbers(name).collect::<Vec<_>>().join("-")
}
