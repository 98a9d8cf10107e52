//! `channel/unknown-dlq`: a design or a runbook that looks for dead letters where nobody sends them.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelRole, Topic, answers},
    values::value,
};

use super::{ContractOf, contracts};
use crate::{
    claim::{claims, is_claimed, words},
    prelude::*,
    stated::{named, stated},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/unknown-dlq",
    severity: Severity::Warning,
    summary: "A design or a runbook names a channel for dead letters that no contract has.",
    applies_to: &[Kind::Design, Kind::Runbook],
    sources: &["A-144", "A-234"],
    page: include_str!("unknown_dlq.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    if cx.facts().kind == Kind::Runbook {
        of_runbook(cx, reporter);
        return;
    }
    let Some(answers) = cx.by_role().and_then(|it| answers(it)) else { return };
    let Some(answer) = answers.iter().find(|it| it.question.id == "bad-messages") else { return };
    let named = code_spans(cx.facts().slice(answer.value), answer.value.start as usize);
    let named: Vec<Span> = named.into_iter().filter(|it| is_dlq(cx.facts().slice(*it))).collect();
    if named.is_empty() {
        return;
    }
    // What the contracts of the design's channels say, each with its place.
    let mut known = Vec::new();
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design) {
        for ContractOf { file, mention: contract, .. } in contracts(cx, &mention.name.text) {
            let Some(dlq) = contract.dlq.as_ref().filter(|it| !value::is_none(&it.text) && it.text.contains('.'))
            else {
                return;
            };
            known.push((file, mention.name.text.clone(), dlq));
        }
    }
    let Some((file, channel, theirs)) = known.first() else { return };
    for span in named {
        let name = cx.facts().slice(span);
        let is_known =
            known.iter().any(|it| it.2.text == name) || cx.facts().channels.iter().any(|it| it.name.text == name);
        if is_known
            || is_of_its_channel(cx, name)
            || cx.files(Key::Channel(name.into())).iter().any(|it| it.id != cx.file())
        {
            continue;
        }
        let message = format!(
            "No contract sends dead letters to `{name}`: those of `{channel}` go to `{}`. Make the two agree.",
            theirs.text
        );
        let related = cx.related(*file, theirs.span, format!("the contract says `{}`", theirs.text));
        reporter.report(span, message).related.push(related);
    }
}

/// A runbook that sends its reader to a channel that is almost, but not quite, one of the feature's contracts: another
/// version, or a slip of the finger.
fn of_runbook(cx: &Context, reporter: &mut Reporter) {
    called_otherwise(cx, reporter);
    let text = &cx.facts().text;
    if !text.contains('`') {
        return;
    }
    let known = stated(cx, Topic::DeadLetterChannel);
    let mut told: Vec<&str> = Vec::new();
    for span in code_spans(text, 0).into_iter().filter(|_| !known.is_empty()) {
        let name = cx.facts().slice(span);
        if name.len() > LONGEST_NAME || !is_dlq(name) || told.contains(&name) {
            continue;
        }
        let bare = |it: &str| it.chars().filter(|it| !it.is_ascii_digit()).collect::<String>();
        let is_near = |it: &str| bare(it) == bare(name) || is_slip(it, name);
        let is_known = known.iter().any(|it| it.statement.subject == name);
        let Some(meant) = known.iter().find(|it| is_near(&it.statement.subject)).filter(|_| !is_known) else {
            continue;
        };
        if is_of_its_channel(cx, name) || !cx.files(Key::Channel(name.into())).is_empty() {
            continue;
        }
        told.push(name);
        let message = format!(
            "No contract sends dead letters to `{name}`; whoever looks there finds nothing. Did you mean `{}`?",
            meant.statement.subject
        );
        let related = cx.related(meant.file, meant.statement.span, "the contract's channel for dead letters");
        reporter.report(span, message).related.push(related);
    }
}

/// `` `x-failed`, the dead letter queue of `x.v1` ``, where the contract of that channel names another one.
fn called_otherwise(cx: &Context, reporter: &mut Reporter) {
    let words = words(cx);
    if !words.has(claim_words("dead-letters")) {
        return;
    }
    for claim in claims(cx).iter().filter(|it| words.has_within(claim_words("dead-letters"), it.span.range())) {
        let names = named(claim.text);
        let [name, channel] = names.as_slice() else { continue };
        let between = claim.text.get(name.at.end + 1..channel.at.start - 1).unwrap_or_default();
        let is_called = between.trim_end().ends_with(" of") || between.trim_end().ends_with(" for");
        let is_alone = !between.contains(['.', ';']) && between.split_whitespace().count() <= 6;
        if !is_called || !is_alone || !claim_words("dead-letters").are_in(between) || !is_claimed(claim.text) {
            continue;
        }
        let all = contracts(cx, channel.name);
        let [ContractOf { file, mention, .. }] = all.as_slice() else { continue };
        let Some(theirs) = mention.dlq.as_ref().filter(|it| it.text.contains('.') && it.text != name.name) else {
            continue;
        };
        let message = format!(
            "The dead letters of `{}` are called `{}` here and `{}` in its contract; make the two agree.",
            channel.name, name.name, theirs.text
        );
        let related = cx.related(*file, theirs.span, format!("the contract says `{}`", theirs.text));
        let start = claim.span.start as usize;
        reporter.report(Span::new(start + name.at.start, start + name.at.end), message).related.push(related);
    }
}

/// Names of channels are shorter.
const LONGEST_NAME: usize = 255;

/// Whether the contract of the channel that a name is made of says it: `orders.placed.v1` for `orders.placed.v1.dlq`.
/// It may be one that the feature only consumes, so that its design has no row for it.
fn is_of_its_channel(cx: &Context, name: &str) -> bool {
    let Some((channel, _)) = name.rsplit_once('.') else { return false };
    contracts(cx, channel).iter().any(|it| it.mention.dlq.as_ref().is_some_and(|dlq| dlq.text == name))
}

/// Whether a name is that of a channel for dead letters.
fn is_dlq(name: &str) -> bool {
    name.contains('.') && !name.contains([' ', '/', '(']) && claim_words("dead-letters").are_in(name)
}

/// What stands between backticks.
fn code_spans(text: &str, start: usize) -> Vec<Span> {
    let ticks: Vec<usize> = text.match_indices('`').map(|it| it.0).collect();
    let pairs = ticks.chunks(2).filter_map(|it| Some((it.first()? + 1, *it.get(1)?)));
    pairs.map(|(from, to)| Span::new(start + from, start + to)).collect()
}
