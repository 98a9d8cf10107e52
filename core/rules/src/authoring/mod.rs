//! Facts to text: what a template's section starts with, and documents composed of what is known.

pub(crate) mod compose;
pub(crate) mod listing;
pub(crate) mod merge;
pub(crate) mod record;
pub mod skeleton;

pub(crate) use merge::insert_block;
