//! The names of the fields of headers and payloads, as far as the document itself tells.

use std::collections::BTreeSet;

use archwright_schema::has_classification;
use archwright_syntax::data::{Kind, Node, NodeId};
use smol_str::SmolStr;

use super::text_at;
use archwright_syntax::{Spanned, data::follow};

/// The fields of a header or a payload.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fields {
    /// Each path once, parents before children.
    pub properties: Vec<Property>,
    /// How much of them is known.
    pub known: Known,
    /// The name of the schema: an Avro record's, or a JSON Schema's title.
    pub title: Option<Spanned>,
    /// Whether fields were left out because there are too many, or because they nest too deep.
    pub is_cut: bool,
}

/// A field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Property {
    /// The way to it: `customer.id`. Items of lists have no mark.
    pub path: SmolStr,
    /// Its own name.
    pub name: Spanned,
    /// The only value it can have: `const`, or an `enum` of one.
    pub constant: Option<Spanned>,
    /// Its type in the words of the schema language; several are joined by `|`.
    pub ty: SmolStr,
    /// Whether the schema says, of it or of something around it, how sensitive it is.
    pub classified: bool,
}

/// How many of the fields the document itself tells. The rest stands in other files, or in a language that is not read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Known {
    /// Perhaps not all.
    Some,
    /// All on the first level.
    FirstLevel,
    /// All.
    #[default]
    All,
}

/// How many fields of one schema are read. Of one with more it is not known what it has.
const MAX_FIELDS: usize = 5_000;

/// How deep schemas are followed.
const MAX_DEPTH: usize = 24;

/// What schemas have other schemas in.
const PARTS: [&str; 10] = ["properties", "allOf", "oneOf", "anyOf", "if", "then", "else", "items", "schema", "fields"];

/// How many schemas of one document are looked at; parts that refer to each other multiply.
pub(super) const MAX_VISITS: usize = 200_000;

impl Fields {
    /// The field with a path.
    pub fn get(&self, path: &str) -> Option<&Property> {
        self.properties.iter().find(|it| it.path == path)
    }

    /// The fields on the first level.
    pub fn first_level(&self) -> impl Iterator<Item = &Property> {
        self.properties.iter().filter(|it| it.path == it.name.text)
    }
}

/// Reads the fields of one header or payload.
pub(super) struct FieldReader<'t, 'v> {
    root: Node<'t>,
    /// How many more schemas may be looked at.
    visits: &'v mut usize,
    fields: Fields,
    seen: BTreeSet<SmolStr>,
    /// The schemas that are being read, so that one that contains itself ends.
    open: Vec<NodeId>,
}

impl<'t, 'v> FieldReader<'t, 'v> {
    pub(super) fn new(root: Node<'t>, visits: &'v mut usize) -> Self {
        Self { root, visits, fields: Fields::default(), seen: BTreeSet::new(), open: Vec::new() }
    }

    pub(super) fn finish(self) -> Fields {
        self.fields
    }

    /// Adds the fields of a schema in the language of a `schemaFormat`.
    pub(super) fn add(&mut self, schema: Node<'t>, format: Option<&str>) {
        match format {
            None => self.add_json(schema),
            Some(it) if it.contains("avro") => self.add_avro(schema),
            Some(it)
                if ["aai.asyncapi", "schema+json", "schema+yaml", "oai.openapi"]
                    .iter()
                    .any(|word| it.contains(word)) =>
            {
                self.add_json(schema);
            }
            Some(_) => self.fields.known = Known::Some,
        }
    }

    /// Adds the fields of a JSON Schema: its own and those of all its parts.
    pub(super) fn add_json(&mut self, schema: Node<'t>) {
        if self.fields.title.is_none() {
            self.fields.title = follow(self.root, schema).and_then(|it| text_at(it, "title"));
        }
        self.json(schema, "", self.is_classified(schema), 0);
    }

    /// Adds the fields of one schema, of which it is known whether it or something around it is classified.
    fn json(&mut self, schema: Node<'t>, parent: &str, classified: bool, depth: usize) {
        let Some(schema) = self.enter(schema, depth) else {
            let known = if parent.is_empty() { Known::Some } else { Known::FirstLevel };
            self.fields.known = self.fields.known.min(known);
            return;
        };
        // A multi-format schema object (3.x) keeps the schema one level down.
        let schema = schema.get("schema").filter(|_| schema.get("schemaFormat").is_some()).unwrap_or(schema);
        if self.open.contains(&schema.id()) {
            // Its fields have a way without an end.
            self.fields.known = self.fields.known.min(if parent.is_empty() { Known::All } else { Known::FirstLevel });
            return;
        }
        self.open.push(schema.id());
        self.parts(schema, parent, classified, depth);
        self.open.pop();
    }

    /// Adds the fields of a schema that is open: its own, then those of its parts.
    fn parts(&mut self, schema: Node<'t>, parent: &str, classified: bool, depth: usize) {
        for entry in schema.get("properties").into_iter().flat_map(Node::entries) {
            let path =
                if parent.is_empty() { entry.key.into() } else { SmolStr::from(format!("{parent}.{}", entry.key)) };
            let classified = classified || self.is_classified(entry.value);
            if self.seen.len() >= MAX_FIELDS {
                // Whatever is asked for may be among the rest.
                (self.fields.known, self.fields.is_cut) = (Known::Some, true);
                return;
            }
            if self.seen.insert(path.clone()) {
                let body = follow(self.root, entry.value);
                self.fields.properties.push(Property {
                    path: path.clone(),
                    name: Spanned::of_key(entry),
                    constant: body.and_then(only_value),
                    ty: body.and_then(|it| it.get("type")).map(words).unwrap_or_default(),
                    classified,
                });
            }
            self.json(entry.value, &path, classified, depth + 1);
        }
        let lists = ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|it| schema.get(it)).flat_map(Node::items);
        let parts = ["if", "then", "else", "items"].into_iter().filter_map(|it| schema.get(it));
        for part in lists.chain(parts).filter(|it| it.kind() == Kind::Mapping) {
            let classified = classified || self.is_classified(part);
            self.json(part, parent, classified, depth + 1);
        }
    }

    /// Whether a schema says how sensitive its value is, where it is written or where it is referred to.
    fn is_classified(&self, schema: Node<'t>) -> bool {
        let behind = || follow(self.root, schema).filter(|_| schema.get("$ref").is_some());
        has_classification(schema) || behind().is_some_and(has_classification)
    }

    /// The schema behind a node, unless it stands elsewhere or a limit is reached.
    fn enter(&mut self, schema: Node<'t>, depth: usize) -> Option<Node<'t>> {
        *self.visits = self.visits.saturating_sub(1);
        let body = follow(self.root, schema)?;
        // Nothing is lost of what has no fields.
        let has_parts = || PARTS.iter().any(|it| body.get(it).is_some());
        if depth <= MAX_DEPTH && *self.visits > 0 {
            return Some(body);
        }
        self.fields.is_cut |= has_parts();
        None
    }

    /// Adds the fields of an Avro record, on its first level.
    fn add_avro(&mut self, schema: Node<'t>) {
        let Some(record) = self.enter(schema, 0).filter(|it| it.get("fields").is_some()) else {
            self.fields.known = Known::Some;
            return;
        };
        self.fields.title = text_at(record, "name");
        let classified = has_classification(record);
        for (at, field) in record.get("fields").into_iter().flat_map(Node::items).enumerate() {
            if at >= MAX_FIELDS {
                (self.fields.known, self.fields.is_cut) = (Known::Some, true);
                return;
            }
            let Some(name) = text_at(field, "name") else { continue };
            if self.seen.insert(name.text.clone()) {
                self.fields.properties.push(Property {
                    path: name.text.clone(),
                    name,
                    constant: None,
                    ty: field.get("type").map(words).unwrap_or_default(),
                    classified: classified || has_classification(field),
                });
            }
            // A record inside may hold what is looked for.
            if field
                .get("type")
                .is_none_or(|it| it.kind() == Kind::Mapping || it.items().any(|it| it.kind() == Kind::Mapping))
            {
                self.fields.known = self.fields.known.min(Known::FirstLevel);
            }
        }
    }
}

/// The types of a schema: one, or the members of a union that are names.
fn words(ty: Node<'_>) -> SmolStr {
    let name = |it: Node<'_>| it.scalar().or_else(|| it.get("type")?.scalar()).unwrap_or("object").to_owned();
    if ty.kind() == Kind::Sequence {
        ty.items().map(name).collect::<Vec<_>>().join("|").into()
    } else {
        name(ty).into()
    }
}

/// The only value that a schema allows.
fn only_value(schema: Node<'_>) -> Option<Spanned> {
    let constant = schema.get("const").or_else(|| {
        let choices = schema.get("enum")?;
        choices.item(0).filter(|_| choices.len() == 1)
    });
    Spanned::of_scalar(constant?)
}
