//! What is found in the sample workspaces, and in the corpus where there is one: a changed rule shows its effect in
//! review. A finding is the hash of its document, its rule and its line; no text is kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use archwright_analysis::{
    OpenOptions, Root, Severity,
    report::{self, ReportFilter},
};

use crate::samples;

/// Where the snapshots are kept.
fn kept() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/content/found")
}

/// Sixteen hex digits that stand for a text, the same on every machine (FNV-1a).
fn hash(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

/// A line for each rule and document: `rule document lines`. Documents are sorted by their hashes, so that nothing
/// tells their names. What a link leads to may lie outside of the folder, so links are left out.
fn found(folder: &Path, config: Option<&Path>) -> String {
    let options =
        OpenOptions { config: config.map(Path::to_path_buf), ..OpenOptions::batch(Root::Folder(folder.to_path_buf())) };
    let workspace = archwright_analysis::open(options, &|_| {}).unwrap();
    let all = ReportFilter { paths: Vec::new(), least: Some(Severity::Hint) };
    let mut lines: BTreeMap<(&str, String), BTreeSet<u32>> = BTreeMap::new();
    for finding in report::report(&workspace, &all).findings {
        if finding.rule.starts_with("link/") {
            continue;
        }
        let text = workspace.file(&finding.file).and_then(|it| workspace.text(it)).unwrap_or_default();
        lines.entry((finding.rule, hash(&text))).or_default().insert(finding.start.line);
    }
    let line = |((rule, document), lines): (&(&str, String), &BTreeSet<u32>)| {
        let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
        format!("{rule} {document} {}\n", lines.join(","))
    };
    lines.iter().map(line).collect()
}

/// Holds what is found against what is kept; `UPDATE_FOUND=1` keeps it anew.
fn hold(name: &str, found: &str) {
    let path = kept().join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_FOUND").is_some() {
        fs::create_dir_all(kept()).unwrap();
        fs::write(&path, found).unwrap();
    }
    let before = fs::read_to_string(&path).unwrap_or_default();
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (before.lines().collect(), found.lines().collect());
    let gone: Vec<_> = old.difference(&new).collect();
    let come: Vec<_> = new.difference(&old).collect();
    let told = "look at what changed, then run the test with UPDATE_FOUND=1 and commit the file";
    assert!(gone.is_empty() && come.is_empty(), "{name}: {told}\nno more found: {gone:#?}\nnewly found: {come:#?}");
}

#[test]
fn the_samples_are_found_fault_with_as_before() {
    for sample in ["shop", "shop-faulty", "labelled", "all-safe"] {
        hold(sample, &found(&samples().join(sample), None));
    }
}

/// Real documents, with default settings and taken for each kind that rules on content look at.
#[test]
#[ignore = "needs a corpus: ARCHWRIGHT_CORPUS=<folder>, as tests/corpora.sh sets it"]
fn the_corpus_is_found_fault_with_as_before() {
    let corpus = PathBuf::from(std::env::var_os("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names a folder"));
    hold("corpus-docs", &found(&corpus.join("docs"), None));
    let folder = tempfile::tempdir().unwrap();
    for kind in ["adr", "contract", "design", "launch", "runbook"] {
        let config = folder.path().join(format!("{kind}.toml"));
        fs::write(&config, format!("[documents]\n{kind} = [\"**/*.md\"]\n")).unwrap();
        hold(&format!("corpus-docs-as-{kind}"), &found(&corpus.join("docs"), Some(&config)));
    }
    let trees = fs::read_dir(corpus.join("teamdocs")).unwrap().map(|it| it.unwrap().path().join("repo"));
    let mut trees: Vec<PathBuf> = trees.filter(|it| it.is_dir()).collect();
    trees.sort();
    for (number, tree) in trees.iter().enumerate() {
        hold(&format!("corpus-team-{}", number + 1), &found(tree, None));
    }
    hold("corpus-planted", &found(&corpus.join("planted/clean"), None));
}
