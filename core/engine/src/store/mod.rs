//! What was read: files and their facts, the index over them, trees, looks at the disk, and older texts from git.
//!
//! **Invariant**: nothing here judges; there are no findings in the store.

mod base;
pub mod cache;
mod files;
pub mod git;
mod identified;
pub mod index;
mod look_ups;
mod names;
pub mod read;
pub(crate) mod stamp;
mod state;
mod trees;

pub use base::Base;
pub use base::Moved;
pub(crate) use base::{BaseTexts, Opened, Outcome};
pub(crate) use files::Files;
pub use identified::Declared;
pub(crate) use identified::declared;
pub use index::Index;
pub(crate) use look_ups::LookUps;
pub(crate) use look_ups::MAX_IGNORE_FILE;
pub use names::FolderNames;
pub(crate) use state::State;
pub use trees::{Referenced, Trees};
