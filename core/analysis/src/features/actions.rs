//! Code actions: the fixes of findings under the cursor, and all fixes of a file.

use archwright_syntax::Span;

use crate::{FileId, Finding, Fix, Workspace, WorkspaceEdit};

/// What an action is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// Makes a finding go away.
    QuickFix,
    /// Makes all findings of the file go away that have a fix.
    FixAll,
}

/// Something that an editor can offer.
#[derive(Clone, Debug)]
pub struct Action {
    /// What it does.
    pub title: String,
    /// What it is for.
    pub kind: ActionKind,
    /// The change.
    pub edit: WorkspaceEdit,
    /// The findings that it takes away.
    pub findings: Vec<Finding>,
    /// Whether it is the one to take without thinking.
    pub preferred: bool,
}

/// The actions for a selection.
pub fn actions(workspace: &Workspace, file: FileId, span: Span) -> Vec<Action> {
    let overlaps = |it: &Span| it.start <= span.end && span.start <= it.end;
    let mut actions = Vec::new();
    for finding in workspace.findings(file).iter().filter(|it| overlaps(&it.span)) {
        for Fix { title, edit, preferred } in workspace.fixes(file, finding) {
            actions.push(Action { title, kind: ActionKind::QuickFix, edit, findings: vec![finding.clone()], preferred });
        }
    }
    actions
}

/// The preferred fixes of all findings of a file as one change, as far as they do not touch the same text.
pub fn fix_all(workspace: &Workspace, file: FileId) -> Option<Action> {
    let (edit, findings) = merge_fixes(workspace, [file]);
    (!edit.is_empty()).then(|| Action {
        title: "Fix all problems that Archwright can fix".to_owned(),
        kind: ActionKind::FixAll,
        edit,
        findings,
        preferred: true,
    })
}

/// One change of the preferred fixes of several files. Fixes that overlap an earlier one wait for the next round.
pub fn merge_fixes(workspace: &Workspace, files: impl IntoIterator<Item = FileId>) -> (WorkspaceEdit, Vec<Finding>) {
    let mut all = WorkspaceEdit::default();
    let mut fixed = Vec::new();
    for file in files {
        for finding in workspace.findings(file) {
            let Some(fix) = workspace.fixes(file, finding).into_iter().find(|it| it.preferred) else { continue };
            // A move changes the path that later edits name, so nothing joins it in one round.
            let moves = !fix.edit.renames.is_empty() || !all.renames.is_empty();
            if moves && !all.is_empty() {
                continue;
            }
            if let Ok(merged) = all.clone().merge(fix.edit) {
                all = merged;
                fixed.push(finding.clone());
            }
        }
    }
    (all, fixed)
}
