//! Handles over the tree: nodes, entries, paths.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use rustc_hash::FxHasher;

use super::{Located, Tree, scalar};
use crate::{Span, pointer};

/// A node's place in its [`Tree`]; stable as long as the tree lives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NodeId(pub(super) u32);

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number, of any size.
    Integer,
    /// A number with a fraction or an exponent, an infinity or not-a-number.
    Float,
    /// Text.
    String,
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
}

impl Kind {
    /// The kind in words, with its article, for messages.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Integer => "an integer",
            Self::Float => "a number",
            Self::String => "a string",
            Self::Sequence => "a list",
            Self::Mapping => "a mapping",
        }
    }
}

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// `'...'`
    SingleQuoted,
    /// `"..."`
    DoubleQuoted,
    /// A block after `|`.
    Literal,
    /// A block after `>`.
    Folded,
}

/// One step of a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum PathSegment<'t> {
    /// Into a mapping.
    Key(&'t str),
    /// Into a sequence, from 0.
    Index(usize),
}

/// A decoded string: a slice of the source where that is the same.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text {
    Source(Span),
    Decoded(u32),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Null,
    Bool(bool),
    Integer,
    Float,
    String,
    /// A stretch of `Tree::items`.
    Sequence {
        start: u32,
        end: u32,
    },
    /// A stretch of `Tree::entries`; those from `written` on came through merge keys.
    Mapping {
        start: u32,
        written: u32,
        end: u32,
    },
    Alias(NodeId),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct NodeData {
    pub(super) span: Span,
    pub(super) parent: Option<NodeId>,
    /// Where the parent keeps the node: an index into the sequence, or into `Tree::entries`.
    pub(super) slot: u32,
    pub(super) style: ScalarStyle,
    pub(super) shape: Shape,
    /// The text of a scalar.
    pub(super) text: Text,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct EntryData {
    pub(super) key: Text,
    pub(super) key_span: Span,
    pub(super) value: NodeId,
    /// See [`tag_of`].
    pub(super) tag: u32,
    /// The entry is a `<<` that was resolved: its target's entries stand in its place.
    pub(super) is_merge_key: bool,
}

/// A key of a mapping: its hash, so that a search compares numbers, and its place among the entries of the tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct SortedKey {
    pub(super) hash: u32,
    pub(super) index: u32,
}

/// Mappings with so many entries or fewer are searched one by one.
pub(super) const FEW: usize = 8;

/// A number that tells most keys apart at the price of a few instructions, for mappings with [`FEW`] entries.
pub(super) fn tag_of(key: &str) -> u32 {
    let byte = |at: usize| key.as_bytes().get(at).copied().map_or(0, u32::from);
    let len = key.len();
    (len as u32 & 0xff) | byte(0) << 8 | byte(len / 2) << 16 | byte(len.wrapping_sub(1)) << 24
}

/// The hash of a key, for larger ones.
pub(super) fn hash_of(key: &str) -> u32 {
    let mut hasher = FxHasher::default();
    key.hash(&mut hasher);
    // The upper half is mixed better.
    (hasher.finish() >> 32) as u32
}

/// A handle to one node of a [`Tree`]. Cheap to copy.
///
/// A node that is written as an alias (`*name`) has its own [`span`](Self::span), [`parent`](Self::parent) and
/// [`path`](Self::path); its kind, value and children are those of the node it refers to, whose children in turn have
/// their place, parent and path where they are written.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl Eq for Node<'_> {}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {}..{}", self.kind(), self.span().start, self.span().end)
    }
}

/// One key and its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry<'t> {
    /// The decoded key. A key that is a list or a mapping is the text it is written as.
    pub key: &'t str,
    /// The key with its quotes.
    pub key_span: Span,
    /// The value; a null with an empty span behind the colon where none is written.
    pub value: Node<'t>,
    /// Whether the entry came through a merge key (`<<`) and is written in another mapping.
    pub merged: bool,
}

impl Entry<'_> {
    /// From the key's start to the value's end.
    pub fn span(&self) -> Span {
        self.key_span.cover(self.value.span())
    }
}

const NULL: NodeData = NodeData {
    span: Span { start: 0, end: 0 },
    parent: None,
    slot: 0,
    style: ScalarStyle::Plain,
    shape: Shape::Null,
    text: Text::Source(Span { start: 0, end: 0 }),
};

impl<'t> Node<'t> {
    pub(super) fn new(tree: &'t Tree, id: NodeId) -> Self {
        Self { tree, id }
    }

    pub(super) fn data(self) -> &'t NodeData {
        self.tree.nodes.get(self.id.0 as usize).unwrap_or(&NULL)
    }

    /// The node the value comes from: itself, or what the alias refers to (which is never an alias).
    fn target(self) -> Self {
        match self.data().shape {
            Shape::Alias(id) => Self { id, ..self },
            _ => self,
        }
    }

    fn decode(self, text: Text) -> &'t str {
        match text {
            Text::Source(span) => span.of(&self.tree.text),
            Text::Decoded(index) => self.tree.decoded.get(index as usize).map_or("", |it| it),
        }
    }

    /// The tree it belongs to.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Its place in the tree's arena.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The value with its quotes, brackets or block indicator, without anchor and tag. Block collections reach from
    /// their first key or dash to the end of their last value; a value that is not written is empty, behind the colon
    /// or dash.
    pub fn span(self) -> Span {
        self.data().span
    }

    /// The text under [`Self::span`].
    pub fn source(self) -> &'t str {
        self.span().of(&self.tree.text)
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self.target().data().shape {
            Shape::Null | Shape::Alias(_) => Kind::Null,
            Shape::Bool(_) => Kind::Bool,
            Shape::Integer => Kind::Integer,
            Shape::Float => Kind::Float,
            Shape::String => Kind::String,
            Shape::Sequence { .. } => Kind::Sequence,
            Shape::Mapping { .. } => Kind::Mapping,
        }
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// How the scalar is written; [`ScalarStyle::Plain`] for collections.
    pub fn style(self) -> ScalarStyle {
        self.target().data().style
    }

    /// The decoded text of a string.
    pub fn as_str(self) -> Option<&'t str> {
        (self.kind() == Kind::String).then(|| self.scalar()).flatten()
    }

    /// The decoded text of any scalar: `1.0` stays `1.0`. A value that is not written is the empty text.
    pub fn scalar(self) -> Option<&'t str> {
        let data = self.target().data();
        match data.shape {
            Shape::Sequence { .. } | Shape::Mapping { .. } => None,
            _ => Some(self.decode(data.text)),
        }
    }

    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.target().data().shape {
            Shape::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The value of an integer that fits.
    pub fn as_i64(self) -> Option<i64> {
        (self.kind() == Kind::Integer)
            .then(|| scalar::integer(self.scalar()?))
            .flatten()
            .and_then(|it| i64::try_from(it).ok())
    }

    /// The value of a number, rounded where it must be.
    pub fn as_f64(self) -> Option<f64> {
        matches!(self.kind(), Kind::Integer | Kind::Float).then(|| scalar::float(self.scalar()?)).flatten()
    }

    /// The number of items or entries as a walker sees them; 0 for a scalar.
    pub fn len(self) -> usize {
        match self.target().data().shape {
            Shape::Sequence { start, end } => (end - start) as usize,
            Shape::Mapping { .. } => self.entries().count(),
            _ => 0,
        }
    }

    /// Whether it has no items or entries.
    pub fn is_empty(self) -> bool {
        self.items().len() == 0 && self.entries().next().is_none()
    }

    /// The items of a sequence; none of anything else.
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'t>> {
        let range = match self.target().data().shape {
            Shape::Sequence { start, end } => start as usize..end as usize,
            _ => 0..0,
        };
        self.tree.items.get(range).unwrap_or_default().iter().map(move |&id| Self { id, ..self })
    }

    fn entry_at(self, index: usize, written: u32) -> Option<Entry<'t>> {
        let data = self.tree.entries.get(index)?;
        let value = Self { id: data.value, ..self };
        Some(Entry { key: self.decode(data.key), key_span: data.key_span, value, merged: index >= written as usize })
    }

    /// The entries of a mapping: first those written in it, in order and with duplicates, then those merged in. A merge
    /// key itself is not among them. None for anything else.
    pub fn entries(self) -> impl Iterator<Item = Entry<'t>> {
        self.all_entries().filter(|it| !it.1).map(|it| it.0)
    }

    /// The entries written in a mapping, merge keys (`<<`) included, merged entries not.
    pub fn written_entries(self) -> impl Iterator<Item = Entry<'t>> {
        self.all_entries().map(|it| it.0).filter(|it| !it.merged)
    }

    fn all_entries(self) -> impl Iterator<Item = (Entry<'t>, bool)> {
        let (start, written, end) = match self.target().data().shape {
            Shape::Mapping { start, written, end } => (start, written, end),
            _ => (0, 0, 0),
        };
        (start as usize..end as usize).filter_map(move |index| {
            let is_merge_key = self.tree.entries.get(index)?.is_merge_key;
            Some((self.entry_at(index, written)?, is_merge_key))
        })
    }

    /// The entry of a key; of several, the last that is written. Cost: a look at each of a few keys, a binary search in
    /// many.
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        let Shape::Mapping { start, written, end } = self.target().data().shape else { return None };
        let entries = self.tree.entries.get(start as usize..end as usize)?;
        if entries.len() <= FEW {
            let tag = tag_of(key);
            let index =
                entries.iter().rposition(|it| it.tag == tag && !it.is_merge_key && self.decode(it.key) == key)?;
            return self.entry_at(start as usize + index, written);
        }
        let large =
            self.tree.large.binary_search_by_key(&start, |it| it.0).ok().and_then(|it| self.tree.large.get(it))?.1
                as usize;
        let sorted = self.tree.sorted.get(large..large + entries.len())?;
        let key_of = |index: u32| self.tree.entries.get(index as usize).map_or("", |it| self.decode(it.key));
        let hash = hash_of(key);
        let is_before = |it: &SortedKey| it.hash < hash || it.hash == hash && key_of(it.index) <= key;
        let after = sorted.partition_point(is_before);
        let index = sorted.get(after.checked_sub(1)?)?.index as usize;
        let data = self.tree.entries.get(index)?;
        (self.decode(data.key) == key && !data.is_merge_key).then(|| self.entry_at(index, written)).flatten()
    }

    /// The value of a key; of several, the last that is written, as YAML and JSON loaders do.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|it| it.value)
    }

    /// The item at an index, from 0.
    pub fn item(self, index: usize) -> Option<Node<'t>> {
        self.items().nth(index)
    }

    /// The node a JSON Pointer (RFC 6901) names from here; follows aliases and merge keys.
    pub fn resolve(self, pointer: &str) -> Option<Node<'t>> {
        if pointer.is_empty() {
            return Some(self);
        }
        let tokens = pointer.strip_prefix('/')?;
        let (mut node, mut from) = (self, 0);
        loop {
            let rest = tokens.get(from..)?;
            let end = memchr::memchr(b'/', rest.as_bytes());
            let token = pointer::unescape(rest.get(..end.unwrap_or(rest.len()))?);
            node = match node.kind() {
                Kind::Mapping => node.get(&token)?,
                // RFC 6901 has no leading zeros, signs or blanks in an index.
                Kind::Sequence if *token == *"0" || matches!(token.as_bytes().first(), Some(b'1'..=b'9')) => {
                    node.item(token.parse().ok()?)?
                }
                _ => return None,
            };
            match end {
                Some(end) => from += end + 1,
                None => return Some(node),
            }
        }
    }

    /// The node that a local reference such as `#/$defs/Order` names from here.
    pub fn resolve_local(self, reference: &str) -> Option<Node<'t>> {
        self.resolve(&pointer::of_fragment(reference.strip_prefix('#')?)?)
    }

    /// The sequence or mapping it is written in.
    pub fn parent(self) -> Option<Node<'t>> {
        self.data().parent.map(|id| Self { id, ..self })
    }

    /// The entry it is the value of, where it is written.
    pub fn as_entry(self) -> Option<Entry<'t>> {
        let Shape::Mapping { written, .. } = self.parent()?.data().shape else { return None };
        self.entry_at(self.data().slot as usize, written).filter(|it| it.value.id == self.id)
    }

    /// The last step of [`Self::path`]; `None` at the root.
    pub fn last_segment(self) -> Option<PathSegment<'t>> {
        self.parent()?;
        Some(
            self.as_entry()
                .map_or_else(|| PathSegment::Index(self.data().slot as usize), |it| PathSegment::Key(it.key)),
        )
    }

    /// The way from the root to where it is written.
    pub fn path(self) -> Vec<PathSegment<'t>> {
        let mut path = Vec::new();
        let mut node = self;
        while let (Some(parent), Some(segment)) = (node.parent(), node.last_segment()) {
            path.push(segment);
            node = parent;
        }
        path.reverse();
        path
    }

    /// [`Self::path`] as a JSON Pointer (RFC 6901).
    pub fn pointer(self) -> String {
        let mut pointer = String::new();
        for segment in self.path() {
            pointer.push('/');
            match segment {
                PathSegment::Key(key) => pointer.push_str(&pointer::escape(key)),
                PathSegment::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    /// Whether it is written as an alias (`*name`).
    pub fn is_alias(self) -> bool {
        matches!(self.data().shape, Shape::Alias(_))
    }

    /// The node an alias refers to.
    pub fn alias_of(self) -> Option<Node<'t>> {
        self.is_alias().then(|| self.target())
    }

    /// The anchor on the node, with its `&`.
    pub fn anchor_span(self) -> Option<Span> {
        let at = self.tree.anchors.binary_search_by_key(&self.id, |it| it.0).ok()?;
        self.tree.anchors.get(at).map(|it| it.1)
    }

    /// The value as JSON, or `None` if it has more than `limit` nodes, each alias counted in full.
    ///
    /// Of duplicate keys the last wins. Integers beyond 64 bits become floats; infinities and not-a-number, which JSON
    /// does not have, become the text they are written as.
    pub fn to_json(self, limit: usize) -> Option<serde_json::Value> {
        let mut left = limit;
        self.json(&mut left)
    }

    fn json(self, left: &mut usize) -> Option<serde_json::Value> {
        *left = left.checked_sub(1)?;
        Some(match self.kind() {
            Kind::Null => serde_json::Value::Null,
            Kind::Bool => self.as_bool()?.into(),
            Kind::Integer | Kind::Float => scalar::json_number(self.scalar()?),
            Kind::String => self.as_str()?.into(),
            Kind::Sequence => self.items().map(|it| it.json(left)).collect::<Option<Vec<_>>>()?.into(),
            Kind::Mapping => {
                let mut object = serde_json::Map::new();
                for entry in self.entries() {
                    object.insert(entry.key.to_owned(), entry.value.json(left)?);
                }
                object.into()
            }
        })
    }

    /// The innermost node at an offset inside this node.
    pub(super) fn descend(self, offset: usize) -> Located<'t> {
        let mut node = self;
        loop {
            match node.data().shape {
                Shape::Sequence { start, end } => {
                    let items = self.tree.items.get(start as usize..end as usize).unwrap_or_default();
                    let span_of = |id: NodeId| self.tree.node(id).span();
                    let after = items.partition_point(|&id| span_of(id).start as usize <= offset);
                    let Some(&child) = after.checked_sub(1).and_then(|it| items.get(it)) else { break };
                    if !self.touches(span_of(child), offset) {
                        break;
                    }
                    node = self.tree.node(child);
                }
                Shape::Mapping { start, written, .. } => {
                    let entries = self.tree.entries.get(start as usize..written as usize).unwrap_or_default();
                    let after = entries.partition_point(|it| it.key_span.start as usize <= offset);
                    let Some(index) = after.checked_sub(1) else { break };
                    let Some(entry) = node.entry_at(start as usize + index, written) else { break };
                    if entry.key_span.touches(offset) {
                        return Located { node: entry.value, key: Some(entry) };
                    }
                    if !self.touches(entry.value.span(), offset) {
                        break;
                    }
                    node = entry.value;
                }
                _ => break,
            }
        }
        Located { node, key: None }
    }

    /// Whether an offset is at a value, or in the blanks behind the colon or dash of one that is not written.
    fn touches(self, span: Span, offset: usize) -> bool {
        let blank = || {
            self.tree
                .text
                .get(span.start as usize..offset)
                .is_some_and(|it| it.chars().all(|char| matches!(char, ' ' | '\t')))
        };
        span.touches(offset) || (span.is_empty() && blank())
    }
}

/// The node behind `node`, over as many local references (`$ref: '#/…'`) as it takes; `node` itself when it is none.
/// `None` when a reference of the chain leaves the document, leads nowhere, or comes back to itself.
pub fn follow<'t>(root: Node<'t>, node: Node<'t>) -> Option<Node<'t>> {
    /// Longer chains than people write.
    const MAX_HOPS: usize = 16;
    let mut node = node;
    for _ in 0..MAX_HOPS {
        let Some(target) = node.get("$ref").and_then(Node::as_str) else { return Some(node) };
        node = root.resolve_local(target)?;
    }
    None
}
