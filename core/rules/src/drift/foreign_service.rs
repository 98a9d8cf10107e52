//! `drift/foreign-service`: code of a service that a contract does not name where it says who sends or receives.

use archwright_model::{
    facts::{ChannelMention, ChannelRole},
    values::{
        party::{is_name, parties},
        value,
    },
};

use super::undocumented_channel::is_test;
use crate::{
    channel::{ContractOf, contracts},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/foreign-service",
    severity: Severity::Warning,
    summary: "The code of a service sends or receives where the contract names other services.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    sources: &["H-012"],
    page: include_str!("foreign_service.md"),
    check,
    fix: None,
    ..Rule::OURS
};

/// Files that stand at the root of a service.
const MANIFESTS: [&str; 8] =
    ["package.json", "pyproject.toml", "setup.py", "go.mod", "Cargo.toml", "pom.xml", "build.gradle", "Gemfile"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let uses = || facts.channels.iter().filter(|it| matches!(it.role, ChannelRole::Send | ChannelRole::Receive));
    if is_test(&facts.path) || uses().next().is_none() {
        return;
    }
    let Some(service) = service(cx) else { return };
    // Contracts may call services otherwise than their folders are called, unless one of them does not.
    let names = |it: &Said| parties(&it.at.text).iter().any(|it| folded(it) == service);
    let by_use = uses().find_map(|it| stated(cx, it).into_iter().find(names));
    let Some(Said { file, at: known }) =
        by_use.or_else(|| uses().find_map(|it| beside(cx, it).into_iter().find(names)))
    else {
        return;
    };
    for mention in uses() {
        let stated = stated(cx, mention);
        let is_other = |said: &Said| {
            let parties = parties(&said.at.text);
            let is_it = |it: &String| {
                let it = folded(it);
                it.contains(&service) || service.contains(&it)
            };
            !parties.is_empty() && parties.iter().all(|it| is_name(it)) && !parties.iter().any(is_it)
        };
        let Some(Said { file: at_file, at }) = stated.first().filter(|_| stated.iter().all(is_other)) else { continue };
        let (does, role) = match mention.role {
            ChannelRole::Send => ("sends to", "as producer"),
            _ => ("receives from", "as consumer"),
        };
        let message = format!(
            "The code of `{service}` {does} `{}`, and its contract names {} {role}; make the two agree.",
            mention.name.text,
            enumerate(&parties(&at.text).iter().map(|it| format!("`{it}`")).collect::<Vec<_>>(), "and")
        );
        let related = [
            cx.related(*at_file, at.span, format!("the contract says `{}`", value::plain(&at.text))),
            cx.related(file, known.span, format!("`{service}` is named here")),
        ];
        reporter.report(mention.name.span, message).related.extend(related);
    }
}

/// The name of the folder of the service that the code belongs to.
fn service(cx: &Context) -> Option<String> {
    let folders = std::iter::successors(Some(cx.facts().path.parent()), |it| {
        (!it.as_str().is_empty()).then(|| it.parent()).filter(|it| !it.as_str().is_empty())
    });
    let folder = folders.into_iter().find(|folder| MANIFESTS.iter().any(|it| cx.exists(&folder.join(it))))?;
    Some(folded(folder.name())).filter(|it| it.len() > 2)
}

/// What the contracts of a channel say of those who do what the code does.
fn stated<'a>(cx: &Context<'a>, mention: &ChannelMention) -> Vec<Said<'a>> {
    let of = |it: ContractOf<'a>| {
        let ContractOf { file, mention: contract, .. } = it;
        let said = if mention.role == ChannelRole::Send { &contract.producer } else { &contract.consumers };
        Some(Said { file, at: said.as_deref()? })
    };
    contracts(cx, &mention.name.text).into_iter().filter_map(of).collect()
}

/// What the contracts of the channels of the same feature say of producers and consumers.
fn beside<'a>(cx: &Context<'a>, mention: &ChannelMention) -> Vec<Said<'a>> {
    let features = contracts(cx, &mention.name.text).into_iter().filter_map(|it| it.facts.captures.feature.clone());
    let designs = features.flat_map(|it| cx.files(Key::Boundaries(it)));
    let channels = designs.flat_map(|it| it.facts.channels.iter().filter(|it| it.role == ChannelRole::Design));
    let all = channels.flat_map(|it| contracts(cx, &it.name.text));
    let said = all.flat_map(|it| {
        let ContractOf { file, mention: contract, .. } = it;
        [&contract.producer, &contract.consumers]
            .into_iter()
            .filter_map(move |it| Some(Said { file, at: it.as_deref()? }))
    });
    said.collect()
}

/// A name without what is written in many ways.
fn folded(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
