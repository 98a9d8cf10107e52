//! `unevaluatedProperties`: what no other keyword of a schema speaks of (JSON Schema 2020-12, core, section 11.3).

use archwright_syntax::data::{Entry, Kind, Node};

use super::Validator;

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
            match self.is_evaluated(schema, entry, instance, depth) {
                Some(true) => {}
                Some(false) if others.as_bool() == Some(false) => fits &= self.unexpected(schema, entry, instance),
                Some(false) => fits &= self.value(others, entry.value, depth + 1),
                None => self.unsure = true,
            }
        }
        fits
    }

    /// Whether a schema speaks of a key of a mapping, itself or by the schemas in the same place that the mapping fits;
    /// `None` when that cannot be told.
    fn is_evaluated(&mut self, schema: Node<'t>, entry: Entry<'t>, instance: Node<'t>, depth: usize) -> Option<bool> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || depth > super::MAX_DEPTH {
            return None;
        }
        let schema = self.follow(schema)?;
        if schema.kind() == Kind::Bool {
            return Some(false);
        }
        if schema.get("additionalProperties").is_some() || self.is_listed(schema, entry)? {
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
            let inner_evaluates = inner.get("unevaluatedProperties").is_some();
            match (
                inner_evaluates || self.is_evaluated(inner, entry, instance, depth + 1)?,
                self.fits(inner, instance, depth),
            ) {
                (true, Some(true)) => return Some(true),
                (true, None) => is_sure = false,
                _ => {}
            }
        }
        is_sure.then_some(false)
    }
}
