//! `textDocument/definition`.

use tower_lsp::ls_types::{GotoDefinitionParams, GotoDefinitionResponse};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// From a link to its target, from a name to what it names. The first workspace holds the document; a link that leaves
/// it is followed into the others. A channel that nothing else describes leads to its code.
pub(crate) fn definition(snapshots: &[Snapshot], params: &GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    let place = &params.text_document_position_params;
    let (home, others) = snapshots.split_first()?;
    let mut converter = Converter::new(home);
    let (file, view) = converter.locate(&place.text_document.uri)?;
    convert::definition(&mut converter, file, &view, place.position)
        .or_else(|| convert::definition_beside(&converter, others, file, &view, place.position))
        .or_else(|| convert::code_definition(&mut converter, file, &view, place.position))
        .or_else(|| convert::card_definition(&converter, file, &view, place.position))
}
