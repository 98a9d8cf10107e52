//! Rules about runbooks: what their steps do, and how far.

mod anonymous_command;
mod bare_handwork;
mod command;
mod foreign_partitioner;
mod lossy_step;
mod missing_part;
mod nameless_escalation;
mod rate_mismatch;
mod steps;
mod unbounded_redrive;
mod uncovered_dead_letters;
mod unguarded_command;
mod unpaced_command;

use crate::prelude::*;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &anonymous_command::RULE,
    &bare_handwork::RULE,
    &foreign_partitioner::RULE,
    &lossy_step::RULE,
    &missing_part::RULE,
    &nameless_escalation::RULE,
    &rate_mismatch::RULE,
    &unbounded_redrive::RULE,
    &uncovered_dead_letters::RULE,
    &unguarded_command::RULE,
    &unpaced_command::RULE,
];
