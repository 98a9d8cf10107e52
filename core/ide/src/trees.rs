//! Trees of YAML and JSON files, and where references lead in them, key by key.

use std::{cell::RefCell, ops::Range, rc::Rc, sync::Arc};

use archwright_schema::Identifiers;
use archwright_syntax::{
    Span, Spanned,
    data::{self, Format, Node, NodeId, Tree},
    pointer,
};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use archwright_engine::{Workspace, store::Declared};
use archwright_model::{
    FileId, RelPath,
    facts::{FileFacts, counts_from_nothing, file_of_reference, name_of_address, split_reference},
};
use archwright_rules::evolution::keys_of_users;

/// The trees that one question needs, each parsed once.
pub(super) struct Trees<'w> {
    pub(super) workspace: &'w Workspace,
    parsed: RefCell<FxHashMap<FileId, Option<Arc<Tree>>>>,
    /// The references of each file that name a schema by what it calls itself, by their places, and those schemas.
    identified: RefCell<FxHashMap<FileId, Identified>>,
}

/// Where references lead that name a schema by what it calls itself, by the places where these are written: to the part
/// of a file that has a name of its own, and from there by a pointer.
type Identified = Rc<FxHashMap<u32, (FileId, NodeId)>>;

/// A key of a mapping, or an item of a list: where something has the name by which references reach it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Declaration {
    pub(super) file: FileId,
    /// The key with its quotes, or the item.
    pub(super) key: Span,
}

/// One token of a pointer.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Its place in the text of the reference.
    pub(super) token: Range<usize>,
    /// The key that it names.
    pub(super) declared: Declaration,
}

/// The way of a reference.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// The file in which it ends.
    pub(super) file: FileId,
    /// Where it ends.
    pub(super) node: NodeId,
    /// Its tokens. Those in front may lie in other files, where the way leads through references.
    pub(super) steps: Vec<Step>,
}

/// So many references may lie on one way.
const MAX_HOPS: u32 = 16;

impl<'w> Trees<'w> {
    pub(super) fn new(workspace: &'w Workspace) -> Self {
        Self { workspace, parsed: RefCell::default(), identified: RefCell::default() }
    }

    /// The tree of a YAML or JSON file, whatever it is about.
    pub(super) fn of(&self, file: FileId) -> Option<Arc<Tree>> {
        if let Some(asyncapi) = self.workspace.facts(file).and_then(FileFacts::asyncapi) {
            return Some(Arc::clone(&asyncapi.tree));
        }
        if let Some(known) = self.parsed.borrow().get(&file) {
            return known.clone();
        }
        let format = Format::of_path(self.workspace.path(file).as_str());
        let tree = format.and_then(|it| Some(Arc::new(data::parse(self.workspace.text(file)?, it))));
        self.parsed.borrow_mut().insert(file, tree.clone());
        tree
    }

    /// Where a reference in a file leads; `None` if it leads to nothing or out of the workspace. The way may lead
    /// through other references: below a channel that is one, it goes on where that leads.
    pub(super) fn way(&self, from: FileId, reference: &str) -> Option<Way> {
        self.way_within(from, reference, &mut MAX_HOPS.clone())
    }

    /// The same for a reference that is written at a place of the file, where it may name a schema by its `$id` or
    /// `$anchor`.
    pub(super) fn way_of(&self, from: FileId, reference: &Spanned) -> Option<Way> {
        let identified = self.identified(from);
        let Some((file, node)) = identified.get(&reference.span.start).copied() else {
            return self.way(from, &reference.text);
        };
        let start = Way { file, node, steps: Vec::new() };
        if file == from || !split_reference(&reference.text).1.starts_with('/') {
            return Some(start);
        }
        self.below(start, &reference.text, &mut MAX_HOPS.clone())
    }

    /// Whether a reference names a schema by what it calls itself.
    pub(super) fn is_identified(&self, file: FileId, reference: &Spanned) -> bool {
        self.identified(file).contains_key(&reference.span.start)
    }

    /// Whether a reference in a file means something in another one, or in the file itself.
    pub(super) fn leads_to(&self, from: FileId, reference: &Spanned, path: &RelPath) -> bool {
        match self.identified(from).get(&reference.span.start) {
            Some(found) => self.workspace.path(found.0) == path,
            None => file_of_reference(self.workspace.path(from), &reference.text).as_ref() == Some(path),
        }
    }

    /// The files with references to a file.
    pub(super) fn sources(&self, path: &RelPath) -> Vec<FileId> {
        let keys = keys_of_users(path, self.workspace.file(path).and_then(|it| self.workspace.facts(it)));
        let mut found: Vec<_> = keys.iter().flat_map(|it| self.workspace.index().contributors(it)).copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn identified(&self, file: FileId) -> Identified {
        if let Some(known) = self.identified.borrow().get(&file) {
            return Rc::clone(known);
        }
        let found = self.of(file).and_then(|it| Some(self.identified_below(file, it.root()?)));
        let found = Rc::new(found.unwrap_or_default());
        self.identified.borrow_mut().insert(file, Rc::clone(&found));
        found
    }

    fn identified_below(&self, file: FileId, root: Node<'_>) -> FxHashMap<u32, (FileId, NodeId)> {
        let (mut found, mut elsewhere) = (FxHashMap::default(), FxHashMap::<FileId, Vec<_>>::default());
        let path = self.workspace.path(file);
        let identifiers = Identifiers::of(root);
        for value in archwright_asyncapi::reference_values(root) {
            let Some(reference) = Spanned::of_scalar(value) else { continue };
            let (at, text) = (reference.span.start, reference.text.as_str());
            // A pointer that means the same from the root can be followed token by token.
            let from_root = || root.resolve(text.strip_prefix('#').filter(|it| it.starts_with('/'))?);
            if let archwright_schema::Identified::Here(node) = identifiers.resolve(value, text) {
                if from_root() != Some(node) {
                    found.insert(at, (file, node.id()));
                }
                continue;
            }
            let Some(address) = identifiers.address(value, text) else { continue };
            let name = name_of_address(path, &address);
            let beside = file_of_reference(path, text);
            if !counts_from_nothing(&name) && beside.as_ref().is_some_and(|it| self.workspace.exists(it)) {
                continue;
            }
            match self.workspace.declared(&name) {
                // By its path it can be followed token by token.
                Declared::In(_, other) if beside.as_ref() == Some(other) => {}
                Declared::In(other, _) => elsewhere.entry(other).or_default().push((at, name, reference.text)),
                Declared::Nowhere | Declared::Several => {}
            }
        }
        for (other, references) in elsewhere {
            let Some(tree) = self.of(other) else { continue };
            let Some(root) = tree.root() else { continue };
            let (path, identifiers) = (self.workspace.path(other), Identifiers::of(root));
            let own: FxHashMap<SmolStr, &str> =
                identifiers.addresses().map(|it| (name_of_address(path, it), it)).collect();
            for (at, name, text) in references {
                let Some(own) = own.get(&name) else { continue };
                let fragment = Some(split_reference(&text).1).filter(|it| !it.starts_with('/')).unwrap_or_default();
                if let archwright_schema::Identified::Here(node) = identifiers.by_address(&format!("{own}#{fragment}"))
                {
                    found.insert(at, (other, node.id()));
                }
            }
        }
        found
    }

    fn way_within(&self, from: FileId, reference: &str, hops: &mut u32) -> Option<Way> {
        *hops = hops.checked_sub(1)?;
        let file = self.workspace.file(&file_of_reference(self.workspace.path(from), reference)?)?;
        let node = self.of(file)?.root()?.id();
        self.below(Way { file, node, steps: Vec::new() }, reference, hops)
    }

    /// Goes on from a place by the pointer of a reference.
    fn below(&self, start: Way, reference: &str, hops: &mut u32) -> Option<Way> {
        let Way { mut file, mut node, mut steps } = start;
        let mut tree = self.of(file)?;
        for token in tokens(reference)? {
            let name = decode(reference.get(token.clone())?)?;
            let (next, key) = loop {
                let here = tree.node(node);
                if let Some(found) = child(here, &name) {
                    break found;
                }
                let further = here.get("$ref").and_then(Node::as_str)?.to_owned();
                let way = self.way_within(file, &further, hops)?;
                (file, node) = (way.file, way.node);
                tree = self.of(file)?;
            };
            steps.push(Step { token, declared: Declaration { file, key } });
            node = next;
        }
        Some(Way { file, node, steps })
    }

    /// Where a way ends once nothing there is a reference any more; where it stops if one of them leads nowhere.
    pub(super) fn end(&self, mut way: Way) -> Way {
        for _ in 0..MAX_HOPS {
            let further = self.of(way.file).and_then(|it| Spanned::of_scalar(it.node(way.node).get("$ref")?));
            match further.and_then(|it| self.way_of(way.file, &it)) {
                Some(next) => way = next,
                None => break,
            }
        }
        way
    }

    /// The references of a file: what stands behind `$ref` and, as a pointer, in the mapping of a discriminator.
    pub(super) fn references(&self, file: FileId) -> Vec<Spanned> {
        let facts = self.workspace.facts(file);
        let (mut found, text) = match facts.and_then(|it| Some((it, it.asyncapi()?))) {
            Some((facts, asyncapi)) => {
                (asyncapi.outline.references.iter().map(|it| it.target.clone()).collect(), facts.text.clone())
            }
            None => {
                let Some(tree) = self.of(file) else { return Vec::new() };
                (
                    archwright_asyncapi::references(&tree).into_iter().map(|it| it.target).collect::<Vec<_>>(),
                    tree.text().into(),
                )
            }
        };
        if text.contains("discriminator")
            && let Some(tree) = self.of(file)
        {
            found.extend(super::names::mapping_references(&tree));
        }
        found
    }
}

/// The value and the place of what a name means in a mapping or list.
fn child(node: Node<'_>, name: &str) -> Option<(NodeId, Span)> {
    match node.entry(name) {
        Some(entry) => Some((entry.value.id(), entry.key_span)),
        None if node.items().len() > 0 => {
            let item = node.resolve(&format!("/{name}"))?;
            Some((item.id(), item.span()))
        }
        None => None,
    }
}

/// The places of a reference's pointer tokens; none if it means a whole file. `None` for anchors, which are no
/// pointers.
fn tokens(reference: &str) -> Option<Vec<Range<usize>>> {
    let (_, fragment) = split_reference(reference);
    if fragment.is_empty() {
        return Some(Vec::new());
    }
    let mut start = reference.len() - fragment.strip_prefix('/')?.len();
    let mut found = Vec::new();
    for token in reference.get(start..)?.split('/') {
        found.push(start..start + token.len());
        start += token.len() + 1;
    }
    Some(found)
}

/// A token as the key that it names (RFC 6901, sections 3 and 6).
pub(super) fn decode(token: &str) -> Option<String> {
    Some(pointer::unescape(&pointer::of_fragment(token)?).into_owned())
}
