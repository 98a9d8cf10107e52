//! Code actions: the fixes of findings under the cursor, and all fixes of a file.

use std::collections::BTreeMap;

use archwright_syntax::{Span, TextEdit, TextEdits};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use archwright_engine::{Finding, Fix, Workspace};
use archwright_model::{ContentHash, FileCreate, FileEdit, FileId, FileRename, RelPath, WorkspaceEdit};

/// What an action is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// Makes a finding go away.
    QuickFix,
    /// Makes all findings of the file go away that have a fix.
    FixAll,
    /// Takes something out of its place, which refers to it afterwards.
    Extract,
    /// Puts something in the place of what refers to it.
    Inline,
    /// Says the same in another way, or says more.
    Rewrite,
    /// Makes something of the whole file.
    Source,
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
    let (mut actions, mut asked) = (Vec::new(), 0);
    let fixer = workspace.fixer(file);
    for finding in workspace.findings(file).iter().filter(|it| overlaps(&it.span)) {
        for Fix { title, edit, preferred, asks } in fixer.fixes(finding) {
            asked += usize::from(asks);
            actions.push(Action {
                title,
                kind: ActionKind::QuickFix,
                edit,
                findings: vec![finding.clone()],
                preferred,
            });
        }
    }
    if asked > 0 {
        actions.extend(ask_for_all(workspace, file));
    }
    actions
}

/// All that a document lacks, as questions in their places; where only one thing is missing, its own fix says so.
fn ask_for_all(workspace: &Workspace, file: FileId) -> Option<Action> {
    let (edit, findings) = all_fixes(workspace, file, |it| it.asks)?;
    let title = "Insert all that the template wants here".to_owned();
    (findings.len() > 1).then_some(Action { title, kind: ActionKind::QuickFix, edit, findings, preferred: false })
}

/// How often fixes that touch the same text are tried again on the text after the earlier ones.
const ROUNDS: usize = 20;

/// The preferred fixes of all findings of a file as one change. Fixes that touch the same text come one after the
/// other, each computed on the text after the earlier ones.
pub fn fix_all(workspace: &Workspace, file: FileId) -> Option<Action> {
    let (edit, findings) = all_fixes(workspace, file, |it| it.preferred)?;
    let title = "Fix all problems that Archwright can fix".to_owned();
    Some(Action { title, kind: ActionKind::FixAll, edit, findings, preferred: true })
}

/// The fixes of a file that are wanted, the first of each finding, as one change.
fn all_fixes(
    workspace: &Workspace,
    file: FileId,
    wanted: impl Fn(&Fix) -> bool,
) -> Option<(WorkspaceEdit, Vec<Finding>)> {
    let (mut edit, mut findings) = merge(workspace, file, &wanted);
    if edit.is_empty() {
        return None;
    }
    if edit.renames.is_empty() {
        fix_the_rest(workspace, file, &wanted, &mut edit, &mut findings);
    }
    Some((edit, findings))
}

/// Adds the fixes that had to wait because they touch text that others change. What a fix sees of the rest of the
/// workspace is the state before all of them, so each finding is fixed once and only fixes within the file are taken.
fn fix_the_rest(
    workspace: &Workspace,
    file: FileId,
    wanted: &impl Fn(&Fix) -> bool,
    edit: &mut WorkspaceEdit,
    findings: &mut Vec<Finding>,
) {
    let Some(text) = workspace.text(file) else { return };
    let path = workspace.path(file);
    let Some(mine) = edit.texts.iter_mut().find(|it| it.path == *path) else { return };
    let name = |it: &Finding| (it.rule.code, it.message.clone());
    let mut done: FxHashSet<(&str, SmolStr)> = findings.iter().map(name).collect();
    for _ in 0..ROUNDS {
        if !workspace.findings(file).iter().any(|it| it.fixable && !done.contains(&name(it))) {
            return;
        }
        let Ok(after) = mine.edits.apply(&text) else { return };
        let mut merger = Merger::default();
        let mut fixed = Vec::new();
        for (finding, fix) in workspace.fixes_on(file, after, |it| !done.contains(&name(it))) {
            let here = matches!(fix.edit.texts.as_slice(), [only] if only.path == *path);
            let is_plain = fix.edit.creates.is_empty() && fix.edit.renames.is_empty();
            if wanted(&fix) && here && is_plain && merger.add(&fix.edit) {
                fixed.push(finding);
            }
        }
        let next = merger.finish().texts.pop().map(|it| it.edits);
        match next.and_then(|it| mine.edits.compose(&it, &text).ok()) {
            Some(all) => mine.edits = all,
            None => return,
        }
        done.extend(fixed.iter().map(name));
        findings.extend(fixed);
    }
}

/// One change of the wanted fixes of a file. Fixes that overlap an earlier one wait for the next round.
fn merge(workspace: &Workspace, file: FileId, wanted: impl Fn(&Fix) -> bool) -> (WorkspaceEdit, Vec<Finding>) {
    let mut merger = Merger::default();
    let mut fixed = Vec::new();
    let fixer = workspace.fixer(file);
    for finding in workspace.findings(file) {
        let Some(fix) = fixer.fixes(finding).into_iter().find(|it| wanted(it)) else { continue };
        // A move changes the path that later edits name, so nothing joins it in one round.
        let moves = !fix.edit.renames.is_empty() || !merger.renames.is_empty();
        if (!moves || fixed.is_empty()) && merger.add(&fix.edit) {
            fixed.push(finding.clone());
        }
    }
    (merger.finish(), fixed)
}

/// Puts many edits together, each in the time that its own size and the logarithm of the others' number take. What fits
/// is what [`WorkspaceEdit::merge`] accepts.
#[derive(Default)]
struct Merger {
    texts: BTreeMap<RelPath, (ContentHash, Spans)>,
    creates: BTreeMap<RelPath, String>,
    renames: Vec<FileRename>,
}

/// The edits of a file by start and end; only insertions can share a place, and keep their order.
type Spans = BTreeMap<(u32, u32), Vec<TextEdit>>;

impl Merger {
    /// Takes an edit in, or says that it does not fit and takes nothing of it.
    fn add(&mut self, edit: &WorkspaceEdit) -> bool {
        let creates_fit =
            edit.creates.iter().all(|it| self.creates.get(&it.path).is_none_or(|content| *content == it.content));
        let texts_fit = edit.texts.iter().all(|it| match self.texts.get(&it.path) {
            Some((base, spans)) => *base == it.base && it.edits.iter().all(|it| fits(spans, it)),
            None => true,
        });
        if !(creates_fit && texts_fit) {
            return false;
        }
        for file in &edit.texts {
            let (_, spans) = self.texts.entry(file.path.clone()).or_insert_with(|| (file.base, Spans::new()));
            for edit in file.edits.iter() {
                let there = spans.entry((edit.span.start, edit.span.end)).or_default();
                if edit.span.is_empty() || there.is_empty() {
                    there.push(edit.clone());
                }
            }
        }
        self.creates.extend(edit.creates.iter().map(|it| (it.path.clone(), it.content.clone())));
        self.renames.extend(edit.renames.iter().filter(|it| !self.renames.contains(it)).cloned().collect::<Vec<_>>());
        true
    }

    fn finish(self) -> WorkspaceEdit {
        let text = |(path, (base, spans)): (RelPath, (ContentHash, Spans))| {
            // They fit each other, so nothing is lost here.
            let edits = TextEdits::new(spans.into_values().flatten().collect()).ok()?;
            Some(FileEdit { path, base, edits })
        };
        WorkspaceEdit {
            texts: self.texts.into_iter().filter_map(text).collect(),
            creates: self.creates.into_iter().map(|(path, content)| FileCreate { path, content }).collect(),
            renames: self.renames,
        }
    }
}

/// Whether an edit touches no bytes that another one changes; the same replacement twice is one.
fn fits(spans: &Spans, edit: &TextEdit) -> bool {
    let key = (edit.span.start, edit.span.end);
    if let Some(there) = spans.get(&key) {
        return edit.span.is_empty() || there.contains(edit);
    }
    let before = spans.range(..key).next_back().is_none_or(|it| it.0.1 <= key.0);
    before && spans.range(key..).next().is_none_or(|it| it.0.0 >= key.1)
}

#[cfg(test)]
mod tests {
    use archwright_syntax::Span;
    use proptest::prelude::*;

    use super::*;

    fn edit(path: &str, start: usize, len: usize, text: &str) -> WorkspaceEdit {
        let edits = TextEdits::new(vec![TextEdit::replace(Span::new(start, start + len), text)]).unwrap();
        WorkspaceEdit::text(path.into(), ContentHash::of(path.as_bytes()), edits)
    }

    proptest! {
        #[test]
        fn many_edits_come_together_as_two_and_two_do(
            parts in prop::collection::vec((0..2_usize, 0..12_usize, 0..4_usize, 0..2_usize), 0..12),
        ) {
            let mut merger = Merger::default();
            let mut all = WorkspaceEdit::default();
            for (file, start, len, text) in parts {
                let edit = edit(["a", "b"][file], start, len, ["x", "y"][text]);
                let merged = all.clone().merge(edit.clone());
                prop_assert_eq!(merger.add(&edit), merged.is_ok());
                all = merged.unwrap_or(all);
            }
            all.texts.sort_by(|a, b| a.path.cmp(&b.path));
            prop_assert_eq!(merger.finish(), all);
        }
    }
}
