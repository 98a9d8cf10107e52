//! `textDocument/codeAction`.

use tower_lsp::ls_types::{CodeActionKind, CodeActionParams, CodeActionResponse};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// Quick fixes, refactorings and fix-all for a range. `only` accepts a kind and everything below it.
pub(crate) fn code_action(snapshot: &Snapshot, params: &CodeActionParams) -> Option<CodeActionResponse> {
    let mut converter = Converter::new(snapshot);
    let (file, view) = converter.locate(&params.text_document.uri)?;
    let only = params.context.only.as_deref();
    let wanted = |kind: &CodeActionKind| only.is_none_or(|it| it.iter().any(|it| is_below(kind.as_str(), it.as_str())));
    Some(convert::code_actions(&mut converter, file, view.span(params.range), wanted))
}

/// Whether `kind` is `parent` or one of its kinds: `source.fixAll.archwright` is a `source`.
fn is_below(kind: &str, parent: &str) -> bool {
    kind.strip_prefix(parent).is_some_and(|rest| parent.is_empty() || rest.is_empty() || rest.starts_with('.'))
}
