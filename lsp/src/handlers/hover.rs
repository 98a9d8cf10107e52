//! `textDocument/hover`.

use tower_lsp::ls_types::{Hover, HoverParams};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// The card of the word, link, channel or pattern under the cursor.
pub(crate) fn hover(snapshot: &Snapshot, params: &HoverParams) -> Option<Hover> {
    let place = &params.text_document_position_params;
    let mut converter = Converter::new(snapshot);
    let (file, view) = converter.locate(&place.text_document.uri)?;
    convert::hover(&converter, file, &view, place.position)
}
