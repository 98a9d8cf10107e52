//! Rules about message schemas and what documents say of them.

pub mod incompatible_change;
pub mod unknown_ordering_key;
