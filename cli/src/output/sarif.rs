//! `--format sarif`: SARIF 2.1.0, which code scanning services and editors read.

use std::{
    collections::HashMap,
    fmt::Write as _,
    io::{self, Write},
};

use archwright_analysis::{
    RelPath, Rule, Severity, explain,
    report::{Point, ReportedFinding},
    rules,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Results, escape::visible};

/// Writes one run.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut impl Write, results: &Results) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &log(results))?;
    writeln!(out)
}

fn log(results: &Results) -> Value {
    let mut seen = HashMap::new();
    let found: Vec<SarifResult> = results.report.findings.iter().map(|it| result(results, it, &mut seen)).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Archwright",
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules::rules().iter().map(|it| rule(it)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "SRCROOT": { "description": { "text": "The folder in which the check was started." } } },
            "results": found,
        }],
    })
}

fn rule(rule: &Rule) -> Value {
    let page = explain::rule_page(rule);
    json!({
        "id": rule.code,
        "name": pascal_case(rule.name()),
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.summary },
        "helpUri": rule.url(),
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": [rule.family()], "sources": rule.sources },
    })
}

/// A result object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Value,
    locations: [SarifPlace; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<SarifPlace>,
    partial_fingerprints: Value,
}

/// A location object; the ones that belong to a result have a number and a message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifPlace {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Value>,
    physical_location: Value,
}

fn result(results: &Results, finding: &ReportedFinding, seen: &mut HashMap<String, usize>) -> SarifResult {
    let place = physical_location(results, &finding.file, finding.start, finding.end);
    let related = finding.related.iter().enumerate().map(|(id, it)| SarifPlace {
        id: Some(id),
        message: Some(json!({ "text": visible(&it.message) })),
        physical_location: physical_location(results, &it.file, it.start, it.end),
    });
    SarifResult {
        rule_id: finding.rule,
        rule_index: rules::rules().iter().position(|it| it.code == finding.rule),
        level: level(finding.severity),
        message: json!({ "text": visible(&finding.message) }),
        locations: [SarifPlace { id: None, message: None, physical_location: place }],
        related_locations: related.collect(),
        partial_fingerprints: json!({ "archwright/v1": fingerprint(results, finding, seen) }),
    }
}

fn physical_location(results: &Results, file: &RelPath, start: Point, end: Point) -> Value {
    let shown = results.shown(file);
    // What does not lie below the current folder is not part of what was checked out there.
    let base = (!shown.starts_with("../")).then_some("SRCROOT");
    let mut artifact = Map::from_iter([("uri".to_owned(), uri(&shown).into())]);
    artifact.extend(base.map(|it| ("uriBaseId".to_owned(), it.into())));
    json!({
        "artifactLocation": artifact,
        "region": { "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column },
    })
}

/// What stays the same when lines above the finding come and go: rule, file, message, and which of several equal ones it is.
fn fingerprint(results: &Results, finding: &ReportedFinding, seen: &mut HashMap<String, usize>) -> String {
    let identity = format!("{}\0{}\0{}", finding.rule, results.shown(&finding.file), finding.message);
    let nth = seen.entry(identity.clone()).and_modify(|it| *it += 1).or_default();
    let digest = Sha256::digest(format!("{identity}\0{nth}"));
    let mut hex = String::with_capacity(32);
    for byte in digest.iter().take(16) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
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
