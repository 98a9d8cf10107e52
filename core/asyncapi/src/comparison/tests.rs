//! What a change of a document means, told by small documents.

use std::fmt::Write as _;

use archwright_syntax::data::{Format, parse};

use super::*;
use crate::{NoDocuments, Opened};

/// Every change on a line: class, whom it breaks, kind, and the text it stands on.
fn changes(old: &str, new: &str, mode: Mode) -> String {
    let (old_tree, new_tree) = (parse(old, Format::Yaml), parse(new, Format::Yaml));
    assert!(old_tree.errors().is_empty() && new_tree.errors().is_empty());
    let found = compare(
        Version { number: 0, tree: &old_tree, documents: &NoDocuments },
        Version { number: 1, tree: &new_tree, documents: &NoDocuments },
        mode,
        Profile::Confluent,
    );
    let mut text = String::new();
    for DocumentChange { class, change, .. } in found {
        let Some(place) = change.new.or(change.old) else {
            let _ = writeln!(text, "{} [] {}: {}", class.name(), change.kind, change.message);
            continue;
        };
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
        .replace(
            "  cancelled:\n    address: orders.cancelled.v1\n    messages:\n      OrderCancelled: { name: \
            OrderCancelled }\n",
            "",
        )
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

/// The files beside a document.
struct Files(Vec<(&'static str, Tree)>);

impl Files {
    fn of(files: &[(&'static str, &str)]) -> Self {
        Self(files.iter().map(|it| (it.0, parse(it.1, Format::Yaml))).collect())
    }
}

impl Documents for Files {
    fn open(&self, reference: &str) -> Opened<'_> {
        let normal = reference.replace("schemas/../", "").replace("./", "");
        self.0.iter().find(|it| it.0 == normal).map_or(Opened::Missing, |it| Opened::Tree(&it.1))
    }
}

#[test]
fn references_into_other_files_are_followed() {
    let document = parse(
        "\
asyncapi: 3.0.0
channels: { $ref: channels.yaml }
components:
  messages:
    OrderPlaced:
      payload: { $ref: 'schemas/order.yaml#/definitions/Order' }
",
        Format::Yaml,
    );
    let channels = "placed: { address: orders, messages: { OrderPlaced: { $ref: \
        'asyncapi.yaml#/components/messages/OrderPlaced' } } }\n";
    let order = |ty: &str| {
        format!(
            "definitions:\n  Order:\n    $id: https://shop.example/order\n    type: object\n    properties:\n      id: \
            {{ type: {ty} }}\n      total: {{ $ref: '../money.yaml' }}\n      line: {{ $ref: '#/definitions/Line' \
            }}\n  Line: {{ properties: {{ count: {{ type: {ty} }} }} }}\n"
        )
    };
    let money = |ty: &str| format!("properties:\n  amount: {{ type: {ty} }}\n");
    let files = |ty: &str, address: &str| {
        Files::of(&[
            ("channels.yaml", &channels.replace("orders", address)),
            ("asyncapi.yaml", document.text()),
            ("schemas/order.yaml", &order(ty)),
            ("money.yaml", &money(ty)),
        ])
    };
    let changes = |old: &Files, new: &Files| -> Vec<String> {
        let version = |number, documents| Version { number, tree: &document, documents };
        let found = compare(version(0, old), version(1, new), Mode::Backward, Profile::Confluent);
        let told = found.iter().map(|it| {
            let file = it.new_file.as_deref().unwrap_or_default();
            format!("{file} {} {} {}", it.class.name(), it.change.kind, it.change.path)
        });
        told.collect()
    };
    let old = files("string", "orders");
    assert_eq!(changes(&old, &files("string", "orders")), [""; 0]);
    assert_eq!(
        changes(&old, &files("string", "orders.placed")),
        ["channels.yaml breaking CHANNEL_ADDRESS_CHANGED channels.yaml#/placed/address"]
    );
    let found = changes(&old, &files("integer", "orders"));
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found.iter().all(|it| it.contains("breaking TYPE_CHANGED")), "{found:#?}");
    let paths: Vec<_> = found.iter().filter_map(|it| it.rsplit(' ').next()).collect();
    assert_eq!(
        paths,
        [
            "schemas/../money.yaml#/properties/amount",
            "schemas/order.yaml#/definitions/Order/properties/id",
            "schemas/order.yaml#/definitions/Order/properties/line/properties/count",
        ]
    );
}

#[test]
fn schemas_are_compared_with_what_they_refer_to() {
    let schema = parse("type: object\nproperties:\n  total: { $ref: money.yaml }\n", Format::Yaml);
    let money = |ty: &str| Files::of(&[("money.yaml", &format!("type: {ty}\n"))]);
    let (old, new) = (money("string"), money("integer"));
    let version = |number, documents| Version { number, tree: &schema, documents };
    let compare = |new| {
        compare_schemas(version(0, &old), version(1, new), Language::JsonSchema, Mode::Full, Profile::Confluent)
            .unwrap()
    };
    let found = compare(&new);
    assert_eq!((found.len(), found[0].new_file.as_deref()), (1, Some("money.yaml")), "{found:#?}");
    assert!(compare(&old).is_empty());
}

#[test]
fn a_list_that_is_cut_off_says_how_many_are_missing() {
    let channels = |count: usize| {
        let mut text = "asyncapi: 3.0.0\nchannels:\n".to_owned();
        (0..count).for_each(|it| text += &format!("  c{it}: {{ address: a{it} }}\n"));
        text
    };
    let found = changes(&channels(2_500), &channels(1), Mode::Full);
    let kinds: Vec<_> = found.lines().filter(|it| it.contains("CHANNEL_REMOVED")).collect();
    assert_eq!(kinds.len(), 2_000);
    assert_eq!(found.lines().last(), Some("breaking [] MORE_CHANGES: 499 more changes are not listed."));
}

#[test]
fn messages_without_a_name_are_told_apart_by_what_they_say() {
    let of = |second: &str| {
        format!(
            "asyncapi: 2.6.0\nchannels:\n  a:\n    publish:\n      message: {{ oneOf: [{{ payload: {{ type: string }} \
            }}, {{ payload: {{ type: {second} }} }}] }}\n"
        )
    };
    let found = changes(&of("integer"), &of("boolean"), Mode::Backward);
    assert!(found.starts_with("breaking [backward] TYPE_CHANGED") && found.lines().count() == 1, "{found}");
    assert_eq!(changes(&of("integer"), &of("integer"), Mode::Full), "");
}

#[test]
fn what_was_converted_breaks_nobody() {
    let old = "\
asyncapi: 2.6.0
info: { title: Orders, version: 1.0.0 }
servers:
  main: { url: https://shop.example, protocol: https, security: [{ login: [read, write] }] }
channels:
  orders:
    publish:
      bindings: { http: { type: request, method: POST } }
      message: { oneOf: [{ payload: { type: string } }, { payload: { type: integer } }] }
components:
  securitySchemes:
    login: { type: oauth2, flows: {} }
";
    let new = crate::conversion::to_v3(old, Format::Yaml).unwrap().text;
    let found = changes(old, &new, Mode::Full);
    assert!(!found.lines().any(|it| it.starts_with("breaking")), "{found}\n{new}");
}

#[test]
fn schemes_that_are_not_here_and_settings_in_another_form_are_the_same() {
    let old = "\
asyncapi: 2.6.0
info: { title: Orders, version: 1.0.0 }
servers:
  main: { url: kafka.shop.example, protocol: kafka, security: [{ apiKey: [] }, { far: [] }] }
channels:
  orders:
    bindings: { amqp: { is: routingKey, exchange: { name: orders }, queue: { name: all, durable: true } } }
    publish:
      bindings: { kafka: { clientId: my-app-id, groupId: 7 } }
      message: { payload: { type: string } }
components:
  securitySchemes:
    far: { $ref: 'schemes.yaml#/far' }
";
    let new = crate::conversion::to_v3(old, Format::Yaml).unwrap().text;
    assert!(new.contains("x-queue") && new.contains("enum"), "{new}");
    assert_eq!(changes(old, &new, Mode::Full), "", "{new}");
    let other = new.replace("my-app-id", "another-id");
    assert!(changes(old, &other, Mode::Full).contains("BINDING_CHANGED"), "{other}");
}

#[test]
fn schemas_are_compared_with_those_that_they_name_by_id() {
    let of = |one: &str, two: &str| {
        format!(
            "asyncapi: 3.0.0
channels:
  a: {{ messages: {{ A: {{ payload: {{ $ref: '#/components/schemas/A' }} }} }} }}
  b: {{ messages: {{ B: {{ payload: {{ $ref: '#/components/schemas/B' }} }} }} }}
components:
  schemas:
    A:
      $id: https://shop.example/a
      properties: {{ x: {{ $ref: '#/$defs/x' }} }}
      $defs: {{ x: {{ type: {one} }} }}
    B:
      $id: https://shop.example/b
      properties: {{ x: {{ $ref: '#/$defs/x' }}, y: {{ $ref: a }} }}
      $defs: {{ x: {{ type: {two} }} }}
"
        )
    };
    assert_eq!(changes(&of("string", "integer"), &of("string", "integer"), Mode::Full), "");
    let found = changes(&of("string", "integer"), &of("string", "boolean"), Mode::Full);
    assert!(found.lines().count() == 1 && found.contains("TYPE_CHANGED"), "{found}");
    // The other schema uses it as well.
    let found = changes(&of("string", "integer"), &of("boolean", "integer"), Mode::Full);
    assert!(found.lines().count() == 2 && found.contains("TYPE_CHANGED"), "{found}");
}
