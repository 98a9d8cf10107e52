//! Rules about documents that repeat each other.

mod catalog;
pub mod catalog_mismatch;
pub mod catalog_missing_feature;
pub mod catalog_order;
pub mod catalog_unknown_feature;
pub mod concerns_mismatch;
pub mod unlisted_artifact;
