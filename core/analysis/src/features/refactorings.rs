//! Refactorings: what can be done with a selection beside fixing findings.

use archwright_syntax::Span;

use super::{ActionKind, asyncapi};
use crate::{FileId, Workspace, WorkspaceEdit};

/// A refactoring that can be done with a selection.
#[derive(Clone, Debug)]
pub struct Refactoring {
    /// What it does.
    pub title: String,
    /// What it is for.
    pub kind: ActionKind,
    /// What to ask [`refactoring_edit`] for if there is no edit yet.
    pub id: &'static str,
    /// The change; `None` where it costs more than an offer may.
    pub edit: Option<WorkspaceEdit>,
    /// The code of the rule whose finding it takes away.
    pub rule: Option<&'static str>,
}

/// The refactorings of the kinds that are wanted.
pub fn refactorings(
    workspace: &Workspace,
    file: FileId,
    span: Span,
    wanted: &dyn Fn(ActionKind) -> bool,
) -> Vec<Refactoring> {
    asyncapi::refactorings(workspace, file, span, wanted)
}

/// The edit of a refactoring that was offered without one; `None` if it can no longer be done.
pub fn refactoring_edit(workspace: &Workspace, file: FileId, span: Span, id: &str) -> Option<WorkspaceEdit> {
    asyncapi::edit(workspace, file, span, id)
}
