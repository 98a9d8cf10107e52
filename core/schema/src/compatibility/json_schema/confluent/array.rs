//! Lists: their items one by one and all alike, how many, and what stands behind those described.

use archwright_syntax::data::Node;

use super::Confluent;
use crate::compatibility::json_schema::decimal::Decimal;
use crate::compatibility::json_schema::document::Draft;
use crate::compatibility::json_schema::limits::Limit;
use crate::compatibility::json_schema::meaning::Meaning;
use crate::compatibility::json_schema::model::{Additional, Array};
use crate::compatibility::json_schema::parts::{Part, PartId, Shape};
use crate::compatibility::json_schema::search::{Definition, Incompatibility, Outcome, Token, below};

const COUNTS: [Limit; 2] = [
    Limit::upper("maxItems", "MAX_ITEMS_ADDED", "MAX_ITEMS_DECREASED"),
    Limit::lower("minItems", "MIN_ITEMS_ADDED", "MIN_ITEMS_INCREASED"),
];

const MAX_CONTAINS: Limit = Limit::upper("maxContains", "MAX_CONTAINS_ADDED", "MAX_CONTAINS_DECREASED");

impl<'t> Confluent<'_, 't> {
    pub(super) fn arrays(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (was, is) = (Array::of(self.parts, writer), Array::of(self.parts, reader));
        let mut found = below(Token::Key("items"), self.optional((was.node, was.all), (is.node, is.all))?);
        found.extend(below(Token::Key("items"), self.items(&was, &is)?));
        found.extend(below(Token::Key("additionalItems"), self.additional_items(&was, &is)?));
        let unevaluated =
            self.unevaluated("unevaluatedItems", (was.node, was.unevaluated), (is.node, is.unevaluated))?;
        found.extend(below(Token::Key("unevaluatedItems"), unevaluated));
        found.extend(COUNTS.iter().filter_map(|it| it.check(was.node, is.node)));
        let unique = |array: &Array<'t>| array.node.get("uniqueItems").filter(|it| it.as_bool() == Some(true));
        if let (None, Some(reader)) = (unique(&was), unique(&is)) {
            let (kind, meaning) = ("UNIQUE_ITEMS_ADDED", Meaning::Added("uniqueItems"));
            found.push(Incompatibility {
                kind,
                meaning,
                path: vec![Token::Key("uniqueItems")],
                writer: was.node,
                reader,
            });
        }
        found.extend(contained(&was, &is));
        Ok(found)
    }

    /// The first items, each at its place.
    fn items(&mut self, was: &Array<'t>, is: &Array<'t>) -> Outcome<'t> {
        let mut found = Vec::new();
        for at in 0..was.first.len().max(is.first.len()) {
            self.search.spend(1)?;
            let of_item = match (was.first.get(at).copied(), is.first.get(at).copied()) {
                (Some(one), Some(other)) => match (self.parts.of(one), self.parts.of(other)) {
                    (Some(one), Some(other)) => self.compare(one, other)?,
                    _ => Vec::new(),
                },
                (Some(old), None) => self.item_removed(old, is)?,
                (None, Some(new)) => self.item_added(new, was)?,
                (None, None) => Vec::new(),
            };
            found.extend(below(Token::Index(at), of_item));
        }
        Ok(found)
    }

    fn item_removed(&mut self, old: Node<'t>, is: &Array<'t>) -> Outcome<'t> {
        if is.is_open(self.parts) {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        if let (Some(rest), Some(part)) = (self.rest(is), self.parts.of(old)) {
            let inside = self.compare(part, rest)?;
            if !inside.is_empty() {
                found.extend(inside);
                let kind = "ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL";
                let reader = self.node_of(rest).unwrap_or(is.node);
                found.push(Incompatibility {
                    kind,
                    meaning: Meaning::ItemUncovered,
                    path: Vec::new(),
                    writer: old,
                    reader,
                });
            }
        } else if old.as_bool() != Some(false) {
            let kind = "ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL";
            found.push(Incompatibility {
                kind,
                meaning: Meaning::ItemRefused,
                path: Vec::new(),
                writer: old,
                reader: is.node,
            });
        }
        Ok(found)
    }

    fn item_added(&mut self, new: Node<'t>, was: &Array<'t>) -> Outcome<'t> {
        let Some(part) = self.parts.of(new) else { return Ok(Vec::new()) };
        let finding =
            |kind, meaning| Incompatibility { kind, meaning, path: Vec::new(), writer: was.node, reader: new };
        if was.is_open(self.parts) {
            let is_free = self.parts.get(part).is_some_and(|it| it.shape == Shape::Any);
            return Ok(if is_free {
                Vec::new()
            } else {
                vec![finding("ITEM_ADDED_TO_OPEN_CONTENT_MODEL", Meaning::ItemRestricted)]
            });
        }
        let Some(rest) = self.rest(was) else { return Ok(Vec::new()) };
        let mut found = self.compare(rest, part)?;
        if !found.is_empty() {
            found.push(finding("ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", Meaning::ItemNotCovered));
        }
        Ok(found)
    }

    /// The schema of the items that are not described one by one.
    fn rest(&self, array: &Array<'t>) -> Option<PartId> {
        match (array.additional, array.unevaluated) {
            (Additional::Schema(part), _) => Some(part),
            (Additional::Open, Some(part)) => {
                self.parts.get(part).filter(|it| !matches!(it.shape, Shape::Never | Shape::Any)).map(|_| part)
            }
            _ => None,
        }
    }

    fn additional_items(&mut self, was: &Array<'t>, is: &Array<'t>) -> Outcome<'t> {
        let at = |array: &Array<'t>| {
            let keyword = if array.draft == Draft::Modern { "items" } else { "additionalItems" };
            array.node.get(keyword).unwrap_or(array.node)
        };
        let keyword = if is.draft == Draft::Modern && is.node.get("additionalItems").is_none() {
            "items"
        } else {
            "additionalItems"
        };
        let finding =
            |kind, meaning| Incompatibility { kind, meaning, path: Vec::new(), writer: at(was), reader: at(is) };
        Ok(match (was.additional, is.additional) {
            (Additional::Schema(one), Additional::Schema(other)) => self.compare(one, other)?,
            (Additional::Open | Additional::Schema(_), Additional::Closed) => {
                vec![finding("ADDITIONAL_ITEMS_REMOVED", Meaning::Closed(keyword))]
            }
            (Additional::Open, Additional::Schema(_)) => {
                vec![finding("ADDITIONAL_ITEMS_NARROWED", Meaning::Narrowed(keyword))]
            }
            (Additional::Closed, _) | (_, Additional::Open) => Vec::new(),
        })
    }
}

/// How many items must pass `contains`, at least and at most.
fn contained<'t>(was: &Array<'t>, is: &Array<'t>) -> Vec<Incompatibility<'t>> {
    let number = |array: &Array<'t>, keyword: &str| {
        let node = array.node.get(keyword).filter(|_| array.draft < Draft::Modern || array.contains.is_some())?;
        Some((node, Decimal::of(node)?))
    };
    let at_most = |array: &Array<'t>| number(array, "maxContains").map(|it| it.0);
    // Without a number it is one.
    let at_least = |array: &Array<'t>| {
        let implied =
            || array.node.get("contains").filter(|_| array.draft == Draft::Modern && array.contains.is_some());
        number(array, "minContains").or_else(|| Some((implied()?, Decimal::ONE)))
    };
    let mut found: Vec<_> =
        MAX_CONTAINS.compare((was.node, at_most(was)), (is.node, at_most(is))).into_iter().collect();
    if let Some((reader, needed)) = at_least(is) {
        let change = match at_least(was) {
            None => Some(("MIN_CONTAINS_ADDED", Meaning::Added("contains"), was.node)),
            Some((node, old)) => {
                needed.compare(old).is_gt().then_some(("MIN_CONTAINS_INCREASED", Meaning::Tighter("minContains"), node))
            }
        };
        let path = vec![Token::Key("minContains")];
        found.extend(change.map(|(kind, meaning, writer)| Incompatibility { kind, meaning, path, writer, reader }));
    }
    found
}
