//! Cells of tables, by what their columns are for.

use archwright_knowledge::claim_words;
use archwright_model::conventions::role::Role;

use super::{Completion, Cursor, names, values};

/// In a cell of a column with known values: teams, channels, tiers and the like.
pub(super) fn cell_values(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let cells = cursor.before.trim_start().strip_prefix('|')?;
    let typed = cells.rsplit('|').next()?.trim_start();
    // A bar that is written as text opens no cell.
    let at = cells.matches('|').count() - cells.matches("\\|").count();
    let table = cursor.tree.tables.iter().find(|it| it.span.touches(cursor.offset))?;
    let is_header = cursor.tree.header_row(table).is_some_and(|it| it.span.touches(cursor.offset));
    let title = cursor.tree.header(table).get(at).filter(|_| !is_header)?;
    let title = cursor.facts.slice(*title);
    let replace = values::value_span(cursor, typed, true);
    if claim_words("owner-names").are_all_of(title) || claim_words("team-columns").are_all_of(title) {
        return Some(names::teams(cursor, typed, replace)).filter(|it| !it.is_empty());
    }
    let vocabulary = cursor.workspace.config().vocabulary();
    let is = |role: &Role| vocabulary.column(cursor.facts.kind, title, *role).is_some();
    let role = [Role::Channel, Role::Tier, Role::CompatibilityMode, Role::Delivery].into_iter().find(is)?;
    if role == Role::Channel {
        let found = names::all_channels(cursor, typed.trim_matches('`'));
        return Some(found.into_iter().map(|it| Completion { replace, ..it }).collect());
    }
    Some(values::of_role(cursor, role)?.into_iter().map(|it| values::value(it, String::new(), replace)).collect())
}
