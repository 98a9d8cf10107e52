//! `workspace/executeCommand`.

use archwright_analysis::{
    explain,
    operations::{DesignOutcome, DesignRequest, OperationError},
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

/// The argument of `archwright.design`.
///
/// # Errors
/// `InvalidParams` if there is none or it is no design request.
pub(crate) fn design_request(arguments: &[Value]) -> Result<DesignRequest> {
    let request = arguments.first().ok_or_else(|| Error::invalid_params("archwright.design takes one object"))?;
    serde_json::from_value(request.clone())
        .map_err(|error| Error::invalid_params(format!("archwright.design: {error}")))
}

/// The document or folder that a command names as its second argument, where several workspaces are open.
pub(crate) fn place(arguments: &[Value]) -> Option<Uri> {
    arguments.get(1).and_then(Value::as_str).and_then(|it| it.parse().ok())
}

/// What `archwright.design` answers.
///
/// # Errors
/// `InvalidParams` if the request cannot be carried out, or if the client cannot apply the result.
pub(crate) fn designed(
    snapshot: &Snapshot,
    feature: &str,
    result: std::result::Result<DesignOutcome, OperationError>,
) -> Result<Outcome> {
    let outcome = result.map_err(|error| Error::invalid_params(error.to_string()))?;
    let edit = if outcome.edit.is_empty() {
        None
    } else {
        let edit = convert::workspace_edit(&mut Converter::new(snapshot), &outcome.edit);
        let edit = edit.ok_or_else(|| Error::invalid_params("this editor cannot create files as part of an edit"))?;
        Some(ApplyWorkspaceEditParams { label: Some(format!("Archwright: design {feature}")), edit })
    };
    let answer = serde_json::to_value(&outcome).map_err(|error| {
        tracing::error!(%error, "the outcome of a command is no JSON");
        Error::internal_error()
    })?;
    // The design is the first of the files.
    let uri = outcome.files.first().and_then(|it| Converter::new(snapshot).relative_uri(&it.path));
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
