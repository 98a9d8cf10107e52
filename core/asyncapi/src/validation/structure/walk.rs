//! Walks a document beside the table.

use archwright_syntax::data::{Entry, Kind, Node, NodeId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Check, Documents, Sink, place_of, span_of};
use super::references::{Files, Known};
use super::{
    FORMER_TEXT, INVALID_SCHEMA, MALFORMED_VALUE, MISPLACED_REFERENCE, MISSING_FIELD, NESTED_CHOICE,
    REFERENCE_SIBLINGS, REFERRED, UNKNOWN_FIELD, UNKNOWN_VALUE, UNUSUAL_NAME, WRITTEN_OUT, WRONG_TYPE, text,
};
use crate::references::{Target, target};
use crate::specification::{
    Below, Choice, KeyFormat, ObjectId, ObjectType, ReferenceUse, Shape, Specification, TextFormat, place_at,
};

/// Deeper than people nest, and a bound for the stack.
const MAX_DEPTH: usize = 160;

/// The name that schemas of `OpenAPI` have in the table.
pub(super) const OPEN_API: &str = "openApiSchema";

/// Whether a schema format is that of `OpenAPI` which the specification names. Of others no tool knows what they allow.
fn is_open_api(format: &str) -> bool {
    let (kind, parameters) = format.split_once(';').unwrap_or((format, ""));
    let is_kind = matches!(
        kind.trim(),
        "application/vnd.oai.openapi" | "application/vnd.oai.openapi+json" | "application/vnd.oai.openapi+yaml"
    );
    is_kind && parameters.trim().strip_prefix("version=") == Some("3.0.0")
}

/// A walk through one document.
pub(super) struct Walker<'t, 'd, 's> {
    pub(super) specification: &'static Specification,
    pub(super) root: Node<'t>,
    pub(super) documents: &'d dyn Documents,
    pub(super) sink: &'s mut Sink,
    /// The targets of references that have been looked at where the table says nothing of them.
    pub(super) seen: FxHashSet<(NodeId, ObjectId)>,
    /// The aliases that have been looked into, and as what: they are written in no time, but reading them is not.
    pub(super) aliases: FxHashSet<(NodeId, *const Shape)>,
    /// The folder of the file, seen from the document that is checked.
    pub(super) folder: String,
    /// Through how many files references led here from the document that is checked.
    pub(super) hops: usize,
    /// What was found in other files.
    pub(super) files: Files,
    /// Where references lead, as far as that is known.
    pub(super) known: Known<'t>,
    /// What belongs below the nodes around what is referred to.
    pub(super) below: FxHashMap<NodeId, Below>,
}

impl<'t, 'd, 's> Walker<'t, 'd, 's> {
    pub(super) fn new(
        specification: &'static Specification,
        root: Node<'t>,
        documents: &'d dyn Documents,
        sink: &'s mut Sink,
    ) -> Self {
        let (folder, files) = (String::new(), Files::default());
        let (seen, aliases) = (FxHashSet::default(), FxHashSet::default());
        let (known, below) = (Known::default(), FxHashMap::default());
        Self { specification, root, documents, sink, seen, aliases, folder, hops: 0, files, known, below }
    }

    /// Whether the file is another one than the document that is checked.
    pub(super) fn is_other_file(&self) -> bool {
        self.hops > 0
    }

    /// Checks the whole document.
    pub(super) fn document(&mut self) {
        if let Some(object) = self.specification.root() {
            self.fields(self.root, object, 0);
        }
    }

    /// Whether a collection is an alias that has been looked into as the same: there is nothing new to say of it.
    fn is_known_alias(&mut self, node: Node<'t>, shape: &'static Shape) -> bool {
        let of = node.alias_of().filter(|it| matches!(it.kind(), Kind::Sequence | Kind::Mapping));
        of.is_some_and(|it| !self.aliases.insert((it.id(), std::ptr::from_ref(shape))))
    }

    /// Checks one value. `in_schema` says whether it is part of a schema.
    fn value(&mut self, node: Node<'t>, shape: &'static Shape, in_schema: bool, depth: usize) {
        if depth > MAX_DEPTH || self.is_known_alias(node, shape) {
            return;
        }
        let wrong = if in_schema { &INVALID_SCHEMA } else { &WRONG_TYPE };
        let unknown = if in_schema { &INVALID_SCHEMA } else { &UNKNOWN_VALUE };
        let malformed = if in_schema { &INVALID_SCHEMA } else { &MALFORMED_VALUE };
        match shape {
            Shape::Any => {}
            Shape::Null => self.expect(node, node.is_null(), wrong, "nothing"),
            Shape::Boolean => self.expect(node, node.kind() == Kind::Bool, wrong, "true or false"),
            Shape::Mapping => self.expect(node, node.kind() == Kind::Mapping, wrong, "a mapping"),
            Shape::Number(above_zero) => match node.as_f64() {
                None => self.expect(node, matches!(node.kind(), Kind::Integer | Kind::Float), wrong, "a number"),
                Some(number) if *above_zero && number <= 0.0 => {
                    self.at(malformed, node, format!("{number} must be above 0"));
                }
                Some(_) => {}
            },
            Shape::Integer(least, most) => self.integer(node, *least, *most, wrong, malformed),
            Shape::Integers(allowed) => match node.as_i64() {
                Some(number) if allowed.contains(&number) => {}
                Some(number) => {
                    let allowed: Vec<_> = allowed.iter().map(ToString::to_string).collect();
                    self.at(unknown, node, format!("{number} is not allowed: {}", either(&allowed)));
                }
                None => self.expect(node, false, wrong, "an integer"),
            },
            Shape::Text(format) => self.text(node, *format, wrong, malformed),
            Shape::Values(allowed) => match node.as_str() {
                Some(text) if allowed.contains(&text) => {}
                Some(text) => self.unknown_value(unknown, node, text, allowed),
                None => self.text(node, TextFormat::Any, wrong, malformed),
            },
            Shape::Object(id, how) => self.object(node, *id, *how, depth),
            Shape::List { items, unique, filled } => {
                if node.kind() != Kind::Sequence {
                    return self.expect(node, false, wrong, "a list");
                }
                if *filled && node.is_empty() {
                    self.at(malformed, node, "The list must have an item".to_owned());
                }
                if *unique {
                    self.unique(node, malformed);
                }
                node.items().for_each(|it| self.value(it, items, in_schema, depth + 1));
            }
            Shape::Map(keys, values) => {
                if node.kind() != Kind::Mapping {
                    return self.expect(node, false, wrong, "a mapping");
                }
                if let Some(reference) = node.entry("$ref").filter(|it| in_schema && self.is_map_of_schemas(it.value)) {
                    let message = "A map of schemas cannot be a reference by the specification, though tools follow it";
                    return self.sink.push(&REFERRED, reference.key_span, message);
                }
                for entry in node.entries() {
                    self.key(entry, *keys, malformed);
                    self.value(entry.value, values, in_schema, depth + 1);
                }
            }
            Shape::Payload => {
                let name = match self.specification.payload(node.parent()) {
                    Some(_) => Some("schema"),
                    None => node
                        .parent()
                        .and_then(|it| it.get("schemaFormat")?.as_str())
                        .filter(|it| is_open_api(it))
                        .map(|_| OPEN_API),
                };
                if let Some(id) = name.and_then(|it| self.specification.id(it)) {
                    self.object(node, id, ReferenceUse::Allowed, depth);
                }
            }
            Shape::OneOf(shapes) => match shapes.iter().find(|it| self.fits(node, it)) {
                Some(shape) => self.value(node, shape, in_schema, depth + 1),
                None => {
                    let allowed: Vec<_> = shapes.iter().map(|it| self.describe(it)).collect();
                    self.expect(node, false, wrong, &allowed.join(" or "));
                }
            },
        }
    }

    /// Whether a text is a reference to a map such as the properties of another schema.
    fn is_map_of_schemas(&self, reference: Node<'t>) -> bool {
        let Some(Target::Node(map)) = reference.as_str().map(|it| target(self.root, it)) else { return false };
        // A schema in this place is a slip: the map within it was meant.
        map.kind() == Kind::Mapping
            && place_at(self.root, &map.path()).is_some_and(|it| matches!(it.shape, Shape::Map(..)))
    }

    /// Whether a value is of the kind that a shape wants.
    fn fits(&self, node: Node<'_>, shape: &Shape) -> bool {
        match shape {
            Shape::Any | Shape::Payload => true,
            Shape::Null => node.is_null(),
            Shape::Text(_) | Shape::Values(_) => node.kind() == Kind::String,
            Shape::Integer(..) | Shape::Integers(_) => node.kind() == Kind::Integer,
            Shape::Number(_) => matches!(node.kind(), Kind::Integer | Kind::Float),
            Shape::Boolean => node.kind() == Kind::Bool,
            Shape::Mapping | Shape::Map(..) => node.kind() == Kind::Mapping,
            Shape::Object(id, _) => {
                let form = self.specification.object(*id).and_then(|it| self.specification.form(it, Some(node)));
                let is_schema = form.is_some_and(|it| it.is_schema);
                node.kind() == Kind::Mapping || (is_schema && node.kind() == Kind::Bool)
            }
            Shape::List { .. } => node.kind() == Kind::Sequence,
            Shape::OneOf(shapes) => shapes.iter().any(|it| self.fits(node, it)),
        }
    }

    /// A shape in words, with its article.
    fn describe(&self, shape: &Shape) -> String {
        match shape {
            Shape::Any | Shape::Payload => "anything".to_owned(),
            Shape::Null => "null".to_owned(),
            Shape::Text(_) => "a string".to_owned(),
            Shape::Values(values) => format!("one of {}", values.join(", ")),
            Shape::Integer(..) | Shape::Integers(_) => "an integer".to_owned(),
            Shape::Number(_) => "a number".to_owned(),
            Shape::Boolean => "true or false".to_owned(),
            Shape::Mapping | Shape::Map(..) => "a mapping".to_owned(),
            Shape::Object(id, _) => with_article(self.title(*id, None)),
            Shape::List { .. } => "a list".to_owned(),
            Shape::OneOf(_) => "another form".to_owned(),
        }
    }

    /// The name that the specification has for an object, in the form it has at a node.
    pub(super) fn title(&self, id: ObjectId, node: Option<Node<'_>>) -> &'static str {
        let declared = self.specification.object(id);
        declared.and_then(|it| self.specification.form(it, node)).map_or("object", |it| it.title)
    }

    /// Checks an object, or the reference that stands for it.
    pub(super) fn object(&mut self, node: Node<'t>, id: ObjectId, how: ReferenceUse, depth: usize) {
        let Some(declared) = self.specification.object(id).filter(|_| depth <= MAX_DEPTH) else { return };
        if node.kind() != Kind::Mapping {
            let form = self.specification.form(declared, Some(node)).unwrap_or(declared);
            // Within schemas booleans are schemas, too. Where another format may stand, every tool wants a mapping.
            if form.is_schema && declared.choice.is_some() && node.kind() == Kind::Bool {
                let instead = if node.as_bool() == Some(true) { "{}" } else { "{ not: {} }" };
                let message =
                    format!("A schema in this place must be a mapping, or no tool reads it: write `{instead}`");
                return self.sink.push_with(&INVALID_SCHEMA, span_of(node), message, None);
            }
            if let Some(name) = former_text(node) {
                let text = node.scalar().unwrap_or_default();
                let message = format!(
                    "`{name}` of the Kafka binding is a schema, and tools that know its later versions refuse a text: \
                    write `{{ type: string, enum: [{text}] }}`"
                );
                return self.sink.push(&FORMER_TEXT, span_of(node), message);
            }
            let check = if form.is_schema { &INVALID_SCHEMA } else { &WRONG_TYPE };
            return self.expect(node, form.is_schema && node.kind() == Kind::Bool, check, &with_article(form.title));
        }
        if let Some(entry) = node.entry("$ref") {
            if how == ReferenceUse::Tolerated && declared.field("$ref").is_none() {
                let message = format!(
                    "{} cannot be a reference by the specification, though tools follow it",
                    capital(&with_article(declared.title))
                );
                self.sink.push(&REFERRED, entry.key_span, message);
            }
            if how == ReferenceUse::Never && declared.field("$ref").is_none() {
                let message =
                    format!("{} cannot be a reference here: write it out", capital(&with_article(declared.title)));
                return self.sink.push(&MISPLACED_REFERENCE, entry.key_span, message);
            }
            let Some(target) = entry.value.as_str() else {
                return self.expect(entry.value, false, &WRONG_TYPE, "a string");
            };
            self.reference(entry.value, target, id, depth);
            if declared.field("$ref").is_none() {
                return self.siblings(node, declared);
            }
        } else if how == ReferenceUse::Required {
            let message =
                format!("{} must be given as a reference: `$ref` is missing", capital(&with_article(declared.title)));
            self.sink.push(&WRITTEN_OUT, place_of(node), message);
        }
        if declared.name == "message" && declared.choice.is_some() {
            self.nested_choice(node);
        }
        if let Some(object) = self.specification.form(declared, Some(node)) {
            self.fields(node, object, depth);
        }
    }

    /// Only the message of an operation may be one of several (2.6.0, Operation Object, `message`).
    fn nested_choice(&mut self, node: Node<'t>) {
        let Some(choice) = node.entry("oneOf") else { return };
        let is_of_operation = node.as_entry().is_some_and(|it| it.key == "message");
        if !is_of_operation && !self.is_other_file() {
            let message = "Only the `message` of an operation may be one of several: list them there";
            self.sink.push(&NESTED_CHOICE, choice.key_span, message);
        }
    }

    /// Fields beside a `$ref`. Annotations of schemas are left alone: they do no harm, and people expect them to stay.
    fn siblings(&mut self, node: Node<'t>, object: &ObjectType) {
        const ANNOTATIONS: [&str; 9] = [
            "description",
            "title",
            "examples",
            "default",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$comment",
            "definitions",
        ];
        let is_schema = is_schema(object);
        let harmless = |key: &str| key == "$ref" || key.starts_with("x-") || (is_schema && ANNOTATIONS.contains(&key));
        for entry in node.written_entries().filter(|it| !harmless(it.key)) {
            let message = format!("`{}` is ignored, because `$ref` stands beside it", entry.key);
            self.sink.push(&REFERENCE_SIBLINGS, entry.key_span, message);
        }
    }

    /// Checks the fields of an object in the form it has.
    fn fields(&mut self, node: Node<'t>, object: &'static ObjectType, depth: usize) {
        if let Some(choice) = &object.choice {
            return self.undecided(node, object, choice);
        }
        if node.kind() != Kind::Mapping {
            return self.expect(node, false, &WRONG_TYPE, "a mapping");
        }
        let stray = self.not_indented(node, object);
        for entry in node.entries().filter(|it| !stray.contains(it.key)) {
            match (object.field(entry.key), &object.others) {
                (Some(field), _) => self.value(entry.value, &field.shape, object.is_schema, depth + 1),
                (None, _) if is_extension(entry.key) => {}
                (None, Some(shape)) => self.value(entry.value, shape, object.is_schema, depth + 1),
                (None, None) => self.unknown_field(entry, object),
            }
        }
        let is_reference = node.entry("$ref").is_some();
        for field in object.fields().iter().filter(|it| it.required && !is_reference) {
            if node.entry(field.name).is_none() {
                let message =
                    format!("{} needs `{}`: {}", with_the(object.title), field.name, without_dot(field.meaning));
                self.sink.push(&MISSING_FIELD, place_of(node), message);
            }
        }
        if !object.needs.is_empty() && !object.needs.iter().any(|it| node.entry(it).is_some()) {
            let names: Vec<_> = object.needs.iter().map(|it| format!("`{it}`")).collect();
            self.sink.push(
                &MISSING_FIELD,
                place_of(node),
                format!("{} needs {}", with_the(object.title), names.join(" or ")),
            );
        }
        let both: Vec<_> = object.apart.iter().filter_map(|it| node.entry(it)).collect();
        if let [first, .., last] = both.as_slice() {
            let message =
                format!("`{}` and `{}` cannot stand together: only one of them is allowed", first.key, last.key);
            self.sink.push(&UNKNOWN_FIELD, last.key_span, message);
        }
    }

    /// An object whose form cannot be told.
    fn undecided(&mut self, node: Node<'t>, object: &ObjectType, choice: &Choice) {
        let Choice::Value { field, forms, .. } = choice else { return };
        let allowed: Vec<_> = forms.iter().map(|it| it.0).collect();
        match node.get(field) {
            None => {
                let message = format!("{} needs `{field}`, one of {}", with_the(object.title), allowed.join(", "));
                self.sink.push(&MISSING_FIELD, place_of(node), message);
            }
            Some(value) => match value.as_str() {
                Some(text) => self.unknown_value(&UNKNOWN_VALUE, value, text, &allowed),
                None => self.expect(value, false, &WRONG_TYPE, "a string"),
            },
        }
    }

    fn unknown_field(&mut self, entry: Entry<'t>, object: &ObjectType) {
        let names: Vec<_> = object.fields().iter().map(|it| it.name).collect();
        let nearest = self.sink.nearest(entry.key, names.iter().copied());
        let mut message = format!("{} has no field `{}`", with_the(object.title), entry.key);
        match nearest {
            Some(name) => message += &format!(": did you mean `{name}`?"),
            None if names.is_empty() => message += ": it has none but extensions (`x-...`)",
            None => message += &format!(": it has {}, and extensions (`x-...`)", names.join(", ")),
        }
        self.sink.push_with(&UNKNOWN_FIELD, entry.key_span, message, nearest.map(ToOwned::to_owned));
    }

    fn unknown_value(&mut self, check: &Check, node: Node<'t>, text: &str, allowed: &[&'static str]) {
        let nearest = self.sink.nearest(text, allowed.iter().copied());
        let mut message = format!("`{text}` is not allowed: {}", either(allowed));
        if let Some(value) = nearest {
            message += &format!("; did you mean `{value}`?");
        }
        self.sink.push_with(check, span_of(node), message, nearest.map(ToOwned::to_owned));
    }

    fn text(&mut self, node: Node<'t>, format: TextFormat, wrong: &Check, malformed: &Check) {
        if let Some(text) = node.as_str() {
            if let Some(fault) = text::fault(text, format) {
                self.at(malformed, node, fault);
            }
            return;
        }
        let quoted = node.scalar().filter(|it| !it.is_empty() && !node.is_null()).map(|it| format!("\"{it}\""));
        let message = format!(
            "This must be a string, but it is {}{}",
            found(node),
            if quoted.is_some() { ": put it in quotes" } else { "" }
        );
        self.sink.push_with(wrong, span_of(node), message, quoted);
    }

    fn integer(&mut self, node: Node<'t>, least: i64, most: i64, wrong: &Check, malformed: &Check) {
        // JSON Schema takes 3.0 for an integer.
        #[allow(clippy::cast_precision_loss)]
        let number = match (node.as_i64(), node.as_f64()) {
            (Some(number), _) => Some(number as f64),
            (None, Some(number)) if number.fract() == 0.0 => Some(number),
            _ => None,
        };
        let Some(number) = number else { return self.expect(node, false, wrong, "an integer") };
        #[allow(clippy::cast_precision_loss)]
        if number < least as f64 {
            self.at(malformed, node, format!("{number} is too small: {least} is the least allowed"));
        } else if number > most as f64 {
            self.at(malformed, node, format!("{number} is too great: {most} is the most allowed"));
        }
    }

    /// No two scalars of a list are equal.
    fn unique(&mut self, node: Node<'t>, check: &Check) {
        if node.len() < 2 {
            return;
        }
        let mut seen = FxHashSet::default();
        for item in node.items() {
            if let Some(text) = item.scalar()
                && !seen.insert((item.kind() == Kind::String, text))
            {
                self.at(check, item, format!("`{text}` stands in the list twice: once is enough"));
            }
        }
    }

    fn key(&mut self, entry: Entry<'t>, format: KeyFormat, malformed: &Check) {
        if let Some(fault) = text::key_fault(entry.key, format) {
            self.sink.push(if format == KeyFormat::Name { &UNUSUAL_NAME } else { malformed }, entry.key_span, fault);
        }
    }

    fn expect(&mut self, node: Node<'t>, holds: bool, check: &Check, wanted: &str) {
        if !holds {
            self.sink.push(check, span_of(node), format!("This must be {wanted}, but it is {}", found(node)));
        }
    }

    fn at(&mut self, check: &Check, node: Node<'t>, message: String) {
        self.sink.push(check, span_of(node), message);
    }
}

/// The field of a Kafka binding of 2.x that is a text, as it was before the binding had versions. Examples of the
/// specification had it so for years, and other tools do not mind as long as no version is named.
fn former_text(node: Node<'_>) -> Option<&str> {
    let name = node.as_entry().map(|it| it.key).filter(|it| matches!(*it, "groupId" | "clientId"))?;
    let binding = node.parent()?;
    let is_kafka = binding.as_entry().is_some_and(|it| it.key == "kafka") && binding.get("bindingVersion").is_none();
    let is_2 = node.tree().root()?.get("asyncapi").and_then(Node::as_str)?.starts_with("2.");
    (is_kafka && is_2 && node.kind() == Kind::String).then_some(name)
}

/// Whether an object is a schema in every form it has.
pub(super) fn is_schema(object: &ObjectType) -> bool {
    object.is_schema || matches!(object.name, "anySchema" | "anyAvro" | "kafkaKey")
}

/// What a value is, in words.
fn found(node: Node<'_>) -> &'static str {
    if node.is_null() { "empty" } else { node.kind().describe() }
}

fn is_extension(key: &str) -> bool {
    key.strip_prefix("x-").is_some_and(|it| {
        !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_'))
    })
}

fn with_the(title: &str) -> String {
    format!("The {title}")
}

pub(super) fn with_article(title: &str) -> String {
    // These are said letter by letter.
    let is_spelt = ["HTTP", "MQTT", "SNS", "SQS", "X509"].iter().any(|it| title.starts_with(it));
    let article = if is_spelt || title.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    format!("{article} {title}")
}

fn capital(text: &str) -> String {
    text.strip_prefix('a').map_or_else(|| text.to_owned(), |it| format!("A{it}"))
}

/// A meaning within a sentence.
fn without_dot(meaning: &str) -> String {
    let mut chars = meaning.strip_suffix('.').unwrap_or(meaning).chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn either<T: AsRef<str>>(allowed: &[T]) -> String {
    let names: Vec<_> = allowed.iter().map(|it| format!("`{}`", it.as_ref())).collect();
    match names.as_slice() {
        [only] => format!("it must be {only}"),
        _ => format!("it must be one of {}", names.join(", ")),
    }
}
