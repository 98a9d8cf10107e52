//! `layout/launch-date-mismatch`: a launch decision whose file name is not the date of the decision.

use archwright_model::{date, values::date::at_start};
use archwright_syntax::markdown::Field;

use crate::{document::template::head_fields, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "layout/launch-date-mismatch",
    severity: Severity::Warning,
    summary: "The file name of a launch decision is not its date.",
    applies_to: &[Kind::Launch],
    any_dialect: false,
    sources: &["A-022"],
    page: include_str!("launch_date_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(name) = &facts.captures.date else { return };
    let vocabulary = cx.config().vocabulary();
    let is_date = |it: &&Field| vocabulary.field(facts.slice(it.name), Role::Date).is_some();
    let field = head_fields(cx).into_iter().find(is_date);
    // A value that is no date is for `document/invalid-date`.
    let stated = field.and_then(|it| Some((it.value.start as usize, at_start(facts.slice(it.value))?)));
    if !date::is_date(name) {
        let example = stated.map_or("YYYY-MM-DD", |it| it.1);
        let message = format!(
            "The file name `{name}` is no calendar date. Name the file after the day of the decision: `{example}.md`."
        );
        reporter.report(facts.title_span(), message).fixable = false;
    } else if let Some((start, stated)) =
        stated.filter(|it| it.1 != name && !facts.slice(facts.title_span()).contains(name.as_str()))
    {
        // A document whose title names the day of its file is of that launch, and its date is the day it was written.
        let message =
            format!("The date is {stated}, and the file is named `{}`. Make them the same day.", facts.path.name());
        let finding = reporter.report(Span::new(start, start + stated.len()), message);
        finding.data = name.to_string();
        // Which of the two is meant nobody said.
        finding.certain = false;
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Write `{}` as in the file name", finding.data), vec![edit]).into_iter().collect()
}
