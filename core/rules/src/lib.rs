//! The rules: one declaration each, from which the registry, the pages, `explain` and SARIF metadata come.
//!
//! A rule is its file, its page beside it, and its line in the list of its family. The page is its documentation and
//! its test: the examples in its `bad`, `good` and `fixed` blocks are run, and `^^^` lines in `bad` say where the rule
//! must fire.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

/// So that `fixture` compiles in here and elsewhere.
#[cfg(test)]
extern crate self as archwright_rules;

mod asyncapi;
pub mod authoring;
mod channel;
mod claim;
mod configuration;
mod decision;
mod diagram;
mod document;
mod drift;
mod evidence;
pub mod evolution;
mod field_name;
#[cfg(test)]
pub mod fixture;
mod launch;
mod layout;
mod link;
mod message;
pub mod prelude;
mod reliability;
mod runbook;
mod scan;
mod schema;
mod stated;
mod sync;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

pub use archwright_engine::{DOCS_URL, Reporter, Rule};
use archwright_engine::{OpenError, OpenOptions, Progress, Registry, Workspace};

/// The lists of the families. Those of `asyncapi` are made of the checks of `archwright-asyncapi`.
static FAMILIES: [&[&Rule]; 15] = [
    channel::RULES,
    configuration::RULES,
    decision::RULES,
    document::RULES,
    drift::RULES,
    evidence::RULES,
    launch::RULES,
    layout::RULES,
    link::RULES,
    message::RULES,
    reliability::RULES,
    runbook::RULES,
    scan::RULES,
    schema::RULES,
    sync::RULES,
];

/// All rules.
pub fn registry() -> &'static Registry {
    static ALL: OnceLock<Registry> = OnceLock::new();
    ALL.get_or_init(|| Registry::new(FAMILIES.iter().copied().flatten().copied().chain(asyncapi::rules())))
}

/// All rules, sorted by code.
pub fn rules() -> &'static [&'static Rule] {
    registry().rules()
}

/// The rule with this code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    registry().rule(code)
}

/// The rule whose code is nearest to what was written, if any is near.
pub fn nearest_rule(code: &str) -> Option<&'static Rule> {
    registry().nearest(code)
}

/// Opens a workspace with all rules: walks it, reads what may matter, and checks it.
///
/// ```
/// use archwright_engine::{OpenOptions, Root};
/// use archwright_model::RelPath;
/// use archwright_rules::open;
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
    Workspace::open(options, registry(), progress)
}
