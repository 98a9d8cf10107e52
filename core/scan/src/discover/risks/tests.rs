//! Tests of risks on small repositories.

use super::facts::RiskWords;
use crate::discover::{discover, read};

/// The risks of a repository of some files, a line each.
fn risks(files: &[(&str, &str)]) -> Vec<String> {
    let facts: Vec<_> = files.iter().filter_map(|(path, text)| read(path, text)).collect();
    discover(&facts).risks.iter().map(|it| format!("{} {}:{}", it.kind.name(), it.path, it.line)).collect()
}

#[test]
fn the_words_of_risks_load_and_every_kind_has_its_own() {
    let words = RiskWords::load().unwrap();
    let mut kinds: Vec<_> = words.kinds.iter().map(|it| it.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), words.kinds.len());
    assert!(words.kinds.iter().all(|it| !it.says.is_empty() && !it.says.ends_with('.') && !it.pattern.is_empty()));
}

#[test]
fn nothing_is_told_without_a_client_library() {
    assert_eq!(risks(&[("a.ts", "channel.consume('q', (m) => JSON.parse(m.content), { noAck: true });")]), [""; 0]);
}
