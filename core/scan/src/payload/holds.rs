//! What a type of a language holds, in the terms of schemas.

use super::{File, Form};
use crate::Language;

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holds {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A UUID, as a text.
    Uuid,
    /// A day, as a text of ISO 8601.
    Date,
    /// A point in time, as a text of RFC 3339.
    DateTime,
    /// An object.
    Object,
    /// What it holds is not known.
    Any,
}

impl Holds {
    /// As the fields of a contract name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Uuid => "uuid",
            Self::Date => "date",
            Self::DateTime => "date-time",
            Self::Object => "object",
            Self::Any => "any",
        }
    }
}

/// A type as it is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Read {
    pub(super) holds: Holds,
    pub(super) is_list: bool,
    /// Whether the value may be missing.
    pub(super) is_optional: bool,
}

impl Read {
    fn of(holds: Holds) -> Self {
        Self { holds, is_list: false, is_optional: false }
    }
}

/// The names of plain types. Types whose form a serializer decides are none: amounts and times of Java.
const TYPESCRIPT: [(&str, Holds); 4] =
    [("string", Holds::Text), ("number", Holds::Number), ("boolean", Holds::Boolean), ("Date", Holds::DateTime)];
const PYTHON: [(&str, Holds); 5] = [
    ("str", Holds::Text),
    ("int", Holds::Integer),
    ("float", Holds::Number),
    ("bool", Holds::Boolean),
    ("dict", Holds::Object),
];
/// What pydantic writes as a text.
const PYDANTIC: [(&str, Holds); 5] = [
    ("UUID", Holds::Uuid),
    ("UUID4", Holds::Uuid),
    ("datetime", Holds::DateTime),
    ("date", Holds::Date),
    ("EmailStr", Holds::Text),
];
const JVM: [(&str, Holds); 19] = [
    ("String", Holds::Text),
    ("int", Holds::Integer),
    ("Int", Holds::Integer),
    ("Integer", Holds::Integer),
    ("long", Holds::Integer),
    ("Long", Holds::Integer),
    ("short", Holds::Integer),
    ("Short", Holds::Integer),
    ("byte", Holds::Integer),
    ("Byte", Holds::Integer),
    ("BigInteger", Holds::Integer),
    ("double", Holds::Number),
    ("Double", Holds::Number),
    ("float", Holds::Number),
    ("Float", Holds::Number),
    ("boolean", Holds::Boolean),
    ("Boolean", Holds::Boolean),
    ("UUID", Holds::Uuid),
    ("Map", Holds::Object),
];
const GO: [(&str, Holds); 17] = [
    ("string", Holds::Text),
    ("bool", Holds::Boolean),
    ("int", Holds::Integer),
    ("int8", Holds::Integer),
    ("int16", Holds::Integer),
    ("int32", Holds::Integer),
    ("int64", Holds::Integer),
    ("uint", Holds::Integer),
    ("uint8", Holds::Integer),
    ("uint16", Holds::Integer),
    ("uint32", Holds::Integer),
    ("uint64", Holds::Integer),
    ("float32", Holds::Number),
    ("float64", Holds::Number),
    ("time.Time", Holds::DateTime),
    ("uuid.UUID", Holds::Uuid),
    ("map", Holds::Object),
];
const RUST: [(&str, Holds); 21] = [
    ("String", Holds::Text),
    ("str", Holds::Text),
    ("bool", Holds::Boolean),
    ("i8", Holds::Integer),
    ("i16", Holds::Integer),
    ("i32", Holds::Integer),
    ("i64", Holds::Integer),
    ("u8", Holds::Integer),
    ("u16", Holds::Integer),
    ("u32", Holds::Integer),
    ("u64", Holds::Integer),
    ("usize", Holds::Integer),
    ("isize", Holds::Integer),
    ("f32", Holds::Number),
    ("f64", Holds::Number),
    ("Uuid", Holds::Uuid),
    ("NaiveDate", Holds::Date),
    ("DateTime", Holds::DateTime),
    ("HashMap", Holds::Object),
    ("BTreeMap", Holds::Object),
    ("char", Holds::Text),
];

/// Types of lists.
const LISTS: [&str; 17] = [
    "Array",
    "ReadonlyArray",
    "list",
    "List",
    "Sequence",
    "Set",
    "set",
    "Collection",
    "MutableList",
    "MutableSet",
    "ArrayList",
    "Vec",
    "HashSet",
    "BTreeSet",
    "Iterable",
    "LinkedList",
    "frozenset",
];

/// Types around a value that may be missing.
const OPTIONAL: [&str; 2] = ["Option", "Optional"];

/// How deep types are looked into.
const MAX_DEPTH: usize = 6;

impl File<'_> {
    /// What a type holds, as it is written.
    pub(super) fn holds(&self, written: &str) -> Read {
        self.holds_at(written, MAX_DEPTH)
    }

    fn holds_at(&self, written: &str, depth: usize) -> Read {
        let Some(depth) = depth.checked_sub(1) else { return Read::of(Holds::Any) };
        let ty = written.trim().trim_start_matches(':').trim();
        let ty = ty.strip_prefix("readonly ").unwrap_or(ty).trim();
        let list = |element: &str| match self.holds_at(element, depth) {
            Read { is_list: false, is_optional: false, holds } => Read { holds, is_list: true, is_optional: false },
            _ => Read { is_list: true, ..Read::of(Holds::Any) },
        };
        let optional = |inner: &str| Read { is_optional: true, ..self.holds_at(inner, depth) };
        let parts = split(ty, '|');
        if parts.len() > 1 {
            return self.union(&parts, depth);
        }
        if let Some(inner) = ty.strip_suffix('?').filter(|_| self.language == Language::Kotlin) {
            return optional(inner);
        }
        if self.language == Language::Go {
            if let Some(inner) = ty.strip_prefix('*') {
                return optional(inner);
            }
            match ty.strip_prefix("[]") {
                // Bytes are written as a text in base 64.
                Some("byte" | "uint8") => return Read::of(Holds::Text),
                Some(element) => return list(element),
                None => {}
            }
        }
        if let Some(element) = ty.strip_suffix("[]") {
            return list(element.trim_start_matches('(').trim_end_matches(')'));
        }
        let (head, arguments) = match ty.find(['<', '[']) {
            Some(at) => {
                let (head, rest) = ty.split_at(at);
                (head.trim(), rest.get(1..rest.len().saturating_sub(1)).unwrap_or_default())
            }
            None => (ty, ""),
        };
        let name = if self.language == Language::Go { head } else { head.rsplit(['.', ':']).next().unwrap_or(head) };
        let arguments = split(arguments, ',');
        let first = arguments.first().copied().unwrap_or_default();
        match () {
            () if OPTIONAL.contains(&name) && !first.is_empty() => optional(first),
            () if LISTS.contains(&name) && !first.is_empty() && self.language != Language::Go => list(first),
            // A value in a box is written as itself.
            () if matches!(name, "Box" | "Arc" | "Rc") && self.language == Language::Rust => {
                self.holds_at(first, depth)
            }
            () if name.starts_with('&') => self.holds_at(name.trim_start_matches(['&', '\'']), depth),
            () => Read::of(self.plain(name)),
        }
    }

    fn union(&self, parts: &[&str], depth: usize) -> Read {
        let is_missing = |it: &&str| matches!(*it, "undefined");
        let is_empty = |it: &&str| matches!(*it, "null" | "None");
        let is_text = |it: &&str| it.len() > 1 && it.starts_with(['"', '\'', '`']);
        let values: Vec<&str> = parts.iter().filter(|it| !is_missing(it) && !is_empty(it)).copied().collect();
        let is_optional = values.len() < parts.len();
        // `null` is a value of its own, which a schema of the other one refuses.
        let is_nullable = parts.iter().any(is_empty);
        let read = match values.as_slice() {
            [only] => self.holds_at(only, depth),
            all if !all.is_empty() && all.iter().all(is_text) => Read::of(Holds::Text),
            _ => Read::of(Holds::Any),
        };
        if is_nullable { Read { is_optional, ..Read::of(Holds::Any) } } else { Read { is_optional, ..read } }
    }

    fn plain(&self, name: &str) -> Holds {
        let find = |all: &[(&str, Holds)]| all.iter().find(|it| it.0 == name).map(|it| it.1);
        let is_text = name.len() > 1 && name.starts_with(['"', '\'', '`']);
        let known = match self.language {
            Language::TypeScript | Language::Tsx if is_text => Some(Holds::Text),
            Language::TypeScript | Language::Tsx if name == "Record" || name.starts_with('{') => Some(Holds::Object),
            Language::TypeScript | Language::Tsx => find(&TYPESCRIPT),
            Language::Python if name == "Dict" || name == "Mapping" => Some(Holds::Object),
            Language::Python if self.text.contains("pydantic") => find(&PYTHON).or_else(|| find(&PYDANTIC)),
            Language::Python => find(&PYTHON),
            Language::Java | Language::Kotlin => find(&JVM),
            Language::Go => find(&GO),
            Language::Rust => find(&RUST),
            _ => None,
        };
        known.unwrap_or_else(|| match self.form(name) {
            Some(Form::Fields) => Holds::Object,
            Some(Form::Names) => Holds::Text,
            None => Holds::Any,
        })
    }
}

/// The parts between a sign that stands in no brackets and no quotes.
fn split(text: &str, sign: char) -> Vec<&str> {
    let (mut parts, mut open, mut start, mut quote) = (Vec::new(), 0_usize, 0, None);
    for (at, char) in text.char_indices() {
        match (quote, char) {
            (Some(it), char) if it == char => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') if sign == '|' => quote = Some(char),
            (None, '<' | '[' | '(' | '{') => open += 1,
            (None, '>' | ']' | ')' | '}') => open = open.saturating_sub(1),
            (None, char) if char == sign && open == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + char.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts.into_iter().map(str::trim).filter(|it| !it.is_empty()).collect()
}
