//! The sample workspaces: the clean one has no findings, the faulty one has exactly the planted ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{collections::BTreeSet, path::PathBuf};

use archwright_analysis::{OpenOptions, Root, rules};
use archwright_syntax::{Encoding, LineIndex};
use serde::Deserialize;

/// A planted fault: see `tests/workspaces/README.md`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Planted {
    file: String,
    line: u32,
    rule: String,
    text: String,
    #[serde(rename = "why")]
    _why: String,
}

fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/workspaces")
}

/// File, line from 1, rule, covered text and message of every finding.
fn findings(sample: &str) -> BTreeSet<(String, u32, &'static str, String, String)> {
    let workspace =
        archwright_analysis::open(OpenOptions::batch(Root::Folder(samples().join(sample))), &|_| {}).unwrap();
    let of_file = |file| {
        let text = workspace.text(file).unwrap_or_default();
        let lines = LineIndex::new(&text);
        let path = workspace.path(file).to_string();
        let findings = workspace.findings(file).iter().map(move |it| {
            let line = lines.position(it.span.start as usize, &text, Encoding::Utf8).line + 1;
            (path.clone(), line, it.rule.code, it.span.of(&text).to_owned(), it.message.to_string())
        });
        findings.collect::<Vec<_>>()
    };
    workspace.files().flat_map(of_file).collect()
}

#[test]
fn the_clean_sample_has_no_findings() {
    assert_eq!(findings("shop"), BTreeSet::new());
}

#[test]
fn the_faulty_sample_has_the_planted_findings() {
    let planted = std::fs::read_to_string(samples().join("shop-faulty.expected.json")).unwrap();
    let planted: Vec<Planted> = serde_json::from_str(&planted).unwrap();
    let planted: Vec<Planted> = planted.into_iter().filter(|it| rules::rule(&it.rule).is_some()).collect();
    let found = findings("shop-faulty");
    let same = |fault: &Planted, finding: &(String, u32, &str, String, String)| {
        let (file, line, rule, covered, _) = finding;
        let at_place = fault.file == *file && fault.line == *line && fault.rule == *rule;
        at_place && (covered.starts_with(&fault.text) || fault.text.starts_with(covered.as_str()))
    };
    let missed: Vec<_> = planted.iter().filter(|fault| !found.iter().any(|it| same(fault, it))).collect();
    let unplanned: Vec<_> = found.iter().filter(|it| !planted.iter().any(|fault| same(fault, it))).collect();
    assert!(missed.is_empty() && unplanned.is_empty(), "missed: {missed:#?}\nnot planted: {unplanned:#?}");
}
