//! AsyncAPI 2.x and 3.x documents, with the exact place of everything named in them.
//!
//! [`outline`] answers what a document declares: its channels, operations, messages and references.
//! **Invariant**: this crate reads one tree; it does no I/O and never fails on a half-written document.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

pub mod comparison;
pub mod conversion;
mod outline;
mod references;
mod sniff;
pub mod specification;
pub mod terms;
mod validation;

pub use outline::{Action, Channel, Message, Operation, Outline, outline};
pub use references::{Reference, ReferenceKind, dangling_references, reference_values, references};
pub use sniff::is_asyncapi;
pub use validation::{Check, Diagnostic, Documents, NoDocuments, Opened, Severity, checks, validate};
#[doc(hidden)]
pub use validation::{Part, validate_part};

use archwright_syntax::Span;
use archwright_syntax::data::{Entry, Node, Tree};
use smol_str::SmolStr;

/// A decoded text and where it stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Text {
    /// The decoded text.
    pub text: SmolStr,
    /// The bytes it was read from, without quotes. They equal `text` unless it is written with escapes or in a block.
    pub span: Span,
}

impl Text {
    /// The text of a scalar; `None` for lists, mappings and null.
    pub fn of(node: Node<'_>) -> Option<Self> {
        let text = node.scalar().filter(|_| !node.is_null())?;
        Some(Self { text: text.into(), span: unquoted(node.tree(), node.span()) })
    }

    /// The text of a key.
    pub fn of_key(entry: Entry<'_>) -> Self {
        Self { text: entry.key.into(), span: unquoted(entry.value.tree(), entry.key_span) }
    }
}

/// The span of a scalar without its quotes.
fn unquoted(tree: &Tree, span: Span) -> Span {
    let source = span.of(tree.text());
    match source.strip_prefix(['"', '\'']).and_then(|it| it.strip_suffix(['"', '\''])) {
        Some(_) => Span { start: span.start + 1, end: span.end - 1 },
        None => span,
    }
}
