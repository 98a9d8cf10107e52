//! The outline of 3.x documents.

use std::collections::BTreeMap;

use archwright_syntax::data::{Node, NodeId};

use super::{Action, Channel, Operation, Reader, section, text_at};
use crate::references::{Target, target};
use archwright_syntax::{Spanned, data::follow};

pub(super) fn read(reader: &mut Reader<'_>) {
    let root = reader.root;
    let mut keys = BTreeMap::new();
    for entry in section(root, "channels") {
        let body = follow(root, entry.value).unwrap_or(entry.value);
        keys.insert(entry.value.id(), entry.key);
        keys.entry(body.id()).or_insert(entry.key);
        let mut messages = Vec::new();
        for message in section(body, "messages") {
            messages.push(Spanned::of_key(message));
            reader.message(Spanned::of_key(message), message.value);
        }
        reader.channels.push(Channel {
            key: Spanned::of_key(entry),
            address: text_at(body, "address"),
            messages,
            span: entry.span(),
        });
    }
    for entry in section(root, "operations") {
        let body = follow(root, entry.value).unwrap_or(entry.value);
        let action = match body.get("action").and_then(Node::as_str) {
            Some("send") => Some(Action::Send),
            Some("receive") => Some(Action::Receive),
            _ => None,
        };
        let channel = body.get("channel").and_then(|it| channel_key(root, &keys, it));
        reader.operations.push(Operation { key: Spanned::of_key(entry), action, channel });
    }
}

/// The key of the channel that an operation's `channel` refers to, directly or over its definition in `components`.
/// `keys` says which key each channel's body goes by.
fn channel_key(root: Node<'_>, keys: &BTreeMap<NodeId, &str>, channel: Node<'_>) -> Option<Spanned> {
    let reference = channel.get("$ref")?;
    let Target::Node(named) = target(root, reference.as_str()?) else { return None };
    let key = keys.get(&named.id()).or_else(|| keys.get(&follow(root, named)?.id()))?;
    Some(Spanned { text: (*key).into(), span: Spanned::of_scalar(reference)?.span })
}
