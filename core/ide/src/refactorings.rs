//! Refactorings: what can be done with a selection beside fixing findings.

use archwright_engine::Workspace;
use archwright_model::{FileId, Kind, WorkspaceEdit, conventions::role::State};
use archwright_operations as operations;
use archwright_syntax::Span;

use super::{ActionKind, asyncapi};

/// A record that replaces the one at hand.
const SUPERSEDE: &str = "supersede";

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
    let mut all = asyncapi::refactorings(workspace, file, span, wanted);
    all.extend(supersede(workspace, file, span).filter(|it| wanted(it.kind)));
    all
}

/// On the title or the status of a decision record in force: another one that replaces it.
fn supersede(workspace: &Workspace, file: FileId, span: Span) -> Option<Refactoring> {
    let facts = workspace.facts(file).filter(|it| it.kind == Kind::Adr)?;
    let status = facts.document()?.adr.as_ref()?.status.as_ref()?;
    let state = workspace.config().vocabulary().state(&status.text)?;
    let is_in_force = state.is_decided() && !state.is_going() && state != State::Superseded;
    let touches = |it: Span| it.start <= span.end && span.start <= it.end;
    let is_here = touches(status.span) || touches(facts.title_span());
    (is_in_force && is_here).then(|| Refactoring {
        title: "Write a record that supersedes this one".to_owned(),
        kind: ActionKind::Source,
        id: SUPERSEDE,
        edit: None,
        rule: None,
    })
}

/// The edit of a refactoring that was offered without one; `None` if it can no longer be done.
pub fn refactoring_edit(workspace: &Workspace, file: FileId, span: Span, id: &str) -> Option<WorkspaceEdit> {
    if id == SUPERSEDE {
        return operations::superseding(workspace, workspace.path(file));
    }
    asyncapi::edit(workspace, file, span, id)
}
