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
    /// The paths of the files it imports.
    pub(crate) imports: Vec<String>,
    pub(crate) options: Vec<Opt>,
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) extensions: Vec<Field>,
    pub(crate) services: Vec<Service>,
}

/// A message, a group, or the entry message that stands behind a map.
#[derive(Debug, Default)]
pub(crate) struct Message {
    pub(crate) name: String,
    /// Where its name stands; for the entry of a map, the type of the field.
    pub(crate) name_span: Span,
    pub(crate) span: Span,
    pub(crate) options: Vec<Opt>,
    pub(crate) fields: Vec<Field>,
    pub(crate) oneofs: Vec<Oneof>,
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) extensions: Vec<Field>,
    pub(crate) extension_ranges: Vec<Range>,
    pub(crate) reserved: Vec<Range>,
    pub(crate) reserved_names: Vec<String>,
    /// Whether it is the entry of a map.
    pub(crate) entry: bool,
    /// Whether it is the message of a group.
    pub(crate) group: bool,
}

/// Numbers from the first to the second, both included.
pub(crate) type Range = (i64, i64);

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
    pub(crate) label: Label,
    pub(crate) ty: Type,
    pub(crate) type_span: Span,
    pub(crate) span: Span,
    pub(crate) options: Vec<Opt>,
    /// Which `oneof` of the message it stands in.
    pub(crate) oneof: Option<usize>,
    /// The message an extension adds to, as written.
    pub(crate) extendee: Option<String>,
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
    const ALL: [Self; 15] = [
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
    pub(crate) options: Vec<Opt>,
    pub(crate) values: Vec<Value>,
    pub(crate) reserved: Vec<Range>,
    pub(crate) reserved_names: Vec<String>,
}

/// A value of an enum.
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) number: i64,
    pub(crate) number_span: Span,
}

#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) span: Span,
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

/// An option, or one part of an option whose value has parts.
#[derive(Clone, Debug)]
pub(crate) struct Opt {
    /// Its name in full, such as `features.(pb.java).utf8_validation`.
    pub(crate) path: String,
    /// The whole statement, or name and value where it stands in brackets or braces.
    pub(crate) span: Span,
    /// Its value; none when it has parts, which follow as options of their own.
    pub(crate) value: Option<Constant>,
}

/// The value of an option.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Constant {
    Word(String),
    Integer(i128),
    Float(f64),
    Text(Vec<u8>),
}

/// The value of an option.
pub(crate) fn value<'a>(options: &'a [Opt], path: &str) -> Option<&'a Constant> {
    options.iter().find(|it| it.path == path)?.value.as_ref()
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
    let exact = options.iter().find(|it| it.path == path);
    let around = || {
        let holds = |it: &&Opt| it.path.len() >= root.len() && is_part(path, &it.path);
        options.iter().filter(holds).max_by_key(|it| it.path.len())
    };
    let inside = || options.iter().find(|it| is_part(&it.path, path));
    exact.or_else(around).or_else(inside).map(|it| it.span)
}

/// Whether the option `part` belongs to the option `whole`.
fn is_part(part: &str, whole: &str) -> bool {
    part.strip_prefix(whole).is_some_and(|it| it.starts_with('.'))
}
