//! Which calls, annotations and types are sends and receives of a client library.

use super::body::Body;
use super::clients::MAX_HANDED;
use super::found::{Found, queue_at};
use super::index::{Id, Index};
use super::projects::{Use, imported};
use super::types::{MAX_STEPS, Scope};
use super::values::{Value, chain, shown};
use super::{Channel, Resolution};
use crate::code::{Call, Expression, TypeName};
use crate::facts::{Argument, Library, On, Operation, Place, is_known};
use crate::words;
use crate::{Action, Language};

/// The libraries that a file may use.
pub(super) type Libraries = Vec<(&'static Library, Use)>;

impl<'f> Index<'f> {
    /// The operation that a call is, if it is one.
    pub(super) fn operation(&self, call: &'f Call, scope: Scope, libraries: &Libraries) -> Option<Found> {
        for (library, used) in libraries {
            for operation in library.operations.iter().filter(|it| it.methods.iter().any(|it| *it == call.name)) {
                // An annotation of a class speaks of the method that handles messages.
                let handler = scope.owner.filter(|_| scope.function.is_none());
                let handler = handler.and_then(|it| self.handler(it, operation));
                let scope = handler.map_or(scope, |it| self.scope(it));
                let is_meant = match &operation.behind {
                    Some(behind) => behind.is_met(call),
                    None if !operation.of.is_empty() => is_on(call, &operation.of),
                    None if !operation.given.is_empty() => self.given(call, scope, &operation.given).is_some(),
                    None => self.is_made_on(call, scope, library, operation.on, *used),
                };
                let is_other =
                    self.is_elsewhere(call, scope, library, operation) || self.is_looked_at(call, scope, operation);
                if is_meant && !is_other {
                    let mut found = self.found(library, operation, call, scope);
                    if let Some(ty) = self.given(call, scope, &operation.given) {
                        found.channels = vec![type_value(&ty)];
                    }
                    // What is constructed without a name may take it later.
                    let is_nameless = call.is_construction && found.channels.iter().all(is_unknown)
                        || operation.named && (found.channels.iter().all(is_unresolved) || self.is_plain(call, scope));
                    return Some(found).filter(|_| !is_nameless);
                }
            }
        }
        None
    }

    /// Whether the first argument is of a type that is no message: a number, a text, a failure.
    fn is_plain(&self, call: &'f Call, scope: Scope) -> bool {
        let types = call.positional().next().map(|it| self.types_of(it, scope, MAX_STEPS)).unwrap_or_default();
        !types.is_empty() && types.iter().all(|it| is_known(&it.unwrapped().name, |it| &it.plain))
    }

    /// The method of a class that handles messages.
    pub(super) fn handler(&self, ty: Id, operation: &Operation) -> Option<Id> {
        let mut named = operation.handlers.iter().flat_map(|it| self.own_methods(ty, it)).copied();
        named.find(|it| self.function(*it).is_some_and(|it| it.has_body))
    }

    /// The type of this repository that one of the first two arguments has, if it extends one of some names.
    fn given(&self, call: &'f Call, scope: Scope, names: &[String]) -> Option<TypeName> {
        if names.is_empty() {
            return None;
        }
        call.positional().take(2).find_map(|argument| {
            self.types_of(argument, scope, MAX_STEPS).into_iter().find(|it| {
                let known = self.type_meant(it.unwrapped(), scope.file);
                let above = known.map(|it| self.super_names(it)).unwrap_or_default();
                above.iter().any(|it| names.iter().any(|name| *name == it.name))
            })
        })
    }

    /// Whether the address of a call is none of a broker: `direct:orders`, `seda("orders")`. A function of the
    /// repository may make any.
    fn is_elsewhere(&self, call: &'f Call, scope: Scope, library: &Library, operation: &Operation) -> bool {
        if library.schemes.is_empty() {
            return false;
        }
        let uris =
            operation.channel.iter().filter_map(|it| if let Argument::Uri(at) = it.argument { Some(at) } else { None });
        uris.filter_map(|it| call.positional().nth(it)).any(|address| {
            // `log("orders").level("DEBUG")`: the innermost call says what it is.
            let mut address = address;
            while let Expression::Call(call) = address
                && let Some(inner @ Expression::Call(_)) = &call.receiver
            {
                address = inner;
            }
            let scheme = match address {
                Expression::Text(text) => text.split_once(':').map(|it| it.0),
                Expression::Call(call)
                    if call.receiver.as_ref().is_none_or(|it| matches!(it, Expression::Name(it) if it == "this")) =>
                {
                    let is_ours = !self.callees(call, scope, MAX_STEPS).is_empty();
                    Some(call.name.as_str()).filter(|_| !is_ours)
                }
                _ => None,
            };
            scheme.is_some_and(|it| !library.schemes.iter().any(|known| known == it))
        })
    }

    /// Whether messages are looked at only: the function says so, or nothing in the file takes one.
    fn is_looked_at(&self, call: &Call, scope: Scope, operation: &Operation) -> bool {
        let Some(looking) = &operation.looking else { return false };
        let Some(file) = self.files.get(scope.file) else { return false };
        let calls_one =
            |body: &Body<'_>, names: &[String]| body.calls.iter().any(|it| names.contains(&it.name.to_string()));
        let here = scope.function.and_then(|it| self.body(it));
        if !looking.calls.is_empty() {
            return here.is_some_and(|it| calls_one(it, &looking.calls) && !calls_one(it, &looking.takes));
        }
        let is_settled = call.positional().any(|it| matches!(it, Expression::Literal(it) if it == "true"));
        !is_settled && !file.bodies.iter().any(|it| calls_one(it, &looking.takes))
    }

    fn found(&self, library: &'static Library, operation: &'static Operation, call: &'f Call, scope: Scope) -> Found {
        let at = |places: &[Place]| -> Vec<Vec<Value>> {
            let values = places.iter().map(|it| self.values_at(it, call, scope));
            let values = values.map(|it| it.into_iter().filter(|it| !is_empty(it)).collect::<Vec<_>>());
            let mut values: Vec<_> = values.filter(|it| !it.is_empty()).collect();
            // A place whose value is known comes before one whose value is not.
            values.sort_by_key(|it| it.iter().all(is_unresolved));
            values
        };
        let mut all = at(&operation.channel).into_iter();
        let (mut channels, fallback) = (all.next().unwrap_or_default(), all.next().unwrap_or_default());
        channels.dedup();
        if channels.iter().all(is_unresolved) {
            let bound = self.bound(operation, call, scope);
            channels = if bound.is_empty() { channels } else { bound };
        }
        let group = self.group(operation, &channels, call, scope);
        for channel in &mut channels {
            if let (Value::Known(channel), Some(until)) = (&mut *channel, &operation.until)
                && let Some((name, _)) = channel.name.split_once(until.as_str())
            {
                channel.name = name.into();
            }
            if let Value::Known(address) = channel {
                *address = queue_at(address.clone());
            }
            self.set(channel, operation, scope);
        }
        channels = self.rerouted(channels, operation.routed.as_ref());
        let messages = at(&operation.message).into_iter().next().unwrap_or_default();
        let found = Found::new(library, operation.action, call.line, channels);
        Found { fallback, messages, group, asks: operation.asks, ..found }
    }

    /// The channels that the queue of a call is bound to in the same function: `bindQueue(queue, 'orders', '')`.
    fn bound(&self, operation: &Operation, call: &'f Call, scope: Scope) -> Vec<Value> {
        let (Some(bound), Some(function)) = (&operation.bound, scope.function) else { return Vec::new() };
        let of_call = if bound.queue.is_empty() { &bound.queue } else { &operation.channel };
        let Some(queue) = queue_of(of_call, call).map(shown).filter(|it| !it.is_empty()) else { return Vec::new() };
        let calls = self.body(function).map(|it| it.calls.as_slice()).unwrap_or_default();
        let binding = calls.iter().filter(|it| bound.methods.iter().any(|name| *name == it.name));
        let binding = binding.filter(|it| queue_of(&bound.queue, it).map(shown).as_deref() == Some(&queue));
        let mut values = Vec::new();
        for call in binding {
            let places = bound.channel.iter().map(|it| self.values_at(it, call, scope));
            let mut said = places.map(|it| it.into_iter().filter(|it| !is_empty(it)).collect::<Vec<_>>());
            values.extend(said.find(|it| !it.is_empty()).unwrap_or_default());
        }
        values.dedup();
        values
    }

    /// Whether a name is that of a function which the library turned into a task: `send_mail.delay()`.
    fn is_task(&self, receiver: &Expression, scope: Scope, library: &Library) -> bool {
        let name = match receiver {
            Expression::Name(name) => name,
            // `tasks.send_mail.delay()` where the file takes the module.
            Expression::Member(module, name) => {
                let imports = self.files.get(scope.file).map(|it| it.unit.imports.as_slice()).unwrap_or_default();
                let is_module = matches!(&**module, Expression::Name(module)
                    if imports.iter().any(|it| it.names.iter().any(|it| it.0 == *module)));
                if !is_module {
                    return false;
                }
                name
            }
            _ => return false,
        };
        let functions = self.functions_named(name, scope.file);
        let marked = functions.iter().filter_map(|it| self.function(*it)).flat_map(|it| &it.annotations);
        let receives = library.operations.iter().filter(|it| it.action == Action::Receive);
        let names: Vec<&String> = receives.flat_map(|it| &it.methods).collect();
        marked.into_iter().any(|it| names.iter().any(|name| **name == *it.name))
    }

    /// Looks the channel up under the name that stands in code.
    fn set(&self, value: &mut Value, operation: &Operation, scope: Scope) {
        let Value::Known(channel) = value else { return };
        for template in &operation.settings_of {
            let key = template.replace("{}", &channel.name);
            let keys: Vec<&str> = key.split('.').collect();
            if let [only] = self.settings(&keys, scope.file).as_slice()
                && let [Value::Known(found)] = self.setting_of(only, scope).as_slice()
            {
                *channel = found.clone();
                return;
            }
        }
    }

    /// Whether a call is made on a client of a library, or on anything if the library has it so.
    pub(super) fn is_made_on(&self, call: &'f Call, scope: Scope, library: &Library, on: On, used: Use) -> bool {
        let Some(receiver) = &call.receiver else {
            // A function that extends a client calls it without a name.
            let extends = scope.function.and_then(|it| self.function(it)?.extends.as_ref());
            if extends.is_some_and(|it| library.clients.iter().any(|client| *client == it.name)) {
                return self.callees(call, scope, MAX_STEPS).is_empty();
            }
            if self.is_own_function(call, scope, library) {
                return false;
            }
            if self.is_on_own_class(call, scope, library) {
                return true;
            }
            // A decorator, a function, or a construction.
            return on == On::Any && (used == Use::Imported || library.clients.iter().any(|it| *it == call.name))
                || (used == Use::Declared && on == On::Any && !call.is_construction && is_marked(call));
        };
        if let Expression::Name(name) | Expression::Member(_, name) = receiver
            && library.clients.iter().any(|it| it == name)
        {
            return true;
        }
        if let Expression::Call(before) = receiver
            && self.is_on_own_class(before, scope, library)
        {
            return true;
        }
        let mut types = self.types_of(receiver, scope, MAX_STEPS);
        if let Expression::Name(name) | Expression::Member(_, name) = receiver
            && types.is_empty()
            && self.type_named(name, scope.file).is_some()
        {
            types.push(TypeName::plain(name.clone()));
        }
        let is_client = |ty: &TypeName| {
            let name = &ty.unwrapped().name;
            library.clients.iter().any(|it| it == name) && self.may_be_of(library, ty.unwrapped().package(), scope)
                || self.type_named(name, scope.file).is_some_and(|it| {
                    self.super_names(it).iter().any(|it| library.clients.iter().any(|client| *client == it.name))
                })
        };
        if types.iter().any(is_client) {
            return true;
        }
        if used == Use::Imported && types.iter().any(|it| self.is_interface_of(it.unwrapped(), call, library, scope)) {
            return true;
        }
        let is_ours = |it: &TypeName| self.type_meant(it.unwrapped(), scope.file).is_some();
        if types.iter().any(is_ours) {
            return false;
        }
        let followed = self.followed(receiver, scope, MAX_STEPS);
        let made = |value: &Expression| self.is_client_made(value, scope, library);
        if followed.iter().any(|it| made(it.0)) || made(receiver) {
            return true;
        }
        if types.is_empty() && self.is_handed_client(receiver, scope, library, MAX_HANDED) {
            return true;
        }
        // A client of another package, whatever people call it.
        let foreign = |it: &(&Expression, Scope)| match it.0 {
            Expression::Call(inner) => matches!(&inner.receiver, Some(Expression::Name(package))
                if !self.may_be_of(library, package, it.1)),
            _ => false,
        };
        if types.iter().any(|it| !self.may_be_of(library, it.unwrapped().package(), scope))
            || !followed.is_empty() && followed.iter().all(foreign)
        {
            return false;
        }
        if on == On::Any {
            if self.is_task(receiver, scope, library) {
                return true;
            }
            return used == Use::Imported || types.is_empty() && is_called_like(receiver, library);
        }
        let known = types.iter().any(|it| !it.name.is_empty() && it.name != "any" && it.name != "object");
        used == Use::Imported && !known && is_called_like(receiver, library)
    }

    /// Whether a class of Ruby calls what its library lends to it: `set(queue: :mails).perform_async(id)` in a job.
    fn is_on_own_class(&self, call: &'f Call, scope: Scope, library: &Library) -> bool {
        let is_ruby = self.files.get(scope.file).is_some_and(|it| it.language == Language::Ruby);
        let is_bare = is_ruby && call.receiver.is_none() && !call.is_construction && call.name != "super";
        let Some(owner) = scope.owner.filter(|_| is_bare) else { return false };
        let is_lent = |it: &&TypeName| {
            let names = library.operations.iter().flat_map(|it| &it.implements);
            names.into_iter().any(|name| *name == it.name)
        };
        self.methods(owner, &call.name).is_empty() && self.super_names(owner).iter().any(is_lent)
    }

    /// Whether a file of JavaScript calls a function of its own, or one that it takes from elsewhere than a library.
    fn is_own_function(&self, call: &'f Call, scope: Scope, library: &Library) -> bool {
        let file = self.files.get(scope.file).filter(|it| it.language.folder() == "javascript");
        let Some(file) = file.filter(|_| !call.is_construction) else { return false };
        let import = file.unit.imports.iter().find(|it| it.names.iter().any(|it| it.0 == call.name));
        match import {
            Some(import) => !library.imports.iter().any(|it| imported(it, &import.module)),
            None => self.functions_named(&call.name, scope.file).iter().any(|it| it.file == scope.file),
        }
    }
}

/// The queue of a call, at one of some places; what it is called on, without places.
fn queue_of<'c>(places: &[Place], call: &'c Call) -> Option<&'c Expression> {
    let mut found = places.iter().filter_map(|it| match &it.argument {
        Argument::At(index) => call.positional().nth(*index),
        Argument::Keyword(name) => call.named(name),
        _ => None,
    });
    if places.is_empty() { call.receiver.as_ref() } else { found.next() }
}

/// Whether a call is made on something that has one of some names, with what stands before it.
fn is_on(call: &Call, names: &[String]) -> bool {
    let on = call.receiver.as_ref().map(|it| chain(it).join(".")).unwrap_or_default();
    names.contains(&on)
}

/// The channel that goes by the name of a type.
pub(super) fn type_value(ty: &TypeName) -> Value {
    Value::Known(Channel { name: ty.name.clone(), resolution: Resolution::TypeName })
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Known(it) if it.name.trim().is_empty())
}

fn is_unresolved(value: &Value) -> bool {
    matches!(value, Value::Known(it) if it.resolution == Resolution::Unresolved)
}

fn is_unknown(value: &Value) -> bool {
    is_unresolved(value) && matches!(value, Value::Known(it) if it.name == "?")
}

/// Annotations stand without a receiver and begin with a capital letter.
fn is_marked(call: &Call) -> bool {
    call.name.chars().next().is_some_and(char::is_uppercase)
}

/// Whether people call what a call is made on by a word of the library.
fn is_called_like(receiver: &Expression, library: &Library) -> bool {
    let name = match receiver {
        Expression::Call(call) => call.name.as_str(),
        other => chain(other).last().copied().unwrap_or_default(),
    };
    words(name).iter().any(|it| library.receivers.contains(it))
}
