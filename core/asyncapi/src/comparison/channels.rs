//! Channels, their messages, and the operations on them.

use std::collections::VecDeque;

use archwright_syntax::data::Node;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    BACKWARD, BOTH, Comparison, Difference, FORWARD, bindings,
    model::{Acts, Channel, Document, Named, Operation, pairs},
    payload, servers,
};
use crate::Action;

const KEEP_CHANNEL: &str =
    "Keep the channel and deprecate it until nobody sends to it or receives from it; offer the new one beside it.";

pub(super) fn compare<'t>(into: &mut Comparison, old: &Document<'t>, new: &Document<'t>) {
    for pair in pairs(&old.channels, &new.channels, |it| it.named.key, |it| it.address) {
        match pair {
            (Some(one), Some(other)) => {
                let acts = acts((old, one.named.key, None), (new, other.named.key, None));
                into.asking(acts, |into| channel(into, old, new, one, other));
            }
            (Some(gone), None) => {
                let name = gone.address.unwrap_or(gone.named.key);
                let message = format!(
                    "The channel `{name}` was removed: senders and receivers of the old document are left alone there."
                );
                into.breaking(BOTH, Difference::removed("CHANNEL_REMOVED", gone.named.node, message), KEEP_CHANNEL);
            }
            (None, Some(more)) => {
                let message = format!("The channel `{}` was added.", more.address.unwrap_or(more.named.key));
                into.harmless(Difference::added("CHANNEL_ADDED", more.named.node, message));
            }
            (None, None) => {}
        }
    }
    operations(into, old, new);
}

/// What the application does on a channel or with a message: as the old document says, to which others hold.
fn acts<'t>(old: (&Document<'t>, &str, Option<Node<'t>>), new: (&Document<'t>, &str, Option<Node<'t>>)) -> Acts {
    let of = |(document, channel, message): (&Document<'t>, &str, Option<Node<'t>>)| document.acts(channel, message);
    let was = of(old);
    if was.mode().is_some() { was } else { of(new) }
}

fn channel<'t>(into: &mut Comparison, old: &Document<'t>, new: &Document<'t>, one: &Channel<'t>, other: &Channel<'t>) {
    let (was, is) = (one.named.body, other.named.body);
    if into.is_unread("channel", (old, was), (new, is)) {
        return;
    }
    if old.major == 3 && new.major == 3 {
        let why = "those who follow the old document use the old one.";
        into.constant("CHANNEL_ADDRESS_CHANGED", "The address", address(was), address(is), why);
        if one.named.key != other.named.key {
            let message = format!(
                "The channel `{}` is called `{}` now; its address is the same.",
                one.named.key, other.named.key
            );
            into.harmless(Difference::changed("CHANNEL_RENAMED", one.named.node, other.named.node, message));
        }
    }
    parameters(into, old, new, was, is);
    channel_servers(into, was, is);
    bindings::compare(into, old, new, "channel", was, is);
    let mut messages = pairs(&one.messages, &other.messages, |it| it.key, |it| it.body.get("name")?.as_str());
    // The only message of a channel is the same message, whatever it is called.
    if let ([one], [other]) = (one.messages.as_slice(), other.messages.as_slice()) {
        messages = vec![(Some(one), Some(other))];
    }
    for pair in unnamed(messages, old, new) {
        match pair {
            (Some(old_message), Some(new_message)) => {
                let was = (old, one.named.key, Some(old_message.body));
                let acts = acts(was, (new, other.named.key, Some(new_message.body)));
                into.asking(acts, |into| message(into, old, new, *old_message, *new_message));
            }
            (Some(gone), None) => {
                let text =
                    format!("The message `{}` left the channel: those who still send it are not understood.", gone.key);
                let advice = "Keep it until nobody sends it any more.";
                into.asking(old.acts(one.named.key, Some(gone.body)), |into| {
                    into.breaking(BACKWARD, Difference::removed("MESSAGE_REMOVED", gone.node, text), advice);
                });
            }
            (None, Some(more)) => {
                let text = format!(
                    "The message `{}` is new on this channel: receivers that do not know it must skip it.",
                    more.key
                );
                let advice =
                    "Send it on a channel of its own, or be sure that all receivers ignore messages they do not know.";
                let added = Difference::added("MESSAGE_ADDED", more.node, text);
                // Most receivers choose by type; only who asks for the old ones wants to hear of it.
                if into.is_chosen {
                    into.breaking(FORWARD, added, advice);
                } else {
                    into.unclassified(added);
                }
            }
            (None, None) => {}
        }
    }
}

/// Pairs messages that have other names, or none, and the same payload; across majors the rest in their order, because
/// 2.x has messages without a name.
fn unnamed<'a, 't>(pairs: Vec<Pair<'a, 't>>, old: &Document<'t>, new: &Document<'t>) -> Vec<Pair<'a, 't>> {
    let crosses = old.major != new.major;
    if !crosses {
        return pairs;
    }
    let (mut found, rest): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|it| it.0.is_some() && it.1.is_some());
    let mut gone: Vec<&Named<'t>> = rest.iter().filter_map(|it| it.0).collect();
    let more: Vec<&Named<'t>> = rest.iter().filter_map(|it| it.1).collect();
    let mut by_payload: FxHashMap<String, VecDeque<usize>> = FxHashMap::default();
    for (at, it) in more.iter().enumerate() {
        if let Some(schema) = payload::written(new, it.body) {
            by_payload.entry(schema.to_string()).or_default().push_back(at);
        }
    }
    let mut taken = FxHashSet::default();
    gone.retain(|one| {
        let schema = payload::written(old, one.body);
        let same = schema.and_then(|it| by_payload.get_mut(&it.to_string())?.pop_front());
        let Some(other) = same.and_then(|at| more.get(at)) else { return true };
        taken.extend(same);
        found.push((Some(*one), Some(*other)));
        false
    });
    let more: Vec<_> = more.into_iter().enumerate().filter(|it| !taken.contains(&it.0)).map(|it| it.1).collect();
    if gone.len() == more.len() {
        found.extend(gone.into_iter().zip(more).map(|it| (Some(it.0), Some(it.1))));
    } else {
        found.extend(gone.into_iter().map(|it| (Some(it), None)));
        found.extend(more.into_iter().map(|it| (None, Some(it))));
    }
    found
}

/// A message of the old document and the same of the new one.
type Pair<'a, 't> = (Option<&'a Named<'t>>, Option<&'a Named<'t>>);

/// An address of null is none.
fn address(channel: Node<'_>) -> Option<Node<'_>> {
    channel.get("address").filter(|it| !it.is_null())
}

fn parameters<'t>(into: &mut Comparison, old: &Document<'t>, new: &Document<'t>, was: Node<'t>, is: Node<'t>) {
    for one in old.section(was, "parameters") {
        let Some(other) = new.section(is, "parameters").into_iter().find(|it| it.key == one.key) else { continue };
        let values = |it: Named<'t>| it.body.get("enum").or_else(|| it.body.get("schema")?.get("enum"));
        let (Some(was), is) = (values(one), values(other)) else { continue };
        let Some(is) = is else { continue };
        for value in was.items() {
            if !is.items().any(|it| it.scalar() == value.scalar()) {
                let message = format!(
                    "The parameter `{}` is never `{}` any more: those addresses are gone.",
                    one.key,
                    value.scalar().unwrap_or_default()
                );
                into.breaking(BOTH, Difference::removed("PARAMETER_VALUE_REMOVED", value, message), KEEP_CHANNEL);
            }
        }
    }
}

fn channel_servers(into: &mut Comparison, was: Node<'_>, is: Node<'_>) {
    // Without the list, the channel is on every server.
    let Some(is) = is.get("servers").filter(|it| !it.is_empty()) else { return };
    let name = |it: Node<'_>| {
        it.get("$ref").and_then(Node::as_str).and_then(|it| it.rsplit('/').next()).or(it.as_str()).map(str::to_owned)
    };
    match was.get("servers").filter(|it| !it.is_empty()) {
        None => {
            let message = "The channel is only on some servers now: it is gone from the others.";
            into.breaking(BOTH, Difference::added("CHANNEL_SERVERS_NARROWED", is, message), KEEP_CHANNEL);
        }
        Some(was) => {
            for server in was.items() {
                if !is.items().any(|it| name(it) == name(server)) {
                    let message = format!("The channel left the server `{}`.", name(server).unwrap_or_default());
                    into.breaking(BOTH, Difference::removed("CHANNEL_SERVERS_NARROWED", server, message), KEEP_CHANNEL);
                }
            }
        }
    }
}

fn message<'t>(into: &mut Comparison, old: &Document<'t>, new: &Document<'t>, one: Named<'t>, other: Named<'t>) {
    let (was, is) = (one.body, other.body);
    if !into.is_unread("message", (old, was), (new, is)) {
        into.with_traits((old, was), (new, is), |into| message_fields(into, old, new, was, is));
    }
}

fn message_fields<'t>(into: &mut Comparison, old: &Document<'t>, new: &Document<'t>, was: Node<'t>, is: Node<'t>) {
    let fields = |key: &str| (old.field(was, key), new.field(is, key));
    let content = |document: &Document<'t>, body| {
        document.field(body, "contentType").or_else(|| document.root.get("defaultContentType"))
    };
    let why = "receivers decode the old one.";
    into.constant("CONTENT_TYPE_CHANGED", "The content type", content(old, was), content(new, is), why);
    if let (Some(was), Some(is)) = fields("name")
        && was.scalar() != is.scalar()
    {
        let text = "The message has another name; it breaks receivers that choose their handler by it.";
        into.unclassified(Difference::changed("MESSAGE_NAME_CHANGED", was, is, text));
    }
    let location =
        |document: &Document<'t>, body| document.body(document.field(body, "correlationId")?).get("location");
    let is_unread = match fields("correlationId") {
        (Some(was), Some(is)) => into.is_unread("correlation ID", (old, was), (new, is)),
        _ => false,
    };
    if !is_unread {
        into.constant(
            "CORRELATION_ID_CHANGED",
            "The place of the correlation ID",
            location(old, was),
            location(new, is),
            "replies are matched by the old one.",
        );
    }
    bindings::compare(into, old, new, "message", was, is);
    payload::headers(into, old, new, fields("headers"));
    payload::payload(into, old, new, was, is);
}

fn operations<'t>(into: &mut Comparison, old: &Document<'t>, new: &Document<'t>) {
    let of_channel = |document: &Document<'t>, it: &Operation<'t>| {
        let channel = document.channel_named(it.channel?)?;
        Some(format!("{:?} {}", it.action, channel.address.unwrap_or(channel.named.key)))
    };
    // The verbs of 2.x are no names: there an operation goes by what it does and where.
    let keyed = |document: &Document<'t>| -> Vec<(String, Option<String>, usize)> {
        let keys = document.operations.iter().enumerate().map(|(at, it)| {
            let by_place = of_channel(document, it);
            let id = it.named.body.get("operationId").and_then(Node::as_str);
            let key = if document.major == 2 {
                id.map(str::to_owned).or_else(|| by_place.clone())
            } else {
                Some(it.named.key.to_owned())
            };
            (key.unwrap_or_default(), by_place, at)
        });
        keys.collect()
    };
    let (old_keys, new_keys) = (keyed(old), keyed(new));
    for (one, other) in pairs(&old_keys, &new_keys, |it| it.0.as_str(), |it| it.1.as_deref()) {
        let one = one.and_then(|it| old.operations.get(it.2));
        let other = other.and_then(|it| new.operations.get(it.2));
        match (one, other) {
            (Some(one), Some(other)) => {
                into.asking(Acts::of(one.action), |into| operation(into, old, new, one, other));
            }
            (Some(gone), None) => into.asking(Acts::of(gone.action), |into| operation_removed(into, old, new, gone)),
            (None, Some(more)) => {
                into.harmless(Difference::added("OPERATION_ADDED", more.named.node, "An operation was added."));
            }
            (None, None) => {}
        }
    }
}

/// Silent where the whole channel is gone: that was said.
fn operation_removed<'t>(into: &mut Comparison, old: &Document<'t>, new: &Document<'t>, gone: &Operation<'t>) {
    let channel = gone.channel.and_then(|it| old.channel_named(it));
    let is_there = |it: &Channel<'t>| {
        new.channel_named(it.named.key).is_some() || it.address.is_some_and(|it| new.has_address(it))
    };
    if channel.is_some_and(|it| !is_there(it)) {
        return;
    }
    let (sides, message) = match gone.action {
        Some(Action::Send) => (FORWARD, "The application sends nothing there any more: its receivers wait in vain."),
        Some(Action::Receive) => {
            (BACKWARD, "The application receives nothing there any more: what others send stays unread.")
        }
        None => (BOTH, "The operation was removed."),
    };
    into.breaking(sides, Difference::removed("OPERATION_REMOVED", gone.named.node, message), KEEP_CHANNEL);
}

fn operation<'t>(
    into: &mut Comparison,
    old: &Document<'t>,
    new: &Document<'t>,
    one: &Operation<'t>,
    other: &Operation<'t>,
) {
    let (was, is) = (one.named.body, other.named.body);
    if !into.is_unread("operation", (old, was), (new, is)) {
        into.with_traits((old, was), (new, is), |into| operation_fields(into, old, new, one, other));
    }
}

fn operation_fields<'t>(
    into: &mut Comparison,
    old: &Document<'t>,
    new: &Document<'t>,
    one: &Operation<'t>,
    other: &Operation<'t>,
) {
    let (was, is) = (one.named.body, other.named.body);
    if one.action != other.action {
        let (from, to) =
            (old.field(was, "action").unwrap_or(one.named.node), new.field(is, "action").unwrap_or(other.named.node));
        let message = "The operation goes the other way: who received must send now, and who sent must receive.";
        into.breaking(
            BOTH,
            Difference::changed("OPERATION_ACTION_CHANGED", from, to, message),
            "Add a second operation instead.",
        );
    }
    let address = |document: &Document<'t>, it: &Operation<'t>| {
        let channel = document.channel_named(it.channel?)?;
        Some(channel.address.unwrap_or(channel.named.key))
    };
    if let (Some(from), Some(to)) = (address(old, one), address(new, other))
        && one.channel != other.channel
        && from != to
        && let (Some(was), Some(is)) = (was.get("channel"), is.get("channel"))
    {
        let message = format!("The operation moved from the channel `{from}` to `{to}`.");
        into.breaking(BOTH, Difference::changed("OPERATION_CHANNEL_CHANGED", was, is, message), KEEP_CHANNEL);
    }
    let reply = |document: &Document<'t>, it: Node<'t>| document.field(it, "reply").map(|it| document.body(it));
    match (reply(old, was), reply(new, is)) {
        (Some(was), Some(is)) if into.is_unread("reply", (old, was), (new, is)) => {}
        (Some(was), Some(is)) => {
            let location = |document: &Document<'t>, it: Node<'t>| document.body(it.get("address")?).get("location");
            let why = "replies go to the old one.";
            into.constant(
                "REPLY_ADDRESS_CHANGED",
                "The place of the reply's address",
                location(old, was),
                location(new, is),
                why,
            );
            let reference = |it: Node<'t>| it.get("channel")?.get("$ref");
            into.constant("REPLY_CHANNEL_CHANGED", "The channel of the reply", reference(was), reference(is), why);
        }
        (Some(was), None) => {
            let message = "The operation has no reply any more: who asks waits in vain.";
            into.breaking(
                BOTH,
                Difference::removed("REPLY_REMOVED", was, message),
                "Keep the reply until nobody asks any more.",
            );
        }
        (None, Some(is)) => into.harmless(Difference::added("REPLY_ADDED", is, "The operation has a reply now.")),
        (None, None) => {}
    }
    servers::security(into, old, new, was, is);
    bindings::compare(into, old, new, "operation", was, is);
}
