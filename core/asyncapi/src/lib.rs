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
