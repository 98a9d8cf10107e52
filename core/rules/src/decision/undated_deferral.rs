//! `decision/undated-deferral`: a decision that was put off until nothing.

use archwright_model::date;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/undated-deferral",
    severity: Severity::Info,
    summary: "A deferred record names neither the question that it waits for nor a day.",
    applies_to: &[Kind::Adr],
    sources: &["A-133"],
    page: include_str!("undated_deferral.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(status) = document.status() else { return };
    if cx.config().vocabulary().state(&status.text) != Some(State::Deferred) {
        return;
    }
    let dated = document.field(Role::Date).map(|it| it.span);
    let (text, tree) = (document.text, document.tree);
    let is_elsewhere = |at: usize| !dated.is_some_and(|it| it.range().contains(&at));
    let days = text.split(|it: char| !(it.is_ascii_digit() || it == '-')).filter(|it| date::is_date(it));
    let has_day = days.into_iter().any(|it| is_elsewhere(it.as_ptr() as usize - text.as_ptr() as usize));
    let asks = text.match_indices('?').any(|(at, _)| !tree.in_code(at));
    if has_day || asks {
        return;
    }
    let message = "What was put off until nothing is decided by whoever builds first. Name the question that it waits \
        for, who answers it, and by when.";
    reporter.report(status.span, message.to_owned());
}
