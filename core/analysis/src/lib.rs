//! The workspace: sources, facts, index, rules, operations and editor features, as plain data.
//!
//! **Invariant**: this crate knows no LSP or MCP type, prints nothing, and only [`writer`] writes workspace files.
//! **Invariant**: rules and features read facts and the index; they never read files.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

pub mod edit;
pub mod path;
pub mod writer;

pub use edit::{ContentHash, FileCreate, FileEdit, FilePreview, FileRename, WorkspaceEdit};
pub use path::RelPath;
