//! Where the types are declared that code sends and receives.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{
    Edge,
    index::{Id, Index},
};
use crate::payload::Declared;

/// A type of messages, where code of the repository declares it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MessageType {
    /// The file that sends or receives it.
    pub used_in: SmolStr,
    /// What it is called there.
    pub name: SmolStr,
    /// Its declaration, and those of what it extends, as far as they are here.
    pub declared: Vec<Declared>,
}

/// The types of the messages of some edges. A name that several types have, none of which is in the file itself, is
/// not told.
pub(super) fn find(index: &Index<'_>, edges: &[Edge]) -> Vec<MessageType> {
    let places: FxHashMap<&str, usize> = index.files.iter().enumerate().map(|it| (it.1.path, it.0)).collect();
    let (mut found, mut seen) = (Vec::new(), FxHashSet::default());
    for edge in edges {
        let Some(name) = &edge.message else { continue };
        if !seen.insert((&edge.path, name)) {
            continue;
        }
        let file = places.get(edge.path.as_str());
        let Some(ty) = file.and_then(|file| only(index, name, *file)) else { continue };
        let declared = |id: Id| {
            let is_sure = only(index, &index.ty(id)?.name, id.file) == Some(id);
            let path = index.files.get(id.file).filter(|_| is_sure)?.path;
            Some(Declared { path: path.into(), name: index.ty(id)?.name.clone() })
        };
        let declared: Vec<Declared> = index.supertypes(ty).into_iter().filter_map(declared).collect();
        found.push(MessageType { used_in: edge.path.clone(), name: name.clone(), declared });
    }
    found
}

/// The type of a name: the only one, or that of the file itself.
fn only(index: &Index<'_>, name: &str, file: usize) -> Option<Id> {
    let is_declared = |it: &Id| index.ty(*it).is_some_and(|it| it.line > 0);
    let all: Vec<Id> = index.types_named(name, file).filter(is_declared).collect();
    match all.as_slice() {
        [only] => Some(*only),
        several => {
            let mut here = several.iter().filter(|it| it.file == file);
            here.next().filter(|_| here.next().is_none()).copied()
        }
    }
}
