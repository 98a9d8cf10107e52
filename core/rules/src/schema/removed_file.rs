//! `schema/removed-file`: a schema or AsyncAPI document that readers rely on and that is no longer there.

use std::{collections::BTreeSet, sync::Arc};

use archwright_asyncapi::comparison::Class;
use archwright_model::facts::{ChannelRole, Loaded, extract, is_schema};
use archwright_schema::Language;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{incompatible_change::declared, moved::moved_to};
use crate::{
    channel::{ContractOf, contracts},
    evolution::{Around, Format, Likeness, Mode, NamedText, Profile, changes_between},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/removed-file",
    severity: Severity::Error,
    summary: "A schema or AsyncAPI document that was there where the work began is gone, and its contract stands.",
    applies_to: &[Kind::Contract, Kind::Configuration],
    any_dialect: true,
    sources: &["A-147", "D-P05"],
    page: include_str!("removed_file.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    if !cx.has_base() {
        return;
    }
    match cx.facts().kind {
        Kind::Contract if cx.facts().opted_in() => of_contract(cx, reporter),
        Kind::Configuration => of_nobody(cx, reporter),
        _ => {}
    }
}

/// Whether a contract stands that speaks of a file.
pub(super) fn has_contract(cx: &Context, path: &RelPath) -> bool {
    let captures = cx.config().layout().classify(path).map(|it| it.1);
    let of_channel = captures.and_then(|it| it.channel).into_iter().flat_map(|it| cx.files(Key::ContractsOf(it)));
    let linking = cx.files(Key::References(path.clone()));
    let mut contracts = of_channel.chain(linking).filter(|it| it.facts.kind == Kind::Contract && it.facts.opted_in());
    contracts.any(|it| {
        let channel = it.facts.captures.channel.as_ref();
        channel.is_some_and(|channel| !is_retired(cx, it.facts, channel)) && files_of(cx, it.facts).contains(path)
    })
}

/// The files that a contract speaks of: those of its channel, by the layout, and those that it links to.
fn files_of(cx: &Context, contract: &FileFacts) -> BTreeSet<RelPath> {
    let templates = cx.config().layout().templates().iter();
    let of_layout = templates
        .filter(|it| matches!(it.kind(), Kind::Schema | Kind::Asyncapi))
        .filter_map(|it| it.path(&contract.captures));
    let links = contract.document().into_iter().flat_map(|it| &it.links);
    let linked = links.map(|it| &it.path).filter(|it| Language::of_path(it.as_str()).is_some()).cloned();
    of_layout.chain(linked).collect()
}

/// What the contract of a channel speaks of.
fn of_contract(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(channel) = &facts.captures.channel else { return };
    if is_retired(cx, facts, channel) {
        return;
    }
    let document = facts.document();
    for path in files_of(cx, facts) {
        let Some((before, format)) = removed(cx, &path) else { continue };
        let (severity, message) = if format == Format::Asyncapi {
            match undescribed(cx, &path, before).as_slice() {
                [] => continue,
                gone => (Severity::Error, without_document(&path, gone)),
            }
        } else {
            match successor(cx, channel, &path, &before, format) {
                None => (
                    Severity::Error,
                    format!(
                        "`{path}` was removed while this contract stands, and nothing like it is left: readers that \
                        look the schema up find nothing, and nobody can tell what a change breaks. Restore it, or \
                        retire the contract once nobody reads the channel."
                    ),
                ),
                Some(Successor::Within) => continue,
                Some(Successor::Moved(to)) => moved(cx, &path, before, format, &to),
            }
        };
        let link = document.into_iter().flat_map(|it| &it.links).find(|it| it.path == path).map(|it| it.target);
        let finding = reporter.report(link.unwrap_or_else(|| facts.title_span()), message);
        // What the configuration says of the rule holds for what moved, too.
        if finding.severity == RULE.severity {
            finding.severity = severity;
        }
    }
}

/// AsyncAPI documents that no contract speaks of. They are contracts themselves, and have no place any more but the
/// configuration.
fn of_nobody(cx: &Context, reporter: &mut Reporter) {
    for path in cx.base_documents() {
        if cx.config().excludes(&path) {
            continue;
        }
        let Some((before, Format::Asyncapi)) = removed(cx, &path) else { continue };
        let gone = undescribed(cx, &path, before);
        let is_told = |it: &ContractOf| files_of(cx, it.facts).contains(&path);
        if gone.is_empty() || gone.iter().any(|it| contracts(cx, it).iter().any(is_told)) {
            continue;
        }
        let finding = reporter.report(cx.facts().title_span(), without_document(&path, &gone));
        // Nobody wrote down that somebody reads there.
        if finding.severity == RULE.severity {
            finding.severity = Severity::Warning;
        }
    }
}

fn without_document(path: &RelPath, gone: &[SmolStr]) -> String {
    /// More names than this tell nothing more.
    const MOST: usize = 3;
    let mut names: Vec<String> = gone.iter().take(MOST).map(|it| format!("`{it}`")).collect();
    if let Some(more) = gone.len().checked_sub(MOST).filter(|it| *it > 0) {
        names.push(format!("{more} more"));
    }
    let (is, what) = if gone.len() == 1 { ("is", "channel") } else { ("are", "channels") };
    format!(
        "`{path}` was removed, and its {what} {} {is} described in no AsyncAPI document any more: those who send and \
        receive there are left without a contract. Restore it, or mark the {what} as deprecated until nobody uses \
        {} any more.",
        enumerate(&names, "and"),
        if gone.len() == 1 { "it" } else { "them" }
    )
}

/// What a file said that is no longer there, if it was a schema or an AsyncAPI document.
fn removed(cx: &Context, path: &RelPath) -> Option<(Arc<str>, Format)> {
    if cx.exists(path) {
        return None;
    }
    let before = cx.base_text_of(path, &Arc::from("")).filter(|it| !it.trim().is_empty())?;
    let format = Format::of(path.as_str(), &before)?;
    let is_placed = || cx.config().layout().classify(path).is_some_and(|it| it.0 == Kind::Schema);
    (format == Format::Asyncapi || is_placed() || is_schema(path, &before)).then_some((before, format))
}

/// Whether a contract says that its channel is gone.
fn is_retired(cx: &Context, contract: &FileFacts, channel: &str) -> bool {
    let status = contract.channel(channel, ChannelRole::Contract).and_then(|it| it.status.as_ref());
    status.is_some_and(|it| cx.config().vocabulary().state(&it.text) == Some(State::Retired))
}

/// The channels of a removed document that no other one describes, without those that were retired.
fn undescribed(cx: &Context, path: &RelPath, before: Arc<str>) -> Vec<SmolStr> {
    let facts = extract(path, Loaded::Text(before), cx.config());
    let mut seen = FxHashSet::default();
    let names = facts.channels.iter().filter(|it| it.role == ChannelRole::AsyncApi).map(|it| it.name.text.clone());
    let is_gone = |name: &SmolStr| {
        let files = cx.files(Key::Channel(name.clone()));
        let is_described = files.iter().any(|it| it.facts.channel(name, ChannelRole::AsyncApi).is_some());
        let contracts = contracts(cx, name);
        let is_retired = !contracts.is_empty() && contracts.iter().all(|it| is_retired(cx, it.facts, name));
        !is_described && !is_retired
    };
    names.filter(|it| seen.insert(it.clone())).filter(is_gone).collect()
}

/// Where a schema lives on.
enum Successor {
    /// In a document that says the same among other things.
    Within,
    /// In a file of its own.
    Moved(RelPath),
}

/// Where a removed schema lives on: a new file that says nearly the same, any that says just the same, or a document
/// of the channel that has it within.
fn successor(cx: &Context, channel: &str, path: &RelPath, before: &str, format: Format) -> Option<Successor> {
    let was = Likeness::of(before);
    if was.is_within(&Likeness::of(&cx.facts().text)) {
        return Some(Successor::Within);
    }
    if let Some(to) = moved_to(cx, path) {
        return Some(Successor::Moved(to.clone()));
    }
    let of_channel = cx.files(Key::Channel(channel.into())).into_iter();
    let of_channel =
        of_channel.filter(|it| matches!(it.facts.kind, Kind::Schema | Kind::Asyncapi)).map(|it| &it.facts.path);
    let folder = path.parent();
    let others = cx.named(path.name()).into_iter().chain(cx.folder(&folder)).chain(of_channel);
    let others: BTreeSet<&RelPath> =
        others.filter(|it| *it != path && Language::of_path(it.as_str()).is_some()).collect();
    let mut best: Option<(f64, &RelPath)> = None;
    for other in others {
        let Some(text) = cx.text_below(other) else { continue };
        let is = Likeness::of(&text);
        match Format::of(other.as_str(), &text) {
            Some(Format::Asyncapi) if was.is_within(&is) => return Some(Successor::Within),
            Some(it) if it == format => {
                let alike = was.alike(&is);
                let is_new = cx.base_text_of(other, &text).is_none();
                let is_it = if is_new { alike >= Likeness::LEAST } else { *text == *before };
                if is_it && best.is_none_or(|it| it.0 < alike) {
                    best = Some((alike, other));
                }
            }
            _ => {}
        }
    }
    best.map(|it| Successor::Moved(it.1.clone()))
}

/// What is said of a schema that has another path now.
fn moved(cx: &Context, path: &RelPath, before: Arc<str>, format: Format, to: &RelPath) -> (Severity, String) {
    let then = |it: &RelPath| cx.base_text_of(it, &cx.text_below(it).unwrap_or_default());
    let name = RelPath::to_string;
    let declared = |it: &SmolStr| declared(cx, it);
    let old = NamedText::within(path, before, &Around { read: &then, name: &name, declared: &declared });
    let now = cx.text_below(to).unwrap_or_default();
    let declared = |it: &SmolStr| declared(it).filter(|_| !old.seeks_in_vain(it));
    let read = |it: &RelPath| cx.text_below(it);
    let new = NamedText::within(to, now, &Around { read: &read, name: &name, declared: &declared });
    let promised = cx.facts().channels.iter().find(|it| it.role == ChannelRole::Contract);
    let mode = promised.and_then(|it| it.compatibility.as_ref()).and_then(|it| Mode::of_name(&it.text));
    // Nobody chose the strict policy of the default registry.
    let profile = cx.config().chosen_registry().unwrap_or(Profile::ConfluentLenient);
    let changes = changes_between(&old, &new, format, mode, profile).unwrap_or_default();
    let mut breaking = changes.iter().filter(|it| it.class == Class::Breaking);
    let Some(first) = breaking.next() else {
        let message = format!(
            "`{path}` was moved to `{to}`: whoever refers to it by its path, in other repositories as well, finds \
            nothing."
        );
        return (Severity::Info, message);
    };
    let more = match breaking.count() {
        0 => String::new(),
        more => format!(" {more} more changes break readers; `diff` tells them all."),
    };
    let what = first.change.message.trim_end_matches('.');
    (Severity::Error, format!("`{path}` was moved to `{to}` and changed so that readers break: {what}.{more}"))
}

#[cfg(test)]
mod tests;
