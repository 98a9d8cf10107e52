//! What was found in all code, for editors: in files of code in any language that is read, and in documents.
//!
//! All of it was found a moment ago. A place is told where its line stands now, and is left out while the line is not
//! what it was.

mod calls;
pub(super) mod channels;
mod lenses;
mod places;

pub use calls::{Call, CallItem, CallKind, call_items, incoming_calls, outgoing_calls};
pub use lenses::code_lenses;
pub use places::{code_definition, implementations, references_with};
