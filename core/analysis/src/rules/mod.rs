//! The rules: one declaration each, from which the registry, the pages, `explain` and SARIF metadata come.
//!
//! A rule lives in one file with a page beside it. The page is its documentation and its test: the examples in its
//! `bad`, `good` and `fixed` blocks are run, and `^^^` lines in `bad` say where the rule must fire.

mod catalogue;
pub(crate) mod prelude;
#[cfg(test)]
mod tests;

pub use catalogue::{nearest_rule, registry, rule, rules};

pub use crate::engine::{DOCS_URL, Reporter, Rule};

pub mod asyncapi;
pub mod channel;
pub mod configuration;
pub mod decision;
pub mod document;
pub mod drift;
pub mod layout;
pub mod link;
pub mod message;
pub mod schema;
pub mod sync;
