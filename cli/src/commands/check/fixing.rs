//! `--fix` and `--fix --dry-run`: rounds of fixes until nothing changes.

use std::collections::{BTreeMap, BTreeSet};

use archwright_analysis::{
    Change, FilePreview, Finding, RelPath, Workspace, WorkspaceEdit, WorkspaceEditError, features::fix_all, report::reported_files, writer,
};

use crate::{commands::CommandError, output::Checked};

/// Fixes that undo each other would go on forever; real ones settle after two or three rounds.
const ROUNDS: usize = 10;

/// What was fixed.
#[derive(Debug, Default)]
pub struct Fixed {
    /// The findings that fixes took away.
    pub findings: Vec<Finding>,
    /// The files that were written.
    pub files: BTreeSet<RelPath>,
}

/// What would be fixed.
#[derive(Debug)]
pub struct Preview {
    /// Each file that would change.
    pub files: Vec<FilePreview>,
    /// How many findings fixes would take away.
    pub fixed: usize,
}

/// Fixes what needs no thought and writes it.
///
/// # Errors
/// If a file cannot be written. Rounds before it stay.
pub fn fix(checked: &mut Checked) -> Result<Fixed, CommandError> {
    let mut fixed = Fixed::default();
    for _ in 0..ROUNDS {
        let (edit, findings) = next(checked);
        if edit.is_empty() {
            break;
        }
        let applied = writer::apply(checked.workspace.root(), &edit)?;
        if applied.written.is_empty() {
            break;
        }
        let mut paths: Vec<RelPath> = applied.written.into_iter().map(|it| it.0).collect();
        fixed.files.extend(paths.iter().cloned());
        fixed.findings.extend(findings);
        paths.extend(edit.renames.into_iter().map(|it| it.from));
        checked.workspace.apply(vec![Change::Disk { paths }]);
    }
    Ok(fixed)
}

/// Plays the rounds through in memory.
///
/// # Errors
/// If a file cannot be read any more.
pub fn preview(checked: &mut Checked) -> Result<Preview, WorkspaceEditError> {
    let mut files: BTreeMap<RelPath, FilePreview> = BTreeMap::new();
    let mut fixed = 0;
    for _ in 0..ROUNDS {
        let (edit, findings) = next(checked);
        if edit.is_empty() {
            break;
        }
        let mut changes = Vec::new();
        for file in edit.preview(|path| text(&checked.workspace, path))? {
            if let Some(after) = &file.after {
                changes.push(Change::Open { path: file.path.clone(), text: after.as_str().into() });
            }
            let first = files.entry(file.path.clone()).or_insert_with(|| FilePreview { after: None, ..file.clone() });
            first.after = file.after;
        }
        fixed += findings.len();
        // A buffer can stand for a changed or new file, but not for one that is gone.
        if !edit.renames.is_empty() {
            break;
        }
        checked.workspace.apply(changes);
    }
    files.retain(|_, it| it.before != it.after);
    Ok(Preview { files: files.into_values().collect(), fixed })
}

/// The fixes of all reported files as one change. What touches the text of an earlier fix waits for the next round, and a
/// move stays alone, because it changes the path that other edits name.
fn next(checked: &Checked) -> (WorkspaceEdit, Vec<Finding>) {
    let (mut all, mut findings) = (WorkspaceEdit::default(), Vec::new());
    for file in reported_files(&checked.workspace, &checked.filter) {
        let Some(action) = fix_all(&checked.workspace, file) else { continue };
        let moves = !action.edit.renames.is_empty() || !all.renames.is_empty();
        if moves && !all.is_empty() {
            continue;
        }
        if let Ok(merged) = all.clone().merge(action.edit) {
            all = merged;
            findings.extend(action.findings);
        }
    }
    (all, findings)
}

fn text(workspace: &Workspace, path: &RelPath) -> Option<String> {
    workspace.file(path).and_then(|it| workspace.text(it)).map(|it| it.to_string())
}
