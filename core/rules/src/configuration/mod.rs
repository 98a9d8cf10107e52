//! Rules about `archwright.toml`.

mod invalid_setting;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[&invalid_setting::RULE];
