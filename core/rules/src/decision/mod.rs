//! Rules about decisions: what records say of each other, and the patterns that documents decide for.

mod circular_supersede;
mod one_sided_consequences;
mod one_sided_supersede;
mod rejected_choice;
mod relations;
mod single_option;
mod uncommitted;
mod undated_deferral;
mod unknown_pattern;
mod unknown_record;
mod unlisted_record;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &circular_supersede::RULE,
    &one_sided_consequences::RULE,
    &one_sided_supersede::RULE,
    &rejected_choice::RULE,
    &single_option::RULE,
    &uncommitted::RULE,
    &undated_deferral::RULE,
    &unknown_pattern::RULE,
    &unknown_record::RULE,
    &unlisted_record::RULE,
];
