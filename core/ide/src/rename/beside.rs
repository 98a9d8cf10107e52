//! Renames in one workspace, and the links of others that lie beside it and follow.

use std::path::{Path, PathBuf};

use archwright_engine::Workspace;
use archwright_model::{RelPath, WorkspaceEdit};
use rustc_hash::FxHashMap;

use super::{
    RenameError,
    edits::Edits,
    heading,
    moves::{self, Move},
};
use crate::references::links_to;

/// What a rename means for other workspaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    moves: Vec<(PathBuf, PathBuf)>,
    /// What anchors of a file become, by their names in lower case.
    anchors: Vec<(PathBuf, FxHashMap<String, String>)>,
}

impl Beside {
    /// What files that move mean, by their absolute paths.
    pub fn of_moves(moves: Vec<(PathBuf, PathBuf)>) -> Self {
        Self { moves, anchors: Vec::new() }
    }

    /// Whether it means nothing.
    pub fn is_empty(&self) -> bool {
        self.moves.is_empty() && self.anchors.is_empty()
    }
}

/// What an edit of a workspace means for others.
pub fn beside(workspace: &Workspace, edit: &WorkspaceEdit) -> Beside {
    let absolute = |it: &RelPath| it.to_path(workspace.root());
    let anchors = edit.texts.iter().filter_map(|it| {
        let moved = heading::moved_by(workspace, workspace.file(&it.path)?, &it.edits);
        (!moved.is_empty()).then(|| (absolute(&it.path), moved))
    });
    Beside {
        moves: edit.renames.iter().map(|it| (absolute(&it.from), absolute(&it.to))).collect(),
        anchors: anchors.collect(),
    }
}

/// The edits with which a workspace follows a rename in another one.
///
/// # Errors
/// If they do not fit each other.
pub fn follow_beside(workspace: &Workspace, change: &Beside) -> Result<WorkspaceEdit, RenameError> {
    let seen = |it: &Path| RelPath::seen_from(it, workspace.root());
    let mut edits = Edits::new(workspace);
    for (path, moved) in &change.anchors {
        let Some(path) = seen(path) else { continue };
        for (from, source, link) in links_to(workspace, &path) {
            let Some(fragment) = link.fragment else { continue };
            if let Some(new) = heading::renamed(moved, source.slice(fragment)) {
                edits.replace(from, fragment, new);
            }
        }
    }
    let moves = change.moves.iter().filter_map(|(from, to)| Some(Move { from: seen(from)?, to: seen(to)? }));
    let moves: Vec<Move> = moves.collect();
    moves::follow(workspace, &moves, &mut edits);
    edits.finish()
}

/// Moves a file of a workspace, and what leads to it.
///
/// # Errors
/// If there is no such file, or one at the new place, or that is outside.
pub fn rename_file(workspace: &Workspace, from: &RelPath, to: &RelPath) -> Result<WorkspaceEdit, RenameError> {
    workspace.file(from).filter(|it| workspace.text(*it).is_some()).ok_or(RenameError::Nothing)?;
    let mut edits = Edits::new(workspace);
    if from != to {
        moves::check(workspace, to)?;
        edits.move_file(Move { from: from.clone(), to: to.clone() });
    }
    edits.finish()
}
