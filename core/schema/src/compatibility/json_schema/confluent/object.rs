//! Objects: their properties under open, closed and partially open content models.

use archwright_syntax::data::{Kind, Node};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Confluent;
use crate::compatibility::json_schema::document::Draft;
use crate::compatibility::json_schema::limits::Limit;
use crate::compatibility::json_schema::meaning::Meaning;
use crate::compatibility::json_schema::model::{
    Additional, Lists, additional_properties, names, property_lists, required,
};
use crate::compatibility::json_schema::parts::{Part, PartId, Parts, Shape};
use crate::compatibility::json_schema::search::{Definition, Incompatibility, Outcome, Token, TooLarge, below};

const COUNTS: [Limit; 2] = [
    Limit::upper("maxProperties", "MAX_PROPERTIES_ADDED", "MAX_PROPERTIES_DECREASED"),
    Limit::lower("minProperties", "MIN_PROPERTIES_ADDED", "MIN_PROPERTIES_INCREASED"),
];

impl<'t> Confluent<'_, 't> {
    pub(super) fn objects(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (was, is) = (Object::of(self.parts, writer), Object::of(self.parts, reader));
        let mut found = self.required(&was, &is)?;
        found.extend(below(Token::Key("properties"), self.properties(&was, &is)?));
        found.extend(below(Token::Key("dependencies"), self.dependencies(&was, &is)?));
        found.extend(below(Token::Key("additionalProperties"), self.additional(&was, &is)?));
        let unevaluated =
            self.unevaluated("unevaluatedProperties", (was.node, was.unevaluated), (is.node, is.unevaluated))?;
        found.extend(below(Token::Key("unevaluatedProperties"), unevaluated));
        found.extend(COUNTS.iter().filter_map(|it| it.check(was.node, is.node)));
        Ok(found)
    }

    /// Properties of both that only the reader requires.
    fn required(&mut self, was: &Object<'t>, is: &Object<'t>) -> Outcome<'t> {
        self.search.spend(was.required.len() + is.required.len())?;
        let old: FxHashSet<&str> = was.required.iter().filter_map(|it| it.as_str()).collect();
        let mut found = Vec::new();
        for node in &is.required {
            let Some(name) = node.as_str().filter(|it| !old.contains(it)) else { continue };
            let (Some(property), Some(schema)) = (was.property(name), is.property(name)) else { continue };
            if !self.has_default(schema) {
                let path = vec![Token::Key(name), Token::Key("required")];
                found.push(Incompatibility {
                    kind: "REQUIRED_ATTRIBUTE_ADDED",
                    meaning: Meaning::Required,
                    path,
                    writer: property,
                    reader: *node,
                });
            }
        }
        Ok(found)
    }

    fn properties(&mut self, was: &Object<'t>, is: &Object<'t>) -> Outcome<'t> {
        let required: FxHashSet<&str> = is.required.iter().filter_map(|it| it.as_str()).collect();
        let mut found = Vec::new();
        for (name, schema) in names(was.properties) {
            self.search.spend(1)?;
            let of_property = match is.property(name) {
                Some(other) => self.both(schema, other)?,
                None => self.removed(name, schema, is)?,
            };
            found.extend(below(Token::Key(name), of_property));
        }
        for (name, schema) in names(is.properties).filter(|it| was.property(it.0).is_none()) {
            self.search.spend(1)?;
            let of_property = self.added(name, schema, was, required.contains(name))?;
            found.extend(below(Token::Key(name), of_property));
        }
        Ok(found)
    }

    fn both(&mut self, writer: Node<'t>, reader: Node<'t>) -> Outcome<'t> {
        match (self.parts.of(writer), self.parts.of(reader)) {
            (Some(one), Some(other)) => self.compare(one, other),
            _ => Ok(Vec::new()),
        }
    }

    /// A property that only the writer describes.
    fn removed(&mut self, name: &'t str, schema: Node<'t>, is: &Object<'t>) -> Outcome<'t> {
        if is.is_open(self.parts) {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        if let Some(rest) = self.rule_for(name, is)? {
            let inside = match self.parts.of(schema) {
                Some(part) => self.compare(part, rest)?,
                None => Vec::new(),
            };
            if !inside.is_empty() {
                found.extend(inside);
                let reader = self.node_of(rest).unwrap_or(is.node);
                let kind = "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL";
                let finding = Incompatibility {
                    kind,
                    meaning: Meaning::PropertyUncovered,
                    path: Vec::new(),
                    writer: schema,
                    reader,
                };
                self.report(&mut found, finding);
            }
        } else if schema.as_bool() != Some(false) {
            let reader =
                is.node.get("additionalProperties").or_else(|| is.node.get("unevaluatedProperties")).unwrap_or(is.node);
            let kind = "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL";
            let finding =
                Incompatibility { kind, meaning: Meaning::PropertyRefused, path: Vec::new(), writer: schema, reader };
            self.report(&mut found, finding);
        }
        Ok(found)
    }

    /// A property that only the reader describes.
    fn added(&mut self, name: &'t str, schema: Node<'t>, was: &Object<'t>, is_required: bool) -> Outcome<'t> {
        let mut found = Vec::new();
        let writer = was.properties.unwrap_or(was.node);
        let finding = |kind, meaning| Incompatibility { kind, meaning, path: Vec::new(), writer, reader: schema };
        let has_default = self.has_default(schema);
        if was.is_open(self.parts) {
            let is_free =
                self.parts.of(schema).and_then(|it| self.parts.get(it)).is_some_and(|it| it.shape == Shape::Any);
            let (kind, meaning) = match (is_required, has_default) {
                _ if is_free => return Ok(found),
                (true, true) => {
                    ("REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL", Meaning::PropertyRestricted)
                }
                (true, false) => ("REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", Meaning::RequiredRestricted),
                (false, _) => ("OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", Meaning::PropertyRestricted),
            };
            self.report(&mut found, finding(kind, meaning));
            return Ok(found);
        }
        if let (Some(rest), Some(part)) = (self.rule_for(name, was)?, self.parts.of(schema)) {
            let inside = self.compare(rest, part)?;
            if !inside.is_empty() {
                found.extend(inside);
                let kind = "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL";
                self.report(&mut found, finding(kind, Meaning::PropertyNotCovered));
            }
        }
        if is_required && !has_default {
            self.report(
                &mut found,
                finding("REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL", Meaning::RequiredUnknown),
            );
        }
        Ok(found)
    }

    /// The schema that holds for a property that is not described itself.
    fn rule_for(&mut self, name: &str, object: &Object<'t>) -> Result<Option<PartId>, TooLarge> {
        let patterns = object.node.get("patternProperties");
        self.search.spend(patterns.map_or(0, Node::len))?;
        let by_pattern =
            patterns.and_then(|it| self.patterns.schema_of(it, name, false)).and_then(|it| self.parts.of(it));
        let restricts =
            |id: PartId| self.parts.get(id).is_some_and(|it| !matches!(it.shape, Shape::Never | Shape::Any));
        Ok(by_pattern.or(match (object.additional, object.unevaluated) {
            (Additional::Schema(part), _) => Some(part),
            (Additional::Open, Some(part)) if restricts(part) => Some(part),
            _ => None,
        }))
    }

    fn dependencies(&mut self, was: &Object<'t>, is: &Object<'t>) -> Outcome<'t> {
        let Lists { of_names, of_schemas } = property_lists(self.parts, is.node, is.draft);
        let old = property_lists(self.parts, was.node, was.draft);
        let old_names: FxHashMap<_, _> = old.of_names.into_iter().collect();
        let old_schemas: FxHashMap<_, _> = old.of_schemas.into_iter().collect();
        let mut found = Vec::new();
        for (name, list) in of_names {
            self.search.spend(1 + list.len())?;
            let set = |list: Node<'t>| list.items().filter_map(Node::as_str).collect::<FxHashSet<_>>();
            let change = match old_names.get(name) {
                None => Some(("DEPENDENCY_ARRAY_ADDED", was.node)),
                Some(other) => {
                    let (one, two) = (set(*other), set(list));
                    match (one.is_subset(&two), two.is_subset(&one)) {
                        (_, true) => None,
                        (true, false) => Some(("DEPENDENCY_ARRAY_EXTENDED", *other)),
                        (false, false) => Some(("DEPENDENCY_ARRAY_CHANGED", *other)),
                    }
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
        for (name, schema) in of_schemas {
            self.search.spend(1)?;
            let of_schema = match old_schemas.get(name) {
                Some(other) => self.compare(*other, schema)?,
                None => {
                    let (kind, reader) = ("DEPENDENCY_SCHEMA_ADDED", self.node_of(schema).unwrap_or(is.node));
                    vec![Incompatibility {
                        kind,
                        meaning: Meaning::Dependency,
                        path: Vec::new(),
                        writer: was.node,
                        reader,
                    }]
                }
            };
            found.extend(below(Token::Key(name), of_schema));
        }
        Ok(found)
    }

    fn additional(&mut self, was: &Object<'t>, is: &Object<'t>) -> Outcome<'t> {
        let keyword = "additionalProperties";
        let at = |object: &Object<'t>| object.node.get(keyword).unwrap_or(object.node);
        let finding =
            |kind, meaning| Incompatibility { kind, meaning, path: Vec::new(), writer: at(was), reader: at(is) };
        let mut found = Vec::new();
        match (was.additional, is.additional) {
            (Additional::Schema(one), Additional::Schema(other)) => return self.compare(one, other),
            (Additional::Open | Additional::Schema(_), Additional::Closed) => {
                self.report(&mut found, finding("ADDITIONAL_PROPERTIES_REMOVED", Meaning::Closed(keyword)));
            }
            (Additional::Open, Additional::Schema(_)) => {
                self.report(&mut found, finding("ADDITIONAL_PROPERTIES_NARROWED", Meaning::Narrowed(keyword)));
            }
            (Additional::Closed, _) | (_, Additional::Open) => {}
        }
        Ok(found)
    }

    /// `unevaluatedProperties` or `unevaluatedItems`; without it, all is let in.
    pub(super) fn unevaluated(
        &mut self,
        keyword: &'static str,
        was: (Node<'t>, Option<PartId>),
        is: (Node<'t>, Option<PartId>),
    ) -> Outcome<'t> {
        let Some(new) = is.1 else { return Ok(Vec::new()) };
        let shape = |id: Option<PartId>| id.and_then(|it| self.parts.get(it)).map_or(&Shape::Any, |it| &it.shape);
        let is_items = keyword == "unevaluatedItems";
        let (kind, meaning) = match (shape(was.1), shape(Some(new))) {
            (Shape::Never, _) => return Ok(Vec::new()),
            (_, Shape::Never) if is_items => ("UNEVALUATED_ITEMS_REMOVED", Meaning::Closed(keyword)),
            (_, Shape::Never) => ("UNEVALUATED_PROPERTIES_REMOVED", Meaning::Closed(keyword)),
            (Shape::Any, Shape::Any) if was.1.is_some() => return Ok(Vec::new()),
            (Shape::Any, _) if is_items => ("UNEVALUATED_ITEMS_NARROWED", Meaning::Narrowed(keyword)),
            (Shape::Any, _) => ("UNEVALUATED_PROPERTIES_NARROWED", Meaning::Narrowed(keyword)),
            (_, Shape::Any) => return Ok(Vec::new()),
            _ => match was.1 {
                Some(old) => return self.compare(old, new),
                None => return Ok(Vec::new()),
            },
        };
        let at = |side: (Node<'t>, Option<PartId>)| side.0.get(keyword).unwrap_or(side.0);
        let mut found = Vec::new();
        self.report(&mut found, Incompatibility { kind, meaning, path: Vec::new(), writer: at(was), reader: at(is) });
        Ok(found)
    }

    pub(super) fn node_of(&self, id: PartId) -> Option<Node<'t>> {
        self.parts.get(id).map(|it| it.node)
    }

    /// Whether a property has a value of its own when it is left out.
    fn has_default(&self, schema: Node<'t>) -> bool {
        let is_modern =
            self.parts.of(schema).and_then(|it| self.parts.get(it)).is_some_and(|it| it.draft == Draft::Modern);
        schema.get("default").is_some_and(|it| !is_modern || it.kind() != Kind::Null)
    }
}

/// An object schema.
struct Object<'t> {
    node: Node<'t>,
    draft: Draft,
    properties: Option<Node<'t>>,
    required: Vec<Node<'t>>,
    additional: Additional,
    unevaluated: Option<PartId>,
}

impl<'t> Object<'t> {
    fn of(parts: &Parts<'t>, part: &Part<'t>) -> Self {
        let node = part.node;
        let unevaluated =
            node.get("unevaluatedProperties").filter(|_| part.draft == Draft::Modern).and_then(|it| parts.of(it));
        Self {
            node,
            draft: part.draft,
            properties: node.get("properties"),
            required: required(node),
            additional: additional_properties(parts, node),
            unevaluated,
        }
    }

    fn property(&self, name: &str) -> Option<Node<'t>> {
        self.properties?.get(name)
    }

    /// Whether it lets in properties it does not describe, whatever they are.
    fn is_open(&self, parts: &Parts<'t>) -> bool {
        let has_patterns = self.node.get("patternProperties").is_some_and(|it| !it.is_empty());
        let evaluates = self.unevaluated.and_then(|it| parts.get(it)).is_some_and(|it| it.shape != Shape::Any);
        matches!(self.additional, Additional::Open) && !has_patterns && !evaluates
    }
}
