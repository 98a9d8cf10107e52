//! Rules about the names and places of files.

mod adr_title_mismatch;
mod duplicate_adr_number;
mod foreign_feature;
mod invalid_slug;
mod kebab;
mod launch_date_mismatch;
mod malformed_adr_number;
mod missing_sibling;
mod repeated_feature;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &adr_title_mismatch::RULE,
    &duplicate_adr_number::RULE,
    &foreign_feature::RULE,
    &invalid_slug::RULE,
    &launch_date_mismatch::RULE,
    &malformed_adr_number::RULE,
    &missing_sibling::RULE,
    &repeated_feature::RULE,
];
