//! `decision/circular-supersede`: decision records that replace each other, so that none of them holds.

use archwright_model::facts::Supersession;

use super::relations::Record;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/circular-supersede",
    severity: Severity::Error,
    summary: "A decision record replaces one that replaces it in turn.",
    applies_to: &[Kind::Adr],
    any_dialect: true,
    sources: &["A-045", "A-136"],
    page: include_str!("circular_supersede.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(own) = Record::own(cx) else { return };
    let Some(way) = own.way_to(cx, &own) else { return };
    // The record comes first and last.
    let circle = way.get(1..).unwrap_or_default();
    // One of them tells it: the first that says something of another one.
    let speaks = |it: &&Record| circle.iter().any(|other| claim(it, other).is_some());
    if circle.iter().filter(speaks).min_by_key(|it| it.path()).is_none_or(|it| it.file != own.file) {
        return;
    }
    let Some(said) = circle.iter().find_map(|it| claim(&own, it)) else { return };
    let others: Vec<&Record> = circle.iter().filter(|it| it.file != own.file).collect();
    // `First draft of ADR-0007` is something else than the record that has its number now.
    if others.is_empty() && has_words_before(&cx.facts().text, said.span) {
        return;
    }
    let message = match others.as_slice() {
        [] => "This record supersedes itself; name the record that is meant.".to_owned(),
        [other] => format!(
            "This record and `{}` supersede each other, so that neither holds; say which one does.",
            other.path().name()
        ),
        others => {
            let names: Vec<String> = others.iter().map(|it| format!("`{}`", it.path().name())).collect();
            format!(
                "This record, {} supersede each other in a circle, so that none of them holds; say which one does.",
                enumerate(&names, "and")
            )
        }
    };
    let related = others.iter().filter_map(|it| {
        let said = circle.iter().find_map(|other| claim(it, other))?;
        Some(cx.related(it.file, said.span, "this is said here"))
    });
    let related: Vec<_> = related.collect();
    reporter.report(said.span, message).related = related;
}

/// Whether words stand between the label of a value and a place in it.
fn has_words_before(text: &str, place: Span) -> bool {
    let line = text.get(..place.start as usize).and_then(|it| it.lines().next_back()).unwrap_or_default();
    line.rsplit_once(':').is_some_and(|it| it.1.contains(char::is_alphanumeric))
}

/// What a record says of another one.
fn claim<'a>(record: &Record<'a>, other: &Record) -> Option<&'a Supersession> {
    record.claim(&record.adr.supersedes, other).or_else(|| record.claim(&record.adr.superseded_by, other))
}
