//! Putting what a reference leads to in its place.

use std::collections::BTreeMap;

use archwright_asyncapi::specification::{ReferenceUse, Shape};
use archwright_model::{
    RelPath, WorkspaceEdit,
    facts::{file_of_reference, split_reference},
};
use archwright_syntax::{
    TextEdit,
    data::{
        self, Format, Node, Tree,
        write::{Printer, Style, Value, replace},
    },
    pointer,
};

use super::{
    document::{Document, is_in_data, is_tied},
    rebase,
};
use crate::{ActionKind, Refactoring};

pub(super) fn offers(document: &Document<'_>) -> Option<Refactoring> {
    let reference = document.selected_reference()?;
    let target = reference.as_str()?;
    let holder = reference.parent().filter(|it| it.written_entries().count() == 1 && !is_in_data(&it.path()))?;
    // Where nothing but a reference may stand, there is nothing to put.
    if matches!(document.place(holder)?.shape, Shape::Object(_, ReferenceUse::Required)) {
        return None;
    }
    let (path, fragment) = split_reference(target);
    let fragment = pointer::of_fragment(fragment)?;
    let edit = if path.is_empty() {
        let node =
            document.tree.pointer(&fragment).filter(|it| !fragment.is_empty() && !it.span().contains(holder.span()))?;
        put(document, holder, node, &BTreeMap::new(), false)
    } else {
        let path = file_of_reference(document.path, path)?;
        let (tree, path) = open(document, &path)?;
        let node = tree.pointer(&fragment)?;
        let changes = rebase::to_file(node, &path, document.path, None, &document.style);
        let is_other_notation = Style::of(&tree).json != document.style.json;
        put(document, holder, node, &changes, is_other_notation)
    }?;
    Some(Document::offer(format!("Inline `{target}`"), ActionKind::Inline, edit))
}

/// Another file of the workspace.
fn open(document: &Document<'_>, path: &RelPath) -> Option<(Tree, RelPath)> {
    let format = Format::of_path(path.as_str())?;
    let text = document.workspace.text(document.workspace.file(path)?)?;
    let tree = data::parse(text, format);
    tree.errors().is_empty().then(|| (tree, path.clone()))
}

fn put(
    document: &Document<'_>,
    holder: Node<'_>,
    node: Node<'_>,
    changes: &BTreeMap<u32, TextEdit>,
    rewrite: bool,
) -> Option<WorkspaceEdit> {
    let printer = Printer::new(&document.style, changes);
    let printer = if rewrite || is_tied(node) { printer.expanding() } else { printer };
    let edit = replace(&printer, holder, &Value::Node(node))?;
    document.finish(vec![edit], Vec::new())
}
