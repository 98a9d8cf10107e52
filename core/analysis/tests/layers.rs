//! The folders of the crates are layers: arrows between them point down, and the front ends know no lower layer than
//! the analysis (ADR-0009).

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

mod sources;

use sources::{rust_files, without_tests};

/// From the bottom up. Folders of one line know nothing of each other.
const LAYERS: &[&[&str]] = &[
    &["model"],
    &["conventions", "values", "writer"],
    &["facts"],
    &["store"],
    &["engine"],
    &["evolution", "authoring"],
    &["rules"],
    &["operations"],
    &["features"],
];

/// What a front end may not know: the languages of documents and the texts of the knowledge base.
const HIDDEN_FROM_FRONT_ENDS: [&str; 3] =
    ["archwright_syntax::markdown", "archwright_syntax::data", "archwright_knowledge"];

#[test]
fn arrows_between_folders_point_down() {
    let arrows = arrows();
    assert!(arrows.len() > 20, "only {} arrows were found: the reading of `use` lines is broken", arrows.len());
    let level = |folder: &str| LAYERS.iter().position(|it| it.contains(&folder));
    let upward: Vec<String> = arrows
        .iter()
        .filter(|(from, to, _)| level(to) >= level(from))
        .map(|(from, to, file)| format!("{from} -> {to} in {}", file.display()))
        .collect();
    assert_eq!(upward, [] as [String; 0]);
}

#[test]
fn every_folder_has_its_layer() {
    let folders: BTreeSet<String> = fs::read_dir(source())
        .unwrap()
        .map(|it| it.unwrap())
        .filter(|it| it.file_type().unwrap().is_dir())
        .map(|it| it.file_name().into_string().unwrap())
        .collect();
    let known: BTreeSet<String> = LAYERS.iter().flat_map(|it| it.iter()).map(|it| (*it).to_owned()).collect();
    assert_eq!(folders, known);
}

#[test]
fn front_ends_know_neither_documents_nor_cards() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut read = 0;
    for front_end in ["lsp", "mcp", "cli"] {
        for file in rust_files(&root.join(front_end).join("src")) {
            let text = without_tests(&fs::read_to_string(&file).unwrap());
            let paths = paths(&text);
            for hidden in HIDDEN_FROM_FRONT_ENDS {
                let known = paths.iter().find(|it| it.starts_with(hidden));
                assert_eq!(known, None, "{} knows a lower layer", file.display());
            }
            read += 1;
        }
    }
    assert!(read > 50, "only {read} files were read");
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Which folder names something of which other, and in which file.
fn arrows() -> BTreeSet<(String, String, PathBuf)> {
    let source = source();
    let exported = exported(&fs::read_to_string(source.join("lib.rs")).unwrap());
    let mut arrows = BTreeSet::new();
    for file in rust_files(&source) {
        let relative = file.strip_prefix(&source).unwrap();
        let mut parts = relative.iter().map(|it| it.to_str().unwrap());
        let (Some(folder), Some(_)) = (parts.next(), parts.next()) else { continue };
        let text = without_tests(&fs::read_to_string(&file).unwrap());
        for path in paths(&text) {
            let Some(first) = path.strip_prefix("crate::").and_then(|it| it.split("::").next()) else { continue };
            let to = exported.get(first).map_or(first, String::as_str);
            if to != folder {
                arrows.insert((folder.to_owned(), to.to_owned(), relative.to_owned()));
            }
        }
    }
    arrows
}

/// The folder that each name comes from which the crate's root exports.
fn exported(root: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for path in paths(root) {
        let mut parts = path.split("::").filter(|it| *it != "self");
        if let (Some(folder), Some(name)) = (parts.next(), parts.last()) {
            names.insert(name.to_owned(), folder.to_owned());
        }
    }
    names
}

/// All paths that a text names, those of `use` trees one by one.
fn paths(text: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find("use ") {
        let before = rest[..at].lines().last().unwrap_or_default().trim();
        rest = &rest[at + 4..];
        if before.is_empty() || before.starts_with("pub") {
            expand("", rest.split(';').next().unwrap_or_default(), &mut paths);
        }
    }
    for line in text.lines().filter(|it| !it.trim_start().starts_with("//")) {
        for (at, _) in line.match_indices("crate::").chain(line.match_indices("archwright_")) {
            let path: String = line[at..].chars().take_while(|it| it.is_alphanumeric() || "_:".contains(*it)).collect();
            paths.insert(path.trim_end_matches(':').to_owned());
        }
    }
    paths
}

/// The leaves of a `use` tree.
fn expand(prefix: &str, tree: &str, paths: &mut BTreeSet<String>) {
    let tree = tree.trim();
    let Some((lead, inner)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default().trim();
        if !path.is_empty() {
            paths.insert(format!("{prefix}{path}"));
        }
        return;
    };
    let (mut depth, mut start) = (0, 0);
    let inner = inner.trim_end().strip_suffix('}').unwrap_or(inner);
    for (at, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&format!("{prefix}{lead}"), &inner[start..at], paths);
                start = at + 1;
            }
            _ => {}
        }
    }
    expand(&format!("{prefix}{lead}"), &inner[start..], paths);
}
