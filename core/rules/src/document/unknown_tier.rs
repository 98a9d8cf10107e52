//! `document/unknown-tier`: a readiness tier that there is not.

use archwright_model::{conventions::vocabulary::starts_with_words, facts::Spanned, values::value};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/unknown-tier",
    severity: Severity::Warning,
    summary: "A readiness tier is none of those that there are.",
    applies_to: &[Kind::FeatureReadme, Kind::Launch, Kind::Catalog],
    sources: &["A-100", "A-349"],
    page: include_str!("unknown_tier.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let names = || cx.config().profile().tiers.names.iter().map(String::as_str);
    let stated: Vec<Spanned> = match cx.facts().kind {
        Kind::FeatureReadme => document.field(Role::Tier).into_iter().collect(),
        Kind::Launch => document.field(Role::TierAchieved).into_iter().collect(),
        _ => document.tree.tables.iter().flat_map(|it| cells(document, it, Role::Tier)).collect(),
    };
    for tier in stated {
        let said = value::plain(&tier.text);
        let said = said.trim();
        if value::is_unknown(&tier.text) || value::is_none(&tier.text) || names().any(|it| starts_with_words(said, it))
        {
            continue;
        }
        // Who says more than a name may well name one on the way.
        if said.split_whitespace().count() > 3 || names().any(|it| said.to_lowercase().contains(&it.to_lowercase())) {
            continue;
        }
        let near = nearest(said, names());
        let all = enumerate(&names().map(|it| format!("`{it}`")).collect::<Vec<_>>(), "and");
        let advice = near.map_or_else(|| format!("The tiers are {all}."), |it| format!("Did you mean `{it}`?"));
        let finding = reporter.report(tier.span, format!("`{said}` is no readiness tier. {advice}"));
        finding.fixable = near.is_some() && cx.facts().slice(tier.span).trim() == said;
        finding.data = near.map(str::to_owned).unwrap_or_default();
    }
}

/// The cells of the column with a role.
fn cells(document: &ByRole, table: &archwright_syntax::markdown::Table, role: Role) -> Vec<Spanned> {
    let Some(at) = document.column(table, role) else { return Vec::new() };
    let rows = document.tree.rows(table).iter();
    let cells = rows.filter_map(|it| document.tree.cells(it).get(at)).filter(|it| !it.is_empty());
    cells.map(|it| Spanned::of(*it, document.text)).collect()
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Write `{}`", finding.data), vec![edit]).into_iter().collect()
}
