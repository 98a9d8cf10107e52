//! What a change of a document means, told by small documents.

use std::fmt::Write as _;

use archwright_syntax::data::{Format, parse};

use super::*;

/// Every change on a line: class, whom it breaks, kind, and the text it stands on.
fn changes(old: &str, new: &str, mode: Mode) -> String {
    let (old_tree, new_tree) = (parse(old, Format::Yaml), parse(new, Format::Yaml));
    assert!(old_tree.errors().is_empty() && new_tree.errors().is_empty());
    let found = compare(
        Version { number: 0, tree: &old_tree },
        Version { number: 1, tree: &new_tree },
        mode,
        Profile::Confluent,
    );
    let mut text = String::new();
    for DocumentChange { class, change } in found {
        let place = change.new.or(change.old).unwrap();
        let source = place.span.of(if change.new.is_some() { new } else { old });
        let sides: Vec<_> = change.breaks.iter().map(|it| it.name()).collect();
        let _ = writeln!(text, "{} [{}] {} {}: {source}", class.name(), sides.join(" "), change.kind, change.path);
    }
    text
}

const ORDERS: &str = "\
asyncapi: 3.0.0
info: { title: Orders, version: 1.0.0 }
servers:
  main: { host: kafka.shop.example, protocol: kafka }
channels:
  placed:
    address: orders.placed.v1
    bindings: { kafka: { topic: orders.placed.v1, partitions: 12 } }
    messages:
      OrderPlaced: { $ref: '#/components/messages/OrderPlaced' }
  cancelled:
    address: orders.cancelled.v1
    messages:
      OrderCancelled: { name: OrderCancelled }
operations:
  sendPlaced: { action: send, channel: { $ref: '#/channels/placed' } }
  onCancelled: { action: receive, channel: { $ref: '#/channels/cancelled' } }
components:
  messages:
    OrderPlaced:
      contentType: application/json
      correlationId: { location: $message.header#/correlationId }
      headers: { type: object }
  securitySchemes:
    sasl: { type: scramSha256 }
";

#[test]
fn the_same_document_has_no_changes() {
    assert_eq!(changes(ORDERS, ORDERS, Mode::Full), "");
}

#[test]
fn what_only_people_read_is_no_change() {
    let new = ORDERS.replace("version: 1.0.0", "version: 1.0.1, description: All about orders");
    assert_eq!(changes(ORDERS, &new, Mode::Full), "");
}

#[test]
fn a_channel_that_goes_breaks_and_one_that_comes_does_not() {
    let without = ORDERS
        .replace("  cancelled:\n    address: orders.cancelled.v1\n    messages:\n      OrderCancelled: { name: OrderCancelled }\n", "")
        .replace("  onCancelled: { action: receive, channel: { $ref: '#/channels/cancelled' } }\n", "");
    assert_eq!(
        changes(ORDERS, &without, Mode::Full),
        "breaking [backward forward] CHANNEL_REMOVED /channels/cancelled: cancelled\n"
    );
    assert_eq!(
        changes(&without, ORDERS, Mode::Full),
        "non-breaking [] CHANNEL_ADDED /channels/cancelled: cancelled\n\
         non-breaking [] OPERATION_ADDED /operations/onCancelled: onCancelled\n"
    );
    assert_eq!(
        changes(ORDERS, &without, Mode::Forward),
        "breaking [forward] CHANNEL_REMOVED /channels/cancelled: cancelled\n"
    );
    assert_eq!(
        changes(ORDERS, &without, Mode::None),
        "non-breaking [] CHANNEL_REMOVED /channels/cancelled: cancelled\n"
    );
}

#[test]
fn another_key_with_the_same_address_is_the_same_channel() {
    let new =
        ORDERS.replace("  cancelled:", "  orderCancelled:").replace("channels/cancelled", "channels/orderCancelled");
    let renamed = "non-breaking [] CHANNEL_RENAMED /channels/orderCancelled: orderCancelled\n";
    assert_eq!(changes(ORDERS, &new, Mode::Full), renamed);
}

#[test]
fn what_others_rely_on_must_stay() {
    for (from, to, expected) in [
        (
            "address: orders.placed.v1",
            "address: orders.placed.v2",
            "CHANNEL_ADDRESS_CHANGED /channels/placed/address: orders.placed.v2",
        ),
        (
            "topic: orders.placed.v1",
            "topic: orders.placed",
            "BINDING_CHANGED /channels/placed/bindings/kafka/topic: orders.placed",
        ),
        (
            "host: kafka.shop.example",
            "host: kafka2.shop.example",
            "SERVER_ADDRESS_CHANGED /servers/main/host: kafka2.shop.example",
        ),
        ("protocol: kafka }", "protocol: amqp }", "SERVER_PROTOCOL_CHANGED /servers/main/protocol: amqp"),
        ("action: send", "action: receive", "OPERATION_ACTION_CHANGED /operations/sendPlaced/action: receive"),
        (
            "application/json",
            "application/avro",
            "CONTENT_TYPE_CHANGED /components/messages/OrderPlaced/contentType: application/avro",
        ),
        (
            "#/correlationId",
            "#/id",
            "CORRELATION_ID_CHANGED /components/messages/OrderPlaced/correlationId/location: $message.header#/id",
        ),
        (
            "protocol: kafka }",
            "protocol: kafka, security: [{ $ref: '#/components/securitySchemes/sasl' }] }",
            "SECURITY_ADDED /servers/main/security: security",
        ),
        ("type: scramSha256", "type: plain", "SECURITY_SCHEME_CHANGED /components/securitySchemes/sasl/type: plain"),
    ] {
        let new = ORDERS.replace(from, to);
        assert_ne!(new, ORDERS, "{from}");
        assert_eq!(changes(ORDERS, &new, Mode::Full), format!("breaking [backward forward] {expected}\n"));
    }
}

#[test]
fn what_a_document_cannot_tell_is_left_to_people() {
    let new = ORDERS.replace("partitions: 12", "partitions: 24");
    assert_eq!(
        changes(ORDERS, &new, Mode::Full),
        "unclassified [] BINDING_CHANGED /channels/placed/bindings/kafka/partitions: 24\n"
    );
}

#[test]
fn messages_that_come_break_old_readers_and_those_that_go_new_ones() {
    let both = ORDERS.replace(
        "      OrderCancelled: { name: OrderCancelled }",
        "      OrderCancelled: { name: OrderCancelled }\n      OrderRefused: { name: OrderRefused }",
    );
    let added = "breaking [forward] MESSAGE_ADDED /channels/cancelled/messages/OrderRefused: OrderRefused\n";
    assert_eq!(changes(ORDERS, &both, Mode::Full), added);
    let removed = "breaking [backward] MESSAGE_REMOVED /channels/cancelled/messages/OrderRefused: OrderRefused\n";
    assert_eq!(changes(&both, ORDERS, Mode::Full), removed);
}

#[test]
fn a_document_that_moved_to_the_next_major_is_compared_by_addresses() {
    let old = "\
asyncapi: 2.6.0
info: { title: Orders, version: 1.0.0 }
channels:
  orders.placed.v1:
    subscribe: { message: { name: OrderPlaced, contentType: application/json } }
  orders.dropped.v1:
    publish: { message: { name: OrderDropped } }
";
    let new = "\
asyncapi: 3.0.0
info: { title: Orders, version: 2.0.0 }
channels:
  placed:
    address: orders.placed.v1
    messages: { OrderPlaced: { name: OrderPlaced, contentType: application/json } }
operations:
  send: { action: send, channel: { $ref: '#/channels/placed' } }
";
    assert_eq!(
        changes(old, new, Mode::Full),
        "breaking [backward forward] CHANNEL_REMOVED /channels/orders.dropped.v1: orders.dropped.v1\n"
    );
}

#[test]
fn an_operation_that_goes_breaks_the_other_side() {
    let new = ORDERS.replace("  sendPlaced: { action: send, channel: { $ref: '#/channels/placed' } }\n", "");
    assert_eq!(
        changes(ORDERS, &new, Mode::Full),
        "breaking [forward] OPERATION_REMOVED /operations/sendPlaced: sendPlaced\n"
    );
}
