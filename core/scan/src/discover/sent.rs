//! What a send hands over: the types of messages among its arguments, and of the events that an object recorded.

use super::index::{Id, Index, Made};
use super::types::{MAX_STEPS, MAX_VALUES, Scope};
use super::values::{Value, constant, shown};
use super::{Channel, Resolution};
use crate::code::{Call, Expression, TypeName};
use crate::facts::is_known;
use crate::words;

impl<'f> Index<'f> {
    /// The types of this repository among the arguments: what is sent.
    pub(super) fn messages(&self, call: &'f Call, scope: Scope) -> Vec<Value> {
        let recorded = self.recorded_in(call, scope).into_iter();
        let names: Vec<_> = recorded.filter_map(|it| self.ty(it)).map(|it| it.name.clone()).collect();
        if !names.is_empty() {
            return names.into_iter().map(|it| Value::text(it, Resolution::TypeName)).collect();
        }
        for argument in call.positional() {
            let parameter = match argument {
                Expression::Name(name) => scope.function.and_then(|it| self.parameter(it, name)),
                _ => None,
            };
            // A parameter of a general type: the caller knows.
            if let Some(ty) = parameter.and_then(|it| it.1.ty.as_ref())
                && self.type_named(&element(ty).name, scope.file).is_some()
                && let [Value::ParameterType(index)] = self.type_values(argument, scope, MAX_STEPS).as_slice()
            {
                return vec![Value::ParameterType(*index)];
            }
            let types = self.types_of(argument, scope, MAX_STEPS);
            // What sends is handed on, and is not what is sent.
            let sends = |it: &TypeName| words(&it.name).last().is_some_and(|it| is_known(it, |it| &it.senders));
            let mut ours = types.iter().map(element).filter(|it| !sends(it)).filter(|it| {
                let declared = self.type_named(&it.name, scope.file);
                declared.and_then(|it| self.ty(it)).is_some_and(|it| !it.is_abstract || it.fields.len() > 1)
            });
            if let Some(ty) = ours.next() {
                let resolution = Resolution::TypeName;
                let first = Value::Known(Channel { name: ty.name.clone(), resolution });
                // A name that has one type here and another one there.
                let more = ours
                    .any(|it| it.name != ty.name)
                    .then(|| Value::Known(Channel { name: "".into(), resolution: Resolution::Unresolved }));
                return [first].into_iter().chain(more).collect();
            }
        }
        Vec::new()
    }

    /// The types of this repository that a call hands over, one by one or in lists.
    pub(super) fn types_sent(&self, call: &'f Call, scope: Scope) -> Vec<Id> {
        let recorded = self.recorded_in(call, scope);
        if !recorded.is_empty() {
            return recorded;
        }
        let types = call.arguments.iter().flat_map(|it| self.types_of(&it.value, scope, MAX_STEPS));
        types.filter_map(|it| self.type_meant(element(&it), scope.file)).collect()
    }

    fn recorded_in(&self, call: &'f Call, scope: Scope) -> Vec<Id> {
        let mut arguments = call.arguments.iter().map(|it| self.recorded(&it.value, scope));
        arguments.find(|it| !it.is_empty()).unwrap_or_default()
    }

    /// The types of the events in an argument that an object of a type of the repository recorded before:
    /// `order.pullEvents()`. They are those that the functions make which are called on it here, and else all that its
    /// type makes.
    fn recorded(&self, argument: &'f Expression, scope: Scope) -> Vec<Id> {
        let Some(object) = self.asked_for_all(argument, scope) else { return Vec::new() };
        let handed = self.types_of(argument, scope, MAX_STEPS);
        let events = handed.iter().filter_map(|it| self.type_meant(element(it), scope.file));
        let below: Vec<Id> = events.flat_map(|it| self.all_subtypes(it)).collect();
        let types = self.types_of(object, scope, MAX_STEPS);
        let Some(owner) = types.iter().find_map(|it| self.type_meant(it.unwrapped(), scope.file)) else {
            return Vec::new();
        };
        if below.is_empty() {
            return Vec::new();
        }
        let name = shown(object);
        let is_of_object = |call: &Call| match &call.receiver {
            Some(Expression::Name(it)) => *it == name || self.type_named(it, scope.file) == Some(owner),
            Some(receiver) => shown(receiver) == name,
            None => false,
        };
        let body = scope.function.and_then(|it| self.body(it));
        let calls = body.map(|it| it.calls.as_slice()).unwrap_or_default().iter().filter(|it| is_of_object(it));
        let called: Vec<Id> = calls.flat_map(|it| self.callees(it, scope, MAX_STEPS)).take(MAX_VALUES).collect();
        let makes = |event: Id, is_there: &dyn Fn(Id) -> bool| {
            let name = self.ty(event).map(|it| it.name.as_str()).unwrap_or_default();
            let places = self.made.get(name).into_iter().flatten();
            let mut places = places.filter(|it| matches!(it.1, Made::Call(_)) && is_there(it.0));
            places.any(|it| self.type_named(name, it.0.file) == Some(event))
        };
        let made = |is_there: &dyn Fn(Id) -> bool| -> Vec<Id> {
            below.iter().copied().filter(|it| makes(*it, is_there)).collect()
        };
        let here = made(&|it| called.contains(&it));
        if here.is_empty() { made(&|it| self.owner(it) == Some(owner)) } else { here }
    }

    /// What a field holds in objects of one type, as far as that type hands it to the types above it, or what a method
    /// of that name hands back.
    pub(super) fn values_in_type(&self, ty: Id, name: &str) -> Vec<Value> {
        let above = self.supertypes(ty);
        let methods = self.methods(ty, name).into_iter();
        let own: Vec<Id> = methods.filter(|it| self.owner(*it).is_some_and(|it| above.contains(&it))).collect();
        if !own.is_empty() {
            let handed = own.into_iter().flat_map(|it| {
                let handed = self.body(it).map(|it| it.returns.as_slice()).unwrap_or_default();
                handed.iter().flat_map(move |value| self.values(value, self.scope(it), MAX_STEPS))
            });
            return handed.map(constant).collect();
        }
        let own = self.ty(ty).is_some_and(|it| it.fields.iter().any(|it| it.name == name));
        if own || !self.assigned(ty, name).is_empty() {
            return self.values_of_field(ty, name, MAX_STEPS);
        }
        let mut values = Vec::new();
        for above in above {
            for (function, value) in self.assigned(above, name) {
                values.extend(self.handed_by(ty, value, *function).into_iter().map(constant));
            }
        }
        values.dedup();
        values
    }

    /// What a type hands to a constructor of a type above it, of which this is a parameter or a part.
    fn handed_by(&self, ty: Id, value: &'f Expression, constructor: Id) -> Vec<Value> {
        let scope = self.scope(constructor);
        match value {
            Expression::Name(name) => {
                let bound = self.body(constructor).and_then(|it| it.names.get(name.as_str()));
                let bound = bound.into_iter().flatten().filter_map(|it| it.value);
                let parts = bound.filter(|it| matches!(it, Expression::Member(..)));
                let found: Vec<Value> = parts.flat_map(|it| self.handed_by(ty, it, constructor)).collect();
                let Some((index, _)) = self.parameter(constructor, name).filter(|_| found.is_empty()) else {
                    return found;
                };
                let handed = self.handed_up(constructor, index).into_iter();
                let handed = handed.filter(|it| self.owner(it.0) == Some(ty));
                handed.flat_map(|it| self.values(it.1, self.scope(it.0), MAX_STEPS)).collect()
            }
            Expression::Member(object, key) => {
                let objects = self.followed(object, scope, MAX_STEPS).into_iter();
                let own = objects.filter(|it| it.1.owner == Some(ty)).filter_map(|(made, there)| match made {
                    Expression::Object { entries, .. } => Some((&entries.iter().find(|it| it.0 == *key)?.1, there)),
                    _ => None,
                });
                own.flat_map(|it| self.values(it.0, it.1, MAX_STEPS)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The object that is asked for what it recorded, by a call without arguments or as a field.
    fn asked_for_all(&self, argument: &'f Expression, scope: Scope) -> Option<&'f Expression> {
        let is_this = |it: &Expression| matches!(it, Expression::Name(it) if it == "this");
        match argument {
            Expression::Call(call) if !call.is_construction && call.arguments.is_empty() => {
                call.receiver.as_ref().filter(|it| !is_this(it))
            }
            Expression::Member(object, _) => Some(&**object).filter(|it| !is_this(it)),
            Expression::Element(list) => self.asked_for_all(list, scope),
            Expression::Name(name) => {
                let bound = scope.function.and_then(|it| self.body(it))?.names.get(name.as_str())?;
                let [bound] = bound.as_slice() else { return None };
                let value = bound.value.filter(|it| !matches!(it, Expression::Name(_)))?;
                self.asked_for_all(value, scope)
            }
            _ => None,
        }
    }
}

/// What a list or a value on its way holds.
fn element(ty: &TypeName) -> &TypeName {
    let ty = ty.unwrapped();
    let is_list = matches!(ty.name.as_str(), "List" | "IEnumerable" | "Collection" | "Set" | "Iterable" | "Array");
    ty.arguments.first().filter(|_| is_list).unwrap_or(ty)
}
