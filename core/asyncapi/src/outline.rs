//! What a document declares: channels, operations and messages.

mod v2;
mod v3;

use archwright_syntax::Spanned;
use std::collections::BTreeSet;

use archwright_syntax::{
    Span,
    data::{Entry, Node, NodeId, Tree},
};
use smol_str::SmolStr;

use crate::Reference;
use crate::references::references;
use archwright_syntax::data::follow;

/// What a document declares, in the order of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outline {
    /// The value of the `asyncapi` key, such as `3.0.0`.
    pub version: Spanned,
    /// The entries of `channels`.
    pub channels: Vec<Channel>,
    /// The entries of `operations` (3.x), or the `publish` and `subscribe` parts of the channels (2.x).
    pub operations: Vec<Operation>,
    /// Every message once: those under `components`, then those written in channels and operations.
    pub messages: Vec<Message>,
    /// Every `$ref`.
    pub references: Vec<Reference>,
}

/// A channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Channel {
    /// Its key under `channels`.
    pub key: Spanned,
    /// The address: the `address` field in 3.x (`None` when absent or null), the key itself in 2.x.
    pub address: Option<Spanned>,
    /// The keys of its messages (3.x), or the names its operations' messages go by (2.x).
    pub messages: Vec<Spanned>,
    /// From the key to the end of the value.
    pub span: Span,
}

/// Which way messages go, seen from the application the document describes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// The application sends.
    Send,
    /// The application receives.
    Receive,
}

/// An operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Operation {
    /// Its key under `operations` (3.x); its `operationId`, or else the word `publish` or `subscribe` (2.x).
    pub key: Spanned,
    /// Which way messages go. In 2.x the verbs are those of the other side: what stands under `publish` the application
    /// receives, what stands under `subscribe` it sends (AsyncAPI 2.6.0, Channel Item Object).
    pub action: Option<Action>,
    /// The key of its channel, at the place that names it.
    pub channel: Option<Spanned>,
}

/// A message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The key it stands under. Messages in 2.x operations have none: there it is the `messageId`, the `name`, the last
    /// part of the reference, or else the word `publish` or `subscribe`.
    pub key: Spanned,
    /// The `name` field.
    pub name: Option<Spanned>,
    /// The reference that is its payload, directly or as the schema of a multi-format schema.
    pub payload_ref: Option<Spanned>,
    /// The `contentType` field, its own or a trait's.
    pub content_type: Option<Spanned>,
}

/// What the document declares; `None` when it is no AsyncAPI document. Versions from 3 on, and versions that cannot be
/// read, are read as 3.x.
///
/// ```
/// use archwright_asyncapi::outline;
/// use archwright_syntax::data::{Format, parse};
///
/// let tree = parse("asyncapi: 3.0.0\nchannels:\n  placed:\n    address: orders.placed.v1\n", Format::Yaml);
/// let outline = outline(&tree).unwrap();
/// assert_eq!(outline.version.text, "3.0.0");
/// assert_eq!(outline.channels[0].key.text, "placed");
/// ```
pub fn outline(tree: &Tree) -> Option<Outline> {
    let root = tree.root().filter(|it| crate::sniff::is_document(*it))?;
    let nowhere = || Spanned { text: SmolStr::default(), span: Span::empty(root.span().start as usize) };
    let version = root.get("asyncapi").and_then(Spanned::of_scalar).unwrap_or_else(nowhere);
    let mut reader = Reader::new(root);
    if let Some(messages) = root.resolve("/components/messages") {
        messages.entries().for_each(|it| reader.message(Spanned::of_key(it), it.value));
    }
    match version.text.split('.').next() {
        Some("1" | "2") => v2::read(&mut reader),
        _ => v3::read(&mut reader),
    }
    let Reader { mut channels, mut operations, mut messages, .. } = reader;
    // Outlines are kept for as long as their documents, and most have one or two of each.
    channels.shrink_to_fit();
    operations.shrink_to_fit();
    messages.shrink_to_fit();
    Some(Outline { version, channels, operations, messages, references: references(tree) })
}

/// What has been read so far.
struct Reader<'t> {
    root: Node<'t>,
    channels: Vec<Channel>,
    operations: Vec<Operation>,
    messages: Vec<Message>,
    /// The nodes behind `messages`, so that a message that several places refer to is listed once.
    seen: BTreeSet<NodeId>,
}

impl<'t> Reader<'t> {
    fn new(root: Node<'t>) -> Self {
        Self { root, channels: Vec::new(), operations: Vec::new(), messages: Vec::new(), seen: BTreeSet::new() }
    }

    /// Adds the message at `node` unless the one it refers to is there already.
    fn message(&mut self, key: Spanned, node: Node<'t>) {
        let body = follow(self.root, node);
        let id = body.unwrap_or(node).id();
        if !self.seen.insert(id) {
            return;
        }
        self.messages.push(match body {
            Some(body) => self.read_message(key, body),
            None => Message { key, name: None, payload_ref: None, content_type: None },
        });
    }

    fn read_message(&self, key: Spanned, body: Node<'t>) -> Message {
        let traits: Vec<_> =
            body.get("traits").into_iter().flat_map(Node::items).filter_map(|it| follow(self.root, it)).collect();
        let payload = body.get("payload");
        let reference = payload.and_then(|it| it.get("$ref").or_else(|| it.get("schema")?.get("$ref")));
        Message {
            key,
            name: text_at(body, "name"),
            payload_ref: reference.and_then(Spanned::of_scalar),
            content_type: text_at(body, "contentType")
                .or_else(|| traits.iter().find_map(|it| text_at(*it, "contentType"))),
        }
    }
}

fn text_at(node: Node<'_>, key: &str) -> Option<Spanned> {
    Spanned::of_scalar(node.get(key)?)
}

/// The entries under a root key.
fn section<'t>(root: Node<'t>, key: &str) -> impl Iterator<Item = Entry<'t>> {
    root.get(key).into_iter().flat_map(Node::entries)
}

#[cfg(test)]
mod tests;
