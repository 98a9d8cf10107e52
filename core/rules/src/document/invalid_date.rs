//! `document/invalid-date`: a date that no calendar has, or that is not written as `YYYY-MM-DD`.

use archwright_model::{
    conventions::vocabulary::as_field,
    facts::front_matter,
    values::{
        date::{at_start, unambiguous},
        value::is_placeholder,
    },
};

use super::template::head_fields;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/invalid-date",
    severity: Severity::Warning,
    summary: "A date does not exist or is not written as YYYY-MM-DD.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["A-061", "A-095", "A-100"],
    page: include_str!("invalid_date.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

/// The fields that hold a date.
const DATES: [Role; 3] = [Role::Date, Role::LastReviewed, Role::LastUpdated];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    let is_date = |name: &str| {
        let meanings = cx.config().vocabulary().meanings(name);
        DATES.iter().any(|it| as_field(meanings, *it).is_some())
    };
    let fields = head_fields(cx).into_iter().filter(|it| is_date(facts.slice(it.name))).map(|it| it.value);
    let entries = front_matter(tree, &facts.text).into_iter().filter(|it| is_date(it.0)).map(|it| it.1);
    for span in fields.chain(entries) {
        let Some((span, value)) = bare(span, &facts.text) else { continue };
        if at_start(value).is_some() {
            continue;
        }
        // How others write their dates is up to them, as long as the day exists.
        if !facts.opted_in() && !has_iso_form(value) {
            continue;
        }
        let finding = match (unambiguous(value), has_iso_form(value)) {
            (Some(date), _) => {
                let finding = reporter.report(span, format!("`{value}` is not written as YYYY-MM-DD. Write `{date}`."));
                finding.data = date;
                finding
            }
            (None, true) => {
                reporter.report(span, format!("`{value}` does not exist in the calendar. Write the day that is meant."))
            }
            (None, false) => reporter
                .report(span, format!("`{value}` is no date. Write it as YYYY-MM-DD, or `[TBD]` while it is open.")),
        };
        finding.fixable = !finding.data.is_empty();
    }
}

/// The value without marks around it; `None` for an empty one and for a placeholder.
fn bare(span: Span, text: &str) -> Option<(Span, &str)> {
    let raw = span.of(text);
    let left = raw.trim_start_matches(['*', '_', '`', '"', ' ']);
    let value = left.trim_end_matches(['*', '_', '`', '"', ' ', '.']);
    let is_open = value.is_empty()
        || is_placeholder(value)
        || value.starts_with(['<', '[', '{'])
        || matches!(value, "-" | "–" | "—");
    let start = span.start as usize + raw.len() - left.len();
    (!is_open).then(|| (Span::new(start, start + value.len()), value))
}

/// Whether the value has the right form and only the wrong numbers.
fn has_iso_form(value: &str) -> bool {
    let form = value.get(..10).unwrap_or_default();
    form.bytes().enumerate().all(|(at, it)| if matches!(at, 4 | 7) { it == b'-' } else { it.is_ascii_digit() })
        && form.len() == 10
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Write `{}`", finding.data), vec![edit]).into_iter().collect()
}
