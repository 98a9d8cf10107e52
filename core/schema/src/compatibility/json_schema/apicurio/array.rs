//! Lists.

use super::Apicurio;
use super::rest::{ITEMS, Rest};
use crate::compatibility::json_schema::limits::Limit;
use crate::compatibility::json_schema::meaning::Meaning;
use crate::compatibility::json_schema::model::Array;
use crate::compatibility::json_schema::parts::Part;
use crate::compatibility::json_schema::search::{Definition, Incompatibility, Outcome, Token, below};

const OF_ARRAYS: [Limit; 2] = [
    Limit::upper("maxItems", "ARRAY_TYPE_MAX_ITEMS_ADDED", "ARRAY_TYPE_MAX_ITEMS_DECREASED"),
    Limit::lower("minItems", "ARRAY_TYPE_MIN_ITEMS_ADDED", "ARRAY_TYPE_MIN_ITEMS_INCREASED"),
];

impl<'t> Apicurio<'_, 't> {
    pub(super) fn arrays(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (was, is) = (Array::of(self.parts, writer), Array::of(self.parts, reader));
        let mut found: Vec<_> = OF_ARRAYS.iter().filter_map(|it| it.check(was.node, is.node)).collect();
        let unique = |array: &Array<'t>| array.node.get("uniqueItems").filter(|it| it.as_bool() == Some(true));
        if let (None, Some(reader)) = (unique(&was), unique(&is)) {
            let (kind, meaning) = ("ARRAY_TYPE_UNIQUE_ITEMS_FALSE_TO_TRUE", Meaning::Added("uniqueItems"));
            found.push(Incompatibility {
                kind,
                meaning,
                path: vec![Token::Key("uniqueItems")],
                writer: was.node,
                reader,
            });
        }
        for (keyword, kind, old, new) in [
            ("items", "ARRAY_TYPE_ALL_ITEM_SCHEMA_ADDED", was.all, is.all),
            ("contains", "ARRAY_TYPE_CONTAINED_ITEM_SCHEMA_ADDED", was.contains, is.contains),
        ] {
            let inside = match (old, new) {
                (Some(old), Some(new)) => self.compare(old, new)?,
                (None, Some(new)) => {
                    let reader = self.node(new, is.node);
                    vec![Incompatibility {
                        kind,
                        meaning: Meaning::Added(keyword),
                        path: Vec::new(),
                        writer: was.node,
                        reader,
                    }]
                }
                (_, None) => Vec::new(),
            };
            found.extend(below(Token::Key(keyword), inside));
        }
        let rest = Rest {
            keyword: "additionalItems",
            closed: "ARRAY_TYPE_ADDITIONAL_ITEMS_TRUE_TO_FALSE",
            narrowed: "ARRAY_TYPE_ADDITIONAL_ITEMS_NARROWED",
            changed: "ARRAY_TYPE_SCHEMA_OF_ADDITIONAL_ITEMS_CHANGED",
        };
        found.extend(self.rest(&rest, (was.node, was.additional), (is.node, is.additional))?);
        if !is.first.is_empty() {
            let mut of_items = Vec::new();
            for at in 0..was.first.len().max(is.first.len()) {
                let of_item = match (was.first.get(at).copied(), is.first.get(at).copied()) {
                    (Some(old), Some(new)) => self.both(old, new)?,
                    (None, Some(new)) => {
                        self.added(&ITEMS, (was.node, was.additional), new, is.additional)?.into_iter().collect()
                    }
                    (Some(old), None) => self.removed(&ITEMS, old, (is.node, is.additional))?.into_iter().collect(),
                    (None, None) => Vec::new(),
                };
                of_items.extend(below(Token::Index(at), of_item));
            }
            found.extend(below(Token::Key("items"), of_items));
        }
        Ok(found)
    }
}
