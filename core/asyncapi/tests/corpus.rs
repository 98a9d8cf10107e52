//! Runs the checks over a corpus of documents with known answers, in the folder that `ARCHWRIGHT_CORPUS` names.
#![allow(
    clippy::cast_possible_truncation,
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

use archwright_asyncapi::{Documents, Opened, Severity, validate};
use archwright_syntax::{
    Encoding, LineIndex, Position, Span,
    data::{Entry, Format, Node, SyntaxErrorKind, Tree, parse},
};
use serde_json::Value;

/// Files beside a document. Trees are kept for the whole run.
#[derive(Default)]
struct Folder {
    path: PathBuf,
    opened: RefCell<HashMap<String, Option<&'static Tree>>>,
}

impl Documents for Folder {
    fn open(&self, reference: &str) -> Opened<'_> {
        let path = self.path.join(reference);
        if Format::of_path(reference).is_none() {
            return if path.exists() { Opened::Other } else { Opened::Missing };
        }
        let mut opened = self.opened.borrow_mut();
        let tree =
            opened.entry(reference.to_owned()).or_insert_with(|| read(&path).map(|it| &*Box::leak(Box::new(it))));
        tree.map_or(Opened::Missing, Opened::Tree)
    }
}

fn read(path: &Path) -> Option<Tree> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(parse(text, Format::of_path(&path.to_string_lossy()).unwrap_or(Format::Yaml)))
}

fn lines(path: &Path) -> Vec<Value> {
    std::fs::read_to_string(path).unwrap().lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

/// An error: first and last line, what it says, and where.
type Found = (u64, u64, String, Span);

fn errors(tree: &Tree, path: &Path) -> Vec<Found> {
    let folder = Folder { path: path.parent().unwrap().to_owned(), ..Folder::default() };
    let index = LineIndex::new(tree.text());
    let line = |at: u32| u64::from(index.position(at as usize, tree.text(), Encoding::Utf8).line);
    let syntax = tree.errors().iter().filter(|it| it.kind != SyntaxErrorKind::DuplicateAnchor);
    let syntax = syntax.map(|it| (line(it.span.start), line(it.span.end), format!("syntax: {}", it.message), it.span));
    let found = validate(tree, &folder).into_iter().filter(|it| it.severity == Severity::Error);
    syntax
        .chain(
            found.map(|it| (line(it.span.start), line(it.span.end), format!("{}: {}", it.check, it.message), it.span)),
        )
        .collect()
}

/// Whether an error of the official parser follows from one of ours. When an object with several forms has one mistake,
/// the parser reports every line that another form does not have, and does so where the object is referred to. An error
/// of another file has no line in this one.
fn is_explained(tree: &Tree, error: &Value, found: &[Found]) -> bool {
    if error["message"].as_str().unwrap().contains(" @ 'work/") || error["in"].is_string() {
        return found.iter().any(|it| it.2.contains("-reference"));
    }
    let index = LineIndex::new(tree.text());
    let position =
        Position { line: error["line"].as_u64().unwrap() as u32, column: error["col"].as_u64().unwrap() as u32 };
    let offset = index.offset(position, tree.text(), Encoding::Utf16);
    let Some(located) = tree.node_at(offset) else { return false };
    let mut nodes: Vec<_> = located.node.parent().into_iter().chain([located.node]).collect();
    let mut seen = 0;
    while let Some(node) = nodes.get(seen).copied().filter(|_| seen < 2_000) {
        seen += 1;
        let span = node.as_entry().as_ref().map_or_else(|| node.span(), Entry::span);
        if node.parent().is_some() && found.iter().any(|it| span.contains(it.3)) {
            return true;
        }
        nodes.extend(node.items());
        nodes.extend(node.entries().map(|it| it.value));
        let target = node.get("$ref").and_then(Node::as_str).and_then(|it| tree.pointer(it.strip_prefix('#')?));
        nodes.extend(target);
    }
    false
}

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn verdicts_and_places_agree_with_the_corpus() {
    let corpus =
        PathBuf::from(std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names a folder")).join("asyncapi");
    let oracle: HashMap<String, Value> = lines(&corpus.join("oracle.jsonl"))
        .into_iter()
        .map(|it| (it["file"].as_str().unwrap().to_owned(), it))
        .collect();
    let (mut agreed, mut judged, mut placed, mut explained, mut to_place) = (0, 0, 0, 0, 0);
    let (mut rejected, mut missed, mut tck_missed, mut tck_rejected) = (0, 0, 0, 0);
    for entry in lines(&corpus.join("index.jsonl")) {
        let file = entry["file"].as_str().unwrap();
        let tree = read(&corpus.join(file)).unwrap();
        let found = errors(&tree, &corpus.join(file));
        let says = |it: &str| entry[it].as_str();
        match (says("tck_expected"), found.is_empty()) {
            (Some("invalid"), true) => {
                tck_missed += 1;
                println!("conformance kit, missed: {file}");
            }
            (Some("valid"), false) => {
                tck_rejected += 1;
                println!("conformance kit, rejected: {file}\n    {:?}", found[0]);
            }
            _ => {}
        }
        // The conformance kit follows the specification where both oracles do not.
        let contradicted = says("tck_expected").is_some() && says("tck_expected") != says("consensus");
        let Some(consensus) = says("consensus").filter(|_| !contradicted) else { continue };
        judged += 1;
        match (consensus, found.is_empty()) {
            ("valid", false) => {
                rejected += 1;
                println!("rejected: {file} ({})", entry["version"]);
                found.iter().take(3).for_each(|it| println!("    {}: {}", it.0 + 1, it.2));
            }
            ("invalid", true) => {
                missed += 1;
                println!("missed: {file} ({})", entry["version"]);
            }
            _ => agreed += 1,
        }
        if consensus == "invalid" {
            for error in oracle[file]["diagnostics"].as_array().unwrap().iter().filter(|it| it["severity"] == 0) {
                let (start, end) = (error["line"].as_u64().unwrap(), error["end_line"].as_u64().unwrap());
                to_place += 1;
                if found.iter().any(|it| (start..=end).contains(&it.0) || (it.0..=it.1).contains(&start)) {
                    placed += 1;
                } else if is_explained(&tree, error, &found) {
                    explained += 1;
                } else {
                    println!("not placed: {file}:{} {} {}", start + 1, error["code"], error["message"]);
                    found.iter().take(2).for_each(|it| println!("    ours {}: {}", it.0 + 1, it.2));
                }
            }
        }
    }
    let (verdicts, places) =
        (f64::from(agreed) / f64::from(judged), f64::from(placed + explained) / f64::from(to_place));
    println!("verdicts {agreed}/{judged} = {verdicts:.4}: {rejected} rejected, {missed} missed");
    println!(
        "places {placed} + {explained} that follow / {to_place} = {places:.4}; conformance kit: {tck_missed} missed, \
        {tck_rejected} rejected"
    );
    assert!(verdicts >= 0.99 && rejected == 0, "verdicts");
    assert!(places >= 0.97, "places");
    // Names of components that are only warned of, and the key of Kafka 0.1.0.
    assert!(tck_missed <= 7 && tck_rejected == 0, "conformance kit");
}
