//! `textDocument/prepareRename`, `textDocument/rename` and `workspace/willRenameFiles`.

use archwright_analysis::features::RenameError;
use tower_lsp::{
    jsonrpc::{Error, ErrorCode, Result},
    ls_types::{
        PrepareRenameResponse, RenameFilesParams, RenameParams, TextDocumentPositionParams, Uri, WorkspaceEdit,
    },
};

use crate::{
    convert::{self, Converter, Renaming},
    snapshot::Snapshot,
};

/// The name under the cursor; `None` if there is none. The first workspace holds the document.
///
/// # Errors
/// If what stands there has a name that cannot be changed.
pub(crate) fn prepare_rename(
    snapshots: &[Snapshot],
    params: &TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>> {
    let Some(home) = snapshots.first() else { return Ok(None) };
    let mut converter = Converter::new(home);
    let Some((file, view)) = converter.locate(&params.text_document.uri) else { return Ok(None) };
    let found = match convert::prepare_rename(&converter, file, &view, params.position) {
        Err(RenameError::Nothing) => convert::prepare_rename_beside(snapshots, file, &view, params.position),
        found => found,
    };
    match found {
        Err(RenameError::Nothing) => Ok(None),
        found => found.map(Some).map_err(|it| refused(&it)),
    }
}

/// The change that gives what stands under the cursor another name, in all workspaces.
///
/// # Errors
/// If that is not possible, or the client cannot apply it.
pub(crate) fn rename(snapshots: &[Snapshot], params: &RenameParams) -> Result<Option<WorkspaceEdit>> {
    let place = &params.text_document_position;
    let Some(home) = snapshots.first() else { return Ok(None) };
    let mut converter = Converter::new(home);
    let Some((file, view)) = converter.locate(&place.text_document.uri) else { return Ok(None) };
    let renaming = match convert::rename(&converter, file, &view, place.position, &params.new_name) {
        Err(RenameError::Nothing) => convert::rename_beside(snapshots, file, &view, place.position, &params.new_name),
        found => found.map(Renaming::here),
    };
    let applicable = renaming.and_then(|it| convert::rename_everywhere(snapshots, &it)).map_err(|it| refused(&it))?;
    applicable
        .map(Some)
        .ok_or_else(|| failed("this editor cannot rename files as part of an edit, which this rename needs"))
}

/// The edits that keep links alive when the client renames files and folders; `None` if nothing leads there.
///
/// # Errors
/// If the edits do not fit each other.
pub(crate) fn will_rename_files(snapshots: &[Snapshot], params: &RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
    let paths = |it: &str| it.parse::<Uri>().ok().and_then(|it| convert::file_path(&it));
    let moves: Vec<_> = params.files.iter().filter_map(|it| Some((paths(&it.old_uri)?, paths(&it.new_uri)?))).collect();
    convert::rename_files_everywhere(snapshots, &moves).map_err(|it| refused(&it))
}

/// `RequestFailed` (LSP 3.17) with the reason, which clients show.
fn failed(message: impl Into<String>) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: message.into().into(), data: None }
}

fn refused(error: &RenameError) -> Error {
    failed(error.to_string())
}
