//! Rules about links between documents.

mod dead_anchor;
mod dead_target;
mod target;
mod wrong_depth;

use crate::engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[&dead_anchor::RULE, &dead_target::RULE, &wrong_depth::RULE];
