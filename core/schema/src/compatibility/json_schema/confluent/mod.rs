//! Compatibility as Confluent Schema Registry defines it, by its strict and its lenient policy.
//!
//! The kinds are those of its `Difference.Type`; changes it counts as compatible are not reported.

mod array;
mod combined;
mod object;

use archwright_syntax::data::Node;

use super::decimal::Decimal;
use super::limits::Limit;
use super::meaning::Meaning;
use super::parts::{Criterion, Part, PartId, Parts, Shape, Type};
use super::patterns::Patterns;
use super::search::{Definition, Depth, Incompatibility, Outcome, Search, Token, below};

/// What the lenient policy lets pass beyond the strict one.
const LENIENT: [&str; 9] = [
    "ADDITIONAL_PROPERTIES_NARROWED",
    "ADDITIONAL_PROPERTIES_REMOVED",
    "UNEVALUATED_PROPERTIES_NARROWED",
    "UNEVALUATED_PROPERTIES_REMOVED",
    "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL",
    "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
    "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL",
    "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
    "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
];

const OF_STRINGS: [Limit; 2] = [
    Limit::upper("maxLength", "MAX_LENGTH_ADDED", "MAX_LENGTH_DECREASED"),
    Limit::lower("minLength", "MIN_LENGTH_ADDED", "MIN_LENGTH_INCREASED"),
];

const OF_NUMBERS: [Limit; 4] = [
    Limit::upper("maximum", "MAXIMUM_ADDED", "MAXIMUM_DECREASED"),
    Limit::lower("minimum", "MINIMUM_ADDED", "MINIMUM_INCREASED"),
    Limit::upper("exclusiveMaximum", "EXCLUSIVE_MAXIMUM_ADDED", "EXCLUSIVE_MAXIMUM_DECREASED"),
    Limit::lower("exclusiveMinimum", "EXCLUSIVE_MINIMUM_ADDED", "EXCLUSIVE_MINIMUM_INCREASED"),
];

/// A comparison of two schemas.
pub(super) struct Confluent<'p, 't> {
    parts: &'p Parts<'t>,
    is_lenient: bool,
    search: Search<'t, PartId>,
    patterns: Patterns<'t>,
}

impl<'p, 't> Confluent<'p, 't> {
    pub(super) fn new(parts: &'p Parts<'t>, is_lenient: bool, depth: Depth) -> Self {
        Self { parts, is_lenient, search: Search::new(depth), patterns: Patterns::default() }
    }

    /// Adds a finding, unless the policy lets it pass.
    fn report(&self, found: &mut Vec<Incompatibility<'t>>, finding: Incompatibility<'t>) {
        if !self.is_lenient || !LENIENT.contains(&finding.kind) {
            found.push(finding);
        }
    }

    /// Compares schemas that may be missing; a new one restricts what was free.
    fn optional(&mut self, writer: (Node<'t>, Option<PartId>), reader: (Node<'t>, Option<PartId>)) -> Outcome<'t> {
        match (writer.1, reader.1) {
            (Some(one), Some(other)) => self.compare(one, other),
            (None, Some(new)) => {
                let reader = self.parts.get(new).map_or(reader.0, |it| it.node);
                Ok(vec![Incompatibility {
                    kind: "SCHEMA_ADDED",
                    meaning: Meaning::Schema,
                    path: Vec::new(),
                    writer: writer.0,
                    reader,
                }])
            }
            (_, None) => Ok(Vec::new()),
        }
    }

    /// A schema among the branches of a combination, when one of them does.
    fn through_branches(&mut self, writer: PartId, reader: PartId) -> Result<bool, super::search::TooLarge> {
        let parts = self.parts;
        let (Some(one), Some(other)) = (parts.get(writer), parts.get(reader)) else { return Ok(false) };
        match (&one.shape, &other.shape) {
            (Shape::Combined { .. }, Shape::Combined { .. }) => Ok(false),
            (_, Shape::Combined { criterion, parts }) if parts.len() == 1 || *criterion != Criterion::All => {
                for branch in parts {
                    if self.compare(writer, *branch)?.is_empty() {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (Shape::Combined { criterion, parts }, _) if parts.len() == 1 || *criterion == Criterion::All => {
                for branch in parts {
                    if self.compare(*branch, reader)?.is_empty() {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => Ok(false),
        }
    }

    fn strings(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Incompatibility<'t>> {
        let mut found: Vec<_> = OF_STRINGS.iter().filter_map(|it| it.check(writer.node, reader.node)).collect();
        let pattern = |it: &Part<'t>| it.node.get("pattern").filter(|it| it.as_str().is_some());
        if let Some(is) = pattern(reader) {
            let path = vec![Token::Key("pattern")];
            match pattern(writer) {
                None => {
                    found.push(Incompatibility {
                        kind: "PATTERN_ADDED",
                        meaning: Meaning::Added("pattern"),
                        path,
                        writer: writer.node,
                        reader: is,
                    });
                }
                Some(was) if was.as_str() != is.as_str() => {
                    found.push(Incompatibility {
                        kind: "PATTERN_CHANGED",
                        meaning: Meaning::Changed("pattern"),
                        path,
                        writer: was,
                        reader: is,
                    });
                }
                Some(_) => {}
            }
        }
        found
    }

    fn numbers(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Incompatibility<'t>> {
        let mut found: Vec<_> = OF_NUMBERS.iter().filter_map(|it| it.check(writer.node, reader.node)).collect();
        let multiple = |it: &Part<'t>| it.node.get("multipleOf").and_then(|node| Some((node, Decimal::of(node)?)));
        if let Some((is_node, is)) = multiple(reader) {
            let change = match multiple(writer) {
                None => Some(("MULTIPLE_OF_ADDED", Meaning::Added("multipleOf"), writer.node)),
                Some((_, was)) if was.compare(is).is_eq() => None,
                Some((node, was)) if is.is_multiple_of(was) => {
                    Some(("MULTIPLE_OF_EXPANDED", Meaning::Changed("multipleOf"), node))
                }
                Some((_, was)) if was.is_multiple_of(is) => None,
                Some((node, _)) => Some(("MULTIPLE_OF_CHANGED", Meaning::Changed("multipleOf"), node)),
            };
            let finding = |(kind, meaning, writer)| Incompatibility {
                kind,
                meaning,
                path: vec![Token::Key("multipleOf")],
                writer,
                reader: is_node,
            };
            found.extend(change.map(finding));
        }
        if (writer.ty(), reader.ty()) == (Some(Type::Number), Some(Type::Integer)) {
            let (writer, reader) = (writer.node, reader.node);
            found.push(Incompatibility {
                kind: "TYPE_NARROWED",
                meaning: Meaning::Integer,
                path: Vec::new(),
                writer,
                reader,
            });
        }
        found
    }

    /// The lists of values; the reader's must have all of the writer's.
    fn enums(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (Some(was), Some(is)) = (writer.node.get("enum"), reader.node.get("enum")) else { return Ok(Vec::new()) };
        self.search.spend(writer.values.len())?;
        if writer.values.is_subset(&reader.values) {
            return Ok(Vec::new());
        }
        let kind = if reader.values.is_subset(&writer.values) { "ENUM_ARRAY_NARROWED" } else { "ENUM_ARRAY_CHANGED" };
        Ok(vec![Incompatibility {
            kind,
            meaning: Meaning::Values,
            path: vec![Token::Key("enum")],
            writer: was,
            reader: is,
        }])
    }

    fn constants(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Incompatibility<'t>> {
        let (Some(was), Some(is)) = (writer.node.get("const"), reader.node.get("const")) else { return Vec::new() };
        if writer.values == reader.values {
            return Vec::new();
        }
        let path = vec![Token::Key("const")];
        vec![Incompatibility {
            kind: "ENUM_ARRAY_CHANGED",
            meaning: Meaning::Changed("const"),
            path,
            writer: was,
            reader: is,
        }]
    }
}

impl<'t> Definition<'t> for Confluent<'_, 't> {
    type Key = PartId;

    fn search(&mut self) -> &mut Search<'t, PartId> {
        &mut self.search
    }

    fn resolved(&self, part: PartId) -> PartId {
        self.parts.target(part)
    }

    fn pair(&mut self, writer_id: PartId, reader_id: PartId) -> Outcome<'t> {
        if self.through_branches(writer_id, reader_id)? {
            return Ok(Vec::new());
        }
        let parts = self.parts;
        let (Some(writer), Some(reader)) = (parts.get(writer_id), parts.get(reader_id)) else { return Ok(Vec::new()) };
        Ok(match (&writer.shape, &reader.shape) {
            (Shape::Never, _) | (_, Shape::Any) => Vec::new(),
            (Shape::Typed(one), Shape::Typed(other)) if one.class() == other.class() => match one.class() {
                Type::String => Self::strings(writer, reader),
                Type::Object => self.objects(writer, reader)?,
                Type::Array => self.arrays(writer, reader)?,
                Type::Number | Type::Integer => Self::numbers(writer, reader),
                Type::Boolean | Type::Null => Vec::new(),
            },
            (Shape::Enum, Shape::Enum) => self.enums(writer, reader)?,
            (Shape::Const, Shape::Const) => Self::constants(writer, reader),
            (Shape::Condition, Shape::Condition) => Vec::new(),
            (Shape::Not(was), Shape::Not(is)) => {
                // What is excluded must be excluded already, so it is compared the other way round.
                let excluded = |part: &Part<'t>| part.node.get("not").unwrap_or(part.node);
                let (was_node, is_node) = (excluded(writer), excluded(reader));
                if self.compare(*is, *was)?.is_empty() {
                    Vec::new()
                } else {
                    let finding = Incompatibility {
                        kind: "NOT_TYPE_EXTENDED",
                        meaning: Meaning::Excluded,
                        path: Vec::new(),
                        writer: was_node,
                        reader: is_node,
                    };
                    below(Token::Key("not"), vec![finding])
                }
            }
            (Shape::Combined { .. }, Shape::Combined { .. }) => self.combined(writer, reader)?,
            (Shape::Unknown(one), Shape::Unknown(other)) | (Shape::Elsewhere(one), Shape::Elsewhere(other))
                if one == other =>
            {
                Vec::new()
            }
            (one, other) => {
                // Kafka Connect writes decimals as bytes in more than one form.
                let is_bytes =
                    |it: &Part<'t>| it.is_whole && it.node.get("connect.type").and_then(Node::as_str) == Some("bytes");
                if is_bytes(writer) && is_bytes(reader) {
                    return Ok(Vec::new());
                }
                let leads_away = |it: &Shape<'_>| matches!(it, Shape::Elsewhere(_));
                let meaning = if leads_away(one) || leads_away(other) { Meaning::Elsewhere } else { Meaning::Type };
                let (writer, reader) = (writer.node, reader.node);
                vec![Incompatibility { kind: "TYPE_CHANGED", meaning, path: Vec::new(), writer, reader }]
            }
        })
    }
}
