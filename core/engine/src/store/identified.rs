//! Which file of the workspace has the schema that calls itself by an address (`$id`).

use archwright_model::{
    RelPath,
    facts::declared_once,
    key::{FileId, Key},
};
use smol_str::SmolStr;

use super::{Files, Index};

/// Who declares an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared<'a> {
    /// Nobody.
    Nowhere,
    /// One schema, in this file.
    In(FileId, &'a RelPath),
    /// Several schemas, so that nobody knows which one is meant.
    Several,
}

/// Who declares an address, by the name that the index has for it.
pub fn declared<'a>(files: &'a Files, index: &Index, name: &SmolStr) -> Declared<'a> {
    let key = Key::Identified(name.clone());
    match index.contributors(&key) {
        [] => Declared::Nowhere,
        [file] => {
            let facts = files.facts(*file);
            let entry = facts.and_then(|it| it.entries.get(it.entries.binary_search_by(|it| it.key.cmp(&key)).ok()?));
            match (entry, files.path(*file)) {
                (Some(entry), Some(path)) if entry.hash == declared_once() => Declared::In(*file, path),
                _ => Declared::Several,
            }
        }
        _ => Declared::Several,
    }
}
