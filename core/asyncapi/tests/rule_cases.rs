//! Runs the checks over documents that break one rule of another tool, in the folder that `ARCHWRIGHT_CORPUS` names.
//! Only the checks that say they demand the same are compared.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::path::PathBuf;

use archwright_asyncapi::{Diagnostic, NoDocuments, checks, validate};
use archwright_syntax::{
    Span,
    data::{Format, Node, Tree, parse},
};
use serde_json::Value;

/// The stretch of text of a place: the key and the value as far as the place exists.
fn region(tree: &Tree, path: &[Value]) -> Span {
    let mut node: Node<'_> = tree.root().unwrap();
    for step in path {
        let text = step.as_str().map_or_else(|| step.to_string(), ToOwned::to_owned);
        match node.get(&text).or_else(|| node.item(text.parse().ok()?)) {
            Some(next) => node = next,
            None => break,
        }
    }
    node.as_entry().map_or(node.span(), |it| it.span())
}

/// How the diagnostics differ from what is expected; `None` when they do not.
fn difference(tree: &Tree, expected: &[Value], found: &[&Diagnostic]) -> Option<String> {
    if expected.is_empty() != found.is_empty() {
        return Some(format!("{} expected, {} found", expected.len(), found.len()));
    }
    for error in expected {
        let Some(path) = error["path"].as_array() else { continue };
        let region = region(tree, path);
        if !found.iter().any(|it| region.contains(it.span)) {
            return Some(format!("nothing found at {}", error["path"]));
        }
    }
    None
}

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn checks_agree_with_the_rules_of_other_tools() {
    let corpus = PathBuf::from(std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names a folder"));
    let text = std::fs::read_to_string(corpus.join("asyncapi/rule_cases.jsonl")).unwrap();
    let checks = checks();
    let (mut agreed, mut all, mut counted) = (0, 0, 0);
    for (number, line) in text.lines().enumerate() {
        let case: Value = serde_json::from_str(line).unwrap();
        let rule = case["rule"].as_str().unwrap();
        let document = match &case["document"] {
            Value::String(text) => text.clone(),
            document => serde_json::to_string_pretty(document).unwrap(),
        };
        let format = if document.trim_start().starts_with('{') { Format::Json } else { Format::Yaml };
        let tree = parse(document, format);
        let same: Vec<_> = checks.iter().filter(|it| it.same_as.contains(&rule)).map(|it| it.name).collect();
        let diagnostics = validate(&tree, &NoDocuments);
        let found: Vec<_> = diagnostics.iter().filter(|it| same.contains(&it.check)).collect();
        let expected = case["errors"].as_array().unwrap();
        all += 1;
        counted += u32::from(expected.len() == found.len());
        match difference(&tree, expected, &found) {
            None => {
                agreed += 1;
                if expected.len() != found.len() {
                    println!("{number} {rule} ({}): {} expected, {} found", case["name"], expected.len(), found.len());
                }
            }
            Some(why) => {
                println!("{number} {rule} ({}, {same:?}): {why}", case["name"]);
                for it in found {
                    println!("    {}: {} @ {}", it.check, it.message, it.span.of(tree.text()));
                }
            }
        }
    }
    let share = f64::from(agreed) / f64::from(all);
    println!("{agreed}/{all} = {share:.4} agree, {counted} with the same number of errors");
    assert!(share >= 0.98);
}
