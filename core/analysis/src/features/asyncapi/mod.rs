//! Editor features of AsyncAPI documents: all of them read the specification's table and the tree at the cursor.

mod completion;
mod cursor;
mod hover;
mod reference;

pub(super) use completion::completions;
pub(super) use hover::hover;
pub(super) use reference::{definition, links};

use archwright_syntax::data::{self, Format, Tree};

use crate::{Kind, facts::FileFacts};

/// The tree of an AsyncAPI document.
fn tree(facts: &FileFacts) -> Option<Tree> {
    let format = Format::of_path(facts.path.as_str()).filter(|_| facts.kind == Kind::Asyncapi)?;
    Some(data::parse(facts.text.clone(), format))
}
