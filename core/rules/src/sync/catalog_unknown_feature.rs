//! `sync/catalog-unknown-feature`: a catalog row for a feature that does not exist.

use archwright_model::facts::CatalogRow;

use super::catalog::{Spelling, facts, features, is_empty, readme};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/catalog-unknown-feature",
    severity: Severity::Warning,
    summary: "A catalog row names a feature that has no README.",
    applies_to: &[Kind::Catalog],
    any_dialect: false,
    sources: &["A-109"],
    page: include_str!("catalog_unknown_feature.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some((document, catalog)) = facts(cx) else { return };
    let mut spelling = None;
    for row in &catalog.rows {
        if is_empty(row) || readme(cx, &row.feature.text).is_some() || links_to_readme(cx, document, row) {
            continue;
        }
        let meant = spelling.get_or_insert_with(|| Spelling::new(catalog, &features(cx))).meant(row);
        let advice = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "write one or delete the row.".to_owned(),
        };
        let message =
            format!("The catalog lists `{}`, but no feature of that name has a README; {advice}", row.feature.text);
        reporter.report(row.feature.span, message).data = meant.map(ToString::to_string).unwrap_or_default();
    }
}

/// Whether the row leads to a README outside the layout.
fn links_to_readme(cx: &Context, document: &DocumentFacts, row: &CatalogRow) -> bool {
    let links = document.links.iter().filter(|it| row.span.contains(it.target));
    links.filter(|it| it.path.name().eq_ignore_ascii_case("readme.md")).any(|it| cx.exists(&it.path))
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let Some((_, catalog)) = facts(cx) else { return Vec::new() };
    let Some(row) = catalog.rows.iter().find(|it| it.span.contains(finding.span)) else { return Vec::new() };
    let (title, edit) = if finding.data.is_empty() {
        (format!("Delete the row of `{}`", row.feature.text), TextEdit::delete(row.span))
    } else {
        // Without the row, the feature that was meant would have none at all.
        (format!("Change the row to `{}`", finding.data), TextEdit::replace(finding.span, finding.data.clone()))
    };
    edit_here(cx, title, vec![edit]).into_iter().collect()
}
