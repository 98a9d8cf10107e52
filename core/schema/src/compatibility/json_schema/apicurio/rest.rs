//! Properties and items that only one of two schemas describes, and what is let in beside those described.

use archwright_syntax::data::Node;

use super::Apicurio;
use crate::compatibility::json_schema::meaning::Meaning;
use crate::compatibility::json_schema::model::Additional;
use crate::compatibility::json_schema::search::{Incompatibility, Outcome, Token, TooLarge};

/// What the changes of `additionalProperties` and `additionalItems` are called.
pub(super) struct Rest {
    pub keyword: &'static str,
    pub closed: &'static str,
    pub narrowed: &'static str,
    pub changed: &'static str,
}

/// What it is called when a property or an item is described or no longer is.
pub(super) struct Described {
    /// The keyword that describes them, and the one for the rest.
    list: &'static str,
    rest: &'static str,
    pub narrowed: &'static str,
    pub changed: &'static str,
    restricted: Meaning,
    not_covered: Meaning,
    refused: Meaning,
    uncovered: Meaning,
}

pub(super) const PROPERTIES: Described = Described {
    list: "properties",
    rest: "additionalProperties",
    narrowed: "OBJECT_TYPE_PROPERTY_SCHEMAS_NARROWED",
    changed: "OBJECT_TYPE_PROPERTY_SCHEMAS_CHANGED",
    restricted: Meaning::PropertyRestricted,
    not_covered: Meaning::PropertyNotCovered,
    refused: Meaning::PropertyRefused,
    uncovered: Meaning::PropertyUncovered,
};

pub(super) const ITEMS: Described = Described {
    list: "items",
    rest: "additionalItems",
    narrowed: "ARRAY_TYPE_ITEM_SCHEMAS_NARROWED",
    changed: "ARRAY_TYPE_ITEM_SCHEMAS_CHANGED",
    restricted: Meaning::ItemRestricted,
    not_covered: Meaning::ItemNotCovered,
    refused: Meaning::ItemRefused,
    uncovered: Meaning::ItemUncovered,
};

impl<'t> Apicurio<'_, 't> {
    /// What is let in beside what is described.
    pub(super) fn rest(
        &mut self,
        words: &Rest,
        was: (Node<'t>, Additional),
        is: (Node<'t>, Additional),
    ) -> Outcome<'t> {
        let at = |node: Node<'t>| node.get(words.keyword).unwrap_or(node);
        let (writer, reader) = (at(was.0), at(is.0));
        let finding = |kind, meaning| {
            vec![Incompatibility { kind, meaning, path: vec![Token::Key(words.keyword)], writer, reader }]
        };
        Ok(match (was.1, is.1) {
            (Additional::Open | Additional::Schema(_), Additional::Closed) => {
                finding(words.closed, Meaning::Closed(words.keyword))
            }
            (Additional::Open, Additional::Schema(_)) => finding(words.narrowed, Meaning::Narrowed(words.keyword)),
            (Additional::Schema(old), Additional::Schema(new)) if !self.takes(old, new)? => {
                let kind = if self.takes(new, old)? { words.narrowed } else { words.changed };
                finding(kind, Meaning::Narrowed(words.keyword))
            }
            _ => Vec::new(),
        })
    }

    /// A property or item that only the reader describes.
    pub(super) fn added(
        &mut self,
        words: &Described,
        was: (Node<'t>, Additional),
        schema: Node<'t>,
        rest: Additional,
    ) -> Result<Option<Incompatibility<'t>>, TooLarge> {
        self.search.spend(1)?;
        let finding = |kind, meaning| {
            Some(Incompatibility {
                kind,
                meaning,
                path: Vec::new(),
                writer: was.0.get(words.list).unwrap_or(was.0),
                reader: schema,
            })
        };
        let Additional::Schema(old) = was.1 else {
            return Ok(match was.1 {
                Additional::Open => finding(words.narrowed, words.restricted),
                _ => None,
            });
        };
        let Some(new) = self.parts.of(schema) else { return Ok(None) };
        Ok(if matches!(rest, Additional::Closed) {
            finding(if self.takes(old, new)? { words.narrowed } else { words.changed }, words.not_covered)
        } else if self.takes(new, old)? {
            None
        } else {
            finding(words.changed, words.not_covered)
        })
    }

    /// A property or item that only the writer describes.
    pub(super) fn removed(
        &mut self,
        words: &Described,
        schema: Node<'t>,
        is: (Node<'t>, Additional),
    ) -> Result<Option<Incompatibility<'t>>, TooLarge> {
        self.search.spend(1)?;
        let finding = |kind, meaning| {
            Some(Incompatibility {
                kind,
                meaning,
                path: Vec::new(),
                writer: schema,
                reader: is.0.get(words.rest).unwrap_or(is.0),
            })
        };
        Ok(match (is.1, self.parts.of(schema)) {
            (Additional::Open, _) | (_, None) => None,
            (Additional::Closed, _) => finding(words.narrowed, words.refused),
            (Additional::Schema(rest), Some(old)) if !self.takes(old, rest)? => finding(words.changed, words.uncovered),
            (Additional::Schema(_), _) => None,
        })
    }
}
