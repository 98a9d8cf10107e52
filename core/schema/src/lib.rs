//! Message shapes: the fields of a JSON Schema, an Avro schema or a Protobuf file in one model, each at its exact place.
//!
//! **Invariant**: [`shape`] never fails; what is wrong with the text stands in [`Shape::problems`] beside what could be read.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod avro;
pub mod breaking;
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

pub use avro::{AvroProblem, AvroSchema};
pub use notes::{Note, NoteKind, notes};
pub use shape::{Field, Problem, Shape, Text, has_classification};

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
    /// The language a schema file's name promises: `.avsc`, `.proto`, and `.json`, `.jsonschema`, `.yaml` or `.yml` for JSON
    /// Schema. A name cannot tell whether a JSON or YAML file is a schema at all: ask it of files known to be schemas.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next()?;
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "json" | "jsonschema" | "yaml" | "yml" => Some(Self::JsonSchema),
            "avsc" => Some(Self::Avro),
            "proto" => Some(Self::Protobuf),
            _ => None,
        }
    }
}

/// The shape of a schema's message, nested objects flattened to dotted paths.
pub fn shape(text: &str, language: Language) -> Shape {
    match language {
        Language::JsonSchema => json_schema::shape(text),
        Language::Avro => avro::shape(text),
        Language::Protobuf => protobuf::shape(text),
    }
}
