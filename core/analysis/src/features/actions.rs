//! Code actions: the fixes of findings under the cursor, and all fixes of a file.

use archwright_syntax::{Span, TextEdit, TextEdits};

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

/// How often fixes that touch the same text are tried again on the text after the earlier ones.
const ROUNDS: usize = 20;

/// The preferred fixes of all findings of a file as one change. Fixes that touch the same text come one after the other,
/// each computed on the text after the earlier ones.
pub fn fix_all(workspace: &Workspace, file: FileId) -> Option<Action> {
    let (mut edit, mut findings) = merge_fixes(workspace, [file]);
    if edit.is_empty() {
        return None;
    }
    if edit.renames.is_empty() {
        fix_the_rest(workspace, file, &mut edit, &mut findings);
    }
    Some(Action { title: "Fix all problems that Archwright can fix".to_owned(), kind: ActionKind::FixAll, edit, findings, preferred: true })
}

/// Adds the fixes that had to wait because they touch text that others change. What a fix sees of the rest of the
/// workspace is the state before all of them, so each finding is fixed once and only fixes within the file are taken.
fn fix_the_rest(workspace: &Workspace, file: FileId, edit: &mut WorkspaceEdit, findings: &mut Vec<Finding>) {
    let Some(text) = workspace.text(file) else { return };
    let path = workspace.path(file);
    let Some(mine) = edit.texts.iter_mut().find(|it| it.path == *path) else { return };
    let is_same = |a: &Finding, b: &Finding| a.rule == b.rule && a.message == b.message;
    for _ in 0..ROUNDS {
        let waiting = workspace.findings(file).iter().any(|it| it.fixable && !findings.iter().any(|fixed| is_same(it, fixed)));
        let Some(after) = mine.edits.apply(&text).ok().filter(|_| waiting) else { return };
        let later = workspace.fixes_on(file, after, |it| !findings.iter().any(|fixed| is_same(it, fixed)));
        let mut edits: Vec<TextEdit> = Vec::new();
        let mut fixed = Vec::new();
        for (finding, fix) in later.into_iter().filter(|it| it.1.preferred) {
            let [only] = fix.edit.texts.as_slice() else { continue };
            if only.path != *path || !fix.edit.creates.is_empty() || !fix.edit.renames.is_empty() {
                continue;
            }
            let both: Vec<TextEdit> = edits.iter().chain(only.edits.iter()).cloned().collect();
            if TextEdits::new(both.clone()).is_ok() {
                edits = both;
                fixed.push(finding);
            }
        }
        let Ok(next) = TextEdits::new(edits) else { return };
        match mine.edits.compose(&next, &text) {
            Ok(all) if !fixed.is_empty() => mine.edits = all,
            _ => return,
        }
        findings.extend(fixed);
    }
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
