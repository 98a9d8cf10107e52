//! Identities: what must be unique, and what should have a name (2.x; from 3.0 on keys are the names).

use archwright_syntax::data::{Entry, Node, NodeId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Check, Sink, place_of, span_of};
use super::addresses::short;
use super::subject::{Subject, items, written};
use super::{advice, error};

const DUPLICATE_OPERATION_ID: Check = error(
    "duplicate-operation-id",
    "Two operations have the same `operationId`.",
    &["asyncapi2-operation-operationId-uniqueness", "asyncapi-operation-operationId-uniqueness"],
);
const DUPLICATE_MESSAGE_ID: Check = error(
    "duplicate-message-id",
    "Two messages have the same `messageId`.",
    &["asyncapi2-message-messageId-uniqueness", "asyncapi-message-messageId-uniqueness"],
);
const MISSING_OPERATION_ID: Check = advice(
    "missing-operation-id",
    "An operation has no `operationId` that tools can name it by.",
    &["asyncapi2-operation-operationId", "asyncapi-operation-operationId"],
);
const MISSING_MESSAGE_ID: Check = advice(
    "missing-message-id",
    "A message has no `messageId` that tools can name it by.",
    &["asyncapi2-message-messageId"],
);

pub(super) const CHECKS: &[Check] =
    &[DUPLICATE_OPERATION_ID, DUPLICATE_MESSAGE_ID, MISSING_OPERATION_ID, MISSING_MESSAGE_ID];

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    if !subject.is_2() {
        return;
    }
    let mut operations = Ids::new("operationId", "operation", &DUPLICATE_OPERATION_ID);
    let mut messages = Ids::new("messageId", "message", &DUPLICATE_MESSAGE_ID);
    for channel in subject.channels() {
        let verbs =
            channel.body.into_iter().flat_map(Node::entries).filter(|it| matches!(it.key, "publish" | "subscribe"));
        for verb in verbs {
            let owner = Owner { channel: channel.entry, verb: verb.key };
            let operation = written(verb.value);
            operations.add(subject, operation, owner, sink);
            messages_of(subject, operation, &mut messages, owner, sink);
        }
    }
    for operation in subject.all("operation").filter(|it| subject.field(*it, "operationId").is_none()) {
        let message = "The operation has no `operationId`, here or in a trait";
        sink.push(&MISSING_OPERATION_ID, place_of(operation), message);
    }
    // Messages have an identity since 2.4.0.
    for message in subject.objects().filter(|it| it.form == "plainMessage" && subject.version >= (2, 4)) {
        if subject.field(message.node, "messageId").is_none() {
            let text = "The message has no `messageId`, here or in a trait";
            sink.push(&MISSING_MESSAGE_ID, place_of(message.node), text);
        }
    }
}

/// The message of an operation, or those it has to choose from. Messages that nothing uses may have any identity.
fn messages_of<'t>(subject: &Subject<'t>, operation: Node<'t>, ids: &mut Ids<'t>, owner: Owner<'t>, sink: &mut Sink) {
    let Some(body) = operation.get("message").and_then(|it| subject.body(it)) else { return };
    match body.get("oneOf") {
        None => ids.add(subject, body, owner, sink),
        Some(choices) => {
            if ids.seen.insert(body.id()) {
                items(choices).filter_map(|it| subject.body(it)).for_each(|it| ids.add(subject, it, owner, sink));
            }
        }
    }
}

/// Where an object is used.
#[derive(Clone, Copy)]
struct Owner<'t> {
    channel: Entry<'t>,
    verb: &'t str,
}

/// The identities of one kind of object.
struct Ids<'t> {
    field: &'static str,
    what: &'static str,
    check: &'static Check,
    owners: FxHashMap<&'t str, Owner<'t>>,
    /// The objects that have been looked at: the same object twice is no duplicate.
    seen: FxHashSet<NodeId>,
}

impl<'t> Ids<'t> {
    fn new(field: &'static str, what: &'static str, check: &'static Check) -> Self {
        Self { field, what, check, owners: FxHashMap::default(), seen: FxHashSet::default() }
    }

    fn add(&mut self, subject: &Subject<'t>, object: Node<'t>, owner: Owner<'t>, sink: &mut Sink) {
        if !self.seen.insert(object.id()) {
            return;
        }
        let Some((id, place)) = subject.field(object, self.field).and_then(|it| Some((it.0.as_str()?, it.1))) else {
            return;
        };
        match self.owners.get(id) {
            None => drop(self.owners.insert(id, owner)),
            Some(first) => {
                let (verb, channel) = (first.verb, short(first.channel.key));
                let whose = if self.what == "message" { "a message under " } else { "" };
                let message = format!(
                    "`{}` is the `{}` of {whose}`{verb}` of `{channel}` already: give this {} its own",
                    short(id),
                    self.field,
                    self.what
                );
                sink.push(self.check, span_of(place), message);
            }
        }
    }
}
