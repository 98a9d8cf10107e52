//! `reliability/attempts-mismatch`: a contract or a runbook that tries messages more or less often than the design.

use std::ops::Range;

use archwright_knowledge::claim_words;
use archwright_model::{facts::Topic, values::quantity::measured};

use super::answer;
use crate::{
    claim::{claims, is_claimed, mildly, number_in_words, tried_times, weighed, words},
    prelude::*,
    stated::{Stated, named, stated, within},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/attempts-mismatch",
    severity: Severity::Warning,
    summary: "A contract, a runbook or another sentence tries messages more or less often than the design.",
    applies_to: &[
        Kind::Contract,
        Kind::Design,
        Kind::Runbook,
        Kind::Adr,
        Kind::Rfc,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    any_dialect: true,
    sources: &["A-145", "A-240"],
    page: include_str!("attempts_mismatch.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let is_ours = matches!(cx.facts().kind, Kind::Contract | Kind::Design | Kind::Runbook) && cx.facts().opted_in();
    if !is_ours {
        differs_by_name(cx, reporter);
        return;
    }
    if cx.facts().kind == Kind::Design {
        contradicts_itself(cx, reporter);
        return;
    }
    let own = cx.facts().document().into_iter().flat_map(|it| &it.statements);
    for ours in own.filter(|it| it.topic == Topic::Attempts) {
        let designs = stated(cx, Topic::Attempts);
        let designs: Vec<&Stated> =
            designs.iter().filter(|it| it.facts.kind == Kind::Design && it.statement.subject == ours.subject).collect();
        let Some(design) = designs.first().filter(|_| designs.iter().all(|it| it.statement.amount != ours.amount))
        else {
            continue;
        };
        let message = format!(
            "{} {}s here and {} in the design; make the two agree, or say there why this consumer differs.",
            ours.amount, ours.subject, design.statement.amount
        );
        let related = cx.related(design.file, design.statement.span, "the design's number");
        reporter.report(ours.span, message).related.push(related);
    }
}

/// A design whose answer on retries names another number than a sentence elsewhere that says when a message is set
/// aside. A sentence with a name in it may be about one consumer.
fn contradicts_itself(cx: &Context, reporter: &mut Reporter) {
    let words = words(cx);
    let Some(answer) = answer(cx, "retry").filter(|_| words.has(claim_words("tries"))) else { return };
    let counts = tries(answer.said(cx.facts()));
    let [(ours, place)] = counts.as_slice() else { return };
    for claim in claims(cx) {
        let part = claim.span.range();
        let is_elsewhere = claim.span.end <= answer.value.start || answer.value.end <= claim.span.start;
        let sets_aside = ["dead-letters", "poison"].iter().any(|it| words.has_within(claim_words(it), part.clone()));
        if !is_elsewhere || !sets_aside || claim.text.contains(['`', '|']) || !is_claimed_but_for_faults(claim.text) {
            continue;
        }
        let counts = tries(claim.text);
        let [(theirs, at)] = counts.as_slice() else { continue };
        if (theirs - ours).abs() < 0.5 {
            continue;
        }
        let message = format!("{theirs} tries here and {ours} in the answer on retries; make the two agree.");
        let start = answer.value.start as usize;
        let related = cx.related(cx.file(), Span::new(start + place.start, start + place.end), "the answer on retries");
        reporter.report(within(&claim, at), message).related.push(related);
    }
}

/// A document of another form that lets messages go to one dead letter channel after different numbers of tries.
fn differs_by_name(cx: &Context, reporter: &mut Reporter) {
    let words = words(cx);
    if !["tries", "failed-times"].iter().any(|it| words.has(claim_words(it))) {
        return;
    }
    let weighed = weighed(cx);
    let mut known: Vec<(&str, f64, Span)> = Vec::new();
    for claim in claims(cx) {
        let names = named(claim.text);
        let mut letters = names.iter().filter(|it| claim_words("dead-letters").are_in(&parts(it.name)));
        let (Some(channel), None) = (letters.next(), letters.next()) else { continue };
        let is_elsewhere = weighed.iter().any(|it| it.contains(claim.span)) || claim.text.contains('|');
        let mut counts = tries(claim.text);
        counts.extend(tried_times(claim.text));
        let [(count, at)] = counts.as_slice() else { continue };
        if is_elsewhere || !is_claimed_but_for_faults(claim.text) {
            continue;
        }
        let span = within(&claim, at);
        let Some((_, other, place)) = known.iter().find(|it| it.0 == channel.name) else {
            known.push((channel.name, *count, span));
            continue;
        };
        if (other - count).abs() > 0.5 {
            let message = format!(
                "Messages go to `{}` after {count} tries here and after {other} above; make the two agree.",
                channel.name
            );
            let related = cx.related(cx.file(), *place, format!("{other} tries"));
            let finding = reporter.report(span, message);
            mildly(finding);
            finding.related.push(related);
        }
    }
}

/// A name as words.
fn parts(name: &str) -> String {
    name.replace(['.', '_', '-'], " ")
}

/// Whether a sentence claims what it says, `cannot be handled` apart.
fn is_claimed_but_for_faults(sentence: &str) -> bool {
    is_claimed(&claim_words("poison").without(sentence))
}

/// The numbers of tries in a text, in digits or in words, each right before its word: `after five attempts`.
fn tries(text: &str) -> Vec<(f64, Range<usize>)> {
    let in_words = claim_words("number-words").all(text).filter_map(|it| {
        let number = number_in_words(text.get(it.clone())?)?;
        Some((number, it))
    });
    let all = measured(text).into_iter().map(|it| (it.amount, it.digits)).chain(in_words);
    let is_of_tries = |it: &(f64, Range<usize>)| {
        text.get(it.1.end..).and_then(|it| it.strip_prefix(' ')).is_some_and(|it| claim_words("tries").begin(it))
    };
    all.filter(is_of_tries).collect()
}
