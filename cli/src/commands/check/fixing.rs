//! `--fix` and `--fix --dry-run`: rounds of fixes until nothing changes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use archwright_analysis::{
    Change, FilePreview, Finding, RelPath, Workspace, WorkspaceEdit,
    report::reported_files,
    writer::{self, WriteError},
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
    /// Why fixes of these files were left out.
    pub skipped: BTreeMap<RelPath, WriteError>,
    /// Why nothing more could be written. What is above is written all the same.
    pub stopped: Option<WriteError>,
}

/// What would be fixed.
#[derive(Debug)]
pub struct Preview {
    /// Each file that would change.
    pub files: Vec<FilePreview>,
    /// How many findings fixes would take away.
    pub fixed: usize,
    /// Why fixes of these files are left out.
    pub skipped: BTreeMap<RelPath, WriteError>,
}

/// Fixes what needs no thought and writes it. A file that cannot be written is left out with every fix that needs it.
pub fn fix(checked: &mut Checked) -> Fixed {
    let mut fixed = Fixed::default();
    let mut rounds = 0;
    while rounds < ROUNDS {
        let (edit, findings) = next(checked, &fixed.skipped);
        if edit.is_empty() {
            break;
        }
        let applied = match writer::apply(checked.workspace.root(), &edit) {
            Ok(applied) => applied,
            Err(error) => {
                if let Err(error) = skip(checked, &edit, error, &mut fixed.skipped) {
                    fixed.stopped = Some(error);
                    break;
                }
                continue;
            }
        };
        if applied.written.is_empty() {
            break;
        }
        rounds += 1;
        let mut paths: Vec<RelPath> = applied.written.into_iter().map(|it| it.0).collect();
        fixed.files.extend(paths.iter().cloned());
        fixed.findings.extend(findings);
        paths.extend(edit.renames.into_iter().map(|it| it.from));
        checked.workspace.apply(vec![Change::Disk { paths }]);
    }
    fixed
}

/// Notes every file that is in the way of `edit`; at least one that was not noted before, so that this ends.
///
/// # Errors
/// The refusal, if it is about no single file.
fn skip(
    checked: &Checked,
    edit: &WorkspaceEdit,
    error: WriteError,
    skipped: &mut BTreeMap<RelPath, WriteError>,
) -> Result<(), WriteError> {
    let known = skipped.len();
    let touched: HashSet<&RelPath> = touched(edit).collect();
    let all = writer::refusals(checked.workspace.root(), edit).unwrap_or_default();
    for refusal in all {
        if let Some(path) = refusal.path().filter(|it| touched.contains(it)) {
            skipped.entry(path).or_insert(refusal);
        }
    }
    // What only shows while writing, such as a second writer, is in no list.
    match error.path().filter(|it| touched.contains(it)) {
        Some(path) if !skipped.contains_key(&path) => {
            skipped.insert(path, error);
            Ok(())
        }
        _ if skipped.len() > known => Ok(()),
        _ => Err(error),
    }
}

/// Plays the rounds through in memory.
///
/// # Errors
/// If a file cannot be read any more, or the workspace cannot be opened.
pub fn preview(checked: &mut Checked) -> Result<Preview, CommandError> {
    let mut files: BTreeMap<RelPath, FilePreview> = BTreeMap::new();
    let mut fixed = 0;
    let mut skipped = BTreeMap::new();
    let mut rounds = 0;
    while rounds < ROUNDS {
        let (edit, findings) = next(checked, &skipped);
        if edit.is_empty() {
            break;
        }
        let known = skipped.len();
        for refusal in writer::refusals(checked.workspace.root(), &edit)? {
            // A file of an earlier round is on the disk what it was before, so its edits do not fit it.
            let Some(path) = refusal.path().filter(|it| !files.contains_key(it)) else { continue };
            skipped.entry(path).or_insert(refusal);
        }
        if skipped.len() > known {
            continue;
        }
        rounds += 1;
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
    Ok(Preview { files: files.into_values().collect(), fixed, skipped })
}

/// The preferred fixes of all reported findings as one change. What touches the text of an earlier fix waits for the
/// next round, and files move only when nothing else is left, because a move changes the paths that other fixes name.
/// A fix that needs a skipped file is left out.
fn next(checked: &Checked, skipped: &BTreeMap<RelPath, WriteError>) -> (WorkspaceEdit, Vec<Finding>) {
    let (mut texts, mut moves) = (Round::default(), Round::default());
    for file in reported_files(&checked.workspace, &checked.filter) {
        let fixer = checked.workspace.fixer(file);
        for finding in checked.workspace.findings(file) {
            let Some(fix) = fixer.fixes(finding).into_iter().find(|it| it.preferred) else { continue };
            if touched(&fix.edit).any(|it| skipped.contains_key(it)) {
                continue;
            }
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
