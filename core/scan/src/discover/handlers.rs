//! Handlers that a receiving loop of the repository calls: through an interface, or registered by their types.

use super::edges::Finder;
use super::found::Found;
use super::index::Id;
use super::projects::Use;
use super::types::{MAX_STEPS, is_parameter};
use super::values::Value;
use super::{Channel, Resolution};
use crate::Action;
use crate::code::{Call, Expression, TypeName};
use crate::facts::{Library, is_known};

impl<'f> Finder<'_, 'f> {
    /// A class that receives hands messages to an interface of the repository: what implements it receives.
    pub(super) fn handlers(&mut self) {
        let mut seen: Vec<(Id, &'f str)> = Vec::new();
        let mut used: Vec<&'static str> = self.receivers.values().map(|it| it.name.as_str()).collect();
        used.sort_unstable();
        used.dedup();
        // What the library calls is told already; what that calls are services.
        let told = self.handling.iter().filter(|it| it.2 == super::edges::Told::Library);
        let told: Vec<Id> = told.filter_map(|it| self.index.owner(it.0)).collect();
        for file in 0..self.index.files.len() {
            let libraries = self.libraries.get(file).map(Vec::as_slice).unwrap_or_default();
            let receives = self.receivers.iter().find(|it| it.0.file == file).map(|it| *it.1);
            let imports = libraries.iter().find(|it| it.1 == Use::Imported && used.contains(&it.0.name.as_str()));
            let Some(library) = receives.or(imports.map(|it| it.0)) else { continue };
            let count = self.index.files.get(file).map_or(0, |it| it.bodies.len());
            for index in 0..count {
                let function = Id { file, index };
                let owner = self.index.owner(function);
                if owner.is_some_and(|it| told.contains(&it)) {
                    continue;
                }
                let scope = self.index.scope(function);
                let calls = self.index.body(function).map(|it| it.calls.clone()).unwrap_or_default();
                for call in calls {
                    let Some(on) = &call.receiver else { continue };
                    for ty in self.index.types_of(on, scope, MAX_STEPS) {
                        let Some(above) = self.index.type_meant(ty.unwrapped(), scope.file) else { continue };
                        let takes = !call.arguments.is_empty() && is_handling(&call.name);
                        if takes && Some(above) != owner && !seen.contains(&(above, call.name.as_str())) {
                            seen.push((above, &call.name));
                            self.handled(above, &call.name, library);
                        }
                    }
                }
            }
        }
    }

    fn handled(&mut self, above: Id, method: &str, library: &'static Library) {
        let is_abstract = self.index.ty(above).is_some_and(|it| it.is_abstract);
        if !is_abstract {
            return;
        }
        // What asks a client for messages itself is no handler of them, and neither is what takes failures.
        let below = self.index.all_subtypes(above);
        let asks = |it: &Id| self.index.owner(*it).is_some_and(|it| below.contains(&it));
        if self.receivers.keys().any(asks) || below.iter().any(|it| self.takes_failures(*it, method)) {
            return;
        }
        for below in below {
            if self.index.ty(below).is_none_or(|it| it.is_abstract) {
                continue;
            }
            let methods: Vec<Id> = self.index.own_methods(below, method).to_vec();
            for method in methods {
                let found = self.handled_by(below, above, method);
                if !found.is_empty() {
                    self.handling.push((method, library, super::edges::Told::Repository));
                }
                for (channel, line) in found {
                    let found = Found::new(library, Action::Receive, line, vec![channel]);
                    self.edge(method, found, None);
                }
            }
        }
    }

    /// Whether all that a method is told is that something failed.
    fn takes_failures(&self, ty: Id, method: &str) -> bool {
        let is_failure = |it: &TypeName| {
            matches!(it.name.as_str(), "Throwable" | "error")
                || it.name.ends_with("Exception")
                || it.name.ends_with("Error")
        };
        let methods = self.index.own_methods(ty, method).iter().filter_map(|it| self.index.function(*it));
        methods.into_iter().any(|it| {
            let mut types = it.parameters.iter().filter_map(|it| it.ty.as_ref()).peekable();
            types.peek().is_some() && types.all(is_failure)
        })
    }

    /// What a handler receives: what it compares the name of the message with, the type it handles, or what it says it
    /// is subscribed to.
    fn handled_by(&self, ty: Id, above: Id, method: Id) -> Vec<(Value, u32)> {
        let Some(function) = self.index.function(method) else { return Vec::new() };
        let scope = self.index.scope(method);
        let cases = self.index.body(method).map(|it| it.cases.as_slice()).unwrap_or_default();
        let mut found = Vec::new();
        for (subject, value, line) in cases {
            let is_parameter =
                matches!(subject, Some(Expression::Name(it)) if self.index.parameter(method, it).is_some());
            if is_parameter {
                found.extend(self.index.values(value, scope, MAX_STEPS).into_iter().map(|it| (it, *line)));
            }
        }
        if !found.is_empty() {
            return found;
        }
        // A method without parameters that hands back types or texts.
        let declared = self.index.ty(ty);
        let name = declared.map(|it| it.name.as_str()).unwrap_or_default();
        let own = self.index.files.get(ty.file).map(|it| it.unit.functions.as_slice()).unwrap_or_default();
        for (index, other) in own.iter().enumerate() {
            let id = Id { file: ty.file, index };
            let asks = other.parameters.is_empty() && is_subscription(&other.name) && self.index.owner(id) == Some(ty);
            if !asks {
                continue;
            }
            for value in self.index.body(id).map(|it| it.returns.as_slice()).unwrap_or_default() {
                found.extend(self.subscribed(value, id).into_iter().map(|it| (it, other.line)));
            }
        }
        if !found.is_empty() {
            return found;
        }
        let supers = self.index.super_names(ty);
        let above_name = self.index.ty(above).map(|it| it.name.as_str()).unwrap_or_default();
        let argument = supers.iter().find(|it| {
            let is_it = it.name == above_name
                || self
                    .index
                    .type_named(&it.name, ty.file)
                    .is_some_and(|it| self.index.supertypes(it).contains(&above));
            is_it && !it.arguments.is_empty()
        });
        let message = argument.and_then(|it| it.arguments.first()).filter(|it| !is_parameter(&it.name));
        // Without a name, only a handler of whatever comes is one: it takes texts, and says what it implements.
        let takes_ours = function
            .parameters
            .iter()
            .filter_map(|it| it.ty.as_ref())
            .any(|it| self.index.type_meant(it.unwrapped(), ty.file).is_some());
        let says = declared.is_some_and(|it| it.supers.iter().any(|it| it.name == above_name));
        if message.is_none() && (takes_ours || !says) {
            return Vec::new();
        }
        let line = if message.is_some() { declared.map_or(function.line, |it| it.line) } else { function.line };
        let value = message.map_or_else(|| unresolved(&format!("{name}.{}()", function.name)), type_value);
        vec![(value, line)]
    }

    /// The names behind a list of types or texts.
    fn subscribed(&self, value: &'f Expression, function: Id) -> Vec<Value> {
        let scope = self.index.scope(function);
        let parts: Vec<&Expression> = match value {
            Expression::List(parts) => parts.iter().collect(),
            other => vec![other],
        };
        let mut found = Vec::new();
        for part in parts {
            let named = match part {
                Expression::Name(name) | Expression::Type(TypeName { name, .. }) => {
                    self.index.type_named(name, scope.file)
                }
                _ => None,
            };
            let Some(ty) = named else {
                found.extend(self.index.values(part, scope, MAX_STEPS));
                continue;
            };
            let declared = self.index.ty(ty);
            let fields = declared.map(|it| it.fields.as_slice()).unwrap_or_default();
            // `static readonly EVENT_NAME = 'course.created'`
            let constant = fields.iter().find(|it| {
                let words = crate::words(&it.name.to_lowercase());
                words
                    .iter()
                    .any(|it| matches!(it.as_str(), "name" | "topic" | "event" | "type" | "subject" | "channel"))
                    && it.value.is_some()
            });
            let values = constant.map(|it| self.index.values_of_field(ty, &it.name, MAX_STEPS)).unwrap_or_default();
            if values.is_empty() {
                found.extend(declared.map(|it| type_value(&TypeName::plain(it.name.clone()))));
            } else {
                found.extend(values);
            }
        }
        found
    }

    /// `AddSubscription<Event, Handler>()`: a handler is registered by the types, in a function of the repository.
    pub(super) fn registrations(&mut self) {
        for file in 0..self.index.files.len() {
            let count = self.index.files.get(file).map_or(0, |it| it.bodies.len());
            for index in 0..count {
                let function = Id { file, index };
                let calls = self.index.body(function).map(|it| it.calls.clone()).unwrap_or_default();
                for call in calls.into_iter().filter(|it| it.types.len() >= 2) {
                    self.registered(function, call);
                }
            }
        }
    }

    fn registered(&mut self, function: Id, call: &'f Call) {
        let scope = self.index.scope(function);
        let message = call.types.iter().find(|message| {
            call.types.iter().any(|handler| {
                let ty = self.index.type_named(&handler.name, scope.file);
                ty.is_some_and(|it| {
                    let supers = self.index.super_names(it);
                    supers.iter().any(|it| it.arguments.iter().any(|it| it.name == message.name))
                })
            })
        });
        let Some(message) = message else { return };
        let callees = self.index.callees(call, scope, MAX_STEPS);
        let uses = |it: &Id| self.libraries.get(it.file).and_then(|it| it.first()).map(|it| it.0);
        let library = callees.iter().find_map(uses).or_else(|| self.receivers.values().next().copied());
        let Some(library) = library.filter(|_| !callees.is_empty()) else { return };
        let subscribes = crate::words(&call.name)
            .iter()
            .any(|it| ["subscri", "consum", "listen", "handl"].iter().any(|part| it.starts_with(part)));
        if subscribes {
            let channels = vec![type_value(message)];
            let found = Found::new(library, Action::Receive, call.line, channels);
            self.edge(function, found, None);
        }
    }
}

fn type_value(ty: &TypeName) -> Value {
    Value::Known(Channel { name: ty.name.clone(), resolution: Resolution::TypeName })
}

fn unresolved(name: &str) -> Value {
    Value::Known(Channel { name: name.into(), resolution: Resolution::Unresolved })
}

/// Whether a method takes messages, by the words people use.
fn is_handling(name: &str) -> bool {
    crate::words(name).iter().any(|it| is_known(it, |it| &it.handling))
}

/// Whether a method says what a handler is subscribed to.
fn is_subscription(name: &str) -> bool {
    let words = crate::words(name);
    words.iter().any(|it| it.starts_with("subscri") || matches!(it.as_str(), "topics" | "topic" | "events" | "listens"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn what_takes_failures_or_asks_a_client_itself_is_no_handler() {
        let code = "
            import org.apache.kafka.clients.consumer.KafkaConsumer
            interface Failures { fun handle(failure: Throwable) }
            class LoggedFailures : Failures { override fun handle(failure: Throwable) { println(failure) } }
            interface Reader { fun init(); fun consume(each: (String) -> Unit) }
            class LoopingReader(private val consumer: KafkaConsumer<String, String>) : Reader {
                override fun init() { consumer.subscribe(listOf(\"orders\")) }
                override fun consume(each: (String) -> Unit) { consumer.poll(TIMEOUT).forEach { each(it.value()) } }
            }
            class Runner(private val reader: Reader, private val failures: Failures) {
                fun run() {
                    reader.init()
                    try { reader.consume { println(it) } } catch (failure: Exception) { failures.handle(failure) }
                }
            }";
        let found = found(&[("build.gradle.kts", "kafka-clients"), ("src/main/kotlin/Runner.kt", code)]);
        assert_eq!(found, ["receive orders"]);
    }
}
