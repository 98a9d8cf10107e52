//! References (`$ref`): where they lead, in this file and in others.

use archwright_syntax::{
    Span,
    data::{self, Format, Node, Tree},
};
use percent_encoding::percent_decode_str;

use super::tree;
use crate::{
    FileId, RelPath, Workspace,
    facts::FileFacts,
    features::{DocumentLink, Target, floor},
};

/// What a reference leads to.
pub(super) struct Referred {
    /// The reference.
    pub origin: Span,
    pub file: FileId,
    /// The key or the name of what it leads to.
    pub span: Span,
    /// All of it.
    pub all: Span,
}

/// Where the reference at `offset` leads.
pub(in crate::features) fn definition(workspace: &Workspace, facts: &FileFacts, offset: usize) -> Option<Target> {
    let tree = tree(facts)?;
    let located = tree.node_at(floor(&facts.text, offset))?;
    let found = target(workspace, facts, located.node)?;
    Some(Target { origin: found.origin, file: found.file, span: found.span })
}

/// Where a node that is the value of `$ref` leads.
pub(super) fn target(workspace: &Workspace, facts: &FileFacts, node: Node<'_>) -> Option<Referred> {
    let reference = node.as_entry().filter(|it| it.key == "$ref")?.value;
    let (path, fragment) = split(reference.as_str()?);
    let at = |file: FileId, tree: &Tree| {
        let found = tree.pointer(&percent_decode_str(fragment).decode_utf8().ok()?)?;
        let span = found.as_entry().filter(|_| !fragment.is_empty()).map_or(Span::empty(found.span().start as usize), |it| it.key_span);
        Some(Referred { origin: reference.span(), file, span, all: found.span() })
    };
    if path.is_empty() {
        return at(workspace.file(&facts.path)?, node.tree());
    }
    let path = resolve(&facts.path, path)?;
    let file = workspace.file(&path)?;
    let text = workspace.text(file)?;
    let start = Referred { origin: reference.span(), file, span: Span::empty(0), all: Span::new(0, text.len()) };
    let Some(format) = Format::of_path(path.as_str()).filter(|_| !fragment.is_empty()) else { return Some(start) };
    at(file, &data::parse(text, format)).or(Some(start))
}

/// The path and the fragment of a reference, without `#`.
fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// The file that a reference names; `None` for addresses elsewhere.
fn resolve(from: &RelPath, path: &str) -> Option<RelPath> {
    if path.contains("://") || path.starts_with('/') || path.starts_with("urn:") {
        return None;
    }
    let path = percent_decode_str(path).decode_utf8().ok()?;
    Some(from.parent().join(&path))
}

/// The references of a document that lead to files.
pub(in crate::features) fn links(workspace: &Workspace, facts: &FileFacts) -> Vec<DocumentLink> {
    let Some(asyncapi) = facts.asyncapi() else { return Vec::new() };
    let mut found = Vec::new();
    for reference in &asyncapi.outline.references {
        let (path, fragment) = split(&reference.target.text);
        let Some(path) = resolve(&facts.path, path).filter(|_| !path.is_empty()) else { continue };
        if workspace.file(&path).is_some() {
            let fragment = Some(fragment.to_owned()).filter(|it| !it.is_empty());
            found.push(DocumentLink { span: reference.target.span, path, fragment });
        }
    }
    found
}
