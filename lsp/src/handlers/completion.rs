//! `textDocument/completion`.

use tower_lsp::ls_types::{CompletionParams, CompletionResponse};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// What can be written at the cursor.
pub(crate) fn completion(snapshot: &Snapshot, params: &CompletionParams) -> Option<CompletionResponse> {
    let place = &params.text_document_position;
    let mut converter = Converter::new(snapshot);
    let (file, view) = converter.locate(&place.text_document.uri)?;
    Some(CompletionResponse::List(convert::completions(&converter, file, &view, place.position)))
}
