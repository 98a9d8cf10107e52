//! `textDocument/foldingRange`.

use tower_lsp::ls_types::{FoldingRange, FoldingRangeParams};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// What can be folded in a document; nothing at all where that is unknown, so that editors go by the indentation.
pub(crate) fn folding_range(snapshot: &Snapshot, params: &FoldingRangeParams) -> Option<Vec<FoldingRange>> {
    let mut converter = Converter::new(snapshot);
    let found = converter.locate(&params.text_document.uri);
    let folds = found.map(|(file, view)| convert::folding_ranges(&converter, file, &view));
    folds.filter(|it| !it.is_empty())
}
