//! Puts a tree together from the inside out, within the limits that keep every walk over it short.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::node::{EntryData, FEW, NodeData, NodeId, ScalarStyle, Shape, SortedKey, Text, hash_of, tag_of};
use super::{Format, MAX_DEPTH, MAX_ERRORS, MAX_EXPANDED, SyntaxError, SyntaxErrorKind, Tree};
use crate::{LineIndex, Span};

/// What a frame collects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Collection {
    Sequence,
    Mapping,
}

/// A key that waits for its value.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) text: Text,
    pub(super) span: Span,
    /// The key is a `<<` that merges.
    pub(super) merges: bool,
}

/// A collection that is still open.
struct Frame {
    id: NodeId,
    collection: Collection,
    /// Where its children start among the pending ones.
    base: usize,
    key: Option<Key>,
    /// Where the first child starts: before the collection itself where text that cannot be read was read past.
    content_start: u32,
    /// The end of the last child.
    content_end: u32,
    size: Size,
}

/// What a node costs someone who walks it.
#[derive(Clone, Copy)]
struct Size {
    /// Nodes, each alias counted in full.
    nodes: u64,
    /// Levels of collections, through aliases; [`OPEN`] until the node is closed.
    levels: u16,
}

const OPEN: u16 = u16::MAX;

pub(super) struct Builder {
    tree: Tree,
    stack: Vec<Frame>,
    pending_items: Vec<NodeId>,
    pending_entries: Vec<EntryData>,
    sizes: Vec<Size>,
    expanded: u64,
    told_alias_limit: bool,
    /// Levels open below the depth limit, whose content is left out.
    skipped: usize,
    /// First and second of equal keys.
    duplicates: Vec<(Span, Span)>,
    /// How many errors are not kept.
    dropped: usize,
}

impl Builder {
    pub(super) fn new(text: Arc<str>, format: Format) -> Self {
        let nodes = text.len() / 24;
        let tree = Tree {
            text,
            format,
            nodes: Vec::with_capacity(nodes),
            items: Vec::new(),
            entries: Vec::new(),
            sorted: Vec::new(),
            large: Vec::new(),
            decoded: Vec::new(),
            anchors: Vec::new(),
            roots: Vec::new(),
            errors: Vec::new(),
        };
        Self {
            tree,
            stack: Vec::new(),
            pending_items: Vec::new(),
            pending_entries: Vec::new(),
            sizes: Vec::with_capacity(nodes),
            expanded: 0,
            told_alias_limit: false,
            skipped: 0,
            duplicates: Vec::new(),
            dropped: 0,
        }
    }

    /// The collection that takes the next child; `None` at the root.
    pub(super) fn innermost(&self) -> Option<Collection> {
        self.stack.last().map(|it| it.collection)
    }

    /// Whether the next child of the innermost collection is a key.
    pub(super) fn expects_key(&self) -> bool {
        self.stack.last().is_some_and(|it| it.collection == Collection::Mapping && it.key.is_none())
    }

    /// The span of the key that waits for its value.
    pub(super) fn waiting_key(&self) -> Option<Span> {
        self.stack.last()?.key.map(|it| it.span)
    }

    pub(super) fn error(&mut self, kind: SyntaxErrorKind, span: Span, message: impl Into<String>) {
        // Those that count are the first in the text, and some are found late.
        if self.tree.errors.len() < 4 * MAX_ERRORS {
            self.tree.errors.push(SyntaxError { span, message: message.into(), kind });
        } else {
            self.dropped += 1;
        }
    }

    /// Keeps `decoded` only if it is not what stands under `source`.
    pub(super) fn intern(&mut self, decoded: &str, source: Span) -> Text {
        if source.of(&self.tree.text) == decoded {
            return Text::Source(source);
        }
        self.tree.decoded.push(decoded.into());
        Text::Decoded((self.tree.decoded.len() - 1) as u32)
    }

    /// The key of the next value of the innermost mapping.
    pub(super) fn key(&mut self, key: Key) {
        if self.skipped == 0
            && let Some(frame) = self.stack.last_mut()
        {
            frame.key = Some(key);
            frame.content_start = frame.content_start.min(key.span.start);
            frame.content_end = frame.content_end.max(key.span.end);
        }
    }

    /// A scalar where a value stands.
    pub(super) fn scalar(&mut self, span: Span, style: ScalarStyle, shape: Shape, text: Text) -> Option<NodeId> {
        if self.skipped > 0 {
            return None;
        }
        let id = self.push(span, style, shape, text, Size { nodes: 1, levels: 0 });
        self.attach(id);
        Some(id)
    }

    /// Starts a collection.
    pub(super) fn open(&mut self, collection: Collection, start: usize) -> Option<NodeId> {
        if self.skipped > 0 {
            self.skipped += 1;
            return None;
        }
        let span = Span::empty(start);
        if self.stack.len() >= MAX_DEPTH {
            self.error(
                SyntaxErrorKind::DepthLimit,
                Span::new(start, start + 1),
                format!(
                    "This is nested more than {MAX_DEPTH} levels deep and is left out. Move it into a document of its \
                    own."
                ),
            );
            self.skipped = 1;
            let id = self.push(span, ScalarStyle::Plain, Shape::Null, Text::Source(span), Size { nodes: 1, levels: 0 });
            self.attach(id);
            return Some(id);
        }
        let id = self.push(span, ScalarStyle::Plain, Shape::Null, Text::Source(span), Size { nodes: 1, levels: OPEN });
        let base = match collection {
            Collection::Sequence => self.pending_items.len(),
            Collection::Mapping => self.pending_entries.len(),
        };
        let size = Size { nodes: 1, levels: 1 };
        let (content_start, content_end) = (span.start, span.end);
        self.stack.push(Frame { id, collection, base, key: None, content_start, content_end, size });
        Some(id)
    }

    /// Ends the innermost collection at `end`, or where its last child ends.
    pub(super) fn close(&mut self, end: Option<usize>) {
        if self.skipped > 0 {
            self.skipped -= 1;
            if let (0, Some(end)) = (self.skipped, end) {
                // What was left out is the last node there is.
                if let Some(node) = self.tree.nodes.last_mut() {
                    node.span = Span::new(node.span.start as usize, end);
                }
                self.grow_parent(end as u32);
            }
            return;
        }
        let Some(mut frame) = self.stack.pop() else { return };
        let shape = match frame.collection {
            Collection::Sequence => self.close_sequence(&frame),
            Collection::Mapping => self.close_mapping(&mut frame),
        };
        let end = end.map_or(frame.content_end, |it| it as u32);
        if let Some(node) = self.tree.nodes.get_mut(frame.id.0 as usize) {
            node.span.start = node.span.start.min(frame.content_start);
            node.span.end = end.max(node.span.start);
            node.shape = shape;
        }
        if let Some(size) = self.sizes.get_mut(frame.id.0 as usize) {
            *size = frame.size;
        }
        self.attach(frame.id);
    }

    fn close_sequence(&mut self, frame: &Frame) -> Shape {
        let start = self.tree.items.len() as u32;
        for (slot, id) in self.pending_items.drain(frame.base..).enumerate() {
            if let Some(node) = self.tree.nodes.get_mut(id.0 as usize) {
                node.slot = slot as u32;
            }
            self.tree.items.push(id);
        }
        Shape::Sequence { start, end: self.tree.items.len() as u32 }
    }

    fn close_mapping(&mut self, frame: &mut Frame) -> Shape {
        let start = self.tree.entries.len();
        let mut merges = false;
        for (slot, entry) in self.pending_entries.drain(frame.base..).enumerate() {
            if let Some(node) = self.tree.nodes.get_mut(entry.value.0 as usize) {
                node.slot = (start + slot) as u32;
            }
            merges |= entry.is_merge_key;
            let tag = tag_of(text_of(&self.tree.text, &self.tree.decoded, entry.key));
            self.tree.entries.push(EntryData { tag, ..entry });
        }
        let written = self.tree.entries.len();
        if merges {
            self.merge(frame, start, written);
        }
        let end = self.tree.entries.len();
        if end - start <= FEW {
            self.find_duplicates(start, written);
        } else {
            self.sort(start, written, end);
        }
        Shape::Mapping { start: start as u32, written: written as u32, end: end as u32 }
    }

    /// Appends what the merge keys among `start..written` bring: keys written in the mapping win, then earlier sources.
    fn merge(&mut self, frame: &mut Frame, start: usize, written: usize) {
        let own = self.tree.entries.get(start..written).unwrap_or_default();
        let mut seen: FxHashSet<String> =
            own.iter().filter(|it| !it.is_merge_key).map(|it| self.text_of(it.key).to_owned()).collect();
        for index in start..written {
            let Some(entry) = self.tree.entries.get(index).copied().filter(|it| it.is_merge_key) else { continue };
            let span = self.data(entry.value).map_or(entry.key_span, |it| it.span);
            let Some(sources) = self.merge_sources(entry.value) else {
                if let Some(entry) = self.tree.entries.get_mut(index) {
                    entry.is_merge_key = false;
                }
                let message = "A merge key `<<` takes a mapping or a list of mappings. Refer to one with an alias \
                    such as `*name`.";
                self.error(SyntaxErrorKind::MergeTarget, span, message);
                continue;
            };
            for (from, to) in sources {
                for at in from..to {
                    let Some(entry) = self.tree.entries.get(at as usize).copied().filter(|it| !it.is_merge_key) else {
                        continue;
                    };
                    if seen.contains(self.text_of(entry.key)) {
                        continue;
                    }
                    let Some(size) = self.admit(entry.value, span) else { return };
                    frame.size.nodes += size.nodes;
                    frame.size.levels = frame.size.levels.max(size.levels + 1);
                    seen.insert(self.text_of(entry.key).to_owned());
                    self.tree.entries.push(entry);
                }
            }
        }
    }

    /// The stretches of entries that the value of a `<<` stands for.
    fn merge_sources(&self, value: NodeId) -> Option<Vec<(u32, u32)>> {
        let target = |id: NodeId| match self.data(id)?.shape {
            Shape::Alias(id) => self.data(id),
            _ => self.data(id),
        };
        let entries = |node: &NodeData| match node.shape {
            Shape::Mapping { start, end, .. } => Some((start, end)),
            _ => None,
        };
        let node = target(value)?;
        match node.shape {
            Shape::Sequence { start, end } => {
                self.tree.items.get(start as usize..end as usize)?.iter().map(|&id| entries(target(id)?)).collect()
            }
            _ => entries(node).map(|it| vec![it]),
        }
    }

    /// Notes which of a few entries have equal keys, each with the last before it.
    fn find_duplicates(&mut self, start: usize, written: usize) {
        let entries = self.tree.entries.get(start..written).unwrap_or_default();
        for (at, two) in entries.iter().enumerate() {
            let before = entries.get(..at).unwrap_or_default().iter().rev();
            let is_equal = |it: &&EntryData| {
                it.tag == two.tag && !it.is_merge_key && self.text_of(it.key) == self.text_of(two.key)
            };
            let one = before.filter(|_| !two.is_merge_key).find(is_equal);
            if let Some(one) = one {
                self.duplicates.push((one.key_span, two.key_span));
            }
        }
    }

    /// Sorts a mapping's entries by the hashes of their keys; of equal keys the one that wins comes last.
    fn sort(&mut self, start: usize, written: usize, end: usize) {
        let text = &self.tree.text;
        let decoded = &self.tree.decoded;
        let entries = &self.tree.entries;
        let key = |index: u32| entries.get(index as usize).map_or("", |it| text_of(text, decoded, it.key));
        let first = self.tree.sorted.len();
        self.tree.large.push((start as u32, first as u32));
        self.tree.sorted.extend((start as u32..end as u32).map(|index| SortedKey { hash: hash_of(key(index)), index }));
        let sorted = self.tree.sorted.get_mut(first..).unwrap_or_default();
        let merges = |index: u32| entries.get(index as usize).is_some_and(|it| it.is_merge_key);
        sorted.sort_unstable_by(|a, b| {
            let by_key = || key(a.index).cmp(key(b.index)).then_with(|| merges(b.index).cmp(&merges(a.index)));
            a.hash.cmp(&b.hash).then_with(by_key).then(a.index.cmp(&b.index))
        });
        for pair in sorted.windows(2) {
            let &[SortedKey { hash, index: a }, SortedKey { hash: other, index: b }] = pair else { continue };
            if hash == other
                && key(a) == key(b)
                && (b as usize) < written
                && let (Some(one), Some(two)) = (entries.get(a as usize), entries.get(b as usize))
                && !one.is_merge_key
                && !two.is_merge_key
            {
                self.duplicates.push((one.key_span, two.key_span));
            }
        }
    }

    /// An alias of a node before it, where a value stands. Written as null where a limit forbids it.
    pub(super) fn alias(&mut self, span: Span, target: Option<NodeId>) {
        if self.skipped > 0 {
            return;
        }
        if target.is_none() {
            let message = "The anchor of this alias stands in another document. Define it in this one.";
            self.error(SyntaxErrorKind::UnknownAlias, span, message);
        }
        let open = target.is_some_and(|it| self.sizes.get(it.0 as usize).is_none_or(|it| it.levels == OPEN));
        if open {
            let message =
                "This alias stands inside the very node it refers to. Point it at a node that ends before it.";
            self.error(SyntaxErrorKind::UnknownAlias, span, message);
        }
        let size = target.filter(|_| !open).and_then(|it| self.admit(it, span));
        let id = match (target, size) {
            (Some(target), Some(size)) => {
                self.push(span, ScalarStyle::Plain, Shape::Alias(target), Text::Source(span), size)
            }
            _ => self.push(span, ScalarStyle::Plain, Shape::Null, Text::Source(span), Size { nodes: 1, levels: 0 }),
        };
        self.attach(id);
    }

    /// The size of a node that is about to be seen a second time, if the limits allow that.
    fn admit(&mut self, target: NodeId, span: Span) -> Option<Size> {
        let size = self.sizes.get(target.0 as usize).copied()?;
        if self.stack.len() + size.levels as usize > MAX_DEPTH {
            let message = format!(
                "Through this alias the document nests more than {MAX_DEPTH} levels deep. Break the chain of aliases."
            );
            self.error(SyntaxErrorKind::DepthLimit, span, message);
            return None;
        }
        if self.expanded + size.nodes > MAX_EXPANDED {
            // Once it is told, each alias that follows would only repeat it.
            if !std::mem::replace(&mut self.told_alias_limit, true) {
                let message = format!(
                    "Aliases up to here stand for more than {MAX_EXPANDED} values; this one and others below are left \
                    out. Write fewer aliases of aliases."
                );
                self.error(SyntaxErrorKind::AliasLimit, span, message);
            }
            return None;
        }
        self.expanded += size.nodes;
        Some(size)
    }

    /// Gives a node to the innermost collection. As a key, a collection is the text it is written as.
    fn attach(&mut self, id: NodeId) {
        let Some(size) = self.sizes.get(id.0 as usize).copied() else { return };
        let Some(span) = self.data(id).map(|it| it.span) else { return };
        let Some(frame) = self.stack.last_mut() else {
            self.tree.roots.push(id);
            return;
        };
        frame.content_start = frame.content_start.min(span.start);
        frame.content_end = frame.content_end.max(span.end);
        frame.size.nodes += size.nodes;
        frame.size.levels = frame.size.levels.max(size.levels.saturating_add(1));
        match (frame.collection, frame.key.take()) {
            (Collection::Sequence, _) => self.pending_items.push(id),
            (Collection::Mapping, Some(key)) => {
                self.pending_entries.push(EntryData {
                    key: key.text,
                    key_span: key.span,
                    value: id,
                    tag: 0,
                    is_merge_key: key.merges,
                });
            }
            (Collection::Mapping, None) => frame.key = Some(Key { text: Text::Source(span), span, merges: false }),
        }
    }

    fn grow_parent(&mut self, end: u32) {
        if let Some(frame) = self.stack.last_mut() {
            frame.content_end = frame.content_end.max(end);
        }
    }

    /// Adds a node that no collection holds yet.
    fn push(&mut self, span: Span, style: ScalarStyle, shape: Shape, text: Text, size: Size) -> NodeId {
        let id = NodeId(self.tree.nodes.len() as u32);
        let parent = self.stack.last().map(|it| it.id);
        self.tree.nodes.push(NodeData { span, parent, slot: 0, style, shape, text });
        self.sizes.push(size);
        id
    }

    /// A scalar that only aliases see: a key with an anchor.
    pub(super) fn aside(&mut self, span: Span, style: ScalarStyle, shape: Shape, text: Text) -> Option<NodeId> {
        (self.skipped == 0).then(|| self.push(span, style, shape, text, Size { nodes: 1, levels: 0 }))
    }

    pub(super) fn anchor(&mut self, id: NodeId, span: Span) {
        self.tree.anchors.push((id, span));
    }

    /// An alias of a node before it, where a key stands.
    pub(super) fn alias_key(&mut self, span: Span, target: Option<NodeId>) {
        let text = match target.and_then(|it| self.data(it)) {
            Some(NodeData { shape: Shape::Sequence { .. } | Shape::Mapping { .. }, .. }) | None => Text::Source(span),
            Some(data) => data.text,
        };
        self.key(Key { text, span, merges: false });
    }

    /// The text as written from `at` on.
    pub(super) fn text_at(&self, at: usize) -> &str {
        self.tree.text.get(at..).unwrap_or_default()
    }

    fn data(&self, id: NodeId) -> Option<&NodeData> {
        self.tree.nodes.get(id.0 as usize)
    }

    fn text_of(&self, text: Text) -> &str {
        text_of(&self.tree.text, &self.tree.decoded, text)
    }

    /// Closes what is open and hands out the tree.
    pub(super) fn finish(mut self, end: usize) -> Tree {
        while self.skipped > 0 || !self.stack.is_empty() {
            if let Some(key) = self.waiting_key().filter(|_| self.skipped == 0) {
                let at = Span::empty(key.end as usize);
                self.scalar(at, ScalarStyle::Plain, Shape::Null, Text::Source(at));
            }
            let end = (self.skipped > 0).then_some(end);
            self.close(end);
        }
        if !self.duplicates.is_empty() {
            let lines = LineIndex::new(&self.tree.text);
            let mut duplicates = std::mem::take(&mut self.duplicates);
            self.dropped += duplicates.len().saturating_sub(MAX_ERRORS);
            duplicates.truncate(MAX_ERRORS);
            for (first, second) in duplicates {
                let key = first.of(&self.tree.text).chars().take(60).collect::<String>();
                let line = lines.line_of(first.start as usize) + 1;
                let message = format!(
                    "The key {key} stands here a second time: line {line} has it already. Rename or remove one of the \
                    two."
                );
                self.error(SyntaxErrorKind::DuplicateKey, second, message);
            }
        }
        self.tree.errors.sort_by_key(|it| (it.span.start, it.span.end));
        self.tell_dropped();
        self.tree.anchors.sort_unstable_by_key(|it| it.0);
        self.tree
    }
}

impl Builder {
    /// Keeps the first errors, and puts the number of the others in the place of the last.
    fn tell_dropped(&mut self) {
        let errors = &mut self.tree.errors;
        // YAML allows these; they must not take the room of mistakes.
        let mut allowed = 0;
        errors.retain(|it| {
            allowed += usize::from(it.kind == SyntaxErrorKind::DuplicateAnchor);
            it.kind != SyntaxErrorKind::DuplicateAnchor || allowed <= MAX_ERRORS / 2
        });
        if errors.len() <= MAX_ERRORS && self.dropped == 0 {
            return;
        }
        let rest = errors.split_off((MAX_ERRORS - 1).min(errors.len()));
        let span = rest.first().map_or(Span::empty(self.tree.text.len()), |it| Span::empty(it.span.start as usize));
        let more = rest.len() + self.dropped;
        let message = format!("From here on {more} more mistakes are not listed; mend those before.");
        errors.push(SyntaxError { span, message, kind: SyntaxErrorKind::Syntax });
    }
}

fn text_of<'t>(text: &'t str, decoded: &'t [Box<str>], it: Text) -> &'t str {
    match it {
        Text::Source(span) => span.of(text),
        Text::Decoded(index) => decoded.get(index as usize).map_or("", |it| it),
    }
}

/// The tree of a text that is not read because its offsets do not fit.
pub(super) fn too_long(format: Format) -> Tree {
    let mut builder = Builder::new("".into(), format);
    builder.error(
        SyntaxErrorKind::Syntax,
        Span::empty(0),
        "The text has 4 GiB or more and is not read. Split it into smaller files.",
    );
    builder.finish(0)
}
