//! All files of one side of a comparison, every declaration under its full name, and the lookup of types.

use rustc_hash::FxHashMap;

use super::tree::{self, File, Label, Opt, Syntax, Type, word};

/// A file and the path it goes by.
pub(crate) struct Source<'s> {
    pub(crate) path: &'s str,
    pub(crate) file: &'s File,
}

/// A message, wherever it nests.
pub(crate) struct Message<'s> {
    pub(crate) node: &'s tree::Message,
    pub(crate) file: usize,
    /// Its name with the messages it nests in, without the package.
    pub(crate) nested: String,
    pub(crate) full: String,
    pub(crate) parent: Option<usize>,
}

/// An enum, wherever it nests.
pub(crate) struct Enum<'s> {
    pub(crate) node: &'s tree::Enum,
    pub(crate) file: usize,
    pub(crate) nested: String,
    pub(crate) full: String,
    pub(crate) parent: Option<usize>,
}

/// An extension, wherever it nests.
pub(crate) struct Extension<'s> {
    pub(crate) node: &'s tree::Field,
    pub(crate) file: usize,
    pub(crate) nested: String,
    pub(crate) full: String,
    pub(crate) parent: Option<usize>,
    /// The full name of the message it adds to.
    pub(crate) extendee: String,
}

/// A service.
pub(crate) struct Service<'s> {
    pub(crate) node: &'s tree::Service,
    pub(crate) file: usize,
    pub(crate) full: String,
}

/// What a name stands for.
pub(crate) struct Resolved {
    /// The full name.
    pub(crate) full: String,
    /// What bears it, if it is there.
    pub(crate) named: Option<Named>,
}

/// The type of a field.
pub(crate) struct FieldType {
    pub(crate) kind: Kind,
    /// The full name of the message or enum.
    pub(crate) name: Option<String>,
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Named {
    Message(usize),
    Enum(usize),
}

/// All files of one side.
pub(crate) struct Schema<'s> {
    pub(crate) sources: Vec<Source<'s>>,
    pub(crate) messages: Vec<Message<'s>>,
    pub(crate) enums: Vec<Enum<'s>>,
    pub(crate) extensions: Vec<Extension<'s>>,
    pub(crate) services: Vec<Service<'s>>,
    names: FxHashMap<String, Named>,
}

impl<'s> Schema<'s> {
    pub(crate) fn new(sources: Vec<Source<'s>>) -> Self {
        let (messages, enums, extensions, services) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut schema = Self { sources, messages, enums, extensions, services, names: FxHashMap::default() };
        for file in 0..schema.sources.len() {
            let Some(tree) = schema.sources.get(file).map(|it| it.file) else { continue };
            schema.add_enums(&tree.enums, file, None);
            schema.add_extensions(&tree.extensions, file, None);
            for node in &tree.services {
                schema.services.push(Service { node, file, full: qualified(&tree.package, &node.name) });
            }
            schema.add_messages(&tree.messages, file, None);
        }
        for index in 0..schema.extensions.len() {
            let Some(it) = schema.extensions.get(index) else { continue };
            let written = it.node.extendee.as_ref().map_or("", |it| it.it.as_str());
            let scope = schema.scope(it.file, it.parent);
            let extendee = schema.resolve(written, scope).full;
            if let Some(it) = schema.extensions.get_mut(index) {
                it.extendee = extendee;
            }
        }
        schema
    }

    /// Bounded by how deep the parser lets messages nest.
    fn add_messages(&mut self, nodes: &'s [tree::Message], file: usize, parent: Option<usize>) {
        for node in nodes {
            let (nested, full) = self.full_name(&node.name, file, parent);
            let index = self.messages.len();
            self.names.entry(full.clone()).or_insert(Named::Message(index));
            self.messages.push(Message { node, file, nested, full, parent });
            self.add_enums(&node.enums, file, Some(index));
            self.add_extensions(&node.extensions, file, Some(index));
            self.add_messages(&node.messages, file, Some(index));
        }
    }

    fn add_enums(&mut self, nodes: &'s [tree::Enum], file: usize, parent: Option<usize>) {
        for node in nodes {
            let (nested, full) = self.full_name(&node.name, file, parent);
            self.names.entry(full.clone()).or_insert(Named::Enum(self.enums.len()));
            self.enums.push(Enum { node, file, nested, full, parent });
        }
    }

    fn add_extensions(&mut self, nodes: &'s [tree::Field], file: usize, parent: Option<usize>) {
        for node in nodes {
            let (nested, full) = self.full_name(&node.name, file, parent);
            self.extensions.push(Extension { node, file, nested, full, parent, extendee: String::new() });
        }
    }

    fn full_name(&self, name: &str, file: usize, parent: Option<usize>) -> (String, String) {
        let nested = match parent.and_then(|it| self.messages.get(it)) {
            Some(parent) => qualified(&parent.nested, name),
            None => name.to_owned(),
        };
        let full = qualified(self.package(file), &nested);
        (nested, full)
    }

    /// The package of a file.
    pub(crate) fn package(&self, file: usize) -> &'s str {
        self.sources.get(file).map_or("", |it| it.file.package.as_str())
    }

    pub(crate) fn path(&self, file: usize) -> &'s str {
        self.sources.get(file).map_or("", |it| it.path)
    }

    /// The full name of what declares something: a message or the package of the file.
    pub(crate) fn scope(&self, file: usize, parent: Option<usize>) -> &str {
        parent.and_then(|it| self.messages.get(it)).map_or_else(|| self.package(file), |it| it.full.as_str())
    }

    /// The full name that `written` stands for in `scope`, and what bears it. A name of a file that is not there
    /// stands for itself.
    pub(crate) fn resolve(&self, written: &str, scope: &str) -> Resolved {
        if let Some(full) = written.strip_prefix('.') {
            return Resolved { full: full.to_owned(), named: self.names.get(full).copied() };
        }
        let mut scope = Some(scope);
        while let Some(outer) = scope {
            let full = qualified(outer, written);
            if let Some(&named) = self.names.get(&full) {
                return Resolved { full, named: Some(named) };
            }
            scope = match outer.rsplit_once('.') {
                Some((outer, _)) => Some(outer),
                None if outer.is_empty() => None,
                None => Some(""),
            };
        }
        Resolved { full: written.to_owned(), named: None }
    }

    /// The message of this full name.
    pub(crate) fn message_named(&self, full: &str) -> Option<usize> {
        match self.names.get(full)? {
            Named::Message(index) => Some(*index),
            Named::Enum(_) => None,
        }
    }

    /// The fields of a message.
    pub(crate) fn fields(&self, message: usize) -> impl Iterator<Item = Field<'_>> {
        let it = self.messages.get(message);
        it.into_iter().flat_map(move |it| {
            let field = move |node| Field { schema: self, node, file: it.file, parent: Some(message), extension: None };
            it.node.fields.iter().map(field)
        })
    }

    pub(crate) fn extension(&self, index: usize) -> Option<Field<'_>> {
        let it = self.extensions.get(index)?;
        Some(Field { schema: self, node: it.node, file: it.file, parent: it.parent, extension: Some(it) })
    }

    /// What is switched on by name in the innermost place that says so, else by the syntax of the file.
    pub(crate) fn feature(&self, name: &str, own: &[&'s [Opt]], parent: Option<usize>, file: usize) -> &'s str {
        let path = format!("features.{name}");
        let mut found = own.iter().find_map(|it| word(it, &path));
        let mut parent = parent.and_then(|it| self.messages.get(it));
        while let (None, Some(message)) = (found, parent) {
            found = word(&message.node.options, &path);
            parent = message.parent.and_then(|it| self.messages.get(it));
        }
        let Some(source) = self.sources.get(file) else { return "" };
        let Syntax::Edition(_) = source.file.syntax else { return default_feature(name, source.file.syntax) };
        found.or_else(|| word(&source.file.options, &path)).unwrap_or_else(|| default_feature(name, source.file.syntax))
    }
}

/// What holds where no option says otherwise.
fn default_feature(name: &str, syntax: Syntax) -> &'static str {
    match (name, syntax) {
        ("field_presence", Syntax::Proto3) => "IMPLICIT",
        ("field_presence", _) => "EXPLICIT",
        ("enum_type", Syntax::Proto2) => "CLOSED",
        ("enum_type", _) => "OPEN",
        ("utf8_validation", Syntax::Proto2) => "NONE",
        ("utf8_validation", _) => "VERIFY",
        ("json_format", Syntax::Proto2) => "LEGACY_BEST_EFFORT",
        ("json_format", _) => "ALLOW",
        ("message_encoding", _) => "LENGTH_PREFIXED",
        ("(pb.cpp).string_type", Syntax::Edition(2024..)) => "VIEW",
        ("(pb.cpp).string_type", _) => "STRING",
        ("(pb.java).utf8_validation", _) => "DEFAULT",
        ("enforce_naming_style", Syntax::Edition(2026..)) => "STYLE2026",
        ("enforce_naming_style", Syntax::Edition(2024..)) => "STYLE2024",
        ("enforce_naming_style", _) => "STYLE_LEGACY",
        ("default_symbol_visibility", Syntax::Edition(2024..)) => "EXPORT_TOP_LEVEL",
        ("default_symbol_visibility", _) => "EXPORT_ALL",
        _ => "",
    }
}

/// `name` inside of `scope`.
pub(crate) fn qualified(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

/// A field of a message or an extension, with all that is needed to judge it.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) schema: &'a Schema<'a>,
    pub(crate) node: &'a tree::Field,
    pub(crate) file: usize,
    /// The message it stands in.
    pub(crate) parent: Option<usize>,
    pub(crate) extension: Option<&'a Extension<'a>>,
}

/// How a value is written on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Scalar(tree::Scalar),
    /// With the index of the enum.
    Enum(usize),
    Message,
    /// A message between two marks: a group, or the delimited encoding of the editions.
    Group,
}

/// How often a field may occur.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cardinality {
    Explicit,
    Implicit,
    Required,
    Repeated,
    Map,
}

impl Cardinality {
    /// In the words of a message.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Explicit => "optional with explicit presence",
            Self::Implicit => "optional with implicit presence",
            Self::Required => "required",
            Self::Repeated => "repeated",
            Self::Map => "a map",
        }
    }
}

impl<'a> Field<'a> {
    fn message(&self) -> Option<&'a Message<'a>> {
        self.schema.messages.get(self.parent?)
    }

    /// Whether it is the key or the value of a map.
    pub(crate) fn is_entry(&self) -> bool {
        self.extension.is_none() && self.message().is_some_and(|it| it.node.entry)
    }

    pub(crate) fn syntax(&self) -> Syntax {
        self.schema.sources.get(self.file).map_or(Syntax::Proto2, |it| it.file.syntax)
    }

    /// What its values are.
    pub(crate) fn kind(&self) -> Kind {
        self.type_of().kind
    }

    /// What its values are, and the full name of the message or enum.
    pub(crate) fn type_of(&self) -> FieldType {
        let scope = self.schema.scope(self.file, self.parent);
        match &self.node.ty {
            Type::Scalar(it) => FieldType { kind: Kind::Scalar(*it), name: None },
            Type::Map(name) => FieldType { kind: Kind::Message, name: Some(qualified(scope, name)) },
            Type::Group(name) => FieldType { kind: Kind::Group, name: Some(qualified(scope, name)) },
            Type::Named(name) => {
                let Resolved { full, named } = self.schema.resolve(name, scope);
                let kind = match named {
                    Some(Named::Enum(index)) => Kind::Enum(index),
                    _ if !self.is_entry() && self.feature("message_encoding") == "DELIMITED" => Kind::Group,
                    _ => Kind::Message,
                };
                FieldType { kind, name: Some(full) }
            }
        }
    }

    pub(crate) fn feature(&self, name: &str) -> &'a str {
        let oneof = self.oneof().map_or(&[][..], |it| it.options.as_slice());
        self.schema.feature(name, &[&self.node.options, oneof], self.parent, self.file)
    }

    /// The `oneof` it stands in.
    pub(crate) fn oneof(&self) -> Option<&'a tree::Oneof> {
        self.message()?.node.oneofs.get(self.node.oneof?)
    }

    pub(crate) fn cardinality(&self) -> Cardinality {
        if matches!(self.node.ty, Type::Map(_)) {
            return Cardinality::Map;
        }
        match self.node.label {
            Label::Repeated => return Cardinality::Repeated,
            Label::Required => return Cardinality::Required,
            Label::None | Label::Optional => (),
        }
        let edition = matches!(self.syntax(), Syntax::Edition(_));
        if edition && self.feature("field_presence") == "LEGACY_REQUIRED" {
            return Cardinality::Required;
        }
        let explicit = self.extension.is_some()
            || self.node.oneof.is_some()
            || self.syntax() == Syntax::Proto3 && self.node.label == Label::Optional
            || self.feature("field_presence") != "IMPLICIT"
            || matches!(self.kind(), Kind::Message | Kind::Group);
        if explicit { Cardinality::Explicit } else { Cardinality::Implicit }
    }

    /// Its name in full for an extension, else as it stands.
    pub(crate) fn name(&self) -> &'a str {
        self.extension.map_or(self.node.name.as_str(), |it| it.full.as_str())
    }

    /// The message it belongs to, without the package; for an extension, in full.
    pub(crate) fn owner(&self) -> &'a str {
        let message = || self.message().map_or("", |it| it.nested.as_str());
        self.extension.map_or_else(message, |it| it.extendee.as_str())
    }

    /// How messages to users speak of it, at the start of a sentence.
    pub(crate) fn description(&self) -> String {
        let kind = if self.extension.is_some() { "Extension" } else { "Field" };
        format!("{kind} `{}` ({}) of `{}`", self.name(), self.node.number, self.owner())
    }
}
