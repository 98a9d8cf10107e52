//! The next version of a channel in a small workspace and in the sample.

use std::path::PathBuf;

use archwright_engine::{OpenOptions, Root};
use archwright_model::RelPath;
use archwright_writer as writer;

use super::{NextVersionError, next_version};
use crate::fixture::Fixture;

const SHOP: &str = r#"//- /docs/features/checkout/README.md
# checkout

## Artifacts

- **Contracts**: [orders.placed.v1](contracts/orders.placed.v1.md), [orders.placed.v10](contracts/orders.placed.v10.md)

## Channels owned

- orders.placed.v1: produced. See [contract](contracts/orders.placed.v1.md).
//- /docs/features/checkout/design.md
# Design: Checkout

## Boundary contracts

| Channel | Ordering key |
| --- | --- |
| `orders.placed.v1` | `id` |
//- /docs/features/billing/README.md
# billing

## Service info

- **Owner team**: team-money

## Channels owned

- orders.placed.v1: consumed
//- /docs/features/checkout/contracts/orders.placed.v1.md
# Contract: orders.placed.v1

## Summary

- **Status**: Active
- **Date**: 2026-01-31
- **Channel**: `orders.placed.v1`

## Producer and consumers

- **Consumers**: payment (team-pay), [warehouse](https://warehouse.example)

## DLQ and replay

- **DLQ**: `orders.placed.v1.dlq`, [triage](../runbooks/orders.placed.v1.md)

## Related artifacts

- [Schema](../schemas/orders.placed.v1.json)
//- base/docs/features/checkout/schemas/orders.placed.v1.json
{ "$id": "orders.placed.v1.json", "properties": { "id": { "type": "string" } } }
//- /docs/features/checkout/schemas/orders.placed.v1.json
{ "$id": "orders.placed.v1.json", "properties": { "id": { "type": "integer" } } }
//- /docs/features/checkout/asyncapi/orders.placed.v1.yaml
asyncapi: 3.0.0
info: { title: Orders, version: 1.0.0 }
channels:
  placed: { address: orders.placed.v1 }
"#;

#[test]
fn the_next_version_stands_beside_the_old_one() {
    let fixture = Fixture::new(SHOP);
    let workspace = fixture.open();
    let plan = next_version(&workspace, "orders.placed.v1", Some("2026-03-01")).unwrap();
    writer::apply(fixture.folder.path(), &plan.edit).unwrap();
    let read = |path: &str| fixture.read(&RelPath::new(&format!("docs/features/checkout/{path}")));
    insta::assert_snapshot!(read("contracts/orders.placed.v1.md"), @"
    # Contract: orders.placed.v1

    ## Summary

    - **Status**: Deprecating
    - **Sunset**: [TBD: on which date is `orders.placed.v1` switched off?]
    - **Date**: 2026-01-31
    - **Channel**: `orders.placed.v1`

    ## Producer and consumers

    - **Consumers**: payment (team-pay), [warehouse](https://warehouse.example)

    ## DLQ and replay

    - **DLQ**: `orders.placed.v1.dlq`, [triage](../runbooks/orders.placed.v1.md)

    ## Migration to orders.placed.v2

    Both channels carry every message until each consumer reads [orders.placed.v2](orders.placed.v2.md) or has signed off.

    | Consumer | Owner | Reads `orders.placed.v2` since | Signed off |
    | --- | --- | --- | --- |
    | payment | team-pay | [TBD: date] | [TBD: who and when] |
    | warehouse | [TBD: owner] | [TBD: date] | [TBD: who and when] |
    | billing | team-money | [TBD: date] | [TBD: who and when] |

    ## Related artifacts

    - [Schema](../schemas/orders.placed.v1.json)
    ");
    insta::assert_snapshot!(read("contracts/orders.placed.v2.md"), @"
    # Contract: orders.placed.v2

    ## Summary

    - **Status**: Draft
    - **Date**: 2026-03-01
    - **Channel**: `orders.placed.v2`
    - **Replaces**: [orders.placed.v1](orders.placed.v1.md)

    ## Producer and consumers

    - **Consumers**: payment (team-pay), [warehouse](https://warehouse.example)

    ## DLQ and replay

    - **DLQ**: `orders.placed.v2.dlq`, [triage](../runbooks/orders.placed.v1.md)

    ## Related artifacts

    - [Schema](../schemas/orders.placed.v2.json)
    ");
    insta::assert_snapshot!(read("README.md"), @"
    # checkout

    ## Artifacts

    - **Contracts**: [orders.placed.v1](contracts/orders.placed.v1.md), [orders.placed.v2](contracts/orders.placed.v2.md), [orders.placed.v10](contracts/orders.placed.v10.md)

    ## Channels owned

    - orders.placed.v1: produced. See [contract](contracts/orders.placed.v1.md).
    - orders.placed.v2: produced. See [contract](contracts/orders.placed.v2.md).
    ");
    assert!(read("design.md").ends_with("| `orders.placed.v1` | `id` |\n| `orders.placed.v2` | `id` |\n"));
    assert!(read("schemas/orders.placed.v1.json").contains("\"string\""));
    let schema = read("schemas/orders.placed.v2.json");
    assert!(schema.contains("\"integer\"") && schema.contains("orders.placed.v2.json"));
    assert!(read("asyncapi/orders.placed.v2.yaml").contains("address: orders.placed.v2 }"));
}

#[test]
fn every_component_that_leads_to_something_new_is_copied() {
    const MANY: usize = 3_000;
    let (_, document) = SHOP.rsplit_once("asyncapi: 3.0.0").unwrap();
    let mut components = String::from("  other: { address: orders.moved.v1 }\ncomponents:\n  messages:\n");
    components += "    placed: { payload: { $ref: '#/components/schemas/s0/properties/next' } }\n";
    components += "    moved: { payload: { type: object } }\n  schemas:\n";
    for at in 0..MANY {
        let next = at + 1;
        components += &format!("    s{at}: {{ properties: {{ next: {{ $ref: '#/components/schemas/s{next}' }} }} }}\n");
    }
    components += &format!("    s{MANY}: {{ description: Of orders.placed.v1. }}\n");
    let channel = "{ address: orders.placed.v1, messages: { placed: { $ref: '#/components/messages/placed' } } }";
    let changed = document.replace("{ address: orders.placed.v1 }", channel) + &components;
    let fixture =
        Fixture::new(&SHOP.replace(document, &changed).replace("asyncapi/orders.placed.v1.yaml", "asyncapi/shop.yaml"));
    let plan = next_version(&fixture.open(), "orders.placed.v1", Some("2026-03-01")).unwrap();
    writer::apply(fixture.folder.path(), &plan.edit).unwrap();
    let text = fixture.read(&RelPath::new("docs/features/checkout/asyncapi/shop.yaml"));
    let count = |what: &str| text.matches(what).count();
    assert_eq!(count("V2: { properties:"), MANY);
    assert_eq!(count("#/components/schemas/s0V2/properties/next"), 1);
    assert_eq!((count("movedV2"), count("Of orders.placed.v2.")), (0, 1));
}

#[test]
fn a_channel_that_cannot_have_a_next_version_is_named() {
    let workspace = Fixture::new(SHOP).open();
    let error = |channel: &str| next_version(&workspace, channel, None).unwrap_err();
    assert_eq!(error("orders.lost.v1"), NextVersionError::UnknownChannel("orders.lost.v1".to_owned()));
    assert_eq!(error("orders"), NextVersionError::NoVersion("orders".to_owned()));
    let both = format!("{SHOP}//- /docs/features/checkout/schemas/orders.placed.v2.json\n{{}}\n");
    let error = next_version(&Fixture::new(&both).open(), "orders.placed.v1", None).unwrap_err();
    assert_eq!(error, NextVersionError::Exists("orders.placed.v2".to_owned()));
}

#[test]
fn the_clean_sample_stays_clean() {
    let sample = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/workspaces/shop");
    let mut workspace = crate::open(OpenOptions::batch(Root::Folder(sample)), &|_| {}).unwrap();
    for channel in ["orders.placed.v1", "orders.cancelled.v1", "payments.captured.v1"] {
        let plan = next_version(&workspace, channel, None).unwrap();
        assert_eq!(plan.edit.creates.len(), 3);
        let found = workspace.what_if(&plan.edit, |after| {
            let of = |it| {
                // What nobody knows yet is asked.
                after
                    .findings(it)
                    .iter()
                    .filter(|it| !it.rule.asks)
                    .map(move |found| format!("{} {}: {}", after.path(it), found.rule.code, found.message))
            };
            after.files().flat_map(of).collect::<Vec<_>>()
        });
        assert_eq!(found.unwrap(), [""; 0], "{channel}");
    }
}

const SEVERAL: &str = r#"//- base/docs/features/shop/schemas/orders.placed.v1.proto
syntax = "proto3";
package shop.orders.v1;
option java_package = "com.shop.orders.v1";
option csharp_namespace = "Shop.Orders.V1";
message OrderPlaced { int64 total = 1; shop.orders.v1.Line line = 2; }
message Line { string v1 = 1; }
//- /docs/features/shop/schemas/orders.placed.v1.proto
syntax = "proto3";
package shop.orders.v1;
option java_package = "com.shop.orders.v1";
option csharp_namespace = "Shop.Orders.V1";
message OrderPlaced { string total = 1; shop.orders.v1.Line line = 2; }
message Line { string v1 = 1; }
//- /docs/features/shop/asyncapi/shop.yaml
asyncapi: 3.0.0
info: { title: Shop, version: 1.2.0 }
channels:
  orderPlaced:
    address: orders.placed.v1   # kept
    messages:
      OrderPlaced: { $ref: '#/components/messages/OrderPlaced' }
  orderCancelled:
    address: orders.cancelled.v1
    messages:
      OrderCancelled: { payload: { $ref: '#/components/schemas/Reason' } }
operations:
  sendPlaced:
    action: send
    channel: { $ref: '#/channels/orderPlaced' }
    messages:
      - $ref: '#/channels/orderPlaced/messages/OrderPlaced'
  sendCancelled: { action: send, channel: { $ref: '#/channels/orderCancelled' } }
components:
  messages:
    OrderPlaced:
      headers: { $ref: '#/components/schemas/Reason' }
      payload: { $ref: '#/components/schemas/Placed' }
  schemas:
    Placed:
      schemaFormat: application/vnd.google.protobuf;version=3
      schema: { $ref: ../schemas/orders.placed.v1.proto }
    Reason: { type: object }
"#;

#[test]
fn a_document_of_several_channels_gets_a_copy_of_the_channel_and_of_what_leads_to_it() {
    let fixture = Fixture::new(SEVERAL);
    let workspace = fixture.open();
    let plan = next_version(&workspace, "orders.placed.v1", Some("2026-03-01")).unwrap();
    writer::apply(fixture.folder.path(), &plan.edit).unwrap();
    let read = |path: &str| fixture.read(&RelPath::new(&format!("docs/features/shop/{path}")));
    insta::assert_snapshot!(read("asyncapi/shop.yaml"), @"
    asyncapi: 3.0.0
    info: { title: Shop, version: 1.2.0 }
    channels:
      orderPlaced:
        address: orders.placed.v1   # kept
        messages:
          OrderPlaced: { $ref: '#/components/messages/OrderPlaced' }
      orderPlacedV2:
        address: orders.placed.v2   # kept
        messages:
          OrderPlaced: { $ref: '#/components/messages/OrderPlacedV2' }
      orderCancelled:
        address: orders.cancelled.v1
        messages:
          OrderCancelled: { payload: { $ref: '#/components/schemas/Reason' } }
    operations:
      sendPlaced:
        action: send
        channel: { $ref: '#/channels/orderPlaced' }
        messages:
          - $ref: '#/channels/orderPlaced/messages/OrderPlaced'
      sendPlacedV2:
        action: send
        channel: { $ref: '#/channels/orderPlacedV2' }
        messages:
          - $ref: '#/channels/orderPlacedV2/messages/OrderPlaced'
      sendCancelled: { action: send, channel: { $ref: '#/channels/orderCancelled' } }
    components:
      messages:
        OrderPlaced:
          headers: { $ref: '#/components/schemas/Reason' }
          payload: { $ref: '#/components/schemas/Placed' }
        OrderPlacedV2:
          headers: { $ref: '#/components/schemas/Reason' }
          payload: { $ref: '#/components/schemas/PlacedV2' }
      schemas:
        Placed:
          schemaFormat: application/vnd.google.protobuf;version=3
          schema: { $ref: ../schemas/orders.placed.v1.proto }
        PlacedV2:
          schemaFormat: application/vnd.google.protobuf;version=3
          schema: { $ref: ../schemas/orders.placed.v2.proto }
        Reason: { type: object }
    ");
    // Both files are compiled together, so their names must not clash; fields keep theirs.
    insta::assert_snapshot!(read("schemas/orders.placed.v2.proto"), @r#"
    syntax = "proto3";
    package shop.orders.v2;
    option java_package = "com.shop.orders.v2";
    option csharp_namespace = "Shop.Orders.V2";
    message OrderPlaced { string total = 1; shop.orders.v2.Line line = 2; }
    message Line { string v1 = 1; }
    "#);
    assert!(read("schemas/orders.placed.v1.proto").contains("int64 total"));
}

#[test]
fn a_document_of_version_2_or_in_json_gets_a_copy_as_well() {
    let schema = "//- /docs/features/shop/schemas/orders.placed.v1.avsc\n\
        {\"type\": \"record\", \"name\": \"P\", \"namespace\": \"shop.v1\", \"fields\": []}\n";
    let document = "//- /docs/features/shop/asyncapi/shop.json\n\
        {\n  \"asyncapi\": \"2.6.0\",\n  \"info\": {\"title\": \"Shop\", \"version\": \"1\"},\n  \"channels\": {\n    \
        \"orders.placed.v1\": {\"publish\": {\"operationId\": \"onPlaced\"}}\n  }\n}\n";
    let fixture = Fixture::new(&format!("{schema}{document}"));
    let plan = next_version(&fixture.open(), "orders.placed.v1", None).unwrap();
    writer::apply(fixture.folder.path(), &plan.edit).unwrap();
    let read = |path: &str| fixture.read(&RelPath::new(&format!("docs/features/shop/{path}")));
    assert!(
        read("asyncapi/shop.json")
            .contains("},\n    \"orders.placed.v2\": {\"publish\": {\"operationId\": \"onPlacedV2\"}}\n"),
        "{}",
        read("asyncapi/shop.json")
    );
    assert!(read("schemas/orders.placed.v2.avsc").contains("\"namespace\": \"shop.v2\""));
}

#[test]
fn a_package_that_other_files_share_keeps_its_name() {
    let files = "//- /docs/features/shop/schemas/orders.placed.v1.proto\nsyntax = \"proto3\";\npackage shop.v1;\n\
        import \"shop/money.proto\";\nmessage P { Money m = 1; }\n";
    let fixture = Fixture::new(files);
    let plan = next_version(&fixture.open(), "orders.placed.v1", None).unwrap();
    writer::apply(fixture.folder.path(), &plan.edit).unwrap();
    let next = fixture.read(&RelPath::new("docs/features/shop/schemas/orders.placed.v2.proto"));
    assert!(next.contains("package shop.v1;"), "{next}");
}
