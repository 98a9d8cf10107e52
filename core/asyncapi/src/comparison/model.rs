//! Both majors in one view: servers, channels with their messages, operations; each node behind its references.

use archwright_schema::{compatibility::Mode, instance::Resolve as _};
use archwright_syntax::data::{Entry, Node, NodeId, Tree};

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Version;
use crate::{
    Action,
    files::Files,
    references::{Target, target},
};

/// A document.
pub(super) struct Document<'t> {
    pub root: Node<'t>,
    pub files: Files<'t>,
    pub major: u8,
    pub servers: Vec<Named<'t>>,
    pub channels: Vec<Channel<'t>>,
    pub operations: Vec<Operation<'t>>,
    /// The channels by their keys, by their addresses, and by the nodes that they are and that they say.
    by_key: FxHashMap<&'t str, usize>,
    /// The operations on each channel, and behind these the replies.
    on_channel: FxHashMap<&'t str, Vec<usize>>,
    by_address: FxHashMap<&'t str, usize>,
    by_node: FxHashMap<(*const Tree, NodeId), usize>,
    /// The answers to operations: what the application does there, as if they were operations of their own.
    pub replies: Vec<Operation<'t>>,
}

/// Something under a key.
#[derive(Clone, Copy)]
pub(super) struct Named<'t> {
    pub key: &'t str,
    /// Where it is written: the reference, if it is one.
    pub node: Node<'t>,
    /// What it says.
    pub body: Node<'t>,
}

/// A channel.
pub(super) struct Channel<'t> {
    pub named: Named<'t>,
    /// Where its messages travel; the key in 2.x.
    pub address: Option<&'t str>,
    pub messages: Vec<Named<'t>>,
}

/// An operation.
pub(super) struct Operation<'t> {
    pub named: Named<'t>,
    pub action: Option<Action>,
    /// The key of its channel.
    pub channel: Option<&'t str>,
    /// Its messages, where it does not mean all of the channel's.
    pub messages: Option<Vec<Node<'t>>>,
}

/// What the application does with something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Acts {
    sends: bool,
    receives: bool,
}

impl Acts {
    pub(super) fn of(action: Option<Action>) -> Self {
        Self { sends: action == Some(Action::Send), receives: action == Some(Action::Receive) }
    }

    fn and(self, other: Self) -> Self {
        Self { sends: self.sends || other.sends, receives: self.receives || other.receives }
    }

    /// The question to ask: what the application sends is read by others, with the schema they have; what it receives
    /// was written by others, and is read with the new one.
    pub(super) fn mode(self) -> Option<Mode> {
        match (self.sends, self.receives) {
            (true, true) => Some(Mode::Full),
            (true, false) => Some(Mode::Forward),
            (false, true) => Some(Mode::Backward),
            (false, false) => None,
        }
    }
}

fn id_of(node: Node<'_>) -> (*const Tree, NodeId) {
    (std::ptr::from_ref(node.tree()), node.id())
}

impl<'t> Document<'t> {
    /// A file that is a schema, where nothing but the schema is compared.
    pub(super) fn of_schema(version: Version<'t>) -> Option<Self> {
        let root = version.tree.root()?;
        let files = Files::new(root, version.documents);
        Some(Self {
            root,
            files,
            major: 3,
            servers: Vec::new(),
            channels: Vec::new(),
            operations: Vec::new(),
            replies: Vec::new(),
            by_key: FxHashMap::default(),
            on_channel: FxHashMap::default(),
            by_address: FxHashMap::default(),
            by_node: FxHashMap::default(),
        })
    }

    pub(super) fn of(version: Version<'t>) -> Option<Self> {
        let mut document = Self::of_schema(version)?;
        let root = document.root;
        let version = root.get("asyncapi")?.scalar()?;
        let major = if version.starts_with("2.") || version.starts_with("1.") { 2 } else { 3 };
        document.major = major;
        document.servers = document.section(root, "servers");
        let channels = document.section(root, "channels");
        if major == 2 {
            for it in channels {
                document.channel_of_2(it);
            }
        } else {
            for it in channels {
                document.channel_of_3(it);
            }
            let operations = document.section(root, "operations");
            document.operations = operations.into_iter().map(|it| document.operation_of_3(it)).collect();
            document.replies = document.operations.iter().filter_map(|it| document.reply_to(it)).collect();
        }
        for (at, it) in document.operations.iter().chain(&document.replies).enumerate() {
            if let Some(channel) = it.channel {
                document.on_channel.entry(channel).or_default().push(at);
            }
        }
        Some(document)
    }

    fn channel_of_2(&mut self, named: Named<'t>) {
        let mut messages: Vec<Named<'t>> = Vec::new();
        let (mut keys, mut bodies) = (FxHashSet::default(), FxHashSet::default());
        for verb in named.body.entries() {
            // The verbs are those of the other side (2.6.0, Channel Item Object).
            let action = match verb.key {
                "publish" => Action::Receive,
                "subscribe" => Action::Send,
                _ => continue,
            };
            let operation = self.named(verb);
            let mut meant = Vec::new();
            for message in messages_of(operation.body) {
                let body = self.body(message);
                meant.push(body);
                let name = name_of(message, body);
                let key = name.unwrap_or(verb.key);
                // Messages without a name are the same only if they are written in one place.
                let is_known = if name.is_some() { keys.contains(key) } else { bodies.contains(&(key, id_of(body))) };
                if !is_known {
                    keys.insert(key);
                    bodies.insert((key, id_of(body)));
                    messages.push(Named { key, node: message, body });
                }
            }
            self.operations.push(Operation {
                named: operation,
                action: Some(action),
                channel: Some(named.key),
                messages: Some(meant),
            });
        }
        self.add(Channel { named, address: Some(named.key), messages });
    }

    fn channel_of_3(&mut self, named: Named<'t>) {
        let address = named.body.get("address").and_then(Node::as_str);
        self.add(Channel { named, address, messages: self.section(named.body, "messages") });
    }

    fn add(&mut self, channel: Channel<'t>) {
        let at = self.channels.len();
        self.by_key.entry(channel.named.key).or_insert(at);
        if let Some(address) = channel.address {
            self.by_address.entry(address).or_insert(at);
        }
        for node in [channel.named.node, channel.named.body] {
            self.by_node.entry(id_of(node)).or_insert(at);
        }
        self.channels.push(channel);
    }

    /// The channel under a key.
    pub(super) fn channel_named(&self, key: &str) -> Option<&Channel<'t>> {
        self.channels.get(*self.by_key.get(key)?)
    }

    /// Whether a channel has an address.
    pub(super) fn has_address(&self, address: &str) -> bool {
        self.by_address.contains_key(address)
    }

    fn operation_of_3(&self, named: Named<'t>) -> Operation<'t> {
        let action = match self.field(named.body, "action").and_then(Node::as_str) {
            Some("send") => Some(Action::Send),
            Some("receive") => Some(Action::Receive),
            _ => None,
        };
        let channel = named.body.get("channel").and_then(|it| self.channel_behind(it));
        Operation { named, action, channel, messages: self.listed_messages(named.body) }
    }

    /// The answer to an operation of 3.x, which goes the other way.
    fn reply_to(&self, operation: &Operation<'t>) -> Option<Operation<'t>> {
        let body = self.body(self.field(operation.named.body, "reply")?);
        let action = match operation.action? {
            Action::Send => Action::Receive,
            Action::Receive => Action::Send,
        };
        Some(Operation {
            named: Named { body, ..operation.named },
            action: Some(action),
            channel: body.get("channel").and_then(|it| self.channel_behind(it)).or(operation.channel),
            messages: self.listed_messages(body),
        })
    }

    fn listed_messages(&self, body: Node<'t>) -> Option<Vec<Node<'t>>> {
        self.field(body, "messages").map(|it| it.items().map(|it| self.body(it)).collect())
    }

    /// What the application does on a channel, or with one of its messages.
    pub(super) fn acts(&self, channel: &str, message: Option<Node<'t>>) -> Acts {
        /// Longer lists are generated, and hold what the channel has.
        const LONG: usize = 1_000;
        let is_meant = |it: &&Operation<'t>| {
            let has = |list: &Vec<Node<'t>>| list.len() > LONG || message.is_none_or(|it| list.contains(&it));
            it.messages.as_ref().is_none_or(has)
        };
        let on_channel = self.on_channel.get(channel).into_iter().flatten();
        let operation = |at: usize| self.operations.get(at).or_else(|| self.replies.get(at - self.operations.len()));
        let all = on_channel.filter_map(|it| operation(*it));
        all.filter(is_meant).map(|it| Acts::of(it.action)).fold(Acts::default(), Acts::and)
    }

    /// What the application does at all.
    pub(super) fn all_acts(&self) -> Acts {
        self.operations.iter().map(|it| Acts::of(it.action)).fold(Acts::default(), Acts::and)
    }

    /// The key of the channel that a reference names.
    pub(super) fn channel_behind(&self, reference: Node<'t>) -> Option<&'t str> {
        let text = reference.get("$ref")?.as_str()?;
        let node = match target(reference.tree().root()?, text) {
            Target::Node(node) => node,
            // In a file of its own, or a file of the document in the words of another.
            Target::Elsewhere | Target::Missing => self.files.resolve(reference, text)?,
        };
        let body = self.body(node);
        let of = |node: Node<'t>| self.by_node.get(&id_of(node)).copied();
        let first = of(node).into_iter().chain(of(body)).min()?;
        self.channels.get(first).map(|it| it.named.key)
    }

    /// A field of an object that may have traits: in 3.x its own value comes first, in 2.x the last trait's.
    pub(super) fn field(&self, body: Node<'t>, key: &str) -> Option<Node<'t>> {
        let own = body.get(key);
        if self.major == 3 && own.is_some() {
            return own;
        }
        let traits: Vec<_> =
            body.get("traits").into_iter().flat_map(Node::items).filter_map(|it| self.files.follow(it)).collect();
        traits.into_iter().rev().find_map(|it| it.get(key)).or(own)
    }

    /// The reference of a node to where nobody looked: another host, a file that is not at hand.
    pub(super) fn unread(&self, node: Node<'t>) -> Option<&'t str> {
        let reference = node.get("$ref")?.as_str()?;
        self.files.follow(node).is_none().then_some(reference)
    }

    /// Whether an object has traits that nobody read, so that it may say more.
    pub(super) fn is_partial(&self, body: Node<'t>) -> bool {
        body.get("traits").into_iter().flat_map(Node::items).any(|it| self.unread(it).is_some())
    }

    /// What stands behind a node.
    pub(super) fn body(&self, node: Node<'t>) -> Node<'t> {
        self.files.follow(node).unwrap_or(node)
    }

    fn named(&self, entry: Entry<'t>) -> Named<'t> {
        Named { key: entry.key, node: entry.value, body: self.body(entry.value) }
    }

    /// The entries under a key.
    pub(super) fn section(&self, node: Node<'t>, key: &str) -> Vec<Named<'t>> {
        let Some(section) = node.get(key).map(|it| self.body(it)) else { return Vec::new() };
        section.entries().filter(|it| !it.key.starts_with("x-")).map(|it| self.named(it)).collect()
    }
}

/// The message of a 2.x operation, or all those it offers in `oneOf`.
fn messages_of(operation: Node<'_>) -> Vec<Node<'_>> {
    match operation.get("message") {
        Some(message) => message.get("oneOf").map_or_else(|| vec![message], |it| it.items().collect()),
        None => Vec::new(),
    }
}

fn name_of<'t>(message: Node<'t>, body: Node<'t>) -> Option<&'t str> {
    let reference = message
        .get("$ref")
        .and_then(Node::as_str)
        .and_then(|it| it.rsplit(['/', '#']).next())
        .filter(|it| !it.is_empty());
    reference
        .or_else(|| body.get("messageId").and_then(Node::as_str))
        .or_else(|| body.get("name").and_then(Node::as_str))
}

/// What belongs together in two lists: by key, else by a second name that only one on each side has. Old or new alone
/// means removed or added.
pub(super) fn pairs<'a, T>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&T) -> &str,
    second: impl Fn(&T) -> Option<&str>,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let mut pairs = Vec::new();
    let known: FxHashSet<&str> = old.iter().map(&key).collect();
    // Several may have one key, such as messages without a name: they belong together in their order.
    let mut by_key: FxHashMap<&str, VecDeque<&'a T>> = FxHashMap::default();
    let mut rest_new: Vec<&'a T> = Vec::new();
    for it in new {
        if known.contains(key(it)) {
            by_key.entry(key(it)).or_default().push_back(it);
        } else {
            rest_new.push(it);
        }
    }
    for one in old {
        if let Some(other) = by_key.get_mut(key(one)).and_then(VecDeque::pop_front) {
            pairs.push((Some(one), Some(other)));
            continue;
        }
        let same = second(one).and_then(|name| rest_new.iter().position(|it| second(it) == Some(name)));
        pairs.push((Some(one), same.map(|at| rest_new.remove(at))));
    }
    rest_new.extend(by_key.into_values().flatten());
    pairs.extend(rest_new.into_iter().map(|it| (None, Some(it))));
    pairs
}
