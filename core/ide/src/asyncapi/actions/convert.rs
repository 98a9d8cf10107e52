//! Converting the whole document to AsyncAPI 3.0.

use archwright_model::WorkspaceEdit;
use archwright_operations as operations;
use archwright_syntax::{Span, TextEdit};

use super::document::Document;
use crate::{ActionKind, Refactoring};

pub(super) const ID: &str = "asyncapi.convert";

/// Offered on the version, and where the whole document is selected. The edit comes when it is asked for.
pub(super) fn offers(document: &Document<'_>) -> Option<Refactoring> {
    let root = document.root()?;
    let version = root.entry("asyncapi")?;
    let is_old = version.value.as_str().is_some_and(|it| it.starts_with("2."));
    let is_selected =
        version.span().touches(document.selection.start as usize) || document.selection.contains(root.span());
    if !is_old || !is_selected || !document.tree.errors().is_empty() {
        return None;
    }
    let from = version.value.as_str().unwrap_or_default();
    let title = format!("Convert from AsyncAPI {from} to {}", operations::CONVERSION_TARGET);
    Some(Refactoring { title, kind: ActionKind::Rewrite, id: ID, edit: None, rule: None })
}

pub(super) fn edit(document: &Document<'_>) -> Option<WorkspaceEdit> {
    let converted = operations::convert(document.path.as_str(), document.text()).ok()?;
    document.finish(vec![TextEdit::replace(Span::new(0, document.text().len()), converted.text)], Vec::new())
}
