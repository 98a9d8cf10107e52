//! Operations: the channels they are on, and the messages of these that they are about.

use std::collections::hash_map::Entry as Slot;

use archwright_syntax::{
    data::{Node, NodeId},
    pointer,
};
use rustc_hash::FxHashMap;

use super::super::{Check, Sink, place_of, span_of};
use super::addresses::short;
use super::channels::{must_lead_to, outside};
use super::subject::{Object, Subject, items, written};
use super::{advice, error, warning};
use crate::references::Target;

const CHANNEL_OUTSIDE_ROOT: Check = error(
    "channel-outside-root",
    "An operation of the document is on a channel that does not stand under `channels`.",
    &["asyncapi3-required-operation-channel-unambiguity"],
);
const FOREIGN_MESSAGE: Check = error(
    "foreign-message",
    "An operation or a reply refers to a message that its channel does not list.",
    &["asyncapi3-operation-messages-from-referred-channel"],
);
/// The specification forbids it (3.0.0, Operation Reply Object), but every tool lets it pass.
const CONFLICTING_REPLY_ADDRESS: Check =
    warning("conflicting-reply-address", "A reply names an address, although its channel has one.", &[]);
const MISSING_OPERATION_DESCRIPTION: Check = advice(
    "missing-operation-description",
    "An operation has no `description` of what it does.",
    &["asyncapi-operation-description", "asyncapi-3-operation-description"],
)
.optional();
const MISSING_PARAMETER_DESCRIPTION: Check = advice(
    "missing-parameter-description",
    "A parameter has no `description` of what it means.",
    &["asyncapi-parameter-description"],
)
.optional();

pub(super) const CHECKS: &[Check] = &[
    CHANNEL_OUTSIDE_ROOT,
    FOREIGN_MESSAGE,
    CONFLICTING_REPLY_ADDRESS,
    MISSING_OPERATION_DESCRIPTION,
    MISSING_PARAMETER_DESCRIPTION,
];

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    if !subject.is_2() {
        let keys = subject.keys_by_body("channels");
        for operation in subject.section("operations") {
            channel_outside(subject, operation.value, &CHANNEL_OUTSIDE_ROOT, &keys, sink);
            if let Some(reply) = operation.value.get("reply") {
                // Tools do not look at replies.
                channel_outside(subject, reply, &CHANNEL_OUTSIDE_ROOT.lenient(), &keys, sink);
            }
        }
        let mut channels = Channels::default();
        for place in subject.objects().filter(|it| matches!(it.kind, "operation" | "operationReply")) {
            messages(subject, place, &mut channels, sink);
        }
        subject.all("operationReply").for_each(|it| reply_address(subject, it, sink));
    }
    for operation in subject.all("operation") {
        describe(subject, operation, &MISSING_OPERATION_DESCRIPTION, "operation", sink);
    }
    for parameter in subject.all("parameter") {
        describe(subject, parameter, &MISSING_PARAMETER_DESCRIPTION, "parameter", sink);
    }
}

/// The channel of an operation or of its reply is none of the document itself (3.0.0, Operation Object and Operation
/// Reply Object). The channel that is the same one by a reference is what was meant.
fn channel_outside<'t>(
    subject: &Subject<'t>,
    place: Node<'t>,
    check: &Check,
    keys: &FxHashMap<NodeId, &str>,
    sink: &mut Sink,
) {
    let Some(value) = place.get("channel").and_then(|it| outside(subject, it, "channels", "channel")) else { return };
    let text = value.as_str().unwrap_or_default();
    let key = place.get("channel").and_then(|it| keys.get(&subject.body(it)?.id()));
    let replacement = key.map(|it| format!("#/channels/{}", pointer::escape(it)));
    let message = must_lead_to("channels", text, replacement.as_deref());
    sink.push_with(check, span_of(value), message, replacement);
}

/// The messages of the channels that have been looked at.
#[derive(Default)]
struct Channels<'t> {
    known: FxHashMap<NodeId, Messages<'t>>,
}

/// The messages of one channel.
#[derive(Default)]
struct Messages<'t> {
    /// Their keys, by where they are written.
    by_place: FxHashMap<NodeId, &'t str>,
    /// Their keys, by what stands behind references; `None` where several are the same.
    by_body: FxHashMap<NodeId, Option<&'t str>>,
}

impl<'t> Channels<'t> {
    fn messages(&mut self, subject: &Subject<'t>, channel: Node<'t>) -> &Messages<'t> {
        match self.known.entry(channel.id()) {
            Slot::Occupied(slot) => slot.into_mut(),
            Slot::Vacant(slot) => {
                let mut messages = Messages::default();
                let map = channel.get("messages").map(written);
                for entry in map.into_iter().flat_map(Node::entries) {
                    messages.by_place.insert(written(entry.value).id(), entry.key);
                    if let Some(body) = subject.body(entry.value) {
                        messages.by_body.entry(body.id()).and_modify(|it| *it = None).or_insert(Some(entry.key));
                    }
                }
                slot.insert(messages)
            }
        }
    }
}

/// Every message of an operation or a reply stands in the map of its channel's messages: a definition elsewhere that
/// the channel refers to too does not do (3.0.0, Operation Object, `messages`).
fn messages<'t>(subject: &Subject<'t>, place: Object<'t>, channels: &mut Channels<'t>, sink: &mut Sink) {
    let Some((reference, list)) = place.node.get("channel").zip(place.node.get("messages")) else { return };
    let Some(channel_text) = reference.get("$ref").and_then(Node::as_str) else { return };
    // Tools look neither at replies nor at channels whose keys have braces.
    let is_looked_at = place.kind == "operation" && !channel_text.contains(['{', '}']);
    let check = if is_looked_at { FOREIGN_MESSAGE } else { FOREIGN_MESSAGE.lenient() };
    let body = subject.body(reference);
    for message in items(list) {
        let Some((value, text)) = message.get("$ref").and_then(|it| Some((it, it.as_str()?))) else { continue };
        let target = subject.target(message);
        let Some(channel) = body else {
            // The channel is in another file, and so are its messages.
            let is_within = text.strip_prefix(channel_text).is_some_and(|it| it.starts_with("/messages/"));
            if !is_within && matches!(target, Target::Node(_)) && !matches!(subject.target(reference), Target::Missing)
            {
                let message = format!("`{}` is no message of the channel `{}`", short(text), short(channel_text));
                sink.push(&check, span_of(value), message);
            }
            continue;
        };
        let messages = channels.messages(subject, channel);
        let (is_foreign, meant) = match target {
            Target::Node(node) => {
                let meant = subject.body(node).and_then(|it| *messages.by_body.get(&it.id())?);
                (!messages.by_place.contains_key(&written(node).id()), meant)
            }
            // The map of the channel's messages may lead into another file, but no reference to one is in it.
            Target::Elsewhere => (!text.starts_with('#'), None),
            Target::Missing => (false, None),
        };
        if is_foreign {
            let replacement = meant.map(|it| format!("{channel_text}/messages/{}", pointer::escape(it)));
            let message = match &replacement {
                Some(meant) => {
                    format!("`{}` is no message of the channel `{}`: `{meant}` is", short(text), short(channel_text))
                }
                None => format!(
                    "`{}` is no message of the channel `{}`: it must be one of `{}/messages/...`",
                    short(text),
                    short(channel_text),
                    short(channel_text)
                ),
            };
            sink.push_with(&check, span_of(value), message, replacement);
        }
    }
}

/// Where a reply goes is either known in advance or read from the request.
fn reply_address<'t>(subject: &Subject<'t>, reply: Node<'t>, sink: &mut Sink) {
    let Some(address) = reply.entry("address").filter(|it| !it.value.is_null()) else { return };
    let channel = reply.get("channel").and_then(|it| subject.body(it));
    if let Some(fixed) = channel.and_then(|it| it.get("address")).and_then(Node::as_str) {
        let message = format!(
            "The reply has an address, but its channel is at `{}`: set the `address` of the channel to null or leave \
            it out",
            short(fixed)
        );
        sink.push(&CONFLICTING_REPLY_ADDRESS, address.key_span, message);
    }
}

fn describe<'t>(subject: &Subject<'t>, object: Node<'t>, check: &Check, what: &str, sink: &mut Sink) {
    let text = subject.field(object, "description").and_then(|it| it.0.scalar());
    if text.is_none_or(|it| it.trim().is_empty()) {
        sink.push(check, place_of(object), format!("The {what} has no description"));
    }
}
