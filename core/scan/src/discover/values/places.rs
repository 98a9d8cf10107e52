//! The values at the places where client libraries take channels.

use super::{Value, chain, text_of};
use crate::Language;
use crate::code::{Call, Expression, Statement, TypeName};
use crate::discover::Resolution;
use crate::discover::index::{Index, Made};
use crate::discover::types::{MAX_STEPS, Scope, is_parameter};
use crate::facts::{Argument, Place, Step};

impl<'f> Index<'f> {
    /// The values at a place of a call.
    pub(in crate::discover) fn values_at(&self, place: &Place, call: &'f Call, scope: Scope) -> Vec<Value> {
        match &place.argument {
            Argument::Type(index) => call.types.get(*index).map(|it| self.type_value(it, scope)).into_iter().collect(),
            Argument::TypeOf(index) => {
                let value = call.positional().nth(*index).map(result);
                value.map(|it| self.type_values(it, scope, MAX_STEPS)).unwrap_or_default()
            }
            Argument::TypeIn(index) => {
                let value = call.positional().nth(*index).map(result);
                let types = value.map(|it| self.types_of(it, scope, MAX_STEPS)).unwrap_or_default();
                types.iter().filter_map(|it| it.arguments.first()).map(|it| self.type_value(it, scope)).collect()
            }
            Argument::Made(inner) => {
                let receiver = call.receiver.as_ref();
                receiver.map(|it| self.made_at(inner, it, scope, MAX_STEPS)).unwrap_or_default()
            }
            Argument::Field(name) => {
                let types = call.receiver.as_ref().map(|it| self.types_of(it, scope, MAX_STEPS)).unwrap_or_default();
                let known = types.iter().filter_map(|it| self.type_meant(it.unwrapped(), scope.file));
                known.flat_map(|it| self.values_of_field(it, name, MAX_STEPS)).collect()
            }
            Argument::Class | Argument::Receiver => {
                let receiver = call.receiver.as_ref();
                let is_ruby = self.files.get(scope.file).is_some_and(|it| it.language == Language::Ruby);
                // A class that calls itself goes by what it is called on.
                if is_ruby && receiver.is_none() && scope.owner.is_some() && place.argument == Argument::Receiver {
                    return vec![Value::Receiver];
                }
                let named = receiver.and_then(|it| chain(it).last().copied()).unwrap_or_default();
                vec![Value::text(named, Resolution::TypeName)]
            }
            Argument::After(text) => {
                let mut after =
                    call.positional().skip_while(|it| text_of(it).is_none_or(|it| !it.eq_ignore_ascii_case(text)));
                after.next();
                after.next().map(|it| self.values_in(it, &place.steps, scope, MAX_STEPS)).unwrap_or_default()
            }
            Argument::Function => {
                let function = scope.function.and_then(|it| self.function(it));
                function.map(|it| Value::text(it.name.clone(), Resolution::Constant)).into_iter().collect()
            }
            Argument::ParameterType(index) => {
                let function = scope.function.and_then(|it| self.function(it));
                let ty = function.and_then(|it| it.parameters.get(*index)?.ty.as_ref());
                ty.map(|it| self.type_value(it, scope)).into_iter().collect()
            }
            Argument::ReceiverType(index) => {
                let types = call.receiver.as_ref().map(|it| self.types_of(it, scope, MAX_STEPS)).unwrap_or_default();
                let above = types.iter().filter_map(|it| self.type_named(&it.name, scope.file));
                let above: Vec<&TypeName> = above.flat_map(|it| self.super_names(it)).collect();
                let argument =
                    above.iter().chain(&types.iter().collect::<Vec<_>>()).find_map(|it| it.arguments.get(*index));
                argument.map(|it| self.type_value(it, scope)).into_iter().collect()
            }
            Argument::Marked(annotation) => self.marked(annotation, call, scope),
            Argument::Uri(index) => {
                let value = call.positional().nth(*index);
                value.map(|it| self.address(it, scope, MAX_STEPS)).unwrap_or_default()
            }
            Argument::At(index) => {
                let value = call.positional().nth(*index);
                // `self` in a method of a class: the class that it is called on.
                let is_ruby = self.files.get(scope.file).is_some_and(|it| it.language == Language::Ruby);
                if is_ruby && matches!(value, Some(Expression::Name(it)) if it == "this") {
                    return vec![Value::Receiver];
                }
                value.map(|it| self.values_in(it, &place.steps, scope, MAX_STEPS)).unwrap_or_default()
            }
            Argument::Keyword(name) => {
                let value = call.named(name);
                value.map(|it| self.values_in(it, &place.steps, scope, MAX_STEPS)).unwrap_or_default()
            }
            Argument::All => {
                call.positional().flat_map(|it| self.values_in(it, &place.steps, scope, MAX_STEPS)).collect()
            }
        }
    }

    /// The values at a place of what made an object: here, in a function that hands it back, or by whoever hands it in.
    pub(in crate::discover) fn made_at(
        &self,
        place: &Place,
        object: &'f Expression,
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let Some(steps) = self.step(steps) else { return Vec::new() };
        if let (Expression::Name(name), Some(function)) = (object, scope.function) {
            let bound = self.body(function).and_then(|it| it.names.get(name.as_str()));
            let values = bound.into_iter().flatten().filter_map(|it| it.value);
            let mut found: Vec<Value> = values.flat_map(|it| self.made_at(place, it, scope, steps)).collect();
            found.dedup();
            if !found.is_empty() {
                return found;
            }
            if let Some((index, _)) = self.parameter(function, name).filter(|_| bound.is_none()) {
                return vec![Value::Made(index, Box::new(place.clone()))];
            }
        }
        // A function of the repository that is handed the name: `client.writer(topic)`.
        if let Expression::Call(call) = object
            && !call.is_construction
        {
            let mut found = Vec::new();
            for callee in self.callees(call, scope, steps).into_iter().take(3) {
                for value in self.body(callee).map(|it| it.returns.as_slice()).unwrap_or_default() {
                    for value in self.made_at(place, value, self.scope(callee), steps) {
                        found.extend(self.substitute(value, call, callee, scope, steps));
                    }
                }
            }
            found.dedup();
            if !found.is_empty() {
                return found;
            }
        }
        let is_go = self.files.get(scope.file).is_some_and(|it| it.language == Language::Go);
        // A function of Go hands an error back beside what it makes.
        if let (Expression::List(parts), true) = (object, is_go) {
            return parts.first().map(|it| self.made_at(place, it, scope, steps)).unwrap_or_default();
        }
        let mut values = Vec::new();
        for (made, there) in self.made_by(object, scope, steps) {
            let mut found = self.values_made(place, made, there);
            // A struct of Go around the client: what made the client knows.
            if let (Made::Object(entries, _), true, true) = (made, is_go, found.is_empty()) {
                let around = entries.iter().map(|it| self.made_at(place, &it.1, there, steps));
                found = around.into_iter().find(|it| !it.is_empty()).unwrap_or_default();
            }
            // What the maker was handed means nothing to whoever calls what it made.
            values.extend(found.into_iter().filter(|it| it.is_known() || there.function == scope.function));
        }
        values.dedup();
        values
    }

    /// What stands behind the scheme of an address: of a text, of `kafka(topic)` of an endpoint DSL, or of what a
    /// function of the repository makes so.
    fn address(&self, expression: &'f Expression, scope: Scope, steps: usize) -> Vec<Value> {
        let Some(steps) = self.step(steps) else { return Vec::new() };
        let mut inner = expression;
        // `kafka(topic).groupId(group)`: the innermost call has the address.
        while let Expression::Call(call) = inner
            && let Some(before @ Expression::Call(_)) = &call.receiver
        {
            inner = before;
        }
        let Expression::Call(call) = inner else {
            let name = text_of(inner).and_then(|it| it.split_once(':'));
            let name = name.map(|it| it.1.split('?').next().unwrap_or_default().trim_start_matches("//"));
            return name.map(|it| Value::text(it, Resolution::Literal)).into_iter().collect();
        };
        let on_this = call.receiver.as_ref().is_none_or(|it| matches!(it, Expression::Name(it) if it == "this"));
        if !on_this {
            return Vec::new();
        }
        let callees = self.callees(call, scope, steps);
        if callees.is_empty() {
            return call.positional().next().map(|it| self.values(it, scope, steps)).unwrap_or_default();
        }
        let mut values = Vec::new();
        for callee in callees.into_iter().take(3) {
            for value in self.body(callee).map(|it| it.returns.as_slice()).unwrap_or_default() {
                let found = self.address(value, self.scope(callee), steps).into_iter();
                values.extend(found.flat_map(|it| self.substitute(it, call, callee, scope, steps)));
            }
        }
        values
    }

    /// What an annotation says on the field or parameter that a call is made on.
    pub(in crate::discover) fn marked(&self, annotation: &str, call: &'f Call, scope: Scope) -> Vec<Value> {
        let name = call.receiver.as_ref().and_then(|it| chain(it).last().copied()).unwrap_or_default();
        let Some(owner) = scope.owner else { return Vec::new() };
        let of_field = self.field(owner, name).map(|it| it.1.annotations.as_slice()).unwrap_or_default();
        let constructors = self.constructors(owner);
        let of_parameters =
            constructors.iter().filter_map(|it| Some(self.parameter(*it, name)?.1.annotations.as_slice()));
        let mut all = of_field.iter().chain(of_parameters.flatten());
        let marked = all.find(|it| it.name == annotation).and_then(|it| it.arguments.first());
        marked.map(|it| self.values(&it.value, scope, MAX_STEPS)).unwrap_or_default()
    }

    /// The values at a place of what made an object.
    pub(in crate::discover) fn values_made(&self, place: &Place, made: Made<'f>, scope: Scope) -> Vec<Value> {
        match (made, &place.argument) {
            (Made::Call(call), _) => self.values_at(place, call, scope),
            (Made::Object(entries, _), Argument::Keyword(name)) => {
                let entry = entries.iter().find(|it| it.0 == *name);
                entry.map(|it| self.values_in(&it.1, &place.steps, scope, MAX_STEPS)).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// The name of a type; one that stands for others is that of the parameter which has it.
    pub(in crate::discover) fn type_value(&self, ty: &TypeName, scope: Scope) -> Value {
        let is_letter = ty.name.len() == 1;
        if is_parameter(&ty.name) && (is_letter || self.type_named(&ty.name, scope.file).is_none()) {
            let function = scope.function.and_then(|it| self.function(it));
            let index = function
                .and_then(|it| it.parameters.iter().position(|it| it.ty.as_ref().is_some_and(|it| it.name == ty.name)));
            return index.map_or_else(|| Value::text("?", Resolution::Unresolved), Value::ParameterType);
        }
        Value::text(ty.name.clone(), Resolution::TypeName)
    }

    /// The values at the end of some steps into an expression.
    pub(in crate::discover) fn values_in(
        &self,
        expression: &'f Expression,
        path: &[Step],
        scope: Scope,
        steps: usize,
    ) -> Vec<Value> {
        let Some((step, rest)) = path.split_first() else { return self.values(expression, scope, steps) };
        let Some(steps) = self.step(steps) else { return Vec::new() };
        if let Expression::Name(name) = expression
            && let Some(function) = scope.function
            && self.body(function).is_none_or(|it| !it.names.contains_key(name.as_str()))
            && let Some((index, _)) = self.parameter(function, name)
        {
            return vec![Value::Parameter(index, path.to_vec())];
        }
        let mut values = Vec::new();
        let (whole, outer) = (expression, scope);
        for (value, scope) in self.followed(expression, scope, steps) {
            match (step, value) {
                (Step::Key(key), Expression::Object { entries, .. }) => {
                    let entry = entries.iter().find(|it| it.0.eq_ignore_ascii_case(key));
                    let Some(entry) = entry else {
                        let parts = self.entry(value, key, scope, steps).into_iter();
                        values.extend(parts.flat_map(|it| self.values_in(it.0, rest, it.1, steps)));
                        continue;
                    };
                    values.extend(self.values_in(&entry.1, rest, scope, steps));
                }
                (Step::Key(key), Expression::List(_)) => {
                    let parts = self.entry(value, key, scope, steps).into_iter();
                    values.extend(parts.flat_map(|it| self.values_in(it.0, rest, it.1, steps)));
                }
                (Step::Key(key), Expression::Call(call)) => {
                    let named = call
                        .arguments
                        .iter()
                        .find(|it| it.name.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(key)));
                    values.extend(named.map(|it| self.values_in(&it.value, rest, scope, steps)).unwrap_or_default());
                    let inner = call.positional().filter(|it| matches!(it, Expression::Object { .. }));
                    values.extend(inner.flat_map(|it| self.values_in(it, path, scope, steps)));
                    // A builder: `.queueUrl(url).build()`.
                    let mut built = Some(call);
                    while let Some(step) = built {
                        if let Some(argument) = step.positional().next().filter(|_| step.name.eq_ignore_ascii_case(key))
                        {
                            values.extend(self.values_in(argument, rest, scope, steps));
                        }
                        // `.setHeader(KafkaHeaders.TOPIC, topic)`
                        let mut pair = step.positional();
                        if let (Some(name), Some(argument), None) = (pair.next(), pair.next(), pair.next())
                            && (text_of(name).or(chain(name).last().copied()))
                                .is_some_and(|it| it.eq_ignore_ascii_case(key))
                        {
                            values.extend(self.values_in(argument, rest, scope, steps));
                        }
                        built = match &step.receiver {
                            Some(Expression::Call(inner)) => Some(inner),
                            _ => None,
                        };
                    }
                }
                (Step::Half, Expression::List(parts)) => {
                    let half = parts.iter().take(parts.len().div_ceil(2));
                    values.extend(half.flat_map(|it| self.values_in(it, rest, scope, steps)));
                }
                (Step::Each, Expression::List(parts)) => {
                    values.extend(parts.iter().flat_map(|it| self.values_in(it, rest, scope, steps)));
                }
                (Step::Argument(index), Expression::Call(call)) => {
                    let argument = call.positional().nth(*index);
                    values.extend(argument.map(|it| self.values_in(it, rest, scope, steps)).unwrap_or_default());
                }
                // A single element where a list may stand.
                (Step::Each, other) => values.extend(self.values_in(other, rest, scope, steps)),
                _ => {}
            }
        }
        if let (Step::Key(key), true) = (step, values.is_empty()) {
            for ty in self.types_of(whole, outer, steps) {
                let known = self.type_meant(ty.unwrapped(), outer.file);
                let Some(known) = known else { continue };
                let mut found = self.values_of_field(known, key, steps);
                found.retain(Value::is_known);
                // Each type below has its own.
                if found.len() > 1 && self.is_abstract(known) {
                    found = vec![Value::Field(known, key.as_str().into())];
                }
                values.extend(found);
            }
        }
        values
    }
}

/// What a lambda hands back, if that is all it does; anything else is itself.
fn result(expression: &Expression) -> &Expression {
    let Expression::Lambda(lambda) = expression else { return expression };
    match lambda.body.last() {
        Some(Statement::Return(value)) => value,
        _ => expression,
    }
}

#[cfg(test)]
mod tests {
    use crate::discover::tests::found;

    #[test]
    fn writers_and_readers_are_handed_from_function_to_function() {
        let client = "package messaging
            import \"github.com/segmentio/kafka-go\"
            const Orders = \"orders\"
            const Mails = \"mails\"
            type Client struct { writers map[string]*kafka.Writer }
            func (c *Client) writer(topic string) *kafka.Writer {
                writer, ok := c.writers[topic]
                if !ok {
                    writer = &kafka.Writer{Topic: topic}
                    c.writers[topic] = writer
                }
                return writer
            }
            func (c *Client) Publish(ctx context.Context, topic string, body []byte) error {
                writer := c.writer(topic)
                return writer.WriteMessages(ctx, kafka.Message{Value: body})
            }
            func (c *Client) Subscribe(topic string, handle func([]byte)) {
                reader := kafka.NewReader(kafka.ReaderConfig{Topic: topic})
                go c.loop(reader, handle)
            }
            func (c *Client) loop(reader *kafka.Reader, handle func([]byte)) {
                for {
                    message, _ := reader.FetchMessage(context.Background())
                    handle(message.Value)
                }
            }";
        let shop = "package shop
            import \"example.org/shop/messaging\"
            type Shop struct { client *messaging.Client }
            func (s *Shop) place(ctx context.Context, body []byte) error {
                return s.client.Publish(ctx, messaging.Orders, body)
            }
            func (s *Shop) start() {
                s.client.Subscribe(messaging.Mails, s.mailed)
            }";
        let files = [
            ("go.mod", "module example.org/shop\nrequire github.com/segmentio/kafka-go v0.4"),
            ("messaging/client.go", client),
            ("shop/shop.go", shop),
        ];
        assert_eq!(found(&files), ["send orders", "receive mails"]);
    }
}
