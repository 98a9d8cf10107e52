//! The files that a compared document refers to, directly and through each other.

use std::{cell::OnceCell, collections::VecDeque, sync::Arc};

use archwright_asyncapi::{Declared, Documents, Opened, ReferenceKind};
use archwright_model::{
    RelPath,
    facts::{counts_from_nothing, name_of_address, refers_elsewhere},
};
use archwright_schema::Identifiers;
use archwright_syntax::{
    FileType, Span, Spanned,
    data::{self, Tree},
};
use elsa::FrozenMap;
use percent_encoding::percent_decode_str;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::NamedText;

/// How many files of one document are followed.
const MAX_FILES: usize = 1_000;

/// Which of some files have schemas that call themselves by addresses, as the index would tell of a workspace.
pub(super) fn declared_among(
    files: &[RelPath],
    read: impl Fn(&RelPath) -> Option<Arc<str>>,
) -> impl Fn(&SmolStr) -> Option<RelPath> {
    // Most documents name nothing by an address.
    let names = OnceCell::new();
    move |name| {
        let names: &FxHashMap<SmolStr, Vec<RelPath>> = names.get_or_init(|| {
            let mut names: FxHashMap<SmolStr, Vec<RelPath>> = FxHashMap::default();
            for path in files {
                let tree = read(path).zip(data::Format::of_path(path.as_str())).map(|it| data::parse(it.0, it.1));
                let Some(root) = tree.as_ref().and_then(Tree::root) else { continue };
                for address in Identifiers::of(root).addresses() {
                    names.entry(name_of_address(path, address)).or_default().push(path.clone());
                }
            }
            names
        });
        match names.get(name).map(Vec::as_slice) {
            Some([only]) => Some(only.clone()),
            _ => None,
        }
    }
}

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

/// Whom a document asks for the files that it refers to.
pub struct Around<'a> {
    /// The text of a path relative to the root.
    pub read: &'a dyn Fn(&RelPath) -> Option<Arc<str>>,
    /// How a path is shown.
    pub name: &'a dyn Fn(&RelPath) -> String,
    /// The only file with a schema that calls itself by an address, as the index names it.
    pub declared: &'a dyn Fn(&SmolStr) -> Option<RelPath>,
}

/// Where the schemas are that references name by what these call themselves (`$id`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Addresses {
    /// The ways to their files from the folder of the document. An address that counts from a file is a way, too.
    found: FxHashMap<SmolStr, RelPath>,
    /// The same addresses, as the index names them.
    known: FxHashSet<SmolStr>,
    /// The addresses, as the index names them, that nobody declares, or several do.
    unknown: FxHashSet<SmolStr>,
}

impl Addresses {
    /// The addresses that were found, as the index names them.
    pub(super) fn names(&self) -> impl Iterator<Item = &SmolStr> {
        self.known.iter()
    }

    /// Whether it was looked for in vain.
    pub(crate) fn is_unknown(&self, name: &SmolStr) -> bool {
        self.unknown.contains(name)
    }
}

/// What a document takes from other files.
#[derive(Default)]
pub(super) struct Companions {
    pub files: Vec<Companion>,
    pub addresses: Addresses,
    /// How many more there are, which were not read.
    pub left_out: usize,
}

/// The files that the text of an AsyncAPI document or a JSON Schema refers to, as far as they can be read.
pub(super) fn companions(path: &RelPath, text: &Arc<str>, around: &Around<'_>) -> Companions {
    let mut found = Companions::default();
    let folder = path.parent();
    let (mut seen, mut asked, mut declaring) = (FxHashSet::default(), FxHashSet::default(), Declaring::default());
    let own = RelPath::new(path.name());
    seen.insert(own.clone());
    let mut open = VecDeque::from([(own, text.clone())]);
    while let Some((from, text)) = open.pop_front() {
        let Some(format) = data::Format::of_path(from.as_str()).filter(|_| refers_elsewhere(&text)) else { continue };
        let tree = data::parse(text, format);
        for Outward { way, name, .. } in outward(&tree, &folder, &from) {
            let declared = name.filter(|it| asked.insert(it.clone())).and_then(|name| {
                let is_beside = || way.as_ref().is_some_and(|it| (around.read)(&folder.join(it.as_str())).is_some());
                if !counts_from_nothing(&name) && is_beside() {
                    return None;
                }
                let at = (around.declared)(&name).filter(|it| declaring.has(it, &name, around.read));
                let Some(at) = at else {
                    found.addresses.unknown.insert(name);
                    return None;
                };
                let way = RelPath::new(&at.relative_to(&folder));
                found.addresses.known.insert(name.clone());
                found.addresses.found.insert(from_folder(&folder, name), way.clone());
                Some(way)
            });
            for way in way.into_iter().chain(declared) {
                if !seen.insert(way.clone()) {
                    continue;
                }
                if found.files.len() >= MAX_FILES {
                    found.left_out += 1;
                    continue;
                }
                let at = folder.join(way.as_str());
                let Some(text) = (around.read)(&at) else { continue };
                found.files.push(Companion { way: way.clone(), name: (around.name)(&at), text: text.clone() });
                open.push_back((way, text));
            }
        }
    }
    found
}

/// A reference that leads out of its file.
struct Outward {
    /// Where it stands.
    span: Span,
    /// The way to the file beside that it means, if that is how it is written.
    way: Option<RelPath>,
    /// How the index names the address that it means.
    name: Option<SmolStr>,
}

/// The references of a file that lead out of it; `folder` is that of the document which all ways count from.
fn outward(tree: &Tree, folder: &RelPath, from: &RelPath) -> Vec<Outward> {
    let Some(root) = tree.root() else { return Vec::new() };
    let identifiers = Identifiers::of(root);
    let at = folder.join(from.as_str());
    let of = |value: data::Node<'_>| {
        let text = value.as_str()?;
        let address = identifiers.address(value, text)?;
        let name = Some(name_of_address(&at, &address));
        Some(Outward { span: Spanned::of_scalar(value)?.span, way: way(from, text), name })
    };
    archwright_asyncapi::reference_values(root).into_iter().filter_map(of).collect()
}

/// An address as it is written in a folder.
fn from_folder(folder: &RelPath, name: SmolStr) -> SmolStr {
    if counts_from_nothing(&name) { name } else { RelPath::new(&name).relative_to(folder).into() }
}

/// What the schemas of files call themselves, as the index names it.
#[derive(Default)]
struct Declaring(FxHashMap<RelPath, FxHashSet<SmolStr>>);

impl Declaring {
    /// Whether a file has a schema that calls itself by an address.
    fn has(&mut self, path: &RelPath, name: &SmolStr, read: &dyn Fn(&RelPath) -> Option<Arc<str>>) -> bool {
        let names = || {
            let tree = data::parse(read(path)?, data::Format::of_path(path.as_str())?);
            let identifiers = Identifiers::of(tree.root()?);
            Some(identifiers.addresses().map(|it| name_of_address(path, it)).collect())
        };
        self.0.entry(path.clone()).or_insert_with(|| names().unwrap_or_default()).contains(name)
    }
}

/// The way to the file that a reference means, if it means one.
fn way(from: &RelPath, reference: &str) -> Option<RelPath> {
    let file = reference.split('#').next().filter(|it| !it.is_empty() && !it.starts_with('/'))?;
    let is_file = ReferenceKind::of(reference) == ReferenceKind::File;
    is_file.then(|| percent_decode_str(file).decode_utf8().ok().map(|it| from.parent().join(&it))).flatten()
}

/// Where a text refers to a file, by itself or through others.
pub(crate) fn reference_to(named: &NamedText, file: &str) -> Option<Span> {
    let name = named.name.rsplit('/').next().unwrap_or(&named.name);
    let own = RelPath::new(name);
    let mut seen = FxHashSet::default();
    // With each file the reference of the text that led there.
    let mut open: VecDeque<(RelPath, Arc<str>, Option<Span>)> = VecDeque::from([(own, named.text.clone(), None)]);
    while let Some((from, text, first)) = open.pop_front() {
        let Some(format) = data::Format::of_path(from.as_str()).filter(|_| refers_elsewhere(&text)) else { continue };
        let tree = data::parse(text, format);
        for reference in outward(&tree, &RelPath::new(""), &from) {
            let known = |name: &SmolStr| named.addresses.found.get(name).cloned();
            let ways = reference.way.into_iter().chain(reference.name.as_ref().and_then(known));
            for way in ways.filter(|it| seen.insert(it.clone())).collect::<Vec<_>>() {
                let Some(companion) = named.companions.iter().find(|it| it.way == way) else { continue };
                let first = first.unwrap_or(reference.span);
                if companion.name == file {
                    return Some(first);
                }
                open.push_back((way, companion.text.clone(), Some(first)));
            }
        }
    }
    None
}

/// What the references of a document lead to.
pub(super) struct Files<'a> {
    named: &'a NamedText,
    /// Where each of the companions is.
    places: FxHashMap<&'a RelPath, &'a Companion>,
    trees: FrozenMap<RelPath, Box<Tree>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(named: &'a NamedText) -> Self {
        let places = named.companions.iter().map(|it| (&it.way, it)).collect();
        Self { named, places, trees: FrozenMap::new() }
    }

    /// The file at the end of a way, which may go through folders and back.
    pub(super) fn find(&self, way: &str) -> Option<&'a Companion> {
        self.places.get(&RelPath::new("").join(way)).copied()
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

    fn declared(&self, address: &str) -> Declared {
        let name = name_of_address(&RelPath::new(""), address);
        self.named.addresses.found.get(&name).map_or(Declared::Nowhere, |it| Declared::In(it.to_string()))
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
            let around = Around { read: &|_| Some("{}".into()), name: &RelPath::to_string, declared: &|_| None };
            let found = companions(&RelPath::new("a.yaml"), &text, &around);
            (found.files.len(), found.left_out)
        };
        assert_eq!((of(1_000), of(1_003)), ((1_000, 0), (1_000, 3)));
    }

    #[test]
    fn a_file_may_be_named_by_what_its_schema_calls_itself() {
        let files = [
            ("s/customer.json", r#"{"$id": "https://x.example/customer.json", "$defs": {"a": {"$ref": "name.json"}}}"#),
            ("s/name.json", r#"{"$id": "https://x.example/name.json"}"#),
            ("s/plain.json", r#"{"$id": "../t/short.json"}"#),
        ];
        let read = |it: &RelPath| files.iter().find(|file| file.0 == it.as_str()).map(|it| it.1.into());
        let declared = |it: &SmolStr| {
            let path = match it.as_str() {
                "https://x.example/customer.json" => "s/customer.json",
                "https://x.example/name.json" => "s/name.json",
                "t/short.json" => "s/plain.json",
                // Said to be there by an index that knows better than the text.
                "urn:x:gone" => "s/name.json",
                _ => return None,
            };
            Some(RelPath::new(path))
        };
        let around = Around { read: &read, name: &RelPath::to_string, declared: &declared };
        let text = r#"{"$id": "https://x.example/order.json", "a": {"$ref": "customer.json#/$defs/a"}, "b": {"$ref": "urn:x:gone"}}"#;
        let named = NamedText::within(&RelPath::new("t/order.json"), text.into(), &around);
        let ways: Vec<_> = named.companions.iter().map(|it| it.way.as_str()).collect();
        assert_eq!(ways, ["../s/customer.json", "../s/name.json"]);
        assert!(named.addresses.is_unknown(&"urn:x:gone".into()));
        let files = Files::new(&named);
        assert_eq!(files.declared("https://x.example/name.json"), Declared::In("../s/name.json".to_owned()));
        let told = reference_to(&named, "s/name.json").map(|it| it.of(text));
        assert_eq!(told, Some("customer.json#/$defs/a"));

        let named =
            NamedText::within(&RelPath::new("t/order.json"), r#"{"a": {"$ref": "short.json"}}"#.into(), &around);
        assert_eq!(Files::new(&named).declared("./short.json"), Declared::In("../s/plain.json".to_owned()));
    }

    #[test]
    fn the_reference_that_leads_to_a_file_may_lead_through_others() {
        let files = [("b/one.yaml", "a: { $ref: two.yaml#/x }"), ("b/two.yaml", "x: 1"), ("gone.yaml", "")];
        let read = |it: &RelPath| files.iter().find(|file| file.0 == it.as_str()).map(|it| it.1.into());
        let text = "x: { $ref: gone.yaml }\ny: { $ref: 'b/one.yaml' }";
        let around = Around { read: &read, name: &RelPath::to_string, declared: &|_| None };
        let named = NamedText::within(&RelPath::new("a.yaml"), text.into(), &around);
        for file in ["b/one.yaml", "b/two.yaml"] {
            assert_eq!(reference_to(&named, file).map(|it| it.of(text)), Some("b/one.yaml"), "{file}");
        }
        assert_eq!(reference_to(&named, "c.yaml"), None);
    }
}
