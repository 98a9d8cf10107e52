//! Refactorings of AsyncAPI documents: each is offered where it can be done, and its edit keeps every byte it does not
//! mean.

mod contract;
mod convert;
mod create;
mod document;
mod envelope;
mod extract;
mod fields;
mod identical;
mod inline;
mod names;
mod rebase;
mod skeleton;

use archwright_engine::Workspace;
use archwright_model::{FileId, WorkspaceEdit};
use archwright_syntax::Span;
use document::Document;

use crate::{ActionKind, Refactoring};

/// What can be done with a selection of an AsyncAPI document. `wanted` says which kinds are asked for; the others cost
/// nothing.
pub(crate) fn refactorings(
    workspace: &Workspace,
    file: FileId,
    span: Span,
    wanted: &dyn Fn(ActionKind) -> bool,
) -> Vec<Refactoring> {
    let Some(document) = Document::open(workspace, file, span) else { return Vec::new() };
    let mut found = Vec::new();
    if wanted(ActionKind::QuickFix) {
        found.extend(create::offers(&document));
        found.extend(fields::offers(&document));
    }
    if wanted(ActionKind::Extract) {
        found.extend(extract::offers(&document));
    }
    if wanted(ActionKind::Inline) {
        found.extend(inline::offers(&document));
    }
    if wanted(ActionKind::Rewrite) {
        found.extend(identical::offers(&document));
        found.extend(envelope::offers(&document));
        found.extend(convert::offers(&document));
    }
    if wanted(ActionKind::Source) {
        found.extend(contract::offers(&document));
    }
    found
}

/// The edit of a refactoring that was offered without one, for the same selection.
pub(crate) fn edit(workspace: &Workspace, file: FileId, span: Span, id: &str) -> Option<WorkspaceEdit> {
    let document = Document::open(workspace, file, span)?;
    match id {
        contract::ID => contract::edit(&document),
        convert::ID => convert::edit(&document),
        _ => None,
    }
}
