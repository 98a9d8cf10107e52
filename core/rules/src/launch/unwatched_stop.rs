//! `launch/unwatched-stop`: a launch is to be stopped at a number that no alert tells of.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{Topic, prose::Titled},
    values::quantity::{measured, unit},
};

use crate::{
    claim::{claims, number_in_words, words},
    prelude::*,
    stated::{Stated, named, stated, unmarked},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "launch/unwatched-stop",
    severity: Severity::Warning,
    summary: "A launch is stopped at a number of dead letters of which nobody is told.",
    applies_to: &[Kind::Launch, Kind::Design],
    any_dialect: false,
    sources: &["A-128", "A-388"],
    page: include_str!("unwatched_stop.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, dead, stops) = (words(cx), claim_words("dead-letters"), claim_words("stops-launch"));
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| words.has(dead) && words.has(stops)) else { return };
    let mut stopping = Titled::new(tree, &facts.text, |title| stops.are_in(title));
    for claim in claims(cx) {
        if !words.has_within(dead, claim.span.range()) || !stopping.holds(tree.section_at(claim.span.start as usize)) {
            continue;
        }
        let Some(limit) = counted(claim.text) else { continue };
        let channels: Vec<&str> = named(claim.text).iter().map(|it| it.name).collect();
        let is_meant = |it: &Stated| {
            let subject = it.statement.subject.as_str();
            channels.is_empty() || channels.iter().any(|name| subject.contains(name))
        };
        let alerts = stated(cx, Topic::DeadLetterAlert);
        #[allow(clippy::cast_precision_loss)]
        let later = |it: &&Stated| is_meant(it) && it.statement.amount as f64 > limit;
        let Some(alert) = alerts.iter().filter(later).max_by_key(|it| it.statement.amount) else { continue };
        let message = format!(
            "The launch stops at {limit} dead letters, and the first alert of `{}` comes at {}: nobody is told in \
             between. Alert at the number that stops.",
            alert.statement.subject, alert.statement.amount
        );
        let related = cx.related(alert.file, alert.statement.span, "the alert");
        reporter.report(unmarked(&claim), message).related.push(related);
    }
}

/// Whether what stands behind a number is counted in a channel that has a name: `5 scans in `. A unit is no such thing.
fn counts_in_channel(sentence: &str, behind: &str) -> bool {
    let word = behind.split(|it: char| !it.is_alphabetic()).next().unwrap_or_default();
    let is_unit = unit(&word.to_lowercase()).is_some();
    // What is counted stands right before the name, with at most two words between.
    let gap = behind.split_once('`').map(|it| it.0);
    let is_near = gap.is_some_and(|it| it.split_whitespace().count() <= 4 && !it.contains([',', ';', '.', '%', '/']));
    word.len() > 2 && !is_unit && is_near && !named(sentence).is_empty()
}

/// The number of messages that a sentence names.
fn counted(sentence: &str) -> Option<f64> {
    let in_digits = measured(sentence).into_iter().find_map(|it| {
        let behind = sentence.get(it.digits.end..)?.trim_start();
        let is_counted = claim_words("counted").begin(behind);
        (is_counted || counts_in_channel(sentence, behind)).then_some(it.amount)
    });
    in_digits.or_else(|| {
        claim_words("number-words").all(sentence).find_map(|it| {
            let amount = number_in_words(sentence.get(it.clone())?)?;
            let behind = sentence.get(it.end..)?.trim_start();
            let is_counted = claim_words("counted").begin(behind);
            (is_counted || counts_in_channel(sentence, behind)).then_some(amount)
        })
    })
}
