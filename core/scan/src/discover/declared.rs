//! Sends and receives that declarations are told to do: types by what they implement, functions by their annotations
//! and the types of their parameters.

use super::found::Found;
use super::index::{Id, Index};
use super::operations::{Libraries, type_value};
use super::types::{MAX_STEPS, Scope, is_parameter};
use super::values::{Value, text_of};
use super::{Channel, Resolution};
use crate::Action;
use crate::code::TypeName;
use crate::facts::{Argument, Operation};

impl Index<'_> {
    /// What a type is told to receive by what it implements.
    pub(super) fn implemented(&self, ty: Id, libraries: &Libraries) -> Vec<Found> {
        let Some(declared) = self.ty(ty) else { return Vec::new() };
        let mut all = Vec::new();
        for (library, _) in libraries {
            for operation in &library.operations {
                let handles = |it: &String| {
                    let methods = self.own_methods(ty, it).iter().filter_map(|it| self.function(*it));
                    methods.into_iter().any(|it| !it.body.is_empty())
                };
                if !operation.handlers.is_empty() && !operation.handlers.iter().any(handles) {
                    continue;
                }
                // What such a base class implements is told of those that extend it.
                let is_meant = |it: &&TypeName| operation.implements.iter().any(|name| *name == it.name);
                let mut aboves = self.implements(ty, &operation.implements);
                // A class of the repository may stand in between, which has no handler itself.
                if aboves.is_empty()
                    && !operation.handlers.is_empty()
                    && !declared.supers.iter().any(|it| is_meant(&it))
                {
                    aboves.extend(self.super_names(ty).into_iter().find(is_meant).cloned());
                }
                for above in aboves {
                    let mut channels = Vec::new();
                    for place in &operation.channel {
                        channels = match &place.argument {
                            Argument::Type(index) => {
                                let message = above.arguments.get(*index).map(TypeName::unwrapped);
                                let is_open = |it: &TypeName| {
                                    is_parameter(&it.name) && self.type_named(&it.name, ty.file).is_none()
                                };
                                message.filter(|it| !is_open(it)).map(type_value).into_iter().collect()
                            }
                            Argument::ParameterType(index) => {
                                let handler = self.handler(ty, operation).and_then(|it| self.function(it));
                                let parameter = handler.and_then(|it| it.parameters.get(*index)?.ty.as_ref());
                                parameter.map(type_value).into_iter().collect()
                            }
                            Argument::Field(name) => self.values_of_field(ty, name, MAX_STEPS),
                            Argument::Class => vec![type_value(&TypeName::plain(declared.name.clone()))],
                            _ => Vec::new(),
                        };
                        if !channels.is_empty() {
                            break;
                        }
                    }
                    if let Some(routed) = &operation.routed {
                        let found = self.routed(&declared.name, routed);
                        channels = if found.is_empty() { channels } else { found };
                    }
                    if channels.is_empty() {
                        channels = self.registered(&declared.name, operation, ty.file);
                    }
                    all.push(Found::new(library, operation.action, declared.line, channels));
                }
            }
        }
        all
    }

    /// The interfaces of some names that a type implements, itself or through a general base class of the repository
    /// whose parameter it fills. What such a base class implements is told of those that extend it.
    fn implements(&self, ty: Id, names: &[String]) -> Vec<TypeName> {
        let open = |it: &TypeName| {
            it.arguments.iter().any(|it| is_parameter(&it.name) && self.type_named(&it.name, ty.file).is_none())
        };
        let mut found: Vec<TypeName> = Vec::new();
        let supers = self.ty(ty).map(|it| it.supers.as_slice()).unwrap_or_default();
        for above in supers {
            if names.contains(&above.name.to_string()) {
                found.extend(Some(above.clone()).filter(|it| !open(it) || self.all_subtypes(ty).is_empty()));
                continue;
            }
            let Some(base) = self.type_named(&above.name, ty.file).filter(|it| *it != ty) else { continue };
            let Some(filling) = above.arguments.first().filter(|_| !open(above)) else { continue };
            // Of several parameters the first one is that of the message.
            let general =
                self.super_names(base).into_iter().find(|it| names.contains(&it.name.to_string()) && open(it));
            found.extend(general.map(|it| TypeName { arguments: vec![filling.clone()], ..it.clone() }));
        }
        found
    }

    /// The channels that settings give to a class, by its name or by that of a service which is of it.
    fn registered(&self, class: &str, operation: &Operation, file: usize) -> Vec<Value> {
        let Some(registered) = &operation.registered else { return Vec::new() };
        let last = |it: &str| it.rsplit('\\').next().unwrap_or_default().to_owned();
        let is_service = |id: &str| {
            let key = format!("services.{id}.class");
            let keys: Vec<&str> = id.rsplit('.').take(1).chain(["class"]).collect();
            self.settings_at(&keys).any(|it| it.1.key == key && last(&it.1.value) == class)
        };
        let scope = Scope { file, function: None, owner: None };
        let path: Vec<&str> = registered.channel.iter().map(String::as_str).collect();
        let mut values = Vec::new();
        for (path_of_class, named) in self.settings_at(&[&registered.class]) {
            let id = named.value.trim_start_matches('@');
            if last(id) != class && !is_service(id) {
                continue;
            }
            let around = named.key.strip_suffix(registered.class.as_str()).unwrap_or_default();
            let wanted = format!("{around}{}", registered.channel.join("."));
            let beside = self.settings_at(&path).find(|it| it.0 == path_of_class && it.1.key == wanted);
            values.extend(beside.map(|it| self.setting_of(it.1, scope)).unwrap_or_default());
        }
        values.dedup();
        values
    }

    /// What a function that makes an object is told to do by the type of that object, where settings say on which
    /// channel: the functions of Spring Cloud Stream.
    pub(super) fn made_for(&self, function: Id, libraries: &Libraries) -> Vec<Found> {
        let Some(declared) = self.function(function).filter(|it| it.has_body) else { return Vec::new() };
        let Some(returns) = &declared.returns else { return Vec::new() };
        let scope = self.scope(function);
        let mut all = Vec::new();
        for (library, _) in libraries {
            let returning = |it: &&'static Operation| it.returns.iter().any(|name| *name == returns.name);
            for operation in library.operations.iter().filter(returning) {
                let marked =
                    declared.annotations.iter().find(|it| operation.annotated.iter().any(|name| *name == it.name));
                let Some(marked) = marked else { continue };
                let written = marked.named("name").or_else(|| marked.named("value")).or(marked.positional().next());
                let name = written.map_or(Some(declared.name.as_str()), text_of);
                let channels: Vec<Value> =
                    name.into_iter().flat_map(|it| self.channels_set(operation, it, scope)).collect();
                if channels.is_empty() {
                    continue;
                }
                let ty =
                    if operation.action == Action::Send { returns.arguments.last() } else { returns.arguments.first() };
                let group = name.and_then(|it| self.group_set(operation, it, scope));
                let messages = ty.map(|it| type_value(it.unwrapped())).into_iter().collect();
                let found = Found::new(library, operation.action, declared.line, channels);
                all.push(Found { messages, group, ..found });
            }
        }
        all
    }

    /// The channels that settings of the project have under a name; several stand with commas between them.
    fn channels_set(&self, operation: &Operation, name: &str, scope: Scope) -> Vec<Value> {
        let found = operation.settings_of.iter().find_map(|it| self.own_setting(&it.replace("{}", name), scope));
        let values = found.map(|it| self.setting_of(it, scope)).unwrap_or_default();
        match values.as_slice() {
            [Value::Known(it)] if it.name.contains(',') => {
                let each = it.name.split(',').map(|part| Channel { name: part.trim().into(), ..it.clone() });
                each.map(Value::Known).collect()
            }
            _ => values,
        }
    }

    /// What a function is told to receive by the types of its parameters.
    pub(super) fn handled(&self, function: Id, libraries: &Libraries) -> Vec<Found> {
        let Some(declared) = self.function(function).filter(|it| it.has_body) else { return Vec::new() };
        let mut all = Vec::new();
        for parameter in declared.parameters.iter().filter_map(|it| it.ty.as_ref()) {
            for (library, _) in libraries {
                let operations = library.operations.iter();
                for operation in operations.filter(|it| it.parameters.iter().any(|name| *name == parameter.name)) {
                    let message = parameter.arguments.first().map(type_value);
                    let channels = operation.channel.iter().filter_map(|it| match &it.argument {
                        Argument::Type(index) => parameter.arguments.get(*index).map(type_value),
                        _ => None,
                    });
                    let mut channels: Vec<Value> = channels.collect();
                    if channels.is_empty() {
                        let name = if declared.name.is_empty() { "?".into() } else { format!("{}()", declared.name) };
                        channels.push(Value::Known(Channel { name: name.into(), resolution: Resolution::Unresolved }));
                    }
                    let messages = message.into_iter().collect();
                    let found = Found::new(library, operation.action, declared.line, channels);
                    all.push(Found { messages, ..found });
                }
            }
        }
        all
    }
}
