//! `textDocument/completion`.

use archwright_analysis::features::Occasion;
use tower_lsp::ls_types::{CompletionParams, CompletionResponse, CompletionTriggerKind};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// What can be written at the cursor.
pub(crate) fn completion(snapshot: &Snapshot, params: &CompletionParams) -> Option<CompletionResponse> {
    let place = &params.text_document_position;
    let mut converter = Converter::new(snapshot);
    let (file, view) = converter.locate(&place.text_document.uri)?;
    // A character that triggers says nothing of what is wanted; all else is asked for.
    let typed = params.context.as_ref().is_some_and(|it| it.trigger_kind == CompletionTriggerKind::TRIGGER_CHARACTER);
    let occasion = if typed { Occasion::Typed } else { Occasion::Asked };
    Some(CompletionResponse::List(convert::completions(&converter, file, &view, place.position, occasion)))
}
