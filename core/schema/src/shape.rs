//! The one model of a message's fields.

use archwright_syntax::Span;
use smol_str::SmolStr;

use crate::Language;

/// A decoded text and where it stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Text {
    /// The decoded text.
    pub text: SmolStr,
    /// The bytes it was read from, with their quotes if they have any.
    pub span: Span,
}

/// Something in a schema that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The text at fault.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

/// A message's fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shape {
    /// What it was read from.
    pub language: Language,
    /// The message's name: a JSON Schema's `title`, an Avro record's or a Protobuf message's name.
    pub name: Option<Text>,
    /// All fields in the order of the text, each parent before its children.
    pub fields: Vec<Field>,
    /// What is wrong with the schema.
    pub problems: Vec<Problem>,
}

/// One field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The way to it: `customer.id`. Items of lists carry `[]` (`lines[].sku`), values of maps `{}` (`labels{}.text`).
    pub path: SmolStr,
    /// Its own name, where it is declared.
    pub name: Text,
    /// Whether every message carries a value for it, provided that its parent is there.
    pub required: bool,
    /// Its type in the words of the schema language, such as `string`, `array<object>` or `string|null`.
    pub ty: SmolStr,
    /// What the schema says about it.
    pub description: Option<Text>,
}

impl Shape {
    /// Whether the message has a field of this name. See [`Self::field`].
    pub fn has_field(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// The field that `name` means.
    pub fn field(&self, _name: &str) -> Option<&Field> {
        None
    }

    /// The field whose path or name is closest in spelling, if any is close.
    pub fn nearest_field(&self, _name: &str) -> Option<&Field> {
        None
    }
}
