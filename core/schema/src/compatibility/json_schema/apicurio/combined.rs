//! `allOf`, `anyOf`, `oneOf` and conditions.

use super::Apicurio;
use crate::compatibility::json_schema::meaning::Meaning;
use crate::compatibility::json_schema::parts::{Criterion, Part, Shape};
use crate::compatibility::json_schema::search::{Definition, Incompatibility, Outcome, Token};

impl<'t> Apicurio<'_, 't> {
    pub(super) fn combined(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (Shape::Combined { criterion: was, parts: old }, Shape::Combined { criterion: is, parts: new }) =
            (&writer.shape, &reader.shape)
        else {
            return Ok(Vec::new());
        };
        let (writer_list, reader_list) = (writer.branches(), reader.branches());
        let finding = |kind, meaning| Incompatibility {
            kind,
            meaning,
            path: Vec::new(),
            writer: writer_list,
            reader: reader_list,
        };
        if was != is {
            return Ok(match (was, is) {
                (_, Criterion::Any) => Vec::new(),
                (Criterion::Any, _) => vec![finding("COMBINED_TYPE_CRITERION_NARROWED", Meaning::Criterion)],
                _ => vec![finding("COMBINED_TYPE_CRITERION_CHANGED", Meaning::Criterion)],
            });
        }
        if old.len() > new.len() {
            // Nothing is said of which alternative is gone, so the branches are not looked into.
            return Ok(match is {
                Criterion::All => Vec::new(),
                Criterion::Any => vec![finding("COMBINED_TYPE_ANY_OF_SIZE_DECREASED", Meaning::FewerAlternatives)],
                Criterion::One => vec![finding("COMBINED_TYPE_ONE_OF_SIZE_DECREASED", Meaning::FewerAlternatives)],
            });
        }
        let mut found = Vec::new();
        if *is == Criterion::All && old.len() < new.len() {
            found.push(finding("COMBINED_TYPE_ALL_OF_SIZE_INCREASED", Meaning::Conditions));
        }
        let (old, new) = (self.parts.distinct(old), self.parts.distinct(new));
        let matching = self.matched(&old, &new)?;
        for lonely in matching.left.iter().zip(&old).filter(|it| it.0.is_none()).map(|it| *it.1) {
            let writer = self.parts.place(lonely).unwrap_or(writer_list);
            let finding =
                Incompatibility { writer, ..finding("COMBINED_TYPE_SUBSCHEMA_NOT_COMPATIBLE", Meaning::Counterpart) };
            found.push(self.nearest(lonely, &new, finding)?);
        }
        Ok(found)
    }

    /// `if` must stay as it is; `then` and `else` may let more through.
    pub(super) fn conditions(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let mut found = Vec::new();
        for (keyword, kinds) in CONDITIONS {
            let Some(is) = reader.node.get(keyword) else { continue };
            let finding = |kind, writer| Incompatibility {
                kind,
                meaning: Meaning::Condition(keyword),
                path: vec![Token::Key(keyword)],
                writer,
                reader: is,
            };
            let Some(was) = writer.node.get(keyword) else {
                found.push(finding(kinds.added, writer.node));
                continue;
            };
            let (Some(old), Some(new)) = (self.parts.of(was), self.parts.of(is)) else { continue };
            let (backward, forward) = (self.takes(old, new)?, self.takes(new, old)?);
            found.extend(match (backward, forward) {
                (true, true) => None,
                (true, false) if keyword != "if" => None,
                (true, false) => Some(finding(kinds.backward, was)),
                (false, true) => Some(finding(kinds.forward, was)),
                (false, false) => Some(finding(kinds.none, was)),
            });
        }
        Ok(found)
    }
}

/// What changes of a condition are called.
struct OfCondition {
    added: &'static str,
    backward: &'static str,
    forward: &'static str,
    none: &'static str,
}

const CONDITIONS: [(&str, OfCondition); 3] = [
    (
        "if",
        OfCondition {
            added: "CONDITIONAL_TYPE_IF_SCHEMA_ADDED",
            backward: "CONDITIONAL_TYPE_IF_SCHEMA_COMPATIBLE_BACKWARD_NOT_FORWARD",
            forward: "CONDITIONAL_TYPE_IF_SCHEMA_COMPATIBLE_FORWARD_NOT_BACKWARD",
            none: "CONDITIONAL_TYPE_IF_SCHEMA_COMPATIBLE_NONE",
        },
    ),
    (
        "then",
        OfCondition {
            added: "CONDITIONAL_TYPE_THEN_SCHEMA_ADDED",
            backward: "CONDITIONAL_TYPE_THEN_SCHEMA_COMPATIBLE_BACKWARD_NOT_FORWARD",
            forward: "CONDITIONAL_TYPE_THEN_SCHEMA_COMPATIBLE_FORWARD_NOT_BACKWARD",
            none: "CONDITIONAL_TYPE_THEN_SCHEMA_COMPATIBLE_NONE",
        },
    ),
    (
        "else",
        OfCondition {
            added: "CONDITIONAL_TYPE_ELSE_SCHEMA_ADDED",
            backward: "CONDITIONAL_TYPE_ELSE_SCHEMA_COMPATIBLE_BACKWARD_NOT_FORWARD",
            forward: "CONDITIONAL_TYPE_ELSE_SCHEMA_COMPATIBLE_FORWARD_NOT_BACKWARD",
            none: "CONDITIONAL_TYPE_ELSE_SCHEMA_COMPATIBLE_NONE",
        },
    ),
];
