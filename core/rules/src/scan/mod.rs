//! Rules about code that surely loses messages, found when all code is read.

mod ack_on_failure;
mod auto_ack;
mod auto_commit;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[&ack_on_failure::RULE, &auto_ack::RULE, &auto_commit::RULE];
