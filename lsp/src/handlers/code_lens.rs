//! `textDocument/codeLens`.

use tower_lsp::ls_types::{CodeLens, CodeLensParams};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// What is computed of a document, above its headings.
pub(crate) fn code_lens(snapshot: &Snapshot, params: &CodeLensParams) -> Option<Vec<CodeLens>> {
    let mut converter = Converter::new(snapshot);
    let (file, view) = converter.locate(&params.text_document.uri)?;
    Some(convert::lenses(&converter, file, &view))
}
