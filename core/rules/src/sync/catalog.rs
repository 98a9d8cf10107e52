//! What the rules of the catalog share: its rows against the features that have a README.

use archwright_model::{
    conventions::profile::Column,
    facts::{CatalogFacts, CatalogRow, ReadmeFacts},
    key::FileId,
    values::value,
};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::prelude::*;

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

fn from_facts(FileRef { id: file, facts }: FileRef<'_>) -> Option<Readme<'_>> {
    let readme = facts.document()?.readme.as_ref()?;
    Some(Readme { file, feature: facts.captures.feature.as_ref()?, path: &facts.path, facts: readme })
}

/// The order of the catalog's rows.
pub(super) fn order(a: &str, b: &str) -> std::cmp::Ordering {
    a.to_lowercase().cmp(&b.to_lowercase()).then_with(|| a.cmp(b))
}

/// The columns that repeat what the README of a feature says, as the profile has them.
pub(super) fn repeated<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Column> {
    let columns = cx.config().profile().catalog.features.columns.iter();
    columns.filter(|it| !matches!(it.role, Role::Feature | Role::Index))
}

/// The place of the column with a role.
pub(super) fn column(cx: &Context, catalog: &CatalogFacts, role: Role) -> Option<usize> {
    catalog.columns.iter().position(|it| is_column(cx, it, role))
}

/// Whether the title of a column is that of a role.
pub(super) fn is_column(cx: &Context, title: &str, role: Role) -> bool {
    cx.config().vocabulary().column(Kind::Catalog, title, role).is_some()
}

/// Whether a row names no feature at all: a placeholder or `None yet`.
pub(super) fn is_empty(row: &CatalogRow) -> bool {
    value::is_unknown(&row.feature.text) || value::is_none(&row.feature.text)
}

/// The features that rows without a README may be misspellings of. Made once per catalog: it looks at all rows.
pub(super) struct Spelling<'a> {
    known: FxHashSet<&'a str>,
    /// The features without a row of their own.
    free: Vec<&'a SmolStr>,
}

/// Among how many features without a row the one that was meant is looked for.
const GUESSES: usize = 300;

impl<'a> Spelling<'a> {
    pub(super) fn new(catalog: &CatalogFacts, features: &[Readme<'a>]) -> Self {
        let listed: FxHashSet<&str> = catalog.rows.iter().map(|it| it.feature.text.as_str()).collect();
        let names = || features.iter().map(|it| it.feature);
        let mut free: Vec<_> = names().filter(|it| !listed.contains(it.as_str())).collect();
        // Where that many lack a row, the catalog is not misspelled but another one, and each row would be compared
        // with all.
        if free.len() > GUESSES {
            free.clear();
        }
        Self { known: names().map(SmolStr::as_str).collect(), free }
    }

    /// The feature that a row without a README was probably meant for: spelled with one or two letters less, and
    /// without a row of its own.
    pub(super) fn meant(&self, row: &CatalogRow) -> Option<&'a SmolStr> {
        if self.known.contains(row.feature.text.as_str()) {
            return None;
        }
        let written = row.feature.text.as_str();
        let meant = nearest(written, self.free.iter().map(|it| it.as_str())).filter(|it| is_slip(it, written))?;
        self.free.iter().find(|it| **it == meant).copied()
    }
}
