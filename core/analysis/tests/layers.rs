//! The crates of the analysis and the folders in them are layers: arrows between them point down, and the front ends
//! know no lower layer than the analysis (ADR-0009, ADR-0024).

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

mod sources;

use sources::{rust_files, without_tests};

/// The crates of the analysis, with the folders in them that are layers of their own below the rest.
const CRATES: &[(&str, &[&str])] = &[
    ("model", &["conventions", "values", "facts"]),
    ("writer", &[]),
    ("engine", &["store"]),
    ("rules", &["evolution", "authoring"]),
    ("operations", &[]),
    ("ide", &[]),
];

/// From the bottom up. Layers of one line know nothing of each other.
const LAYERS: &[&[&str]] = &[
    &["model"],
    &["conventions", "values", "writer"],
    &["facts"],
    &["store"],
    &["engine"],
    &["evolution", "authoring"],
    &["rules"],
    &["operations"],
    &["ide"],
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
    let layers: BTreeSet<&str> = LAYERS.iter().flat_map(|it| it.iter().copied()).collect();
    let known: BTreeSet<&str> = CRATES.iter().flat_map(|(name, below)| below.iter().chain([name])).copied().collect();
    assert_eq!(known, layers);
    // A folder of these crates that is no layer belongs to the crate's own.
    for (name, below) in CRATES {
        for folder in *below {
            assert!(source(name).join(folder).is_dir(), "{name} has no folder {folder}");
        }
    }
}

/// The crates of the analysis are the ones that this test reads, and the facade has no code of its own.
#[test]
fn the_facade_only_passes_on() {
    let facade = fs::read_to_string(source("analysis").join("lib.rs")).unwrap();
    let code: Vec<&str> = facade.lines().filter(|it| !it.trim_start().starts_with("//")).collect();
    assert!(code.iter().all(|it| !it.contains("fn ") && !it.contains("struct ")), "{code:?}");
    assert_eq!(rust_files(&source("analysis")).len(), 1);
    let manifest = fs::read_to_string(source("analysis").join("../Cargo.toml")).unwrap();
    for (name, _) in CRATES {
        assert!(manifest.contains(&format!("archwright-{name}.workspace")), "{name}");
    }
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

fn source(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(of).join("src")
}

/// Which layer names something of which other, and in which file.
fn arrows() -> BTreeSet<(String, String, PathBuf)> {
    let roots: BTreeMap<&str, BTreeMap<String, String>> = CRATES
        .iter()
        .map(|(name, below)| (*name, exported(&fs::read_to_string(source(name).join("lib.rs")).unwrap(), below)))
        .collect();
    let mut arrows = BTreeSet::new();
    for (name, below) in CRATES {
        for file in rust_files(&source(name)) {
            let relative = file.strip_prefix(source(name)).unwrap();
            let folder = relative.iter().next().unwrap().to_str().unwrap();
            let from = if below.contains(&folder) { folder } else { name };
            // The root of a crate names all that it passes on.
            if relative == Path::new("lib.rs") {
                continue;
            }
            let text = without_tests(&fs::read_to_string(&file).unwrap());
            for path in paths(&text) {
                let mut parts = path.split("::");
                let Some(root) = parts.next() else { continue };
                let owner = if root == "crate" { name } else { root.strip_prefix("archwright_").unwrap_or_default() };
                let Some((owner, exported)) = roots.get_key_value(owner) else { continue };
                let to = parts.next().and_then(|it| exported.get(it)).map_or(*owner, String::as_str);
                if to != from {
                    arrows.insert((from.to_owned(), to.to_owned(), Path::new(name).join(relative)));
                }
            }
        }
    }
    arrows
}

/// The layer below that each name comes from which a crate's root passes on.
fn exported(root: &str, below: &[&str]) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = below.iter().map(|it| ((*it).to_owned(), (*it).to_owned())).collect();
    for path in paths(root) {
        let mut parts = path.split("::").filter(|it| *it != "self");
        if let (Some(folder), Some(name)) = (parts.next(), parts.last())
            && below.contains(&folder)
        {
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
