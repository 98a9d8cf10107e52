//! The engine: a workspace is opened, changed and checked; rules run on what a change touches.

pub(crate) mod context;
pub(crate) mod finding;
pub mod report;
pub(crate) mod workspace;

pub use context::Context;
