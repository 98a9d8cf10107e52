//! Objects.

use archwright_syntax::data::Node;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Apicurio;
use super::rest::{PROPERTIES, Rest};
use crate::compatibility::json_schema::document::Draft;
use crate::compatibility::json_schema::limits::Limit;
use crate::compatibility::json_schema::meaning::Meaning;
use crate::compatibility::json_schema::model::{additional_properties, names, property_lists, required};
use crate::compatibility::json_schema::parts::{Criterion, Part, Shape, Type};
use crate::compatibility::json_schema::search::{Definition, Incompatibility, Outcome, Token, below};

const OF_OBJECTS: [Limit; 2] = [
    Limit::upper("maxProperties", "OBJECT_TYPE_MAX_PROPERTIES_ADDED", "OBJECT_TYPE_MAX_PROPERTIES_DECREASED"),
    Limit::lower("minProperties", "OBJECT_TYPE_MIN_PROPERTIES_ADDED", "OBJECT_TYPE_MIN_PROPERTIES_INCREASED"),
];

impl<'t> Apicurio<'_, 't> {
    pub(super) fn objects(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (was, is) = (writer.node, reader.node);
        let mut found: Vec<_> = OF_OBJECTS.iter().filter_map(|it| it.check(was, is)).collect();
        let old: FxHashSet<_> = required(was).into_iter().filter_map(Node::as_str).collect();
        self.search.spend(old.len())?;
        for node in required(is) {
            let Some(name) = node.as_str().filter(|it| !old.contains(it)) else { continue };
            let described = was.get("properties").and_then(|it| it.get(name));
            let writer = described.or_else(|| was.get("required")).unwrap_or(was);
            let path = vec![Token::Key(name), Token::Key("required")];
            let kind = "OBJECT_TYPE_REQUIRED_PROPERTIES_MEMBER_ADDED";
            found.push(Incompatibility { kind, meaning: Meaning::Required, path, writer, reader: node });
        }
        found.extend(self.property_names(writer, reader)?);
        found.extend(self.dependencies(writer, reader)?);
        let (old_rest, new_rest) = (additional_properties(self.parts, was), additional_properties(self.parts, is));
        let rest = Rest {
            keyword: "additionalProperties",
            closed: "OBJECT_TYPE_ADDITIONAL_PROPERTIES_TRUE_TO_FALSE",
            narrowed: "OBJECT_TYPE_ADDITIONAL_PROPERTIES_NARROWED",
            changed: "OBJECT_TYPE_ADDITIONAL_PROPERTIES_SCHEMA_CHANGED",
        };
        found.extend(self.rest(&rest, (was, old_rest), (is, new_rest))?);
        for (pattern, schema) in names(is.get("patternProperties")) {
            let of_pattern = match was.get("patternProperties").and_then(|it| it.get(pattern)) {
                Some(other) => self.both(other, schema)?,
                None => {
                    let kind = "OBJECT_TYPE_PATTERN_PROPERTY_KEYS_MEMBER_ADDED";
                    vec![Incompatibility {
                        kind,
                        meaning: Meaning::PropertyRestricted,
                        path: Vec::new(),
                        writer: was,
                        reader: schema,
                    }]
                }
            };
            found.extend(below(Token::Key("patternProperties"), below(Token::Key(pattern), of_pattern)));
        }
        let (old, new) = (was.get("properties"), is.get("properties"));
        let mut of_properties = Vec::new();
        for (name, schema) in names(old) {
            let of_property = match new.and_then(|it| it.get(name)) {
                Some(other) => self.property(schema, other)?,
                None => self.removed(&PROPERTIES, schema, (is, new_rest))?.into_iter().collect(),
            };
            of_properties.extend(below(Token::Key(name), of_property));
        }
        for (name, schema) in names(new).filter(|it| old.is_none_or(|old| old.get(it.0).is_none())) {
            let of_property = self.added(&PROPERTIES, (was, old_rest), schema, new_rest)?.into_iter().collect();
            of_properties.extend(below(Token::Key(name), of_property));
        }
        found.extend(below(Token::Key("properties"), of_properties));
        Ok(found)
    }

    pub(super) fn both(&mut self, writer: Node<'t>, reader: Node<'t>) -> Outcome<'t> {
        match (self.parts.of(writer), self.parts.of(reader)) {
            (Some(one), Some(other)) => self.compare(one, other),
            _ => Ok(Vec::new()),
        }
    }

    /// A property of both. A string that becomes one of several alternatives is one of one before.
    fn property(&mut self, writer: Node<'t>, reader: Node<'t>) -> Outcome<'t> {
        let (Some(one), Some(other)) = (self.parts.of(writer), self.parts.of(reader)) else { return Ok(Vec::new()) };
        let parts = self.parts;
        let (Some(was), Some(is)) = (parts.get(one), parts.get(other)) else { return Ok(Vec::new()) };
        let (Shape::Typed(Type::String), Shape::Combined { criterion, parts: branches }) = (&was.shape, &is.shape)
        else {
            return self.compare(one, other);
        };
        let finding = |kind, meaning| Incompatibility { kind, meaning, path: Vec::new(), writer, reader };
        match criterion {
            Criterion::Any => {
                for branch in branches {
                    if self.takes(one, *branch)? {
                        return Ok(Vec::new());
                    }
                }
                Ok(vec![finding("COMBINED_TYPE_SUBSCHEMA_NOT_COMPATIBLE", Meaning::Counterpart)])
            }
            Criterion::All | Criterion::One => {
                Ok(vec![finding("COMBINED_TYPE_CRITERION_NARROWED", Meaning::Criterion)])
            }
        }
    }

    fn property_names(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let schema = |part: &Part<'t>| part.node.get("propertyNames").filter(|_| part.draft > Draft::Four);
        let Some(new) = schema(reader) else { return Ok(Vec::new()) };
        let found = match schema(writer) {
            Some(old) => self.both(old, new)?,
            None => {
                let (kind, meaning) = ("OBJECT_TYPE_PROPERTY_SCHEMA_ADDED", Meaning::Added("propertyNames"));
                vec![Incompatibility { kind, meaning, path: Vec::new(), writer: writer.node, reader: new }]
            }
        };
        Ok(below(Token::Key("propertyNames"), found))
    }

    fn dependencies(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (old, new) = (
            property_lists(self.parts, writer.node, writer.draft),
            property_lists(self.parts, reader.node, reader.draft),
        );
        let old_names: FxHashMap<_, _> = old.of_names.into_iter().collect();
        let old_schemas: FxHashMap<_, _> = old.of_schemas.into_iter().collect();
        let mut found = Vec::new();
        for (name, list) in new.of_names {
            self.search.spend(1 + list.len())?;
            let change = match old_names.get(name) {
                None => Some(("OBJECT_TYPE_PROPERTY_DEPENDENCIES_KEYS_MEMBER_ADDED", writer.node)),
                Some(other) => {
                    let known: FxHashSet<_> = other.items().filter_map(Node::as_str).collect();
                    let is_new = list.items().filter_map(Node::as_str).any(|it| !known.contains(it));
                    is_new.then_some(("OBJECT_TYPE_PROPERTY_DEPENDENCIES_VALUE_MEMBER_ADDED", *other))
                }
            };
            let finding = |(kind, writer)| Incompatibility {
                kind,
                meaning: Meaning::Dependency,
                path: vec![Token::Key(name)],
                writer,
                reader: list,
            };
            found.extend(change.map(finding));
        }
        for (name, schema) in new.of_schemas {
            self.search.spend(1)?;
            let of_schema = match old_schemas.get(name) {
                Some(other) => self.compare(*other, schema)?,
                None => {
                    let kind = "OBJECT_TYPE_SCHEMA_DEPENDENCIES_MEMBER_ADDED";
                    let reader = self.node(schema, reader.node);
                    vec![Incompatibility {
                        kind,
                        meaning: Meaning::Dependency,
                        path: Vec::new(),
                        writer: writer.node,
                        reader,
                    }]
                }
            };
            found.extend(below(Token::Key(name), of_schema));
        }
        Ok(below(Token::Key("dependencies"), found))
    }
}
