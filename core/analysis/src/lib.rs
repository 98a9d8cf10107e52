//! The workspace: sources, facts, index, rules, operations and editor features, as plain data.
//!
//! - [`open`] opens and checks a workspace; [`Workspace::apply`] and [`Workspace::refresh`] keep it up to date.
//! - [`operations`] plans changes: a typed request in, a plan of edits out. [`writer`] writes them.
//! - [`features`] answers what editors ask: hover, completion, links and the rest.
//! - [`report`] makes findings ready to be shown; [`explain`] says what a rule, a pattern or a topic is about.
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

pub use archwright_knowledge::{Skill, skills};
pub use authoring::skeleton;
pub use conventions::{
    config::{self, Config},
    dialect, envelope, layout, profile, role, vocabulary,
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
/// ```
/// use archwright_analysis::{OpenOptions, RelPath, Root, open};
///
/// let folder = tempfile::tempdir()?;
/// let feature = folder.path().join("docs/features/order-checkout");
/// std::fs::create_dir_all(&feature)?;
/// std::fs::write(feature.join("design.md"), "# Design: order-checkout\n\nSee [the contract](contract.md).\n")?;
///
/// let workspace = open(OpenOptions::batch(Root::Folder(folder.path().to_path_buf())), &|_| {})?;
/// let file = workspace.file(&RelPath::new("docs/features/order-checkout/design.md")).unwrap();
/// assert!(workspace.findings(file).iter().any(|it| it.rule.code == "link/dead-target"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the root is no folder or the configuration file exists and cannot be read. Anything else that cannot be read is
/// a finding of its file.
pub fn open(options: OpenOptions, progress: &(dyn Fn(Progress) + Sync)) -> Result<Workspace, OpenError> {
    Workspace::open(options, rules::registry(), progress)
}
