//! Schemas of messages in JSON Schema, Avro and Protobuf: their fields in one model, each at its exact place, and what
//! follows from them.
//!
//! - [`shape()`] reads the fields; [`notes()`] says what in a schema its users trip over later.
//! - [`check::diagnostics`] says what is wrong with a schema.
//! - [`compatibility::compare`] says whom a new version breaks, as schema registries define it.
//! - [`breaking::breaking`] says which changes to Protobuf files break those who use them, by the rules of buf.
//! - [`instance::Validator`] and [`AvroSchema`] say whether values fit a schema.
//!
//! **Invariant**: [`shape()`] never fails; what is wrong with the text stands in [`Shape::diagnostics`] beside what
//! could be read.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod avro;
pub mod breaking;
pub mod check;
pub mod compatibility;
pub mod instance;
mod json_schema;
mod notes;
mod protobuf;
mod shape;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use archwright_syntax::{
    FileType,
    data::{Format, Tree, parse},
};

pub use avro::{AvroDiagnostic, AvroSchema, avro_declared, avro_names};
pub use json_schema::{Identified, Identifiers, resolved};
pub use notes::{Advice, AdviceKind, notes};
pub use shape::{Diagnostic, Field, Shape, has_classification};

/// A schema language.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Language {
    /// JSON Schema, written as JSON or YAML.
    JsonSchema,
    /// Apache Avro.
    Avro,
    /// Protocol Buffers.
    Protobuf,
}

impl Language {
    /// The notation of a text: Avro is JSON, and a JSON Schema that does not begin with a bracket is YAML.
    fn format(self, text: &str) -> Format {
        if self == Self::Avro { Format::Json } else { json_schema::format_of(text) }
    }

    fn parse(self, text: &str) -> Tree {
        parse(text, self.format(text))
    }

    /// The language a schema file's name promises; JSON and YAML files are JSON Schemas. A name cannot tell whether a
    /// JSON or YAML file is a schema at all: ask it of files known to be schemas.
    pub fn of_path(path: &str) -> Option<Self> {
        match FileType::of(path)? {
            FileType::Json | FileType::JsonSchema | FileType::Yaml => Some(Self::JsonSchema),
            FileType::Avro => Some(Self::Avro),
            FileType::Protobuf => Some(Self::Protobuf),
            _ => None,
        }
    }
}

/// The shape of a schema's message, nested objects flattened to dotted paths.
///
/// ```
/// use archwright_schema::{Language, shape};
///
/// let text = r#"
/// title: OrderPlaced
/// type: object
/// required: [id]
/// properties:
///   id: { type: string }
///   customer:
///     type: object
///     properties: { email: { type: string } }
/// "#;
/// let shape = shape(text, Language::JsonSchema);
/// let paths: Vec<_> = shape.fields.iter().map(|it| (it.path.as_str(), it.required)).collect();
/// assert_eq!(paths, [("id", true), ("customer", false), ("customer.email", false)]);
/// ```
pub fn shape(text: &str, language: Language) -> Shape {
    shape_with_imports(text, language, "", &mut |_| None)
}

/// As [`shape`], for a schema that imports other files. Only Protobuf files do: `path` is the path by which others
/// import this one, and `read` gives the text of an import by its path as it is stated. What names of imports stand for
/// that
/// `read` does not know is not judged.
pub fn shape_with_imports(
    text: &str,
    language: Language,
    path: &str,
    read: &mut dyn FnMut(&str) -> Option<Arc<str>>,
) -> Shape {
    match language {
        Language::JsonSchema => json_schema::shape(&language.parse(text)),
        Language::Avro => avro::shape(&language.parse(text)),
        Language::Protobuf => {
            let own = Some(path.to_owned()).filter(|it| !it.is_empty());
            protobuf::shape(text, own.as_slice(), read)
        }
    }
}

/// The shape and the notes of a schema whose text may have been parsed already.
pub fn shape_and_notes(text: &str, language: Language, tree: Option<&Tree>) -> (Shape, Vec<Advice>) {
    if language == Language::Protobuf {
        return (shape(text, language), notes(text, language));
    }
    let own;
    let tree = match tree.filter(|it| it.format() == language.format(text)) {
        Some(tree) => tree,
        None => {
            own = language.parse(text);
            &own
        }
    };
    let shape = if language == Language::Avro { avro::shape(tree) } else { json_schema::shape(tree) };
    (shape, notes::of_tree(tree, language))
}
