//! Findings become diagnostics.

use archwright_analysis::{FileId, Finding, Severity};
use serde_json::json;
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, NumberOrString,
};

use super::Converter;

/// The name that every diagnostic of this server carries.
const SOURCE: &str = "archwright";

/// The diagnostics of a file, in order of place.
pub(crate) fn diagnostics(it: &mut Converter<'_>, file: FileId) -> Vec<Diagnostic> {
    it.snapshot.workspace().findings(file).iter().map(|finding| diagnostic(it, file, finding)).collect()
}

/// One finding.
pub(super) fn diagnostic(it: &mut Converter<'_>, file: FileId, finding: &Finding) -> Diagnostic {
    let related = it.snapshot.session().related_information.then(|| {
        let places = finding.related.iter().filter_map(|related| {
            let location = it.location(related.file, related.span)?;
            Some(DiagnosticRelatedInformation { location, message: related.message.to_string() })
        });
        places.collect()
    });
    Diagnostic {
        range: it.range(file, finding.span),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
            Severity::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(finding.rule.code.to_owned())),
        code_description: finding.rule.url().parse().ok().map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: finding.message.to_string(),
        related_information: related.filter(|it: &Vec<_>| !it.is_empty()),
        tags: None,
        data: Some(json!({ "fixable": finding.fixable })),
    }
}
