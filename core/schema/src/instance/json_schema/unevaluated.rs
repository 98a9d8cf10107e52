//! `unevaluatedProperties` and `unevaluatedItems`: what no other keyword of a schema speaks of (JSON Schema 2020-12,
//! core, section 11).

use archwright_syntax::data::{Entry, Kind, Node};

use super::Validator;

/// A part of a value that a schema may speak of.
#[derive(Clone, Copy)]
enum Part<'t> {
    /// A key of a mapping.
    Key(Entry<'t>),
    /// An item of a list.
    Item(usize, Node<'t>),
}

impl Part<'_> {
    /// The keyword that is about what nothing else speaks of.
    fn keyword(self) -> &'static str {
        match self {
            Self::Key(_) => "unevaluatedProperties",
            Self::Item(..) => "unevaluatedItems",
        }
    }
}

impl<'t> Validator<'t, '_> {
    pub(super) fn unevaluated_properties(
        &mut self,
        schema: Node<'t>,
        others: Node<'t>,
        instance: Node<'t>,
        depth: usize,
    ) -> bool {
        let mut fits = true;
        for entry in instance.entries() {
            match self.is_evaluated(schema, Part::Key(entry), instance, depth) {
                Some(true) => {}
                Some(false) if others.as_bool() == Some(false) => fits &= self.unexpected(schema, entry, instance),
                Some(false) => fits &= self.value(others, entry.value, depth + 1),
                None => self.unsure = true,
            }
        }
        fits
    }

    pub(super) fn unevaluated_items(
        &mut self,
        schema: Node<'t>,
        others: Node<'t>,
        instance: Node<'t>,
        depth: usize,
    ) -> bool {
        let mut fits = true;
        for (at, item) in instance.items().enumerate() {
            match self.is_evaluated(schema, Part::Item(at, item), instance, depth) {
                Some(true) => {}
                Some(false) => fits &= self.value(others, item, depth + 1),
                None => self.unsure = true,
            }
        }
        fits
    }

    /// Whether a schema speaks of a part of a value, itself or by the schemas in the same place that the value fits;
    /// `None` when that cannot be told.
    fn is_evaluated(&mut self, schema: Node<'t>, part: Part<'t>, instance: Node<'t>, depth: usize) -> Option<bool> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || depth > super::MAX_DEPTH {
            return None;
        }
        let schema = self.follow(schema)?;
        if schema.kind() == Kind::Bool {
            return Some(false);
        }
        let speaks = match part {
            Part::Key(entry) => schema.get("additionalProperties").is_some() || self.is_listed(schema, entry)?,
            Part::Item(at, item) => self.is_listed_item(schema, at, item, depth)?,
        };
        if speaks {
            return Some(true);
        }
        let lists = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|it| schema.get(it)).flat_map(Node::items);
        let conditions = ["if", "then", "else"].into_iter().filter_map(|it| schema.get(it));
        let dependent = ["dependentSchemas", "dependencies"].into_iter().filter_map(|it| schema.get(it));
        let dependent =
            dependent.flat_map(Node::entries).filter(|it| instance.get(it.key).is_some()).map(|it| it.value);
        let mut is_sure = true;
        for inner in lists.chain(conditions).chain(dependent).collect::<Vec<_>>() {
            // A schema whose own words forbid what it does not list was told of that.
            let inner_evaluates = inner.get(part.keyword()).is_some();
            match (
                inner_evaluates || self.is_evaluated(inner, part, instance, depth + 1)?,
                self.fits(inner, instance, depth),
            ) {
                (true, Some(true)) => return Some(true),
                (true, None) => is_sure = false,
                _ => {}
            }
        }
        is_sure.then_some(false)
    }

    /// Whether `items`, `prefixItems` or `contains` speak of an item; `None` when that cannot be told.
    fn is_listed_item(&mut self, schema: Node<'t>, at: usize, item: Node<'t>, depth: usize) -> Option<bool> {
        let of_all = schema.get("items").is_some_and(|it| it.kind() != Kind::Sequence)
            || schema.get("items").is_some() && schema.get("additionalItems").is_some();
        let lists = ["items", "prefixItems"].into_iter().filter_map(|it| schema.get(it));
        let listed = lists.filter(|it| it.kind() == Kind::Sequence).map(Node::len).max().unwrap_or(0);
        if of_all || at < listed {
            return Some(true);
        }
        let Some(contained) = schema.get("contains") else { return Some(false) };
        self.fits(contained, item, depth)
    }
}
