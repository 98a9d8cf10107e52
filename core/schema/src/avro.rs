//! Reads Avro schemas (specification 1.12), as JSON.

mod schema;
pub(crate) mod types;

pub(crate) use schema::ambiguous;
pub use schema::{AvroProblem, AvroSchema};

use archwright_syntax::Spanned;
use archwright_syntax::data::{Kind, Node, NodeId, Tree};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::shape::{Builder, MAX_DEPTH, has_classification, join};
use crate::{Field, Language, Shape};

/// The types every Avro reader knows.
const PRIMITIVES: [&str; 8] = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

/// How many types are looked at. Records that refer to each other many times over multiply.
const MAX_VISITS: u32 = 50_000;

pub(crate) fn shape(tree: &Tree) -> Shape {
    let mut out = Builder::new(Language::Avro);
    for error in tree.errors() {
        out.loss(error.span, error.message.as_str());
    }
    let Some(root) = tree.root() else { return out.finish() };
    let mut reader = Reader { out, named: FxHashMap::default(), open: Vec::new(), visits: MAX_VISITS };
    reader.declare(root, "", 0);
    match message(root) {
        Some(record) => {
            reader.out.name(record.get("name").and_then(Spanned::of_scalar));
            if has_classification(record) {
                reader.out.classified();
            }
            reader.walk(record, "", &namespace_of(root, ""), 0);
        }
        None => reader.out.loss(root.span(), "The schema declares no record, so the message has no fields."),
    }
    reader.out.finish()
}

/// The record that is the message: the schema itself or, of a list of schemas, the last, which may use those before it.
fn message(schema: Node<'_>) -> Option<Node<'_>> {
    match schema.kind() {
        Kind::Sequence => schema.items().filter(|it| is_record(*it)).last(),
        Kind::Mapping if is_record(schema) => Some(schema),
        Kind::Mapping => schema.get("type").filter(|it| is_record(*it)),
        _ => None,
    }
}

struct Reader<'t> {
    out: Builder,
    /// Records, enums and fixed types by their full name.
    named: FxHashMap<String, Node<'t>>,
    /// The records that are being walked, so that one that contains itself ends.
    open: Vec<NodeId>,
    /// How many types may still be looked at.
    visits: u32,
}

impl<'t> Reader<'t> {
    /// Notes every named type, wherever it is declared.
    fn declare(&mut self, schema: Node<'t>, namespace: &str, depth: usize) {
        if depth > MAX_DEPTH * 2 || !self.visit() {
            return;
        }
        if schema.kind() == Kind::Sequence {
            schema.items().for_each(|it| self.declare(it, namespace, depth + 1));
            return;
        }
        let namespace = namespace_of(schema, namespace);
        if is_named(schema) {
            self.declare_name(schema, &namespace);
            for ty in schema.get("fields").into_iter().flat_map(Node::items).filter_map(|it| it.get("type")) {
                self.declare(ty, &namespace, depth + 1);
            }
        } else {
            let inner = [schema.get("type"), schema.get("items"), schema.get("values")];
            for ty in inner.into_iter().flatten().filter(|it| it.kind() != Kind::String) {
                self.declare(ty, &namespace, depth + 1);
            }
        }
    }

    fn declare_name(&mut self, schema: Node<'t>, namespace: &str) {
        let Some(name) = schema.get("name").filter(|it| it.as_str().is_some_and(|it| !it.is_empty())) else {
            self.out.loss(schema.span(), "The type has no `name`. Records, enums and fixed types need one.");
            return;
        };
        let text = name.as_str().unwrap_or_default();
        if self.named.insert(full_name(text, namespace), schema).is_some() {
            self.out.loss(
                name.span(),
                format!("The type `{text}` is declared twice. Refer to it by its name the second time."),
            );
        }
    }

    /// Adds the fields below the type `schema`, whose own path is `path`.
    fn walk(&mut self, schema: Node<'t>, path: &str, namespace: &str, depth: usize) {
        if depth > MAX_DEPTH || !self.visit() {
            return;
        }
        let schema = self.look_up(schema, namespace).unwrap_or(schema);
        match schema.kind() {
            Kind::Sequence => schema.items().for_each(|it| self.walk(it, path, namespace, depth + 1)),
            Kind::Mapping => match schema.get("type").and_then(Node::as_str) {
                Some("record" | "error") => self.record(schema, path, namespace, depth),
                Some("array") => schema
                    .get("items")
                    .into_iter()
                    .for_each(|it| self.walk(it, &format!("{path}[]"), namespace, depth + 1)),
                Some("map") => schema
                    .get("values")
                    .into_iter()
                    .for_each(|it| self.walk(it, &format!("{path}{{}}"), namespace, depth + 1)),
                _ => schema.get("type").into_iter().for_each(|it| self.walk(it, path, namespace, depth + 1)),
            },
            _ => {}
        }
    }

    fn record(&mut self, record: Node<'t>, path: &str, namespace: &str, depth: usize) {
        if self.open.contains(&record.id()) {
            return;
        }
        self.open.push(record.id());
        let namespace = namespace_of(record, namespace);
        let fields = record.get("fields").filter(|it| it.kind() == Kind::Sequence);
        if fields.is_none() {
            self.out.loss(record.get("fields").unwrap_or(record).span(), "The record has no list of `fields`.");
        }
        let mut names = FxHashSet::default();
        for field in fields.into_iter().flat_map(Node::items) {
            let (Some(name), Some(ty)) = (field.get("name").and_then(Spanned::of_scalar), field.get("type")) else {
                self.out.loss(field.span(), "A field needs a `name` and a `type`.");
                continue;
            };
            let plain = field.get("name").and_then(Node::as_str).unwrap_or_default();
            if !names.insert(plain) {
                self.out.loss(name.span, format!("The record has the field `{plain}` twice."));
            }
            let path = join(path, &name.text);
            let (required, words) = (field.get("default").is_none() && !is_nullable(ty), self.ty(ty, &namespace, 0));
            let description = field.get("doc").and_then(Spanned::of_scalar);
            let classified = has_classification(field) || has_classification(ty);
            self.out.field(Field { path: path.clone(), name, required, ty: words, description, classified });
            self.walk(ty, &path, &namespace, depth + 1);
        }
        self.open.pop();
    }

    /// The type in words. Reports names that nothing declares.
    fn ty(&mut self, schema: Node<'t>, namespace: &str, depth: usize) -> SmolStr {
        if depth > MAX_DEPTH || !self.visit() {
            return "any".into();
        }
        match schema.kind() {
            Kind::String => {
                let name = schema.as_str().unwrap_or_default();
                if !PRIMITIVES.contains(&name) && self.look_up(schema, namespace).is_none() {
                    self.out.loss(schema.span(), format!("The type `{name}` is not declared in this file."));
                }
                name.into()
            }
            Kind::Sequence => {
                schema.items().map(|it| self.ty(it, namespace, depth + 1)).collect::<Vec<_>>().join("|").into()
            }
            Kind::Mapping => {
                let text = |key: &str| schema.get(key).and_then(Node::as_str);
                let mut inner =
                    |key: &str| schema.get(key).map_or("any".into(), |it| self.ty(it, namespace, depth + 1));
                match text("type") {
                    Some("record" | "error" | "enum" | "fixed") => text("name").unwrap_or("record").into(),
                    Some("array") => format!("array<{}>", inner("items")).into(),
                    Some("map") => format!("map<{}>", inner("values")).into(),
                    _ => match text("logicalType") {
                        Some(logical) => format!("{}({logical})", inner("type")).into(),
                        None => inner("type"),
                    },
                }
            }
            _ => "any".into(),
        }
    }

    /// The declaration that a type's name refers to.
    fn look_up(&self, ty: Node<'t>, namespace: &str) -> Option<Node<'t>> {
        let name = ty.as_str().filter(|it| !PRIMITIVES.contains(it))?;
        self.named.get(&full_name(name, namespace)).or_else(|| self.named.get(name)).copied()
    }

    fn visit(&mut self) -> bool {
        self.visits = self.visits.saturating_sub(1);
        self.visits > 0
    }
}

fn is_record(schema: Node<'_>) -> bool {
    matches!(schema.get("type").and_then(Node::as_str), Some("record" | "error"))
}

/// Whether the type has a name of its own.
fn is_named(schema: Node<'_>) -> bool {
    matches!(schema.get("type").and_then(Node::as_str), Some("record" | "error" | "enum" | "fixed"))
}

/// Whether a value may be null: the message then need not say anything about the field.
fn is_nullable(ty: Node<'_>) -> bool {
    ty.kind() == Kind::Sequence && ty.items().any(|it| it.as_str() == Some("null"))
}

/// A name with its namespace; a name with dots has it already.
fn full_name(name: &str, namespace: &str) -> String {
    if namespace.is_empty() || name.contains('.') { name.to_owned() } else { format!("{namespace}.{name}") }
}

/// The namespace inside a named type: that of its dotted name, the one it gives, or the one around it.
fn namespace_of(schema: Node<'_>, around: &str) -> String {
    let dotted = schema.get("name").and_then(Node::as_str).and_then(|it| Some(it.rsplit_once('.')?.0));
    dotted.or_else(|| schema.get("namespace").and_then(Node::as_str)).unwrap_or(around).to_owned()
}

#[cfg(test)]
mod tests {
    use crate::Language::Avro;
    use crate::testing::show;

    #[test]
    fn records_unions_and_named_types() {
        let text = r#"{
  "type": "record", "name": "OrderPlaced", "namespace": "shop.orders",
  "fields": [
    { "name": "order_id", "type": { "type": "string", "logicalType": "uuid" }, "doc": "Number of the order." },
    { "name": "note", "type": ["null", "string"], "default": null },
    { "name": "attempt", "type": "int", "default": 1 },
    { "name": "seller", "type": { "type": "record", "name": "Party", "fields": [{ "name": "id", "type": "string" }] } },
    { "name": "buyer", "type": ["null", "Party"] },
    { "name": "agent", "type": "shop.orders.Party" },
    { "name": "lines", "type": { "type": "array", "items": { "type": "record", "name": "Line", "fields": [
      { "name": "sku", "type": "string" },
      { "name": "parts", "type": { "type": "array", "items": "Line" } }
    ] } } },
    { "name": "labels", "type": { "type": "map", "values": "Party" } },
    { "name": "state", "type": { "type": "enum", "name": "State", "symbols": ["OPEN"] } }
  ]
}"#;
        insta::assert_snapshot!(show(text, Avro), @r#"
        message OrderPlaced
        order_id string(uuid): "Number of the order."
        note? null|string
        attempt? int
        seller Party
        seller.id string
        buyer? null|Party
        buyer.id string
        agent shop.orders.Party
        agent.id string
        lines array<Line>
        lines[].sku string
        lines[].parts array<Line>
        labels map<Party>
        labels{}.id string
        state State
        "#);
    }

    #[test]
    fn of_several_schemas_the_last_is_the_message() {
        let text = r#"[
  { "type": "record", "name": "Line", "fields": [{ "name": "sku", "type": "string" }] },
  { "type": "record", "name": "Order", "fields": [{ "name": "line", "type": "Line" }] }
]"#;
        insta::assert_snapshot!(show(text, Avro), @"
        message Order
        line Line
        line.sku string
        ");
    }

    #[test]
    fn what_is_wrong_stands_beside_what_could_be_read() {
        let text = r#"{ "type": "record", "name": "Order", "fields": [
  { "name": "id", "type": "Identifier" },
  { "name": "id", "type": "string" },
  { "type": "string" },
  { "name": "part", "type": { "type": "record", "fields": 7 } },
  { "name": "self", "type": { "type": "record", "name": "Order", "fields": [] } }
] }"#;
        insta::assert_snapshot!(show(text, Avro), @r#"
        message Order
        id Identifier
        part record
        self Order
        problem `{ "type": "record", "fields": 7 }`: The type has no `name`. Records, enums and fixed types need one.
        problem `"Order"`: The type `Order` is declared twice. Refer to it by its name the second time.
        problem `"Identifier"`: The type `Identifier` is not declared in this file.
        problem `id`: The record has the field `id` twice.
        problem `{ "type": "string" }`: A field needs a `name` and a `type`.
        problem `7`: The record has no list of `fields`.
        "#);
        assert_eq!(
            show("\"string\"", Avro),
            "problem `\"string\"`: The schema declares no record, so the message has no fields.\n"
        );
    }
}
