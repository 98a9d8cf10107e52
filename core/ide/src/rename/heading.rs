//! Headings, and the anchors that links name them by.

use archwright_engine::Workspace;
use archwright_model::FileId;
use archwright_syntax::{
    Span, TextEdits,
    markdown::{self, SectionId, decode_target, encode_target},
};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{RenameError, edits::Edits};
use crate::references::links_to;

/// The title of a heading as it is written.
pub(super) fn title(workspace: &Workspace, file: FileId, title: Span) -> String {
    workspace.facts(file).map(|it| it.slice(title).to_owned()).unwrap_or_default()
}

/// Gives a heading another title.
///
/// # Errors
/// If the title would make something else of it.
pub(super) fn rename(
    workspace: &Workspace,
    file: FileId,
    title: Span,
    name: &str,
    edits: &mut Edits<'_>,
) -> Result<(), RenameError> {
    let invalid = |allowed| RenameError::Invalid { name: name.to_owned(), allowed };
    let facts = workspace.facts(file).ok_or(RenameError::Nothing)?;
    if name.trim().is_empty() || name.contains(['\n', '\r']) {
        return Err(invalid("a heading has one line of text"));
    }
    edits.replace(file, title, name.trim());
    let after = changed(edits, file, &facts.text).ok_or(RenameError::Nothing)?;
    let count = facts.markdown().map(|it| it.sections.len());
    let sections = markdown::parse(&after).sections;
    if count != Some(sections.len()) || !sections.iter().any(|it| it.title.of(&after) == name.trim()) {
        return Err(invalid("as a heading it would be read as something else"));
    }
    follow_anchors(workspace, edits);
    Ok(())
}

/// The text of a file after its edits.
fn changed(edits: &Edits<'_>, file: FileId, text: &str) -> Option<String> {
    TextEdits::new(edits.of(file).to_vec()).ok()?.apply(text).ok()
}

/// Lets links follow the anchors that the edits change: those of the headings themselves, and those that are numbered
/// because several headings are called alike.
pub(super) fn follow_anchors(workspace: &Workspace, edits: &mut Edits<'_>) {
    let mut links = Vec::new();
    for file in edits.files() {
        let Some(facts) = workspace.facts(file) else { continue };
        let Some(tree) = facts.markdown() else { continue };
        let Some(after) = changed(edits, file, &facts.text) else { continue };
        let (old, new) = (tree.anchors(&facts.text), markdown::parse(&after).anchors(&after));
        let moved = moved(&old, &new);
        if moved.is_empty() {
            continue;
        }
        for (from, source, link) in links_to(workspace, workspace.path(file)) {
            let Some(fragment) = link.fragment else { continue };
            if let Some(new) = renamed(&moved, source.slice(fragment)) {
                links.push((from, fragment, new));
            }
        }
    }
    for (file, fragment, anchor) in links {
        edits.replace(file, fragment, anchor);
    }
}

/// What anchors became, by their old names in lower case: links find the first of several without regard to case.
fn moved(old: &[(SmolStr, SectionId)], new: &[(SmolStr, SectionId)]) -> FxHashMap<String, String> {
    let mut moved: FxHashMap<String, String> = FxHashMap::default();
    // Only the same headings under other names can be told apart.
    if old.len() == new.len() {
        for (old, new) in old.iter().zip(new).filter(|(old, new)| old.0 != new.0) {
            moved.entry(old.0.to_lowercase()).or_insert_with(|| new.0.to_string());
        }
    }
    moved
}

/// What the fragment of a link becomes, as it is written, when anchors moved.
pub(super) fn renamed(moved: &FxHashMap<String, String>, written: &str) -> Option<String> {
    let written = decode_target(written).to_lowercase();
    let (lead, name) = match written.strip_prefix("user-content-") {
        Some(name) if !moved.contains_key(&written) => ("user-content-", name),
        _ => ("", written.as_str()),
    };
    Some(format!("{lead}{}", encode_target(moved.get(name)?)))
}

/// What the anchors of a file become with edits.
pub(super) fn moved_by(workspace: &Workspace, file: FileId, edits: &TextEdits) -> FxHashMap<String, String> {
    let Some(facts) = workspace.facts(file) else { return FxHashMap::default() };
    let (Some(tree), Ok(after)) = (facts.markdown(), edits.apply(&facts.text)) else { return FxHashMap::default() };
    moved(&tree.anchors(&facts.text), &markdown::parse(&after).anchors(&after))
}
