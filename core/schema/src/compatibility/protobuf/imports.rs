//! What a Protobuf file imports.

use std::{collections::VecDeque, sync::Arc};

use rustc_hash::FxHashSet;

use crate::protobuf::parser;

/// How many imports are read; more is a generated forest of which one message uses little.
const MAX_IMPORTS: usize = 200;

/// The files that a Protobuf file imports, directly or through others, each once, nearest first. `read` gives the text
/// of a path as the import states it. What it does not find, and the well-known types, which are known anyway, are left
/// out. With them how many more there are, of which nothing was asked because they are too many.
pub fn proto_imports(text: &str, mut read: impl FnMut(&str) -> Option<Arc<str>>) -> (Vec<Arc<str>>, usize) {
    let of = |text: &str| parser::parse(text).file.imports.into_iter().map(|it| it.path);
    let mut waiting: VecDeque<String> = of(text).collect();
    let mut seen = FxHashSet::default();
    let (mut found, mut left_out) = (Vec::new(), FxHashSet::default());
    while let Some(path) = waiting.pop_front() {
        if path.starts_with("google/protobuf/") || seen.contains(&path) {
            continue;
        }
        if seen.len() >= MAX_IMPORTS {
            left_out.insert(path);
            continue;
        }
        seen.insert(path.clone());
        if let Some(text) = read(&path) {
            waiting.extend(of(&text));
            found.push(text);
        }
    }
    (found, left_out.len())
}
