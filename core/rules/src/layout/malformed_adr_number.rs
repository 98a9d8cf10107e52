//! `layout/malformed-adr-number`: an ADR whose file name is not `NNNN-kebab-title.md`.

use super::kebab::kebab;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "layout/malformed-adr-number",
    severity: Severity::Warning,
    summary: "The file name of an ADR is not a number of four digits and a title in kebab-case.",
    applies_to: &[Kind::Adr],
    any_dialect: false,
    sources: &["A-016", "A-017", "A-030", "A-031"],
    page: include_str!("malformed_adr_number.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    // Other folders have other conventions.
    if facts.path.parent().name() != "adrs" || is_well_formed(facts.path.stem()) {
        return;
    }
    let name = facts.path.name();
    let number = facts.document().and_then(|it| it.adr.as_ref()).and_then(|it| it.number);
    let (message, new_name) = if let Some(number) = number {
        let right = right_name(facts, number);
        let path = facts.path.parent().join(&right);
        let is_free = path != facts.path && !cx.exists(&path);
        (
            format!("`{name}` is not named NNNN-title.md with four digits. Rename it to `{right}`."),
            is_free.then_some(right),
        )
    } else {
        let next = super::duplicate_adr_number::next_free(cx);
        (
            format!(
                "`{name}` has no number. Rename it to `{}`, the next free number of the folder.",
                right_name(facts, next)
            ),
            None,
        )
    };
    let finding = reporter.report(facts.title_span(), message);
    finding.fixable = new_name.is_some();
    finding.data = new_name.unwrap_or_default();
}

/// Whether a name is four digits, a hyphen and a title without capitals, underscores and spaces.
fn is_well_formed(stem: &str) -> bool {
    let Some((number, title)) = stem.split_once('-') else { return false };
    let is_number = number.len() == 4 && number.bytes().all(|it| it.is_ascii_digit());
    is_number
        && title.split('-').all(|it| !it.is_empty())
        && !title.contains(|it: char| it.is_uppercase() || it == '_' || it.is_whitespace())
}

/// `0003-cap-the-cart.md`, from the present name or, if that is only a number, from the title.
fn right_name(facts: &FileFacts, number: u32) -> String {
    let title = |text: &str| {
        let rest = text
            .get(..3)
            .filter(|it| it.eq_ignore_ascii_case("adr"))
            .map_or(text, |_| text.get(3..).unwrap_or_default());
        let rest = rest.trim_start_matches(|it: char| !it.is_alphanumeric());
        let after = rest.trim_start_matches(|it: char| it.is_ascii_digit());
        kebab(if after.starts_with(char::is_alphanumeric) { rest } else { after })
    };
    let from_name = title(facts.path.stem());
    let words = if from_name.is_empty() { title(facts.slice(facts.title_span())) } else { from_name };
    if words.is_empty() { format!("{number:04}-decision.md") } else { format!("{number:04}-{words}.md") }
}

/// Renames the file and turns the links to it.
fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let facts = cx.facts();
    let to = facts.path.parent().join(&finding.data);
    let mut edit = WorkspaceEdit::rename(facts.path.clone(), to.clone(), facts.hash());
    for (other, links) in cx.linking_to(&facts.path) {
        let new = to.relative_to(&other.path.parent());
        let edits = links.iter().map(|it| TextEdit::replace(it.path_span, new.clone())).collect();
        let Some(turned) = edit_file(other, "", edits) else { continue };
        let Ok(both) = edit.clone().merge(turned.edit) else { continue };
        edit = both;
    }
    vec![Fix { title: format!("Rename the file to `{}`", finding.data), edit, preferred: true, asks: false }]
}
