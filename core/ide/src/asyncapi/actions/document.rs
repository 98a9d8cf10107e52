//! The document that a refactoring works on, the selection in it, and the way from text edits to a workspace edit.

use std::{collections::BTreeMap, sync::Arc};

use archwright_asyncapi::specification::{ObjectId, Place, ReferenceUse, Shape, Specification, object_at, place_at};
use archwright_engine::Workspace;
use archwright_model::{ContentHash, FileCreate, FileEdit, FileId, Kind, RelPath, WorkspaceEdit};
use archwright_syntax::{
    Span, TextEdit, TextEdits,
    data::{
        self, Kind as NodeKind, Node, PathSegment, Tree,
        write::{Printer, Style},
    },
};

use crate::{ActionKind, Refactoring};

/// No changes inside of kept parts.
static UNCHANGED: BTreeMap<u32, TextEdit> = BTreeMap::new();

/// An AsyncAPI document with a selection.
pub(super) struct Document<'w> {
    pub(super) workspace: &'w Workspace,
    pub(super) path: &'w RelPath,
    pub(super) tree: Arc<Tree>,
    pub(super) style: Style,
    pub(super) selection: Span,
}

impl<'w> Document<'w> {
    /// The document of a file; `None` if it is no AsyncAPI document or is not a mapping.
    pub(super) fn open(workspace: &'w Workspace, file: FileId, selection: Span) -> Option<Self> {
        let facts = workspace.facts(file).filter(|it| it.kind == Kind::Asyncapi)?;
        let tree = Arc::clone(&facts.asyncapi()?.tree);
        tree.root().filter(|it| it.kind() == NodeKind::Mapping)?;
        let style = Style::of(&tree);
        let floor = |it: u32| crate::floor(tree.text(), it as usize);
        let selection = Span::new(floor(selection.start), floor(selection.end));
        Some(Self { workspace, path: &facts.path, style, selection, tree })
    }

    /// The document's text.
    pub(super) fn text(&self) -> &str {
        self.tree.text()
    }

    /// The whole of it.
    pub(super) fn root(&self) -> Option<Node<'_>> {
        self.tree.root()
    }

    /// A printer in the manner of the document.
    pub(super) fn printer(&self) -> Printer<'_> {
        Printer::new(&self.style, &UNCHANGED)
    }

    /// The innermost node that holds the selection; on a key, its value.
    pub(super) fn selected(&self) -> Option<Node<'_>> {
        let located = self.tree.node_at(self.selection.start as usize)?;
        let covers =
            |it: &Node<'_>| it.span().cover(it.as_entry().map_or(it.span(), |it| it.key_span)).contains(self.selection);
        ancestors(located.node).find(covers)
    }

    /// The value of the `$ref` that is selected: the cursor is on it, on its key, or on the key whose value it is.
    pub(super) fn selected_reference(&self) -> Option<Node<'_>> {
        let node = self.selected()?;
        let own = node.as_entry().filter(|it| it.key == "$ref").map(|it| it.value);
        own.or_else(|| node.get("$ref")).filter(|it| it.as_str().is_some() && !it.is_alias())
    }

    /// What the specification says of a node.
    pub(super) fn place(&self, node: Node<'_>) -> Option<Place<'static>> {
        place_at(self.root()?, &node.path())
    }

    /// The key before which a new field of a mapping belongs, in the order of the specification.
    pub(super) fn before<'t>(&self, node: Node<'t>, field: &str) -> Option<&'t str> {
        let object = object_at(self.root()?, &node.path())?;
        let order = |key: &str| object.fields().iter().position(|it| it.name == key);
        let own = order(field)?;
        node.written_entries().find(|it| order(it.key).is_some_and(|it| it > own)).map(|it| it.key)
    }

    /// The edits as an edit of the workspace; `None` if they do not fit, or if the text would have more mistakes
    /// afterwards.
    pub(super) fn finish(&self, edits: Vec<TextEdit>, creates: Vec<FileCreate>) -> Option<WorkspaceEdit> {
        let edits = TextEdits::new(edits).ok()?;
        let after = data::parse(edits.apply(self.text()).ok()?, self.tree.format());
        if after.errors().len() > self.tree.errors().len() {
            return None;
        }
        let base = ContentHash::of(self.text().as_bytes());
        let texts = if edits.is_empty() { Vec::new() } else { vec![FileEdit { path: self.path.clone(), base, edits }] };
        Some(WorkspaceEdit { texts, creates, ..WorkspaceEdit::default() })
    }

    /// An offer whose edit is known.
    pub(super) fn offer(title: String, kind: ActionKind, edit: WorkspaceEdit) -> Refactoring {
        Refactoring { title, kind, id: "", edit: Some(edit), rule: None }
    }

    /// Whether a path is free: neither a file of the workspace nor anything else on the disk.
    pub(super) fn is_free(&self, path: &RelPath) -> bool {
        let context = self.workspace.file(self.path).and_then(|it| self.workspace.context(it));
        !path.escapes() && context.is_some_and(|it| !it.exists(path))
    }
}

/// A node and those around it, from the inside.
pub(super) fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(Some(node), |it| it.parent())
}

/// The object that stands in a place, where a reference to one is allowed as well.
pub(super) fn referable(place: &Place<'_>) -> Option<ObjectId> {
    match place.shape {
        Shape::Object(id, ReferenceUse::Allowed) => Some(*id),
        // A payload in a format of others is no object of the specification.
        Shape::Payload => place.object.and_then(|_| place.specification.id("schema")),
        Shape::OneOf(shapes) => shapes.iter().find_map(|it| match it {
            Shape::Object(id, ReferenceUse::Allowed) => Some(*id),
            _ => None,
        }),
        _ => None,
    }
}

/// Whether objects of two kinds can stand for each other: all kinds of schemas can.
pub(super) fn is_same(specification: &Specification, one: ObjectId, other: ObjectId) -> bool {
    let is_schema =
        |id| specification.object(id).is_some_and(|it| it.is_schema || it.name == "anySchema" || it.name == "headers");
    one == other || (is_schema(one) && is_schema(other))
}

/// Whether a path leads into data that only looks like a part of the document.
pub(super) fn is_in_data(path: &[PathSegment<'_>]) -> bool {
    path.iter().any(|it| matches!(it, PathSegment::Key("examples" | "example" | "const" | "enum" | "default")))
}

/// Whether a node or something below it has an anchor, is an alias or takes entries from elsewhere, so that it means
/// the same only where it is.
pub(super) fn is_tied(node: Node<'_>) -> bool {
    /// Larger ones are written out to be sure.
    const MOST: usize = 20_000;
    let mut stack = vec![node];
    for _ in 0..MOST {
        let Some(node) = stack.pop() else { return false };
        let merges = node.entries().any(|it| it.merged);
        if node.is_alias() || node.anchor_span().is_some() || merges {
            return true;
        }
        stack.extend(node.items());
        stack.extend(node.written_entries().map(|it| it.value));
    }
    true
}
