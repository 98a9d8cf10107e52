//! The engine: a workspace is opened, changed and checked; rules run on what a change touches.
//!
//! **Invariant**: it knows what a rule is and none by name, but for the two that speak of unreadable files and of
//! suppressions: the registry comes in when a workspace is opened.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod anchor;
pub mod context;
pub mod finding;
pub mod page;
mod registry;
pub mod report;
mod rule;
mod run;
mod schema;
mod selection;
pub mod store;
mod suppression;
pub mod workspace;

pub use anchor::Anchor;
pub use context::{Context, FileRef};
pub use finding::{Finding, Fix, Related};
pub use registry::Registry;
pub use rule::{DOCS_URL, Reporter, Rule};
pub(crate) use run::run;
pub use selection::Selection;
pub use store::{Base, cache, git, index};
pub use workspace::{
    Change, Changed, CodeFinding, Fixer, OpenError, OpenOptions, Progress, Root, Stage, Stamps, Workspace, discover,
};
