//! Fields that stand beside the one they belong to, because a line is not indented far enough. One slip of the hand is
//! one finding.

use archwright_syntax::data::{Entry, Kind, Node};
use rustc_hash::FxHashSet;

use super::{
    UNKNOWN_FIELD,
    walk::{Walker, is_schema},
};
use crate::specification::{ObjectType, ReferenceUse, Shape};

impl<'t> Walker<'t, '_, '_> {
    /// The keys of an object that were told here: a field that is empty with those that belong in it, or the fields of
    /// a schema that stand in a message.
    pub(super) fn not_indented(&mut self, node: Node<'t>, object: &ObjectType) -> FxHashSet<&'t str> {
        if object.others.is_some() || object.is_schema {
            return FxHashSet::default();
        }
        let told = self.beside_empty(node, object);
        if told.is_empty() { self.schema_in_message(node, object) } else { told }
    }

    fn beside_empty(&mut self, node: Node<'t>, object: &ObjectType) -> FxHashSet<&'t str> {
        let entries: Vec<Entry<'t>> = node.written_entries().collect();
        for (at, entry) in entries.iter().enumerate().filter(|it| it.1.value.is_null()) {
            let Some(inner) = self.inner(object, entry.key) else { continue };
            let rest = entries.iter().skip(at + 1);
            let keys: Vec<&Entry<'t>> =
                rest.filter(|it| object.field(it.key).is_none() && inner.field(it.key).is_some()).collect();
            if let Some(first) = keys.first() {
                let message = format!("`{}` belongs to `{}`: indent it further", first.key, entry.key);
                self.sink.push(&UNKNOWN_FIELD, first.key_span, message);
                return keys.iter().map(|it| it.key).chain([entry.key]).collect();
            }
        }
        FxHashSet::default()
    }

    /// What belongs in a field that is an object written in its place, or a schema.
    fn inner(&self, object: &ObjectType, key: &str) -> Option<&'static ObjectType> {
        match object.field(key).map(|it| &it.shape)? {
            Shape::Payload => self.schema(),
            Shape::Object(id, ReferenceUse::Never) => self.specification.object(*id),
            Shape::Object(id, _) if self.specification.object(*id).is_some_and(is_schema) => self.schema(),
            _ => None,
        }
    }

    fn schema(&self) -> Option<&'static ObjectType> {
        self.specification.object(self.specification.id("schema")?)
    }

    /// Several fields of a schema in a message are its payload, or a payload that is taken for a message.
    fn schema_in_message(&mut self, node: Node<'t>, object: &ObjectType) -> FxHashSet<&'t str> {
        let is_message = matches!(object.title, "Message Object" | "Message Trait Object");
        let Some(schema) = self.schema().filter(|_| is_message) else { return FxHashSet::default() };
        let belongs = |it: &Entry<'t>| object.field(it.key).is_none() && schema.field(it.key).is_some();
        let keys: Vec<Entry<'t>> = node.written_entries().filter(belongs).collect();
        let [first, _, ..] = keys.as_slice() else { return FxHashSet::default() };
        let own = node.as_entry().filter(|it| matches!(it.key, "payload" | "headers"));
        let message = match own {
            Some(own) => format!("`{}` belongs to a message: indent it further", own.key),
            None if node.get("payload").is_some_and(|it| it.kind() == Kind::Mapping) => {
                format!("`{}` and what follows belong to `payload`: indent them further", first.key)
            }
            None => format!("`{}` and what follows describe a payload: write them below `payload`", first.key),
        };
        let at = own.map_or(first.key_span, |it| it.key_span);
        self.sink.push(&UNKNOWN_FIELD, at, message);
        keys.iter().map(|it| it.key).collect()
    }
}
