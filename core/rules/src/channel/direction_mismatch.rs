//! `channel/direction-mismatch`: a README says that its feature reads a channel which the feature's own team writes.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelRole, Spanned},
    values::{party::parties, team::Team},
};

use super::{ContractOf, contracts};
use crate::{prelude::*, stated::named};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/direction-mismatch",
    severity: Severity::Warning,
    summary: "A README and the contract of a channel disagree on whether the feature writes or reads it.",
    applies_to: &[Kind::FeatureReadme],
    sources: &["A-100", "A-121"],
    page: include_str!("direction_mismatch.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    of_neighbours(cx, document, reporter);
    let owner = document.concern(Role::OwnerTeam);
    let Some(own) = owner.or_else(|| document.field(Role::OwnerTeam)).and_then(|it| Team::of(&it.text)) else { return };
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Readme) {
        let Some(item) = document.tree.items.iter().find(|it| it.content.contains(mention.name.span)) else { continue };
        let Some(span) = word_behind(item.content.of(document.text), item.content.start as usize) else { continue };
        let said = span.of(document.text);
        let (reads, writes) = (claim_words("reads").are_all_of(said), claim_words("writes").are_all_of(said));
        let all = contracts(cx, &mention.name.text);
        let [ContractOf { file, facts, mention: contract }] = all.as_slice() else { continue };
        let Some(producer) = contract.producer.as_deref() else { continue };
        let (producers, consumers) = (teams(Some(producer)), teams(contract.consumers.as_deref()));
        let is_among = |teams: &[Team]| teams.iter().any(|it| it.agrees(&own));
        let in_feature = facts.captures.feature == cx.facts().captures.feature;
        let contradicts = if reads {
            is_among(&producers) && !consumers.is_empty() && !is_among(&consumers)
        } else {
            // Several teams may write for one feature, so only the contract of another one speaks against it.
            writes && !in_feature && !producers.is_empty() && !is_among(&producers)
        };
        if !contradicts {
            continue;
        }
        let message = format!(
            "`{}` is {said} here, and its contract names `{}` as the producer; make the two agree.",
            mention.name.text, producer.text
        );
        let related = cx.related(*file, producer.span, format!("the contract says `{}`", producer.text));
        reporter.report(span, message).related.push(related);
    }
}

/// What a README says of the services beside its own: `basket, which publishes stock.reserved.v1`.
fn of_neighbours(cx: &Context, document: &ByRole, reporter: &mut Reporter) {
    for field in &document.tree.fields {
        let said = field.value.of(document.text);
        let names = named(said);
        let [channel] = names.as_slice() else { continue };
        let Some((service, verb)) = channel.before.trim_end().rsplit_once(", which ") else { continue };
        let (writes, reads) = (claim_words("writes").are_all_of(verb), claim_words("reads").are_all_of(verb));
        let is_name = !service.is_empty() && service.len() < 64 && !service.contains([' ', ',', ';']);
        let all = contracts(cx, channel.name);
        let [ContractOf { file, mention: contract, .. }] = all.as_slice() else { continue };
        let (Some(producer), Some(consumers)) = (contract.producer.as_deref(), contract.consumers.as_deref()) else {
            continue;
        };
        let is_among = |of: &Spanned| parties(&of.text).iter().any(|it| it.eq_ignore_ascii_case(service));
        let (here, there) = if writes { (producer, consumers) } else { (consumers, producer) };
        // Who is named on the other side of the contract is called there as here.
        if !is_name || !(writes || reads) || is_among(here) || !is_among(there) {
            continue;
        }
        let message = format!(
            "`{service}` {verb} `{}` here, and its contract says the contrary; make the two agree.",
            channel.name
        );
        let related = cx.related(*file, there.span, format!("the contract says `{}`", there.text));
        let start = field.value.start as usize;
        reporter.report(Span::new(start, start + channel.at.end + 1), message).related.push(related);
    }
}

/// The first word behind the name of a channel: `produced` of `orders.placed.v1: produced. See ...`.
fn word_behind(item: &str, start: usize) -> Option<Span> {
    let at = item.find(": ")? + 2;
    let rest = item.get(at..)?;
    let length = rest.find(|it: char| !it.is_alphanumeric()).unwrap_or(rest.len());
    (length > 0).then(|| Span::new(start + at, start + at + length))
}

/// The teams that a value names, in parentheses or on their own.
fn teams(value: Option<&Spanned>) -> Vec<Team> {
    let pieces = value.into_iter().flat_map(|it| it.text.split([',', ';', '(', ')']));
    pieces.filter_map(|it| Team::of(it.trim())).collect()
}
