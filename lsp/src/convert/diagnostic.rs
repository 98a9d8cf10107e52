//! Findings become diagnostics.

use archwright_analysis::{FileId, Finding, Severity};
use archwright_syntax::Span;
use serde_json::json;
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, NumberOrString,
};

use super::Converter;

/// The name that every diagnostic of this server carries.
const SOURCE: &str = "archwright";

/// How many findings of one file are shown. Nobody reads more of them in an editor, and with each change all of them go
/// over the wire and are drawn.
const MOST: usize = 1_000;

/// The diagnostics of a file, in order of place. Of very many the worst are shown, and how many more there are.
pub(crate) fn diagnostics(it: &mut Converter<'_>, file: FileId) -> Vec<Diagnostic> {
    let findings = it.snapshot.workspace().findings(file);
    let mut shown: Vec<&Finding> = findings.iter().collect();
    // Stable, so that of equals the first in the text are shown.
    shown.sort_by_key(|it| it.severity);
    let more = shown.split_off(MOST.min(shown.len()));
    shown.sort_by_key(|it| it.span.start);
    let mut diagnostics: Vec<_> = shown.into_iter().map(|finding| diagnostic(it, file, finding)).collect();
    diagnostics.extend(more.first().map(|first| {
        let path = it.snapshot.workspace().path(file);
        Diagnostic {
            range: it.range(file, Span::empty(first.span.start as usize)),
            severity: Some(DiagnosticSeverity::INFORMATION),
            source: Some(SOURCE.to_owned()),
            message: format!(
                "{} more findings in this file are not shown; `archwright check {path}` lists all of them.",
                more.len()
            ),
            ..Diagnostic::default()
        }
    }));
    diagnostics
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
