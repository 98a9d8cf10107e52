//! Converts the 2.x documents of a corpus, in the folder that `ARCHWRIGHT_CORPUS` names, and checks the results.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss
)]

use std::{
    cell::RefCell,
    collections::HashMap,
    path::{Path, PathBuf},
};

use archwright_asyncapi::{Diagnostic, Documents, Opened, Severity, conversion::to_v3, validate};
use archwright_syntax::data::{Format, Tree, parse};
use serde_json::Value;

/// Files beside a document.
#[derive(Default)]
struct Folder {
    path: PathBuf,
    opened: RefCell<HashMap<String, Option<&'static Tree>>>,
}

impl Documents for Folder {
    fn open(&self, reference: &str) -> Opened<'_> {
        let path = self.path.join(reference);
        let Some(format) = Format::of_path(reference) else {
            return if path.exists() { Opened::Other } else { Opened::Missing };
        };
        let read = |path: &Path| Some(&*Box::leak(Box::new(parse(std::fs::read_to_string(path).ok()?, format))));
        match self.opened.borrow_mut().entry(reference.to_owned()).or_insert_with(|| read(&path)) {
            Some(tree) => Opened::Tree(tree),
            None => Opened::Missing,
        }
    }
}

fn errors(text: &str, format: Format, folder: &Path) -> Vec<Diagnostic> {
    let folder = Folder { path: folder.to_path_buf(), ..Folder::default() };
    validate(&parse(text, format), &folder).into_iter().filter(|it| it.severity == Severity::Error).collect()
}

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn valid_documents_stay_valid() {
    let corpus =
        PathBuf::from(std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names a folder")).join("asyncapi");
    let index = std::fs::read_to_string(corpus.join("index.jsonl")).unwrap();
    let (mut valid, mut stayed, mut comments, mut kept) = (0_u32, 0_u32, 0, 0);
    for line in index.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let file = entry["file"].as_str().unwrap();
        let path = corpus.join(file);
        let Some(format) = Format::of_path(file) else { continue };
        let text = std::fs::read_to_string(&path).unwrap();
        let is_old = entry["version"].as_str().is_some_and(|it| it.starts_with("2."));
        if !is_old || entry["label"] != "valid" || !errors(&text, format, path.parent().unwrap()).is_empty() {
            // Whatever it is, it is converted or refused.
            drop(to_v3(&text, format));
            continue;
        }
        valid += 1;
        let converted = match to_v3(&text, format) {
            Ok(it) => it,
            Err(error) => {
                println!("{file}: {error}");
                continue;
            }
        };
        let found = errors(&converted.text, format, path.parent().unwrap());
        if found.is_empty() {
            stayed += 1;
        }
        found
            .iter()
            .take(3)
            .for_each(|it| println!("{file}: {}: {}: {}", it.check, it.span.of(&converted.text), it.message));
        for comment in text.lines().map(str::trim).filter(|it| it.starts_with("# ") && format == Format::Yaml) {
            comments += 1;
            kept += u32::from(converted.text.contains(comment));
        }
    }
    println!("{stayed} of {valid} valid documents are valid after conversion; {kept} of {comments} comments are kept");
    assert!(valid > 100 && f64::from(stayed) / f64::from(valid) >= 0.99);
    assert!(f64::from(kept) / f64::from(comments) >= 0.98);
}
