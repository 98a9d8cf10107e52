//! What a document declares: channels, operations and messages.

use archwright_syntax::Span;
use archwright_syntax::data::Tree;

use crate::{Reference, Text};

/// What a document declares, in the order of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outline {
    /// The value of the `asyncapi` key, such as `3.0.0`.
    pub version: Text,
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
    pub key: Text,
    /// The address: the `address` field in 3.x (`None` when absent or null), the key itself in 2.x.
    pub address: Option<Text>,
    /// The keys of its messages (3.x), or the names its operations' messages go by (2.x).
    pub messages: Vec<Text>,
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
    pub key: Text,
    /// Which way messages go. In 2.x the verbs are those of the other side: what stands under `publish` the application
    /// receives, what stands under `subscribe` it sends (2.6.0, Channel Item Object).
    pub action: Option<Action>,
    /// The key of its channel, at the place that names it.
    pub channel: Option<Text>,
}

/// A message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The key it stands under; in 2.x operations its `messageId`, its name, or the last part of its reference.
    pub key: Text,
    /// The `name` field.
    pub name: Option<Text>,
    /// The reference that is its payload, directly or as the schema of a multi-format schema.
    pub payload_ref: Option<Text>,
    /// The `contentType` field, its own or a trait's.
    pub content_type: Option<Text>,
    /// The names of its header properties, those of its traits included.
    pub headers: Vec<Text>,
}

/// What the document declares; `None` when the root has no `asyncapi` key.
pub fn outline(tree: &Tree) -> Option<Outline> {
    let version = Text::of(tree.root()?.get("asyncapi")?)?;
    Some(Outline { version, channels: Vec::new(), operations: Vec::new(), messages: Vec::new(), references: Vec::new() })
}
