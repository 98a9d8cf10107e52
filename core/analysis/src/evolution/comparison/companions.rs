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
/// how a path is shown. With them how many more there are, which were not read.
pub(super) fn companions(
    path: &RelPath,
    text: &Arc<str>,
    read: impl Fn(&RelPath) -> Option<Arc<str>>,
    name: impl Fn(&RelPath) -> String,
) -> (Vec<Companion>, usize) {
    let (mut found, mut left_out) = (Vec::new(), 0);
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
            if found.len() >= MAX_FILES {
                left_out += 1;
                continue;
            }
            let Some(text) = read(&at) else { continue };
            found.push(Companion { way: way.clone(), name: name(&at), text: text.clone() });
            open.push_back((way, text));
        }
    }
    (found, left_out)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_not_read_are_counted() {
        let references =
            |count: usize| (0..count).map(|at| format!("- $ref: f{at}.yaml\n")).collect::<Vec<_>>().concat();
        let of = |count: usize| {
            let text: Arc<str> = references(count).into();
            let (found, left) = companions(&RelPath::new("a.yaml"), &text, |_| Some("{}".into()), RelPath::to_string);
            (found.len(), left)
        };
        assert_eq!((of(1_000), of(1_003)), ((1_000, 0), (1_000, 3)));
    }

    #[test]
    fn the_reference_that_leads_to_a_file_may_lead_through_others() {
        let files = [("b/one.yaml", "a: { $ref: two.yaml#/x }"), ("b/two.yaml", "x: 1"), ("gone.yaml", "")];
        let read = |it: &RelPath| files.iter().find(|file| file.0 == it.as_str()).map(|it| it.1.into());
        let text = "x: { $ref: gone.yaml }\ny: { $ref: 'b/one.yaml' }";
        let named = NamedText::new(&RelPath::new("a.yaml"), text.into(), read, RelPath::to_string);
        for file in ["b/one.yaml", "b/two.yaml"] {
            assert_eq!(reference_to(&named, file).map(|it| it.of(text)), Some("b/one.yaml"), "{file}");
        }
        assert_eq!(reference_to(&named, "c.yaml"), None);
    }
}
