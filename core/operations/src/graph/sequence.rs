//! The flow as a sequence diagram of Mermaid: who sends what where, and who receives it, with frames for what is tried
//! again, for dead letters, and for compensations.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::{
    answer::{EventFlow, FlowArrow, FlowChannel, FlowRelation, FlowService, FlowSource},
    label::Notation,
    saga::{End, FlowSaga, FlowUndo},
    text::count,
};
use crate::impact::folded;

/// More arrows make no drawing that people can read; what is left out is told in the drawing.
const MAX_ARROWS: usize = 200;

/// So many steps of sagas are drawn.
const MAX_STEPS: usize = 100;

/// So many messages are named at an arrow.
const MESSAGES: usize = 3;

impl EventFlow {
    /// The flow as a sequence, with at most so many sends and receives.
    pub(super) fn sequence(&self, most: usize) -> String {
        let most = most.min(MAX_ARROWS);
        let shown = self.arrows.get(..self.arrows.len().min(most)).unwrap_or_default();
        let mut sequence = Sequence { flow: self, parties: Vec::new(), ids: BTreeMap::new(), body: String::new() };
        let order = order(shown);
        for channel in &order {
            sequence.leg(channel, shown);
        }
        let mut notes = Vec::new();
        if order.len() > 1 {
            notes.push(
                "Channels stand from top to bottom as they lead to each other, and that one message causes the next is \
                 not stated"
                    .to_owned(),
            );
        }
        let (mut drawn, mut left) = (0_usize, MAX_STEPS.min(most));
        let with_steps: Vec<&FlowSaga> = self.sagas.iter().filter(|it| !it.steps.is_empty()).collect();
        for saga in &with_steps {
            let Some(rest) = left.checked_sub(saga.steps.len()) else { continue };
            left = rest;
            drawn += 1;
            sequence.saga(saga);
        }
        notes.extend(self.notes(most).into_iter().filter(|_| !(self.is_empty() && drawn > 0)));
        if with_steps.len() > drawn {
            notes.push(format!("{} left out; ask for one name", count(with_steps.len() - drawn, "more saga")));
        }
        let others = self.sagas.len() - with_steps.len();
        if others > 0 {
            notes.push(format!("{} without steps, drawn by the view `states`", count(others, "state machine")));
        }
        sequence.finish(&notes)
    }
}

/// What is drawn, as far as it is written.
struct Sequence<'f> {
    flow: &'f EventFlow,
    /// The names of those who take part, in the order in which they come.
    parties: Vec<String>,
    /// Their places in the list, by what they are and how they are called.
    ids: BTreeMap<(Part, String), usize>,
    body: String,
}

/// Who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Service,
    Broker,
    Saga,
}

/// A line that may stand in a frame.
struct Message {
    text: String,
    /// How it is repeated, if that is stated.
    again: Option<String>,
}

impl Sequence<'_> {
    fn id(&mut self, part: Part, name: &str) -> String {
        let next = self.parties.len();
        let at = *self.ids.entry((part, name.to_owned())).or_insert(next);
        if at == next {
            self.parties.push(name.to_owned());
        }
        format!("p{}", at + 1)
    }

    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.body, "{:1$}{text}", "", 2 + 2 * depth);
    }

    /// What is sent to a channel, and what becomes of it.
    fn leg(&mut self, name: &str, shown: &[FlowArrow]) {
        let flow = self.flow;
        let unknown = FlowChannel::default();
        let channel = flow.channels.iter().find(|it| it.name == name).unwrap_or(&unknown);
        let message = message(name, channel);
        let of = |relation| shown.iter().filter(move |it| it.channel == name && it.relation == relation);
        let kind = if channel.brokers.is_empty() { "channels".to_owned() } else { channel.brokers.join(" or ") };
        // Who sends stands to the left of the broker.
        let senders: Vec<(String, &FlowArrow)> =
            of(FlowRelation::Sends).map(|it| (self.id(Part::Service, &it.service), it)).collect();
        let broker = self.id(Part::Broker, &kind);
        let sent = senders
            .iter()
            .map(|(from, it)| Message { text: format!("{from}{}{broker}: {message}", head(it.source)), again: None });
        let sent: Vec<Message> = sent.collect();
        self.together(0, "each sender", &sent);
        for to in &channel.delivers_to {
            let into = Notation::MermaidLine.label(&to.value);
            self.line(0, &format!("{broker}--){broker}: delivers to {into}"));
        }
        let attempts: BTreeSet<&str> = channel.attempts.iter().map(|it| it.value.as_str()).collect();
        let attempts: Vec<&str> = attempts.into_iter().collect();
        let attempts = (!attempts.is_empty()).then(|| attempts.join(" or "));
        let mut received = Vec::new();
        for arrow in of(FlowRelation::Receives) {
            let to = self.id(Part::Service, &arrow.service);
            let retry = flow.services.iter().find(|it| it.name == arrow.service).and_then(retried);
            let again = retry.or_else(|| attempts.as_ref().map(|it| format!("at most {it} attempts")));
            received.push(Message { text: format!("{broker}{}{to}: {message}", head(arrow.source)), again });
        }
        if channel.dead_letters.is_empty() {
            self.together(0, "each receiver", &received);
            return;
        }
        let after = attempts.map_or_else(String::new, |it| format!(" after {it} attempts"));
        let failed = Notation::MermaidLine.label(&format!("not handled{after}"));
        let is_framed = !received.is_empty();
        if is_framed {
            self.line(0, "alt handled");
            self.together(1, "each receiver", &received);
            self.line(0, &format!("else {failed}"));
        } else {
            self.line(0, &format!("opt {failed}"));
        }
        for dead in &channel.dead_letters {
            let to = Notation::MermaidLine.label(&dead.value);
            self.line(1, &format!("{broker}--){broker}: dead letter to {to}"));
        }
        self.line(0, "end");
    }

    /// Messages that have no order among them.
    fn together(&mut self, depth: usize, what: &str, messages: &[Message]) {
        let is_framed = messages.len() > 1;
        for (number, message) in messages.iter().enumerate() {
            if is_framed {
                let frame = if number == 0 { format!("par {what}") } else { "and".to_owned() };
                self.line(depth, &frame);
            }
            self.again(depth + usize::from(is_framed), message);
        }
        if is_framed {
            self.line(depth, "end");
        }
    }

    fn again(&mut self, depth: usize, message: &Message) {
        let Some(again) = &message.again else { return self.line(depth, &message.text) };
        self.line(depth, &format!("loop {}", Notation::MermaidLine.label(again)));
        self.line(depth + 1, &message.text);
        self.line(depth, "end");
    }

    /// The steps of a saga, and what undoes them.
    fn saga(&mut self, saga: &FlowSaga) {
        let whole = format!("{} ({}:{})", saga.name, saga.at.file, saga.at.line);
        let services: BTreeMap<String, &str> =
            self.flow.services.iter().map(|it| (folded(&it.name), it.name.as_str())).collect();
        let mut doing = Vec::new();
        for step in &saga.steps {
            let by = match &step.by {
                Some(by) => self.id(Part::Service, services.get(&folded(by)).copied().unwrap_or(by)),
                None => self.id(Part::Saga, &saga.name),
            };
            doing.push(by);
        }
        let (Some(first), Some(last)) =
            (doing.iter().min_by_key(|it| number(it)), doing.iter().max_by_key(|it| number(it)))
        else {
            return;
        };
        let over = if first == last { first.clone() } else { format!("{first},{last}") };
        self.line(0, &format!("Note over {over}: {}", Notation::MermaidLine.label(&whole)));
        for (step, by) in saga.steps.iter().zip(&doing) {
            let mut text = step.does.clone();
            if let Some(timeout) = &step.timeout {
                let _ = write!(text, ", timeout {timeout}");
            }
            if let Some(then) = &step.on_success {
                let _ = write!(text, ", on success {then}");
            }
            let text = format!("{by}->>{by}: {}", Notation::MermaidLine.label(&text));
            let again = step.attempts.as_ref().map(|it| format!("attempts {it}"));
            self.again(0, &Message { text, again });
        }
        let undone = saga.steps.iter().rposition(|it| matches!(it.undo, FlowUndo::By(_)));
        let Some(undone) = undone else { return };
        self.line(0, "alt all steps are done");
        self.line(1, &format!("Note over {over}: {}", End::Completed.name()));
        self.line(0, "else a step fails, and what was done before it is undone, the last first");
        let mut stays = false;
        for (step, by) in saga.steps.iter().zip(&doing).take(undone + 1).rev() {
            match &step.undo {
                FlowUndo::By(undo) => self.line(1, &format!("{by}->>{by}: {}", Notation::MermaidLine.label(undo))),
                FlowUndo::Nothing | FlowUndo::NotStated => {
                    stays = true;
                    let words =
                        if step.undo == FlowUndo::Nothing { "nothing undoes" } else { "not stated what undoes" };
                    let words = Notation::MermaidLine.label(&format!("{words} {}", step.does));
                    self.line(1, &format!("Note over {by}: {words}"));
                }
                FlowUndo::NotNeeded => {}
            }
        }
        let end = End::Compensated.name();
        let failed =
            if stays { format!(", or {} where something stays done", End::Failed.name()) } else { String::new() };
        self.line(1, &format!("Note over {over}: {end}{failed}"));
        self.line(0, "end");
    }

    fn finish(mut self, notes: &[String]) -> String {
        let mut text = String::from("sequenceDiagram\n  %% solid, found in code; dashed, declared by documents\n");
        if self.parties.is_empty() {
            for (number, note) in (1..).zip(notes) {
                let _ = writeln!(text, "  participant note{number} as {}", Notation::MermaidLine.whole(note));
            }
            return text;
        }
        for (number, name) in (1..).zip(&self.parties) {
            let _ = writeln!(text, "  participant p{number} as {}", Notation::MermaidLine.label(name));
        }
        let last = self.parties.len();
        let over = if last == 1 { "p1".to_owned() } else { format!("p1,p{last}") };
        for note in notes {
            self.line(0, &format!("Note over {over}: {}", Notation::MermaidLine.whole(note)));
        }
        text + &self.body
    }
}

/// The number of a party.
fn number(id: &str) -> usize {
    id.get(1..).and_then(|it| it.parse().ok()).unwrap_or_default()
}

/// The head of an arrow: nobody waits for an answer.
fn head(source: FlowSource) -> &'static str {
    match source {
        FlowSource::Declared => "--)",
        FlowSource::Found | FlowSource::Both => "-)",
    }
}

/// A channel, and what is sent to it.
fn message(name: &str, channel: &FlowChannel) -> String {
    let mut names: Vec<String> =
        channel.messages.iter().take(MESSAGES).map(|it| Notation::MermaidLine.label(&it.value)).collect();
    let more = channel.messages.len().saturating_sub(MESSAGES);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let name = Notation::MermaidLine.label(name);
    if names.is_empty() { name } else { format!("{name} ({})", names.join(" or ")) }
}

/// How a service tries again, as its documents say it.
fn retried(service: &FlowService) -> Option<String> {
    service.retries.first().map(|it| it.value.clone())
}

/// The channels in the order in which they lead to each other: one whose senders have received all that they receive,
/// else one with a sender that was reached, else the first by name.
fn order(arrows: &[FlowArrow]) -> Vec<&str> {
    let mut senders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut receives: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for arrow in arrows {
        let of_channel = senders.entry(&arrow.channel).or_default();
        match arrow.relation {
            FlowRelation::Sends => _ = of_channel.insert(&arrow.service),
            FlowRelation::Receives => _ = receives.entry(&arrow.service).or_default().insert(&arrow.channel),
        }
    }
    let mut left: Vec<&str> = senders.keys().copied().collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let of = |channel: &str| senders.get(channel).into_iter().flatten();
        let is_ready = |channel: &str| {
            of(channel).all(|it| receives.get(it).into_iter().flatten().all(|it| done.contains(it) || *it == channel))
        };
        let is_reached = |channel: &str| of(channel).any(|it| reached.contains(it));
        // What was reached goes on before something else begins.
        let ways: [&dyn Fn(&str) -> bool; 3] = [&|it| is_ready(it) && is_reached(it), &is_ready, &is_reached];
        let next = ways.iter().find_map(|is_next| left.iter().position(|it| is_next(it))).unwrap_or_default();
        let channel = left.remove(next);
        done.insert(channel);
        let receivers = receives.iter().filter(|it| it.1.contains(channel)).map(|it| *it.0);
        reached.extend(receivers);
        order.push(channel);
    }
    order
}
