//! Rules about links between documents.

mod dead_anchor;
mod dead_target;
mod duplicate_definition;
mod generator;
mod github;
mod meant;
mod once;
mod placeholder;
mod site;
mod target;
mod undefined_reference;
mod wrong_depth;

use crate::prelude::*;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &dead_anchor::RULE,
    &dead_target::RULE,
    &duplicate_definition::RULE,
    &placeholder::RULE,
    &undefined_reference::RULE,
    &wrong_depth::RULE,
];

/// The fix that writes another path or fragment, which the finding carries as it is to be written, wherever the same
/// stands. A guess is left to people.
fn link_to(cx: &Context, finding: &Finding, title: String) -> Vec<Fix> {
    let fix = edit_here(cx, title, once::edits(cx, finding, &finding.data))
        .map(|it| Fix { preferred: finding.certain, ..it });
    fix.into_iter().collect()
}
