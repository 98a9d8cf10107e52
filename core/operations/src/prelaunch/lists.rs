//! What other files say of a launch: the list, tier and day in the README, and the row of the catalog.

use archwright_model::{
    Kind, RelPath,
    conventions::{layout::Captures, role::Role},
    facts::{ByRole, FileFacts, Spanned},
    values::{date, value},
};
use archwright_syntax::TextEdit;

use super::{super::listing, case::Case};

/// The edits, each with the file; days of the last review only where there was one.
pub(super) fn edits(
    case: &Case,
    path: &RelPath,
    tier: Option<&str>,
    is_reviewed: bool,
) -> Vec<(RelPath, Vec<TextEdit>)> {
    let mut all = Vec::new();
    if let Some(readme) = case.readme {
        let mut edits: Vec<TextEdit> =
            listing::add(case.workspace, &case.feature, Kind::Launch, path, &label(case, path))
                .map(|it| it.1)
                .into_iter()
                .collect();
        if let Some(document) = case.by_role(readme) {
            let tier = tier.and_then(|it| said_otherwise(&document.field(Role::Tier)?, it));
            let day =
                document.field(Role::LastReviewed).filter(|_| is_reviewed).and_then(|it| reviewed(&it, &case.day));
            edits.extend(tier.into_iter().chain(day));
        }
        all.push((readme.path.clone(), edits));
    }
    all.extend(catalog(case, tier, is_reviewed));
    all.retain(|it| !it.1.is_empty());
    all
}

/// What lists call it: its day, or its title where others are called so.
fn label(case: &Case, path: &RelPath) -> String {
    let others = listing::of_kind(case.workspace, &case.feature, Kind::Launch);
    let known = others.iter().find_map(|it| Some((it, listing::label(case.workspace, &case.feature, &it.path)?)));
    match known {
        Some((other, label)) if label == listing::title(case.workspace, &other.path) => {
            case.config().profile().title(Kind::Launch, &case.feature)
        }
        _ => path.stem().to_owned(),
    }
}

fn catalog(case: &Case, tier: Option<&str>, is_reviewed: bool) -> Option<(RelPath, Vec<TextEdit>)> {
    let path = case.config().layout().place(Kind::Catalog, &Captures::default())?;
    let facts = case.workspace.file(&path).and_then(|it| case.workspace.facts(it))?;
    let catalog = facts.document()?.catalog.as_ref()?;
    let row = catalog.rows.iter().find(|it| it.feature.text == case.feature)?;
    let cell = |role: Role| {
        let is_column = |it: &smol_str::SmolStr| case.config().vocabulary().column(Kind::Catalog, it, role).is_some();
        let at = catalog.columns.iter().position(is_column)?;
        row.cells.get(at).map(|it| Spanned::of(*it, &facts.text))
    };
    let tier = tier.and_then(|it| said_otherwise(&cell(Role::Tier)?, &value::cell(it)));
    let day = cell(Role::LastReviewed).filter(|_| is_reviewed).and_then(|it| reviewed(&it, &case.day));
    let mut edits: Vec<TextEdit> = tier.into_iter().chain(day).collect();
    if !edits.is_empty() {
        edits.extend(updated(case, facts));
    }
    Some((path, edits))
}

/// The day on which the catalog was changed.
fn updated(case: &Case, facts: &FileFacts) -> Option<TextEdit> {
    let document = ByRole::of(facts, case.config())?;
    older(&document.field(Role::LastUpdated)?, &case.day)
}

fn said_otherwise(said: &Spanned, value: &str) -> Option<TextEdit> {
    (said.text.trim() != value).then(|| TextEdit::replace(said.span, value))
}

/// The edit of the day of the last review. Where nobody says that there was one, a launch is none either.
fn reviewed(said: &Spanned, day: &str) -> Option<TextEdit> {
    older(said, day).filter(|_| !value::is_unknown(&said.text))
}

/// The edit of a day that is before another one. What is no day stays.
fn older(said: &Spanned, day: &str) -> Option<TextEdit> {
    let text = said.text.trim();
    let is_older = date::at_start(text).is_some_and(|it| it == text && it < day);
    (is_older || value::is_unknown(text)).then(|| TextEdit::replace(said.span, day))
}
