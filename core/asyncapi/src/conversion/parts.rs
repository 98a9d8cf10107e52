//! Components, parameters and traits.

use archwright_syntax::{
    data::{
        Entry, Kind, Node,
        write::{Pair, Value},
    },
    pointer,
};

use archwright_syntax::data::follow;

use super::{Conversion, entries};

/// What a parameter's schema may say in 3.0, beside `const`, which is an `enum` of one.
const PARAMETER_FIELDS: [&str; 4] = ["description", "enum", "default", "examples"];

impl<'t> Conversion<'t> {
    /// The components of the new document.
    pub(super) fn components(&mut self, entry: Entry<'t>) -> Pair<'t> {
        if entry.value.kind() != Kind::Mapping {
            return Pair::kept(entry);
        }
        let mut pairs = Vec::new();
        for section in entries(entry.value) {
            pairs.push(match section.key {
                "messages" => self.component_messages(section),
                "channels" => self.channels(section, true),
                "servers" => self.servers(section),
                "parameters" => self.parameters(section),
                "securitySchemes" => self.security_schemes(section),
                "operationTraits" => self.each(section, Self::operation_trait),
                "messageTraits" => self.each(section, Self::message_trait),
                _ => Pair::kept(section),
            });
        }
        let operations = std::mem::take(&mut self.component_operations);
        if !operations.is_empty() {
            let after = pairs.iter().position(|it| it.key == "channels").map_or(pairs.len(), |it| it + 1);
            pairs.insert(after, Pair::new("operations", Value::Map(operations)));
        }
        Pair::new(entry.key, Value::Map(pairs)).instead_of(entry)
    }

    fn component_messages(&mut self, section: Entry<'t>) -> Pair<'t> {
        if section.value.kind() != Kind::Mapping {
            return Pair::kept(section);
        }
        let mut pairs = Vec::new();
        for entry in entries(section.value) {
            let pointer = format!("/components/messages/{}", pointer::escape(entry.key));
            let Some(choices) = self.choices.get(entry.key).cloned() else {
                let value = self.message(entry.value, &pointer, &pointer);
                pairs.push(Pair::new(entry.key, value).instead_of(entry));
                continue;
            };
            for (at, choice) in choices.into_iter().enumerate() {
                let Some(name) = choice.made else { continue };
                let value = self.message(
                    choice.node,
                    &format!("{pointer}/oneOf/{at}"),
                    &format!("/components/messages/{}", pointer::escape(&name)),
                );
                pairs.push(Pair::new(name, value));
            }
        }
        Pair::new(section.key, Value::Map(pairs)).instead_of(section)
    }

    /// Parameters have no schema of their own in 3.0: what can be said of a text stands in the parameter.
    pub(super) fn parameters(&mut self, section: Entry<'t>) -> Pair<'t> {
        self.each(section, Self::parameter)
    }

    fn parameter(&mut self, node: Node<'t>) -> Value<'t> {
        let mut pairs = Vec::new();
        for entry in entries(node) {
            if entry.key != "schema" {
                pairs.push(Pair::kept(entry));
                continue;
            }
            let Some(schema) = follow(self.root, entry.value).filter(|it| it.kind() == Kind::Mapping) else {
                self.note(
                    entry.value,
                    "a parameter has no schema in 3.0, and this one is not in the document: write `enum`, `default`, \
                    `description` and `examples` by hand",
                );
                continue;
            };
            let mut lost = Vec::new();
            let first = pairs.len();
            for field in entries(schema) {
                // The schema may be written in another place, where its comments belong.
                let own = |pair: Pair<'t>| if schema == entry.value { pair.instead_of(field) } else { pair };
                match field.key {
                    "description" if node.get("description").is_some() => {}
                    "const" if schema.get("enum").is_none() => {
                        pairs.push(Pair::new("enum", Value::List(vec![as_text(field.value)])));
                    }
                    "const" => {}
                    "enum" | "examples" if field.value.kind() == Kind::Sequence => {
                        let is_texts = field.value.items().all(|it| it.as_str().is_some());
                        let value = if is_texts {
                            Value::Node(field.value)
                        } else {
                            Value::List(field.value.items().map(as_text).collect())
                        };
                        pairs.push(own(Pair::new(field.key, value)));
                    }
                    "default" => pairs.push(own(Pair::new(field.key, as_text(field.value)))),
                    known if PARAMETER_FIELDS.contains(&known) => {
                        pairs.push(own(Pair::new(field.key, Value::Node(field.value))));
                    }
                    "type" if field.value.as_str() == Some("string") => {}
                    other => lost.push(format!("`{other}`")),
                }
            }
            if let Some(pair) = pairs.get_mut(first) {
                // After its own entry, which its value is written like.
                pair.from.push(entry);
            }
            if !lost.is_empty() {
                self.note(
                    entry.value,
                    format!("a parameter is a text in 3.0 and cannot have {}: left out", lost.join(", ")),
                );
            }
        }
        Value::Map(pairs)
    }

    pub(super) fn operation_trait(&mut self, node: Node<'t>) -> Value<'t> {
        let mut pairs = Vec::new();
        for entry in entries(node) {
            match entry.key {
                "operationId" => {
                    self.note(entry.value, "operations go by their key in 3.0: `operationId` of a trait is left out");
                }
                "security" => pairs.push(self.security(entry)),
                _ => pairs.push(Pair::kept(entry)),
            }
        }
        Value::Map(pairs)
    }

    /// The fields that traits give another value than the object that has them: in 2.x that of the last trait counts,
    /// in
    /// 3.0 that of the object (3.0.0, "Traits Merge Mechanism"). Those that the traits replace as a whole are to be
    /// left out, so that the same value counts; of the others the notes tell.
    pub(super) fn replaced_by_traits(&mut self, node: Node<'t>) -> Vec<&'t str> {
        let mut replaced = Vec::new();
        let traits: Vec<Node<'t>> = node.get("traits").into_iter().flat_map(Node::items).collect();
        let mut known = Vec::new();
        for one in traits {
            match follow(self.root, one).filter(|it| it.get("$ref").is_none()) {
                Some(body) => known.push(body),
                None => self.note(
                    one,
                    "this trait is not in the document: what it says counted before what stands beside it, and counts \
                    after that in 3.0",
                ),
            }
        }
        for entry in
            entries(node).filter(|it| !matches!(it.key, "traits" | "messageId" | "operationId" | "schemaFormat"))
        {
            let Some(other) = known.iter().rev().find_map(|it| it.get(entry.key)) else { continue };
            let json = |it: Node<'t>| it.to_json(MAX_COMPARED);
            if json(other) == json(entry.value) {
                continue;
            }
            if other.kind() == Kind::Mapping && entry.value.kind() == Kind::Mapping {
                if conflicts(entry.value, other, 0) {
                    let message = format!(
                        "a trait gives parts of `{}` other values, which counted in 2.x; in 3.0 those that stand here \
                        count: take over what shall hold",
                        entry.key
                    );
                    self.note(entry.value, message);
                }
            } else {
                let message = format!(
                    "a trait has another `{}`, which counted in 2.x: left out here, so that it still does",
                    entry.key
                );
                self.note(entry.value, message);
                replaced.push(entry.key);
            }
        }
        replaced
    }

    /// The traits of an operation or message; those that are written in place are converted.
    pub(super) fn traits(&mut self, entry: Entry<'t>, convert: impl Fn(&mut Self, Node<'t>) -> Value<'t>) -> Pair<'t> {
        let is_plain = |it: &Node<'t>| it.kind() == Kind::Mapping && it.get("$ref").is_none();
        if !entry.value.items().any(|it| is_plain(&it)) {
            return Pair::kept(entry);
        }
        let items =
            entry.value.items().map(|it| if is_plain(&it) { convert(self, it) } else { Value::Node(it) }).collect();
        Pair::new(entry.key, Value::List(items)).instead_of(entry)
    }
}

/// Larger values are not compared.
const MAX_COMPARED: usize = 10_000;

/// Whether two mappings give one key different values, at any depth.
fn conflicts(one: Node<'_>, other: Node<'_>, depth: usize) -> bool {
    /// Deeper than settings nest.
    const MAX_DEPTH: usize = 64;
    entries(one).any(|entry| match other.get(entry.key) {
        Some(it) if it.kind() == Kind::Mapping && entry.value.kind() == Kind::Mapping && depth < MAX_DEPTH => {
            conflicts(entry.value, it, depth + 1)
        }
        Some(it) => it.to_json(MAX_COMPARED) != entry.value.to_json(MAX_COMPARED),
        None => false,
    })
}

/// A scalar as a text: `8080` becomes `'8080'`.
fn as_text(node: Node<'_>) -> Value<'_> {
    match node.scalar() {
        Some(text) if node.as_str().is_none() => Value::text(text),
        _ => Value::Node(node),
    }
}
