//! `channel/dlq-mismatch`: a design or an AsyncAPI document that sends dead letters elsewhere than the contract says.

use archwright_model::{
    facts::{ChannelMention, ChannelRole, Spanned, answers},
    values::{
        answer::{is_denied, lets_go},
        value,
    },
};

use super::{claims, described, dlq_name::is_name};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/dlq-mismatch",
    severity: Severity::Warning,
    summary: "A design or an AsyncAPI document names another dead letter channel than the channel's contract.",
    applies_to: &[Kind::Design, Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-115", "A-144", "A-178", "A-246"],
    page: include_str!("dlq_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    denied_by_design(cx, reporter);
    for mention in described(cx) {
        owned_by_nobody(cx, reporter, mention);
        let Some(ours) =
            mention.dlq.as_ref().filter(|it| cx.facts().kind == Kind::Asyncapi || names_one(cx.facts(), it))
        else {
            continue;
        };
        let stated = claims(cx, &mention.name.text, |facts, it| {
            let dlq = it.dlq.as_ref()?;
            names_one(facts, dlq).then(|| (dlq, folded(&dlq.text)))
        });
        let Some(claim) = stated.first().filter(|_| stated.iter().all(|it| it.value != folded(&ours.text))) else {
            continue;
        };
        let message = format!(
            "The dead letters of `{}` go to `{}` here and to `{}` in its contract; make the two agree.",
            mention.name.text, ours.text, claim.at.text
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{}`", claim.at.text));
        let finding = reporter.report(ours.span, message);
        finding.related.push(related);
        // A queue of SQS cannot be called what the contract calls the channel, and a reference is more than a name.
        let is_literal = cx.facts().slice(ours.span) == ours.text && !ours.text.contains(':');
        finding.fixable =
            is_literal && (ours.text.contains('.') || !claim.at.text.contains('.')) && !value::is_none(&claim.at.text);
        finding.data = claim.at.text.to_string();
    }
}

/// A design that lets bad messages go, while the contracts of its channels keep them.
fn denied_by_design(cx: &Context, reporter: &mut Reporter) {
    let answers = cx.by_role().filter(|_| cx.facts().kind == Kind::Design).and_then(answers).unwrap_or_default();
    let Some(answer) = answers.iter().find(|it| it.question.id == "bad-messages") else { return };
    let said = answer.said(cx.facts());
    let denies = is_denied(said, "dead-letters") || lets_go(said);
    if said.contains(['`', '[']) || said.trim().is_empty() || !denies {
        return;
    }
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design) {
        let stated = claims(cx, &mention.name.text, |_, it| Some((it.dlq.as_ref()?, ())));
        let Some(claim) = stated.first().filter(|it| !value::is_none(&it.at.text)) else { continue };
        let message = format!(
            "Messages that cannot be handled are let go here, and the contract of `{}` sends them to `{}`; make the \
             two agree.",
            mention.name.text, claim.at.text
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{}`", claim.at.text));
        let finding = reporter.report(answer.value, message);
        finding.related.push(related);
        finding.fixable = false;
        return;
    }
}

/// Somebody answers for the dead letters of a channel, whose contract says that it has none.
fn owned_by_nobody(cx: &Context, reporter: &mut Reporter, mention: &ChannelMention) {
    let Some(owner) = mention.dlq_owner.as_deref().filter(|it| !value::is_none(&it.text)) else { return };
    // What names the channel of the dead letters as well is told by that.
    if mention.dlq.as_ref().is_some_and(|it| names_one(cx.facts(), it)) {
        return;
    }
    let stated = claims(cx, &mention.name.text, |_, it| Some((it.dlq.as_ref()?, ())));
    let Some(claim) = stated.first().filter(|_| stated.iter().all(|it| value::is_none(&it.at.text))) else { return };
    let message = format!(
        "`{}` answers for the dead letters of `{}` here, and its contract says that there are none; make the \
        two agree.",
        value::plain(&owner.text),
        mention.name.text
    );
    let related = cx.related(claim.file, claim.at.span, format!("the contract says `{}`", claim.at.text));
    let finding = reporter.report(owner.span, message);
    finding.related.push(related);
    finding.fixable = false;
}

/// Whether the value is a channel's name, or says that there is none.
fn names_one(facts: &FileFacts, dlq: &Spanned) -> bool {
    value::is_none(&dlq.text) || is_name(facts, dlq.span)
}

/// A name as brokers have to write it: SQS allows no dots, ARNs have the name at their end, queues may end in `.fifo`.
fn folded(name: &str) -> String {
    if value::is_none(name) {
        return String::new();
    }
    let name = name.rsplit([':', '/']).next().unwrap_or(name).to_lowercase();
    name.trim_end_matches(".fifo").chars().filter(|it| it.is_alphanumeric()).collect()
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    let fix = edit_here(cx, format!("Take `{}` from the contract", finding.data), vec![edit]);
    // Both sides have a right name, and nobody knows which is meant.
    fix.into_iter().map(|it| Fix { preferred: false, ..it }).collect()
}
