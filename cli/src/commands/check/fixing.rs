//! `--fix` and `--fix --dry-run`: rounds of fixes until nothing changes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use archwright_analysis::{
    Change, FilePreview, Finding, RelPath, Workspace, WorkspaceEdit, WorkspaceEditError, report::reported_files, writer,
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

/// The preferred fixes of all reported findings as one change. What touches the text of an earlier fix waits for the
/// next round, and files move only when nothing else is left, because a move changes the paths that other fixes name.
fn next(checked: &Checked) -> (WorkspaceEdit, Vec<Finding>) {
    let (mut texts, mut moves) = (Round::default(), Round::default());
    for file in reported_files(&checked.workspace, &checked.filter) {
        let fixer = checked.workspace.fixer(file);
        for finding in checked.workspace.findings(file) {
            let Some(fix) = fixer.fixes(finding).into_iter().find(|it| it.preferred) else { continue };
            let round = if fix.edit.renames.is_empty() { &mut texts } else { &mut moves };
            round.add(fix.edit, finding);
        }
    }
    let round = if texts.findings.is_empty() { moves } else { texts };
    (round.edit(), round.findings)
}

/// Fixes that go together, by the files they touch, so that adding one costs what its own files cost.
#[derive(Debug, Default)]
struct Round {
    parts: Vec<WorkspaceEdit>,
    /// Which part touches a file.
    part_of: HashMap<RelPath, usize>,
    findings: Vec<Finding>,
}

impl Round {
    /// Adds a fix unless it touches what an earlier one touches.
    fn add(&mut self, edit: WorkspaceEdit, finding: &Finding) {
        let paths: Vec<RelPath> = touched(&edit).cloned().collect();
        let mut parts: Vec<usize> = paths.iter().filter_map(|it| self.part_of.get(it).copied()).collect();
        parts.sort_unstable();
        parts.dedup();
        let mut merged = edit;
        for part in parts.iter().filter_map(|it| self.parts.get(*it)) {
            match part.clone().merge(merged) {
                Ok(it) => merged = it,
                Err(_) => return,
            }
        }
        // Two files cannot move to one place.
        let targets: HashSet<&RelPath> = merged.renames.iter().map(|it| &it.to).collect();
        if targets.len() < merged.renames.len() {
            return;
        }
        for part in parts {
            if let Some(part) = self.parts.get_mut(part) {
                *part = WorkspaceEdit::default();
            }
        }
        for path in touched(&merged) {
            self.part_of.insert(path.clone(), self.parts.len());
        }
        self.parts.push(merged);
        self.findings.push(finding.clone());
    }

    fn edit(&self) -> WorkspaceEdit {
        let mut all = WorkspaceEdit::default();
        for part in &self.parts {
            all.texts.extend(part.texts.iter().cloned());
            all.creates.extend(part.creates.iter().cloned());
            all.renames.extend(part.renames.iter().cloned());
        }
        all
    }
}

fn touched(edit: &WorkspaceEdit) -> impl Iterator<Item = &RelPath> {
    let texts = edit.texts.iter().map(|it| &it.path);
    let renames = edit.renames.iter().flat_map(|it| [&it.from, &it.to]);
    texts.chain(edit.creates.iter().map(|it| &it.path)).chain(renames)
}

fn text(workspace: &Workspace, path: &RelPath) -> Option<String> {
    workspace.file(path).and_then(|it| workspace.text(it)).map(|it| it.to_string())
}
