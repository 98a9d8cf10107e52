//! Rules about messages: what they carry, and what they are called in contracts, AsyncAPI documents and schemas.

mod invalid_attribute;
mod missing_attribute;
mod name_mismatch;
pub(crate) mod names;
mod shared_command;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] =
    &[&invalid_attribute::RULE, &missing_attribute::RULE, &name_mismatch::RULE, &shared_command::RULE];
