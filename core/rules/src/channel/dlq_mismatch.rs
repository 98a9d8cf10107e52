//! `channel/dlq-mismatch`: a design or an AsyncAPI document that sends dead letters elsewhere than the contract says.

use std::ops::Range;

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{Answer, ChannelMention, ChannelRole, Spanned, answers},
    values::{
        answer::{is_denied, lets_go},
        team::Team,
        value,
    },
};
use archwright_syntax::markdown::CodeBlock;

use super::{ContractOf, base_of_dlq, claims, contracts, described, dlq_name::is_name};
use crate::{
    claim::is_claimed,
    diagram,
    prelude::*,
    stated::{Named, named},
};

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
    if cx.facts().kind == Kind::Design {
        dropped_in_diagram(cx, reporter);
    }
    denied_by_design(cx, reporter);
    for mention in described(cx) {
        owned_by_nobody(cx, reporter, mention);
        owned_by_another(cx, reporter, mention);
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
    answered_otherwise(cx, reporter, answer);
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

/// A flowchart that lets messages go where the contracts of the design's channels keep them.
fn dropped_in_diagram(cx: &Context, reporter: &mut Reporter) {
    let text = &cx.facts().text;
    let Some(document) = cx.by_role().filter(|_| cx.facts().opted_in() && text.contains("mermaid")) else { return };
    let weighs = [Role::Alternatives, Role::Options, Role::Context, Role::AntiPatterns];
    let counts = |it: &&CodeBlock| !document.role_of(it.section).is_some_and(|it| weighs.contains(&it));
    let arrows = document.tree.code_blocks.iter().filter(counts).flat_map(|it| diagram::flowchart(text, it));
    let mentions = || cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design);
    for arrow in arrows.filter(|it| lets_go(it.to) && claim_words("message").are_in(it.to)) {
        let all = mentions().flat_map(|it| contracts(cx, &it.name.text));
        let kept = all.filter_map(|it| Some((it, it.mention.dlq.as_ref()?))).find(|it| names_one(it.0.facts, it.1));
        let Some((contract, dlq)) = kept else { return };
        let message = format!(
            "Messages are let go in this diagram, and the contract of `{}` sends them to `{}`; make the two agree.",
            contract.mention.name.text, dlq.text
        );
        let related = cx.related(contract.file, dlq.span, format!("the contract says `{}`", dlq.text));
        let finding = reporter.report(arrow.span, message);
        finding.related.push(related);
        finding.fixable = false;
    }
}

/// A design whose answer on bad messages names a dead letter channel that no contract of its channels has, or a team
/// that none of them names.
fn answered_otherwise(cx: &Context, reporter: &mut Reporter, answer: &Answer) {
    let said = answer.said(cx.facts());
    let start = answer.value.start as usize;
    let mentions = || cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design);
    let all: Vec<ContractOf> = mentions().flat_map(|it| contracts(cx, &it.name.text)).collect();
    let named_dlq = |it: &ContractOf| it.mention.dlq.as_ref().is_some_and(|dlq| names_one(it.facts, dlq));
    if all.is_empty() || !is_claimed(&claim_words("poison").without(said)) {
        return;
    }
    let in_code = named(said);
    // Where the suffix of dead letter channels ends it, another rule looks for its channel.
    let is_dlq = |it: &&Named| {
        let name = it.name.replace(['.', '_', '-'], " ");
        claim_words("dead-letters").are_in(&name)
            && base_of_dlq(cx, it.name).is_none()
            && !it.name.contains(['*', '{', '<', ' ', '$'])
    };
    let mut names = in_code.iter().filter(is_dlq);
    let name = names.next().filter(|_| names.next().is_none() && all.iter().all(named_dlq));
    let is_of = |dlq: &Spanned, name: &str| folded(&dlq.text).contains(&folded(name));
    if let Some(name) = name
        && let Some(first) = all.first()
        && let Some(theirs) = &first.mention.dlq
        && !all.iter().filter_map(|it| it.mention.dlq.as_ref()).any(|it| is_of(it, name.name))
    {
        let message = format!(
            "Bad messages go to `{}` here and to `{}` in the contract of `{}`; make the two agree.",
            name.name, theirs.text, first.mention.name.text
        );
        let related = cx.related(first.file, theirs.span, format!("the contract says `{}`", theirs.text));
        let finding = reporter.report(Span::new(start + name.at.start, start + name.at.end), message);
        finding.related.push(related);
        finding.fixable = false;
    }
    // `of team-orders`, `owned by the Orders team`.
    // Where dead letters are named, they are those of one channel, be it of another feature.
    let of_named: Vec<ContractOf> =
        in_code.iter().filter_map(|it| base_of_dlq(cx, it.name)).flat_map(|it| contracts(cx, it)).collect();
    let asked = if in_code.iter().any(|it| base_of_dlq(cx, it.name).is_some()) { &of_named } else { &all };
    let owners: Option<Vec<(&ContractOf, &Spanned, Team)>> = asked
        .iter()
        .map(|it| {
            let at = it.mention.dlq_owner.as_deref()?;
            Some((it, at, Team::of(&at.text)?))
        })
        .collect();
    let Some(owners) = owners else { return };
    let Some((place, team)) = team_of(said) else { return };
    let Some((contract, at, theirs)) = owners.first().filter(|_| owners.iter().all(|it| !it.2.agrees(&team))) else {
        return;
    };
    let message = format!(
        "`{}` answers for the dead letters here, and `{}` in the contract of `{}`; make the two agree.",
        team.name, theirs.name, contract.mention.name.text
    );
    let related = cx.related(contract.file, at.span, format!("the contract says `{}`", theirs.name));
    let finding = reporter.report(Span::new(start + place.start, start + place.end), message);
    finding.related.push(related);
    finding.fixable = false;
}

/// The only team that a text names by its slug: `team-orders` of `orders.dlq of team-orders`.
fn team_of(said: &str) -> Option<(Range<usize>, Team)> {
    let is_slug = |it: &str| it.starts_with("team-") || it.ends_with("-team");
    let letters = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let mut found = said.split(|it| !letters(it)).filter(|it| is_slug(it));
    let name = found.next().filter(|name| found.all(|it| it == *name))?;
    let at = said.find(name)?;
    Some((at..at + name.len(), Team::of(name)?))
}

/// One team answers for the dead letters of a channel, and its contract names another.
fn owned_by_another(cx: &Context, reporter: &mut Reporter, mention: &ChannelMention) {
    let Some(ours) = mention.dlq_owner.as_deref() else { return };
    let Some(team) = Team::of(&ours.text) else { return };
    let stated = claims(cx, &mention.name.text, |_, it| {
        let at = it.dlq_owner.as_deref()?;
        Some((at, Team::of(&at.text)?))
    });
    let Some(claim) = stated.first().filter(|_| stated.iter().all(|it| !it.value.agrees(&team))) else { return };
    let message = format!(
        "`{}` answers for the dead letters of `{}` here, and `{}` in its contract; make the two agree.",
        team.name, mention.name.text, claim.value.name
    );
    let related = cx.related(claim.file, claim.at.span, format!("the contract says `{}`", claim.value.name));
    let finding = reporter.report(ours.span, message);
    finding.related.push(related);
    finding.fixable = false;
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
