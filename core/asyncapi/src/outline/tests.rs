//! Whole documents as people write them, then broken ones.

use std::fmt::Write as _;

use archwright_syntax::data::{Format, parse};
use proptest::prelude::*;

use super::*;

/// The outline in a few readable lines, each text followed by the source it stands on if that differs.
fn show(text: &str) -> String {
    let tree = parse(text, Format::Yaml);
    let Some(outline) = outline(&tree) else { return "no outline".into() };
    let at = |it: &Spanned| match it.span.of(text) {
        source if source == it.text => source.to_owned(),
        source => format!("{} (at `{source}`)", it.text),
    };
    let opt = |it: &Option<Spanned>| it.as_ref().map_or("-".into(), at);
    let list = |it: &[Spanned]| it.iter().map(at).collect::<Vec<_>>().join(", ");
    let mut out = format!("version {}\n", at(&outline.version));
    for it in &outline.channels {
        let _ =
            writeln!(out, "channel {}: address {}, messages [{}]", at(&it.key), opt(&it.address), list(&it.messages));
    }
    for it in &outline.operations {
        let _ = writeln!(out, "operation {}: {:?} on {}", at(&it.key), it.action, opt(&it.channel));
    }
    for it in &outline.messages {
        let (name, payload, content) = (opt(&it.name), opt(&it.payload_ref), opt(&it.content_type));
        let _ = writeln!(out, "message {}: name {name}, payload {payload}, {content}", at(&it.key));
    }
    for it in &outline.references {
        let _ = writeln!(out, "reference {} is {:?}", at(&it.target), it.kind);
    }
    out
}

#[test]
fn a_document_of_version_3() {
    let text = "\
asyncapi: 3.0.0
channels:
  orderPlaced:
    address: orders.placed.v1
    messages:
      OrderPlaced: { $ref: '#/components/messages/OrderPlaced' }
      OrderHeld:
        payload: { schemaFormat: application/vnd.apache.avro;version=1.9.0, schema: { $ref: ./held.avsc } }
  shared: { $ref: '#/components/channels/shared' }
  unaddressed: { address: null }
operations:
  sendOrderPlaced:
    action: send
    channel: { $ref: \"#/channels/orderPlaced\" }
  receiveShared:
    action: receive
    channel: { $ref: '#/channels/shared' }
  half:
    channel: { $ref: '#/channels/gone' }
components:
  channels:
    shared: { address: shared.v1 }
  messages:
    OrderPlaced:
      name: Order placed
      payload: { $ref: ../schemas/order.json }
      headers: { allOf: [{ $ref: '#/components/schemas/Headers' }, { properties: { tenant: {} } }] }
      traits:
        - { $ref: '#/components/messageTraits/cloudEvents' }
  messageTraits:
    cloudEvents:
      contentType: application/json
      headers: { properties: { ce_id: {}, ce_type: {} } }
  schemas:
    Headers: { properties: { ce_id: {}, traceparent: {} } }
";
    insta::assert_snapshot!(show(text), @"
    version 3.0.0
    channel orderPlaced: address orders.placed.v1, messages [OrderPlaced, OrderHeld]
    channel shared: address shared.v1, messages []
    channel unaddressed: address -, messages []
    operation sendOrderPlaced: Some(Send) on orderPlaced (at `#/channels/orderPlaced`)
    operation receiveShared: Some(Receive) on shared (at `#/channels/shared`)
    operation half: None on -
    message OrderPlaced: name Order placed, payload ../schemas/order.json, application/json
    message OrderHeld: name -, payload ./held.avsc, -
    reference #/components/messages/OrderPlaced is Local
    reference ./held.avsc is File
    reference #/components/channels/shared is Local
    reference #/channels/orderPlaced is Local
    reference #/channels/shared is Local
    reference #/channels/gone is Local
    reference ../schemas/order.json is File
    reference #/components/schemas/Headers is Local
    reference #/components/messageTraits/cloudEvents is Local
    ");
}

#[test]
fn a_document_of_version_2_turns_its_verbs_around() {
    let text = r##"{
  "asyncapi": "2.6.0",
  "channels": {
    "orders.placed.v1": {
      "subscribe": { "operationId": "sendOrder", "message": { "$ref": "#/components/messages/OrderPlaced" } },
      "publish": { "message": { "oneOf": [
        { "messageId": "hold", "payload": { "$ref": "hold.json" } },
        { "$ref": "common.yaml#/messages/Release" }
      ] } }
    }
  },
  "components": { "messages": { "OrderPlaced": { "contentType": "application/json" } } }
}"##;
    insta::assert_snapshot!(show(text), @"
    version 2.6.0
    channel orders.placed.v1: address orders.placed.v1, messages [OrderPlaced (at `#/components/messages/OrderPlaced`), hold, Release (at `common.yaml#/messages/Release`)]
    operation sendOrder: Some(Send) on orders.placed.v1
    operation publish: Some(Receive) on orders.placed.v1
    message OrderPlaced: name -, payload -, application/json
    message hold: name -, payload hold.json, -
    message Release (at `common.yaml#/messages/Release`): name -, payload -, -
    reference #/components/messages/OrderPlaced is Local
    reference hold.json is File
    reference common.yaml#/messages/Release is File
    ");
}

#[test]
fn other_documents_have_no_outline() {
    for text in ["", "openapi: 3.0.0", "- asyncapi: 3.0.0", "info: {}"] {
        assert_eq!(show(text), "no outline", "{text}");
    }
    for text in ["asyncapi:", "asyncapi: [3]", "info: {}\nchannels: {}"] {
        assert_eq!(show(text), "version \n", "{text}");
    }
}

#[test]
fn many_messages_are_all_there() {
    let messages = (0..12_000).map(|at| format!("    m{at}: {{}}\n")).collect::<Vec<_>>().concat();
    let tree = parse(format!("asyncapi: 3.0.0\ncomponents:\n  messages:\n{messages}"), Format::Yaml);
    assert_eq!(outline(&tree).unwrap().messages.len(), 12_000);
}

proptest! {
    #[test]
    fn half_a_document_still_has_an_outline(cut in 0usize..1500, insert in "[\\PC\n]{0,6}") {
        let text = include_str!("fixture.yaml");
        let mut cut = cut.min(text.len());
        while !text.is_char_boundary(cut) { cut -= 1; }
        let text = format!("{}{insert}{}", &text[..cut], if insert.len() % 2 == 0 { "" } else { &text[cut..] });
        let tree = parse(text.as_str(), Format::Yaml);
        if let Some(outline) = outline(&tree) {
            for it in outline.references.iter().map(|it| &it.target).chain(outline.channels.iter().map(|it| &it.key)) {
                prop_assert!(text.get(it.span.range()).is_some());
            }
        }
        crate::dangling_references(&tree);
        crate::is_asyncapi(&text);
    }
}
