//! `--format sarif`: SARIF 2.1.0, which code scanning services and editors read.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use archwright_analysis::{
    Rule, Severity, explain,
    report::{Point, ReportedFinding},
    rules,
};
use serde_json::{Value, json};
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
    let found: Vec<Value> = results.report.findings.iter().map(|it| result(results, it, &mut seen)).collect();
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

fn result(results: &Results, finding: &ReportedFinding, seen: &mut HashMap<String, usize>) -> Value {
    let rule_index = rules::rules().iter().position(|it| it.code == finding.rule);
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": visible(&finding.message) },
        "locations": [{ "physicalLocation": location(results, &finding.file, finding.start, finding.end) }],
        "partialFingerprints": { "archwright/v1": fingerprint(results, finding, seen) },
    });
    if let Some(index) = rule_index {
        result["ruleIndex"] = index.into();
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(id, it)| {
            json!({
                "id": id,
                "message": { "text": visible(&it.message) },
                "physicalLocation": location(results, &it.file, it.start, it.end),
            })
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn location(results: &Results, file: &archwright_analysis::RelPath, start: Point, end: Point) -> Value {
    let shown = results.shown(file);
    let artifact =
        if shown.starts_with("../") { json!({ "uri": uri(&shown) }) } else { json!({ "uri": uri(&shown), "uriBaseId": "SRCROOT" }) };
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
    digest.iter().take(16).map(|it| format!("{it:02x}")).collect()
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
            byte => uri.push_str(&format!("%{byte:02X}")),
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
