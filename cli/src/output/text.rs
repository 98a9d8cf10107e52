//! `--format text`: each finding with the lines it is about, then a summary.

use std::io::{self, Write};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use archwright_analysis::{
    FileId, Finding, Severity,
    report::{self, Point, ReportedFinding, Summary},
};
use rayon::prelude::*;

use super::{Checked, Results, count, escape::visible, is_styled, relative_to_cwd, snippet::{Excerpt, Source}};

/// How the text looks.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether it is colored.
    pub styled: bool,
    /// Whether it ends with a summary.
    pub summary: bool,
}

impl Options {
    /// As stdout wants it.
    pub fn for_stdout(quiet: bool) -> Self {
        Self { styled: is_styled(), summary: !quiet }
    }
}

/// Writes all findings.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut impl Write, results: &Results, options: Options) -> io::Result<()> {
    // Excerpts are cropped here, around what they are about, and must not be cropped again.
    let renderer = if options.styled { Renderer::styled() } else { Renderer::plain() }.term_width(1000);
    for checked in &results.checked {
        let files = report::reported_files(&checked.workspace, &checked.filter);
        // Rendered in parallel in slices, so that the first findings appear early and the memory stays small.
        for slice in files.chunks(256) {
            let rendered: Vec<String> = slice.par_iter().map(|file| of_file(checked, *file, &renderer)).collect();
            for text in rendered {
                out.write_all(text.as_bytes())?;
            }
        }
    }
    if options.summary { writeln!(out, "{}", summary(&results.report.summary)) } else { Ok(()) }
}

fn of_file(checked: &Checked, file: FileId, renderer: &Renderer) -> String {
    let shown = checked.workspace.findings(file).iter().filter(|it| checked.filter.shows(it.severity));
    let reported = report::of_file(&checked.workspace, file, &checked.filter);
    let source = source(checked, file);
    let mut rendered = String::new();
    for (finding, reported) in shown.zip(&reported) {
        rendered.push_str(&renderer.render(&[group(checked, file, &source, finding, reported)]));
        rendered.push_str("\n\n");
    }
    rendered
}

fn group<'a>(checked: &Checked, file: FileId, text: &Source, finding: &'a Finding, reported: &'a ReportedFinding) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let mut group = level.primary_title(visible(&finding.message)).id(finding.rule.code).element(origin(checked, file, reported.start));
    if let Some(snippet) = snippet(Excerpt::new(text, finding.span), AnnotationKind::Primary, None) {
        group = group.element(snippet);
    }
    for (place, reported) in finding.related.iter().zip(&reported.related) {
        group = group.element(origin(checked, place.file, reported.start));
        let excerpt = Excerpt::new(&source(checked, place.file), place.span);
        group = match snippet(excerpt, AnnotationKind::Context, Some(&reported.message)) {
            Some(snippet) => group.element(snippet),
            None => group.element(Level::NOTE.message(visible(&reported.message))),
        };
    }
    if let Some(fix) = checked.workspace.fixes(file, finding).into_iter().next() {
        let how = if fix.preferred { " (--fix does it)" } else { "" };
        group = group.element(Level::HELP.message(format!("{}{how}", visible(&fix.title))));
    }
    group
}

fn source(checked: &Checked, file: FileId) -> Source {
    Source::new(checked.workspace.text(file).unwrap_or_default())
}

fn origin(checked: &Checked, file: FileId, start: Point) -> Origin<'static> {
    let path = visible(&relative_to_cwd(&checked.workspace.absolute(file))).into_owned();
    Origin::path(path).line(start.line as usize).char_column(start.column as usize)
}

fn snippet(excerpt: Excerpt, kind: AnnotationKind, label: Option<&str>) -> Option<Snippet<'_, Annotation<'_>>> {
    let annotation = kind.span(excerpt.marked).label(label.map(visible));
    Some(Snippet::source(excerpt.source?).line_start(excerpt.line).annotation(annotation))
}

fn summary(summary: &Summary) -> String {
    let found = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "remark"), (summary.hints, "hint")];
    let found: Vec<String> = found.into_iter().filter(|it| it.0 > 0).map(|(number, noun)| count(number, noun)).collect();
    let files = count(summary.files, "file");
    if found.is_empty() {
        return format!("No problems in {files}.");
    }
    let fixable = if summary.fixable > 0 { format!(" ({} fixable with --fix)", summary.fixable) } else { String::new() };
    format!("{} in {files}{fixable}", found.join(", "))
}
