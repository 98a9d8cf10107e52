//! `channel/direction-mismatch`: a README says of a channel that somebody writes or reads it whom its contract does not
//! name there.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelRole, Spanned},
    values::{
        party::{is_name, parties},
        team::Team,
    },
};

use super::{ContractOf, contracts};
use crate::{claim::is_claimed, prelude::*, stated::named};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/direction-mismatch",
    severity: Severity::Warning,
    summary: "A README and the contract of a channel disagree on whether the feature writes or reads it.",
    applies_to: &[Kind::FeatureReadme],
    sources: &["A-100", "A-121", "A-117", "A-332"],
    page: include_str!("direction_mismatch.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    of_neighbours(cx, document, reporter);
    of_parties(cx, document, reporter);
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
            // Several teams may write for one feature, so only the contract of another one speaks against it, or one
            // in which the team only reads.
            let speaks_against = !in_feature || is_among(&consumers);
            writes && speaks_against && !producers.is_empty() && !is_among(&producers)
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

/// What a README says of who else writes and reads: `basket and billing, both of which read ...`.
fn of_parties(cx: &Context, document: &ByRole, reporter: &mut Reporter) {
    for (role, is_written) in [(Role::Upstream, true), (Role::Downstream, false)] {
        for field in document.fields(role) {
            let mut at = field.value.start as usize;
            for clause in field.value.of(document.text).split_inclusive(';') {
                let start = at;
                at += clause.len();
                of_clause(cx, clause, start, is_written, reporter);
            }
        }
    }
}

/// One clause with one channel, and those who write or read it.
fn of_clause(cx: &Context, clause: &str, start: usize, is_written: bool, reporter: &mut Reporter) {
    let names = named(clause);
    let mut channels = names.iter().filter(|it| cx.config().channel_name().matches(it.name));
    let Some(channel) = channels.next().filter(|_| channels.next().is_none()) else { return };
    let all = contracts(cx, channel.name);
    let [ContractOf { file, mention: contract, .. }] = all.as_slice() else { return };
    let (writes, reads) = (claim_words("writes").are_in(clause), claim_words("reads").are_in(clause));
    // `Upstream: basket, which reads ...` tells of the other direction.
    if writes == reads || writes != is_written || !is_claimed(clause) {
        return;
    }
    let said = if is_written { &contract.producer } else { &contract.consumers };
    let Some(said) = said.as_deref() else { return };
    let stated = parties(&said.text);
    if stated.is_empty() || !stated.iter().all(|it| is_name(it)) {
        return;
    }
    let given = services(clause, channel.name);
    let text = folded(&said.text);
    let (known, foreign): (Vec<&Service>, Vec<&Service>) = given.iter().partition(|it| text.contains(&folded(it.name)));
    let Some(first) = foreign.first() else { return };
    // One that stands before a verb alone is meant as one; of several, one at least is called as in the contract.
    if known.is_empty() && given.len() > 1 || given.len() > MOST_SERVICES {
        return;
    }
    let (verb, role) = if is_written { ("writes", "as producer") } else { ("reads", "among the consumers") };
    let message = format!(
        "`{}` {verb} `{}` here, and its contract names {} {role}; make the two agree.",
        first.name,
        channel.name,
        enumerate(&stated.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>(), "and")
    );
    let related = cx.related(*file, said.span, format!("the contract says `{}`", said.text));
    let from = start + first.at;
    reporter.report(Span::new(from, from + first.name.len()), message).related.push(related);
}

/// A service that a clause names.
struct Service<'t> {
    name: &'t str,
    at: usize,
}

/// More words than these are prose.
const MOST_SERVICES: usize = 5;

/// What is left of a clause without its channel and the words that say who does what: the names of services. Nothing
/// where anything else is said.
fn services<'t>(clause: &'t str, channel: &str) -> Vec<Service<'t>> {
    let letters = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    let mut found = Vec::new();
    let mut at = 0;
    let mut depth = 0_usize;
    for piece in clause.split_inclusive(|it| !letters(it)) {
        let name = piece.trim_end_matches(|it| !letters(it));
        let start = at;
        at += piece.len();
        let bare = name.trim_end_matches('.');
        let is_talk = ["links-services", "writes", "reads"].iter().any(|it| claim_words(it).are_all_of(bare));
        if depth == 0 && !bare.is_empty() && !is_talk && bare != channel {
            found.push(Service { name: bare, at: start });
        }
        depth = if piece.ends_with('(') { depth + 1 } else { depth.saturating_sub(usize::from(piece.ends_with(')'))) };
    }
    found
}

/// A text without what is written in many ways.
fn folded(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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
