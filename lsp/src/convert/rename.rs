//! References and renames become answers.

use archwright_analysis::{
    FileId, WorkspaceEdit,
    features::{self, RenameError},
};
use tower_lsp::ls_types::{Location, Position, PrepareRenameResponse};

use super::{Converter, View};

/// The places that speak of what stands at a position.
pub(crate) fn references(
    it: &mut Converter<'_>,
    file: FileId,
    view: &View,
    position: Position,
    declaration: bool,
) -> Vec<Location> {
    let code = it.snapshot.code();
    let found = features::references_with(it.snapshot.workspace(), code, file, view.offset(position), declaration);
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
