//! The files that a compared document refers to, directly and through each other.

use std::{collections::VecDeque, sync::Arc};

use archwright_asyncapi::{Documents, Opened, ReferenceKind};
use archwright_syntax::{
    FileType, Span,
    data::{self, Tree},
};
use elsa::FrozenMap;
use percent_encoding::percent_decode_str;
use rustc_hash::FxHashSet;

use super::NamedText;
use crate::{RelPath, facts::refers_elsewhere};

/// How many files of one document are followed.
const MAX_FILES: usize = 1_000;

/// A file that a document refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// The way to it from the folder of the document.
    pub way: RelPath,
    /// The path as it is shown.
    pub name: String,
    /// What it says.
    pub text: Arc<str>,
}

/// The files that the text of an AsyncAPI document or a JSON Schema refers to, as far as `read` has them. `name` tells
/// how a path is shown.
pub(super) fn companions(
    path: &RelPath,
    text: &Arc<str>,
    read: impl Fn(&RelPath) -> Option<Arc<str>>,
    name: impl Fn(&RelPath) -> String,
) -> Vec<Companion> {
    let mut found = Vec::new();
    let mut seen = FxHashSet::default();
    let own = RelPath::new(path.name());
    seen.insert(own.clone());
    let mut open = VecDeque::from([(own, text.clone())]);
    while let Some((from, text)) = open.pop_front() {
        let Some(format) = data::Format::of_path(from.as_str()).filter(|_| refers_elsewhere(&text)) else { continue };
        let tree = data::parse(text, format);
        for reference in archwright_asyncapi::references(&tree) {
            let Some(way) = way(&from, &reference.target.text).filter(|it| seen.insert(it.clone())) else { continue };
            let at = path.parent().join(way.as_str());
            let Some(text) = read(&at).filter(|_| found.len() < MAX_FILES) else { continue };
            found.push(Companion { way: way.clone(), name: name(&at), text: text.clone() });
            open.push_back((way, text));
        }
    }
    found
}

/// The way to the file that a reference means, if it means one.
fn way(from: &RelPath, reference: &str) -> Option<RelPath> {
    let file = reference.split('#').next().filter(|it| !it.is_empty() && !it.starts_with('/'))?;
    let is_file = ReferenceKind::of(reference) == ReferenceKind::File;
    is_file.then(|| percent_decode_str(file).decode_utf8().ok().map(|it| from.parent().join(&it))).flatten()
}

/// Where a text refers to a file, by itself or through others.
pub(super) fn reference_to(named: &NamedText, file: &str) -> Option<Span> {
    let name = named.name.rsplit('/').next().unwrap_or(&named.name);
    let own = RelPath::new(name);
    let mut seen = FxHashSet::default();
    // With each file the reference of the text that led there.
    let mut open: VecDeque<(RelPath, Arc<str>, Option<Span>)> = VecDeque::from([(own, named.text.clone(), None)]);
    while let Some((from, text, first)) = open.pop_front() {
        let Some(format) = data::Format::of_path(from.as_str()).filter(|_| refers_elsewhere(&text)) else { continue };
        let tree = data::parse(text, format);
        for reference in archwright_asyncapi::references(&tree) {
            let Some(way) = way(&from, &reference.target.text).filter(|it| seen.insert(it.clone())) else { continue };
            let Some(companion) = named.companions.iter().find(|it| it.way == way) else { continue };
            let first = first.unwrap_or(reference.target.span);
            if companion.name == file {
                return Some(first);
            }
            open.push_back((way, companion.text.clone(), Some(first)));
        }
    }
    None
}

/// What the references of a document lead to.
pub(super) struct Files<'a> {
    companions: &'a [Companion],
    trees: FrozenMap<RelPath, Box<Tree>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(companions: &'a [Companion]) -> Self {
        Self { companions, trees: FrozenMap::new() }
    }

    /// The file at the end of a way, which may go through folders and back.
    pub(super) fn find(&self, way: &str) -> Option<&'a Companion> {
        let way = RelPath::new("").join(way);
        self.companions.iter().find(|it| it.way == way)
    }
}

impl Documents for Files<'_> {
    fn open(&self, reference: &str) -> Opened<'_> {
        let Some(companion) = self.find(reference) else { return Opened::Unknown };
        if let Some(tree) = self.trees.get(&companion.way) {
            return Opened::Tree(tree);
        }
        match data::Format::of_path(companion.way.as_str()) {
            Some(format) => {
                let tree = Box::new(data::parse(companion.text.clone(), format));
                Opened::Tree(self.trees.insert(companion.way.clone(), tree))
            }
            None => Opened::Other,
        }
    }

    fn text(&self, reference: &str) -> Option<&str> {
        self.find(reference).filter(|it| it.way.file_type() == Some(FileType::Protobuf)).map(|it| &*it.text)
    }
}
