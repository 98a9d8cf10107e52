//! What a function sends or receives, seen from a call of it.

use smol_str::SmolStr;

use super::edges::{Finder, is_empty, is_named};
use super::found::Found;
use super::index::Id;
use super::types::{MAX_STEPS, Scope};
use super::values::{Value, settled};
use crate::Action;
use crate::code::{Call, DEFAULT, Expression};
use crate::facts::{Step, is_known};

/// Where something is done, seen from a caller.
enum Within {
    /// In the method of this type, if it depends on what that is called on.
    Meant(Option<Id>),
    /// In that of a type which the caller does not mean.
    Other,
}

/// Whether a value has a name, or may get one from a caller.
fn is_told(value: &Value) -> bool {
    !matches!(value, Value::Known(it) if it.resolution == super::Resolution::Unresolved)
}

/// Whether a caller fills no hole of some templates.
fn fills_nothing(open: &[Value], seen: &[Value]) -> bool {
    let has_name = |it: &Value| settled(it.clone()).resolution == super::Resolution::Template;
    let is_template = |it: &Value| matches!(it, Value::Template(_)) && has_name(it);
    let texts = |all: &[Value]| -> Vec<SmolStr> { all.iter().map(|it| settled(it.clone()).name).collect() };
    !open.is_empty() && open.iter().all(is_template) && texts(open) == texts(seen)
}

impl<'f> Finder<'_, 'f> {
    pub(super) fn call(&mut self, function: Id, call: &'f Call, callee: Id, found: &Found) {
        let scope = self.index.scope(function);
        let Within::Meant(within) = self.within(call, callee, found, scope) else { return };
        let seen = |values: &[Value]| -> Vec<Value> {
            let values = values.iter();
            values.flat_map(|it| self.index.substitute(it.clone(), call, callee, scope, MAX_STEPS)).collect()
        };
        let mut channels = seen(&found.channels);
        channels.retain(|it| !is_empty(it));
        channels.dedup();
        if channels.is_empty() && found.action == Action::Send {
            channels = self.of_messages(call, found, scope);
        }
        let mut messages = seen(&found.messages);
        let name = self.index.function(callee).map(|it| it.name.clone()).unwrap_or_default();
        let fallback = seen(&found.fallback);
        let is_picked = !channels.is_empty() && channels.iter().all(Value::is_known);
        if channels.is_empty() && found.fallback.iter().any(|it| matches!(it, Value::Parameter(..))) {
            channels.extend(fallback.iter().filter(|it| !is_empty(it)).cloned());
        }
        let picks = self.picks(call, callee, found, scope);
        let is_handed_on = picks && channels.iter().all(|it| matches!(it, Value::Parameter(..)));
        if picks && !channels.iter().any(is_told)
            || fills_nothing(&found.channels, &channels)
            || is_handed_on && self.is_uncalled(function)
        {
            // The function says all that is known of the channel.
            return;
        }
        if picks && is_picked {
            // The caller has the settings, and the function takes the channel out of them.
            self.answered.insert(callee);
            return self.edge(callee, Found { channels, messages: Vec::new(), ..found.clone() }, None);
        }
        if messages.is_empty() && found.action == Action::Send {
            messages = self.index.messages(call, scope);
        }
        messages.retain(|it| !matches!(it, Value::Known(it) if is_known(&it.name, |it| &it.plain)));
        // The name of a type is none of a channel that stands in a field.
        let is_of_object = found.channels.iter().any(|it| match it {
            Value::Field(..) | Value::Made(..) => true,
            Value::Parameter(_, path) => !path.is_empty(),
            _ => false,
        });
        if channels.is_empty() && !is_of_object {
            let is_name = |it: &&Value| it.is_known() && !matches!(it, Value::Known(it) if it.name.is_empty());
            let known = messages.iter().filter(is_name).cloned();
            channels.extend(known);
        }
        if found.outside.is_some() && !channels.iter().any(is_named) {
            let made = call.positional().find_map(|it| self.index.made_elsewhere(it, scope));
            channels = made.map_or(channels, |it| vec![it]);
        }
        if !channels.iter().any(is_told) && self.between > 0 {
            // Nobody near knows it, so it is told where it was handed in.
            return;
        }
        if channels.is_empty() {
            let carries = found.channels.iter().find_map(|it| match it {
                Value::Parameter(index, _) | Value::Made(index, _) => self.index.argument(call, callee, *index),
                _ => None,
            });
            let carries = carries.or_else(|| call.arguments.first().map(|it| &it.value));
            let shown = carries.map(super::values::shown).unwrap_or_default();
            let name = if shown.is_empty() { "?".into() } else { shown.into() };
            channels.push(Value::Known(super::Channel { name, resolution: super::Resolution::Unresolved }));
        }
        self.answered.insert(callee);
        let found = Found { channels, fallback, messages, line: call.line, within, ..found.clone() };
        self.take(function, found, Some(&name));
    }

    /// The channels that the types of what is sent have in a field, where the function takes it out of each message.
    fn of_messages(&self, call: &'f Call, found: &Found, scope: Scope) -> Vec<Value> {
        let mut values = Vec::new();
        for channel in &found.channels {
            let Value::Field(owner, name) = channel else { continue };
            let types = self.index.types_sent(call, scope);
            let below = types.iter().filter(|it| *it != owner && self.index.supertypes(**it).contains(owner));
            let told: Vec<Value> = below.flat_map(|it| self.index.values_in_type(*it, name)).collect();
            let is_any = types.contains(owner) && self.index.is_abstract(*owner);
            if told.iter().any(Value::is_known) {
                values.extend(told.into_iter().filter(Value::is_known));
            } else if is_any {
                // Those who call this one may know more.
                values.push(channel.clone());
            }
        }
        values.dedup();
        values
    }

    /// The type in whose method something is done, seen from a caller: a method of a type above may call those of all
    /// types below, of which the caller means its own.
    fn within(&self, call: &'f Call, callee: Id, found: &Found, scope: Scope) -> Within {
        let is_own = call.receiver.as_ref().is_none_or(|it| matches!(it, Expression::Name(it) if it == "this"));
        let is_above = |above: Id, below: Id| self.index.supertypes(below).contains(&above);
        let Some(within) = found.within else {
            let owner = self.index.owner(callee);
            let goes_down = |own: Id, other: Id| own != other && is_above(own, other);
            let down = scope.owner.zip(owner).filter(|it| is_own && goes_down(it.0, it.1));
            return Within::Meant(down.map(|it| it.1));
        };
        let callers: Vec<Id> = if is_own {
            scope.owner.into_iter().collect()
        } else {
            let types = call.receiver.as_ref().map(|it| self.index.types_of(it, scope, MAX_STEPS)).unwrap_or_default();
            types.iter().filter_map(|it| self.index.type_meant(it.unwrapped(), scope.file)).collect()
        };
        if callers.is_empty() || callers.iter().any(|it| is_above(within, *it)) {
            return Within::Meant(None);
        }
        if callers.iter().any(|it| is_above(*it, within)) { Within::Meant(Some(within)) } else { Within::Other }
    }

    /// Whether nothing calls a function by its name.
    fn is_uncalled(&self, function: Id) -> bool {
        let name = self.index.function(function).map(|it| it.name.as_str()).unwrap_or_default();
        !name.is_empty() && name != DEFAULT && self.index.calls_named(name).is_empty()
    }

    /// Whether a function takes the channel out of something that it is handed as a whole, and that its caller has from
    /// elsewhere.
    fn picks(&self, call: &'f Call, callee: Id, found: &Found, scope: Scope) -> bool {
        let is_key = |it: &Step| matches!(it, Step::Key(_));
        let is_made_here = |argument: &'f Expression| {
            let made = self.index.followed(argument, scope, MAX_STEPS);
            made.iter().any(|it| matches!(it.0, Expression::Object { .. }) && it.1.function == scope.function)
        };
        let is_whole = |it: &Value| {
            let Value::Parameter(index, path) = it else { return false };
            let argument = self.index.argument(call, callee, *index);
            let is_made = |it: &'f Expression| match it {
                Expression::Object { .. } => true,
                Expression::Call(call) => call.is_construction,
                other => is_made_here(other),
            };
            path.iter().any(is_key) && !argument.is_some_and(is_made)
        };
        !found.channels.is_empty() && found.channels.iter().all(is_whole)
    }
}
