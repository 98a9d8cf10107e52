//! Editor features of AsyncAPI documents: all of them read the specification's table and the tree at the cursor.

mod actions;
mod candidates;
mod completion;
mod cursor;
mod hover;
mod reference;

pub(super) use actions::{edit, refactorings};
pub(super) use completion::completions;
pub(super) use hover::hover;
pub(super) use reference::{definition, links};
