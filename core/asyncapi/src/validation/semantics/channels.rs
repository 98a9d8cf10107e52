//! Channels: their addresses, the parameters in these, and the servers they are on.

use std::collections::BTreeSet;

use archwright_syntax::{
    Span,
    data::{Kind, Node, NodeId},
    pointer,
};
use rustc_hash::FxHashMap;

use super::super::{Check, Severity, Sink, span_of};
use super::addresses::{Described, names, short, without_names};
use super::subject::{Channel, Subject, items, written};
use super::{error, instead, listed, warning};
use crate::references::{ReferenceKind, Target};

const UNDEFINED_PARAMETER: Check = error(
    "undefined-parameter",
    "A channel describes some of the parameters in its address and leaves out others.",
    &["asyncapi2-channel-parameters", "asyncapi3-channel-parameters", "asyncapi-channel-parameters"],
);
const UNUSED_PARAMETER: Check =
    error("unused-parameter", "A parameter of a channel does not stand in its address.", UNDEFINED_PARAMETER.same_as);
/// Every tool lets a channel without `parameters` pass.
const UNDESCRIBED_PARAMETER: Check =
    warning("undescribed-parameter", "A channel with parameters in its address describes none of them.", &[]);
/// In 2.x a key with empty braces is no URI template, which is `malformed-value`.
const EMPTY_PARAMETER: Check = warning(
    "empty-parameter",
    "Braces in the address of a channel name no parameter.",
    &["asyncapi-3-channel-no-empty-parameter"],
);
const ADDRESS_WITH_QUERY: Check = error(
    "address-with-query",
    "The address of a channel has query parameters or a fragment, which belong in bindings.",
    &[
        "asyncapi2-channel-no-query-nor-fragment",
        "asyncapi3-channel-no-query-nor-fragment",
        "asyncapi-channel-no-query-nor-fragment",
        "asyncapi-3-channel-no-query-nor-fragment",
    ],
);
const CHANNEL_TRAILING_SLASH: Check = warning(
    "channel-trailing-slash",
    "The address of a channel ends with a slash.",
    &[
        "asyncapi2-channel-no-trailing-slash",
        "asyncapi-channel-no-trailing-slash",
        "asyncapi-3-channel-no-trailing-slash",
    ],
);
const DUPLICATE_ADDRESS: Check =
    warning("duplicate-address", "Two channels on the same servers have the same address.", &[]);
/// From 3.0 on the specification says nothing of it.
const SHARED_ADDRESS: Check = Check { severity: Severity::Info, ..DUPLICATE_ADDRESS };
const UNDEFINED_SERVER: Check = error(
    "undefined-server",
    "A channel names a server that the document does not have.",
    &["asyncapi2-channel-servers", "asyncapi3-channel-servers", "asyncapi-channel-servers"],
);
const SERVER_OUTSIDE_ROOT: Check = error(
    "server-outside-root",
    "A channel of the document is on a server that does not stand under `servers`.",
    &["asyncapi3-required-channel-servers-unambiguity", "asyncapi3-channel-servers", "asyncapi-3-channel-servers"],
);

pub(super) const CHECKS: &[Check] = &[
    UNDEFINED_PARAMETER,
    UNUSED_PARAMETER,
    UNDESCRIBED_PARAMETER,
    EMPTY_PARAMETER,
    ADDRESS_WITH_QUERY,
    CHANNEL_TRAILING_SLASH,
    DUPLICATE_ADDRESS,
    UNDEFINED_SERVER,
    SERVER_OUTSIDE_ROOT,
];

/// What the address of a channel is called.
const ADDRESS: &str = "address";

/// Where messages travel, and where that is written.
#[derive(Clone, Copy)]
struct Address<'t> {
    text: &'t str,
    span: Span,
    /// What it is called in messages.
    name: &'static str,
}

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let mut places = Addresses::default();
    let keys = subject.keys_by_body("servers");
    for channel in subject.channels() {
        if let Some(address) = address_of(subject, channel) {
            text(subject, address, sink);
            places.add(subject, channel, address, sink);
        }
        if subject.is_2() {
            parameters_of_2(channel, sink);
            servers_of_2(subject, channel, sink);
        } else {
            servers_of_3(subject, channel, &keys, sink);
        }
    }
    if subject.is_2() {
        // A channel of the components may have a name in place of an address.
        for entry in subject.components("channels").filter(|it| it.key.contains('{')) {
            parameters_of_2(Channel { entry, body: Some(written(entry.value)) }, sink);
        }
    } else {
        subject.all("channel").for_each(|it| parameters_of_3(it, sink));
    }
}

/// The address of a channel: its key in 2.x, its `address` from 3.0 on. A key that stands for an address that is not
/// given is held to the same, as the official parser does.
fn address_of<'t>(subject: &Subject<'t>, channel: Channel<'t>) -> Option<Address<'t>> {
    let key = Address { text: channel.entry.key, span: channel.entry.key_span, name: ADDRESS };
    if subject.is_2() {
        return Some(key);
    }
    match channel.body?.get("address") {
        Some(value) => Some(Address { text: value.as_str()?, span: span_of(value), name: ADDRESS }),
        None => Some(Address { name: "key of a channel without an address", ..key }),
    }
}

/// What an address must not have.
fn text(subject: &Subject<'_>, address: Address<'_>, sink: &mut Sink) {
    let Address { text, span, name } = address;
    if let Some(at) = text.find('?').or_else(|| fragment(text)) {
        let part = text.get(at..).unwrap_or_default();
        let kind = if part.starts_with('?') { "query" } else { "fragment" };
        let message =
            format!("The {name} has the {kind} `{}`, which belongs in the bindings of the channel", short(part));
        // From 3.0 on tools look at the key only, and brokers have wildcards that look like fragments.
        let check = if name == ADDRESS && !subject.is_2() { ADDRESS_WITH_QUERY.lenient() } else { ADDRESS_WITH_QUERY };
        sink.push(&check, span, message);
    }
    if text.contains("{}") && !subject.is_2() {
        let message = format!("The {name} `{}` has braces without a name: name a parameter in them", short(text));
        sink.push(&EMPTY_PARAMETER, span, message);
    }
    if text.len() > 1 && text.ends_with('/') {
        let message =
            format!("The {name} `{}` ends with a slash: most brokers take that for another channel", short(text));
        sink.push_with(&CHANNEL_TRAILING_SLASH, span, message, text.strip_suffix('/').map(ToOwned::to_owned));
    }
}

/// Where a fragment begins. A `#` that is a whole level of an address is a wildcard of MQTT and AMQP.
fn fragment(text: &str) -> Option<usize> {
    let is_end = |it: Option<char>| it.is_none_or(|it| matches!(it, '.' | '/'));
    text.match_indices('#').map(|it| it.0).find(|at| {
        let before = text.get(..*at).and_then(|it| it.chars().next_back());
        let behind = text.get(at + 1..).and_then(|it| it.chars().next());
        !(is_end(before) && is_end(behind))
    })
}

/// The parameters in the key of a channel, and those it describes (2.6.0, Parameters Object).
fn parameters_of_2(channel: Channel<'_>, sink: &mut Sink) {
    let all = names(channel.entry.key);
    let Some(body) = channel.body else { return };
    match body.entry("parameters") {
        Some(map) if map.value.kind() == Kind::Mapping && map.value.get("$ref").is_none() => {
            let is_shared = channel.entry.value.is_alias() || body != channel.entry.value;
            let from = is_shared.then_some(channel.entry.key_span);
            // Without a parameter in the address there merely should be no map of them.
            let unused = if all.is_empty() { UNUSED_PARAMETER.lenient() } else { UNUSED_PARAMETER };
            let checks = (UNDEFINED_PARAMETER, unused);
            Described { names: &all, map, from, place: "address", what: "parameter", checks }.compare(sink);
        }
        Some(_) => {}
        None => undescribed(&all, channel.entry.key_span, sink),
    }
}

/// The same of a channel with an `address` (3.0.0, Channel Object and Parameters Object): parameters of an address that
/// is not known are none.
fn parameters_of_3(channel: Node<'_>, sink: &mut Sink) {
    let address = channel.get("address");
    let all = address.and_then(Node::as_str).map(names).unwrap_or_default();
    match channel.entry("parameters") {
        Some(map) if map.value.kind() == Kind::Mapping && map.value.get("$ref").is_none() => {
            let checks = (UNDEFINED_PARAMETER, UNUSED_PARAMETER);
            Described { names: &all, map, from: None, place: "address", what: "parameter", checks }.compare(sink);
        }
        Some(_) => {}
        None => {
            if let Some(address) = address {
                undescribed(&all, span_of(address), sink);
            }
        }
    }
}

fn undescribed(names: &[&str], span: Span, sink: &mut Sink) {
    if !names.is_empty() {
        let message = format!("The channel has no `parameters` that describe {}", listed(names.iter().copied()));
        sink.push(&UNDESCRIBED_PARAMETER, span, message);
    }
}

/// The names of a channel's servers (2.2.0 and later, Channel Item Object).
fn servers_of_2<'t>(subject: &Subject<'t>, channel: Channel<'t>, sink: &mut Sink) {
    let names = channel.body.and_then(|it| it.get("servers")).into_iter().flat_map(items);
    for name in names {
        server_name(subject, name, None, sink);
    }
}

/// A name that should be one of the document's servers.
fn server_name<'t>(subject: &Subject<'t>, name: Node<'t>, hint: Option<&str>, sink: &mut Sink) {
    let Some(text) = name.as_str() else { return };
    if subject.root.get("servers").is_some_and(|it| it.get(text).is_some()) {
        return;
    }
    let all = || subject.section("servers").map(|it| it.key);
    let meant = sink.nearest(text, all());
    let message = format!("`{}` is no server of the document{}", short(text), instead(meant, "servers", all()));
    let replacement = meant.filter(|_| hint.is_none()).map(ToOwned::to_owned);
    sink.push_with(&UNDEFINED_SERVER, span_of(name), message + hint.unwrap_or_default(), replacement);
}

/// References to servers: those of the document itself, not of its components or of anything else (3.0.0, Channel
/// Object).
fn servers_of_3<'t>(subject: &Subject<'t>, channel: Channel<'t>, keys: &FxHashMap<NodeId, &str>, sink: &mut Sink) {
    // A channel that is a reference is one of the components.
    let Some(list) = channel.entry.value.get("servers") else { return };
    for server in items(list) {
        if server.as_str().is_some() {
            server_name(subject, server, Some("; and it must be given as a reference"), sink);
        } else if let Some(value) = outside(subject, server, "servers", "server") {
            let text = value.as_str().unwrap_or_default();
            let key = subject.body(server).and_then(|it| keys.get(&it.id()));
            let replacement = key.map(|it| format!("#/servers/{}", pointer::escape(it)));
            let message = must_lead_to("servers", text, replacement.as_deref());
            sink.push_with(&SERVER_OUTSIDE_ROOT, span_of(value), message, replacement);
        }
    }
}

/// Says where a reference must lead, and the one that leads to the same there.
pub(super) fn must_lead_to(section: &str, text: &str, meant: Option<&str>) -> String {
    match meant {
        Some(meant) => {
            format!("`{}` must lead to what stands under `{section}`: `{meant}` is the same there", short(text))
        }
        None => format!("`{}` must lead to what stands under `{section}`, as `#/{section}/...`", short(text)),
    }
}

/// The text of a reference that leads to something of the right kind, but not to what stands under a section of a
/// document. What is missing or of another kind is told by the checks of the structure.
pub(super) fn outside<'t>(
    subject: &Subject<'t>,
    reference: Node<'t>,
    section: &str,
    kind: &'static str,
) -> Option<Node<'t>> {
    let value = reference.get("$ref")?;
    let text = value.as_str()?;
    let fragment = text.split_once('#').map_or("", |it| it.1);
    if fragment.strip_prefix('/').and_then(|it| it.strip_prefix(section)).is_some_and(|it| it.starts_with('/')) {
        return None;
    }
    match (ReferenceKind::of(text), subject.target(reference)) {
        (ReferenceKind::Local, Target::Node(node)) => subject.is_kind(node, kind).then_some(value),
        (ReferenceKind::Local, _) => None,
        _ => Some(value),
    }
}

/// A channel and its address.
#[derive(Clone, Copy)]
struct Known<'t> {
    key: &'t str,
    address: &'t str,
}

/// Channels with one address in one place of the brokers: the first of each server.
#[derive(Default)]
struct Alike<'t> {
    /// The first channel of all, and the first that is on every server.
    first: Option<Known<'t>>,
    everywhere: Option<Known<'t>>,
    by_server: FxHashMap<NodeId, Known<'t>>,
}

impl<'t> Alike<'t> {
    /// A channel that shares a server with those on some servers; on none means on all.
    fn sharing(&self, servers: &BTreeSet<NodeId>) -> Option<Known<'t>> {
        if servers.is_empty() {
            return self.first;
        }
        self.everywhere.or_else(|| servers.iter().find_map(|it| self.by_server.get(it).copied()))
    }

    fn add(&mut self, channel: Known<'t>, servers: &BTreeSet<NodeId>) {
        self.first.get_or_insert(channel);
        if servers.is_empty() {
            self.everywhere.get_or_insert(channel);
        }
        for server in servers {
            self.by_server.entry(*server).or_insert(channel);
        }
    }
}

/// The channels by address and place.
#[derive(Default)]
struct Addresses<'t> {
    alike: FxHashMap<(String, Vec<Option<&'t str>>), Alike<'t>>,
}

impl<'t> Addresses<'t> {
    /// Adds the address of a channel, and says which channel has it already. Channels on different servers may have the
    /// same.
    fn add(&mut self, subject: &Subject<'t>, channel: Channel<'t>, address: Address<'t>, sink: &mut Sink) {
        if !subject.is_2() && address.span == channel.entry.key_span {
            return;
        }
        if is_connection(subject, channel) {
            return;
        }
        let servers = if subject.is_2() { BTreeSet::new() } else { servers(subject, channel) };
        let alike = self.alike.entry((without_names(address.text), places(subject, channel))).or_default();
        let Some(other) = alike.sharing(&servers) else {
            return alike.add(Known { key: channel.entry.key, address: address.text }, &servers);
        };
        let key = short(other.key);
        let message = if other.address == address.text {
            format!("The channel `{key}` has the address `{}` already", short(address.text))
        } else {
            format!(
                "The channel `{key}` has the address `{}` already, which is the same but for names",
                short(other.address)
            )
        };
        let check = if subject.is_2() { &DUPLICATE_ADDRESS } else { &SHARED_ADDRESS };
        sink.push(check, address.span, message);
    }
}

/// Whether an address is that of a connection, which may hold several channels: a single slash, or any way on a server
/// that speaks WebSocket.
fn is_connection<'t>(subject: &Subject<'t>, channel: Channel<'t>) -> bool {
    let own =
        channel.body.and_then(|it| it.get("servers")).filter(|_| !subject.is_2()).into_iter().flat_map(items).next();
    let server = own.or_else(|| subject.section("servers").next().map(|it| it.value)).and_then(|it| subject.body(it));
    let protocol = server.and_then(|it| it.get("protocol")).and_then(Node::as_str);
    let address = channel.body.and_then(|it| it.get("address")).and_then(Node::as_str);
    address == Some("/") || protocol.is_some_and(|it| matches!(it, "ws" | "wss"))
}

/// Where a broker has the channel, as the bindings say: an address may be the routing key of several exchanges.
fn places<'t>(subject: &Subject<'t>, channel: Channel<'t>) -> Vec<Option<&'t str>> {
    const PLACES: [(&str, &[&str]); 12] = [
        ("amqp", &["exchange", "name"]),
        ("amqp", &["exchange", "vhost"]),
        ("amqp", &["queue", "name"]),
        ("amqp", &["queue", "vhost"]),
        ("anypointmq", &["destination"]),
        ("googlepubsub", &["topic"]),
        ("ibmmq", &["queue", "objectName"]),
        ("jms", &["destination"]),
        ("kafka", &["topic"]),
        ("pulsar", &["namespace"]),
        ("sns", &["name"]),
        ("sqs", &["queue", "name"]),
    ];
    let bindings = channel.body.and_then(|it| subject.body(it.get("bindings")?));
    let place = |protocol: &str, path: &[&str]| {
        let binding = subject.body(bindings?.get(protocol)?)?;
        path.iter().try_fold(binding, |node, key| node.get(key))?.as_str()
    };
    PLACES.iter().map(|it| place(it.0, it.1)).collect()
}

/// The servers that a channel of 3.x is on; none for all of them.
fn servers<'t>(subject: &Subject<'t>, channel: Channel<'t>) -> BTreeSet<NodeId> {
    let list = channel.body.and_then(|it| it.get("servers")).into_iter().flat_map(items);
    list.filter_map(|it| Some(subject.body(it)?.id())).collect()
}
