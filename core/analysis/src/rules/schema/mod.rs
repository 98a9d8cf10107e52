//! Rules about message schemas and what documents say of them.

pub mod unknown_ordering_key;
