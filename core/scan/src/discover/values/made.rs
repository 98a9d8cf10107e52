//! What the fields of an object are by what makes it.

use super::Value;
use crate::code::{Call, Expression};
use crate::discover::index::{Id, Index, Made};
use crate::discover::types::Scope;

impl<'f> Index<'f> {
    /// The field of an object by what was handed to its constructor.
    pub(in crate::discover) fn values_of_made(
        &self,
        object: &'f Expression,
        owner: Id,
        name: &str,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let handed = self.values_handed(object, name, scope, steps);
        if !handed.is_empty() {
            return handed;
        }
        let mut values = Vec::new();
        for (made, there) in self.made_by(object, scope, steps) {
            match made {
                Made::Object(entries, _) => {
                    let entry = entries.iter().find(|it| it.0 == name);
                    let found = entry.map(|it| self.values(&it.1, there, steps)).unwrap_or_default();
                    // What another function is handed means nothing here.
                    values.extend(found.into_iter().filter(|it| it.is_known() || there.function == scope.function));
                }
                Made::Call(call) => values.extend(self.values_constructed(call, owner, name, there, steps)),
            }
        }
        values.retain(|it| !matches!(it, Value::Field(..)));
        values
    }

    /// The field of an object by the call that constructs it.
    pub(in crate::discover) fn values_constructed(
        &self,
        call: &'f Call,
        owner: Id,
        name: &str,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let mut values = Vec::new();
        for constructor in self.constructors(owner) {
            // `constructor(private topic: string)`
            if let Some((index, _)) = self.parameter(constructor, name)
                && self.assigned(owner, name).is_empty()
            {
                let argument = self.argument(call, constructor, index);
                values.extend(argument.map(|it| self.values(it, scope, steps)).unwrap_or_default());
            }
            let assigned = self.assigned(owner, name).iter().filter(|it| it.0 == constructor);
            for (_, value) in assigned {
                for value in self.values(value, self.scope(constructor), steps) {
                    values.extend(self.substitute(value, call, constructor, scope, steps));
                }
            }
        }
        values
    }

    /// The field of an object that a function of the repository makes of what it is handed: `NewClient(topic)`.
    fn values_handed(&self, object: &'f Expression, name: &str, scope: Scope, steps: usize) -> Vec<Value> {
        let Some(steps) = self.step(steps) else { return Vec::new() };
        match object {
            Expression::Call(call) if !call.is_construction => {
                let mut values = Vec::new();
                for callee in self.callees(call, scope, steps).into_iter().take(3) {
                    let inside = self.scope(callee);
                    for made in self.body(callee).map(|it| it.returns.as_slice()).unwrap_or_default() {
                        for (made, there) in self.followed(made, inside, steps) {
                            let Expression::Object { entries, .. } = made else { continue };
                            let entry = entries.iter().find(|it| it.0 == name).filter(|_| there == inside);
                            let found = entry.map(|it| self.values(&it.1, there, steps)).unwrap_or_default();
                            let found =
                                found.into_iter().flat_map(|it| self.substitute(it, call, callee, scope, steps));
                            values.extend(found.filter(|it| !matches!(it, Value::Field(..))));
                        }
                    }
                }
                values
            }
            Expression::Name(bound) => {
                let names = scope.function.and_then(|it| self.body(it)).and_then(|it| it.names.get(bound.as_str()));
                let values = names.into_iter().flatten().filter_map(|it| it.value);
                values.flat_map(|it| self.values_handed(it, name, scope, steps)).collect()
            }
            Expression::Member(owner, field) => {
                let types = self.types_of(owner, scope, steps);
                let mut values = Vec::new();
                for ty in types.iter().filter_map(|it| self.type_meant(it.unwrapped(), scope.file)) {
                    for (function, value) in self.assigned(ty, field).iter().take(4) {
                        let found = self.values_handed(value, name, self.scope(*function), steps).into_iter();
                        values.extend(found.filter(Value::is_known));
                    }
                }
                values
            }
            _ => Vec::new(),
        }
    }
}
