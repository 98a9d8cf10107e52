//! What the checks look at: every object of a document with its kind, and what stands behind references.

use std::cell::RefCell;

use archwright_syntax::data::{Entry, Kind, Node, NodeId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::references::{Target, target};
use crate::specification::{ObjectId, Shape, Specification};

/// A document, surveyed.
pub(super) struct Subject<'t> {
    pub(super) root: Node<'t>,
    pub(super) version: (u8, u8),
    /// Every object that is written out, each once and in the order of the text.
    objects: Vec<Object<'t>>,
    /// Every list of tags that is written out.
    pub(super) tags: Vec<Node<'t>>,
    /// Where references lead that were asked for.
    targets: RefCell<FxHashMap<&'t str, Target<'t>>>,
}

/// An object.
#[derive(Clone, Copy)]
pub(super) struct Object<'t> {
    /// The table's name for what may stand in its place, such as `message`.
    pub(super) kind: &'static str,
    /// The name of the form it has, such as `messageChoice`.
    pub(super) form: &'static str,
    pub(super) node: Node<'t>,
}

/// A channel of the document itself, not of its components.
#[derive(Clone, Copy)]
pub(super) struct Channel<'t> {
    /// Its key, and the reference or the channel under it.
    pub(super) entry: Entry<'t>,
    /// The channel; `None` when it is in another file or nowhere.
    pub(super) body: Option<Node<'t>>,
}

/// Longer chains of references than people write.
const MAX_HOPS: usize = 16;

impl<'t> Subject<'t> {
    pub(super) fn new(root: Node<'t>, version: (u8, u8), specification: &'static Specification) -> Self {
        let mut survey = Survey {
            specification,
            objects: Vec::new(),
            tags: Vec::new(),
            seen: FxHashSet::default(),
            stack: Vec::new(),
        };
        if let Some(id) = specification.id("document") {
            survey.walk(root, id);
        }
        let Survey { mut objects, mut tags, .. } = survey;
        objects.sort_by_key(|it| it.node.span().start);
        tags.sort_by_key(|it| it.span().start);
        Self { root, version, objects, tags, targets: RefCell::default() }
    }

    pub(super) fn is_2(&self) -> bool {
        self.version.0 == 2
    }

    /// All objects.
    pub(super) fn objects(&self) -> impl Iterator<Item = Object<'t>> {
        self.objects.iter().copied()
    }

    /// All objects that stand where a kind of object belongs.
    pub(super) fn all(&self, kind: &'static str) -> impl Iterator<Item = Node<'t>> {
        self.objects().filter(move |it| it.kind == kind).map(|it| it.node)
    }

    /// Whether a node is an object of a kind; where nothing but a reference tells, it is.
    pub(super) fn is_kind(&self, node: Node<'t>, kind: &'static str) -> bool {
        let node = written(node);
        let first = self.objects.partition_point(|it| it.node.span().start < node.span().start);
        let mut here = self
            .objects
            .get(first..)
            .unwrap_or_default()
            .iter()
            .take_while(|it| it.node.span().start == node.span().start);
        here.find(|it| it.node == node).map_or_else(|| node.get("$ref").is_some(), |it| it.kind == kind)
    }

    /// The entries of a section of the document, such as `servers`.
    pub(super) fn section(&self, key: &str) -> impl Iterator<Item = Entry<'t>> + use<'t> {
        self.root.get(key).into_iter().flat_map(Node::entries)
    }

    /// The entries of a section of the components.
    pub(super) fn components(&self, key: &str) -> impl Iterator<Item = Entry<'t>> + use<'t> {
        self.root.get("components").and_then(|it| it.get(key)).into_iter().flat_map(Node::entries)
    }

    /// The channels of the document itself.
    pub(super) fn channels(&self) -> impl Iterator<Item = Channel<'t>> {
        self.section("channels").map(|entry| Channel { entry, body: self.body(entry.value) })
    }

    /// What a reference names, without following it further.
    pub(super) fn target(&self, reference: Node<'t>) -> Target<'t> {
        let Some(text) = reference.get("$ref").and_then(Node::as_str) else { return Target::Missing };
        *self.targets.borrow_mut().entry(text).or_insert_with(|| target(self.root, text))
    }

    /// What stands behind a node, over as many references as it takes; `None` when that is in another file or nowhere.
    pub(super) fn body(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut node = node;
        for _ in 0..MAX_HOPS {
            if node.get("$ref").is_none_or(|it| it.as_str().is_none()) {
                return Some(written(node));
            }
            let Target::Node(next) = self.target(node) else { return None };
            node = next;
        }
        None
    }

    /// The keys of a section of the document by what stands behind them; the first of several.
    pub(super) fn keys_by_body(&self, section: &str) -> FxHashMap<NodeId, &'t str> {
        let mut keys = FxHashMap::default();
        for entry in self.section(section) {
            if let Some(body) = self.body(entry.value) {
                keys.entry(body.id()).or_insert(entry.key);
            }
        }
        keys
    }

    /// A field of an object or of one of its traits, and where the object says so: the value, or the reference to the
    /// trait that has it. In 2.x the last trait that has the field wins over all others, in 3.x the object itself does.
    pub(super) fn field(&self, body: Node<'t>, key: &str) -> Option<(Node<'t>, Node<'t>)> {
        let own = body.get(key).filter(|it| !it.is_null()).map(|it| (it, it));
        if own.is_some() && !self.is_2() {
            return own;
        }
        let traits: Vec<_> = body.get("traits").into_iter().flat_map(items).collect();
        let of_trait = |it: &Node<'t>| {
            let value = self.body(*it)?.get(key).filter(|it| !it.is_null())?;
            Some((value, it.get("$ref").unwrap_or(value)))
        };
        traits.iter().rev().find_map(of_trait).or(own)
    }
}

/// The items of a list, or the entries of a mapping. A long one that is an alias has none: an alias costs nothing to
/// write, so that many of them would make endless work of a short document.
pub(super) fn items(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    Some(node).filter(|it| !is_long_alias(*it)).into_iter().flat_map(Node::items)
}

/// See [`items`].
pub(super) fn entries(node: Node<'_>) -> impl Iterator<Item = Entry<'_>> {
    Some(node).filter(|it| !is_long_alias(*it)).into_iter().flat_map(Node::entries)
}

fn is_long_alias(node: Node<'_>) -> bool {
    /// Longer lists are not repeated with an alias.
    const MAX_ALIAS: usize = 100;
    node.is_alias() && (node.items().len() > MAX_ALIAS || node.entries().nth(MAX_ALIAS).is_some())
}

/// The node a value comes from: what an alias refers to, else itself.
pub(super) fn written(node: Node<'_>) -> Node<'_> {
    node.alias_of().unwrap_or(node)
}

/// What may stand in a place.
#[derive(Clone, Copy)]
enum Expected {
    Shape(&'static Shape),
    Object(ObjectId),
}

/// A walk over all objects beside the table.
struct Survey<'t> {
    specification: &'static Specification,
    objects: Vec<Object<'t>>,
    tags: Vec<Node<'t>>,
    seen: FxHashSet<NodeId>,
    stack: Vec<(Node<'t>, Expected)>,
}

impl<'t> Survey<'t> {
    /// Looks at everything where it is written, then at what only references and aliases give a meaning.
    fn walk(&mut self, root: Node<'t>, id: ObjectId) {
        let mut later = Vec::new();
        self.stack.push((root, Expected::Object(id)));
        loop {
            while let Some((node, expected)) = self.stack.pop() {
                if let Some(of) = node.alias_of() {
                    later.push((of, expected));
                    continue;
                }
                match expected {
                    Expected::Shape(shape) => self.shape(node, shape),
                    Expected::Object(id) => self.object(root, node, id, &mut later),
                }
            }
            // What is said of a place by a reference counts where nothing else is known of it.
            let Some((node, expected)) = later.pop() else { break };
            if !self.seen.contains(&node.id()) {
                self.stack.push((node, expected));
            }
        }
    }

    fn shape(&mut self, node: Node<'t>, shape: &'static Shape) {
        match shape {
            Shape::Object(id, _) => self.stack.push((node, Expected::Object(*id))),
            Shape::List { items, .. } if node.kind() == Kind::Sequence && self.seen.insert(node.id()) => {
                if let Shape::Object(id, _) = **items
                    && self.specification.object(id).is_some_and(|it| it.name == "tag")
                {
                    self.tags.push(node);
                }
                self.stack.extend(node.items().map(|it| (it, Expected::Shape(items))));
            }
            Shape::Map(_, values) if node.kind() == Kind::Mapping && self.seen.insert(node.id()) => {
                self.stack.extend(node.entries().map(|it| (it.value, Expected::Shape(values))));
            }
            Shape::Payload => {
                let is_own = self.specification.payload(node.parent()).is_some();
                if let Some(id) = self.specification.id("schema").filter(|_| is_own) {
                    self.stack.push((node, Expected::Object(id)));
                }
            }
            Shape::OneOf(shapes) => {
                let fits = |it: &&Shape| match it {
                    Shape::List { .. } => node.kind() == Kind::Sequence,
                    Shape::Object(..) | Shape::Map(..) => node.kind() == Kind::Mapping,
                    _ => false,
                };
                if let Some(shape) = shapes.iter().find(fits) {
                    self.stack.push((node, Expected::Shape(shape)));
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, root: Node<'t>, node: Node<'t>, id: ObjectId, later: &mut Vec<(Node<'t>, Expected)>) {
        let Some(declared) = self.specification.object(id) else { return };
        if node.kind() != Kind::Mapping || !self.seen.insert(node.id()) {
            return;
        }
        if let Some(text) = node.get("$ref").and_then(Node::as_str) {
            if let Target::Node(of) = target(root, text) {
                later.push((of, Expected::Object(id)));
            }
            if declared.field("$ref").is_none() {
                return;
            }
        }
        let Some(form) = self.specification.form(declared, Some(node)) else { return };
        self.objects.push(Object { kind: declared.name, form: form.name, node });
        for entry in node.entries() {
            let shape = match form.field(entry.key) {
                Some(field) => Some(&field.shape),
                None if entry.key.starts_with("x-") => None,
                None => form.others.as_ref(),
            };
            self.stack.extend(shape.map(|it| (entry.value, Expected::Shape(it))));
        }
    }
}
