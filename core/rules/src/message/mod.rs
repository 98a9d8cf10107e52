//! Rules about messages: what they carry, and what they are called in contracts, AsyncAPI documents and schemas.

mod missing_attribute;
mod name_mismatch;
pub(crate) mod names;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[&missing_attribute::RULE, &name_mismatch::RULE];
