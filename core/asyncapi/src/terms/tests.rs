//! Documents of both majors with their promises, then broken ones.

use std::fmt::Write as _;

use archwright_syntax::data::{Format, parse};
use proptest::prelude::*;

use super::*;

/// The promises in a few readable lines.
fn show(text: &str) -> String {
    let terms = terms(&parse(text, Format::Yaml));
    let opt = |it: &Option<Spanned>| it.as_ref().map_or("-".to_owned(), |it| it.text.to_string());
    let list = |it: &[Spanned]| it.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(", ");
    let fields = |it: &Fields| {
        let names = it.properties.iter().map(|it| match &it.constant {
            Some(value) => format!("{}={}", it.path, value.text),
            None => format!("{}:{}{}", it.path, it.ty, if it.classified { "!" } else { "" }),
        });
        format!("{} [{}] {:?}", opt(&it.title), names.collect::<Vec<_>>().join(" "), it.known)
    };
    let mut out = format!("owner {}, contact {}\n", opt(&terms.owner), opt(&terms.contact));
    for it in &terms.channels {
        let retention: Vec<_> = it.retention.iter().map(|it| format!("{} {:?}", it.value.text, it.unit)).collect();
        let _ = writeln!(
            out,
            "channel {} at {}, loses {:?}, topic {}, owner {}, key {}, kept [{}], compacted {}, partitions {}, dlq \
            [{}], mode {}, messages {:?}",
            it.key.text,
            opt(&it.address),
            it.losses.iter().map(|it| it.kind).collect::<Vec<_>>(),
            opt(&it.topic),
            opt(&it.owner),
            opt(&it.ordering_key),
            retention.join(", "),
            opt(&it.compacted),
            opt(&it.partitions),
            list(&it.dlq),
            opt(&it.compatibility),
            it.messages
        );
    }
    for it in &terms.messages {
        let _ = writeln!(
            out,
            "message {} ({}) as {}, key {} [{}], mode {}, file {}",
            it.name.text,
            list(&it.names),
            opt(&it.content_type),
            opt(&it.ordering_key),
            list(&it.key_fields),
            opt(&it.compatibility),
            opt(&it.payload_file)
        );
        let _ = writeln!(out, "  headers {}\n  payload {}", fields(&it.headers), fields(&it.payload));
    }
    out
}

const KAFKA: &str = "\
asyncapi: 3.0.0
info: { title: Orders, x-owner: team-orders, contact: { name: Order desk } }
defaultContentType: application/json
channels:
  placed:
    address: orders.placed.v1
    x-ordering-key: order_id
    x-compatibility: FULL
    bindings: { $ref: '#/components/channelBindings/week' }
    messages:
      OrderPlaced: { $ref: '#/components/messages/OrderPlaced' }
      held:
        name: OrderHeld
        bindings: { kafka: { key: { properties: { tenant: {}, order_id: {} } } } }
        payload: { schemaFormat: application/vnd.apache.avro;version=1.9.0, schema: { type: record, name: OrderHeld, fields: [{ name: order_id, type: string }, { name: line, type: { type: record } }] } }
  log:
    address: orders.log.v1
    bindings: { kafka: { topic: orders-log, topicConfiguration: { cleanup.policy: [compact], retention.ms: 1 } } }
    messages:
      again: { $ref: '#/components/messages/OrderPlaced' }
operations:
  sendLog:
    action: send
    channel: { $ref: '#/channels/log' }
    bindings: { mqtt: { qos: 0 }, amqp: { ack: false, deliveryMode: 2 }, solace: { destinations: [{ deliveryMode: direct }] } }
components:
  channelBindings:
    week: { kafka: { partitions: 12, replicas: 1, topicConfiguration: { cleanup.policy: [compact, delete], retention.ms: 604800000 } } }
  messages:
    OrderPlaced:
      contentType: application/cloudevents+json
      headers: { $ref: '#/components/schemas/Headers' }
      traits: [{ headers: { properties: { traceparent: {} } } }]
      bindings: { kafka: { key: { $ref: '#/components/schemas/Order/properties/order_id' } } }
      payload: { $ref: '#/components/schemas/Order' }
  schemas:
    Headers: { allOf: [{ properties: { type: { const: shop.orders.placed.v1 } } }] }
    Order:
      title: OrderPlaced
      properties:
        order_id: { enum: [one] }
        lines: { items: { properties: { sku: { type: [string, 'null'] } } } }
        buyer: { x-pii: true, properties: { name: { type: string } } }
        data: { $ref: other.json }
";

#[test]
fn a_document_of_version_3_on_kafka() {
    insta::assert_snapshot!(show(KAFKA));
}

#[test]
fn a_document_of_version_2_on_queues() {
    let text = "\
asyncapi: 2.6.0
info: { title: Mail }
channels:
  mail-sent:
    x-owner: team-mail
    x-retention: 4 days
    bindings:
      sqs:
        queue: { name: mail-sent, messageRetentionPeriod: 345600, redrivePolicy: { deadLetterQueue: { name: mail-sent-dlq } } }
        deadLetterQueue: { name: unused }
      googlepubsub: { messageRetentionDuration: 86400s }
      pulsar: { retention: { time: 60, size: 10 } }
    publish:
      message:
        oneOf:
          - { name: MailSent, payload: { $ref: mail.json } }
          - { messageId: mailRead }
          - { payload: {} }
          - { $ref: '#/components/messages/MailBounced' }
    subscribe:
      message: { $ref: '#/components/messages/MailBounced' }
components:
  messages:
    MailBounced:
      schemaFormat: application/vnd.google.protobuf;version=3
      payload: 'message MailBounced {}'
";
    insta::assert_snapshot!(show(text));
}

#[test]
fn schemas_that_contain_themselves_come_to_an_end() {
    let text = "\
asyncapi: 3.0.0
channels:
  a:
    messages:
      m: { payload: { $ref: '#/components/schemas/Tree' } }
components:
  schemas:
    Tree:
      allOf: [{ $ref: '#/components/schemas/Tree' }, { $ref: '#/components/schemas/Tree' }]
      properties: { left: { $ref: '#/components/schemas/Tree' }, right: { $ref: '#/components/schemas/Tree' } }
";
    let terms = terms(&parse(text, Format::Yaml));
    let payload = &terms.messages[0].payload;
    let paths: Vec<&str> = payload.properties.iter().map(|it| it.path.as_str()).collect();
    assert_eq!((paths.as_slice(), payload.known, payload.is_cut), (&["left", "right"][..], Known::FirstLevel, false));
}

proptest! {
    #[test]
    fn broken_documents_have_terms_too(cut in 0..KAFKA.len(), insert in "[\\PC\n]{0,8}") {
        let text = format!("{}{insert}{}", &KAFKA[..cut], &KAFKA[cut..]);
        let _ = show(&text);
    }
}

#[test]
fn of_a_schema_with_very_many_fields_it_is_not_known_what_it_has() {
    for (count, known) in [(5_000, Known::All), (5_001, Known::Some)] {
        let fields = (0..count).map(|it| format!("          f{it}: {{}}\n")).collect::<Vec<_>>().concat();
        let text = format!(
            "asyncapi: 3.0.0\nchannels:\n  c:\n   messages:\n    m:\n      payload:\n        properties:\n{fields}"
        );
        let terms = terms(&parse(text, Format::Yaml));
        let payload = &terms.messages[0].payload;
        assert_eq!((payload.known, payload.is_cut), (known, known == Known::Some), "{count}");
    }
}

#[test]
fn fields_that_nest_too_deep_are_told_to_be_left_out() {
    for (depth, is_cut) in [(24, false), (25, true)] {
        let text = format!(
            "asyncapi: 3.0.0\nchannels: {{ c: {{ messages: {{ m: {{ payload: {}{}{} }} }} }} }}",
            "{ properties: { a: ".repeat(depth),
            "{ properties: { b: {} } }",
            "} }".repeat(depth),
        );
        let terms = terms(&parse(text, Format::Yaml));
        assert_eq!(terms.messages[0].payload.is_cut, is_cut, "{depth}");
    }
}

#[test]
fn very_many_messages_are_all_read() {
    let messages = (0..12_000).map(|at| format!("      m{at}: {{}}\n")).collect::<Vec<_>>().concat();
    let text = format!("asyncapi: 3.0.0\nchannels:\n  c:\n    messages:\n{messages}");
    assert_eq!(terms(&parse(text, Format::Yaml)).messages.len(), 12_000);
}
