//! Rules about the inside of one document.

pub mod suppression;
