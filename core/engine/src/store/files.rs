//! The table of files: paths, ids, what exists, and the facts of those that are read.

use std::{collections::BTreeMap, ops::Bound, sync::OnceLock};

use archwright_model::{RelPath, facts::FileFacts, key::FileId};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use smol_str::SmolStr;

use super::FolderNames;

/// Files that have something in common; most often one or two have.
type Ids = SmallVec<[FileId; 2]>;

/// All files that are known, present or not.
#[derive(Debug, Default)]
pub struct Files {
    ids: FxHashMap<RelPath, FileId>,
    /// The files that are present, in order, so that those of a folder are found without a look at all others.
    order: BTreeMap<RelPath, FileId>,
    slots: Vec<Slot>,
    /// Files by name, in whatever folder.
    names: FxHashMap<SmolStr, Ids>,
    /// Files directly in a folder, and for each folder above one that has files an entry too.
    folders: FxHashMap<RelPath, Folder>,
}

#[derive(Debug)]
struct Slot {
    path: RelPath,
    present: bool,
    facts: Option<Box<FileFacts>>,
}

#[derive(Debug, Default)]
struct Folder {
    files: Ids,
    /// How many present files lie somewhere below.
    below: usize,
    /// The files by what their names say, once somebody asks.
    names: OnceLock<FolderNames>,
}

impl Files {
    /// The id of a path, new if it was never seen.
    pub fn intern(&mut self, path: &RelPath) -> FileId {
        if let Some(id) = self.ids.get(path) {
            return *id;
        }
        let id = FileId(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.ids.insert(path.clone(), id);
        self.slots.push(Slot { path: path.clone(), present: false, facts: None });
        id
    }

    /// The id of a path that was seen.
    pub fn id(&self, path: &RelPath) -> Option<FileId> {
        self.ids.get(path).copied()
    }

    /// The table's own copy of a path, if the path was seen.
    pub fn shared(&self, path: &RelPath) -> Option<&RelPath> {
        self.ids.get_key_value(path).map(|it| it.0)
    }

    /// The path of a file.
    pub fn path(&self, id: FileId) -> Option<&RelPath> {
        self.slots.get(id.index()).map(|it| &it.path)
    }

    /// The facts of a file that exists and is read.
    pub fn facts(&self, id: FileId) -> Option<&FileFacts> {
        self.slots.get(id.index())?.facts.as_deref()
    }

    /// Drops what can be made again of a file's facts.
    pub fn release(&mut self, id: FileId) {
        if let Some(facts) = self.slots.get_mut(id.index()).and_then(|it| it.facts.as_mut()) {
            facts.release();
        }
    }

    /// Replaces a file's facts and returns the old ones.
    pub fn set_facts(&mut self, id: FileId, facts: Option<Box<FileFacts>>) -> Option<Box<FileFacts>> {
        let slot = self.slots.get_mut(id.index())?;
        std::mem::replace(&mut slot.facts, facts)
    }

    /// Notes whether a file exists. Says whether that is news.
    pub fn set_present(&mut self, id: FileId, present: bool) -> bool {
        let Some(slot) = self.slots.get_mut(id.index()) else { return false };
        if slot.present == present {
            return false;
        }
        slot.present = present;
        let path = slot.path.clone();
        if present {
            self.order.insert(path.clone(), id);
        } else {
            self.order.remove(&path);
        }
        let names = self.names.entry(SmolStr::new(path.name())).or_default();
        let parent = path.parent();
        let folder = self.folders.entry(parent.clone()).or_default();
        folder.names.take();
        let siblings = &mut folder.files;
        for list in [names, siblings] {
            if present {
                list.push(id);
            } else {
                list.retain(|it| *it != id);
            }
        }
        let mut folder = parent;
        loop {
            let entry = self.folders.entry(folder.clone()).or_default();
            entry.below = if present { entry.below + 1 } else { entry.below.saturating_sub(1) };
            if folder.as_str().is_empty() {
                return true;
            }
            folder = folder.parent();
        }
    }

    /// Whether a file is present.
    pub fn is_present(&self, path: &RelPath) -> bool {
        self.id(path).and_then(|it| self.slots.get(it.index())).is_some_and(|it| it.present)
    }

    /// Whether a file is present, or a folder that has a present file somewhere below it.
    pub fn exists(&self, path: &RelPath) -> bool {
        self.is_present(path) || self.folders.get(path).is_some_and(|it| it.below > 0)
    }

    /// The present files with a name.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &RelPath> {
        self.names.get(name).into_iter().flatten().filter_map(|it| self.path(*it))
    }

    /// How many present files have a name.
    pub fn count_of_name(&self, name: &str) -> usize {
        self.names.get(name).map_or(0, SmallVec::len)
    }

    /// The present files directly in a folder by what their names say.
    pub fn folder_by_name(&self, folder: &RelPath) -> Option<&FolderNames> {
        let folder = self.folders.get(folder)?;
        let files = || folder.files.iter().filter_map(|it| Some((*it, self.path(*it)?)));
        Some(folder.names.get_or_init(|| FolderNames::of(files())))
    }

    /// The present files directly in a folder.
    pub fn folder(&self, folder: &RelPath) -> impl Iterator<Item = &RelPath> {
        self.folders.get(folder).into_iter().flat_map(|it| &it.files).filter_map(|it| self.path(*it))
    }

    /// The present files anywhere below a folder, and the folder's own path if it is one.
    pub fn below(&self, path: &RelPath) -> Vec<FileId> {
        let own = self.order.get(path).copied();
        let mut found: Vec<FileId> = own.into_iter().chain(self.inside(path)).collect();
        found.sort_unstable();
        found
    }

    /// The present files anywhere in a folder, in order of path.
    pub fn inside(&self, folder: &RelPath) -> impl Iterator<Item = FileId> + use<'_> {
        let prefix = if folder.as_str().is_empty() { String::new() } else { format!("{folder}/") };
        let range = self.order.range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded));
        range.take_while(move |it| it.0.as_str().starts_with(&prefix)).map(|it| *it.1)
    }

    /// All files with facts, in order of id.
    pub fn tracked(&self) -> impl Iterator<Item = (FileId, &FileFacts)> {
        self.with_ids().filter_map(|(id, slot)| Some((id, slot.facts.as_deref()?)))
    }

    fn with_ids(&self) -> impl Iterator<Item = (FileId, &Slot)> {
        self.slots.iter().enumerate().map(|(at, it)| (FileId(at as u32), it))
    }
}
