//! Channels that the set-up of a program gives to types of messages and to classes that receive:
//! `bus.Produce<Order>(it => it.DefaultTopic("orders"))`.

use super::index::Index;
use super::types::MAX_STEPS;
use super::values::Value;
use super::{Channel, Resolution};
use crate::code::{Call, TypeName};
use crate::operation::Routed;

/// So many calls of a name are looked at.
const MAX_CALLS: usize = 200;

impl<'f> Index<'f> {
    /// The channels that calls give to a type.
    pub(super) fn routed(&self, ty: &str, routed: &Routed) -> Vec<Value> {
        let is_it = |it: &TypeName| it.unwrapped().name == ty;
        let mut values: Vec<Value> = Vec::new();
        let around = routed.within.iter().flat_map(|it| self.calls_named(it).iter().take(MAX_CALLS));
        for (id, call) in around {
            let calls = self.body(*id).map(|it| it.calls.as_slice()).unwrap_or_default();
            let is_inside = |it: &&&'f Call| call.span.start < it.span.start && it.span.end <= call.span.end;
            let inside = || calls.iter().filter(is_inside);
            let speaks = if routed.named.is_empty() {
                call.types.first().is_some_and(is_it)
            } else {
                let mut named = inside().filter(|it| routed.named.iter().any(|name| *name == it.name));
                named.any(|it| it.types.first().is_some_and(is_it))
            };
            if !speaks {
                continue;
            }
            for call in inside().filter(|it| routed.methods.iter().any(|name| *name == it.name)) {
                let written = call.positional().next();
                values.extend(written.map(|it| self.values(it, self.scope(*id), MAX_STEPS)).unwrap_or_default());
            }
        }
        values.retain(|it| matches!(it, Value::Known(it) if it.resolution != Resolution::Unresolved));
        values.dedup();
        values
    }

    /// The channels of what goes by the name of its type, where calls give it others.
    pub(super) fn rerouted(&self, channels: Vec<Value>, routed: Option<&Routed>) -> Vec<Value> {
        let Some(routed) = routed else { return channels };
        let given = |value: Value| match &value {
            Value::Known(Channel { name, resolution: Resolution::TypeName }) => {
                let found = self.routed(name, routed);
                if found.is_empty() { vec![value] } else { found }
            }
            _ => vec![value],
        };
        channels.into_iter().flat_map(given).collect()
    }
}
