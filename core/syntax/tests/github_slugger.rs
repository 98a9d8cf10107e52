//! Anchors against the npm package `github-slugger`: over every character, and over the headings of the corpora.
//!
//! `ARCHWRIGHT_SLUGGER` names the folder of the package, `ARCHWRIGHT_CORPUS` the folder of the corpora.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use archwright_syntax::markdown::{parse, slug};

/// Reads lists of texts and prints their slugs, each list with a counter of its own. Characters that are younger than
/// the tables of the package stay out: it drops letters that it does not know.
const SCRIPT: &str = r"
import Slugger from 'PACKAGE/index.js'
import { readFileSync } from 'node:fs'
const word = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u
const young = (text) => [...text].some((it) => word.test(it) && new Slugger().slug(it) === '')
const slugs = JSON.parse(readFileSync(0, 'utf8')).map((titles) => {
  const slugger = new Slugger()
  return titles.map((it) => (young(it) ? null : slugger.slug(it)))
})
console.log(JSON.stringify(slugs))
";

fn oracle(lists: &[Vec<String>]) -> Vec<Vec<Option<String>>> {
    let package = std::env::var("ARCHWRIGHT_SLUGGER").expect("ARCHWRIGHT_SLUGGER names the folder of the package");
    let mut node = Command::new("node")
        .args(["--input-type=module", "--eval", &SCRIPT.replace("PACKAGE", &package)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = serde_json::to_vec(lists).unwrap();
    let mut stdin = node.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input).unwrap());
    let output = node.wait_with_output().unwrap();
    writer.join().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
#[ignore = "needs Node and ARCHWRIGHT_SLUGGER"]
fn every_character_is_kept_or_dropped_as_there() {
    let titles: Vec<String> = ('\0'..=char::MAX).map(|it| format!("A{it}b {it}")).collect();
    let slugs = oracle(std::slice::from_ref(&titles));
    let known = titles.iter().zip(&slugs[0]).filter_map(|(title, slug)| Some((title, slug.as_ref()?)));
    let mut seen = std::collections::HashMap::new();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (title, expected) in known {
        compared += 1;
        // Of one slug the first has no number.
        let own = slug(title);
        if *seen.entry(own.clone()).or_insert_with(|| title.clone()) == *title && own != *expected {
            wrong.push((title.clone(), own, expected.clone()));
        }
    }
    assert!(compared > 1_000_000, "{compared}");
    assert!(wrong.is_empty(), "{} differ, such as {:?}", wrong.len(), wrong.first());
}

#[test]
#[ignore = "needs Node, ARCHWRIGHT_SLUGGER and ARCHWRIGHT_CORPUS"]
fn the_headings_of_the_corpora_have_the_same_anchors() {
    let corpus = std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names the folder of the corpora");
    let mut files = Vec::new();
    markdown_files(Path::new(&corpus), &mut files);
    let (mut lists, mut ours) = (Vec::new(), Vec::new());
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        let document = parse(&text);
        // Headings of HTML and of other blocks are counted too; they are compared by the cases of unit tests.
        if !document.html_headings.is_empty() || !document.inner_headings.is_empty() {
            continue;
        }
        // Without images and breaks, what is shown is what an anchor is made of.
        let titles: Vec<String> =
            document.section_ids().skip(1).map(|(id, _)| document.plain_title(id, &text).into_owned()).collect();
        let is_plain = document.section_ids().skip(1).all(|(id, _)| !document.title(id, &text).contains(['\n', '!']));
        if is_plain {
            ours.push(document.anchors(&text).into_iter().take(titles.len()).map(|it| it.0).collect::<Vec<_>>());
            lists.push(titles);
        }
    }
    let slugs = oracle(&lists);
    let compared: usize = lists.iter().map(Vec::len).sum();
    for (ours, theirs) in ours.iter().zip(&slugs) {
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert_eq!(Some(ours.as_str()), theirs.as_deref());
        }
    }
    assert!(compared > 2_000, "{compared}");
}

fn markdown_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            markdown_files(&path, files);
        } else if path.extension().is_some_and(|it| it == "md") {
            files.push(path);
        }
    }
}
