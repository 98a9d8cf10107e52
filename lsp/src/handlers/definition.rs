//! `textDocument/definition`.

use tower_lsp::ls_types::{GotoDefinitionParams, GotoDefinitionResponse};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// From a link to its target, from a name to what it names.
pub(crate) fn definition(snapshot: &Snapshot, params: &GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    let place = &params.text_document_position_params;
    let mut converter = Converter::new(snapshot);
    let (file, view) = converter.locate(&place.text_document.uri)?;
    convert::definition(&mut converter, file, &view, place.position)
}
