//! Locations: runtime expressions that lead to no value, because the schema of the message has none there.

use std::{borrow::Cow, rc::Rc};

use archwright_syntax::{
    Span,
    data::{Kind, Node, NodeId},
    pointer,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Check, Severity, Sink, span_of};
use super::addresses::short;
use super::schemas::COMPOSED;
use super::subject::{Subject, items, written};
use super::{instead, warning};

const UNRESOLVED_LOCATION: Check =
    warning("unresolved-location", "A runtime expression names a place that the message cannot have.", &[]);

pub(super) const CHECKS: &[Check] = &[UNRESOLVED_LOCATION];

/// How many times a location is looked for in a message, for one document.
const MAX_LOOKS: usize = if cfg!(test) { 200 } else { 200_000 };

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let (seen, of_channels) = (FxHashSet::default(), FxHashMap::default());
    let mut locations = Locations { subject, seen, of_channels, looks: 0, left_out: None, sink };
    for message in subject.objects().filter(|it| matches!(it.form, "plainMessage" | "message")).map(|it| it.node) {
        if let Some((correlation, _)) = subject.field(message, "correlationId") {
            locations.check(correlation, &[message]);
        }
    }
    for channel in subject.channels() {
        let Some(body) = channel.body else { continue };
        let parameters = body.get("parameters").into_iter().flat_map(Node::entries);
        for parameter in parameters {
            let messages = locations.of_channel(body);
            locations.check(parameter.value, &messages);
        }
    }
    for operation in subject.all("operation").filter(|_| !subject.is_2()) {
        let address = operation.get("reply").and_then(|it| subject.body(it)?.get("address"));
        if let Some(address) = address {
            let messages = locations.of_operation(operation);
            locations.check(address, &messages);
        }
    }
    locations.tell_left_out();
}

/// The messages on a channel; none when not all of them are known.
fn messages_of_channel<'t>(subject: &Subject<'t>, channel: Node<'t>) -> Vec<Node<'t>> {
    if !subject.is_2() {
        let messages = channel.get("messages").into_iter().flat_map(Node::entries).map(|it| it.value);
        return known(subject, messages);
    }
    let mut all = Vec::new();
    for operation in ["publish", "subscribe"].iter().filter_map(|it| channel.get(it)) {
        let Some(message) = operation.get("message") else { continue };
        let Some(body) = subject.body(message) else { return Vec::new() };
        let messages = match body.get("oneOf") {
            Some(choices) => known(subject, items(choices)),
            None => vec![body],
        };
        if messages.is_empty() {
            return messages;
        }
        all.extend(messages);
    }
    all
}

fn known<'t>(subject: &Subject<'t>, messages: impl Iterator<Item = Node<'t>>) -> Vec<Node<'t>> {
    messages.map(|it| subject.body(it)).collect::<Option<_>>().unwrap_or_default()
}

struct Locations<'c, 't> {
    subject: &'c Subject<'t>,
    /// The expressions that have been told.
    seen: FxHashSet<NodeId>,
    /// The messages of channels that were asked for.
    of_channels: FxHashMap<NodeId, Rc<[Node<'t>]>>,
    /// How many times a location was looked for in a message.
    looks: usize,
    /// How many locations were not looked for in all messages, and the first of them.
    left_out: Option<(usize, Span)>,
    sink: &'c mut Sink,
}

/// Where an expression ends: the steps that can be taken, the one that cannot, and what could be instead.
struct End<'t> {
    steps: usize,
    step: String,
    /// The schema that has no such property.
    at: Node<'t>,
}

impl<'t> Locations<'_, 't> {
    fn of_channel(&mut self, channel: Node<'t>) -> Rc<[Node<'t>]> {
        let subject = self.subject;
        let read = || messages_of_channel(subject, channel).into();
        Rc::clone(self.of_channels.entry(channel.id()).or_insert_with(read))
    }

    /// The messages that a 3.x operation is about.
    fn of_operation(&mut self, operation: Node<'t>) -> Rc<[Node<'t>]> {
        if let Some(messages) = operation.get("messages") {
            return known(self.subject, items(messages)).into();
        }
        let channel = operation.get("channel").and_then(|it| self.subject.body(it));
        channel.map(|it| self.of_channel(it)).unwrap_or_default()
    }

    /// Says how many locations were not looked for.
    fn tell_left_out(&mut self) {
        let Some((count, span)) = self.left_out else { return };
        let what = if count == 1 { "location was" } else { "locations were" };
        let message = format!(
            "From here on {count} {what} not looked for in every message, because these are too many: split the \
            document"
        );
        self.sink.push(&Check { severity: Severity::Info, ..UNRESOLVED_LOCATION }, span, message);
    }

    /// Where a way ends in the first of some messages, if it ends too early in each of them.
    fn ends(&mut self, location: Node<'t>, messages: &[Node<'t>], part: &str, tokens: &[String]) -> Option<End<'t>> {
        let mut first = None;
        for message in messages {
            if self.looks >= MAX_LOOKS {
                self.left_out.get_or_insert((0, span_of(location))).0 += 1;
                return None;
            }
            self.looks += 1;
            let end = self.end(*message, part, tokens)?;
            first.get_or_insert(end);
        }
        first
    }

    /// Looks for the `location` of an object in messages. One that has it, or may have it, is enough.
    fn check(&mut self, object: Node<'t>, messages: &[Node<'t>]) {
        let location = self.subject.body(object).and_then(|it| it.get("location"));
        let Some((location, text)) = location.and_then(|it| Some((it, it.as_str()?))) else { return };
        let (part, pointer) = match text.split_once('#') {
            Some(("$message.header", pointer)) => ("headers", pointer),
            Some(("$message.payload", pointer)) => ("payload", pointer),
            _ => return,
        };
        let tokens: Vec<String> = pointer::keys(pointer).map(Cow::into_owned).collect();
        let Some(end) = self.ends(location, messages, part, &tokens) else { return };
        if !self.seen.insert(written(location).id()) {
            return;
        }
        let names = || end.at.get("properties").into_iter().flat_map(Node::entries).map(|it| it.key);
        let meant = self.sink.nearest(&end.step, names());
        let message = format!(
            "`{}` leads nowhere: the {part} can have no `{}` there{}",
            short(text),
            short(&end.step),
            instead(meant, "properties", names())
        );
        let replacement = meant.map(|name| {
            let step = pointer::escape(name);
            let mut steps: Vec<&str> = text.split('/').collect();
            if let Some(it) = steps.get_mut(end.steps + 1) {
                *it = &step;
            }
            steps.join("/")
        });
        self.sink.push_with(&UNRESOLVED_LOCATION, span_of(location), message, replacement);
    }

    /// Where a way through a part of a message ends too early; `None` when it goes through, or when nobody can tell.
    fn end(&self, message: Node<'t>, part: &str, tokens: &[String]) -> Option<End<'t>> {
        // Schemas of traits are merged into that of the message.
        let mut traits = message.get("traits").into_iter().flat_map(items);
        let from_traits = traits.find_map(|it| self.subject.body(it)?.get(part));
        let ((Some(mut schema), None) | (None, Some(mut schema))) = (message.get(part), from_traits) else {
            return None;
        };
        if part == "payload" && message.get("schemaFormat").is_some_and(|it| !it.as_str().is_some_and(is_own_format)) {
            return None;
        }
        for (steps, token) in tokens.iter().enumerate() {
            schema = self.subject.body(schema)?;
            if let Some(format) = schema.get("schemaFormat") {
                schema = schema
                    .get("schema")
                    .filter(|_| format.as_str().is_some_and(is_own_format))
                    .and_then(|it| self.subject.body(it))?;
            }
            if schema.kind() != Kind::Mapping || COMPOSED.iter().any(|it| schema.get(it).is_some()) {
                return None;
            }
            if let Some(next) = schema.get("properties").and_then(|it| it.get(token)) {
                schema = next;
                continue;
            }
            let is_scalar = |it: &str| matches!(it, "string" | "number" | "integer" | "boolean" | "null");
            let is_scalar = schema.get("type").and_then(Node::as_str).is_some_and(is_scalar);
            if is_scalar || schema.get("additionalProperties").and_then(Node::as_bool) == Some(false) {
                return Some(End { steps, step: token.clone(), at: schema });
            }
            return None;
        }
        None
    }
}

/// Whether a schema format is AsyncAPI's own or JSON Schema.
fn is_own_format(format: &str) -> bool {
    let kind = format.split(';').next().unwrap_or_default().trim();
    kind.starts_with("application/vnd.aai.asyncapi") || kind.starts_with("application/schema+")
}
