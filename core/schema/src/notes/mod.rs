//! What a schema says that its users trip over later: closed models and enums, and requirements and defaults that do
//! not hold.

mod avro;
mod json_schema;
mod protobuf;
#[cfg(test)]
mod tests;

use archwright_syntax::{Span, TextEdit, data::Tree};
use smol_str::SmolStr;

use crate::Language;

/// What a note is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AdviceKind {
    /// An object that refuses members it does not declare.
    ClosedModel,
    /// An enum that refuses values it does not list.
    ClosedEnum,
    /// A member that is required and declared nowhere.
    UndeclaredRequired,
    /// A default that is no value of its type.
    UnfittingDefault,
    /// A field that may be null and is not null by default.
    NullableWithoutDefault,
}

/// Something that may become a problem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Advice {
    /// What it is about.
    pub kind: AdviceKind,
    /// Where.
    pub span: Span,
    /// The member, enum or field; empty for the message itself.
    pub subject: SmolStr,
    /// What is wrong, as a sentence; for the closed kinds, what the schema refuses.
    pub message: String,
    /// What makes it go away, if something simple does.
    pub edits: Vec<TextEdit>,
}

/// How deep schemas and values are followed.
const MAX_DEPTH: usize = 128;

/// The notes on a schema, in the order of the text. A text that is no schema has none.
pub fn notes(text: &str, language: Language) -> Vec<Advice> {
    match language {
        Language::JsonSchema | Language::Avro => of_tree(&language.parse(text), language),
        Language::Protobuf => in_order(protobuf::notes(text)),
    }
}

/// The notes on a schema that is no Protobuf file.
pub(crate) fn of_tree(tree: &Tree, language: Language) -> Vec<Advice> {
    in_order(if language == Language::Avro { avro::notes(tree) } else { json_schema::notes(tree) })
}

fn in_order(mut notes: Vec<Advice>) -> Vec<Advice> {
    notes.sort_by_key(|it| (it.span.start, it.span.end));
    notes
}

/// Values as people read them: `a`, `b` and `c`.
pub(crate) fn listed(values: &[String], last: &str) -> String {
    match values {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}
