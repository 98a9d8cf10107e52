//! `--format sarif`: SARIF 2.1.0, which code scanning services and editors read.

mod changes;
mod review;

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt::Write as _,
    io::{self, Write},
};

use archwright_analysis::{
    RelPath, Rule, Severity, explain,
    report::{NotRead, Point, ReportedFinding},
    rules,
};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Results, escape::visible, json};

pub use changes::write_changes;
pub use review::write_review;

/// Writes one run.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut impl Write, results: &Results) -> io::Result<()> {
    json::write(out, &log(results))
}

/// The log object with its one run. Typed where there are many, so that nothing is built twice.
#[derive(Debug, Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    column_kind: &'static str,
    original_uri_base_ids: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    invocations: Vec<Value>,
    results: Vec<SarifResult<'a>>,
}

fn log(results: &Results) -> Log<'_> {
    let mut seen = Seen::default();
    let found = results.report().findings.iter().map(|it| result(results, it, &mut seen)).collect();
    let mut log = log_of(&rules::rules().iter().map(|it| rule(it)).collect::<Vec<_>>(), found);
    let [run] = &mut log.runs;
    run.invocations.extend(invocation(results));
    log
}

/// What could not be read, which would look like a clean result without a word.
fn invocation(results: &Results) -> Option<Value> {
    let summary = results.summary();
    let notification = |it: &NotRead| {
        let shown = results.shown(&it.file);
        json!({
            "level": "warning",
            "message": { "text": visible(&format!("{shown} was not checked: it {}.", it.reason)) },
            "locations": [{ "physicalLocation": { "artifactLocation": ArtifactLocation::of(&shown) } }],
        })
    };
    let mut notifications: Vec<Value> = results.report().summary.unreadable.iter().map(notification).collect();
    if summary.more_unreadable > 0 {
        let text = format!("{} more documents could not be read.", summary.more_unreadable);
        notifications.push(json!({ "level": "warning", "message": { "text": text } }));
    }
    (!notifications.is_empty())
        .then(|| json!({ "executionSuccessful": true, "toolExecutionNotifications": notifications }))
}

/// One run with these rules and results.
fn log_of<'a>(rules: &[Value], found: Vec<SarifResult<'a>>) -> Log<'a> {
    let run = Run {
        tool: json!({ "driver": {
            "name": "Archwright",
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        }}),
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: json!({ "SRCROOT": { "description": { "text": "The folder in which the check was \
            started." } } }),
        invocations: Vec::new(),
        results: found,
    };
    let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    Log { schema, version: "2.1.0", runs: [run] }
}

fn rule(rule: &Rule) -> Value {
    let page = explain::rule_page(rule);
    let sources: Vec<String> = rule.source_urls().map(|(_, url)| url).collect();
    json!({
        "id": rule.code,
        "name": pascal_case(rule.name()),
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.summary },
        "helpUri": rule.url(),
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": [rule.family()], "sources": sources },
    })
}

/// A result object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message<'a>,
    locations: Vec<SarifPlace<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<SarifPlace<'a>>,
    partial_fingerprints: Fingerprints,
}

#[derive(Debug, Serialize)]
struct Message<'a> {
    text: Cow<'a, str>,
}

#[derive(Debug, Serialize)]
struct Fingerprints {
    #[serde(rename = "archwright/v1")]
    v1: String,
}

/// A location object; the ones that belong to a result have a number and a message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifPlace<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'a>>,
    physical_location: PhysicalLocation,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

fn result<'a>(results: &Results, finding: &'a ReportedFinding, seen: &mut Seen) -> SarifResult<'a> {
    let location = |file: &RelPath, start, end| physical_location(&results.shown(file), start, end);
    let place = location(&finding.file, finding.start, finding.end);
    let related = finding.related.iter().enumerate().map(|(id, it)| SarifPlace {
        id: Some(id),
        message: Some(Message { text: visible(&it.message) }),
        physical_location: location(&it.file, it.start, it.end),
    });
    SarifResult {
        rule_id: finding.rule,
        rule_index: rules::rules().iter().position(|it| it.code == finding.rule),
        level: level(finding.severity),
        message: Message { text: visible(&finding.message) },
        locations: vec![SarifPlace { id: None, message: None, physical_location: place }],
        related_locations: related.collect(),
        partial_fingerprints: seen.fingerprint(&[finding.rule, &results.shown(&finding.file), &finding.message]),
    }
}

fn physical_location(shown: &str, start: Point, end: Point) -> PhysicalLocation {
    PhysicalLocation {
        artifact_location: ArtifactLocation::of(shown),
        region: Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        },
    }
}

impl ArtifactLocation {
    fn of(shown: &str) -> Self {
        // What does not lie below the current folder is not part of what was checked out there.
        let uri_base_id = (!shown.starts_with("../")).then_some("SRCROOT");
        Self { uri: uri(shown), uri_base_id }
    }
}

/// The fingerprints given so far.
#[derive(Debug, Default)]
struct Seen(HashMap<String, usize>);

impl Seen {
    /// What stays the same when lines above a result come and go: rule, file, message, and which of several equal ones
    /// it is.
    fn fingerprint(&mut self, parts: &[&str]) -> Fingerprints {
        let identity = parts.join("\0");
        let nth = self.0.entry(identity.clone()).and_modify(|it| *it += 1).or_default();
        let digest = Sha256::digest(format!("{identity}\0{nth}"));
        let mut hex = String::with_capacity(32);
        for byte in digest.iter().take(16) {
            let _ = write!(hex, "{byte:02x}");
        }
        Fingerprints { v1: hex }
    }
}

/// SARIF knows three levels; remarks and hints are notes.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

/// A relative reference as RFC 3986 writes it: everything but unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn pascal_case(name: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|it| it.to_ascii_uppercase()).into_iter().chain(chars).collect::<String>()
    };
    name.split('-').map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_references() {
        assert_eq!(uri("docs/a b/ü#1.md"), "docs/a%20b/%C3%BC%231.md");
    }

    #[test]
    fn names_are_written_as_sarif_advises() {
        assert_eq!(pascal_case("dead-target"), "DeadTarget");
    }
}
