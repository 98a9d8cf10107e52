//! The engine: a workspace is opened, changed and checked; rules run on what a change touches.
//!
//! **Invariant**: it knows what a rule is and none by name, but for the two that speak of unreadable files and of
//! suppressions: the registry comes in when a workspace is opened.

pub(crate) mod context;
pub(crate) mod finding;
pub mod page;
mod registry;
pub mod report;
mod rule;
mod run;
mod schema;
mod selection;
mod suppression;
pub(crate) mod workspace;

pub use context::Context;
pub use registry::Registry;
pub use rule::{DOCS_URL, Reporter, Rule};
pub(crate) use run::run;
pub use selection::Selection;
