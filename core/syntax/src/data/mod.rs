//! One spanned tree for YAML and JSON, whatever the state of the text.
//!
//! [`parse`] always returns a [`Tree`]; what is wrong with the text stands in [`Tree::errors`] and everything that
//! could be understood before and after the bad place stands in the tree. Every span is a byte range of the text as
//! given.
//!
//! **Invariant**: a walk over [`Node::items`] and [`Node::entries`] ends. Aliases refer to nodes of the same tree, a
//! node never contains itself, nesting (through aliases too) is at most [`MAX_DEPTH`] levels, and the tree as a walker
//! sees it, each alias counted in full, has at most [`MAX_EXPANDED`] nodes more than the text has. What would break a
//! limit is a null in the tree and an error beside it.

mod build;
mod json;
mod lines;
mod node;
mod patch;
mod repair;
mod scalar;
mod verify;
pub mod write;
mod yaml;

use std::sync::Arc;

pub use node::{Entry, Kind, Node, NodeId, PathSegment, ScalarStyle, follow};

use crate::FileType;
use crate::Span;
use node::{EntryData, NodeData, SortedKey};

/// How deep sequences and mappings may nest, counted through aliases. Deeper ones are null, with an error.
pub const MAX_DEPTH: usize = 512;

/// How many nodes aliases and merge keys may add to a tree for someone who walks it in full.
pub const MAX_EXPANDED: u64 = 1 << 20;

/// How many errors a tree keeps. Of those further down in the text the last one tells how many they are.
pub const MAX_ERRORS: usize = 500;

/// The two notations.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// YAML 1.2 with the core schema, and merge keys (`<<`) as YAML 1.1 loaders read them.
    Yaml,
    /// JSON as in RFC 8259.
    Json,
}

impl Format {
    /// The format a file's name promises.
    pub fn of_path(path: &str) -> Option<Self> {
        match FileType::of(path)? {
            FileType::Yaml => Some(Self::Yaml),
            FileType::Json | FileType::JsonSchema | FileType::Avro => Some(Self::Json),
            _ => None,
        }
    }
}

/// What kind of mistake a [`SyntaxError`] is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SyntaxErrorKind {
    /// The text does not follow the notation.
    Syntax,
    /// A key stands twice in one mapping; [`Node::get`] answers with the last, as most loaders do.
    DuplicateKey,
    /// An anchor's name is used twice in one document. YAML 1.2 allows it, several loaders refuse it.
    DuplicateAnchor,
    /// An alias names no anchor before it, or one that it stands inside of.
    UnknownAlias,
    /// The value of `<<` is neither a mapping nor a sequence of mappings.
    MergeTarget,
    /// Nesting beyond [`MAX_DEPTH`].
    DepthLimit,
    /// Aliases that multiply beyond [`MAX_EXPANDED`].
    AliasLimit,
}

/// One mistake in the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// The text at fault.
    pub span: Span,
    /// What is wrong, and what to do about it.
    pub message: String,
    /// What kind of mistake it is.
    pub kind: SyntaxErrorKind,
}

/// A parsed text. It owns the text, and its nodes lie flat in a few vectors.
#[derive(Clone, Debug)]
pub struct Tree {
    text: Arc<str>,
    format: Format,
    nodes: Vec<NodeData>,
    /// The children of sequences, each sequence's in one stretch.
    items: Vec<NodeId>,
    /// The entries of mappings, each mapping's in one stretch: as written, then those merged in.
    entries: Vec<EntryData>,
    /// The keys of each mapping that has many, in the order of their hashes.
    sorted: Vec<SortedKey>,
    /// Where the stretches of such mappings start in `entries` and in `sorted`, in order.
    large: Vec<(u32, u32)>,
    /// Decoded strings that differ from what stands in the text.
    decoded: Vec<Box<str>>,
    /// Nodes with an anchor and the anchor's span (with `&`), in the order of the nodes.
    anchors: Vec<(NodeId, Span)>,
    roots: Vec<NodeId>,
    errors: Vec<SyntaxError>,
}

/// Parses `text`. Never fails: see [`Tree::errors`].
///
/// Texts of 4 GiB and more are not read: the tree is empty, with one error.
///
/// ```
/// use archwright_syntax::data::{Format, parse};
///
/// let text = "topic: orders.placed.v1\nowners: [shop, billing]\n";
/// let tree = parse(text, Format::Yaml);
/// assert!(tree.errors().is_empty());
///
/// let owner = tree.pointer("/owners/1").unwrap();
/// assert_eq!(owner.as_str(), Some("billing"));
/// assert_eq!(owner.span().of(text), "billing");
///
/// // What can be read of a broken text is there, beside its errors.
/// let broken = parse("{ \"topic\": \"orders\"", Format::Json);
/// assert_eq!(broken.errors().len(), 1);
/// assert_eq!(broken.pointer("/topic").unwrap().as_str(), Some("orders"));
/// ```
pub fn parse(text: impl Into<Arc<str>>, format: Format) -> Tree {
    let text = text.into();
    match format {
        _ if u32::try_from(text.len()).is_err() => build::too_long(format),
        Format::Yaml => yaml::parse(&text),
        Format::Json => json::parse(&text, Format::Json),
    }
}

/// A place in a tree: see [`Tree::node_at`].
#[derive(Clone, Copy, Debug)]
pub struct Located<'t> {
    /// The innermost node at the place. On a key, the value of that key, so that its path is the place's path.
    pub node: Node<'t>,
    /// The entry whose key the place is on.
    pub key: Option<Entry<'t>>,
}

impl Tree {
    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether any node has an anchor; without one there are no aliases.
    pub fn has_anchors(&self) -> bool {
        !self.anchors.is_empty()
    }

    /// The notation it was read as.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The first document; `None` in an empty text.
    pub fn root(&self) -> Option<Node<'_>> {
        self.roots().next()
    }

    /// All documents of a YAML stream; at most one in JSON.
    pub fn roots(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        self.roots.iter().map(|&id| self.node(id))
    }

    /// What is wrong with the text, in the order of the text.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// The node with an id that came from this tree. An id of another tree gives some node of this one.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node::new(self, id)
    }

    /// The innermost node at a byte offset. A place at either end of a node, and the blank rest of the line behind a
    /// key without value, still belong to it. Aliases are not followed.
    pub fn node_at(&self, offset: usize) -> Option<Located<'_>> {
        let root = self.roots().find(|it| it.span().touches(offset))?;
        Some(root.descend(offset))
    }

    /// The node a JSON Pointer (RFC 6901, with `~0` and `~1`) names in the first document; follows aliases and merge
    /// keys.
    pub fn pointer(&self, pointer: &str) -> Option<Node<'_>> {
        self.root()?.resolve(pointer)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests;
