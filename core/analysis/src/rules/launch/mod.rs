//! Rules about launch decisions: what GO says while something is open.

mod open_blockers;

use crate::rules::prelude::*;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[&open_blockers::RULE];
