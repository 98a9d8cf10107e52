//! Services that send to each other in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::answer::{FlowArrow, FlowCycle, FlowRelation};

/// The shortest circle of each group of services that reach each other, in the order of their names. A service that
/// sends to itself is none.
pub(super) fn cycles(arrows: &[FlowArrow]) -> Vec<FlowCycle> {
    let mut receivers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for arrow in arrows.iter().filter(|it| it.relation == FlowRelation::Receives) {
        receivers.entry(&arrow.channel).or_default().insert(&arrow.service);
    }
    // Whom a service reaches, and through which channel first.
    let mut next: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for arrow in arrows.iter().filter(|it| it.relation == FlowRelation::Sends) {
        for to in receivers.get(arrow.channel.as_str()).into_iter().flatten().filter(|it| **it != arrow.service) {
            next.entry(&arrow.service).or_default().entry(to).or_insert(&arrow.channel);
        }
    }
    let reached: BTreeMap<&str, BTreeMap<&str, &str>> = next.keys().map(|it| (*it, reached(&next, it))).collect();
    let reaches = |from: &str, to: &str| reached.get(from).is_some_and(|it| it.contains_key(to));
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for start in reached.keys().copied().filter(|it| reaches(it, it)) {
        if told.contains(start) {
            continue;
        }
        let group: Vec<&str> = reached.keys().copied().filter(|it| reaches(start, it) && reaches(it, start)).collect();
        told.extend(&group);
        let circles = group.iter().filter_map(|it| Some(circle(it, reached.get(it)?, &next)));
        if let Some(path) = circles.min_by_key(Vec::len) {
            found.push(FlowCycle { path, services: group.len() });
        }
    }
    found
}

/// All that a service reaches, each with the service before it on a shortest way.
fn reached<'f>(next: &BTreeMap<&'f str, BTreeMap<&'f str, &'f str>>, start: &'f str) -> BTreeMap<&'f str, &'f str> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for to in next.get(at).into_iter().flatten().map(|it| *it.0) {
            if !before.contains_key(to) {
                before.insert(to, at);
                queue.push_back(to);
            }
        }
    }
    before
}

/// The shortest way from a service back to itself, with the channels between.
fn circle(start: &str, before: &BTreeMap<&str, &str>, next: &BTreeMap<&str, BTreeMap<&str, &str>>) -> Vec<String> {
    let mut path = vec![start.to_owned()];
    let mut at = start;
    while let Some(from) = before.get(at).copied() {
        let channel = next.get(from).and_then(|it| it.get(at)).copied().unwrap_or_default();
        path.push(channel.to_owned());
        path.push(from.to_owned());
        at = from;
        if at == start {
            break;
        }
    }
    path.reverse();
    path
}
