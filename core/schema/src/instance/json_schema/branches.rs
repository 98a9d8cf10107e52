//! `anyOf` and `oneOf`, and which of their schemas was meant.

use archwright_syntax::data::Node;
use rustc_hash::FxHashSet;

use super::super::value::{shown, span_of, with_kind};
use super::{Dialect, Found, Validator, capital};

/// How many branches are looked at to say what is wrong.
const MAX_EXPLAINED: usize = 32;

impl<'t> Validator<'t, '_> {
    pub(super) fn any_of(&mut self, schema: Node<'t>, branches: Node<'t>, instance: Node<'t>, depth: usize) -> bool {
        if branches.is_empty() || branches.items().any(|it| self.fits(it, instance, depth) != Some(false)) {
            return true;
        }
        self.explain(schema, "anyOf", branches, instance, depth)
    }

    pub(super) fn one_of(&mut self, schema: Node<'t>, branches: Node<'t>, instance: Node<'t>, depth: usize) -> bool {
        let mut fitting = Vec::new();
        for (at, branch) in branches.items().enumerate() {
            match self.fits(branch, instance, depth) {
                Some(true) => fitting.push(at + 1),
                Some(false) => {}
                None => return true,
            }
        }
        match fitting.as_slice() {
            [_] => true,
            [] if branches.is_empty() => true,
            // The discriminator tells which of them is meant.
            [_, _, ..] if self.dialect == Dialect::OpenApi && schema.get("discriminator").is_some() => true,
            [] => self.explain(schema, "oneOf", branches, instance, depth),
            [first, second, ..] => {
                let message = format!(
                    "{} fits the schemas {first} and {second} under `oneOf`, but it must fit exactly one",
                    capital(&shown(instance))
                );
                self.fault(schema, instance, message, None, None)
            }
        }
    }

    /// Says why a value fits none of several schemas: as the one that was meant does, if that can be told.
    fn explain(
        &mut self,
        schema: Node<'t>,
        keyword: &str,
        branches: Node<'t>,
        instance: Node<'t>,
        depth: usize,
    ) -> bool {
        if self.quiet > 0 {
            return false;
        }
        let mut reasons: Vec<Vec<Found<'t>>> = Vec::new();
        for branch in branches.items().take(MAX_EXPLAINED) {
            let before = std::mem::take(&mut self.found);
            self.value(branch, instance, depth + 1);
            reasons.push(std::mem::replace(&mut self.found, before));
        }
        let parts: FxHashSet<_> = instance.entries().map(|it| it.value.id()).collect();
        let is_other = |it: &Found<'t>| it.tells_apart == Some(instance.id());
        // A part that must have another value tells schemas apart, one that must be of another kind does not.
        let is_other_by_a_part =
            |it: &Found<'t>| it.wanted.is_none() && it.tells_apart.is_some_and(|id| parts.contains(&id));
        let meant = |is_excluded: &dyn Fn(&Found<'t>) -> bool| {
            let mut left = reasons.iter().enumerate().filter(|it| !it.1.is_empty() && !it.1.iter().any(is_excluded));
            left.next().filter(|_| left.next().is_none()).map(|it| it.0)
        };
        let meant = meant(&is_other).or_else(|| meant(&|it| is_other(it) || is_other_by_a_part(it)));
        if let Some(reason) = meant.map(|at| reasons.swap_remove(at)) {
            self.found.extend(reason);
            return false;
        }
        let kinds: Option<Vec<&str>> = reasons
            .iter()
            .map(|it| match it.as_slice() {
                [only] if is_other(only) => only.wanted.as_deref(),
                _ => None,
            })
            .collect();
        let (message, wanted) = match kinds {
            Some(mut kinds) => {
                kinds.dedup();
                let wanted = kinds.join(" or ");
                (format!("{}, but the schema wants {wanted}", with_kind(instance)), Some(wanted))
            }
            None => {
                let count = branches.len();
                let mut message =
                    format!("{} fits none of the {count} schemas under `{keyword}`", capital(&shown(instance)));
                let nearest =
                    reasons.iter().enumerate().filter(|it| !it.1.iter().any(is_other)).min_by_key(|it| it.1.len());
                if let Some((at, first)) = nearest.and_then(|(at, all)| Some((at, all.first()?))) {
                    message += &format!("; by schema {}: {}", at + 1, first.mismatch.message);
                }
                (message, None)
            }
        };
        let is_kind = wanted.is_some() || reasons.iter().all(|it| it.iter().any(is_other));
        self.push(schema, instance, span_of(instance), message, None, is_kind.then(|| instance.id()), wanted)
    }
}
