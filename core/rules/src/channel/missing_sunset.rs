//! `channel/missing-sunset`: a channel that goes, on no day.

use archwright_model::date;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/missing-sunset",
    severity: Severity::Warning,
    summary: "A contract is deprecated and names no day on which its channel is switched off.",
    applies_to: &[Kind::Contract],
    sources: &["A-204", "A-326", "N-024"],
    page: include_str!("missing_sunset.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(status) = document.status() else { return };
    let state = cx.config().vocabulary().state(&status.text);
    // An open question asks for it already.
    if !matches!(state, Some(State::Deprecating | State::Deprecated)) || document.fields(Role::Sunset).next().is_some()
    {
        return;
    }
    let words = |text: &str| text.split(|it: char| !(it.is_ascii_digit() || it == '-')).any(date::is_date);
    let lifecycle = document.concern(Role::Lifecycle).map(|it| it.text).unwrap_or_default();
    // `Created 2026-02-02` is no end; a second day is.
    let days = lifecycle.split(|it: char| !(it.is_ascii_digit() || it == '-')).filter(|it| date::is_date(it)).count();
    if words(&status.text) || days > 1 {
        return;
    }
    let message = "Its readers are told to move, and by no day: nobody does. Write `Sunset` with the day on which the \
        channel is switched off.";
    reporter.report(status.span, message.to_owned());
}
