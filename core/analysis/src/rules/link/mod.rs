//! Rules about links between documents.

pub mod dead_anchor;
pub mod dead_target;
mod target;
pub mod wrong_depth;
