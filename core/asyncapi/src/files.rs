//! Where the references of schemas lead: within the document, into other files, and to schemas with an `$id`.

use std::cell::{OnceCell, RefCell};

use archwright_schema::instance::Resolve;
use archwright_syntax::data::{Node, Tree};
use percent_encoding::percent_decode_str;
use rustc_hash::FxHashMap;

use crate::references::{ReferenceKind, Target, target};
use crate::validation::{Documents, Opened};

/// How far up a schema with an `$id` is looked for.
const MAX_PARENTS: usize = 200;

/// How many places of `$id` are noted.
const MAX_IDS: usize = 10_000;

/// The document and the files it refers to. Nothing is read but what [`Documents`] hands out.
pub(crate) struct Files<'t> {
    root: Node<'t>,
    pub(crate) documents: &'t dyn Documents,
    /// The way to each opened file, as the document would write it.
    opened: RefCell<FxHashMap<*const Tree, String>>,
    /// The roots of the files that references have meant, by the tree they stand in.
    roots: RefCell<FxHashMap<(*const Tree, &'t str), Option<Node<'t>>>>,
    /// The schemas of the document with an `$id`.
    ids: OnceCell<FxHashMap<&'t str, Node<'t>>>,
}

impl<'t> Files<'t> {
    pub(crate) fn new(root: Node<'t>, documents: &'t dyn Documents) -> Self {
        Self { root, documents, opened: RefCell::default(), roots: RefCell::default(), ids: OnceCell::new() }
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
            Opened::Other | Opened::Unknown | Opened::Missing => None,
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

    /// The schema of the document with an `$id`.
    fn by_id(&self, id: &str) -> Option<Node<'t>> {
        let ids = self.ids.get_or_init(|| {
            let mut found = FxHashMap::default();
            if self.root.tree().text().contains("$id") {
                let mut stack = vec![self.root];
                while let Some(node) = stack.pop().filter(|_| found.len() < MAX_IDS) {
                    if let Some(id) = node.get("$id").and_then(Node::as_str) {
                        found.entry(id.trim_end_matches('#')).or_insert(node);
                    }
                    stack.extend(
                        node.written_entries().map(|it| it.value).chain(node.items()).filter(|it| !it.is_alias()),
                    );
                }
            }
            found
        });
        ids.get(id.trim_end_matches('#')).copied()
    }
}

impl<'t> Resolve<'t> for Files<'t> {
    fn resolve(&self, from: Node<'t>, reference: &'t str) -> Option<Node<'t>> {
        // Parts that were put together from several stand for the document.
        let is_known = is_of(self.root, from) || self.opened.borrow().contains_key(&std::ptr::from_ref(from.tree()));
        let home = if is_known { from.tree().root()? } else { self.root };
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if file.is_empty() {
            let local = if fragment.is_empty() || fragment.starts_with('/') { within(home, reference) } else { None };
            return local.or_else(|| within_base(base(from)?, reference, fragment));
        }
        let named = self.by_id(file).or_else(|| self.by_id(&beside(base(from)?.get("$id")?.as_str()?, file)));
        let there = match named {
            Some(node) => node,
            None if ReferenceKind::of(reference) == ReferenceKind::File => self.file(from, file)?,
            None => return None,
        };
        if fragment.is_empty() || fragment == "/" {
            Some(there)
        } else {
            within_base(there, reference.get(file.len()..)?, fragment)
        }
    }
}

/// Whether a node stands in the tree of another.
pub(crate) fn is_of(root: Node<'_>, node: Node<'_>) -> bool {
    std::ptr::eq(root.tree(), node.tree())
}

fn within<'t>(root: Node<'t>, fragment: &str) -> Option<Node<'t>> {
    match target(root, fragment) {
        Target::Node(node) => Some(node),
        Target::Elsewhere | Target::Missing => None,
    }
}

/// A place in a schema with an `$id`, by its way or by its name (JSON Schema draft-07, section 8.2.3, and `$anchor` of
/// later drafts).
fn within_base<'t>(base: Node<'t>, reference: &str, name: &str) -> Option<Node<'t>> {
    if name.is_empty() || name.starts_with('/') {
        return within(base, reference);
    }
    let schemas =
        ["definitions", "$defs", "properties"].into_iter().filter_map(|it| base.get(it)).flat_map(Node::entries);
    let text = |node: Node<'t>, key: &str| node.get(key).and_then(Node::as_str);
    let is_named = |it: &Node<'t>| text(*it, "$id") == Some(reference) || text(*it, "$anchor") == Some(name);
    schemas.map(|it| it.value).find(is_named)
}

/// The nearest schema around a node that has an `$id`, or the outermost that may be one.
fn base(from: Node<'_>) -> Option<Node<'_>> {
    let mut node = from;
    let mut outermost = None;
    for _ in 0..MAX_PARENTS {
        match node.get("$id").and_then(Node::as_str) {
            Some(id) if !id.starts_with('#') => return Some(node),
            _ => {}
        }
        if node.get("definitions").or_else(|| node.get("$defs")).is_some() {
            outermost = Some(node);
        }
        let Some(parent) = node.parent() else { break };
        node = parent;
    }
    outermost
}

/// A relative address beside another (RFC 3986, section 5.2, without dots).
fn beside(base: &str, relative: &str) -> String {
    let folder = base.rsplit_once('/').map_or("", |it| it.0);
    format!("{folder}/{}", relative.trim_start_matches("./"))
}
