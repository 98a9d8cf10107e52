//! The engine with all rules.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod refresh;
mod schema;
mod selection;
