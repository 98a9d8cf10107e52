//! `workspace/executeCommand`.

use archwright_analysis::{
    explain,
    operations::{Entry, OperationError, Plan},
};
use serde_json::Value;
use tower_lsp::{
    jsonrpc::{Error, Result},
    ls_types::{ApplyWorkspaceEditParams, ShowDocumentParams, Uri},
};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// What a command answers and what the client shall apply.
pub(crate) struct Outcome {
    pub(crate) answer: Value,
    pub(crate) edit: Option<ApplyWorkspaceEditParams>,
    /// What the client shall show then, if it can.
    pub(crate) show: Option<ShowDocumentParams>,
}

/// The request of an operation: the first argument of its command.
///
/// # Errors
/// `InvalidParams` if there is none or it is no object.
pub(crate) fn request(operation: &Entry, arguments: &[Value]) -> Result<Value> {
    let request = arguments.first().filter(|it| it.is_object());
    request.cloned().ok_or_else(|| Error::invalid_params(format!("archwright.{} takes one object", operation.name)))
}

/// The document or folder that a command names as its second argument, where several workspaces are open.
pub(crate) fn place(arguments: &[Value]) -> Option<Uri> {
    arguments.get(1).and_then(Value::as_str).and_then(|it| it.parse().ok())
}

/// What the command of an operation answers.
///
/// # Errors
/// `InvalidParams` if the request cannot be carried out, or if the client cannot apply the result.
pub(crate) fn planned(
    snapshot: &Snapshot,
    operation: &Entry,
    plan: std::result::Result<Plan, OperationError>,
) -> Result<Outcome> {
    let plan = plan.map_err(|error| Error::invalid_params(format!("archwright.{}: {error}", operation.name)))?;
    let edit = if plan.edit.is_empty() {
        None
    } else {
        let edit = convert::workspace_edit(&mut Converter::new(snapshot), &plan.edit);
        let edit = edit.ok_or_else(|| Error::invalid_params("this editor cannot create files as part of an edit"))?;
        Some(ApplyWorkspaceEditParams { label: Some(format!("Archwright: {}", operation.title)), edit })
    };
    let answer = serde_json::to_value(&plan).map_err(|error| {
        tracing::error!(%error, "the outcome of a command is no JSON");
        Error::internal_error()
    })?;
    // The most important file comes first.
    let uri = plan.files.first().and_then(|it| Converter::new(snapshot).relative_uri(&it.path));
    let show = uri.filter(|_| snapshot.session().shows_documents);
    let show = show.map(|uri| ShowDocumentParams { uri, external: None, take_focus: Some(true), selection: None });
    Ok(Outcome { answer, edit, show })
}

/// `archwright.explain`: the page of a rule or pattern as Markdown. Takes the name, or an object that has it as `name`.
///
/// # Errors
/// `InvalidParams` with the nearest names if there is no such name.
pub(crate) fn explain(arguments: &[Value]) -> Result<Value> {
    let name = arguments.first().and_then(|it| it.as_str().or_else(|| it.get("name")?.as_str()));
    let name = name.ok_or_else(|| Error::invalid_params("archwright.explain takes the name of a rule or pattern"))?;
    explain::explain(name).map(|it| Value::String(it.markdown)).map_err(|it| Error::invalid_params(it.to_string()))
}
