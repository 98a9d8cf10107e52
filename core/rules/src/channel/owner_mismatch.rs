//! `channel/owner-mismatch`: a contract, its feature's README and its AsyncAPI document that name different teams.

use archwright_model::{
    facts::{ChannelRole, Spanned},
    values::team::Team,
};

use super::{claims, described};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/owner-mismatch",
    severity: Severity::Warning,
    summary: "The owner of a channel is another team in its contract than in the feature's README or the AsyncAPI \
        document.",
    applies_to: &[Kind::Contract, Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-115", "A-214", "A-246"],
    page: include_str!("owner_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    match cx.facts().kind {
        Kind::Contract if cx.facts().opted_in() => contract(cx, reporter),
        Kind::Asyncapi => asyncapi(cx, reporter),
        _ => {}
    }
}

/// A contract against the README of its feature.
fn contract(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(feature) = &facts.captures.feature else { return };
    for mention in facts.channels.iter().filter(|it| it.role == ChannelRole::Contract) {
        let Some(ours) = &mention.owner else { continue };
        let readmes = cx.files(Key::Readme(feature.clone())).into_iter();
        let owner = |FileRef { id: file, facts }| {
            Some(Said { file, at: facts.document()?.readme.as_ref()?.field(Role::OwnerTeam)? })
        };
        let stated: Vec<Said> = readmes.filter_map(owner).collect();
        compare(cx, reporter, &mention.name.text, ours, &stated, "the README of the feature");
    }
}

/// An AsyncAPI document against the contracts of its channels.
fn asyncapi(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    for mention in described(cx) {
        let stated = |own: bool| -> Vec<Said> {
            let feature = &facts.captures.feature;
            let owner = claims(cx, &mention.name.text, |it, claim| {
                Some((claim.owner.as_ref()?, it.captures.feature == *feature))
            });
            owner.into_iter().filter(|it| it.value || !own).map(|it| Said { file: it.file, at: it.at }).collect()
        };
        if let Some(ours) = &mention.owner {
            compare(cx, reporter, &mention.name.text, ours, &stated(false), "its contract");
        } else if facts.captures.channel.as_ref() == Some(&mention.name.text) {
            // The document of a consumer has the consumer's owner; that of the channel itself has the channel's.
            let terms = facts.asyncapi().map(|it| &it.terms);
            let Some(owner) = terms.and_then(|it| it.owner.as_ref().or(it.contact.as_ref())) else { continue };
            let ours = Spanned { text: owner.text.clone(), span: owner.span };
            compare(cx, reporter, &mention.name.text, &ours, &stated(true), "its contract");
        }
    }
}

fn compare(cx: &Context, reporter: &mut Reporter, channel: &str, ours: &Spanned, stated: &[Said], who: &str) {
    let Some(team) = Team::of(&ours.text) else { return };
    let stated: Vec<(&Said, Team)> = stated.iter().filter_map(|it| Some((it, Team::of(&it.at.text)?))).collect();
    let agrees = || stated.iter().any(|(_, other)| other.agrees(&team));
    let Some((Said { file, at }, other)) = stated.first().filter(|_| !agrees()) else { return };
    // Only the team is replaced, not what follows it.
    let start = ours
        .text
        .find(&team.name)
        .map_or(ours.span.start, |it| ours.span.start + u32::try_from(it).unwrap_or_default());
    let span = Span::new(start as usize, start as usize + team.name.len());
    let span = if cx.facts().slice(span) == team.name { span } else { ours.span };
    let message =
        format!("The owner of `{channel}` is `{}` here and `{}` in {who}; make the two agree.", team.name, other.name);
    let related = cx.related(*file, at.span, format!("this says `{}`", other.name));
    let finding = reporter.report(span, message);
    finding.related.push(related);
    // Other signs may mean something in YAML.
    let is_plain = other.name.chars().all(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_' | '.'));
    finding.fixable = is_plain && cx.facts().slice(span) == team.name;
    finding.data.clone_from(&other.name);
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    let here = edit_here(cx, format!("Name `{}` here too", finding.data), vec![edit]);
    // Only the team is replaced there, not what follows it.
    let there = || {
        let related = finding.related.first()?;
        let value = cx.facts_of(related.file)?.slice(related.span);
        let start = related.span.start as usize + value.find(&finding.data)?;
        overwrite(cx, related.file, Span::new(start, start + finding.data.len()), cx.facts().slice(finding.span))
    };
    here.into_iter().chain(there()).map(|it| Fix { preferred: false, ..it }).collect()
}
