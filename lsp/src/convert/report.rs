//! The plan of an operation becomes a page that editors show: what was done, what is left, and what comes next.

use std::fmt::Write as _;

use archwright_analysis::{
    RelPath,
    operations::{Compared, ComparedChange, Entry, FileState, NextStep, Plan},
};

use super::Converter;

/// So many entries of a kind are listed; of more it is said how many there are.
const LISTED: usize = 200;

/// The report on a plan, as Markdown.
pub(crate) fn report(it: &Converter<'_>, operation: &Entry, plan: &Plan) -> String {
    let mut page = format!("# {}\n", operation.title);
    if let Some(declined) = &plan.declined {
        let verdict = if declined.question.is_some() { "Whether it is due is open." } else { "Not due." };
        let _ = write!(page, "\n{verdict} {}\n", plain(&declined.reason));
        if let Some(question) = &declined.question {
            let _ = write!(page, "\n{}\n", plain(question));
        }
    }
    if let Some(compared) = &plan.compared {
        let _ = write!(page, "\n**{}**\n", plain(&compared.summary()));
    }
    if let Some(review) = &plan.review {
        let _ = write!(page, "\n{}", review.markdown());
    }
    if let Some(impact) = &plan.impact {
        let _ = write!(page, "\n{}", impact.markdown(&|at| placed(it, &at.file, at.line)));
    }
    if let Some(scanned) = &plan.scanned {
        let _ = write!(page, "\n{}", scanned.markdown(&|at| placed(it, &at.file, at.line)));
    }
    if let Some(flow) = &plan.flow {
        let _ = write!(page, "\n{}", flow.markdown(&|at| placed(it, &at.file, at.line)));
    }
    if let Some(recommended) = &plan.recommended {
        let _ = write!(page, "\n{}", recommended.text(true));
    }
    let files = plan.files.iter().map(|file| {
        let state = match file.state {
            FileState::Created => "new",
            FileState::Changed => "changed",
            FileState::Unchanged => "unchanged",
        };
        format!("{}: {state}", it.link(&file.path, None))
    });
    list(&mut page, "Files", files);
    list(&mut page, "Changes", plan.compared.iter().flat_map(changes).map(|change| changed(it, change)));
    let notes = plan.notes.iter().map(|note| {
        let place = placed(it, &RelPath::new(&note.file), note.at.line);
        format!("{place}: {}", plain(&note.message))
    });
    list(&mut page, "Remarks", notes);
    let findings = plan.findings.iter().map(|finding| {
        let place = placed(it, &finding.file, finding.start.line);
        format!("{place}: {} `{}`: {}", finding.severity, finding.rule, plain(&finding.message))
    });
    list(&mut page, "Problems that are left", findings);
    let questions = plan.questions.iter().map(|question| {
        let field = question.field.as_ref().map_or_else(String::new, |it| format!("{}: ", plain(it)));
        format!("{}: {field}{}", placed(it, &question.file, question.line), plain(&question.question))
    });
    list(&mut page, "Questions to answer", questions);
    list(&mut page, "Next", plan.next_steps.iter().map(|it| plain(&words(it))));
    page
}

/// A heading and a list below it, if there is anything to list.
fn list(page: &mut String, title: &str, entries: impl Iterator<Item = String>) {
    let mut left = 0;
    for (at, entry) in entries.enumerate() {
        if at == 0 {
            let _ = write!(page, "\n## {title}\n\n");
        }
        if at < LISTED {
            let _ = writeln!(page, "- {entry}");
        } else {
            left += 1;
        }
    }
    if left > 0 {
        let _ = writeln!(page, "- and {left} more");
    }
}

fn changes(compared: &Compared) -> &[ComparedChange] {
    &compared.comparison.changes
}

/// A change between two versions: where, how bad, what, and the safe way.
fn changed(it: &Converter<'_>, change: &ComparedChange) -> String {
    let place = change.new.as_ref().or(change.old.as_ref());
    let place =
        place.map_or_else(String::new, |at| format!("{}: ", placed(it, &RelPath::new(&at.file), at.start.line)));
    let breaks = if change.breaks.is_empty() { String::new() } else { format!(" ({})", change.breaks.join(", ")) };
    let advice = change.advice.as_ref().map_or_else(String::new, |it| format!(" {}", plain(it)));
    let users: Vec<String> =
        change.related.iter().map(|at| placed(it, &RelPath::new(&at.file), at.start.line)).collect();
    let users = if users.is_empty() { String::new() } else { format!(" Used by {}.", enumerated(&users)) };
    format!("{place}{}{breaks}: {}{advice}{users}", change.class, plain(&change.message))
}

/// The first of some places, and how many more there are.
fn enumerated(places: &[String]) -> String {
    const MOST: usize = 3;
    let first = places.iter().take(MOST).cloned().collect::<Vec<_>>().join("; ");
    match places.len().checked_sub(MOST).filter(|it| *it > 0) {
        Some(more) => format!("{first} and {more} more"),
        None => first,
    }
}

fn placed(it: &Converter<'_>, path: &RelPath, line: u32) -> String {
    format!("{}, line {line}", it.link(path, Some(line)))
}

/// A sentence that is Markdown with code spans, without what could become a tag or a line of its own.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut in_code = false;
    for it in text.chars() {
        match it {
            '`' => in_code = !in_code,
            '<' if !in_code => shown.push('\\'),
            _ => {}
        }
        shown.push(if it.is_control() { ' ' } else { it });
    }
    shown
}

/// A step in the words of an editor.
fn words(step: &NextStep) -> String {
    match step {
        NextStep::FixErrors { .. } => format!("{step} They are among the problems of the files."),
        NextStep::AnswerQuestions { .. } => format!("{step} Write the answers in their places."),
        NextStep::MendBreaks { .. } => format!("{step} The operation `next-version` writes its files."),
        NextStep::WriteContract { .. } => {
            format!("{step} The operation `contract` does.")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_becomes_no_tag_and_stays_in_its_line() {
        assert_eq!(plain("write <b> as `<b>`,\nor not"), "write \\<b> as `<b>`, or not");
    }

    #[test]
    fn a_list_says_how_much_it_leaves_out() {
        let mut page = String::new();
        list(&mut page, "Files", std::iter::empty());
        assert_eq!(page, "");
        list(&mut page, "Files", (0..=LISTED).map(|it| it.to_string()));
        assert!(page.starts_with("\n## Files\n\n- 0\n") && page.ends_with("- 199\n- and 1 more\n"), "{page}");
    }
}
