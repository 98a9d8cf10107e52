//! `channel/retention-mismatch`: a design or an AsyncAPI document that keeps messages longer or shorter than the
//! contract.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{Spanned, Topic, prose},
    values::{
        retention::{Retention, in_words},
        value,
    },
};

use super::{claims as of_contracts, contracts, described};
use crate::{
    claim::{Claim as Sentence, claims as sentences, clause_behind, is_claimed, near, words},
    prelude::*,
    stated::{named, stated, unmarked},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/retention-mismatch",
    severity: Severity::Warning,
    summary: "A design or an AsyncAPI document keeps messages for another time than the channel's contract.",
    applies_to: &[Kind::Design, Kind::Asyncapi, Kind::Runbook, Kind::FeatureReadme],
    any_dialect: true,
    sources: &["A-115", "A-210", "A-217", "A-246"],
    page: include_str!("retention_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    in_prose(cx, reporter);
    if !cx.facts().opted_in() && cx.facts().kind != Kind::Asyncapi {
        super::told_windows::differ_from_asyncapi(cx, reporter);
    }
    for mention in described(cx) {
        let Some(ours) = &mention.retention else { continue };
        let our_value = Retention::of(&ours.text);
        let stated = of_contracts(cx, &mention.name.text, |_, it| {
            Some((it.retention.as_ref()?, Retention::of(&it.retention.as_ref()?.text)))
        });
        let Some(claim) = stated.first().filter(|_| stated.iter().all(|it| it.value.contradicts(&our_value))) else {
            continue;
        };
        let (here, there) = (shown(ours, &our_value), value::plain(&claim.at.text));
        let message = format!(
            "The retention of `{}` is `{here}` here and `{there}` in its contract; make the two agree.",
            mention.name.text
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{there}`"));
        let finding = reporter.report(ours.span, message);
        finding.related.push(related);
        let new = if cx.facts().kind == Kind::Design {
            Some(value::cell(&claim.at.text))
        } else {
            number(ours, &claim.value)
        };
        finding.fixable = new.is_some();
        finding.data = new.unwrap_or_default();
    }
}

/// A sentence on one channel that says for how long its messages are kept: `` `x.v1` keeps its events two days ``.
fn in_prose(cx: &Context, reporter: &mut Reporter) {
    let (words, kept) = (words(cx), claim_words("kept-for"));
    if cx.facts().kind == Kind::Asyncapi || !cx.facts().opted_in() || !words.has(kept) {
        return;
    }
    for claim in sentences(cx).iter().filter(|it| words.has_within(kept, it.span.range())) {
        of_dead_letters(cx, claim, reporter);
        let mut names = named(claim.text).into_iter().filter(|it| !contracts(cx, it.name).is_empty());
        let Some(channel) = names.next().filter(|_| names.next().is_none()) else { continue };
        let said = prose::without_names(claim.text);
        let Some(part) = kept.first(&said) else { continue };
        let clause = clause_behind(&said, part.start);
        let ours = Retention::of(clause);
        // What is kept of something else, and what holds for some messages only.
        let is_other = ["dead-letters", "kept-beside"].iter().any(|it| claim_words(it).are_in(&said));
        if ours.kept.len() != 1 || is_other || !is_claimed(claim.text) {
            continue;
        }
        let stated = of_contracts(cx, channel.name, |_, it| {
            Some((it.retention.as_ref()?, Retention::of(&it.retention.as_ref()?.text)))
        });
        let Some(first) = stated.first().filter(|_| stated.iter().all(|it| it.value.contradicts(&ours))) else {
            continue;
        };
        let there = value::plain(&first.at.text);
        let message = format!(
            "This keeps the messages of `{}` for another time than its contract, which says `{there}`; make the two \
             agree.",
            channel.name
        );
        let related = cx.related(first.file, first.at.span, format!("the contract says `{there}`"));
        let finding = reporter.report(unmarked(claim), message);
        finding.related.push(related);
        finding.fixable = false;
    }
}

/// `Dead letters live 72 h`, where each contract of the feature keeps its own for another time.
fn of_dead_letters(cx: &Context, claim: &Sentence, reporter: &mut Reporter) {
    let said = prose::without_names(claim.text);
    let Some(part) = near(&said, "dead-letters", "kept-for", 3) else { return };
    let ours = Retention::of(clause_behind(&said, part.start)).exact();
    let stated: Vec<_> =
        stated(cx, Topic::DeadLettersKept).into_iter().filter(|it| it.facts.kind == Kind::Contract).collect();
    let (Some(ours), Some(first)) = (ours, stated.first()) else { return };
    if stated.iter().any(|it| it.statement.amount == ours) || !is_claimed(claim.text) {
        return;
    }
    let there = in_words(first.statement.amount);
    let message = format!(
        "Dead letters are kept for {} here, and for {there} in the contract; make the two agree.",
        in_words(ours)
    );
    let related = cx.related(first.file, first.statement.span, format!("the contract says {there}"));
    let finding = reporter.report(unmarked(claim), message);
    finding.related.push(related);
    finding.fixable = false;
}

/// A retention as people write it; a binding's number in a unit that can be read.
fn shown(written: &Spanned, value: &Retention) -> String {
    match value.exact() {
        Some(exact) if value.kept.len() == 1 => in_words(exact),
        _ => value::plain(&written.text),
    }
}

/// The contract's duration as the number that stands in the binding.
fn number(ours: &Spanned, theirs: &Retention) -> Option<String> {
    let exact = theirs.exact()?;
    let whole = |unit: u64| exact.is_multiple_of(unit).then(|| exact / unit);
    match ours.text.rsplit_once(' ').map(|it| it.1) {
        Some("ms") => Some(exact.to_string()),
        Some("seconds") => whole(1_000).map(|it| it.to_string()),
        Some("minutes") => whole(60_000).map(|it| it.to_string()),
        Some(_) => Some(in_words(exact)),
        // A duration of Google Pub/Sub.
        None => whole(1_000).filter(|_| ours.text.ends_with('s')).map(|it| format!("{it}s")),
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    let here = edit_here(cx, format!("Take `{}` from the contract", finding.data), vec![edit]);
    // The number of a binding is nothing that a contract says.
    if cx.facts().kind == Kind::Design {
        return either_side(cx, finding, here);
    }
    here.into_iter().map(|it| Fix { preferred: false, ..it }).collect()
}
