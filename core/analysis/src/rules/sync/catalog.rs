//! What the rules of the catalog share: its rows against the features that have a README.

use smol_str::SmolStr;

use crate::{
    facts::{CatalogFacts, CatalogRow, ReadmeFacts},
    index::FileId,
    rules::{prelude::*, value},
};

/// The catalog's facts.
pub(super) fn facts<'a>(cx: &Context<'a>) -> Option<(&'a DocumentFacts, &'a CatalogFacts)> {
    let document = cx.facts().document()?;
    Some((document, document.catalog.as_ref()?))
}

/// A feature's README.
pub(super) struct Readme<'a> {
    pub file: FileId,
    pub feature: &'a SmolStr,
    pub path: &'a RelPath,
    pub facts: &'a ReadmeFacts,
}

/// The README of a feature.
pub(super) fn readme<'a>(cx: &Context<'a>, feature: &SmolStr) -> Option<Readme<'a>> {
    cx.files(Key::Readme(feature.clone())).into_iter().find_map(from_facts)
}

/// The features that have a README, by slug. Folders such as `_template` hold no feature.
pub(super) fn features<'a>(cx: &Context<'a>) -> Vec<Readme<'a>> {
    let mut features: Vec<_> = cx.files(Key::Readmes).into_iter().filter_map(from_facts).collect();
    features.retain(|it| !it.feature.starts_with(['_', '.']));
    features.sort_by(|a, b| order(a.feature, b.feature));
    features
}

fn from_facts((file, facts): (FileId, &FileFacts)) -> Option<Readme<'_>> {
    let readme = facts.document()?.readme.as_ref()?;
    Some(Readme { file, feature: facts.captures.feature.as_ref()?, path: &facts.path, facts: readme })
}

/// The order of the catalog's rows.
pub(super) fn order(a: &str, b: &str) -> std::cmp::Ordering {
    a.to_lowercase().cmp(&b.to_lowercase()).then_with(|| a.cmp(b))
}

/// Whether a row names no feature at all: a placeholder or `None yet`.
pub(super) fn is_empty(row: &CatalogRow) -> bool {
    value::is_unknown(&row.feature.text) || value::is_none(&row.feature.text)
}

/// The feature that a row without a README was probably meant for: spelled with one or two letters less, and without a
/// row of its own.
pub(super) fn meant<'a>(row: &CatalogRow, catalog: &CatalogFacts, features: &[Readme<'a>]) -> Option<&'a SmolStr> {
    if features.iter().any(|it| *it.feature == row.feature.text) {
        return None;
    }
    let written = row.feature.text.to_lowercase();
    let listed = |it: &SmolStr| catalog.rows.iter().any(|row| row.feature.text == *it);
    let distance = |it: &SmolStr| strsim::damerau_levenshtein(&written, &it.to_lowercase());
    let free = features.iter().map(|it| it.feature).filter(|it| !listed(it));
    free.map(|it| (distance(it), it)).filter(|it| it.0 <= 2 && it.1.len() > 4).min().map(|it| it.1)
}
