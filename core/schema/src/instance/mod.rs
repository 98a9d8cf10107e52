//! Whether values fit a schema: examples and defaults against JSON Schema and Avro, both sides with their exact places.
//!
//! **Invariant**: checking a value never fails and always ends. What cannot be told (a reference that leads nowhere, a
//! schema with a mistake, too much work) counts as fitting: only what is certain is reported.

pub(crate) mod avro;
mod json_schema;
mod pattern;
#[cfg(test)]
mod tests;
pub(crate) mod value;

pub use json_schema::{Dialect, Validator};
pub use pattern::is_pattern;

use archwright_syntax::{Span, data::Node};

/// Where references lead.
pub trait Resolve<'t> {
    /// What the `reference` of a `$ref` in the mapping `from` names; `None` when that is not known.
    fn resolve(&self, from: Node<'t>, reference: &'t str) -> Option<Node<'t>>;
}

/// Knows of no reference.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoReferences;

impl<'t> Resolve<'t> for NoReferences {
    fn resolve(&self, _: Node<'t>, _: &'t str) -> Option<Node<'t>> {
        None
    }
}

/// A value that does not fit.
#[derive(Clone, Debug)]
pub struct Mismatch<'t> {
    /// The value that does not fit, or the mapping that lacks or has a key.
    pub instance: Node<'t>,
    /// The offending value or key.
    pub span: Span,
    /// The schema that does not allow it.
    pub schema: Node<'t>,
    /// What was found and what is allowed, as a sentence without its full stop.
    pub message: String,
    /// What would replace the text at `span`, when only one thing can be meant: a text without quotes, unless these are
    /// what is missing.
    pub replacement: Option<String>,
}
