//! What the bindings of AsyncAPI documents say of channels and of those who receive.

use archwright_asyncapi::Action;
use archwright_model::facts::{AsyncApiFacts, Content, FileFacts};
use archwright_syntax::{
    Spanned,
    data::{Node, follow},
};

/// The AsyncAPI document that a file is.
pub(super) fn document(facts: &FileFacts) -> Option<&AsyncApiFacts> {
    match &facts.content {
        Content::AsyncApi(it) => Some(it),
        _ => None,
    }
}

/// Something in the bindings of a channel, by the protocol and the keys below it: `sqs/queue/fifoQueue`.
pub(super) fn of_channel(document: &AsyncApiFacts, address: &str, path: &str) -> Option<Spanned> {
    let root = document.tree.root()?;
    let channel =
        document.outline.channels.iter().find(|it| it.address.as_ref().is_some_and(|it| it.text == address))?;
    let channel = root.get("channels")?.get(&channel.key.text)?;
    at(root, follow(root, channel)?, path)
}

/// Something in the bindings of the operations by which the application receives from a channel, each once.
pub(super) fn of_receivers(document: &AsyncApiFacts, address: &str, path: &str) -> Vec<Spanned> {
    let Some(root) = document.tree.root() else { return Vec::new() };
    let channel = document.outline.channels.iter().find(|it| it.address.as_ref().is_some_and(|it| it.text == address));
    let Some(channel) = channel else { return Vec::new() };
    let receives = document.outline.operations.iter().filter(|it| {
        it.action == Some(Action::Receive) && it.channel.as_ref().is_some_and(|it| it.text == channel.key.text)
    });
    let mut found: Vec<Spanned> = Vec::new();
    for operation in receives {
        let written = root.get("operations").and_then(|it| it.get(&operation.key.text));
        // In 2.x what the application receives is what others publish.
        let written = written.or_else(|| root.get("channels")?.get(&channel.key.text)?.get("publish"));
        let Some(body) = written.and_then(|it| follow(root, it)) else { continue };
        let traits = body.get("traits").into_iter().flat_map(Node::items).filter_map(|it| follow(root, it));
        found.extend(std::iter::once(body).chain(traits).filter_map(|it| at(root, it, path)));
    }
    found.sort_by_key(|it| it.span.start);
    found.dedup();
    found
}

fn at(root: Node<'_>, holder: Node<'_>, path: &str) -> Option<Spanned> {
    let mut node = follow(root, holder.get("bindings")?)?;
    for key in path.split('/') {
        node = follow(root, node.get(key)?)?;
    }
    value(node)
}

/// A value, or the only one that a schema allows.
fn value(node: Node<'_>) -> Option<Spanned> {
    if node.scalar().is_some() {
        return Spanned::of_scalar(node);
    }
    let mut allowed = node.get("enum").into_iter().flat_map(Node::items);
    let only = node.get("const").or_else(|| allowed.next().filter(|_| allowed.next().is_none()))?;
    Spanned::of_scalar(only)
}
