//! `textDocument/references`.

use tower_lsp::ls_types::{Location, ReferenceParams};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// Every place that speaks of what stands under the cursor.
pub(crate) fn references(snapshot: &Snapshot, params: &ReferenceParams) -> Option<Vec<Location>> {
    let place = &params.text_document_position;
    let mut converter = Converter::new(snapshot);
    let (file, view) = converter.locate(&place.text_document.uri)?;
    Some(convert::references(&mut converter, file, &view, place.position, params.context.include_declaration))
}
