//! What calls come down to: settings, formats, getters, and functions of the repository.

use super::{Case, Value, chain, constant, getter, rendered, shown, shown_call, text_of};
use crate::code::{Call, Expression, TypeName};
use crate::discover::Resolution;
use crate::discover::index::Index;
use crate::discover::types::{Scope, is_parameter};
use crate::facts::ValueWords;

impl<'f> Index<'f> {
    pub(in crate::discover) fn values_of_call(&self, call: &'f Call, scope: Scope, steps: usize) -> Vec<Value> {
        let Some(known) = ValueWords::load() else { return Vec::new() };
        let is = |words: &[String], name: &str| words.iter().any(|it| it == name);
        let name = call.name.as_str();
        let first = call.arguments.first().map(|it| &it.value);
        if let Some(key) = first.filter(|_| is(&known.settings, name)).and_then(text_of) {
            let default = call.positional().nth(1).or_else(|| call.named("default")).and_then(text_of);
            let section = call.receiver.as_ref().filter(|_| name == "GetValue").and_then(|it| self.section(it, scope));
            let key = section.map_or_else(|| key.to_owned(), |it| format!("{it}.{key}"));
            return self.setting(&key, default, scope);
        }
        let receiver = call.receiver.as_ref();
        if let (Some(key), "get" | "fetch" | "getOrElse", Some(receiver)) = (first.and_then(text_of), name, receiver) {
            let from = chain(receiver).last().copied().unwrap_or_default().to_lowercase();
            if from.contains("env") || from.contains("config") {
                let default = call.positional().nth(1).and_then(text_of);
                return self.setting(key, default, scope);
            }
        }
        if let (Some(_), "Sprintf" | "format" | "sprintf" | "printf") = (first, name) {
            // `String.format(pattern, ..)` and `pattern.format(..)`.
            let own = receiver.and_then(text_of).map(|it| (it, 0));
            if let Some((pattern, skip)) = own.or_else(|| first.and_then(text_of).map(|it| (it, 1))) {
                return self.formatted(pattern, call, skip, scope, steps);
            }
        }
        if let ("join", Some(receiver)) = (name, receiver) {
            let (list, between) = match (receiver, first) {
                (Expression::List(parts), _) => (Some(parts), first.and_then(text_of)),
                (Expression::Text(between), Some(Expression::List(parts))) => (Some(parts), Some(between.as_str())),
                _ => (None, None),
            };
            if let (Some(parts), Some(between)) = (list, between) {
                return self.joined(parts, between, scope, steps);
            }
        }
        if matches!(name, "Name" | "getName" | "getSimpleName" | "getTypeName")
            && let Some(receiver) = receiver
        {
            if let Expression::Type(ty) = receiver {
                return vec![Value::text(ty.name.clone(), Resolution::TypeName)];
            }
            if let Expression::Call(inner) = receiver
                && matches!(inner.name.as_str(), "getClass" | "GetType")
                && let Some(object) = &inner.receiver
            {
                return self.type_values(object, scope, steps);
            }
        }
        if let (Some(value), Some(case)) = (first.or(receiver), Case::of_function(name)) {
            let values = self.values(value, scope, steps);
            return values.into_iter().map(|it| case.of(it)).collect();
        }
        let callees = self.callees(call, scope, steps);
        let mut values = Vec::new();
        for callee in callees.iter().take(4).filter(|_| !call.is_construction) {
            for value in self.body(*callee).map(|it| it.returns.as_slice()).unwrap_or_default() {
                for value in self.values(value, self.scope(*callee), steps) {
                    values.extend(self.substitute(value, call, *callee, scope, steps));
                }
            }
        }
        if !values.is_empty() {
            return values.into_iter().map(constant).collect();
        }

        if let Some(value) = first.filter(|_| is(&known.through, name)) {
            let all = call.positional().skip(1).flat_map(|it| self.values(it, scope, steps));
            return self.values(value, scope, steps).into_iter().chain(all).collect();
        }
        if let Some(receiver) = receiver.filter(|_| is(&known.itself, name)) {
            return self.values(receiver, scope, steps);
        }
        // A getter of a type that generates it.
        if let (Some(receiver), Some(field)) = (receiver, getter(name)) {
            for ty in self.types_of(receiver, scope, steps) {
                let values =
                    self.type_named(&ty.unwrapped().name, scope.file).map(|it| self.values_of_field(it, &field, steps));
                if let Some(values) = values.filter(|it| !it.is_empty()) {
                    return values;
                }
            }
            let mut keys = chain(receiver);
            keys.push(&field);
            let keys: Vec<String> = keys.iter().map(|it| getter(it).unwrap_or_else(|| (*it).to_owned())).collect();
            for length in (2..=keys.len().min(5)).rev() {
                let part: Vec<&str> = keys.iter().skip(keys.len() - length).map(String::as_str).collect();
                if let [one] = self.settings(&part, scope.file).as_slice() {
                    return vec![Value::text(one.value.clone(), Resolution::Configuration)];
                }
            }
        }
        self.derived(call, scope, steps)
    }

    /// What a call makes of a parameter, or nothing that is known.
    pub(in crate::discover) fn derived(&self, call: &'f Call, scope: Scope, steps: usize) -> Vec<Value> {
        for argument in call.arguments.iter().map(|it| &it.value) {
            let value = self.values(argument, scope, steps).into_iter().find(|it| matches!(it, Value::Parameter(..)));
            if let Some(value) = value {
                return vec![value];
            }
        }
        vec![Value::text(shown_call(call), Resolution::Unresolved)]
    }

    /// Texts with something between them.
    pub(in crate::discover) fn joined(
        &self,
        parts: &'f [Expression],
        between: &str,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let mut values = Vec::new();
        for part in parts {
            if !values.is_empty() {
                values.push(Value::text(between, Resolution::Literal));
            }
            let value = self.values(part, scope, steps).into_iter().next();
            values.push(value.unwrap_or_else(|| Value::text(shown(part), Resolution::Unresolved)));
        }
        if values.iter().all(Value::is_known) {
            vec![Value::Known(rendered(&values))]
        } else {
            vec![Value::Template(values)]
        }
    }

    pub(in crate::discover) fn formatted(
        &self,
        pattern: &'f str,
        call: &'f Call,
        skip: usize,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let mut arguments = call.positional().skip(skip);
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some(at) = rest.find(['%', '{']) {
            let (before, after) = rest.split_at(at);
            if !before.is_empty() {
                parts.push(Value::text(before, Resolution::Literal));
            }
            // Doubled braces stand for themselves.
            if let Some(tail) = after.strip_prefix("{{") {
                parts.push(Value::text("{", Resolution::Literal));
                rest = tail;
                continue;
            }
            let hole = if after.starts_with('{') { after.find('}').map(|it| it + 1) } else { Some(2) };
            let value = arguments.next().and_then(|it| self.values(it, scope, steps).into_iter().next());
            parts.push(value.unwrap_or_else(|| Value::text("", Resolution::Unresolved)));
            rest = hole.and_then(|it| after.get(it..)).unwrap_or_default();
            if after.starts_with('{')
                && let Some(tail) = rest.strip_prefix("}}")
            {
                parts.push(Value::text("}", Resolution::Literal));
                rest = tail;
            }
        }
        if !rest.is_empty() {
            parts.push(Value::text(rest, Resolution::Literal));
        }
        if parts.iter().all(Value::is_known) {
            vec![Value::Known(rendered(&parts))]
        } else {
            vec![Value::Template(parts)]
        }
    }

    /// The name of the type of a value.
    pub(in crate::discover) fn type_values(
        &self,
        expression: &'f Expression,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let types = self.types_of(expression, scope, steps);
        let is_general = |it: &TypeName| {
            is_parameter(&it.name)
                || self.type_named(&it.name, scope.file).is_none_or(|it| !self.all_subtypes(it).is_empty())
        };
        let parameter = match (expression, chain(expression).first()) {
            (Expression::Name(name), _) => scope.function.and_then(|it| self.parameter(it, name)).map(|it| it.0),
            // `envelope.Message`: what it is depends on the envelope.
            (_, Some(root)) if types.is_empty() => {
                scope.function.and_then(|it| self.parameter(it, root)).map(|it| it.0)
            }
            _ => None,
        };
        if let Some(index) = parameter.filter(|_| types.is_empty() || types.iter().any(is_general)) {
            return vec![Value::ParameterType(index)];
        }
        let mut names: Vec<Value> = Vec::new();
        for ty in types {
            let mut ty = ty.unwrapped();
            if ty.name == "List" || ty.name == "IEnumerable" || ty.name == "Set" || ty.name == "Collection" {
                ty = ty.arguments.first().unwrap_or(ty);
            }
            let value = Value::text(ty.name.clone(), Resolution::TypeName);
            if !names.contains(&value) {
                names.push(value);
            }
        }
        names
    }
}
