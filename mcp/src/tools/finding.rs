//! A finding as tools show it.

use std::fmt::Write as _;

use archwright_analysis::{Severity, report::ReportedFinding};
use schemars::JsonSchema;
use serde::Serialize;

use super::is_zero;
use crate::{
    answer::size,
    text::{count, shorten},
};

/// The longest message that is shown in full, in bytes.
const MESSAGE_BYTES: usize = 600;

/// How many related places are shown unless everything was asked for.
const RELATED: usize = 3;

/// How long they are at most, in bytes, and how long if everything was asked for.
const RELATED_BYTES: (usize, usize) = (2 * 1024, 10 * 1024);

/// A finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingAnswer {
    pub file: String,
    line: u32,
    column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    severity: Severity,
    rule: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<PlaceAnswer>,
    /// How many places more belong to it.
    #[serde(skip_serializing_if = "is_zero")]
    more_related: usize,
    /// What its fix does, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

/// A place that belongs to a finding.
#[derive(Debug, Serialize, JsonSchema)]
struct PlaceAnswer {
    file: String,
    line: u32,
    column: u32,
    message: String,
}

impl FindingAnswer {
    /// A finding with the title of its fix; with its end and all related places if everything was asked for.
    pub fn new(finding: &ReportedFinding, fix: Option<String>, full: bool) -> Self {
        let (places, bytes) = if full { (usize::MAX, RELATED_BYTES.1) } else { (RELATED, RELATED_BYTES.0) };
        let mut left = bytes;
        let related = finding.related.iter().take(places).map_while(|it| {
            let place = PlaceAnswer {
                file: it.file.to_string(),
                line: it.start.line,
                column: it.start.column,
                message: shorten(&it.message, MESSAGE_BYTES).into_owned(),
            };
            left = left.checked_sub(size(&place))?;
            Some(place)
        });
        let related: Vec<PlaceAnswer> = related.collect();
        Self {
            file: finding.file.to_string(),
            line: finding.start.line,
            column: finding.start.column,
            end_line: full.then_some(finding.end.line),
            end_column: full.then_some(finding.end.column),
            severity: finding.severity,
            rule: finding.rule,
            message: shorten(&finding.message, MESSAGE_BYTES).into_owned(),
            more_related: finding.related.len() - related.len(),
            related,
            fix,
        }
    }

    /// The finding as one line below the path of its file.
    pub fn line(&self) -> String {
        let Self { line, column, severity, rule, message, .. } = self;
        let mut text = format!("  {line}:{column} {severity} {rule}: {message}");
        for it in &self.related {
            let _ = write!(text, " (see {}:{}: {})", it.file, it.line, it.message);
        }
        if self.more_related > 0 {
            let _ = write!(text, " (and {})", count(self.more_related, "more place"));
        }
        if let Some(fix) = &self.fix {
            let _ = write!(text, " [fix: {fix}]");
        }
        text.replace('\n', " ")
    }
}
