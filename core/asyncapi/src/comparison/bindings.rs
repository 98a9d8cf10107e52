//! Bindings: which of their fields others rely on.

use archwright_syntax::data::{Entry, Kind, Node};

use super::{Comparison, Difference, model::Document};

/// Fields of bindings that name what both sides use: place, protocol, path, and why a change breaks.
const RELIED_ON: &[(&str, &str, &str, &str)] = &[
    ("channel", "kafka", "topic", "others use the old topic."),
    ("channel", "amqp", "is", "others bind to the old kind of thing."),
    ("channel", "amqp", "exchange/name", "others bind to the old exchange."),
    ("channel", "amqp", "exchange/type", "the old exchange routes another way."),
    ("channel", "amqp", "exchange/vhost", "others connect to the old virtual host."),
    ("channel", "amqp", "queue/name", "others consume the old queue."),
    ("channel", "amqp", "queue/vhost", "others connect to the old virtual host."),
    ("channel", "anypointmq", "destination", "others use the old destination."),
    ("channel", "anypointmq", "destinationType", "queues and exchanges deliver differently."),
    ("channel", "googlepubsub", "topic", "others use the old topic."),
    ("channel", "ibmmq", "destinationType", "queues and topics deliver differently."),
    ("channel", "ibmmq", "queue/objectName", "others use the old queue."),
    ("channel", "ibmmq", "topic/string", "others use the old topic."),
    ("channel", "ibmmq", "topic/objectName", "others use the old topic."),
    ("channel", "jms", "destination", "others use the old destination."),
    ("channel", "jms", "destinationType", "queues and topics deliver differently."),
    ("channel", "pulsar", "namespace", "others use the old namespace."),
    ("channel", "pulsar", "persistence", "the topic's name contains it."),
    ("channel", "sns", "name", "others use the old topic."),
    ("channel", "sqs", "queue/name", "others use the old queue."),
    ("channel", "ws", "method", "clients open the connection the old way."),
    ("message", "kafka", "schemaIdLocation", "receivers look for the schema's ID in the old place."),
    ("message", "kafka", "schemaIdPayloadEncoding", "receivers decode the schema's ID the old way."),
    ("operation", "http", "method", "clients call the old method."),
    ("operation", "http", "type", "clients do the other half."),
    ("server", "pulsar", "tenant", "others use the old tenant."),
    ("server", "solace", "msgVpn", "others connect to the old message VPN."),
    ("server", "solace", "msgVPN", "others connect to the old message VPN."),
];

/// Fields that only tools read.
const IGNORED: &[&str] = &["bindingVersion", "description", "$ref"];

/// How deep bindings are compared.
const MAX_DEPTH: usize = 6;

pub(super) fn compare<'t>(
    into: &mut Comparison,
    old: &Document<'t>,
    new: &Document<'t>,
    place: &'static str,
    one: Node<'t>,
    other: Node<'t>,
) {
    let of = |document: &Document<'t>, it| document.field(it, "bindings").map(|it| document.body(it));
    let (was, is) = (of(old, one), of(new, other));
    if let (Some(was), Some(is)) = (was, is)
        && into.is_unread("bindings object", (old, was), (new, is))
    {
        return;
    }
    let entries = |it: Option<Node<'t>>| -> Vec<Entry<'t>> { it.into_iter().flat_map(Node::entries).collect() };
    for protocol in entries(was) {
        match is.and_then(|it| it.get(protocol.key)) {
            Some(other) => {
                let (was, is) = (old.body(protocol.value), new.body(other));
                let at = At { place, protocol: protocol.key, path: String::new(), depth: 0 };
                if !into.is_unread("binding", (old, was), (new, is)) {
                    value(into, &at, was, is);
                }
            }
            None => {
                let message = format!(
                    "The {} binding of the {place} is gone; whether others rely on it cannot be told.",
                    protocol.key
                );
                into.unclassified(Difference::removed("BINDING_REMOVED", protocol.value, message));
            }
        }
    }
    for protocol in entries(is) {
        if was.and_then(|it| it.get(protocol.key)).is_none() {
            into.harmless(Difference::added(
                "BINDING_ADDED",
                protocol.value,
                format!("The {place} has a {} binding now.", protocol.key),
            ));
        }
    }
}

/// Where in the bindings a value stands.
struct At<'a> {
    place: &'static str,
    protocol: &'a str,
    path: String,
    depth: usize,
}

impl At<'_> {
    fn below(&self, key: &str) -> Self {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}/{key}", self.path) };
        Self { place: self.place, protocol: self.protocol, path, depth: self.depth + 1 }
    }

    fn why(&self) -> Option<&'static str> {
        RELIED_ON.iter().find(|it| it.0 == self.place && it.1 == self.protocol && it.2 == self.path).map(|it| it.3)
    }

    fn name(&self) -> String {
        format!("`{}` of the {} binding", self.path.replace('/', "."), self.protocol)
    }
}

fn value<'a>(into: &mut Comparison, at: &At<'a>, one: Node<'a>, other: Node<'a>) {
    if one.kind() == Kind::Mapping && other.kind() == Kind::Mapping && at.depth < MAX_DEPTH {
        let mut keys: Vec<&str> =
            one.entries().chain(other.entries()).map(|it| it.key).filter(|it| !IGNORED.contains(it)).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let at = At { protocol: at.protocol, ..at.below(key) };
            match (one.get(key), other.get(key)) {
                // A field that newer bindings do not have is kept as an extension, which nobody relied on before.
                (Some(was), None) if into.crosses && other.get(&format!("x-{key}")).is_some_and(|it| same(was, it)) => {
                }
                (None, Some(is))
                    if into.crosses
                        && key.strip_prefix("x-").and_then(|it| one.get(it)).is_some_and(|it| same(it, is)) => {}
                (Some(one), Some(other)) => value(into, &at, one, other),
                (was, is) => field(into, &at, was, is),
            }
        }
        return;
    }
    if !(same(one, other) || into.crosses && is_schema_of(other, one)) {
        field(into, at, Some(one), Some(other));
    }
}

fn same(one: Node<'_>, other: Node<'_>) -> bool {
    one.kind() == other.kind() && one.to_json(1_000) == other.to_json(1_000)
}

/// Whether a schema allows this one value: some fields were a value in old bindings and are a schema in newer ones.
fn is_schema_of(schema: Node<'_>, value: Node<'_>) -> bool {
    let only = schema.get("enum").filter(|it| it.items().count() == 1).and_then(|it| it.items().next());
    schema.get("const").or(only).is_some_and(|it| it.scalar().is_some() && it.scalar() == value.scalar())
}

fn field(into: &mut Comparison, at: &At<'_>, was: Option<Node<'_>>, is: Option<Node<'_>>) {
    // From 3.0 on the action of an operation says it.
    if into.crosses && (at.place, at.protocol, at.path.as_str()) == ("operation", "http", "type") {
        return;
    }
    if let Some(why) = at.why() {
        into.constant("BINDING_CHANGED", &at.name(), was, is, why);
        return;
    }
    let hint = match (at.protocol, at.path.as_str()) {
        ("kafka", "partitions") => {
            "messages of one key may move to another partition, and their order is lost at the change"
        }
        ("kafka", "topicConfiguration/retention.ms" | "topicConfiguration/retention.bytes") => {
            "receivers that lag behind may lose messages"
        }
        ("kafka", "topicConfiguration/cleanup.policy") => "a compacted topic keeps only the last message of each key",
        ("kafka", "groupId") => "another consumer group starts from its own offsets",
        ("kafka", "key") => "messages may be ordered by another key",
        _ => "whether others rely on it cannot be told",
    };
    let finding = match (was, is) {
        (Some(was), Some(is)) => {
            Difference::changed("BINDING_CHANGED", was, is, format!("{} changed: {hint}.", at.name()))
        }
        (Some(was), None) => Difference::removed("BINDING_CHANGED", was, format!("{} is gone: {hint}.", at.name())),
        (None, Some(is)) => Difference::added("BINDING_CHANGED", is, format!("{} is set now: {hint}.", at.name())),
        (None, None) => return,
    };
    into.unclassified(finding);
}
