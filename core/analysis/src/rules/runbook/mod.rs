//! Rules about runbooks: what their steps do, and how far.

mod unbounded_redrive;

use crate::rules::prelude::*;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[&unbounded_redrive::RULE];
