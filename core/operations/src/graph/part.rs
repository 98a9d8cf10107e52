//! The part of a flow around one thing: what leads to it, and what it leads to.

use std::collections::{BTreeMap, BTreeSet, VecDeque, btree_map::Entry};

use archwright_rules::prelude::nearest;

use super::{
    answer::{EventFlow, FlowArrow, FlowKind, FlowRelation},
    saga::FlowSaga,
};
use crate::{OperationError, choice::Closed as _, impact::folded};

/// So many things are named where a name means several.
const MOST_NAMED: usize = 8;

/// A service or a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node<'f> {
    Service(&'f str),
    Channel(&'f str),
}

/// The part around a service, a channel, or all channels of a message, at most so many arrows away.
///
/// # Errors
/// If nothing has the name, or if several things have it.
pub(super) fn around(
    whole: &EventFlow,
    name: &str,
    kind: Option<FlowKind>,
    depth: Option<usize>,
) -> Result<EventFlow, OperationError> {
    let starts = match find(whole, name, kind) {
        Ok(starts) => starts,
        Err(error) => return sagas_called(whole, name, kind).ok_or(error),
    };
    let (forward, backward) = (ways(whole, false), ways(whole, true));
    let mut kept: BTreeSet<Node<'_>> = BTreeSet::new();
    let mut cut: BTreeSet<Node<'_>> = BTreeSet::new();
    let mut arrows: BTreeSet<(Node<'_>, Node<'_>)> = BTreeSet::new();
    for (ways, is_backward) in [(&forward, false), (&backward, true)] {
        let mut steps: BTreeMap<Node<'_>, usize> = starts.iter().map(|it| (*it, 0)).collect();
        let mut queue: VecDeque<Node<'_>> = starts.iter().copied().collect();
        while let Some(at) = queue.pop_front() {
            let step = steps.get(&at).copied().unwrap_or_default();
            let is_in = depth.is_none_or(|depth| step < depth);
            for to in ways.get(&at).into_iter().flatten().copied() {
                if is_in {
                    arrows.insert(if is_backward { (to, at) } else { (at, to) });
                }
                if let Entry::Vacant(new) = steps.entry(to) {
                    new.insert(step + 1);
                    queue.push_back(to);
                }
            }
        }
        for (node, step) in steps {
            let is_in = depth.is_none_or(|depth| step <= depth);
            _ = if is_in { kept.insert(node) } else { cut.insert(node) };
        }
    }
    let beyond = cut.difference(&kept).count();
    let is_kept = |it: &FlowArrow| {
        let (service, channel) = (Node::Service(&it.service), Node::Channel(&it.channel));
        arrows.contains(&if it.relation == FlowRelation::Sends { (service, channel) } else { (channel, service) })
    };
    let unnamed: Vec<_> =
        whole.unnamed.iter().filter(|it| kept.contains(&Node::Service(&it.service))).cloned().collect();
    Ok(EventFlow {
        of: Some(name.to_owned()),
        services: whole.services.iter().filter(|it| kept.contains(&Node::Service(&it.name))).cloned().collect(),
        channels: whole.channels.iter().filter(|it| kept.contains(&Node::Channel(&it.name))).cloned().collect(),
        arrows: whole.arrows.iter().filter(|it| is_kept(it)).cloned().collect(),
        more_unnamed: whole.unnamed.len() - unnamed.len(),
        unnamed,
        apart: whole
            .apart
            .iter()
            .filter(|it| std::iter::once(&it.declared).chain(&it.found).any(|it| kept.contains(&Node::Service(it))))
            .cloned()
            .collect(),
        sagas: whole.sagas.iter().filter(|it| belongs(it, name, &kept)).cloned().collect(),
        herds: whole.herds.iter().filter(|it| kept.contains(&Node::Channel(&it.channel))).cloned().collect(),
        beyond,
        remarks: whole.remarks.clone(),
        files: whole.files,
        not_read: whole.not_read.clone(),
        ..EventFlow::default()
    })
}

/// The sagas of a name, or of a feature that sends and receives nothing; nothing else belongs to them for sure.
fn sagas_called(whole: &EventFlow, name: &str, kind: Option<FlowKind>) -> Option<EventFlow> {
    let wanted = folded(name.trim_matches('`'));
    let is_it = |it: &&FlowSaga| {
        let of = it.of.as_ref().is_some_and(|it| folded(it) == wanted);
        folded(&it.name) == wanted || of && kind.is_none() || it.at.file.as_str() == name
    };
    let sagas: Vec<FlowSaga> = whole.sagas.iter().filter(is_it).cloned().collect();
    let is_asked = kind.is_none_or(|it| it == FlowKind::Saga) && !sagas.is_empty();
    is_asked.then(|| EventFlow {
        of: Some(name.to_owned()),
        sagas,
        files: whole.files,
        not_read: whole.not_read.clone(),
        ..EventFlow::default()
    })
}

/// Whether a saga belongs to a part: it has the name that is asked for, or it is of a service, or names one, or a
/// channel, that is shown.
fn belongs(saga: &FlowSaga, name: &str, kept: &BTreeSet<Node<'_>>) -> bool {
    let services: BTreeSet<String> =
        kept.iter().filter_map(|it| if let Node::Service(it) = it { Some(folded(it)) } else { None }).collect();
    let is_shown = |it: &String| services.contains(&folded(it));
    let words = saga.steps.iter().flat_map(|it| [&it.on_success, &it.on_failure]).flatten();
    let words = words.chain(saga.transitions.iter().filter_map(|it| it.on.as_ref()));
    let is_channel = |it: &String| {
        let parts = it.split(|it: char| !(it.is_alphanumeric() || matches!(it, '.' | '-' | '_' | '/')));
        parts.map(|it| it.trim_matches('.')).any(|it| kept.contains(&Node::Channel(it)))
    };
    folded(&saga.name) == folded(name)
        || saga.of.as_ref().is_some_and(is_shown)
        || saga.steps.iter().filter_map(|it| it.by.as_ref()).any(is_shown)
        || words.into_iter().any(is_channel)
}

/// Where one step leads from each service and channel.
fn ways(flow: &EventFlow, is_backward: bool) -> BTreeMap<Node<'_>, BTreeSet<Node<'_>>> {
    let mut ways: BTreeMap<Node<'_>, BTreeSet<Node<'_>>> = BTreeMap::new();
    let mut lead = |from, to| {
        let (from, to) = if is_backward { (to, from) } else { (from, to) };
        ways.entry(from).or_default().insert(to);
    };
    for arrow in &flow.arrows {
        let (service, channel) = (Node::Service(&arrow.service), Node::Channel(&arrow.channel));
        match arrow.relation {
            FlowRelation::Sends => lead(service, channel),
            FlowRelation::Receives => lead(channel, service),
        }
    }
    for channel in &flow.channels {
        for dead in channel.dead_letters.iter().chain(&channel.delivers_to) {
            lead(Node::Channel(&channel.name), Node::Channel(&dead.value));
        }
    }
    ways
}

/// What a name means: exactly, else without what is written in many ways, else the channels of a message.
fn find<'f>(flow: &'f EventFlow, given: &str, kind: Option<FlowKind>) -> Result<Vec<Node<'f>>, OperationError> {
    let name = given.trim_matches('`');
    let is_asked = |it: FlowKind| kind.is_none_or(|kind| kind == it);
    let services = || flow.services.iter().map(|it| it.name.as_str()).filter(|_| is_asked(FlowKind::Service));
    let channels = || flow.channels.iter().map(|it| it.name.as_str()).filter(|_| is_asked(FlowKind::Channel));
    let nodes = || services().map(Node::Service).chain(channels().map(Node::Channel));
    let text = |it: &Node<'f>| match it {
        Node::Service(it) | Node::Channel(it) => *it,
    };
    let mut found: Vec<Node<'_>> = nodes().filter(|it| text(it) == name).collect();
    if found.is_empty() && is_asked(FlowKind::Service) {
        let of_folder = flow.services.iter().filter(|it| it.folder.as_ref().is_some_and(|it| it.as_str() == name));
        found = of_folder.map(|it| Node::Service(&it.name)).collect();
    }
    if found.is_empty() {
        found = nodes().filter(|it| folded(text(it)) == folded(name)).collect();
    }
    if found.is_empty() && is_asked(FlowKind::Message) {
        let carries = flow.channels.iter().filter(|it| it.messages.iter().any(|it| it.value == name));
        // A message is in all of its channels.
        let of_message: Vec<Node<'_>> = carries.map(|it| Node::Channel(&it.name)).collect();
        if !of_message.is_empty() {
            return Ok(of_message);
        }
    }
    match found.as_slice() {
        [_] => Ok(found),
        [] => Err(OperationError::UnknownThing {
            given: given.to_owned(),
            kind: kind.map(FlowKind::name),
            nearest: nearest(name, services().chain(channels())).map(str::to_owned),
            not_read: Vec::new(),
        }),
        several => {
            let things = several.iter().map(|it| match it {
                Node::Service(it) => format!("the service `{it}`"),
                Node::Channel(it) => format!("the channel `{it}`"),
            });
            Err(OperationError::SeveralThings {
                given: given.to_owned(),
                things: things.take(MOST_NAMED).collect(),
                more: several.len().saturating_sub(MOST_NAMED),
            })
        }
    }
}
