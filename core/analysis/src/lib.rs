//! The workspace: sources, facts, index, rules, operations and editor features, as plain data.
//!
//! **Invariant**: this crate knows no LSP or MCP type, prints nothing, and only [`writer`] writes workspace files.
//! **Invariant**: rules and features read facts and the index; they never read files.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

/// So that `fixture` compiles in here and in the integration tests.
#[cfg(test)]
extern crate self as archwright_analysis;

pub mod config;
pub mod date;
pub mod edit;
pub mod envelope;
pub mod explain;
pub mod facts;
pub mod features;
mod finding;
#[cfg(test)]
pub mod fixture;
pub mod git;
pub mod index;
mod kind;
pub mod layout;
pub mod operations;
pub mod path;
pub mod profile;
pub mod report;
pub mod rules;
pub mod skeleton;
mod view;
mod workspace;
pub mod writer;

pub use config::Config;
pub use edit::{ContentHash, FileCreate, FileEdit, FilePreview, FileRename, WorkspaceEdit, WorkspaceEditError};
pub use finding::{Finding, Fix, Related, Severity};
pub use index::{FileId, Key};
pub use kind::{Kind, UnknownKind};
pub use path::RelPath;
pub use rules::Rule;
pub use view::Context;
pub use workspace::{
    Base, Change, Changed, Fixer, OpenError, OpenOptions, Progress, Root, Stage, Stamps, Workspace, discover,
};
