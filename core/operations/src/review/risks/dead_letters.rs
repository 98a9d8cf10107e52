//! Dead letter channels that nothing is sent to any more, and failures that are dropped in silence.

use archwright_model::{conventions::role::Role, facts::ChannelRole};
use archwright_scan::flow::{Act, Flow, is_dead_letter};
use smol_str::SmolStr;

use super::{super::reviewed::ReviewFinding, CodeChange, context::Service, retries};

/// What cannot be handled is lost.
pub(super) const LOST: &str = "review/lost-dead-letter";

/// What is no longer set aside. Where a retry lost its end, `told` says so, and that says more.
pub(super) fn dead_letters(
    change: &CodeChange<'_>,
    service: &Service<'_>,
    told: &[ReviewFinding],
) -> Vec<ReviewFinding> {
    let mut found = Vec::new();
    // Who gave up receiving has nothing to set aside.
    let receives = |side: Option<&super::super::change::Side>| {
        side.is_some_and(|it| it.facts.channels.iter().any(|it| it.role == ChannelRole::Receive))
    };
    if receives(change.file.before.as_ref()) && !receives(change.file.after.as_ref()) {
        return found;
    }
    let (then, now) = (channels(&change.before), channels(&change.after));
    for (channel, at) in &then {
        // Other code of the service may have taken it over.
        if now.iter().any(|it| it.0 == *channel) || service.sends_now(channel) {
            continue;
        }
        let place = function_with(change, *at).unwrap_or_default();
        let message = format!(
            "Nothing is sent to {channel} any more: a message that cannot be handled is lost, or stops those behind it."
        );
        let mut finding = change.finding(LOST, place, message);
        finding.against = promise_of(service, channel);
        finding.against.extend(change.place_before(*at));
        finding.advice = Some("Set the message aside with its reason before it is given up.".to_owned());
        found.push(finding);
    }
    if !found.is_empty() {
        return found;
    }
    for (_, _, was, is) in change.functions() {
        let sets_aside = |flow: &Flow, name: &str, act: &Act| {
            let by_call = || {
                let reached = flow.function(name).map(|it| flow.steps(it)).unwrap_or_default();
                // What does more than that is called for something else.
                reached.iter().any(|it| is_aside(&it.act)) && !reached.iter().any(|it| matches!(it.act, Act::Data(_)))
            };
            // A helper of another file is known by its name only.
            is_aside(act) || *act == Act::Call && is_dead_letter(name) || by_call()
        };
        let of = |flow: &Flow, steps: &[archwright_scan::flow::Step]| -> Vec<SmolStr> {
            steps.iter().filter(|it| sets_aside(flow, &it.name, &it.act)).map(|it| it.name.clone()).collect()
        };
        let (before, after) = (of(&change.before, &was.steps), of(&change.after, &is.steps));
        let is_dropped = after.len() < before.len() && is.catches == was.catches && is.swallows >= was.swallows;
        let is_told = told.iter().any(|it| it.code == retries::UNBOUNDED);
        if !is_dropped || was.catches == 0 || is_told {
            continue;
        }
        let gone = before.iter().find(|it| after.iter().filter(|other| other == it).count() < before.len());
        let Some(gone) = gone.filter(|_| !new_aside(change, is)) else { continue };
        let message = format!(
            "`{}` calls `{gone}` in fewer cases of failure than it did: a message that fails otherwise is dropped in \
             silence.",
            is.name
        );
        let mut finding = change.finding(LOST, is.span.start, message);
        let step = was.steps.iter().rev().find(|it| it.name == *gone);
        finding.against.extend(step.and_then(|it| change.place_before(it.span.start)));
        finding.advice = Some("Set every message aside that is given up.".to_owned());
        found.push(finding);
    }
    found
}

/// Whether a function calls something that nothing called before, which may set messages aside.
fn new_aside(change: &CodeChange<'_>, is: &archwright_scan::flow::Function) -> bool {
    is.steps.iter().any(|it| !it.is_quiet && !change.known.contains(&it.name))
}

fn is_aside(act: &Act) -> bool {
    matches!(act, Act::Send(Some(channel)) if is_dead_letter(channel))
}

/// The dead letter channels that are sent to, and where.
fn channels(flow: &Flow) -> Vec<(SmolStr, u32)> {
    let steps = flow.functions.iter().flat_map(|it| &it.steps);
    let of = steps.filter_map(|it| match &it.act {
        Act::Send(Some(channel)) if is_dead_letter(channel) => Some((channel.clone(), it.span.start)),
        _ => None,
    });
    of.collect()
}

/// Where the function begins that had an offset of the old text.
fn function_with(change: &CodeChange<'_>, at: u32) -> Option<u32> {
    let has = |it: &&(usize, usize)| {
        it.0 > 0 && change.before.functions.get(it.0).is_some_and(|it| it.span.start <= at && at < it.span.end)
    };
    let (_, now) = change.pairs.iter().find(has)?;
    change.after.functions.get(*now).map(|it| it.span.start)
}

/// Where a contract promises a dead letter channel.
fn promise_of(service: &Service<'_>, channel: &str) -> Vec<super::ReviewPlace> {
    let channels = service.receives.iter().chain(&service.sends);
    let promises = channels.filter_map(|it| service.promise(it, Role::Dlq));
    promises.filter(|it| it.0.contains(channel)).map(|it| it.1).take(1).collect()
}
