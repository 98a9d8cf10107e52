//! Findings with positions as people and programs read them: 1-based, columns in Unicode characters.

mod summary;
mod unread;

use std::sync::Arc;

use archwright_model::{FileId, Kind, RelPath, Severity, language::unread_language};
use archwright_syntax::{Encoding, LineIndex, Span};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::Workspace;

pub use summary::{CodeRead, ComparedWith, NotCompared, NotRead, Summary};
pub use unread::UnreadDocuments;

/// The result of a check, as `--format json` prints it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "archwright check --format json")]
pub struct Report {
    /// Version of this format: 1.
    pub version: u32,
    /// Findings by file, then place.
    pub findings: Vec<ReportedFinding>,
    /// Counts.
    pub summary: Summary,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportedFinding {
    /// The rule's code.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file, relative to the workspace root.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// Where it starts.
    pub start: Point,
    /// Where it ends; the column is one past the last character.
    pub end: Point,
    /// What is wrong.
    pub message: String,
    /// Other places that belong to it.
    pub related: Vec<ReportedPlace>,
    /// Whether `--fix` can mend it.
    pub fixable: bool,
}

/// A place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportedPlace {
    /// The file, relative to the workspace root.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// Where it starts.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
    /// What stands there.
    pub message: String,
}

/// A 1-based place; the column counts Unicode characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Point {
    /// 1-based line.
    pub line: u32,
    /// 1-based column.
    pub column: u32,
}

/// What goes into a report.
#[derive(Clone, Debug, Default)]
pub struct ReportFilter {
    /// Only files at or below these paths; empty means all.
    pub paths: Vec<RelPath>,
    /// Only findings at least this bad; nothing means warnings and errors and remarks, but no hints.
    pub least: Option<Severity>,
}

impl ReportFilter {
    /// Whether a file belongs to the report.
    pub fn covers(&self, path: &RelPath) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|it| is_below(path, it))
    }

    /// Whether a severity belongs to the report.
    pub fn shows(&self, severity: Severity) -> bool {
        severity <= self.least.unwrap_or(Severity::Info)
    }
}

fn is_below(path: &RelPath, folder: &RelPath) -> bool {
    folder.as_str().is_empty()
        || path == folder
        || path.as_str().strip_prefix(folder.as_str()).is_some_and(|it| it.starts_with('/'))
}

/// The files of a workspace whose findings a report shows, in order of path.
pub fn reported_files(workspace: &Workspace, filter: &ReportFilter) -> Vec<FileId> {
    let shown = |it: &FileId| {
        workspace.findings(*it).iter().any(|it| filter.shows(it.severity)) && filter.covers(workspace.path(*it))
    };
    let mut files: Vec<FileId> = workspace.found().filter(shown).collect();
    files.sort_by_key(|it| workspace.path(*it));
    files
}

/// Makes a report.
pub fn report(workspace: &Workspace, filter: &ReportFilter) -> Report {
    let files = reported_files(workspace, filter);
    let findings: Vec<Vec<ReportedFinding>> = files.par_iter().map(|file| of_file(workspace, *file, filter)).collect();
    let findings: Vec<ReportedFinding> = findings.into_iter().flatten().collect();
    Report { version: 1, findings, summary: summary(workspace, filter) }
}

/// The counts of a report.
pub fn summary(workspace: &Workspace, filter: &ReportFilter) -> Summary {
    let mut summary =
        Summary { compared_with: workspace.compared_with(filter).into_iter().collect(), ..Summary::default() };
    summary.code = workspace.code();
    let mut unread = unread::Counts::default();
    let profile = workspace.config().profile();
    for file in workspace.inside(&RelPath::default()) {
        let path = workspace.path(file);
        let is_of_none = workspace.facts(file).is_none_or(|it| it.kind == Kind::Document);
        if let Some(found) = is_of_none.then(|| profile.unread(path)).flatten().filter(|_| filter.covers(path)) {
            unread.add(found, &path.parent());
        }
        if let Some(language) =
            unread_language(path.extension(), summary.code.is_some()).filter(|_| filter.covers(path))
        {
            *summary.unread_code.entry(language).or_default() += 1;
        }
    }
    summary.unread_documents = unread.by_kind();
    for file in workspace.files().filter(|it| filter.covers(workspace.path(*it))) {
        summary.files += 1;
        *summary.kinds.entry(workspace.kind(file)).or_default() += 1;
        if let Some(dialect) = workspace.dialect(file).filter(|it| it.is_foreign) {
            let forms = summary.dialects.entry(dialect.kind).or_default();
            *forms.entry(dialect.title.clone()).or_default() += 1;
        }
        if workspace.facts(file).is_some_and(|it| it.resembles.is_some()) {
            *summary.unrecognised.entry(workspace.path(file).parent()).or_default() += 1;
        }
        let findings = workspace.findings(file);
        summary.unreadable.extend(not_read(workspace, file));
        let questions = findings.iter().filter(|it| it.rule.asks).count();
        summary.questions += questions;
        summary.asking += usize::from(questions > 0);
    }
    let shown = reported_files(workspace, filter).into_iter().flat_map(|it| workspace.findings(it));
    for finding in shown.filter(|it| filter.shows(it.severity)) {
        *match finding.severity {
            Severity::Error => &mut summary.errors,
            Severity::Warning => &mut summary.warnings,
            Severity::Info => &mut summary.infos,
            Severity::Hint => &mut summary.hints,
        } += 1;
        summary.fixable += usize::from(finding.fixable && finding.certain);
    }
    summary.bounded()
}

/// What keeps a document from being read of which nobody can say whether it is an artifact. Of an artifact a finding
/// tells it, and of code the rules on code.
fn not_read(workspace: &Workspace, file: FileId) -> Option<NotRead> {
    let facts = workspace.facts(file)?;
    let why = facts.unreadable.as_ref().filter(|_| facts.kind == Kind::Document)?;
    let is_told = workspace.findings(file).iter().any(|it| it.rule.code == "document/unreadable");
    let file = facts.path.clone();
    (!is_told).then(|| NotRead { file, reason: why.to_string() })
}

/// The reported findings of one file.
pub fn of_file(workspace: &Workspace, file: FileId, filter: &ReportFilter) -> Vec<ReportedFinding> {
    let places = Places::new(workspace, file);
    let shown = workspace.findings(file).iter().filter(|it| filter.shows(it.severity));
    shown
        .map(|finding| {
            let (start, end) = places.points(finding.span);
            let related = finding.related.iter().map(|it| {
                let (start, end) = if it.file == file {
                    places.points(it.span)
                } else {
                    Places::new(workspace, it.file).points(it.span)
                };
                ReportedPlace { file: workspace.path(it.file).clone(), start, end, message: it.message.to_string() }
            });
            ReportedFinding {
                rule: finding.rule.code,
                severity: finding.severity,
                file: workspace.path(file).clone(),
                start,
                end,
                message: finding.message.to_string(),
                related: related.collect(),
                fixable: finding.fixable && finding.certain,
            }
        })
        .collect()
}

/// Turns spans of one file into 1-based points.
pub struct Places {
    text: Arc<str>,
    lines: LineIndex,
}

impl Places {
    /// For a file of a workspace.
    pub fn new(workspace: &Workspace, file: FileId) -> Self {
        Self::of(workspace.text(file).unwrap_or_default())
    }

    /// For a text.
    pub fn of(text: Arc<str>) -> Self {
        let lines = LineIndex::new(&text);
        Self { text, lines }
    }

    /// Both ends of a span.
    pub fn points(&self, span: Span) -> (Point, Point) {
        let point = |offset: u32| {
            let position = self.lines.position(offset as usize, &self.text, Encoding::Utf32);
            Point { line: position.line + 1, column: position.column + 1 }
        };
        (point(span.start), point(span.end))
    }
}

/// The JSON Schema of [`Report`].
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}
