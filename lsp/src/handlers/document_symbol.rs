//! `textDocument/documentSymbol`.

use tower_lsp::ls_types::{DocumentSymbolParams, DocumentSymbolResponse};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// The outline of a document.
pub(crate) fn document_symbol(snapshot: &Snapshot, params: &DocumentSymbolParams) -> Option<DocumentSymbolResponse> {
    let mut converter = Converter::new(snapshot);
    let (file, view) = converter.locate(&params.text_document.uri)?;
    convert::document_symbols(&mut converter, file, &view)
}
