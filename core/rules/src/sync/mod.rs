//! Rules about documents that repeat each other.

mod catalog;
mod catalog_mismatch;
mod catalog_missing_feature;
mod catalog_order;
mod catalog_unknown_feature;
mod concerns_mismatch;
mod overclaimed_readiness;
mod payer_mismatch;
mod tier_mismatch;
mod unlisted_artifact;
mod unlisted_standard;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &catalog_mismatch::RULE,
    &catalog_missing_feature::RULE,
    &catalog_order::RULE,
    &catalog_unknown_feature::RULE,
    &concerns_mismatch::RULE,
    &overclaimed_readiness::RULE,
    &payer_mismatch::RULE,
    &tier_mismatch::RULE,
    &unlisted_artifact::RULE,
    &unlisted_standard::RULE,
];
