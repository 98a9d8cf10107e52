//! The figures of `archwright eval`, as text and as Markdown.

use std::io::{self, Write};

use archwright_analysis::operations::{Evaluation, JudgedFinding, Miss, NotLookedAt, Score};

use super::{count, escape::visible};

/// How many misses, false alarms and unjudged findings are listed each; `--format json` has all.
const MOST_LISTED: usize = 50;

/// What the columns of the figures are called.
const COLUMNS: [&str; 10] =
    ["By rule", "Faults", "Hits", "Misses", "Traps", "Fired", "False alarms", "Precision", "Recall", "F1"];

/// Writes the figures for people at a terminal.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_text(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    let rows = rows(evaluation);
    let width = |column: usize| rows.iter().filter_map(|it| it.get(column)).map(String::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..COLUMNS.len()).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate();
        let line: Vec<String> = cells
            .map(
                |(number, (cell, width))| {
                    if number == 0 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
                },
            )
            .collect();
        writeln!(out, "{}", line.join("  ").trim_end())?;
    }
    for list in lists(evaluation) {
        writeln!(out, "\n{}:", list.title)?;
        for line in &list.lines {
            writeln!(out, "  {}", visible(line))?;
        }
    }
    writeln!(out, "\nNot looked at:")?;
    for line in not_looked_at(evaluation) {
        writeln!(out, "  {}", visible(&line))?;
    }
    Ok(())
}

/// Writes the figures as tables and lists of Markdown.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_markdown(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    for (number, row) in rows(evaluation).iter().enumerate() {
        writeln!(out, "| {} |", row.join(" | "))?;
        if number == 0 {
            writeln!(out, "| --- |{}", " ---: |".repeat(COLUMNS.len() - 1))?;
        }
    }
    for list in lists(evaluation) {
        writeln!(out, "\n## {}\n", list.title)?;
        for line in &list.lines {
            writeln!(out, "- {}", in_markdown(line))?;
        }
    }
    writeln!(out, "\n## Not looked at\n")?;
    for line in not_looked_at(evaluation) {
        writeln!(out, "- {}", in_markdown(&line))?;
    }
    Ok(())
}

/// A line of text as Markdown shows it, with nothing in it that would begin a tag or a link.
fn in_markdown(line: &str) -> String {
    visible(line).replace('<', "&lt;").replace('[', "\\[")
}

/// The heading, a row for each rule, and the sum.
fn rows(evaluation: &Evaluation) -> Vec<Vec<String>> {
    let mut rows = vec![COLUMNS.iter().map(|it| (*it).to_owned()).collect()];
    rows.extend(evaluation.by_rule.iter().map(|(name, score)| row(name, score)));
    rows.push(row("all", &evaluation.overall));
    rows
}

fn row(name: &str, score: &Score) -> Vec<String> {
    let share = |it: Option<f64>| it.map_or_else(|| "-".to_owned(), |it| format!("{:.1} %", it * 100.0));
    vec![
        name.to_owned(),
        (score.hits + score.misses).to_string(),
        score.hits.to_string(),
        score.misses.to_string(),
        score.traps.to_string(),
        score.sprung.to_string(),
        score.false_alarms.to_string(),
        share(score.precision),
        share(score.recall),
        share(score.f1),
    ]
}

/// A titled list, cut to what people read.
struct List {
    title: String,
    lines: Vec<String>,
}

impl List {
    /// Nothing if there is nothing to list.
    fn of<T>(title: &str, all: &[T], line: impl Fn(&T) -> String) -> Option<Self> {
        let mut lines: Vec<String> = all.iter().take(MOST_LISTED).map(line).collect();
        if let Some(more) = all.len().checked_sub(MOST_LISTED).filter(|it| *it > 0) {
            lines.push(format!("and {more} more; --format json has them"));
        }
        (!lines.is_empty()).then(|| Self { title: format!("{title} ({})", all.len()), lines })
    }
}

fn lists(evaluation: &Evaluation) -> impl Iterator<Item = List> {
    let missed = |it: &Miss| {
        let rule = it.rule.as_deref().unwrap_or("any rule");
        let note = it.note.as_ref().map_or_else(String::new, |it| format!(": {it}"));
        let why = it.why.as_ref().map_or_else(String::new, |it| format!(" ({it})"));
        format!("{}:{} {rule}{note}{why}", it.file, it.line)
    };
    let judged = |it: &JudgedFinding| {
        let note = it.note.as_ref().map_or_else(String::new, |it| format!(" (trap: {it})"));
        format!("{}:{} {}: {}{note}", it.file, it.line, it.rule, it.message)
    };
    let lists = [
        List::of("Missed", &evaluation.misses, missed),
        List::of("False alarms", &evaluation.false_alarms, judged),
        List::of("Beside the labels, judged by nobody", &evaluation.unjudged, judged),
    ];
    lists.into_iter().flatten()
}

/// What the figures do not tell, in sentences.
fn not_looked_at(evaluation: &Evaluation) -> Vec<String> {
    let NotLookedAt { recognised, switched_off, unlabelled_artifacts, of_other_rules, less_severe } =
        &evaluation.not_looked_at;
    let mut lines = vec![recognised.clone(), "Nothing was compared with git, so no change was judged.".to_owned()];
    if *unlabelled_artifacts > 0 {
        lines.push(format!(
            "{} without a label: what is missed there is not known.",
            count(*unlabelled_artifacts, "artifact")
        ));
    }
    if *of_other_rules > 0 {
        lines.push(format!("{} of rules that the manifest does not name.", count(*of_other_rules, "finding")));
    }
    if *less_severe > 0 {
        lines.push(format!("{} below the severity of the manifest.", count(*less_severe, "finding")));
    }
    if !switched_off.is_empty() {
        lines.push(format!("Switched off: {}.", switched_off.join(", ")));
    }
    lines
}
