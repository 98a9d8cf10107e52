//! The edits of a rename as they come together.

use std::collections::BTreeMap;

use archwright_engine::Workspace;
use archwright_model::{ContentHash, FileEdit, FileId, FileRename, WorkspaceEdit, WorkspaceEditError};
use archwright_syntax::{Span, TextEdit, TextEdits};

use super::{
    RenameError,
    moves::{self, Move},
};

/// Edits by file, and files that move.
pub(super) struct Edits<'w> {
    workspace: &'w Workspace,
    texts: BTreeMap<FileId, Vec<TextEdit>>,
    moves: Vec<Move>,
}

impl<'w> Edits<'w> {
    pub(super) fn new(workspace: &'w Workspace) -> Self {
        Self { workspace, texts: BTreeMap::new(), moves: Vec::new() }
    }

    /// Replaces a piece of a file's text. Asking twice for the same is asking once.
    pub(super) fn replace(&mut self, file: FileId, span: Span, replacement: impl Into<String>) {
        self.texts.entry(file).or_default().push(TextEdit::replace(span, replacement));
    }

    /// Moves a file. Links follow when the edits are finished.
    pub(super) fn move_file(&mut self, it: Move) {
        self.moves.push(it);
    }

    /// The edits of one file.
    pub(super) fn of(&self, file: FileId) -> &[TextEdit] {
        self.texts.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The files that have edits.
    pub(super) fn files(&self) -> Vec<FileId> {
        self.texts.keys().copied().collect()
    }

    /// All as one change.
    pub(super) fn finish(mut self) -> Result<WorkspaceEdit, RenameError> {
        let moves = std::mem::take(&mut self.moves);
        moves::follow(self.workspace, &moves, &mut self);
        let mut edit = WorkspaceEdit::default();
        for (file, edits) in self.texts {
            let path = self.workspace.path(file).clone();
            let text = self.workspace.text(file).ok_or_else(|| WorkspaceEditError::Unreadable(path.clone()))?;
            let edits = edits.into_iter().filter(|it| it.span.of(&text) != it.replacement).collect();
            let edits =
                TextEdits::new(edits).map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
            if !edits.is_empty() {
                edit.texts.push(FileEdit { path, base: ContentHash::of(text.as_bytes()), edits });
            }
        }
        for Move { from, to } in moves {
            let text = self.workspace.file(&from).and_then(|it| self.workspace.text(it));
            let text = text.ok_or_else(|| WorkspaceEditError::Unreadable(from.clone()))?;
            edit.renames.push(FileRename { base: ContentHash::of(text.as_bytes()), from, to });
        }
        Ok(edit)
    }
}
