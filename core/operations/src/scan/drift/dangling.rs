//! Channels with one end: sent to and not received from, or the other way round.

use std::collections::{BTreeMap, BTreeSet};

use archwright_engine::Workspace;
use archwright_model::RelPath;
use archwright_scan::{
    Action,
    discover::{Edge, Resolution},
    flow::is_dead_letter,
};

use super::{is_named, parties::Parties, unseen::has_one_name};
use crate::scan::answer::ScannedDangling;

/// The channels with one end, and at how many places the other end could not be looked for.
pub(super) fn dangling(workspace: &Workspace, parties: &Parties<'_>) -> (Vec<ScannedDangling>, usize) {
    let edges = || parties.found.edges.iter().filter(|it| has_one_name(&it.broker));
    // One service alone talks to others, which are elsewhere.
    let mut services: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in edges() {
        services.entry(edge.broker.as_str()).or_default().insert(parties.project(edge));
    }
    let mut ends: BTreeMap<(&str, &str), Vec<&Edge>> = BTreeMap::new();
    for edge in edges().filter(|it| is_named(it)) {
        ends.entry((edge.broker.as_str(), edge.channel.name.as_str())).or_default().push(edge);
    }
    let mut found = Vec::new();
    let mut open = 0;
    for ((broker, channel), here) in ends {
        let Some(first) = here.first().filter(|first| here.iter().all(|it| it.action == first.action)) else {
            continue;
        };
        let is_alone = services.get(broker).is_none_or(|it| it.len() < 2);
        if is_alone || is_dead_letter(channel) || workspace.config().is_external(channel) {
            continue;
        }
        let other = if first.action == Action::Send { Action::Receive } else { Action::Send };
        // Whoever documents name and nobody finds is elsewhere.
        let is_outside = parties.about(channel, other).iter().any(|it| parties.projects_of(it).is_empty());
        let beyond = || parties.found.edges.iter().filter(|it| it.action == other && !is_named(it));
        let fits = |it: &Edge| match it.channel.resolution {
            Resolution::Template => fits(&it.channel.name, channel),
            _ => it.broker.is_empty() || it.broker == broker,
        };
        if is_outside || channel.contains(['*', '#', '>', '+', '{', '$']) {
            continue;
        }
        if beyond().any(fits) || wildcard(parties, channel, other) {
            open += here.len();
            continue;
        }
        found.push(ScannedDangling {
            channel: channel.to_owned(),
            dir: first.action.into(),
            file: RelPath::new(&first.path),
            line: first.line,
        });
    }
    (found, open)
}

/// Whether a name with holes may be that of a channel.
fn fits(template: &str, channel: &str) -> bool {
    let mut rest = channel;
    let parts: Vec<&str> = template.split("{}").collect();
    parts.iter().enumerate().all(|(at, part)| {
        if at == 0 {
            return rest.strip_prefix(part).map(|it| rest = it).is_some();
        }
        if at + 1 == parts.len() {
            return rest.ends_with(part);
        }
        rest.find(part).map(|it| rest = rest.get(it + part.len()..).unwrap_or_default()).is_some()
    })
}

/// Whether the other end has names that stand for several.
fn wildcard(parties: &Parties<'_>, channel: &str, other: Action) -> bool {
    let start = |it: &str| it.split(['*', '#', '>', '+', '^', '(', '[']).next().unwrap_or_default().to_owned();
    let ends = parties.found.edges.iter().filter(|it| it.action == other && is_named(it));
    let mut patterns = ends.filter(|it| it.channel.name.contains(['*', '#', '>', '+', '^']));
    patterns.any(|it| channel.starts_with(&start(&it.channel.name)))
}
