//! `workspace/diagnostic`.

use std::{collections::HashMap, path::PathBuf};

use tower_lsp::{
    jsonrpc::{Error, ErrorCode, Result},
    ls_types::{
        Diagnostic, FullDocumentDiagnosticReport, PreviousResultId, UnchangedDocumentDiagnosticReport, Uri,
        WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
        WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
        WorkspaceUnchangedDocumentDiagnosticReport,
    },
};

use super::diagnostic::result_id;
use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// The diagnostics of every file that has some, or had some when the client asked before.
/// `None` if the client knows all of it already.
///
/// # Errors
/// `ServerCancelled` (-32802) with `retriggerRequest` if an edit arrives meanwhile.
pub(crate) fn workspace_diagnostic(
    snapshots: &[Snapshot],
    params: &WorkspaceDiagnosticParams,
) -> Result<Option<WorkspaceDiagnosticReportResult>> {
    // Clients spell a URI their own way, so files are known by path.
    let known = params.previous_result_ids.iter().filter_map(|it| Some((convert::file_path(&it.uri)?, it)));
    let mut known: HashMap<PathBuf, &PreviousResultId> = known.collect();
    let mut news = params.previous_result_ids.is_empty();
    let mut items = Vec::new();
    for snapshot in snapshots {
        // Findings of code may stand in files that no rule reads by itself.
        let workspace = snapshot.workspace();
        let of_code = workspace.found().filter(|it| workspace.facts(*it).is_none());
        for file in workspace.files().chain(of_code) {
            snapshot.cancel().check().map_err(|_| server_cancelled())?;
            let before = if known.is_empty() { None } else { known.remove(&snapshot.workspace().absolute(file)) };
            if before.is_none() && snapshot.workspace().findings(file).is_empty() {
                continue;
            }
            // A converter per file: it keeps the texts it met, and a workspace has many.
            let mut converter = Converter::new(snapshot);
            let Some(uri) = converter.uri(file) else { continue };
            let diagnostics = convert::diagnostics(&mut converter, file);
            let id = result_id(&diagnostics);
            let unchanged = before.is_some_and(|it| it.value == id);
            news |= !unchanged;
            items.push(report(uri, converter.version(file), diagnostics, id, unchanged));
        }
    }
    // What is left belongs to no workspace any more.
    for it in known.into_values() {
        let empty = result_id(&[]);
        let unchanged = it.value == empty;
        news |= !unchanged;
        items.push(report(it.uri.clone(), None, Vec::new(), empty, unchanged));
    }
    Ok(news.then(|| all(items)))
}

/// The report that nothing is to be said, for a session that ends.
pub(crate) fn nothing() -> WorkspaceDiagnosticReportResult {
    all(Vec::new())
}

/// Asks the client to ask again.
pub(crate) fn server_cancelled() -> Error {
    Error {
        code: ErrorCode::ServerError(-32802),
        message: "An edit arrived".into(),
        data: Some(serde_json::json!({ "retriggerRequest": true })),
    }
}

fn all(items: Vec<WorkspaceDocumentDiagnosticReport>) -> WorkspaceDiagnosticReportResult {
    WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items })
}

fn report(
    uri: Uri,
    version: Option<i32>,
    items: Vec<Diagnostic>,
    id: String,
    unchanged: bool,
) -> WorkspaceDocumentDiagnosticReport {
    let version = version.map(i64::from);
    if unchanged {
        let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id: id };
        return WorkspaceUnchangedDocumentDiagnosticReport { uri, version, unchanged_document_diagnostic_report }
            .into();
    }
    let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id: Some(id), items };
    WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report }.into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use archwright_analysis::{OpenOptions, Root};
    use parking_lot::RwLock;
    use serde_json::json;
    use tower_lsp::ls_types::ClientCapabilities;

    use super::*;
    use crate::{cancel::Cancel, capabilities::Session};

    #[test]
    fn a_pull_that_an_edit_stops_asks_the_client_to_ask_again() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("a.md"), "# A\n").unwrap();
        let workspace =
            archwright_analysis::open(OpenOptions::server(Root::Folder(root.path().to_owned())), &|_| {}).unwrap();
        let cancel = Arc::new(Cancel::default());
        let session = Arc::new(Session::new(&ClientCapabilities::default(), None));
        let snapshots = [Snapshot::new(&Arc::new(RwLock::new(workspace)), Arc::default(), session, cancel.clone())];
        let params: WorkspaceDiagnosticParams = serde_json::from_value(json!({ "previousResultIds": [] })).unwrap();
        assert_eq!(workspace_diagnostic(&snapshots, &params), Ok(Some(nothing())));
        cancel.outdate();
        let error = serde_json::to_value(workspace_diagnostic(&snapshots, &params).unwrap_err()).unwrap();
        assert_eq!((&error["code"], &error["data"]), (&json!(-32802), &json!({ "retriggerRequest": true })));
    }
}
