//! AsyncAPI 2.x and 3.x documents, with the exact place of everything named in them.
//!
//! - [`is_asyncapi`] tells whether a text is one.
//! - [`outline`] answers what a document declares: its channels, operations, messages and references.
//! - [`validate`] says where a document does not hold to the specification; [`checks`] lists what it looks for.
//! - [`comparison::compare`] says what changed between two versions, and whom that breaks.
//! - [`conversion::to_v3`] converts a document of 2.x to 3.0.
//! - [`specification`] has the objects and fields of each version as data.
//!
//! **Invariant**: this crate does no I/O. Reading never fails on a half-written document; only a conversion refuses it.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

pub mod comparison;
pub mod conversion;
mod files;
mod outline;
mod references;
mod sniff;
pub mod specification;
pub mod terms;
mod validation;

pub use outline::{Action, Channel, Message, Operation, Outline, outline};
pub use references::{Reference, ReferenceKind, dangling_references, reference_values, references};
pub use sniff::{is_asyncapi, is_document};
pub use validation::{Check, Declared, Diagnostic, Documents, NoDocuments, Opened, Severity, checks, validate};
#[doc(hidden)]
pub use validation::{Part, validate_part};
