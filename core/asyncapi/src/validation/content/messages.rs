//! Messages: traits merged into them, and what their parts are then.

use archwright_syntax::data::{Format as Notation, Kind, Node, parse};
use serde_json::Value;

use super::Content;
use super::formats::Format;
use crate::files::is_of;
use crate::specification::ObjectType;
use crate::validation::structure;

/// How many nodes of headers are merged.
const MAX_MERGED: usize = 20_000;

/// How many bytes of headers are put together for one document.
pub(super) const MAX_MERGED_BYTES: usize = 8 << 20;

/// A message and the traits that are merged into it, from what counts least to what counts most.
pub(super) struct Merged<'t> {
    layers: Vec<Node<'t>>,
}

impl<'t> Merged<'t> {
    /// A message as it is written, without its traits.
    pub(super) fn of(message: Node<'t>) -> Self {
        Self { layers: vec![message] }
    }

    /// Whether it has no traits.
    pub(super) fn is_plain(&self) -> bool {
        self.layers.len() < 2
    }

    /// The value of a field: of several layers, the last that has it.
    pub(super) fn field(&self, key: &str) -> Option<Node<'t>> {
        self.layers.iter().rev().find_map(|it| it.get(key))
    }

    /// The values of a field in all layers that have it.
    fn all(&self, key: &str) -> Vec<Node<'t>> {
        self.layers.iter().filter_map(|it| it.get(key)).collect()
    }
}

impl<'t> Content<'t, '_> {
    /// The traits are merged over a message of 2.x and under one of 3.x (AsyncAPI 2.6.0, Message Object, `traits`: JSON
    /// Merge Patch in their order; 3.0.0, "Traits Merge Mechanism": a trait does not override its target).
    fn merged(&self, node: Node<'t>) -> Merged<'t> {
        let traits = node.get("traits").into_iter().flat_map(Node::items).filter_map(|it| self.files.follow(it));
        let mut layers: Vec<_> = traits.filter(|it| it.kind() == Kind::Mapping).collect();
        if self.is_2 {
            layers.insert(0, node);
        } else {
            layers.push(node);
        }
        Merged { layers }
    }

    /// Checks a message or a trait of messages.
    pub(super) fn message(&mut self, node: Node<'t>, object: &'static ObjectType, depth: usize) {
        let merged = self.merged(node);
        for entry in node.entries() {
            match entry.key {
                "payload" if self.is_2 => {
                    let format = Format::of(merged.field("schemaFormat"));
                    // The specification has no payload in traits, but those who write one mean a schema.
                    if object.name == "messageTrait" && format == Format::Own && is_of(self.root, node) {
                        structure::schema(self.root, entry.value, self.files.documents, self.sink);
                    }
                    self.schema_in(entry.value, format, depth + 1);
                }
                "payload" | "headers" => self.fields_of_schema(entry.value, depth),
                "schemaFormat" if self.is_2 => self.format(Some(entry.value)),
                _ => {}
            }
            if entry.key == "headers" {
                self.headers(entry.value);
            }
        }
        self.others(node, object, depth);
        self.examples(node, &merged);
    }

    /// A schema of any format in 3.x, and of the own format in 2.x.
    pub(super) fn fields_of_schema(&mut self, node: Node<'t>, depth: usize) {
        let name = if self.is_2 { "schema" } else { "anySchema" };
        if let Some(id) = self.specification.id(name) {
            self.object(node, id, depth + 1);
        }
    }

    /// The fields of a message that are no schemas of its own.
    fn others(&mut self, node: Node<'t>, object: &'static ObjectType, depth: usize) {
        for entry in node.entries().filter(|it| !matches!(it.key, "payload" | "headers" | "examples" | "bindings")) {
            if let Some(field) = object.field(entry.key) {
                self.value(entry.value, &field.shape, depth + 1);
            }
        }
    }

    /// The schema of the headers with those of the traits. Of several layers it is a text of its own; nothing when it
    /// cannot be put together.
    pub(super) fn headers_of(&mut self, merged: &Merged<'t>) -> Option<Node<'t>> {
        let parts = merged.all("headers");
        if let [only] = parts.as_slice() {
            return Some(*only);
        }
        let mut whole = Value::Null;
        for part in parts {
            let part = self.files.follow(part)?;
            if !is_of(self.root, part) || part.get("schemaFormat").is_some() {
                return None;
            }
            patch(&mut whole, part.to_json(MAX_MERGED)?, 0);
        }
        let text = whole.to_string();
        self.left_to_merge = self.left_to_merge.checked_sub(text.len())?;
        self.shelf.push_get(Box::new(parse(text, Notation::Json))).root().filter(|it| !it.is_null())
    }
}

/// JSON Merge Patch (RFC 7396).
fn patch(target: &mut Value, with: Value, depth: usize) {
    /// Deeper parts are replaced as a whole.
    const MAX_DEPTH: usize = 100;
    match (target, with) {
        (Value::Object(target), Value::Object(with)) if depth < MAX_DEPTH => {
            for (key, value) in with {
                if value.is_null() {
                    target.remove(&key);
                } else {
                    patch(target.entry(key).or_insert(Value::Null), value, depth + 1);
                }
            }
        }
        (target, with) => *target = with,
    }
}
