//! `textDocument/diagnostic`.

use std::hash::{DefaultHasher, Hash, Hasher};

use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport,
};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// The diagnostics of one document, or word that they are what they were.
pub(crate) fn diagnostic(
    snapshot: &Snapshot,
    params: &DocumentDiagnosticParams,
) -> Option<DocumentDiagnosticReportResult> {
    let mut converter = Converter::new(snapshot);
    let (file, _) = converter.locate(&params.text_document.uri)?;
    let items = convert::diagnostics(&mut converter, file);
    let id = result_id(&items);
    if params.previous_result_id.as_ref() == Some(&id) {
        let report = UnchangedDocumentDiagnosticReport { result_id: id };
        let report = RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: report,
        };
        return Some(DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Unchanged(report)));
    }
    Some(full(items, Some(id)))
}

/// The report for a document that the workspace does not check.
pub(crate) fn nothing() -> DocumentDiagnosticReportResult {
    full(Vec::new(), None)
}

fn full(items: Vec<Diagnostic>, result_id: Option<String>) -> DocumentDiagnosticReportResult {
    let report = FullDocumentDiagnosticReport { result_id, items };
    let report =
        RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report: report };
    DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Full(report))
}

/// Names a list of diagnostics by its content, so that equal lists have equal names without anything being remembered.
pub(crate) fn result_id(items: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    for it in items {
        let place = (it.range.start.line, it.range.start.character, it.range.end.line, it.range.end.character);
        place.hash(&mut hasher);
        it.message.hash(&mut hasher);
        serde_json::to_string(&(&it.severity, &it.code, &it.related_information, &it.data))
            .unwrap_or_default()
            .hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
