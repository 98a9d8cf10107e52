//! Finds messages and schemas beside the table of the specification.

use archwright_schema::instance::Resolve as _;
use archwright_syntax::data::{Kind, Node};

use super::Content;
use super::formats::Format;
use crate::files::is_of;
use crate::specification::{ObjectId, ObjectType, ReferenceUse, Shape, place_at};
use crate::validation::structure;

/// Deeper than people nest, and a bound for the stack.
const MAX_DEPTH: usize = 100;

/// Protocols carry the values of their settings in their own way, often as text, so these are left alone.
fn is_binding(key: &str) -> bool {
    key == "bindings" || key.ends_with("Bindings")
}

impl<'t> Content<'t, '_> {
    pub(super) fn document(&mut self) {
        if let Some(object) = self.specification.root() {
            self.fields(self.root, object, 0);
        }
    }

    /// Looks into the fields of an object.
    pub(super) fn fields(&mut self, node: Node<'t>, object: &'static ObjectType, depth: usize) {
        for entry in node.entries().filter(|it| !is_binding(it.key)) {
            if let Some(shape) = object.field(entry.key).map(|it| &it.shape).or(object.others.as_ref()) {
                self.value(entry.value, shape, depth + 1);
            }
        }
    }

    pub(super) fn value(&mut self, node: Node<'t>, shape: &'static Shape, depth: usize) {
        if depth > MAX_DEPTH || !matches!(node.kind(), Kind::Mapping | Kind::Sequence | Kind::Bool) {
            return;
        }
        match shape {
            Shape::Object(_, ReferenceUse::Required) => {}
            Shape::Object(id, _) => self.object(node, *id, depth),
            Shape::List { items, .. } => node.items().for_each(|it| self.value(it, items, depth + 1)),
            Shape::Map(_, values) => node.entries().for_each(|it| self.value(it.value, values, depth + 1)),
            Shape::OneOf(shapes) => {
                let is_list = node.kind() == Kind::Sequence;
                let fits = |it: &&Shape| match it {
                    Shape::List { .. } => is_list,
                    Shape::Object(..) | Shape::Map(..) => !is_list,
                    _ => false,
                };
                if let Some(shape) = shapes.iter().find(fits) {
                    self.value(node, shape, depth + 1);
                }
            }
            _ => {}
        }
    }

    pub(super) fn object(&mut self, node: Node<'t>, id: ObjectId, depth: usize) {
        let Some(declared) = self.specification.object(id) else { return };
        // Channels of 2.x have a field `$ref`.
        if let Some(reference) = node.get("$ref").filter(|_| declared.field("$ref").is_none()) {
            return self.referred(node, reference, id, depth);
        }
        if node.is_alias() && !self.is_new(node.alias_of().unwrap_or(node), id, node) {
            return;
        }
        let Some(object) = self.specification.form(declared, Some(node)) else { return };
        match object.name {
            _ if object.is_schema => self.schema(node, Format::Own, depth),
            "multiFormatSchema" => self.multi_format(node, depth),
            "plainMessage" | "message" | "messageTrait" => self.message(node, object, depth),
            _ => self.fields(node, object, depth),
        }
    }

    /// What stands at the end of a reference, when no other way leads there.
    fn referred(&mut self, node: Node<'t>, reference: Node<'t>, id: ObjectId, depth: usize) {
        let Some(text) = reference.as_str() else { return };
        // The parts of the document are looked at where they stand.
        if self.via.is_none() && (text.starts_with("#/components/") || text.starts_with("#/channels/")) {
            return;
        }
        let Some(target) = self.files.resolve(node, text) else { return };
        let is_here = is_of(self.root, target);
        let is_visited = || place_at(self.root, &target.path()).is_some_and(|it| it.object.is_some());
        if (is_here && is_visited()) || !self.is_new(target, id, reference) {
            return;
        }
        // Each document of a long chain of files would read all of the chain.
        let is_next = !std::ptr::eq(target.tree(), node.tree());
        if is_next && self.hops >= structure::MAX_HOPS {
            return;
        }
        let before = self.via;
        self.hops += usize::from(is_next);
        if !is_here && before.is_none() {
            self.via = Some(reference);
        }
        self.object(target, id, depth + 1);
        self.via = before;
        self.hops -= usize::from(is_next);
    }

    /// Whether a node has not been looked at as an object of a kind; `from` leads there.
    fn is_new(&mut self, node: Node<'t>, id: ObjectId, from: Node<'t>) -> bool {
        /// Larger documents than people write.
        const MAX_SEEN: usize = if cfg!(test) { 400 } else { 100_000 };
        let key = (std::ptr::from_ref(node.tree()), node.id(), id);
        if self.seen.len() >= MAX_SEEN && !self.seen.contains(&key) {
            self.leave_unseen(from);
            return false;
        }
        self.seen.insert(key)
    }

    /// A schema of 3.x with the format that it is written in.
    pub(super) fn multi_format(&mut self, node: Node<'t>, depth: usize) {
        let format = node.get("schemaFormat");
        self.format(format);
        if let Some(schema) = node.get("schema") {
            self.schema_in(schema, Format::of(format), depth + 1);
        }
    }
}
