//! `--format text`: each change with the lines of both versions, whom it breaks and the safe way.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use archwright_analysis::operations::{Compared, ComparedChange, ComparedPlace};

use super::breaks;
use crate::output::{
    escape::visible,
    is_styled,
    snippet::{Excerpt, Shifts, Source},
};

/// Writes all changes and, unless `quiet`, what came of it.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut impl Write, compared: &Compared, quiet: bool) -> io::Result<()> {
    // Excerpts are cropped here, around what they are about, and must not be cropped again.
    let renderer = if is_styled() { Renderer::styled() } else { Renderer::plain() }.term_width(1000);
    let sources: HashMap<&str, Source> =
        compared.texts.iter().map(|it| (it.name.as_str(), Source::new(it.text.clone()))).collect();
    for change in &compared.comparison.changes {
        let mut shifts = Shifts::default();
        let group = group(change, &sources, &mut shifts);
        writeln!(out, "{}\n", shifts.undo(renderer.render(&[group])))?;
    }
    if quiet { Ok(()) } else { writeln!(out, "{}", compared.summary()) }
}

fn group<'a>(change: &'a ComparedChange, sources: &HashMap<&str, Source>, shifts: &mut Shifts) -> Group<'a> {
    let level = match change.class {
        "breaking" => Level::ERROR,
        "unclassified" => Level::WARNING,
        _ => Level::INFO,
    };
    let mut group = Group::with_title(level.primary_title(visible(&change.message)).id(change.kind));
    let (primary, other) = match (&change.new, &change.old) {
        (Some(new), old) => (Some((new, "")), old.as_ref().map(|it| (it, "before"))),
        (None, old) => (old.as_ref().map(|it| (it, "before")), None),
    };
    if let Some((place, label)) = primary {
        group = add(group, place, label, AnnotationKind::Primary, (sources, shifts));
    }
    if let Some((place, label)) = other {
        group = add(group, place, label, AnnotationKind::Context, (sources, shifts));
    }
    for place in &change.related {
        group = add(group, place, "refers to it", AnnotationKind::Context, (sources, shifts));
    }
    if !change.breaks.is_empty() {
        group = group.element(Level::NOTE.message(format!("breaks {}", breaks(change))));
    }
    match &change.advice {
        Some(advice) => group.element(Level::HELP.message(visible(advice))),
        None => group,
    }
}

fn add<'a>(
    group: Group<'a>,
    place: &ComparedPlace,
    label: &'a str,
    kind: AnnotationKind,
    (sources, shifts): (&HashMap<&str, Source>, &mut Shifts),
) -> Group<'a> {
    let path = visible(&place.file).into_owned();
    let excerpt = sources.get(place.file.as_str()).map(|it| Excerpt::new(it, place.span));
    if let Some(excerpt) = &excerpt {
        shifts.add(&path, place.start.column, excerpt);
    }
    match excerpt.and_then(|it| Some((it.source?, it.marked, it.line))) {
        Some((source, marked, line)) => {
            let mark = kind.span(marked);
            let mark = if label.is_empty() { mark } else { mark.label(label) };
            group.element(Snippet::source(source).path(path).line_start(line).annotation(mark))
        }
        None => group.element(Origin::path(path)),
    }
}
