//! Text, positions and spanned trees: everything above works on byte spans of these types.
//!
//! - [`markdown::parse`] reads Markdown into sections, fields, tables and links.
//! - [`data::parse`] reads YAML and JSON into one tree of nodes; [`data::write`] prints values in the style of a text.
//! - [`TextEdits`] changes a text at several places at once.
//! - [`LineIndex`] turns offsets into lines and columns, and back.
//! - [`wire`] reads what other programs send: messages with broken characters, URIs of files.
//! - [`mod@pointer`] reads and writes JSON pointers; [`nearest()`] finds the name that was meant.
//!
//! **Invariant**: parsing never fails. Every parser returns a tree and the errors beside it, for any input.
//! **Invariant**: this crate knows no domain (no artifact, no channel, no rule) and does no I/O.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

pub mod data;
pub mod edit;
mod file_type;
pub mod markdown;
pub mod mermaid;
mod nearest;
pub mod pointer;
pub mod text;
pub mod wire;

pub use edit::{EditError, TextEdit, TextEdits};
pub use file_type::FileType;
pub use nearest::{Guesses, is_slip, nearest};
pub use text::{Decoded, Encoding, LineIndex, Position, Span, Spanned, newline};
