//! Rules about decisions: what records say of each other, and the patterns that documents decide for.

pub mod one_sided_supersede;
pub mod unknown_pattern;
