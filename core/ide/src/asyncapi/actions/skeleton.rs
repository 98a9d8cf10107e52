//! New objects with the fields that the specification demands, each with a value that is allowed.

use archwright_asyncapi::specification::{
    Choice, Field, ObjectId, ObjectType, ReferenceUse, Shape, Specification, TextFormat,
};
use archwright_syntax::{
    data::{
        Node,
        write::{Pair, Value},
    },
    pointer,
};

/// Required fields of required fields, and so on, to this depth.
const MAX_DEPTH: usize = 8;

/// A maker of objects for one document.
pub(super) struct Skeleton<'a> {
    pub(super) specification: &'static Specification,
    pub(super) root: Node<'a>,
    /// What the object will be called.
    pub(super) name: &'a str,
}

impl Skeleton<'_> {
    /// A new object of a kind.
    pub(super) fn object(&self, id: ObjectId) -> Value<'static> {
        self.specification.object(id).map_or(Value::Map(Vec::new()), |it| Value::Map(self.pairs(it, 0)))
    }

    /// The fields of a new object, in the order of the specification.
    pub(super) fn pairs(&self, object: &'static ObjectType, depth: usize) -> Vec<Pair<'static>> {
        let (object, chosen) = self.form(object);
        if object.is_schema {
            return vec![Pair::new("type", Value::text("object"))];
        }
        let mut pairs = Vec::new();
        for field in object.fields() {
            match chosen.iter().find(|it| it.0 == field.name) {
                Some((_, value)) => pairs.push(Pair::new(field.name, Value::text(*value))),
                None if is_wanted(object, field) => pairs.push(Pair::new(field.name, self.value(object, field, depth))),
                None => {}
            }
        }
        pairs
    }

    /// The first form of an object that has several, and what tells it.
    fn form(&self, object: &'static ObjectType) -> (&'static ObjectType, Vec<(&'static str, &'static str)>) {
        let mut object = object;
        let mut chosen = Vec::new();
        for _ in 0..MAX_DEPTH {
            let next = match &object.choice {
                None => break,
                Some(Choice::Presence { without, .. }) => *without,
                Some(Choice::Value { field, forms, .. }) => {
                    let Some((value, id)) = forms.first() else { break };
                    chosen.push((*field, *value));
                    *id
                }
            };
            let Some(next) = self.specification.object(next) else { break };
            object = next;
        }
        (object, chosen)
    }

    /// A value for a field of an object.
    pub(super) fn value(&self, object: &ObjectType, field: &Field, depth: usize) -> Value<'static> {
        let text = match (object.name, field.name) {
            ("document", "asyncapi") => "3.0.0".to_owned(),
            ("channel", "address") => self.name.to_owned(),
            (_, "version") => "1.0.0".to_owned(),
            (_, "title") => "[TBD: title]".to_owned(),
            ("server", "host" | "url") => "localhost:9092".to_owned(),
            ("server", "protocol") => "kafka".to_owned(),
            ("tag", "name") => self.name.to_owned(),
            _ => return self.shape(&field.shape, field.name, depth),
        };
        Value::text(text)
    }

    fn shape(&self, shape: &Shape, name: &str, depth: usize) -> Value<'static> {
        match shape {
            Shape::Text(TextFormat::Uri) => Value::text("https://example.com"),
            Shape::Text(TextFormat::Email) => Value::text("team@example.com"),
            Shape::Text(TextFormat::Expression) => Value::text("$message.header#/correlationId"),
            Shape::Text(TextFormat::Pattern) => Value::text(".*"),
            Shape::Text(TextFormat::Reference) => Value::text("./TBD.yaml"),
            Shape::Text(_) => Value::text(format!("[TBD: {name}]")),
            Shape::Values(values) => values.first().map_or(Value::Plain("null".into()), |it| Value::text(*it)),
            Shape::Integer(least, most) => Value::Plain(0.clamp(*least, *most.max(least)).to_string().into()),
            Shape::Integers(values) => Value::Plain(values.first().copied().unwrap_or_default().to_string().into()),
            Shape::Number(above_zero) => Value::Plain(if *above_zero { "1" } else { "0" }.into()),
            Shape::Boolean => Value::Plain("false".into()),
            Shape::Null => Value::Plain("null".into()),
            Shape::Payload => Value::Map(vec![Pair::new("type", Value::text("object"))]),
            Shape::Any | Shape::Mapping | Shape::Map(..) => Value::Map(Vec::new()),
            Shape::Object(id, ReferenceUse::Required) => self.reference(*id),
            Shape::Object(id, _) => match self.specification.object(*id).filter(|_| depth < MAX_DEPTH) {
                Some(object) => Value::Map(self.pairs(object, depth + 1)),
                None => Value::Map(Vec::new()),
            },
            Shape::List { items, filled, .. } if *filled => Value::List(vec![self.shape(items, name, depth + 1)]),
            Shape::List { .. } => Value::List(Vec::new()),
            Shape::OneOf(shapes) => {
                shapes.first().map_or(Value::Plain("null".into()), |it| self.shape(it, name, depth))
            }
        }
    }

    /// A reference to the first channel, server or message that there is.
    fn reference(&self, id: ObjectId) -> Value<'static> {
        let kind = self.specification.object(id).map_or("", |it| it.name);
        let section = match kind {
            "channel" => "channels",
            "server" => "servers",
            _ => return Value::reference(format!("#/components/{kind}s/TBD")),
        };
        let first = self.root.get(section).and_then(|it| it.entries().next()).map_or("TBD", |it| it.key);
        Value::reference(format!("#/{section}/{}", pointer::escape(first)))
    }
}

/// What must be there; a message without a payload and a channel without an address would be of little use.
fn is_wanted(object: &ObjectType, field: &Field) -> bool {
    let is_useful = match object.name {
        "message" | "plainMessage" => field.name == "payload",
        "channel" => field.name == "address",
        _ => false,
    };
    field.required || is_useful || object.needs.first() == Some(&field.name)
}
