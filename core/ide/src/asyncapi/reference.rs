//! References (`$ref`) and names: where they lead, in this file and in others.

use archwright_engine::Workspace;
use archwright_model::{
    FileId,
    facts::{file_of_reference, split_reference},
};
use archwright_syntax::{Span, Spanned, data::NodeId};

use crate::{
    DocumentLink, Target, floor,
    names::{is_mapping_reference, name_uses},
    trees::Trees,
};

/// What a reference leads to.
pub(super) struct Referred {
    /// The reference.
    pub origin: Span,
    pub file: FileId,
    /// The key of what it leads to; the start of the file if it leads to all of it.
    pub span: Span,
    /// What it leads to, in a YAML or JSON file.
    pub node: Option<NodeId>,
}

/// Where the reference or name at `offset` leads.
pub(crate) fn definition(workspace: &Workspace, file: FileId, offset: usize) -> Option<Target> {
    let trees = Trees::new(workspace);
    let found = referred(&trees, file, floor(&workspace.text(file)?, offset))?;
    Some(Target { origin: found.origin, file: found.file, span: found.span })
}

/// What the reference or name at `offset` leads to.
pub(super) fn referred(trees: &Trees<'_>, file: FileId, offset: usize) -> Option<Referred> {
    let tree = trees.of(file)?;
    let located = tree.node_at(offset)?;
    let node = located.node;
    let is_reference = node.as_entry().is_some_and(|it| it.key == "$ref") || is_mapping_reference(node);
    if !is_reference || located.key.is_some() {
        let used = name_uses(&tree).into_iter().find(|it| it.span.touches(offset))?;
        let declared = tree.node_at(used.declared.start as usize)?.node;
        return Some(Referred { origin: used.span, file, span: used.declared, node: Some(declared.id()) });
    }
    let origin = node.span();
    let reference = node.as_str()?;
    if let Some(way) = Spanned::of_scalar(node).and_then(|it| trees.way_of(file, &it)) {
        let last = way.steps.last().map(|it| it.declared).filter(|it| it.file == way.file);
        // A schema that was found by what it calls itself is shown where it begins.
        let begins = || {
            let tree = trees.of(way.file)?;
            let found = tree.node(way.node);
            found.as_entry().map(|it| it.key_span).or_else(|| found.parent().map(|_| found.span()))
        };
        let span = last.map(|it| it.key).or_else(|| begins().filter(|_| way.steps.is_empty()));
        let span = span.unwrap_or(Span::empty(0));
        return Some(Referred { origin, file: way.file, span, node: Some(way.node) });
    }
    // Of files of other kinds, and of parts that are not there, the file is the best answer.
    if split_reference(reference).0.is_empty() {
        return None;
    }
    let file = trees.workspace.file(&file_of_reference(trees.workspace.path(file), reference)?)?;
    trees.workspace.text(file).map(|_| Referred { origin, file, span: Span::empty(0), node: None })
}

/// The references of a document that lead to files.
pub(crate) fn links(workspace: &Workspace, file: FileId) -> Vec<DocumentLink> {
    let from = workspace.path(file);
    let link = |it: Spanned| {
        let (path, fragment) = split_reference(&it.text);
        let path = file_of_reference(from, &it.text).filter(|to| !path.is_empty() && workspace.exists(to))?;
        Some(DocumentLink { span: it.span, path, fragment: Some(fragment.to_owned()).filter(|it| !it.is_empty()) })
    };
    Trees::new(workspace).references(file).into_iter().filter_map(link).collect()
}
