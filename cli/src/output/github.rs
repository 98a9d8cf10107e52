//! `--format github`: workflow commands, which GitHub Actions shows as annotations.
//!
//! The syntax is that of "Workflow commands for GitHub Actions": properties and the message are escaped with `%`, and
//! columns only count where an annotation stays on one line.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use archwright_analysis::{Severity, report::ReportedFinding};

use super::{Results, escape::visible};

/// Writes one command per finding.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut impl Write, results: &Results) -> io::Result<()> {
    for finding in &results.report().findings {
        write_finding(out, results, finding)?;
    }
    for it in &results.report().summary.unreadable {
        let shown = results.shown(&it.file);
        let message = visible(&format!("{shown} was not checked: it {}.", it.reason)).into_owned();
        writeln!(out, "::notice file={},title=not read::{}", property(&shown), data(&message))?;
    }
    Ok(())
}

fn write_finding(out: &mut impl Write, results: &Results, finding: &ReportedFinding) -> io::Result<()> {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "notice",
    };
    let (start, end) = (finding.start, finding.end);
    write!(
        out,
        "::{command} file={},line={},endLine={}",
        property(&results.shown(&finding.file)),
        start.line,
        end.line
    )?;
    if start.line == end.line {
        write!(out, ",col={},endColumn={}", start.column, end.column)?;
    }
    let mut message = visible(&finding.message).into_owned();
    for place in &finding.related {
        let (file, line) = (results.shown(&place.file), place.start.line);
        let _ = write!(message, "\n{}:{line}: {}", visible(&file), visible(&place.message));
    }
    writeln!(out, ",title={}::{}", property(finding.rule), data(&message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_a_command_or_a_property() {
        assert_eq!(property("a,b:c%\r\n"), "a%2Cb%3Ac%25%0D%0A");
        assert_eq!(data("50%, now:\n::error::no"), "50%25, now:%0A::error::no");
    }
}
