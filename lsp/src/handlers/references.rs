//! `textDocument/references`.

use tower_lsp::ls_types::{Location, ReferenceParams};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// Every place that speaks of what stands under the cursor, in the workspace that holds it, the first, and in the
/// others.
pub(crate) fn references(snapshots: &[Snapshot], params: &ReferenceParams) -> Option<Vec<Location>> {
    let place = &params.text_document_position;
    let (home, others) = snapshots.split_first()?;
    let mut converter = Converter::new(home);
    let (file, view) = converter.locate(&place.text_document.uri)?;
    let declaration = params.context.include_declaration;
    let mut found = convert::references(&mut converter, file, &view, place.position, declaration);
    for location in convert::references_beside(&mut converter, others, file, &view, place.position) {
        // Folders may lie in each other, and then both speak of one place.
        if !found.contains(&location) {
            found.push(location);
        }
    }
    Some(found)
}
