//! Messages that a crash loses: sent beside the transaction instead of through the outbox, or acknowledged before the
//! work; and repetitions that nothing recognises any more.

use archwright_knowledge::pattern;
use archwright_model::{
    Severity,
    conventions::role::Role,
    facts::{ChannelRole, Content, FileFacts},
};
use archwright_scan::flow::{
    Acknowledges, Act, Flow, Step, Verb, is_dead_letter, is_idempotency_entry, is_inbox, is_outbox,
};
use smol_str::SmolStr;

use super::{
    super::reviewed::{Mark, ReviewFinding},
    CodeChange,
    context::{Service, is_outbox_insert},
};

/// Messages that go out beside the database.
pub(in crate::review) const DUAL_WRITE: &str = "review/dual-write";

/// Events that nobody stores any more.
pub(super) const LOST_EVENT: &str = "review/lost-event";

/// Messages that count as handled before they are.
pub(in crate::review) const EARLY_ACK: &str = "review/early-acknowledgement";

/// Repetitions that nothing recognises.
pub(super) const LOST_DEDUPLICATION: &str = "review/lost-deduplication";

/// The pattern by which repetitions are recognised.
const RECEIVER: &str = "idempotent-receiver";

/// Sends beside a write of the database that were not there, where messages are to go through an outbox.
pub(super) fn direct_sends(change: &CodeChange<'_>, service: &Service<'_>) -> Vec<ReviewFinding> {
    let old = sends_beside_writes(&change.before);
    let mut found: Vec<ReviewFinding> = Vec::new();
    for (at, function) in change.after.functions.iter().enumerate().filter(|it| !it.1.name.is_empty()) {
        let was = change.was(at);
        // It sent beside the database already, to a channel by whatever name.
        if was.is_some_and(|it| !sends_of(&change.before, it).is_empty()) {
            continue;
        }
        let steps = was.map(|it| change.before.steps(it)).unwrap_or_default();
        let stored = steps.iter().find(|it| is_outbox_insert(&it.act));
        let here = sends_of(&change.after, at).into_iter().map(|it| (it, channel_of(it)));
        let mut sends: Vec<(&Step, Option<SmolStr>)> = here.collect();
        if writes_and_relays_nothing(&change.after, at) {
            sends.extend(sends_by_others(change, service, at, &steps));
        }
        for (step, channel) in sends {
            if old.contains(&channel.clone().unwrap_or_default()) {
                continue;
            }
            let mut against = service.outbox(channel.as_deref());
            against.extend(stored.and_then(|it| change.place_before(it.span.start)));
            if against.is_empty() {
                continue;
            }
            against.dedup();
            let what = channel.as_deref().unwrap_or("A message");
            let message = format!(
                "{what} is sent beside the database in `{}`, not through the outbox: a crash between the two loses it \
                 or sends what was never stored.",
                function.name
            );
            let mut finding = change.finding(DUAL_WRITE, step.span.start, message);
            // A method that is called like a write may be another.
            if stored.is_none() && !writes_for_sure(&change.after, at) {
                (finding.mark, finding.severity) = (Mark::Lead, Severity::Warning);
            }
            // A helper that does both is told where it does it, and not at all that call it.
            if !found.iter().any(|it| it.start == finding.start) {
                let advice = "Store the message in the outbox in the same transaction; the relay sends it.";
                found.push(ReviewFinding { against, advice: Some(advice.to_owned()), ..finding });
            }
        }
    }
    found
}

/// The calls of functions of other files that send, where the base did not call them.
fn sends_by_others<'c>(
    change: &'c CodeChange<'_>,
    service: &Service<'_>,
    function: usize,
    before: &[&Step],
) -> Vec<(&'c Step, Option<SmolStr>)> {
    let mut found = Vec::new();
    for step in change.after.steps(function) {
        let is_other = step.act == Act::Call && !step.is_quiet && change.after.function(&step.name).is_none();
        if !is_other || before.iter().any(|it| it.name == step.name) {
            continue;
        }
        let Some(steps) = service.steps_of(&step.name) else { continue };
        if steps.iter().any(|it| is_outbox_insert(&it.act) || is_relay(it)) {
            continue;
        }
        let sent = steps.iter().find(|it| is_send(it));
        found.extend(sent.map(|it| (step, channel_of(it))));
    }
    found
}

/// Whether a step sends a message of the business.
fn is_send(step: &Step) -> bool {
    matches!(&step.act, Act::Send(channel) if !channel.as_deref().is_some_and(is_dead_letter))
}

/// The channel that a step sends to, if that is written out.
fn channel_of(step: &Step) -> Option<SmolStr> {
    if let Act::Send(channel) = &step.act { channel.clone() } else { None }
}

/// Whether a step reads or changes what waits in an outbox.
fn is_relay(step: &Step) -> bool {
    matches!(&step.act, Act::Data(data) if data.verb != Verb::Insert && is_outbox(&data.table))
}

/// Whether a function writes data of the business, and is no relay.
fn writes_and_relays_nothing(flow: &Flow, function: usize) -> bool {
    let steps = flow.steps(function);
    let writes = |it: &&Step| match &it.act {
        Act::Data(data) => data.verb != Verb::Read && !is_inbox(&data.table) && !is_outbox(&data.table),
        _ => false,
    };
    steps.iter().any(writes) && !steps.iter().any(|it| is_relay(it))
}

/// The sends of a function that also writes data and is no relay; those for dead letters are no part of the business.
fn sends_of(flow: &Flow, function: usize) -> Vec<&Step> {
    if !writes_and_relays_nothing(flow, function) {
        return Vec::new();
    }
    flow.steps(function).into_iter().filter(|it| is_send(it)).collect()
}

/// Whether a function writes by statements of SQL.
fn writes_for_sure(flow: &Flow, function: usize) -> bool {
    let steps = flow.steps(function);
    steps.iter().any(|it| matches!(&it.act, Act::Data(data) if data.is_certain && data.verb != Verb::Read))
}

/// The channels that were sent to beside a write already.
fn sends_beside_writes(flow: &Flow) -> Vec<SmolStr> {
    let all = (0..flow.functions.len()).flat_map(|it| sends_of(flow, it));
    all.map(|it| channel_of(it).unwrap_or_default()).collect()
}

/// Functions that stored an event with what they write, and write without it now.
pub(super) fn lost_events(change: &CodeChange<'_>, service: &Service<'_>) -> Vec<ReviewFinding> {
    let mut found = Vec::new();
    let stores = |flow: &Flow, at: usize| flow.steps(at).iter().filter(|it| is_outbox_insert(&it.act)).count();
    for (then, now, was, is) in change.functions() {
        // One that is called by another is told there.
        let own = was.steps.iter().find(|it| {
            is_outbox_insert(&it.act)
                || change.before.function(&it.name).is_some_and(|it| stores(&change.before, it) > 0)
        });
        let Some(own) = own.filter(|_| stores(&change.after, now) == 0 && !is.name.is_empty()) else { continue };
        let steps = change.after.steps(now);
        let sends = steps.iter().any(|it| matches!(it.act, Act::Send(_)));
        let writes = steps.iter().any(|it| matches!(&it.act, Act::Data(it) if it.verb != Verb::Read));
        // What is called instead may store it, or send it, which is told otherwise.
        let is_kept = change.new_calls(now).iter().any(|it| {
            let steps = service.steps_of(&it.name);
            steps.is_none_or(|it| it.iter().any(|it| is_outbox_insert(&it.act) || matches!(it.act, Act::Send(_))))
        });
        if sends || !writes || is_kept || stores(&change.before, then) == 0 {
            continue;
        }
        let message =
            format!("`{}` no longer stores its event in the outbox: nobody learns of what it writes.", is.name);
        let mut finding = change.finding(LOST_EVENT, is.span.start, message);
        finding.against = service.outbox_channels().into_iter().map(|it| it.1).take(2).collect();
        finding.against.extend(change.place_before(own.span.start));
        finding.advice =
            Some("Store the event in the same transaction, or say that the channel is given up.".to_owned());
        found.push(finding);
    }
    found
}

/// Acknowledgements that stood behind the work and stand before it, and work that nobody waits for any more.
pub(super) fn acknowledgements(change: &CodeChange<'_>, service: &Service<'_>) -> Vec<ReviewFinding> {
    let mut found: Vec<ReviewFinding> = Vec::new();
    for (then, now, _, is) in change.functions() {
        let (before, after) = (change.before.steps(then), change.after.steps(now));
        let acks = |steps: &[&Step]| -> Vec<usize> {
            (0..steps.len()).filter(|it| steps.get(*it).is_some_and(|it| it.act == Act::Ack)).collect()
        };
        let place = |steps: &[&Step], name: &str| steps.iter().position(|it| it.name == name);
        let (acks_before, acks_after) = (acks(&before), acks(&after));
        let works = after.iter().enumerate().filter(|it| is_work(it.1));
        for (at, work) in works {
            let Some(was) = place(&before, &work.name) else { continue };
            let was_behind = match acks_before.last() {
                Some(last) => *last > was,
                None => change.before.acknowledges.is_some_and(|it| it != Acknowledges::Before),
            };
            let is_before = acks_after.last().is_some_and(|last| *last < at) && place(&after, &work.name) == Some(at);
            if was_behind
                && is_before
                && let Some(ack) = acks_after.last().and_then(|it| after.get(*it))
            {
                let message = format!(
                    "`{}` acknowledges the message before `{}`: a crash in between loses it.",
                    ack.name, work.name
                );
                let mut finding = change.finding(EARLY_ACK, ack.span.start, message);
                let promises = service.receives.iter().filter_map(|it| service.promise(it, Role::Delivery));
                finding.against.extend(promises.map(|it| it.1).take(1));
                finding.against.extend(before.get(was).and_then(|it| change.place_before(it.span.start)));
                finding.advice = Some(format!("Acknowledge when `{}` has ended.", work.name));
                found.push(finding);
                break;
            }
            // Where the library acknowledged what the handler did, only the first piece of work tells.
            if acks_before.is_empty() {
                break;
            }
        }
        if !handles(change) || is.name.is_empty() {
            continue;
        }
        for work in
            after.iter().filter(|it| it.is_detached && !it.is_quiet && change.after.function(&it.name).is_some())
        {
            let awaited = |steps: &[&Step]| steps.iter().any(|it| it.name == work.name && it.is_awaited);
            if awaited(&before) && !awaited(&after) {
                let message = format!(
                    "Nobody waits for `{}` in `{}` any more: the message counts as handled while it runs, and a \
                     failure is not seen.",
                    work.name, is.name
                );
                let finding = change.finding(EARLY_ACK, work.span.start, message);
                if !found.iter().any(|it| it.start.line == finding.start.line) {
                    found.push(ReviewFinding { advice: Some(format!("Wait for `{}`.", work.name)), ..finding });
                }
            }
        }
    }
    found.dedup_by(|a, b| a.start == b.start);
    found
}

/// Whether a step does the work of a message.
fn is_work(step: &Step) -> bool {
    !step.is_quiet && !matches!(step.act, Act::Ack | Act::Wait)
}

/// Whether the file receives messages.
fn handles(change: &CodeChange<'_>) -> bool {
    let receives = |it: &FileFacts| it.channels.iter().any(|it| it.role == ChannelRole::Receive);
    change.file.after.as_ref().is_some_and(|it| receives(&it.facts))
}

/// What recognised repetitions at the base, and is gone.
pub(super) fn repetitions(change: &CodeChange<'_>) -> Vec<ReviewFinding> {
    let mut found = Vec::new();
    let is_kept = |it: &&Step| matches!(&it.act, Act::Data(data) if is_inbox(&data.table));
    let all = |flow: &Flow| flow.functions.iter().flat_map(|it| it.steps.clone()).collect::<Vec<_>>();
    let (before, after) = (all(&change.before), all(&change.after));
    if let Some(kept) = before.iter().find(|it| is_kept(it))
        && !after.iter().any(|it| is_kept(&it))
        && let Some(function) = function_of(change, kept)
        && !change.calls_something_new(function)
    {
        let Act::Data(data) = &kept.act else { return found };
        let message =
            format!("Nothing is kept in `{}` any more: a message that comes twice is handled twice.", data.table);
        found.push(lost(change, function, message, kept));
    }
    for (_, now, was, is) in change.functions() {
        if !is_receiver(change, was.span.start) {
            continue;
        }
        let table = |step: &Step| match &step.act {
            Act::Data(data) if data.verb == Verb::Read && data.is_certain && !data.table.is_empty() => {
                Some(data.table.clone())
            }
            _ => None,
        };
        let Some((asked, name)) = was.steps.iter().find_map(|it| Some((it, table(it)?))) else { continue };
        let still = change.after.steps(now).iter().any(|it| table(it).as_ref() == Some(&name));
        if !still && !change.calls_something_new(now) && !is_inbox(&name) {
            let message = format!(
                "`{}` no longer asks `{name}` whether the message was handled: one that comes twice is handled twice.",
                is.name
            );
            found.push(lost(change, now, message, asked));
        }
    }
    let entries = |flow: &Flow| {
        let all = flow.literals.iter().flat_map(|it| it.entries.clone());
        all.filter(|it| is_idempotency_entry(&it.text)).collect::<Vec<_>>()
    };
    let (then, now) = (entries(&change.before), entries(&change.after));
    if let Some(gone) = then.first().filter(|_| now.is_empty()) {
        let message = format!(
            "`{}` is no longer sent (line {} at the base): the other side cannot recognise a repetition.",
            gone.text,
            change.line_before(gone.span.start)
        );
        found.push(change.finding(LOST_DEDUPLICATION, 0, message));
    }
    found
}

/// The function of the new text that a step of the old one was in.
fn function_of(change: &CodeChange<'_>, step: &Step) -> Option<usize> {
    let has = |it: &&(usize, usize)| change.before.functions.get(it.0).is_some_and(|it| it.steps.contains(step));
    change.pairs.iter().find(has).map(|it| it.1)
}

fn lost(change: &CodeChange<'_>, function: usize, message: String, was: &Step) -> ReviewFinding {
    let at = change.after.functions.get(function).map_or(0, |it| it.span.start);
    let mut finding = change.finding(LOST_DEDUPLICATION, at, message);
    finding.against.extend(change.place_before(was.span.start));
    finding.advice = Some("Keep the key of each message in the transaction of its effect.".to_owned());
    finding
}

/// Whether a comment right above a function of the old text says that it recognises repetitions.
fn is_receiver(change: &CodeChange<'_>, start: u32) -> bool {
    let Some(before) = &change.file.before else { return false };
    let Content::Code(code) = &before.facts.content else { return false };
    code.messaging.patterns.iter().any(|it| {
        let between = before.text.get(it.span.end as usize..start as usize).unwrap_or_default();
        pattern(&it.name.text).is_some_and(|it| it.slug == RECEIVER)
            && between.lines().count() <= 3
            && it.span.end <= start
    })
}
