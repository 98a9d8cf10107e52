//! `workspace/executeCommand`.

use archwright_analysis::{
    FilePreview, RelPath, explain,
    operations::{Entry, OperationError, Plan},
};
use serde_json::{Value, json};
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

/// The document or folder that a command names as one of its arguments, where several workspaces are open.
pub(crate) fn place(arguments: &[Value], at: usize) -> Option<Uri> {
    arguments.get(at).and_then(Value::as_str).and_then(|it| it.parse().ok())
}

/// Whether the command of an operation only asks what would be changed: `{"preview": true}` as its third argument.
pub(crate) fn only_preview(arguments: &[Value]) -> bool {
    arguments.get(2).is_some_and(|it| it.get("preview") == Some(&Value::Bool(true)))
}

/// What the command of an operation answers: the plan, with a report on it as Markdown, and on request the texts before
/// and after instead of the change itself.
///
/// # Errors
/// `InvalidParams` if the request cannot be carried out, or if the client cannot apply the result.
pub(crate) fn planned(
    snapshot: &Snapshot,
    operation: &Entry,
    plan: std::result::Result<Plan, OperationError>,
    only_preview: bool,
) -> Result<Outcome> {
    let plan = plan.map_err(|error| Error::invalid_params(error.to_string()))?;
    let edit = if plan.edit.is_empty() {
        None
    } else {
        let edit = convert::workspace_edit(&mut Converter::new(snapshot), &plan.edit);
        let edit = edit.ok_or_else(|| Error::invalid_params("this editor cannot create files as part of an edit"))?;
        Some(ApplyWorkspaceEditParams { label: Some(format!("Archwright: {}", operation.title)), edit })
    };
    let mut answer = serde_json::to_value(&plan).map_err(|error| {
        tracing::error!(%error, "the outcome of a command is no JSON");
        Error::internal_error()
    })?;
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("report".to_owned(), convert::report(&Converter::new(snapshot), operation, &plan).into());
        if only_preview {
            answer.insert("preview".to_owned(), previews(snapshot, &plan)?);
        }
    }
    if only_preview {
        return Ok(Outcome { answer, edit: None, show: None });
    }
    // The most important file comes first.
    let uri = plan.files.first().and_then(|it| Converter::new(snapshot).relative_uri(&it.path));
    let show = uri.filter(|_| snapshot.session().shows_documents);
    let show = show.map(|uri| ShowDocumentParams { uri, external: None, take_focus: Some(true), selection: None });
    Ok(Outcome { answer, edit, show })
}

/// The files of a plan as they are and as they would be, those that are there first: a new one holds no surprise.
fn previews(snapshot: &Snapshot, plan: &Plan) -> Result<Value> {
    let workspace = snapshot.workspace();
    let text = |path: &RelPath| workspace.file(path).and_then(|it| workspace.text(it)).map(|it| it.to_string());
    let mut previews = plan.edit.preview(text).map_err(|error| Error::invalid_params(error.to_string()))?;
    previews.sort_by_key(|it| it.before.is_none());
    let converter = Converter::new(snapshot);
    let preview = |it: &FilePreview| {
        let uri = converter.relative_uri(&it.path);
        json!({
            "path": it.path.as_str(),
            "uri": uri.as_ref().map(|it| it.as_str()),
            "before": it.before,
            "after": it.after,
        })
    };
    Ok(previews.iter().map(preview).collect())
}

/// `archwright.explain`: the page of a rule or card as Markdown. Takes the name, or an object that has it as `name`.
///
/// # Errors
/// `InvalidParams` with the nearest names if there is no such name.
pub(crate) fn explain(arguments: &[Value]) -> Result<Value> {
    let name = arguments.first().and_then(|it| it.as_str().or_else(|| it.get("name")?.as_str()));
    let name = name.ok_or_else(|| Error::invalid_params("archwright.explain takes the name of a rule or card"))?;
    explain::explain(name).map(|it| Value::String(it.markdown)).map_err(|it| Error::invalid_params(it.to_string()))
}
