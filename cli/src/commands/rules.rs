//! `archwright rules`: the list of all rules.

use std::io::{self, Write};

use archwright_analysis::{Kind, Rule, Severity, page, rules};
use serde::Serialize;

use super::{CommandError, Outcome};
use crate::{
    args::{ListFormat, RulesArguments},
    output,
};

/// A rule as `--format json` prints it.
#[derive(Debug, Serialize)]
struct Entry {
    code: &'static str,
    severity: Severity,
    /// Whether it is off unless the configuration asks for it.
    optional: bool,
    summary: &'static str,
    fixable: bool,
    applies_to: Vec<&'static str>,
    sources: &'static [&'static str],
    /// For a rule that judges what documents say: how often it spoke of real ones, and how often it was right.
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<Measured>,
    url: String,
    /// The rules of other tools that demand the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    same_as: Vec<&'static str>,
}

/// The figures of a rule.
#[derive(Debug, Serialize)]
struct Measured {
    day: String,
    documents: usize,
    spoken: usize,
    right: usize,
}

impl Measured {
    fn new(it: page::Measured) -> Self {
        Self { day: it.day, documents: it.documents, spoken: it.spoken, right: it.right }
    }
}

impl Entry {
    fn new(rule: &Rule) -> Self {
        Self {
            code: rule.code,
            severity: rule.severity,
            optional: rule.optional,
            summary: rule.summary,
            fixable: rule.fixable(),
            applies_to: rule.applies_to.iter().map(|it: &Kind| it.name()).collect(),
            sources: rule.sources,
            measured: page::measured(rule.page).filter(|_| rule.judges_content).map(Measured::new),
            url: rule.url(),
            same_as: rule.same_as.to_vec(),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// If the output cannot be written.
pub fn run(arguments: &RulesArguments) -> Result<Outcome, CommandError> {
    let mut out = output::stdout();
    match arguments.format {
        ListFormat::Text => write_text(&mut out)?,
        ListFormat::Json => {
            let entries: Vec<Entry> = rules::rules().iter().map(|it| Entry::new(it)).collect();
            output::json::write(&mut out, &entries)?;
        }
    }
    io::Write::flush(&mut out)?;
    Ok(Outcome::Clean)
}

fn write_text(out: &mut impl Write) -> io::Result<()> {
    let width = rules::rules().iter().map(|it| it.code.len()).max().unwrap_or_default();
    for rule in rules::rules() {
        let fix = if rule.fixable() { "fix" } else { "" };
        writeln!(out, "{:width$}  {:7}  {fix:3}  {}", rule.code, rule.level(), rule.summary)?;
    }
    Ok(())
}
