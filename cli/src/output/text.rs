//! `--format text`: each finding with the lines it is about, then a summary.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use archwright_analysis::{
    FileId, Finding, Fixer, Severity,
    report::{self, ReportedFinding, Summary},
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{
    Checked, Results, count,
    escape::visible,
    is_styled, relative_to_cwd,
    repeated::Repeated,
    snippet::{Excerpt, Shifts, Source},
};

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
        let repeated = Repeated::of(checked, &files);
        // Rendered in parallel in slices, so that the first findings appear early and the memory stays small.
        for slice in files.chunks(256) {
            let rendered: Vec<String> =
                slice.par_iter().map(|file| of_file(checked, *file, &repeated, &renderer)).collect();
            for text in rendered {
                out.write_all(text.as_bytes())?;
            }
        }
        for line in repeated.lines(checked) {
            writeln!(out, "{line}")?;
        }
    }
    // After `--fix`, what could be fixed and is there was refused, and was named.
    let is_fixed = results.checked.iter().any(|it| it.is_fixed);
    let mut counts = results.summary();
    counts.fixable = if is_fixed { 0 } else { counts.fixable };
    if options.summary { writeln!(out, "{}", summary(&counts)) } else { Ok(()) }
}

fn of_file(checked: &Checked, file: FileId, repeated: &Repeated, renderer: &Renderer) -> String {
    let shown = checked.workspace.findings(file).iter().filter(|it| checked.filter.shows(it.severity));
    let reported = report::of_file(&checked.workspace, file, &checked.filter);
    let mut sources = Sources { checked, known: FxHashMap::default() };
    let fixer = checked.workspace.fixer(file);
    let mut rendered = String::new();
    for (at, (finding, reported)) in shown.zip(&reported).enumerate() {
        if repeated.hides(file, at) {
            continue;
        }
        let mut shifts = Shifts::default();
        let group = group(&mut sources, file, &fixer, finding, reported, &mut shifts);
        rendered.push_str(&shifts.undo(renderer.render(&[group])));
        rendered.push_str("\n\n");
    }
    rendered
}

fn group<'a>(
    sources: &mut Sources<'_>,
    file: FileId,
    fixer: &Fixer,
    finding: &'a Finding,
    reported: &'a ReportedFinding,
    shifts: &mut Shifts,
) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let checked = sources.checked;
    let path = shown_path(checked, file);
    let mut group = Group::with_title(level.primary_title(visible(&finding.message)).id(finding.rule.code));
    let excerpt = Excerpt::new(sources.of(file), finding.span);
    shifts.add(&path, reported.start.column, &excerpt);
    group = match excerpt.source {
        Some(source) => {
            let mark = AnnotationKind::Primary.span(excerpt.marked);
            group.element(Snippet::source(source).path(path).line_start(excerpt.line).annotation(mark))
        }
        None => group.element(Origin::path(path)),
    };
    for (place, reported) in finding.related.iter().zip(&reported.related) {
        let path = shown_path(checked, place.file);
        let excerpt = Excerpt::new(sources.of(place.file), place.span);
        shifts.add(&path, reported.start.column, &excerpt);
        let label = visible(&reported.message);
        group = match excerpt.source {
            Some(source) => {
                let mark = AnnotationKind::Context.span(excerpt.marked).label(label);
                group.element(Snippet::source(source).path(path).line_start(excerpt.line).annotation(mark))
            }
            None => group.element(Level::NOTE.message(format!("{path}: {label}"))),
        };
    }
    if let Some(fix) = fixer.fixes(finding).into_iter().next() {
        let how = if fix.preferred && !checked.is_fixed { " (--fix does it)" } else { "" };
        group = group.element(Level::HELP.message(format!("{}{how}", visible(&fix.title))));
    }
    group
}

/// The texts that findings of one file are about. Many findings may point to the same one.
struct Sources<'c> {
    checked: &'c Checked,
    known: FxHashMap<FileId, Source>,
}

impl Sources<'_> {
    fn of(&mut self, file: FileId) -> &Source {
        let read = || Source::new(self.checked.workspace.text(file).unwrap_or_default());
        self.known.entry(file).or_insert_with(read)
    }
}

fn shown_path(checked: &Checked, file: FileId) -> String {
    visible(&relative_to_cwd(&checked.workspace.absolute(file))).into_owned()
}

/// What was found, and a line on what was looked at.
fn summary(summary: &Summary) -> String {
    let mut lines = vec![found(summary), summary.recognised()];
    lines.extend(open(summary));
    lines.extend(summary.compared_with.iter().map(|it| visible(&it.sentence()).into_owned()));
    lines.join("\n")
}

/// What documents leave open. Most of it is fine while they are written, and easily forgotten.
fn open(summary: &Summary) -> Option<String> {
    if summary.questions == 0 {
        return None;
    }
    let (questions, documents) = (count(summary.questions, "question"), count(summary.asking, "document"));
    let how = if summary.hints > 0 { "" } else { "; `--severity hint` lists them" };
    Some(format!("Open: {questions} in {documents}{how}."))
}

fn found(summary: &Summary) -> String {
    let found =
        [(summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "remark"), (summary.hints, "hint")];
    let found: Vec<String> =
        found.into_iter().filter(|it| it.0 > 0).map(|(number, noun)| count(number, noun)).collect();
    let files = count(summary.files, "file");
    if found.is_empty() && summary.files == 0 {
        return "No file was checked.".to_owned();
    }
    if found.is_empty() {
        return format!("No problems in {files}.");
    }
    let fixable =
        if summary.fixable > 0 { format!(" ({} fixable with --fix)", summary.fixable) } else { String::new() };
    format!("{} in {files}{fixable}", found.join(", "))
}
