//! `textDocument/prepareRename`, `textDocument/rename` and `workspace/willRenameFiles`.

use archwright_analysis::features::RenameError;
use tower_lsp::{
    jsonrpc::{Error, ErrorCode, Result},
    ls_types::{
        PrepareRenameResponse, RenameFilesParams, RenameParams, TextDocumentPositionParams, Uri, WorkspaceEdit,
    },
};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// The name under the cursor; `None` if there is none.
///
/// # Errors
/// If what stands there has a name that cannot be changed.
pub(crate) fn prepare_rename(
    snapshot: &Snapshot,
    params: &TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>> {
    let mut converter = Converter::new(snapshot);
    let Some((file, view)) = converter.locate(&params.text_document.uri) else { return Ok(None) };
    match convert::prepare_rename(&converter, file, &view, params.position) {
        Err(RenameError::Nothing) => Ok(None),
        found => found.map(Some).map_err(|it| refused(&it)),
    }
}

/// The change that gives what stands under the cursor another name.
///
/// # Errors
/// If that is not possible, or the client cannot apply it.
pub(crate) fn rename(snapshot: &Snapshot, params: &RenameParams) -> Result<Option<WorkspaceEdit>> {
    let place = &params.text_document_position;
    let mut converter = Converter::new(snapshot);
    let Some((file, view)) = converter.locate(&place.text_document.uri) else { return Ok(None) };
    let edit = convert::rename(&converter, file, &view, place.position, &params.new_name).map_err(|it| refused(&it))?;
    let applicable = convert::workspace_edit(&mut converter, &edit);
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
    let mut all: Option<WorkspaceEdit> = None;
    for snapshot in snapshots {
        let mut converter = Converter::new(snapshot);
        let edit = convert::rename_files(&converter, &moves).map_err(|it| refused(&it))?;
        if edit.is_empty() {
            continue;
        }
        if let Some(edit) = convert::workspace_edit(&mut converter, &edit) {
            all = Some(convert::joined(all.take(), edit));
        }
    }
    Ok(all)
}

/// `RequestFailed` (LSP 3.17) with the reason, which clients show.
fn failed(message: impl Into<String>) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: message.into().into(), data: None }
}

fn refused(error: &RenameError) -> Error {
    failed(error.to_string())
}
