//! A Protobuf file as it is written: declarations, options and their places, before any name is looked up.

use archwright_syntax::Span;

/// What the first statement of the file promises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Syntax {
    /// `syntax = "proto2"`, or nothing.
    Proto2,
    /// `syntax = "proto3"`.
    Proto3,
    /// `edition = "2023"` and later.
    Edition(u32),
}

/// A file.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) syntax: Syntax,
    /// The statement that says so.
    pub(crate) syntax_span: Option<Span>,
    pub(crate) package: String,
    /// The `package` statement.
    pub(crate) package_span: Option<Span>,
    pub(crate) imports: Vec<Import>,
    pub(crate) options: Vec<Opt>,
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) extensions: Vec<Field>,
    pub(crate) services: Vec<Service>,
    /// The comments, in the order of the text.
    pub(crate) comments: Vec<Span>,
}

impl File {
    /// Gives a file that goes by several paths the first of them wherever it is imported.
    pub(crate) fn name_once(&mut self, paths: &[String]) {
        let Some(first) = paths.first() else { return };
        for import in self.imports.iter_mut().filter(|it| paths.contains(&it.path)) {
            import.path.clone_from(first);
        }
    }
}

/// A file that is imported.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) path: String,
    /// The path with its quotes.
    pub(crate) path_span: Span,
    pub(crate) kind: ImportKind,
}

/// What an import is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ImportKind {
    Plain,
    /// Whoever imports this file sees what it imports, too.
    Public,
    Weak,
    /// For options only, from the edition 2024 on.
    Option,
}

/// Whether other files may use a message or an enum (edition 2024).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Visibility {
    /// As the feature `default_symbol_visibility` says.
    #[default]
    Unset,
    Export,
    Local,
}

/// A message, a group, or the entry message that stands behind a map.
#[derive(Debug, Default)]
pub(crate) struct Message {
    pub(crate) name: String,
    /// Where its name stands; for the entry of a map, the type of the field.
    pub(crate) name_span: Span,
    pub(crate) span: Span,
    pub(crate) visibility: Visibility,
    pub(crate) options: Vec<Opt>,
    pub(crate) fields: Vec<Field>,
    pub(crate) oneofs: Vec<Oneof>,
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) extensions: Vec<Field>,
    pub(crate) extension_ranges: Vec<Placed<Range>>,
    /// What the statements say of the extension ranges that have options.
    pub(crate) extension_options: Vec<ExtensionOptions>,
    pub(crate) reserved: Vec<Placed<Range>>,
    pub(crate) reserved_names: Vec<Placed<String>>,
    /// Whether it is the entry of a map.
    pub(crate) entry: bool,
    /// Where the types of the key and of the value of a map are written.
    pub(crate) sides: [Span; 2],
    /// Whether it is the message of a group.
    pub(crate) group: bool,
}

/// Something and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Placed<T> {
    pub(crate) it: T,
    pub(crate) span: Span,
}

/// Numbers from the first to the last, both included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Range {
    pub(crate) first: i64,
    pub(crate) last: i64,
}

impl Range {
    pub(crate) fn holds(self, number: i64) -> bool {
        self.first <= number && number <= self.last
    }

    /// The ranges in order, with those that touch made one.
    pub(crate) fn merged(mut sorted: Vec<Self>) -> Vec<Self> {
        sorted.sort_unstable();
        let mut merged: Vec<Self> = Vec::with_capacity(sorted.len());
        for range in sorted {
            match merged.last_mut() {
                Some(it) if range.first <= it.last.saturating_add(1) => it.last = it.last.max(range.last),
                _ => merged.push(range),
            }
        }
        merged
    }
}

/// The options of one `extensions` statement.
#[derive(Debug)]
pub(crate) struct ExtensionOptions {
    /// Which of the message's extension ranges it declares.
    pub(crate) ranges: std::ops::Range<usize>,
    pub(crate) options: Vec<Opt>,
}

#[derive(Debug)]
pub(crate) struct Oneof {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) options: Vec<Opt>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Label {
    /// No label written.
    None,
    Optional,
    Required,
    Repeated,
}

/// A field or an extension.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) number: i64,
    pub(crate) number_span: Span,
    pub(crate) label: Label,
    pub(crate) ty: Type,
    pub(crate) type_span: Span,
    pub(crate) span: Span,
    pub(crate) options: Vec<Opt>,
    /// Which `oneof` of the message it stands in.
    pub(crate) oneof: Option<usize>,
    /// The message an extension adds to, as written.
    pub(crate) extendee: Option<Placed<String>>,
    /// Whether nobody wrote it: the key or the value of a map entry.
    pub(crate) synthetic: bool,
}

/// The type of a field, as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Type {
    /// A built-in type.
    Scalar(Scalar),
    /// A message or an enum.
    Named(String),
    /// A group, with the name of its message.
    Group(String),
    /// A map, with the name of its entry message.
    Map(String),
}

/// The built-in types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scalar {
    Double,
    Float,
    Int64,
    Uint64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    Bytes,
    Uint32,
    Sfixed32,
    Sfixed64,
    Sint32,
    Sint64,
}

impl Scalar {
    pub(crate) const ALL: [Self; 15] = [
        Self::Double,
        Self::Float,
        Self::Int64,
        Self::Uint64,
        Self::Int32,
        Self::Fixed64,
        Self::Fixed32,
        Self::Bool,
        Self::String,
        Self::Bytes,
        Self::Uint32,
        Self::Sfixed32,
        Self::Sfixed64,
        Self::Sint32,
        Self::Sint64,
    ];

    /// The type of this name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// As it is written.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Double => "double",
            Self::Float => "float",
            Self::Int64 => "int64",
            Self::Uint64 => "uint64",
            Self::Int32 => "int32",
            Self::Fixed64 => "fixed64",
            Self::Fixed32 => "fixed32",
            Self::Bool => "bool",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::Uint32 => "uint32",
            Self::Sfixed32 => "sfixed32",
            Self::Sfixed64 => "sfixed64",
            Self::Sint32 => "sint32",
            Self::Sint64 => "sint64",
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) span: Span,
    pub(crate) visibility: Visibility,
    pub(crate) options: Vec<Opt>,
    pub(crate) values: Vec<Value>,
    pub(crate) reserved: Vec<Placed<Range>>,
    pub(crate) reserved_names: Vec<Placed<String>>,
}

/// A value of an enum.
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) number: i64,
    pub(crate) number_span: Span,
    pub(crate) options: Vec<Opt>,
}

#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) span: Span,
    pub(crate) options: Vec<Opt>,
    pub(crate) methods: Vec<Method>,
}

#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) span: Span,
    pub(crate) input: Side,
    pub(crate) output: Side,
    pub(crate) options: Vec<Opt>,
}

/// What goes in or out of a method.
#[derive(Debug)]
pub(crate) struct Side {
    /// The message, as written.
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) streaming: bool,
}

/// An option: a statement, or an assignment in brackets.
#[derive(Clone, Debug)]
pub(crate) struct Opt {
    /// Its name in full, such as `features.(pb.java).utf8_validation`.
    pub(crate) path: String,
    /// The parts of its name.
    pub(crate) name: Vec<NamePart>,
    pub(crate) name_span: Span,
    /// The whole statement, or name and value where it stands in brackets.
    pub(crate) span: Span,
    pub(crate) value: Constant,
    pub(crate) value_span: Span,
}

/// A part of an option's name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NamePart {
    pub(crate) text: String,
    /// Whether it stands in parentheses: the name of an extension.
    pub(crate) extension: bool,
}

/// The value of an option.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Constant {
    Word(String),
    Integer(i128),
    Float(f64),
    Text(Vec<u8>),
    /// In braces, in the text format of Protobuf.
    Parts(Vec<Part>),
    /// In brackets, within braces.
    List(Vec<Placed<Self>>),
}

/// A part of a value in braces.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Part {
    pub(crate) name: PartName,
    pub(crate) name_span: Span,
    pub(crate) span: Span,
    /// Whether a colon stands behind the name, which messages may do without.
    pub(crate) colon: bool,
    pub(crate) value: Constant,
    pub(crate) value_span: Span,
}

/// What names a part of a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PartName {
    Field(String),
    /// In brackets: the name of an extension, without a dot in front.
    Extension(String),
    /// In brackets, with the address in front of the message that a `google.protobuf.Any` holds.
    Any {
        address: String,
        message: String,
    },
}

impl Part {
    /// Its name as it stands in the path of an option.
    fn path(&self) -> String {
        match &self.name {
            PartName::Field(name) => name.clone(),
            PartName::Extension(name) => format!("({name})"),
            PartName::Any { address, message } => format!("({address}/{message})"),
        }
    }
}

impl<T: PartialEq> PartialEq for Placed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.it == other.it
    }
}

/// The value of an option, or of a part of its value, that has no parts itself.
pub(crate) fn value<'a>(options: &'a [Opt], path: &str) -> Option<&'a Constant> {
    let inside = |opt: &'a Opt| match path.strip_prefix(opt.path.as_str())? {
        "" => Some(&opt.value),
        rest => part_value(&opt.value, rest.strip_prefix('.')?),
    };
    options.iter().find_map(inside).filter(|it| !matches!(it, Constant::Parts(_) | Constant::List(_)))
}

fn part_value<'a>(value: &'a Constant, path: &str) -> Option<&'a Constant> {
    let Constant::Parts(parts) = value else { return None };
    let inside = |part: &'a Part| match path.strip_prefix(part.path().as_str())? {
        "" => Some(&part.value),
        rest => part_value(&part.value, rest.strip_prefix('.')?),
    };
    parts.iter().find_map(inside)
}

/// A word an option is set to.
pub(crate) fn word<'a>(options: &'a [Opt], path: &str) -> Option<&'a str> {
    match value(options, path)? {
        Constant::Word(word) => Some(word),
        _ => None,
    }
}

/// Where an option is set: the option itself, else the nearest option that has it as a part and is itself at least
/// `root`, else the first of its own parts.
pub(crate) fn place(options: &[Opt], root: &str, path: &str) -> Option<Span> {
    let mut all = Vec::new();
    for opt in options {
        all.push((opt.path.clone(), opt.span));
        add_parts(&opt.path, &opt.value, &mut all);
    }
    let exact = all.iter().find(|it| it.0 == path);
    let around = || {
        let holds = |it: &&(String, Span)| it.0.len() >= root.len() && is_part(path, &it.0);
        all.iter().filter(holds).max_by_key(|it| it.0.len())
    };
    let inside = || all.iter().find(|it| is_part(&it.0, path));
    exact.or_else(around).or_else(inside).map(|it| it.1)
}

/// Adds the paths of the parts of a value. Bounded by how deep the parser lets values nest.
fn add_parts(path: &str, value: &Constant, all: &mut Vec<(String, Span)>) {
    let Constant::Parts(parts) = value else { return };
    for part in parts {
        let path = format!("{path}.{}", part.path());
        all.push((path.clone(), part.span));
        add_parts(&path, &part.value, all);
    }
}

/// Whether the option `part` belongs to the option `whole`.
fn is_part(part: &str, whole: &str) -> bool {
    part.strip_prefix(whole).is_some_and(|it| it.starts_with('.'))
}
