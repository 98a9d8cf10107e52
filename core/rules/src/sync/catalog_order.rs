//! `sync/catalog-order`: catalog rows that are not sorted.

use super::catalog::{facts, order};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/catalog-order",
    severity: Severity::Warning,
    summary: "The rows of the catalog are not sorted by feature.",
    applies_to: &[Kind::Catalog],
    any_dialect: false,
    sources: &["A-108"],
    page: include_str!("catalog_order.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some((_, catalog)) = facts(cx) else { return };
    let pairs = catalog.rows.iter().zip(catalog.rows.iter().skip(1));
    let Some((before, row)) = pairs.into_iter().find(|(a, b)| order(&a.feature.text, &b.feature.text).is_gt()) else {
        return;
    };
    let message = format!(
        "`{}` stands below `{}`; the rows are sorted by feature, so move it up.",
        row.feature.text, before.feature.text
    );
    reporter.report(row.feature.span, message);
}

fn fix(cx: &Context, _: &Finding) -> Vec<Fix> {
    edit(cx).into_iter().collect()
}

fn edit(cx: &Context) -> Option<Fix> {
    let (document, catalog) = facts(cx)?;
    let text = &cx.facts().text;
    let rows = document.tree.rows(document.tree.tables.get(catalog.table?)?);
    let name = |span: Span| catalog.rows.iter().find(|it| it.span == span).map_or("", |it| it.feature.text.as_str());
    let mut lines: Vec<(&str, &str)> = rows.iter().map(|it| (name(it.span), it.span.of(text).trim_end())).collect();
    lines.sort_by(|a, b| order(a.0, b.0));
    let (first, last) = (rows.first()?.span, rows.last()?.span);
    let end = last.start as usize + last.of(text).trim_end().len();
    let sorted: Vec<&str> = lines.iter().map(|it| it.1).collect();
    let edit = TextEdit::replace(Span::new(first.start as usize, end), sorted.join(archwright_syntax::newline(text)));
    edit_here(cx, "Sort the rows by feature", vec![edit])
}
