//! `sync/catalog-mismatch`: a catalog row that says something else than the feature's README.

use archwright_model::{
    conventions::profile::Column,
    values::{date, quantity, team::name_one_team, value},
};

use super::catalog::{column, facts, readme, repeated};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/catalog-mismatch",
    severity: Severity::Warning,
    summary: "A catalog row says something else than the feature's README.",
    applies_to: &[Kind::Catalog],
    any_dialect: false,
    sources: &["A-106", "A-108"],
    page: include_str!("catalog_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some((_, catalog)) = facts(cx) else { return };
    for row in &catalog.rows {
        let Some(readme) = readme(cx, &row.feature.text) else { continue };
        for Column { role, name, .. } in repeated(cx) {
            let Some(at) = column(cx, catalog, *role) else { continue };
            let (Some(cell), Some(field)) = (row.cells.get(at), readme.facts.field(*role)) else { continue };
            let (here, there) = (value::plain(cx.facts().slice(*cell)), value::plain(&field.text));
            // A README that leaves the answer open contradicts nothing.
            if here == there || value::is_unknown(&there) {
                continue;
            }
            // A table has less room than a README.
            if here.len() < there.len() && value::is_part_of(&here, &there) || name_the_same(*role, &here, &there) {
                continue;
            }
            let feature = readme.feature;
            let (span, here) = match here.as_str() {
                "" => (row.feature.span, "empty".to_owned()),
                _ => (*cell, format!("`{here}`")),
            };
            let message = format!(
                "{name} is {here} here and `{there}` in the README of `{feature}`; the README counts, so copy its \
                value."
            );
            let related = cx.related(readme.file, field.span, format!("the README says `{there}`"));
            let finding = reporter.report(span, message);
            finding.related.push(related);
            name.clone_into(&mut finding.data);
        }
    }
}

/// Whether both name one team, one day, the same regimes or the same numbers, in whatever words.
fn name_the_same(role: Role, here: &str, there: &str) -> bool {
    match role {
        Role::OwnerTeam => name_one_team(here, there),
        Role::Compliance => value::is_part_of(there, here),
        Role::LastReviewed => date::unambiguous(here).is_some_and(|it| Some(it) == date::unambiguous(there)),
        Role::Slo => {
            let is_longer = || value::is_part_of(there, here) && quantity::are_part_of(here, there);
            quantity::are_part_of(here, there) || is_longer()
        }
        _ => false,
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    edit(cx, finding).into_iter().collect()
}

fn edit(cx: &Context, finding: &Finding) -> Option<Fix> {
    let (_, catalog) = facts(cx)?;
    let row = catalog.rows.iter().find(|it| it.span.contains(finding.span))?;
    let role = repeated(cx).find(|it| it.name == finding.data)?.role;
    let at = column(cx, catalog, role)?;
    let value = value::cell(&readme(cx, &row.feature.text)?.facts.field(role)?.text);
    let cell = *row.cells.get(at)?;
    let edit = if cell.is_empty() {
        // A cell that is missing has no place of its own, so the row is written again.
        let cells =
            row.cells.iter().enumerate().map(|(it, cell)| if it == at { &value } else { cx.facts().slice(*cell) });
        let line = cx.facts().slice(row.span).trim_end();
        let span = Span::new(row.span.start as usize, row.span.start as usize + line.len());
        TextEdit::replace(span, format!("| {} |", cells.collect::<Vec<_>>().join(" | ")))
    } else {
        TextEdit::replace(cell, value.clone())
    };
    // What somebody wrote is for people to settle; an empty cell disputes nothing.
    let is_empty = value::plain(cx.facts().slice(cell)).is_empty();
    let fix = edit_here(cx, format!("Write `{value}` into the catalog"), vec![edit])?;
    Some(Fix { preferred: is_empty, ..fix })
}
