//! What calls come down to: settings, formats, getters, and functions of the repository.

use super::{Case, Value, chain, constant, getter, rendered, shown, shown_call, text_of};
use smol_str::SmolStr;

use crate::code::{Call, Expression, TypeName};
use crate::discover::index::{Id, Index};
use crate::discover::types::{MAX_STEPS, Scope, is_parameter};
use crate::discover::{Channel, Resolution};
use crate::facts::{ValueWords, is_known};

impl<'f> Index<'f> {
    pub(in crate::discover) fn values_of_call(&self, call: &'f Call, scope: Scope, steps: usize) -> Vec<Value> {
        let Some(known) = ValueWords::load() else { return Vec::new() };
        let is = |words: &[String], name: &str| words.iter().any(|it| it == name);
        let name = call.name.as_str();
        let first = call.arguments.first().map(|it| &it.value);
        if let Some(key) = first.filter(|_| is(&known.settings, name)).and_then(|it| self.key_of(it, scope, steps)) {
            let default = call.positional().nth(1).or_else(|| call.named("default")).and_then(text_of);
            let section = call.receiver.as_ref().filter(|_| name == "GetValue").and_then(|it| self.section(it, scope));
            let key = section.map_or_else(|| key.to_string(), |it| format!("{it}.{key}"));
            return self.setting(&key, default, scope);
        }
        let receiver = call.receiver.as_ref();
        let gets = matches!(name, "get" | "fetch" | "getOrElse" | "getOrDefault" | "property" | "propertyOrNull");
        if let (Some(key), true, Some(receiver)) = (first, gets, receiver) {
            let from = chain(receiver).last().copied().unwrap_or_default().to_lowercase();
            let is_setting = from.contains("env") || from.contains("config");
            if let Some(key) = Some(key).filter(|_| is_setting).and_then(|it| self.key_of(it, scope, steps)) {
                if let Some(values) = self.loaded(&key, receiver, scope, steps) {
                    return values;
                }
                let default = call.positional().nth(1).and_then(text_of);
                return self.setting(&key, default, scope);
            }
        }
        // `nameof(KafkaOptions.Topic)` of C#
        if let ("nameof", None, Some(of)) = (name, receiver, first.and_then(|it| chain(it).last().copied())) {
            return vec![Value::text(of, Resolution::Literal)];
        }
        // `flag.String("topic", "orders", usage)` of Go, `flags.StringP("topic", "t", "orders", usage)`.
        if let ("String" | "StringP", Some(receiver), Some(_)) = (name, receiver, first.and_then(text_of))
            && shown(receiver).to_lowercase().contains("flag")
        {
            let default = call.positional().nth(1 + usize::from(name == "StringP"));
            let values = default.map(|it| self.values(it, scope, steps)).unwrap_or_default();
            return values.into_iter().map(super::default).collect();
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
        if let Some(values) = callees.iter().take(2).find_map(|it| self.setting_read(call, *it, scope, steps)) {
            return values;
        }
        if let Some(owner) = self.differs_below(call, &callees, scope, steps) {
            return vec![Value::Field(owner, name.into())];
        }
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

        // `toProjectTopicName(topic, project)`, `Topic::new(topic)`
        let is_around = || name == "new" && matches!(receiver, Some(Expression::Name(ty)) if is(&known.made_of, ty));
        if let Some(value) = first.filter(|_| is(&known.first, name) || is_around()) {
            return self.values(value, scope, steps);
        }
        if let Some(value) = first.filter(|_| is(&known.through, name)) {
            let all = call.positional().skip(1).flat_map(|it| self.values(it, scope, steps));
            return self.values(value, scope, steps).into_iter().chain(all).collect();
        }
        if let Some(receiver) = receiver.filter(|_| is(&known.itself, name)) {
            return self.values(receiver, scope, steps);
        }
        if let Some(receiver) = receiver.filter(|_| call.arguments.is_empty()) {
            let found = self.looked_up(receiver, name, scope, steps);
            if !found.is_empty() {
                return found;
            }
        }
        // A getter of a type that generates it.
        if let (Some(receiver), Some(field)) = (receiver, getter(name)) {
            for ty in self.types_of(receiver, scope, steps) {
                let values =
                    self.type_meant(ty.unwrapped(), scope.file).map(|it| self.values_of_field(it, &field, steps));
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

    /// The type that says of a method only that it is there, where the types below hand back a name each:
    /// `event.topic()`.
    fn differs_below(&self, call: &'f Call, callees: &[Id], scope: Scope, steps: usize) -> Option<Id> {
        let [first, second, ..] = callees else { return None };
        let receiver = call.receiver.as_ref().filter(|it| !matches!(it, Expression::Name(it) if it == "this"))?;
        if !call.arguments.is_empty() || !self.stand_apart(*first, *second, &call.name) {
            return None;
        }
        let named = |callee: &Id| {
            let handed = self.body(*callee).map(|it| it.returns.as_slice()).unwrap_or_default();
            match handed
                .iter()
                .flat_map(|it| self.values(it, self.scope(*callee), steps))
                .collect::<Vec<_>>()
                .as_slice()
            {
                [Value::Known(it)] if it.resolution <= Resolution::Constant => Some(it.name.clone()),
                _ => None,
            }
        };
        let one = named(first)?;
        if named(second)? == one {
            return None;
        }
        let types = self.types_of(receiver, scope, steps);
        let owner = types.iter().find_map(|it| self.type_meant(it.unwrapped(), scope.file))?;
        let below = self.all_subtypes(owner);
        callees.iter().all(|it| self.owner(*it).is_some_and(|it| below.contains(&it))).then_some(owner)
    }

    /// Whether two methods stand in different types, and carry a name as methods do.
    fn stand_apart(&self, one: Id, other: Id, name: &str) -> bool {
        let is = |it: Id| self.function(it).is_some_and(|it| !it.is_constructor && it.name == name);
        is(one) && is(other) && self.owner(one) != self.owner(other)
    }

    /// The key of a setting, written at the call or in a constant.
    fn key_of(&self, expression: &'f Expression, scope: Scope, steps: usize) -> Option<SmolStr> {
        if let Some(text) = text_of(expression) {
            return Some(text.into());
        }
        if !matches!(expression, Expression::Name(_) | Expression::Member(..)) {
            return None;
        }
        match self.values(expression, scope, steps).as_slice() {
            [Value::Known(Channel { name, resolution: Resolution::Literal | Resolution::Constant })] => {
                Some(name.clone())
            }
            _ => None,
        }
    }

    /// The setting that a function of the repository reads by the name it is given, with its default.
    fn setting_read(&self, call: &'f Call, callee: Id, scope: Scope, steps: usize) -> Option<Vec<Value>> {
        let body = self.body(callee)?;
        let parameter = |it: &Expression| match it {
            Expression::Name(name) => self.parameter(callee, name).map(|it| it.0),
            _ => None,
        };
        let key = body.calls.iter().find_map(|it| {
            let reads = is_known(&it.name, |it| &it.reads);
            it.positional().next().filter(|_| reads).and_then(parameter)
        })?;
        let written = self.argument(call, callee, key)?;
        let key_of = |it: &'f Expression| match self.values(it, scope, steps).as_slice() {
            [Value::Known(Channel { name, resolution: Resolution::Literal | Resolution::Constant })] => {
                Some(name.clone())
            }
            _ => None,
        };
        let name = key_of(written)?;
        let default = body.returns.iter().filter_map(|it| parameter(it)).find(|it| *it != key);
        let default = default.and_then(|it| self.argument(call, callee, it)).and_then(key_of);
        Some(self.setting(&name, default.as_deref(), scope))
    }

    /// What code says of a setting that nobody sets, if that is one thing.
    pub(in crate::discover) fn default_set(&self, key: &str) -> Option<Value> {
        // What a default says by another setting is not looked for.
        if self.in_default.replace(true) {
            return None;
        }
        let mut names: Vec<SmolStr> = Vec::new();
        for (function, value) in self.defaults(key) {
            for value in self.values(value, self.scope(*function), MAX_STEPS.saturating_sub(2)) {
                if let Value::Known(Channel { name, resolution: Resolution::Literal | Resolution::Constant }) = value
                    && !name.is_empty()
                    && !names.contains(&name)
                {
                    names.push(name);
                }
            }
        }
        self.in_default.set(false);
        <[SmolStr; 1]>::try_from(names).ok().map(|[it]| Value::text(it, Resolution::Default))
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

#[cfg(test)]
mod tests {
    use crate::discover::Resolution;
    use crate::discover::tests::{discovered, found};

    const MODULE: (&str, &str) = ("go.mod", "module example.org/shop\nrequire github.com/rabbitmq/amqp091-go v1");

    #[test]
    fn settings_are_read_through_functions_of_the_repository() {
        let settings = "package env
            import (\"os\"; \"strings\")
            func Required(key string) (string, error) {
                value := strings.TrimSpace(os.Getenv(key))
                return value, nil
            }
            func Or(key, fallback string) string {
                if value := os.Getenv(key); value != \"\" { return value }
                return fallback
            }";
        let client = "package bus
            import (\"strings\"; amqp \"github.com/rabbitmq/amqp091-go\")
            type Client struct { channel *amqp.Channel; queue string }
            func NewClient(channel *amqp.Channel, queue string) (*Client, error) {
                queue = strings.TrimSpace(queue)
                return &Client{channel: channel, queue: queue}, nil
            }
            func (c *Client) Consume() {
                c.channel.Consume(c.queue, \"\", false, false, false, false, nil)
            }";
        let main = "package main
            import (\"example.org/shop/env\"; \"example.org/shop/bus\")
            type Config struct { Orders string; Mails string }
            func load() (Config, error) {
                orders, err := env.Required(\"ORDERS_QUEUE\")
                return Config{Orders: orders, Mails: env.Or(\"MAIL_QUEUE\", \"mails\")}, err
            }
            func main() {
                cfg, _ := load()
                orders, _ := bus.NewClient(nil, cfg.Orders)
                orders.Consume()
                mails, _ := bus.NewClient(nil, cfg.Mails)
                mails.Consume()
            }";
        let compose = ("compose.yml", "services:\n  shop:\n    environment:\n      ORDERS_QUEUE: orders.v1\n");
        let files = [MODULE, compose, ("env/env.go", settings), ("bus/bus.go", client), ("main.go", main)];
        assert_eq!(found(&files), ["receive orders.v1", "receive mails"]);
    }

    #[test]
    fn code_says_what_settings_are_that_nobody_sets() {
        let code = "package main
            import (\"github.com/spf13/viper\"; \"github.com/nats-io/nats.go\")
            func init() {
                viper.SetDefault(\"subjects.orders\", \"shop.orders\")
                viper.SetDefault(\"subjects.mails\", \"mails.a\")
                viper.SetDefault(\"subjects.mails\", \"mails.b\")
            }
            func place(nc *nats.Conn, body []byte) {
                nc.Publish(viper.GetString(\"subjects.orders\"), body)
                nc.Publish(viper.GetString(\"subjects.mails\"), body)
            }";
        let found = discovered(&[("go.mod", "module shop\nrequire github.com/nats-io/nats.go v1"), ("main.go", code)]);
        let told: Vec<_> = found.edges.iter().map(|it| (it.channel.name.as_str(), it.channel.resolution)).collect();
        assert_eq!(told, [("shop.orders", Resolution::Default), ("subjects.mails", Resolution::Environment)]);
    }

    #[test]
    fn constants_have_the_keys_of_settings() {
        let code = "
import org.apache.camel.builder.RouteBuilder;
class Settings {
    private static final String TOPIC = \"shop.orders.topic\";
    @ConfigProperty(name = TOPIC)
    String topic;
    String getTopic() { return topic; }
}
class Routes extends RouteBuilder {
    Settings settings;
    public void configure() { from(\"direct:orders\").to(kafka(settings.getTopic())); }
}";
        let settings = "shop.orders.topic=${shop.topics.orders}\nshop.topics.orders=orders.v1\n";
        let files = [
            ("pom.xml", "camel-kafka"),
            ("src/main/java/Routes.java", code),
            ("src/main/resources/application.properties", settings),
        ];
        assert_eq!(found(&files), ["send orders.v1"]);
    }
}
