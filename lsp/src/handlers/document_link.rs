//! `textDocument/documentLink`.

use tower_lsp::ls_types::{DocumentLink, DocumentLinkParams};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// The links of a document.
pub(crate) fn document_link(snapshot: &Snapshot, params: &DocumentLinkParams) -> Option<Vec<DocumentLink>> {
    let mut converter = Converter::new(snapshot);
    let found = converter.locate(&params.text_document.uri);
    found.map(|(file, view)| convert::document_links(&converter, file, &view))
}
