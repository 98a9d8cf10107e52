//! `--format markdown`: what changed as a table, to be put under a pull request.

use std::io::{self, Write};

use archwright_analysis::operations::{Compared, ComparedChange, ComparedPlace};

use super::breaks;
use crate::output::escape::visible;

/// Writes the summary and one row per change.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut impl Write, compared: &Compared) -> io::Result<()> {
    writeln!(out, "**{}**", compared.summary())?;
    let changes = &compared.comparison.changes;
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| Where | Change | Breaks | Safe way |\n|---|---|---|---|")?;
    for change in changes {
        writeln!(out, "{}", row(change))?;
    }
    Ok(())
}

fn row(change: &ComparedChange) -> String {
    let place = change.new.as_ref().or(change.old.as_ref()).map_or_else(String::new, place);
    let path = if change.path.is_empty() { String::new() } else { format!("{} ", code(&change.path)) };
    let breaks = match change.class {
        "unclassified" => "to be judged".to_owned(),
        _ if change.breaks.is_empty() => "nobody".to_owned(),
        _ => breaks(change),
    };
    let advice = change.advice.as_deref().unwrap_or_default();
    let users: Vec<String> = change.related.iter().map(users).collect();
    let users = if users.is_empty() { String::new() } else { format!(" used by {}", users.join(", ")) };
    format!("| {path}{place}{users} | {}: {} | {breaks} | {} |", code(change.kind), cell(&change.message), cell(advice))
}

fn users(place: &ComparedPlace) -> String {
    format!("{}:{}", cell(&place.file), place.start.line)
}

fn place(place: &ComparedPlace) -> String {
    format!("({}:{})", cell(&place.file), place.start.line)
}

fn code(text: &str) -> String {
    format!("`{}`", cell(text).replace('`', "'"))
}

/// A text that cannot end its cell or its row.
fn cell(text: &str) -> String {
    visible(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_stays_a_row() {
        let change = ComparedChange {
            kind: "TYPE_CHANGED",
            class: "breaking",
            mode: "full".into(),
            path: "/a|b`".into(),
            breaks: vec!["backward", "forward"],
            old: None,
            new: None,
            related: Vec::new(),
            message: "was `a|b`\nand is not".into(),
            advice: None,
        };
        assert_eq!(
            row(&change),
            r"| `/a\|b'`  | `TYPE_CHANGED`: was `a\|b`\u{a}and is not | new readers of old messages and old readers of new messages |  |"
        );
    }
}
