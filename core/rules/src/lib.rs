//! The rules: one declaration each, from which the registry, the pages, `explain` and SARIF metadata come.
//!
//! A rule is its file, its page beside it, and its line in the list of its family. The page is its documentation and
//! its test: the examples in its `bad`, `good` and `fixed` blocks are run, and `^^^` lines in `bad` say where the rule
//! must fire.

mod asyncapi;
mod channel;
mod claim;
mod configuration;
mod decision;
mod document;
mod drift;
mod evidence;
mod launch;
mod layout;
mod link;
mod message;
pub(crate) mod prelude;
mod reliability;
mod runbook;
mod schema;
mod stated;
mod sync;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use crate::engine::Registry;
pub use crate::engine::{DOCS_URL, Reporter, Rule};

/// The lists of the families. Those of `asyncapi` are made of the checks of `archwright-asyncapi`.
static FAMILIES: [&[&Rule]; 14] = [
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
