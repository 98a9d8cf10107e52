//! `sync/catalog-missing-feature`: a feature that the catalog does not list.

use archwright_model::{facts::CatalogFacts, values::value};
use rustc_hash::FxHashSet;

use super::catalog::{Readme, Spelling, facts, features, is_column, order, repeated};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/catalog-missing-feature",
    severity: Severity::Warning,
    summary: "A feature has a README but no row in the catalog.",
    applies_to: &[Kind::Catalog],
    any_dialect: false,
    sources: &["A-106", "A-108", "A-109", "A-116", "D-C12"],
    page: include_str!("catalog_missing_feature.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some((document, catalog)) = facts(cx) else { return };
    let features = features(cx);
    let Some(table) = catalog.table.and_then(|it| document.tree.tables.get(it)) else {
        if let Some(first) = features.first() {
            let more = match features.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            let message = format!(
                "The catalog has no table of features, but `{}`{more} has a README; add the table.",
                first.feature
            );
            reporter.report(cx.facts().title_span(), message).fixable = false;
        }
        return;
    };
    let title = document.tree.section(table.section).title;
    let span = if title.is_empty() { cx.facts().title_span() } else { title };
    // A row that is spelled a little differently is reported as such, not as a missing row as well.
    let spelling = Spelling::new(catalog, &features);
    let misspelt: FxHashSet<_> = catalog.rows.iter().filter_map(|it| spelling.meant(it)).collect();
    let listed: FxHashSet<&str> = catalog.rows.iter().map(|it| it.feature.text.as_str()).collect();
    for readme in &features {
        if listed.contains(readme.feature.as_str()) || misspelt.contains(readme.feature) {
            continue;
        }
        let message =
            format!("`{}` has a README but no row in the catalog; add one from `{}`.", readme.feature, readme.path);
        reporter.report(span, message).data = readme.feature.to_string();
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    edit(cx, finding).into_iter().collect()
}

fn edit(cx: &Context, finding: &Finding) -> Option<Fix> {
    let (document, catalog) = facts(cx)?;
    let features = features(cx);
    let readme = features.iter().find(|it| it.feature.as_str() == finding.data)?;
    let table = document.tree.tables.get(catalog.table?)?;
    let text = &cx.facts().text;
    let newline = archwright_syntax::newline(text);
    let row = row(cx, catalog, readme);
    let next = catalog.rows.iter().find(|it| order(&it.feature.text, readme.feature).is_gt());
    let edit = if let Some(next) = next {
        TextEdit::insert(next.span.start as usize, format!("{row}{newline}"))
    } else {
        let end = table.span.start as usize + table.span.of(text).trim_end().len();
        TextEdit::insert(end, format!("{newline}{row}"))
    };
    edit_here(cx, format!("Add a row for `{}`", readme.feature), vec![edit])
}

/// The row that a README deserves.
fn row(cx: &Context, catalog: &CatalogFacts, readme: &Readme) -> String {
    let cells = catalog.columns.iter().map(|column| {
        if is_column(cx, column, Role::Feature) {
            return readme.feature.to_string();
        }
        if is_column(cx, column, Role::Index) {
            return format!("[README]({})", readme.path.relative_to(&cx.facts().path.parent()));
        }
        let Some(repeated) = repeated(cx).find(|it| is_column(cx, column, it.role)) else { return String::new() };
        let said = readme.facts.field(repeated.role);
        said.map_or_else(|| value::placeholder(""), |it| value::cell(&it.text))
    });
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}
