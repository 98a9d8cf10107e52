//! Facts to text: what a template's section starts with, and documents composed of what is known.

pub mod compose;
pub mod listing;
pub mod merge;
pub mod record;
pub mod skeleton;

pub use merge::insert_block;
