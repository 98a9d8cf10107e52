//! The row of a feature in a catalog that is there.

use archwright_model::{
    RelPath,
    conventions::{config::Config, role::Role},
    facts::{CatalogRow, FileFacts},
    values::value::{self, is_unknown},
};
use archwright_rules::authoring::merge::{Kept, says};
use archwright_syntax::TextEdit;

use super::{DesignRequest, index_documents};

/// Adds the feature's row at its alphabetical place, or the whole table if there is none. A row that is there gets what
/// was given where it says nothing, or where `update` is asked for.
pub(super) fn edits(
    config: &Config,
    facts: &FileFacts,
    request: &DesignRequest,
    path: &RelPath,
    readme: &RelPath,
) -> (Vec<TextEdit>, Vec<Kept>) {
    let Some((tree, catalog)) = facts.document().and_then(|it| Some((&it.tree, it.catalog.as_ref()?))) else {
        return (Vec::new(), Vec::new());
    };
    if let Some(row) = catalog.rows.iter().find(|it| it.feature.text == request.feature) {
        let slo = request.slo.as_deref().map(|it| index_documents::rebased(it, readme, path));
        let request = &DesignRequest { slo, ..request.clone() };
        return row_edits(config, facts, request, &catalog.columns, row);
    }
    let newline = archwright_syntax::newline(&facts.text);
    let Some(table) = catalog.table.and_then(|it| tree.tables.get(it)) else {
        let section = index_documents::features(config, request, path, readme);
        let section = section.replace('\n', newline);
        return (vec![archwright_rules::authoring::insert_block(&facts.text, facts.text.len(), &section)], Vec::new());
    };
    let row = index_documents::catalog_row(config, request, path, readme, &catalog.columns);
    let next = catalog.rows.iter().find(|it| it.feature.text.as_str() > request.feature.as_str());
    let edit = match next {
        Some(next) => TextEdit::insert(next.span.start as usize, format!("{row}{newline}")),
        None => {
            let end = table.span.start as usize + table.span.of(&facts.text).trim_end().len();
            TextEdit::insert(end, format!("{newline}{row}"))
        }
    };
    (vec![edit], Vec::new())
}

fn row_edits(
    config: &Config,
    facts: &FileFacts,
    request: &DesignRequest,
    columns: &[smol_str::SmolStr],
    row: &CatalogRow,
) -> (Vec<TextEdit>, Vec<Kept>) {
    let (mut edits, mut kept) = (Vec::new(), Vec::new());
    for (column, span) in columns.iter().zip(&row.cells) {
        let given = match index_documents::catalog_role(config, column) {
            Some(Role::OwnerTeam) => &request.concerns.owner_team,
            Some(Role::Tier) => &request.tier,
            Some(Role::Slo) => &request.slo,
            Some(Role::LastReviewed) => &request.last_reviewed,
            Some(Role::Compliance) => &request.concerns.compliance,
            _ => continue,
        };
        let Some(given) = given else { continue };
        let there = span.of(&facts.text);
        if is_unknown(there) || request.update && !says(there, given) {
            edits.push(TextEdit::replace(*span, value::cell(given)));
        } else if !says(there, given) {
            let (there, given) = (value::line(there), value::line(given));
            kept.push(Kept { at: span.start as usize, there, given, is_replaceable: true });
        }
    }
    (edits, kept)
}
