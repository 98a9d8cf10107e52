//! Text, positions and spanned trees: everything above works on byte spans of these types.
//!
//! **Invariant**: parsing never fails. Every parser returns a tree and the errors beside it, for any input.
//! **Invariant**: this crate knows no domain (no artifact, no channel, no rule) and does no I/O.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

pub mod data;
mod distance;
pub mod edit;
pub mod markdown;
pub mod text;

pub use distance::edit_distance;
pub use edit::{EditError, TextEdit, TextEdits};
pub use text::{Decoded, Encoding, LineIndex, Position, Span};
