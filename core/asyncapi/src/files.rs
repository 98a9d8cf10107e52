//! Where the references of schemas lead: within the document, into other files, and to schemas with an `$id`.

use std::{cell::RefCell, rc::Rc};

use archwright_schema::{Identified, Identifiers, instance::Resolve};
use archwright_syntax::data::{Node, Tree};
use percent_encoding::percent_decode_str;
use rustc_hash::FxHashMap;

use crate::references::{ReferenceKind, Target, target};
use crate::validation::{Declared, Documents, Opened};

/// The document and the files it refers to. Nothing is read but what [`Documents`] hands out.
pub(crate) struct Files<'t> {
    root: Node<'t>,
    pub(crate) documents: &'t dyn Documents,
    /// The way to each opened file, as the document would write it.
    opened: RefCell<FxHashMap<*const Tree, String>>,
    /// The roots of the files that references have meant, by the tree they stand in.
    roots: RefCell<FxHashMap<(*const Tree, &'t str), Option<Node<'t>>>>,
    /// What the schemas of each tree call themselves.
    identifiers: RefCell<FxHashMap<*const Tree, Rc<Identifiers<'t>>>>,
}

impl<'t> Files<'t> {
    pub(crate) fn new(root: Node<'t>, documents: &'t dyn Documents) -> Self {
        Self { root, documents, opened: RefCell::default(), roots: RefCell::default(), identifiers: RefCell::default() }
    }

    /// The place of a node for a message; nothing for what stands in no file.
    pub(crate) fn place(&self, node: Node<'_>) -> Option<String> {
        /// Longer places hide the message.
        const MAX_PLACE: usize = 160;
        let file = if is_of(self.root, node) {
            String::new()
        } else {
            self.opened.borrow().get(&std::ptr::from_ref(node.tree())).cloned()?
        };
        let pointer = node.pointer();
        (pointer.len() <= MAX_PLACE).then(|| format!("{file}#{pointer}"))
    }

    /// The way to the file that a node stands in, as the document would write it; nothing for the document itself.
    pub(crate) fn way(&self, tree: *const Tree) -> Option<String> {
        self.opened.borrow().get(&tree).cloned()
    }

    /// The node behind references; `None` when that is not known.
    pub(crate) fn follow(&self, node: Node<'t>) -> Option<Node<'t>> {
        /// Longer chains than people write.
        const MAX_HOPS: usize = 16;
        let mut node = node;
        for _ in 0..MAX_HOPS {
            let Some(reference) = node.get("$ref") else { return Some(node) };
            node = self.resolve(node, reference.as_str()?)?;
        }
        None
    }

    /// The text of the file of another kind that a reference of a node means.
    pub(crate) fn text(&self, from: Node<'t>, reference: &str) -> Option<&'t str> {
        let file = reference.split('#').next().filter(|_| ReferenceKind::of(reference) == ReferenceKind::File)?;
        self.ways(from, file).iter().find_map(|it| self.documents.text(it))
    }

    /// The root of the file that a reference of a node means.
    pub(crate) fn file(&self, from: Node<'t>, file: &'t str) -> Option<Node<'t>> {
        let key = (std::ptr::from_ref(from.tree()), file);
        if let Some(known) = self.roots.borrow().get(&key) {
            return *known;
        }
        let [plain, decoded] = self.ways(from, file);
        let tree = [&plain, &decoded].into_iter().find_map(|it| match self.documents.open(it) {
            Opened::Tree(tree) => Some(tree),
            Opened::Other | Opened::Folder | Opened::Unknown | Opened::Missing => None,
        });
        if let Some(tree) = tree {
            self.opened.borrow_mut().entry(std::ptr::from_ref(tree)).or_insert(plain);
        }
        let root = tree.and_then(Tree::root);
        self.roots.borrow_mut().insert(key, root);
        root
    }

    /// The way to the file that a reference of a node means, as the document would write it.
    pub(crate) fn way_to(&self, from: Node<'t>, file: &str) -> String {
        let [plain, decoded] = self.ways(from, file);
        if self.documents.text(&plain).is_some() { plain } else { decoded }
    }

    /// A file as the document would write it, plain and with its escapes decoded.
    fn ways(&self, from: Node<'t>, file: &str) -> [String; 2] {
        let known = self.opened.borrow().get(&std::ptr::from_ref(from.tree())).cloned().unwrap_or_default();
        let folder = known.rsplit_once('/').map_or("", |it| it.0);
        let is_whole = file.starts_with('/') || folder.is_empty();
        let way = if is_whole { file.to_owned() } else { format!("{folder}/{file}") };
        let decoded = percent_decode_str(&way).decode_utf8_lossy().into_owned();
        [way, decoded]
    }

    /// What the schemas of a tree call themselves.
    fn identifiers(&self, root: Node<'t>) -> Rc<Identifiers<'t>> {
        let tree = std::ptr::from_ref(root.tree());
        if let Some(known) = self.identifiers.borrow().get(&tree) {
            return Rc::clone(known);
        }
        let found = Rc::new(Identifiers::of(root));
        self.identifiers.borrow_mut().insert(tree, Rc::clone(&found));
        found
    }

    /// What a reference names by what schemas call themselves.
    pub(crate) fn by_identifier(&self, from: Node<'t>, reference: &str) -> Option<Node<'t>> {
        let home = from.tree().root()?;
        let own = self.identifiers(home);
        if let Identified::Here(node) = own.resolve(from, reference) {
            return Some(node);
        }
        // Another file may mean a schema of the document by its whole address.
        let address = own.address(from, reference)?;
        let fragment = reference.split_once('#').map_or("", |it| it.1);
        if !is_of(self.root, home)
            && let Identified::Here(node) = self.identifiers(self.root).by_address(&format!("{address}#{fragment}"))
        {
            return Some(node);
        }
        self.declared(from, &address, fragment)
    }

    /// What an address and a fragment in it name in another file, by what a schema there calls itself.
    fn declared(&self, from: Node<'t>, address: &str, fragment: &str) -> Option<Node<'t>> {
        let way = if counts_from_nothing(address) {
            None
        } else {
            let [_, decoded] = self.ways(from, address);
            // A file that is there is what its way means.
            if matches!(self.documents.open(&decoded), Opened::Tree(_) | Opened::Other) {
                return None;
            }
            Some(decoded)
        };
        let Declared::In(file) = self.documents.declared(way.as_deref().unwrap_or(address)) else { return None };
        let Opened::Tree(tree) = self.documents.open(&file) else { return None };
        self.opened.borrow_mut().entry(std::ptr::from_ref(tree)).or_insert_with(|| file.clone());
        let identifiers = self.identifiers(tree.root()?);
        let named = |it: &str| identifiers.by_address(&format!("{it}#{fragment}"));
        let found = match &way {
            None => named(address),
            Some(way) => named(identifiers.addresses().find(|it| within(folder_of(&file), it) == within("", way))?),
        };
        match found {
            Identified::Here(node) => Some(node),
            Identified::Missing | Identified::Elsewhere(_) => None,
        }
    }
}

impl<'t> Resolve<'t> for Files<'t> {
    fn resolve(&self, from: Node<'t>, reference: &'t str) -> Option<Node<'t>> {
        // Parts that were put together from several stand for the document.
        let is_known = is_of(self.root, from) || self.opened.borrow().contains_key(&std::ptr::from_ref(from.tree()));
        let (home, from) = if is_known { (from.tree().root()?, from) } else { (self.root, self.root) };
        if let Some(node) = self.by_identifier(from, reference) {
            return Some(node);
        }
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if file.is_empty() {
            return self.part(home, fragment);
        }
        match ReferenceKind::of(reference) {
            ReferenceKind::File => self.part(self.file(from, file)?, fragment),
            ReferenceKind::Local | ReferenceKind::Remote => None,
        }
    }
}

impl<'t> Files<'t> {
    /// A place in a file, by its way or by its name.
    fn part(&self, root: Node<'t>, fragment: &str) -> Option<Node<'t>> {
        match fragment {
            "" | "/" => Some(root),
            _ if fragment.starts_with('/') => match target(root, &format!("#{fragment}")) {
                Target::Node(node) => Some(node),
                Target::Elsewhere | Target::Missing => None,
            },
            name => self.identifiers(root).anchor(name),
        }
    }
}

/// Whether an address means the same wherever it is written: it begins with a scheme, or at a root.
pub(crate) fn counts_from_nothing(address: &str) -> bool {
    address.starts_with('/') || ReferenceKind::of(address) == ReferenceKind::Remote
}

/// The folder of a way.
pub(crate) fn folder_of(way: &str) -> &str {
    way.rsplit_once('/').map_or("", |it| it.0)
}

/// A way that counts from a folder, without its dots.
pub(crate) fn within(folder: &str, way: &str) -> String {
    let mut parts: Vec<&str> = if way.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in way.split('/') {
        match part {
            ".." if parts.last().is_some_and(|it| !it.is_empty() && *it != "..") => drop(parts.pop()),
            "." => {}
            _ => parts.push(part),
        }
    }
    parts.retain(|it| !it.is_empty());
    parts.join("/")
}

/// Whether a node stands in the tree of another.
pub(crate) fn is_of(root: Node<'_>, node: Node<'_>) -> bool {
    std::ptr::eq(root.tree(), node.tree())
}
