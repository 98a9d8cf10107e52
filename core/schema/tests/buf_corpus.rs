//! Compares the findings with the annotations buf's own tests expect, case by case.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use archwright_schema::breaking::{Selection, SourceFile, breaking_with};
use serde_json::Value;

/// What a folder's `buf.yaml` says, or the first version of the settings when there is none.
fn settings(folder: &Path) -> String {
    fs::read_to_string(folder.join("buf.yaml")).unwrap_or_else(|_| "version: v1".to_owned())
}

/// The folder that paths are relative to.
fn root(settings: &str) -> String {
    let roots =
        settings.lines().skip_while(|it| it.trim() != "roots:").nth(1).and_then(|it| it.trim().strip_prefix("- "));
    roots.map(|it| format!("{it}/")).unwrap_or_default()
}

fn protos(root: &Path, folder: &Path, out: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().map(|it| it.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            protos(root, &path, out);
        } else if path.extension().is_some_and(|it| it == "proto") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            out.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let root = folder.join(root(&settings(folder)));
    let mut files = Vec::new();
    protos(&root, &root, &mut files);
    files
}

/// Line and column from 1; a tab leads to the next column that is a multiple of four.
fn position(text: &str, offset: u32) -> [u64; 2] {
    let before = &text[..offset as usize];
    let line = before.rsplit('\n').next().unwrap();
    let column = line.chars().fold(0, |at, it| if it == '\t' { at + 4 - at % 4 } else { at + 1 });
    [before.matches('\n').count() as u64 + 1, column + 1]
}

type Found = (String, String, Vec<u64>);

fn expected(case: &Value) -> Vec<Found> {
    let annotation = |it: &Value| {
        let range = it["range"].as_array().into_iter().flatten().map(|it| it.as_u64().unwrap()).collect();
        (it["path"].as_str().unwrap_or_default().to_owned(), it["rule"].as_str().unwrap().to_owned(), range)
    };
    let ours = |it: &Found| !it.1.starts_with("buf-plugin");
    case["expected"].as_array().unwrap().iter().map(annotation).filter(ours).collect()
}

fn found(folder: &Path, case: &Value) -> Vec<Found> {
    let current = folder.join(case["current"].as_str().unwrap());
    let (old, new) = (files(&folder.join(case["previous"].as_str().unwrap())), files(&current));
    let settings = settings(&current);
    let selection = Selection::of_buf_yaml(&settings).unwrap();
    let old: Vec<_> = old.iter().map(|(path, text)| SourceFile { path, text }).collect();
    let new: Vec<_> = new.iter().map(|(path, text)| SourceFile { path, text }).collect();
    let found =
        breaking_with(&old, &new, &selection).unwrap_or_else(|it| panic!("{}: {it} at {:?}", case["id"], it.span));
    let annotation = |it: archwright_schema::breaking::Annotation| {
        let path = it.path.unwrap_or_default();
        let text = new.iter().find(|it| it.path == path).map_or("", |it| it.text);
        let range =
            it.span.map(|span| [position(text, span.start), position(text, span.end)].concat()).unwrap_or_default();
        let path = if path.is_empty() { path } else { format!("{}{path}", root(&settings)) };
        (path, it.rule.to_owned(), range)
    };
    found.into_iter().map(annotation).collect()
}

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn findings_are_those_of_buf() {
    let corpus =
        PathBuf::from(std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names the folder of the corpus"))
            .join("compat");
    let cases = fs::read_to_string(corpus.join("buf_cases.jsonl")).unwrap();
    let (mut hits, mut missed, mut extra, mut wrong) = (0, 0, 0, 0);
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let mut rest = found(&corpus.join("buf"), &case);
        let mut lost = Vec::new();
        for wanted in expected(&case) {
            match rest.iter().position(|it| *it == wanted) {
                Some(at) => {
                    rest.swap_remove(at);
                    hits += 1;
                }
                None => lost.push(wanted),
            }
        }
        if !(lost.is_empty() && rest.is_empty()) {
            println!("{}\n  missed {lost:?}\n  extra {rest:?}", case["id"]);
            wrong += 1;
        }
        missed += lost.len();
        extra += rest.len();
    }
    println!("{hits} annotations found, {missed} missed, {extra} extra, {wrong} cases differ");
    assert_eq!((missed, extra), (0, 0), "{hits} annotations were found");
}
