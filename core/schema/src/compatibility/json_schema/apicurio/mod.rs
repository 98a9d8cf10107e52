//! Compatibility as Apicurio Registry defines it.
//!
//! The kinds are those of its `DiffType`; changes it counts as compatible are not reported. Where it pairs the branches
//! of `allOf`, `anyOf` and `oneOf` one after the other, and so may call a schema incompatible with itself, here as many
//! as possible find a counterpart.

mod array;
mod combined;
mod object;
mod rest;
mod scalar;

use archwright_syntax::data::Node;

use super::meaning::Meaning;
use super::parts::{Criterion, Part, PartId, Parts, Shape, Type};
use super::search::{Definition, Depth, Incompatibility, Outcome, Search, Token, TooLarge};

/// A comparison of two schemas.
pub(super) struct Apicurio<'p, 't> {
    parts: &'p Parts<'t>,
    search: Search<'t, PartId>,
}

impl<'p, 't> Apicurio<'p, 't> {
    pub(super) fn new(parts: &'p Parts<'t>, depth: Depth) -> Self {
        Self { parts, search: Search::new(depth) }
    }

    /// Whether a reader with one schema takes what the other describes.
    fn takes(&mut self, writer: PartId, reader: PartId) -> Result<bool, TooLarge> {
        Ok(self.compare(writer, reader)?.is_empty())
    }

    /// Of several conditions that hold at once, the one of the reader's type stands for all; an enumeration of strings
    /// that names its type is such a case.
    fn of_same_type(&self, writer: PartId, ty: Type) -> PartId {
        let Some(Shape::Combined { criterion: Criterion::All, parts }) = self.parts.get(writer).map(|it| &it.shape)
        else {
            return writer;
        };
        let of_type = |it: &PartId| self.parts.get(*it).and_then(Part::ty).is_some_and(|it| it.class() == ty.class());
        let fitting: Vec<_> = parts.iter().copied().filter(|it| of_type(it)).collect();
        match *self.parts.distinct(&fitting).as_slice() {
            [only] => only,
            _ => writer,
        }
    }

    fn node(&self, id: PartId, or: Node<'t>) -> Node<'t> {
        self.parts.get(id).map_or(or, |it| it.node)
    }
}

impl<'t> Definition<'t> for Apicurio<'_, 't> {
    type Key = PartId;

    fn search(&mut self) -> &mut Search<'t, PartId> {
        &mut self.search
    }

    fn resolved(&self, part: PartId) -> PartId {
        self.parts.target(part)
    }

    fn pair(&mut self, mut writer_id: PartId, reader_id: PartId) -> Outcome<'t> {
        if let Some(Shape::Typed(ty @ (Type::String | Type::Boolean | Type::Number | Type::Integer))) =
            self.parts.get(reader_id).map(|it| &it.shape)
        {
            writer_id = self.of_same_type(writer_id, *ty);
        }
        let parts = self.parts;
        let (Some(writer), Some(reader)) = (parts.get(writer_id), parts.get(reader_id)) else { return Ok(Vec::new()) };
        Ok(match (&writer.shape, &reader.shape) {
            (Shape::Never, _) | (_, Shape::Any) => Vec::new(),
            (Shape::Typed(one), Shape::Typed(other)) if one.class() == other.class() => match one.class() {
                Type::String => scalar::strings(writer, reader),
                Type::Object => self.objects(writer, reader)?,
                Type::Array => self.arrays(writer, reader)?,
                Type::Number | Type::Integer => scalar::numbers(writer, reader),
                Type::Boolean | Type::Null => Vec::new(),
            },
            (Shape::Const, Shape::Const) => scalar::changed_value(writer, reader),
            (Shape::Enum | Shape::Const, Shape::Enum) => {
                self.search.spend(writer.values.len())?;
                scalar::narrowed_values(writer, reader)
            }
            (Shape::Enum, Shape::Const) if writer.values.len() == 1 => scalar::changed_value(writer, reader),
            (Shape::Condition, Shape::Condition) => self.conditions(writer, reader)?,
            (Shape::Not(was), Shape::Not(is)) => {
                if self.takes(*is, *was)? {
                    Vec::new()
                } else {
                    let kind = if self.takes(*was, *is)? {
                        "NOT_TYPE_SCHEMA_COMPATIBLE_BACKWARD_NOT_FORWARD"
                    } else {
                        "NOT_TYPE_SCHEMA_COMPATIBLE_NONE"
                    };
                    let at = |part: &Part<'t>| part.node.get("not").unwrap_or(part.node);
                    let (writer, reader) = (at(writer), at(reader));
                    vec![Incompatibility {
                        kind,
                        meaning: Meaning::Excluded,
                        path: vec![Token::Key("not")],
                        writer,
                        reader,
                    }]
                }
            }
            (Shape::Combined { .. }, Shape::Combined { .. }) => self.combined(writer, reader)?,
            (Shape::Unknown(one), Shape::Unknown(other)) | (Shape::Elsewhere(one), Shape::Elsewhere(other))
                if one == other =>
            {
                Vec::new()
            }
            (one, other) => {
                let leads_away = |it: &Shape<'_>| matches!(it, Shape::Elsewhere(_));
                let meaning = if leads_away(one) || leads_away(other) { Meaning::Elsewhere } else { Meaning::Type };
                let (writer, reader) = (writer.node, reader.node);
                vec![Incompatibility { kind: "SUBSCHEMA_TYPE_CHANGED", meaning, path: Vec::new(), writer, reader }]
            }
        })
    }
}
