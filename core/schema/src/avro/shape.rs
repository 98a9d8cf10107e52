//! The fields of an Avro message, from the types of its schema.

use archwright_syntax::{
    Spanned,
    data::{Kind, Node, Tree},
};
use smol_str::SmolStr;

use super::schema::AvroSchema;
use super::types::{Shape as Type, TypeId, Types};
use crate::instance::NoReferences;
use crate::shape::{Builder, MAX_DEPTH, has_classification, join};
use crate::{Field, Language, Shape};

/// How many types are looked at. Records that refer to each other many times over multiply.
const MAX_VISITS: u32 = 50_000;

pub(crate) fn shape(tree: &Tree) -> Shape {
    let mut out = Builder::new(Language::Avro);
    for error in tree.errors() {
        out.loss(error.span, error.message.as_str());
    }
    let Some(root) = tree.root() else { return out.finish() };
    let schema = AvroSchema::read(root, &NoReferences);
    let mut diagnostics = schema.diagnostics();
    diagnostics.sort_by_key(|it| it.diagnostic.span.start);
    for it in diagnostics {
        if it.is_loss {
            out.loss(it.diagnostic.span, it.diagnostic.message);
        } else {
            out.problem(it.diagnostic.span, it.diagnostic.message);
        }
    }
    let types = schema.types();
    let Some(message) = message(types) else {
        out.partial();
        return out.finish();
    };
    let mut reader = Reader { out, types, open: Vec::new(), visits: MAX_VISITS };
    if let Some(record) = types.get(message) {
        reader.out.name(record.node.get("name").and_then(Spanned::of_scalar));
        if has_classification(record.node) {
            reader.out.classified();
        }
    }
    reader.walk(message, "", 0);
    reader.out.finish()
}

/// The record that is the message: the schema itself or, of a list of schemas, the last, which may use those before it.
fn message(types: &Types<'_>) -> Option<TypeId> {
    let is_record = |id: &TypeId| matches!(types.get(*id).map(|it| &it.shape), Some(Type::Record { .. }));
    match &types.get(types.root)?.shape {
        Type::Union(branches) => branches.iter().rev().copied().find(is_record),
        _ => Some(types.root).filter(is_record),
    }
}

struct Reader<'s, 't> {
    out: Builder,
    types: &'s Types<'t>,
    /// The records that are being walked, so that one that contains itself ends.
    open: Vec<TypeId>,
    /// How many types may still be looked at.
    visits: u32,
}

impl Reader<'_, '_> {
    /// Adds the fields below a type, whose own path is `path`.
    fn walk(&mut self, id: TypeId, path: &str, depth: usize) {
        self.visits = self.visits.saturating_sub(1);
        if depth > MAX_DEPTH || self.visits == 0 {
            return self.out.cut();
        }
        let types = self.types;
        match types.get(id).map(|it| &it.shape) {
            Some(Type::Union(branches)) => branches.iter().for_each(|it| self.walk(*it, path, depth + 1)),
            Some(Type::Array(items)) => self.walk(*items, &format!("{path}[]"), depth + 1),
            Some(Type::Map(values)) => self.walk(*values, &format!("{path}{{}}"), depth + 1),
            Some(Type::Record { fields, .. }) if !self.open.contains(&id) => {
                self.open.push(id);
                for field in fields {
                    let Some(name) = field.node.get("name").and_then(Spanned::of_scalar) else { continue };
                    let ty = field.node.get("type");
                    let path = join(path, &name.text);
                    self.out.field(Field {
                        path: path.clone(),
                        name,
                        required: !field.has_default && !self.is_nullable(field.ty),
                        ty: ty.map_or_else(|| "any".into(), |it| words(it, 0)),
                        description: field.node.get("doc").and_then(Spanned::of_scalar),
                        classified: has_classification(field.node) || ty.is_some_and(has_classification),
                    });
                    self.walk(field.ty, &path, depth + 1);
                }
                self.open.pop();
            }
            _ => {}
        }
    }

    /// Whether a value may be null: the message then need not say anything about the field.
    fn is_nullable(&self, id: TypeId) -> bool {
        let is_null = |id: TypeId| {
            matches!(self.types.get(id).map(|it| &it.shape), Some(Type::Primitive(super::types::Primitive::Null)))
        };
        match self.types.get(id).map(|it| &it.shape) {
            Some(Type::Union(branches)) => branches.iter().any(|it| is_null(*it)),
            _ => is_null(id),
        }
    }
}

/// A type as it is written, in words.
fn words(schema: Node<'_>, depth: usize) -> SmolStr {
    let text = |key: &str| schema.get(key).and_then(Node::as_str);
    let inner = |key: &str| schema.get(key).map_or("any".into(), |it| words(it, depth + 1));
    match schema.kind() {
        _ if depth > MAX_DEPTH => "any".into(),
        Kind::String => schema.as_str().unwrap_or_default().into(),
        Kind::Sequence => schema.items().map(|it| words(it, depth + 1)).collect::<Vec<_>>().join("|").into(),
        Kind::Mapping => match text("type") {
            Some("record" | "error" | "enum" | "fixed") => text("name").unwrap_or("record").into(),
            Some("array") => format!("array<{}>", inner("items")).into(),
            Some("map") => format!("map<{}>", inner("values")).into(),
            _ => match text("logicalType") {
                Some(logical) => format!("{}({logical})", inner("type")).into(),
                None => inner("type"),
            },
        },
        _ => "any".into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::Language::Avro;
    use crate::shape;
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
        problem `"Identifier"`: `Identifier` is no type: it was not declared before this place.
        problem `"id"`: There are two fields `id`.
        problem `"type"`: A field needs a `name`.
        problem `"type"`: A record, an enum and a fixed type need a `name`.
        problem `7`: A record needs `fields`, a list.
        problem `"Order"`: `Order` is declared already; a name stands for one type.
        "#);
        // A type that is no record is a schema, but no message with fields.
        assert_eq!(show("\"string\"", Avro), "");
        assert!(!shape("\"string\"", Avro).is_whole);
    }
}
