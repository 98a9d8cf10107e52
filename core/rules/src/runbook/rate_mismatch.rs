//! `runbook/rate-mismatch`: a step that sends messages again faster than the runbook or a contract allows.

use std::ops::Range;

use archwright_knowledge::claim_words;
use archwright_model::{facts::Topic, values::quantity::rates};

use super::steps::steps;
use crate::{
    claim::{is_claimed, words},
    prelude::*,
    stated::stated,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/rate-mismatch",
    severity: Severity::Warning,
    summary: "A step sends messages again faster than the summary of its runbook says, or than contracts allow.",
    applies_to: &[Kind::Runbook],
    sources: &["A-144", "A-334"],
    page: include_str!("rate_mismatch.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, redrives) = (words(cx), claim_words("redrives"));
    let Some(document) = cx.by_role().filter(|_| words.has(redrives)) else { return };
    let short = document.field(Role::Tldr);
    let in_short = short.as_ref().and_then(|it| Some((only_rate(&it.text)?, it.span)));
    let allowed = stated(cx, Topic::ReplayRate);
    // A runbook may be about any channel of its feature.
    let most = allowed.iter().max_by_key(|it| it.statement.amount);
    for step in &steps(cx).0 {
        let said = step.content.of(document.text);
        let moves = || {
            let mitigates = step.role == Some(Role::Mitigation);
            words.has_within(claim_words("moves"), step.content.range())
                || mitigates && ["message", "dead-letters", "letters"].iter().any(|it| claim_words(it).are_in(said))
        };
        if !(words.has_within(redrives, step.content.range()) || moves()) || !is_claimed(said) {
            continue;
        }
        // A step that names two rates goes up from one to the other.
        let Some((place, rate)) = rates(said).into_iter().max_by(|one, other| one.1.total_cmp(&other.1)) else {
            continue;
        };
        let start = step.content.start as usize;
        let span = Span::new(start + place.start, start + place.end);
        if let Some(((_, limit), at)) = &in_short
            && rate > *limit
        {
            let message =
                format!("{} per second here and {} in the summary; make the two agree.", shown(rate), shown(*limit));
            reporter.report(span, message).related.push(cx.related(cx.file(), *at, "the summary"));
        } else if let Some(most) = most
            && rate > a_second(most.statement.amount)
        {
            let message = format!(
                "{} per second here, and the contract of `{}` allows {}; make the two agree.",
                shown(rate),
                most.facts.captures.channel.as_deref().unwrap_or_default(),
                shown(a_second(most.statement.amount))
            );
            let related = cx.related(most.file, most.statement.span, "the contract says so here");
            reporter.report(span, message).related.push(related);
        }
    }
}

/// The only rate of a text, a second.
fn only_rate(text: &str) -> Option<(Range<usize>, f64)> {
    let mut all = rates(text).into_iter();
    all.next().filter(|_| all.next().is_none())
}

/// A rate in thousandths, as one a second.
fn a_second(thousandths: u64) -> f64 {
    f64::from(u32::try_from(thousandths).unwrap_or(u32::MAX)) / 1_000.0
}

/// A rate without what is too small to matter.
fn shown(rate: f64) -> String {
    let rounded = (rate * 100.0).round() / 100.0;
    format!("{rounded}")
}
