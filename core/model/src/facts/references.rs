//! What leads from one file to others: links and references (`$ref`), as entries of the index.

use std::collections::BTreeMap;

use archwright_asyncapi::ReferenceKind;
use percent_encoding::percent_decode_str;

use crate::{
    RelPath,
    key::{Entry, Key, hash_of},
};

/// One entry for each file that is led to, also beside the workspace: it may lie in another one. What is said is which
/// parts of it are meant.
pub(super) fn entries<'a>(targets: impl Iterator<Item = (&'a RelPath, &'a str)>) -> Vec<Entry> {
    let mut fragments: BTreeMap<&RelPath, u64> = BTreeMap::new();
    for (path, fragment) in targets.filter(|it| !it.0.as_str().is_empty()) {
        let hash = fragments.entry(path).or_default();
        *hash = hash_of(&(*hash, fragment));
    }
    fragments.into_iter().map(|(path, hash)| Entry { key: Key::References(path.clone()), hash }).collect()
}

/// The path and the fragment of a reference, without `#`.
pub fn split_reference(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// The file that a reference means: `from` itself if it names none. `None` for absolute addresses.
pub fn file_of_reference(from: &RelPath, reference: &str) -> Option<RelPath> {
    let (path, _) = split_reference(reference);
    if path.is_empty() {
        return Some(from.clone());
    }
    if ReferenceKind::of(path) == ReferenceKind::Remote || path.starts_with('/') {
        return None;
    }
    Some(from.parent().join(&percent_decode_str(path).decode_utf8().ok()?))
}

/// Whether a text takes something from another file: a `$ref` that does not start with `#`. Cheap enough to ask of
/// every file.
pub fn refers_elsewhere(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"$ref") {
        rest = rest.get(at + 4..).unwrap_or_default();
        let target = rest.trim_start_matches(|it: char| it.is_whitespace() || matches!(it, '"' | '\'' | ':'));
        if !target.is_empty() && !target.starts_with('#') {
            return true;
        }
    }
    false
}
