//! `textDocument/implementation`.

use tower_lsp::ls_types::{GotoDefinitionResponse, request::GotoImplementationParams};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// From a channel to the code that sends to it and receives from it.
pub(crate) fn implementation(snapshot: &Snapshot, params: &GotoImplementationParams) -> Option<GotoDefinitionResponse> {
    let place = &params.text_document_position_params;
    let mut converter = Converter::new(snapshot);
    let (file, view) = converter.locate(&place.text_document.uri)?;
    convert::implementation(&mut converter, file, &view, place.position)
}
