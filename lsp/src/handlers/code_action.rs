//! `textDocument/codeAction` and `codeAction/resolve`.

use tower_lsp::{
    jsonrpc::{Error, ErrorCode, Result},
    ls_types::{CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse},
};

use crate::{
    convert::{self, Converter, Unresolved},
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

/// What an action carries that has no edit yet; `None` for one that needs none.
pub(crate) fn unresolved(action: &CodeAction) -> Option<Unresolved> {
    action.data.clone().and_then(|it| serde_json::from_value(it).ok())
}

/// An action with its edit.
///
/// # Errors
/// `ContentModified` if the document is no longer such that the action can be done.
pub(crate) fn resolve(snapshot: &Snapshot, mut action: CodeAction, asked: &Unresolved) -> Result<CodeAction> {
    let edit = convert::resolved_action(&mut Converter::new(snapshot), asked);
    action.edit = Some(edit.ok_or_else(|| Error::new(ErrorCode::ContentModified))?);
    Ok(action)
}

/// Whether `kind` is `parent` or one of its kinds: `source.fixAll.archwright` is a `source`.
fn is_below(kind: &str, parent: &str) -> bool {
    kind.strip_prefix(parent).is_some_and(|rest| parent.is_empty() || rest.is_empty() || rest.starts_with('.'))
}
