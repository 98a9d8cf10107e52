//! The workspace: sources, facts, index, rules, operations and editor features, as plain data.
//!
//! The folders are layers, and arrows between them point down: `model`, `conventions`, `facts` and `values`, `store`,
//! `engine`, `evolution` and `authoring`, `rules`, `operations`, `features`. `writer` knows `model` only.
//!
//! **Invariant**: this crate knows no LSP or MCP type, prints nothing, and only [`writer`] writes workspace files.
//! **Invariant**: rules and features read facts and the index; they never read files.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

/// So that `fixture` compiles in here and in the integration tests.
#[cfg(test)]
extern crate self as archwright_analysis;

mod authoring;
mod conventions;
mod engine;
mod evolution;
pub mod facts;
pub mod features;
#[cfg(test)]
pub mod fixture;
mod model;
pub mod operations;
pub mod rules;
mod store;
mod values;
pub mod writer;

pub use authoring::skeleton;
pub use conventions::{
    config::{self, Config},
    envelope, layout, profile, role, vocabulary,
};
pub use engine::{
    Context, DOCS_URL, Registry, Reporter, Rule,
    finding::{Finding, Fix, Related},
    page, report,
    workspace::{Change, Changed, Fixer, OpenError, OpenOptions, Progress, Root, Stage, Stamps, Workspace, discover},
};
pub use model::{
    date,
    edit::{self, ContentHash, FileCreate, FileEdit, FilePreview, FileRename, WorkspaceEdit, WorkspaceEditError},
    key::{self, FileId, Key},
    kind::{Kind, UnknownKind},
    path::{self, RelPath},
    severity::Severity,
};
pub use operations::explain;
pub use store::{Base, git, index};

/// Opens a workspace with all rules: walks it, reads what may matter, and checks it.
///
/// # Errors
/// If the root is no folder or the configuration file exists and cannot be read. Anything else that cannot be read is
/// a finding of its file.
pub fn open(options: OpenOptions, progress: &(dyn Fn(Progress) + Sync)) -> Result<Workspace, OpenError> {
    Workspace::open(options, rules::registry(), progress)
}
