//! The outline of 2.x documents.

use archwright_syntax::data::{Entry, Node};
use rustc_hash::FxHashSet;

use super::{Action, Channel, Operation, Reader, section, text_at};
use archwright_syntax::{Spanned, data::follow};

pub(super) fn read(reader: &mut Reader<'_>) {
    let root = reader.root;
    for entry in section(root, "channels") {
        let key = Spanned::of_key(entry);
        let body = follow(root, entry.value).unwrap_or(entry.value);
        let mut messages: Vec<Spanned> = Vec::new();
        let mut known = FxHashSet::default();
        for verb in body.entries() {
            let action = match verb.key {
                "publish" => Action::Receive,
                "subscribe" => Action::Send,
                _ => continue,
            };
            let id = text_at(verb.value, "operationId").unwrap_or_else(|| Spanned::of_key(verb));
            reader.operations.push(Operation { key: id, action: Some(action), channel: Some(key.clone()) });
            for message in messages_of(verb.value) {
                let name = name_of(root, verb, message);
                if known.insert(name.text.clone()) {
                    messages.push(name.clone());
                }
                reader.message(name, message);
            }
        }
        reader.channels.push(Channel { address: Some(key.clone()), key, messages, span: entry.span() });
    }
}

/// The message of an operation, or all those it offers in `oneOf`.
fn messages_of(operation: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let message = operation.get("message");
    let choices = message.and_then(|it| it.get("oneOf"));
    message.filter(|_| choices.is_none()).into_iter().chain(choices.into_iter().flat_map(Node::items))
}

/// What a message goes by: the key it stands under in `components`, its `messageId`, its `name`, or the operation's
/// verb.
fn name_of(root: Node<'_>, verb: Entry<'_>, message: Node<'_>) -> Spanned {
    let reference = message.get("$ref").and_then(Spanned::of_scalar).and_then(|it| {
        let last = it.text.rsplit(['/', '#']).next().filter(|it| !it.is_empty())?;
        Some(Spanned { text: last.into(), span: it.span })
    });
    let body = follow(root, message).unwrap_or(message);
    let own = || text_at(body, "messageId").or_else(|| text_at(body, "name"));
    reference.or_else(own).unwrap_or_else(|| Spanned::of_key(verb))
}
