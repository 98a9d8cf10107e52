//! Rules about launch decisions: what GO says while something is open, and what phases and stops wait for.

mod no_way_back;
mod open_blockers;
mod soft_gate;
mod unaccepted_risk;
mod ungated_phase;
mod unwatched_stop;

use crate::prelude::*;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &no_way_back::RULE,
    &open_blockers::RULE,
    &soft_gate::RULE,
    &unaccepted_risk::RULE,
    &ungated_phase::RULE,
    &unwatched_stop::RULE,
];
