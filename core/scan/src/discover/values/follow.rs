//! Follows names to the expressions they stand for, and values of a function to its callers.

use smol_str::SmolStr;

use super::loaders::is_environment;
use super::{Value, chain, rendered};
use crate::Language;
use crate::code::{Call, Expression};
use crate::discover::Resolution;
use crate::discover::index::{Id, Index, Made};
use crate::discover::types::{MAX_STEPS, MAX_VALUES, Scope};

impl<'f> Index<'f> {
    /// The expressions that a name stands for, with where they stand.
    pub(in crate::discover) fn followed(
        &self,
        expression: &'f Expression,
        scope: Scope,
        steps: usize,
    ) -> Vec<(&'f Expression, Scope)> {
        let Some(steps) = self.step(steps) else { return Vec::new() };
        match expression {
            Expression::Name(name) if name != "this" => {
                if let Some(function) = scope.function {
                    let bound = self.body(function).and_then(|it| it.names.get(name.as_str()));
                    let values: Vec<_> = bound.into_iter().flatten().filter_map(|it| it.value).collect();
                    if !values.is_empty() {
                        return values.into_iter().flat_map(|it| self.followed(it, scope, steps)).collect();
                    }
                    if let Some((index, _)) = self.parameter(function, name) {
                        let is_constructor = self.function(function).is_some_and(|it| it.is_constructor);
                        let handed = if is_constructor { self.handed_up(function, index) } else { Vec::new() };
                        let handed = handed.into_iter().take(MAX_VALUES);
                        return handed.flat_map(|it| self.followed(it.1, self.scope(it.0), steps)).collect();
                    }
                }
                let outer = scope.function.and_then(|it| self.around(it));
                if let Some(outer) = outer
                    && self.body(outer).is_some_and(|it| it.names.contains_key(name.as_str()))
                {
                    let found = self.followed(expression, self.scope(outer), steps);
                    if !found.is_empty() {
                        return found;
                    }
                }
                if let Some(found) =
                    scope.owner.map(|it| self.followed_field(it, name, steps)).filter(|it| !it.is_empty())
                {
                    return found;
                }
                let top = Id { file: scope.file, index: 0 };
                let bound = self.body(top).and_then(|it| it.names.get(name.as_str()));
                let values = bound.into_iter().flatten().filter_map(|it| it.value);
                let outside = self.scope(top);
                let found: Vec<_> = values.flat_map(|it| self.followed(it, outside, steps)).collect();
                if found.is_empty()
                    && let Some((id, value)) = self.imported_value(name, scope.file)
                {
                    return self.followed(value, self.scope(id), steps);
                }
                if found.is_empty() {
                    let asked = self.asked(name, scope).into_iter();
                    return asked.flat_map(|it| self.followed(it.0, it.1, steps)).collect();
                }
                found
            }
            Expression::Member(object, name) => {
                if matches!(&**object, Expression::Name(it) if it == "this") {
                    return scope.owner.map(|it| self.followed_field(it, name, steps)).unwrap_or_default();
                }
                let mut found = Vec::new();
                for (value, scope) in self.followed(object, scope, steps) {
                    let parts = self.entry(value, name, scope, steps).into_iter();
                    found.extend(
                        parts.flat_map(
                            |it| {
                                if is_environment(it.0) { vec![it] } else { self.followed(it.0, it.1, steps) }
                            },
                        ),
                    );
                }
                if !found.is_empty() {
                    return found;
                }
                let types = self.types_of(object, scope, steps);
                let known = types.iter().filter_map(|it| self.type_meant(it.unwrapped(), scope.file));
                let found: Vec<_> = known.flat_map(|it| self.followed_field(it, name, steps)).collect();
                match &**object {
                    Expression::Name(module) if found.is_empty() => {
                        let outside = self.module_binding(module, name, scope).into_iter();
                        let values = outside.flat_map(|it| {
                            let bound = self.body(it).and_then(|it| it.names.get(name.as_str()));
                            bound.into_iter().flatten().filter_map(|it| it.value).map(move |value| (value, it))
                        });
                        values.flat_map(|it| self.followed(it.0, self.scope(it.1), steps)).collect()
                    }
                    _ => found,
                }
            }
            Expression::Either(parts) => parts.iter().flat_map(|it| self.followed(it, scope, steps)).collect(),
            Expression::Cast(_, inner) => self.followed(inner, scope, steps),
            Expression::Element(list) => {
                let elements = self.elements(list, scope, steps).into_iter().take(MAX_VALUES);
                let found: Vec<_> = elements.flat_map(|it| self.followed(it.0, it.1, steps)).collect();
                if found.is_empty() { vec![(expression, scope)] } else { found }
            }
            // `queues[0]`, `QUEUES[kind]`: one of them.
            Expression::Index(object, key) => {
                let mut found = Vec::new();
                for (value, scope) in self.followed(object, scope, steps) {
                    let part: Vec<&'f Expression> = match (value, &**key) {
                        (Expression::List(parts), Expression::Literal(at)) => {
                            at.parse::<usize>().ok().and_then(|at| parts.get(at)).into_iter().collect()
                        }
                        (Expression::List(parts), _) => parts.iter().collect(),
                        (Expression::Object { entries, .. }, Expression::Text(key)) => {
                            entries.iter().find(|it| it.0 == *key).map(|it| &it.1).into_iter().collect()
                        }
                        _ => Vec::new(),
                    };
                    let part = part.into_iter().take(MAX_VALUES);
                    found.extend(part.flat_map(|it| self.followed(it, scope, steps)));
                }
                if found.is_empty() { vec![(expression, scope)] } else { found }
            }
            Expression::Call(call) if !call.is_construction => {
                // A factory of the repository: what it hands back.
                let mut found = Vec::new();
                for callee in self.callees(call, scope, steps).into_iter().take(3) {
                    for value in self.body(callee).map(|it| it.returns.as_slice()).unwrap_or_default() {
                        found.extend(self.followed(value, self.scope(callee), steps));
                    }
                }
                if found.is_empty() { vec![(expression, scope)] } else { found }
            }
            _ => vec![(expression, scope)],
        }
    }

    /// What a bare name of Ruby hands back, if it is a method of the class that it stands in.
    pub(in crate::discover) fn asked(&self, name: &str, scope: Scope) -> Vec<(&'f Expression, Scope)> {
        let is_ruby = self.files.get(scope.file).is_some_and(|it| it.language == Language::Ruby);
        let Some(owner) = scope.owner.filter(|_| is_ruby) else { return Vec::new() };
        let mut found = Vec::new();
        for method in self.methods(owner, name).into_iter().take(3).filter(|it| Some(*it) != scope.function) {
            let handed = self.body(method).map(|it| it.returns.as_slice()).unwrap_or_default();
            found.extend(handed.iter().map(|it| (*it, self.scope(method))));
        }
        found
    }

    /// The elements of a list that is written out, or the values of an object: `Object.values(QUEUES)`.
    fn elements(&self, list: &'f Expression, scope: Scope, steps: usize) -> Vec<(&'f Expression, Scope)> {
        let mut found = Vec::new();
        for (value, scope) in self.followed(list, scope, steps) {
            match value {
                Expression::List(parts) => found.extend(parts.iter().map(|it| (it, scope))),
                Expression::Call(call) if call.name == "values" => {
                    let entries = self.entries(call, scope, steps).into_iter();
                    found.extend(entries.map(|it| (&it.0.1, it.1)));
                }
                _ => {}
            }
        }
        found
    }

    /// The entries of an object that a call asks for: `Object.entries(HANDLERS)`, `HANDLERS.items()`.
    pub(in crate::discover) fn entries(
        &self,
        call: &'f Call,
        scope: Scope,
        steps: usize,
    ) -> Vec<(&'f (SmolStr, Expression), Scope)> {
        let of = match &call.receiver {
            Some(Expression::Name(it)) if it == "Object" => call.positional().next(),
            receiver => receiver.as_ref(),
        };
        let objects = of.map(|it| self.followed(it, scope, steps)).unwrap_or_default();
        let entries = objects.into_iter().filter_map(|(value, scope)| match value {
            Expression::Object { entries, .. } => Some(entries.iter().map(move |it| (it, scope))),
            _ => None,
        });
        entries.flatten().collect()
    }

    pub(in crate::discover) fn followed_field(&self, ty: Id, name: &str, steps: usize) -> Vec<(&'f Expression, Scope)> {
        if let Some((owner, value)) = self.field(ty, name).and_then(|it| Some((it.0, it.1.value.as_ref()?))) {
            return self.followed(value, Self::class_scope(owner), steps);
        }
        let mut found = Vec::new();
        for above in self.supertypes(ty) {
            for (function, value) in self.assigned(above, name).iter().take(8) {
                found.extend(self.followed(value, self.scope(*function), steps));
            }
        }
        found
    }

    /// A value of a function, seen from a call of it.
    pub(in crate::discover) fn substitute(
        &self,
        value: Value,
        call: &'f Call,
        callee: Id,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let Some(steps) = self.step(steps) else { return Vec::new() };
        match value {
            Value::Parameter(index, path) => match self.argument(call, callee, index) {
                Some(argument) => self.values_in(argument, &path, scope, steps),
                None => {
                    let default = self.function(callee).and_then(|it| it.parameters.get(index)?.default.as_ref());
                    default.map(|it| self.values(it, self.scope(callee), steps)).unwrap_or_default()
                }
            },
            Value::ParameterType(index) => match self.argument(call, callee, index) {
                Some(argument) => self.type_values(argument, scope, steps),
                None => Vec::new(),
            },
            Value::Made(index, place) => match self.argument(call, callee, index) {
                Some(argument) => self.made_at(&place, argument, scope, steps),
                None => Vec::new(),
            },
            Value::Receiver => match call.receiver.as_ref().and_then(|it| chain(it).last().copied()) {
                None | Some("this" | "self") => vec![Value::Receiver],
                Some(name) => vec![Value::text(name, Resolution::TypeName)],
            },
            Value::Field(owner, name) => self.substitute_field(owner, &name, call, scope, steps),
            Value::Cased(case, inner) => {
                let found = self.substitute(*inner, call, callee, scope, steps);
                found.into_iter().map(|it| case.of(it)).collect()
            }
            Value::Template(parts) => {
                let parts: Vec<Value> = parts
                    .into_iter()
                    .map(|it| {
                        let found = self.substitute(it, call, callee, scope, steps).into_iter().next();
                        found.unwrap_or_else(|| Value::text("", Resolution::Unresolved))
                    })
                    .collect();
                if parts.iter().all(Value::is_known) {
                    vec![Value::Known(rendered(&parts))]
                } else {
                    vec![Value::Template(parts)]
                }
            }
            known @ Value::Known(_) => vec![known],
        }
    }

    pub(in crate::discover) fn substitute_field(
        &self,
        owner: Id,
        name: &str,
        call: &'f Call,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let receiver = call.receiver.as_ref().filter(|it| !matches!(it, Expression::Name(it) if it == "this"));
        let Some(receiver) = receiver else {
            let own = scope.owner.filter(|it| *it != owner).map(|it| self.values_of_field(it, name, steps));
            return own.filter(|it| !it.is_empty()).unwrap_or_else(|| vec![Value::Field(owner, name.into())]);
        };
        let mut values = Vec::new();
        let types = self.types_of(receiver, scope, steps);
        for ty in types.iter().filter_map(|it| self.type_meant(it.unwrapped(), scope.file)) {
            let own = self.values_of_field(ty, name, steps);
            values.extend(own.into_iter().filter(|it| !matches!(it, Value::Field(..))));
        }
        // What is never made itself is what is handed on, and not what that is called on.
        let is_made = !self.is_abstract(owner);
        if values.is_empty() && is_made {
            values = self.values_of_made(receiver, owner, name, scope, steps);
        }
        if values.is_empty() && is_made {
            values = self.values_injected(owner, name, steps);
        }
        values
    }

    /// What a field is in all objects of a type that are made near, if it is one thing: what is handed in by an
    /// interface says nothing of which one it is.
    fn values_injected(&self, owner: Id, name: &str, steps: usize) -> Vec<Value> {
        let ty = self.ty(owner).map(|it| it.name.as_str()).unwrap_or_default();
        let places = self.made.get(ty).map(Vec::as_slice).unwrap_or_default();
        let places = places.iter().filter(|it| self.type_named(ty, it.0.file) == Some(owner));
        let mut values: Vec<Value> = Vec::new();
        for (id, made) in places.take(MAX_VALUES) {
            let there = self.scope(*id);
            let found = match made {
                Made::Object(entries, _) => {
                    let entry = entries.iter().find(|it| it.0 == name);
                    entry.map(|it| self.values(&it.1, there, steps)).unwrap_or_default()
                }
                Made::Call(call) => self.values_constructed(call, owner, name, there, steps),
            };
            for value in found {
                let is_handed = matches!(value, Value::Parameter(..));
                let callers = self.calls_of(*id).into_iter().filter(|_| is_handed);
                let handed = callers.flat_map(|it| self.substitute(value.clone(), it.1, *id, self.scope(it.0), steps));
                values.extend(handed);
                values.extend(Some(value).filter(|_| !is_handed));
            }
        }
        let is_near = |it: &Value| matches!(it, Value::Known(it) if it.resolution <= Resolution::Environment);
        let name = |it: &Value| if let Value::Known(it) = it { Some(it.name.clone()) } else { None };
        let first = values.first().and_then(name);
        let differs = values.iter().any(|it| name(it) != first) || !values.iter().all(is_near);
        if differs { Vec::new() } else { values.into_iter().take(1).collect() }
    }

    /// The calls of a function, as far as they are told by its name, and where they stand.
    fn calls_of(&self, function: Id) -> Vec<(Id, &'f Call)> {
        let name = self.function(function).map(|it| it.name.as_str()).unwrap_or_default();
        let steps = MAX_STEPS.saturating_sub(4);
        let project = |it: Id| self.file(it).map(|it| self.projects.folder(it.path));
        let mut calls: Vec<&(Id, &'f Call)> = self.calls_named(name).iter().collect();
        calls.sort_by_key(|it| project(it.0) != project(function));
        let calls = calls.into_iter().take(MAX_VALUES);
        calls.filter(|it| self.callees(it.1, self.scope(it.0), steps).contains(&function)).copied().collect()
    }

    /// The argument of a call that a parameter takes.
    pub(in crate::discover) fn argument(&self, call: &'f Call, callee: Id, index: usize) -> Option<&'f Expression> {
        let name = &self.function(callee)?.parameters.get(index)?.name;
        call.named(name).or_else(|| call.positional().nth(index))
    }
}

#[cfg(test)]
mod tests {
    use crate::discover::tests::found;

    const FILES: [(&str, &str); 2] = [
        ("go.mod", "module example.org/shop\nrequire github.com/rabbitmq/amqp091-go v1"),
        (
            "mail/mail.go",
            "package mail
            type Sender interface { Send(ctx context.Context, mail Mail) error }
            type Mail struct { To string }
            type Service struct { sender Sender }
            func (s *Service) welcome(ctx context.Context) error {
                return s.sender.Send(ctx, Mail{To: \"a\"})
            }",
        ),
    ];

    const CLIENT: &str = "package rabbit
        import amqp \"github.com/rabbitmq/amqp091-go\"
        type Client struct { channel *amqp.Channel; key string }
        func NewClient(channel *amqp.Channel, key string) *Client { return &Client{channel: channel, key: key} }
        func (c *Client) Send(ctx context.Context, mail mail.Mail) error {
            return c.channel.PublishWithContext(ctx, \"shop\", c.key, false, false, amqp.Publishing{})
        }";

    #[test]
    fn what_is_injected_has_the_channel_it_was_made_with() {
        let main = |more: &str| {
            format!(
                "package main
                import \"example.org/shop/rabbit\"
                func main() {{
                    client := rabbit.NewClient(nil, \"mail.sent\")
                    {more}
                    run(client)
                }}"
            )
        };
        let sent = |more: &str| {
            let main = main(more);
            found(&[FILES.as_slice(), &[("rabbit/client.go", CLIENT), ("main.go", &main)]].concat())
        };
        assert_eq!(sent(""), ["send mail.sent"]);
        // Nobody knows which of them it is.
        assert_eq!(sent("other := rabbit.NewClient(nil, \"mail.failed\")"), ["send ?"]);
    }

    #[test]
    fn a_library_of_the_repository_sends_for_those_who_call_it() {
        let audit = "
            using MassTransit;
            public interface IAudit { Task TellAsync(string what); }
            public class Audit : IAudit
            {
                private readonly IPublishEndpoint _endpoint;
                public Task TellAsync(string what) => _endpoint.Publish(new AuditEvent(what));
            }";
        let orders = "
            public class PlaceOrder
            {
                private readonly IAudit _audit;
                public Task Handle() => _audit.TellAsync(\"order\");
            }";
        let project = r#"<PackageReference Include="MassTransit" />"#;
        let files = [
            ("src/Common/Common.csproj", project),
            ("src/Common/Audit.cs", audit),
            ("src/Orders/Orders.csproj", "<Project />"),
            ("src/Orders/PlaceOrder.cs", orders),
        ];
        assert_eq!(found(&files), ["send AuditEvent", "send AuditEvent"]);
    }
}
