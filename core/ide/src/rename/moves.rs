//! Files and folders that move, and the links and references that follow them.

use std::collections::BTreeSet;

use archwright_engine::Workspace;
use archwright_model::{
    FileId, Key, RelPath, WorkspaceEdit,
    facts::{FileFacts, LinkFact, destination, file_of_reference, split_reference, target_of, way},
};
use archwright_syntax::{Span, Spanned, markdown::decode_target};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rustc_hash::FxHashSet;

use super::{RenameError, edits::Edits};
use crate::trees::Trees;

/// A file or folder that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Where it is.
    pub from: RelPath,
    /// Where it goes.
    pub to: RelPath,
}

/// The edits that keep links and references alive when files and folders move: those that lead to them, and those that
/// lead out of them. They name files by their paths before the move; the moves themselves are not among them.
///
/// # Errors
/// If two edits of one file do not fit each other.
pub fn rename_files(workspace: &Workspace, moves: &[Move]) -> Result<WorkspaceEdit, RenameError> {
    let mut edits = Edits::new(workspace);
    follow(workspace, moves, &mut edits);
    edits.finish()
}

/// The path part of a link or reference, decoded: what a rename of the file starts from.
///
/// # Errors
/// If there is no such file.
pub(super) fn written(workspace: &Workspace, path: &RelPath, file: FileId, span: Span) -> Result<String, RenameError> {
    workspace.file(path).filter(|it| workspace.text(*it).is_some()).ok_or(RenameError::Nothing)?;
    let text = workspace.text(file).ok_or(RenameError::Nothing)?;
    Ok(decode_target(span.of(&text)).into_owned())
}

/// Moves the file that a link or reference leads to; `name` is its new path as the link would have it.
///
/// # Errors
/// If there is no such file, or one at the new place.
pub(super) fn rename_link(
    workspace: &Workspace,
    file: FileId,
    path: &RelPath,
    name: &str,
    edits: &mut Edits<'_>,
) -> Result<(), RenameError> {
    workspace.file(path).filter(|it| workspace.text(*it).is_some()).ok_or(RenameError::Nothing)?;
    if name.trim().is_empty() || name.ends_with('/') || name.chars().any(char::is_control) {
        return Err(RenameError::Invalid { name: name.to_owned(), allowed: "the path of a file is needed" });
    }
    let mut to = match name.strip_prefix('/') {
        Some(absolute) => RelPath::new(absolute),
        None => workspace.path(file).parent().join(name),
    };
    if to.extension().is_empty() && !path.extension().is_empty() {
        to = RelPath::new(&format!("{to}.{}", path.extension()));
    }
    if to == *path {
        return Ok(());
    }
    check(workspace, &to)?;
    edits.move_file(Move { from: path.clone(), to });
    Ok(())
}

/// Whether a file can come to a place.
///
/// # Errors
/// If something is there, or the place is outside the workspace.
pub(super) fn check(workspace: &Workspace, to: &RelPath) -> Result<(), RenameError> {
    if to.escapes() || to.as_str().is_empty() {
        return Err(RenameError::Outside(to.to_string()));
    }
    if workspace.exists(to) { Err(RenameError::FileExists(to.clone())) } else { Ok(()) }
}

/// Where things are after the moves.
struct Moved<'m> {
    moves: &'m [Move],
}

impl Moved<'_> {
    /// The new path of a file or folder, if it moves itself or with a folder above it.
    fn to(&self, path: &RelPath) -> Option<RelPath> {
        self.moves.iter().find_map(|it| {
            if it.from == *path {
                return Some(it.to.clone());
            }
            let below = path.as_str().strip_prefix(it.from.as_str())?.strip_prefix('/')?;
            Some(it.to.join(below))
        })
    }

    fn after(&self, path: &RelPath) -> RelPath {
        self.to(path).unwrap_or_else(|| path.clone())
    }
}

/// Adds what moves make necessary to edits.
pub(super) fn follow(workspace: &Workspace, moves: &[Move], edits: &mut Edits<'_>) {
    let moved = Moved { moves };
    let trees = Trees::new(workspace);
    let mut files: BTreeSet<FileId> = BTreeSet::new();
    for it in moves {
        let below = workspace.below(&it.from);
        let mut targets: FxHashSet<RelPath> = below.iter().map(|it| workspace.path(*it).clone()).collect();
        // Links may lead to folders.
        let folders: Vec<RelPath> = targets.iter().flat_map(|file| folders_between(file, &it.from)).collect();
        targets.extend(folders);
        targets.insert(it.from.clone());
        for target in targets {
            files.extend(workspace.index().contributors(&Key::References(target)));
        }
        files.extend(below);
    }
    for file in files {
        let path = workspace.path(file);
        // How a file that leaves the workspace has to name what stays is for the one that it comes to.
        if moved.to(path).is_some_and(|it| it.escapes()) {
            continue;
        }
        let facts = workspace.facts(file);
        let links = facts.and_then(FileFacts::document).map(|it| it.look(|it| it.links.clone())).unwrap_or_default();
        if let Some(facts) = facts {
            for link in links.iter().filter(|it| !it.path_span.is_empty()) {
                if let Some(target) = link_after(workspace, &moved, facts, link) {
                    edits.replace(file, link.path_span, target);
                }
            }
        }
        if links.is_empty() && crate::is_data(path) {
            for reference in trees.references(file) {
                if let Some((span, target)) = reference_after(workspace, &moved, path, &reference) {
                    edits.replace(file, span, target);
                }
            }
        }
    }
}

/// The folders above a file, up to and with `top`.
fn folders_between(file: &RelPath, top: &RelPath) -> Vec<RelPath> {
    let mut found = Vec::new();
    let mut folder = file.parent();
    while folder.as_str().len() >= top.as_str().len() && !folder.as_str().is_empty() {
        found.push(folder.clone());
        folder = folder.parent();
    }
    found
}

/// Characters that the path of a reference cannot hold as they are, quoted or not.
const IN_REFERENCES: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'%')
    .add(b'#')
    .add(b'?')
    .add(b'\\')
    .add(b'\'')
    .add(b'{')
    .add(b'}')
    .add(b'[')
    .add(b']')
    .add(b',')
    .add(b'`')
    .add(b'^')
    .add(b'|');

/// The path of a link after the moves, if it must change.
fn link_after(workspace: &Workspace, moved: &Moved<'_>, facts: &FileFacts, link: &LinkFact) -> Option<String> {
    let (from, target) = (moved.after(&facts.path), moved.after(&link.path));
    let old = facts.slice(link.path_span);
    if target_of(&from, old) == target || !workspace.exists(&link.path) {
        return None;
    }
    Some(destination(&target, &from, old))
}

/// The path of a reference after the moves and its place, if it must change.
fn reference_after(
    workspace: &Workspace,
    moved: &Moved<'_>,
    path: &RelPath,
    reference: &Spanned,
) -> Option<(Span, String)> {
    let (old, _) = split_reference(&reference.text);
    let target = file_of_reference(path, &reference.text)
        .filter(|_| !old.is_empty() && reference.span.len() == reference.text.len())?;
    let (from, after) = (moved.after(path), moved.after(&target));
    if file_of_reference(&from, old)? == after || !workspace.exists(&target) {
        return None;
    }
    let start = reference.span.start as usize;
    let written = utf8_percent_encode(&way(&after, &from, old), IN_REFERENCES).to_string();
    Some((Span::new(start, start + old.len()), written))
}
