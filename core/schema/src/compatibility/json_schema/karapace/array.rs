//! Lists.

use archwright_syntax::data::{Kind, Node};

use super::Karapace;
use super::view::ViewId;
use crate::compatibility::json_schema::limits::Limit;
use crate::compatibility::json_schema::meaning::Meaning;
use crate::compatibility::json_schema::search::{Definition, Incompatibility, Outcome, Token, below};

const COUNTS: [Limit; 2] = [
    Limit::upper("maxItems", "max_items_added", "max_items_decreased"),
    Limit::lower("minItems", "min_items_added", "min_items_increased"),
];

impl<'t> Karapace<'_, 't> {
    pub(super) fn arrays(&mut self, writer: ViewId, reader: ViewId) -> Outcome<'t> {
        let (old, new) = (self.views.get(writer, "items"), self.views.get(reader, "items"));
        let is_tuple = |node: Option<Node<'t>>| node.is_some_and(|it| it.kind() == Kind::Sequence);
        let mut found = match (is_tuple(old), is_tuple(new)) {
            (true, true) => self.tuples(writer, reader)?,
            (false, false) => {
                let (one, other) = (self.views.of(old), self.views.of(new));
                below(Token::Key("items"), self.compare(one, other)?)
            }
            _ => return Ok(self.mismatch(writer, reader)),
        };
        let (was, is) = self.places(writer, reader);
        found.extend(COUNTS.iter().filter_map(|it| it.check(was, is)));
        Ok(found)
    }

    fn tuples(&mut self, writer: ViewId, reader: ViewId) -> Outcome<'t> {
        let items = |it: &Self, id| it.views.get(id, "items").into_iter().flat_map(Node::items).collect::<Vec<_>>();
        let (old, new) = (items(self, writer), items(self, reader));
        let rest = |it: &Self, id| it.views.get(id, "additionalItems");
        let (old_rest, new_rest) = (rest(self, writer), rest(self, reader));
        let (was, is) = self.places(writer, reader);
        let is_closed = |it: Option<Node<'t>>| it.is_some_and(|it| it.as_bool() == Some(false));
        let mut found = Vec::new();
        for (at, (one, other)) in old.iter().zip(&new).enumerate() {
            self.search.spend(1)?;
            let (one, other) = (self.views.of(Some(*one)), self.views.of(Some(*other)));
            found.extend(below(Token::Key("items"), below(Token::Index(at), self.compare(one, other)?)));
        }
        let path = |at: usize| vec![Token::Index(at), Token::Key("items")];
        if new_rest.is_some_and(|it| it.as_bool() != Some(true)) {
            // Karapace compares with what is not restricted, whatever the rule for further items says.
            let anything = self.views.anything();
            for (at, item) in old.iter().enumerate().skip(new.len()) {
                let one = self.views.of(Some(*item));
                if !self.compare(one, anything)?.is_empty() {
                    let kind = "item_removed_not_covered_by_partially_open_content_model";
                    let meaning = if is_closed(new_rest) { Meaning::ItemRefused } else { Meaning::ItemUncovered };
                    let reader = new_rest.unwrap_or(is);
                    found.push(Incompatibility { kind, meaning, path: path(at), writer: *item, reader });
                }
            }
        }
        for (at, item) in new.iter().enumerate().skip(old.len()) {
            let kind = "item_added_to_open_content_model";
            let meaning = if is_closed(old_rest) { Meaning::ItemAdded } else { Meaning::ItemRestricted };
            found.push(Incompatibility { kind, meaning, path: path(at), writer: was, reader: *item });
        }
        if let (true, false, Some(reader)) = (is_closed(new_rest), is_closed(old_rest), new_rest) {
            let (kind, meaning) = ("additional_items_removed", Meaning::Closed("additionalItems"));
            found.push(Incompatibility {
                kind,
                meaning,
                path: vec![Token::Key("additionalItems")],
                writer: old_rest.unwrap_or(was),
                reader,
            });
        }
        Ok(found)
    }
}
