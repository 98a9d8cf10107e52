//! References and renames become answers.

use std::path::PathBuf;

use archwright_analysis::{
    FileId, WorkspaceEdit,
    features::{self, Move, RenameError},
};
use tower_lsp::ls_types::{self as lsp, DocumentChanges, Location, Position, PrepareRenameResponse};

use super::{Converter, View};

/// The places that speak of what stands at a position.
pub(crate) fn references(
    it: &mut Converter<'_>,
    file: FileId,
    view: &View,
    position: Position,
    declaration: bool,
) -> Vec<Location> {
    let found = features::references(it.snapshot.workspace(), file, view.offset(position), declaration);
    found.into_iter().filter_map(|place| it.location(place.file, place.span)).collect()
}

/// The name at a position.
///
/// # Errors
/// If it cannot be changed.
pub(crate) fn prepare_rename(
    it: &Converter<'_>,
    file: FileId,
    view: &View,
    position: Position,
) -> Result<PrepareRenameResponse, RenameError> {
    let found = features::prepare_rename(it.snapshot.workspace(), file, view.offset(position))?;
    Ok(PrepareRenameResponse::RangeWithPlaceholder { range: view.range(found.span), placeholder: found.placeholder })
}

/// The change that renames what stands at a position.
///
/// # Errors
/// If it cannot be renamed so.
pub(crate) fn rename(
    it: &Converter<'_>,
    file: FileId,
    view: &View,
    position: Position,
    name: &str,
) -> Result<WorkspaceEdit, RenameError> {
    features::rename(it.snapshot.workspace(), file, view.offset(position), name)
}

/// The edits for files and folders that move within the workspace.
///
/// # Errors
/// If they do not fit each other.
pub(crate) fn rename_files(it: &Converter<'_>, moves: &[(PathBuf, PathBuf)]) -> Result<WorkspaceEdit, RenameError> {
    let inside = |(from, to): &(PathBuf, PathBuf)| {
        Some(Move { from: it.snapshot.relative(from)?, to: it.snapshot.relative(to)? })
    };
    let moves: Vec<Move> = moves.iter().filter_map(inside).collect();
    features::rename_files(it.snapshot.workspace(), &moves)
}

/// Two changes of different workspaces as one.
pub(crate) fn joined(first: Option<lsp::WorkspaceEdit>, second: lsp::WorkspaceEdit) -> lsp::WorkspaceEdit {
    let Some(mut all) = first else { return second };
    if let (Some(all), Some(more)) = (&mut all.changes, second.changes) {
        all.extend(more);
    }
    if let (Some(DocumentChanges::Operations(all)), Some(DocumentChanges::Operations(more))) =
        (&mut all.document_changes, second.document_changes)
    {
        all.extend(more);
    }
    all
}
