//! References of keys, channels, headings and files, over all files.

use insta::assert_snapshot;

use super::open;
use crate::{definition, references};

/// Two documents and a file of schemas that refer to each other in every way.
pub(super) const SYSTEM: &str = "\
//- /apis/shop.yaml
asyncapi: 3.0.0
info: { title: Shop, version: 1.0.0 }
servers:
  main: { host: 'kafka.{region}.shop.example', protocol: kafka, variables: { region: { default: eu } } }
channels:
  orders/placed:
    address: shop.{tenant}.orders
    parameters:
      tenant: { $ref: '#/components/parameters/tenant' }
    messages:
      OrderPlaced: { $ref: '#/components/messages/OrderPlaced' }
  shared: { $ref: 'common.json#/components/channels/shared' }
operations:
  place:
    action: send
    channel: { $ref: '#/channels/orders~1placed' }
    messages: [{ $ref: '#/channels/orders~1placed/messages/OrderPlaced' }]
  listen:
    action: receive
    channel: { $ref: \"#/channels/shared\" }
    messages: [{ $ref: '#/channels/shared/messages/Noted' }]
components:
  parameters:
    tenant: {}
  messages:
    OrderPlaced: { payload: { $ref: '../schemas/order.yaml#/definitions/Order' } }
//- /apis/common.json
{
  \"asyncapi\": \"3.0.0\",
  \"info\": { \"title\": \"Common\", \"version\": \"1.0.0\" },
  \"components\": {
    \"channels\": { \"shared\": { \"address\": \"shop.shared\", \"messages\": { \"Noted\": { \"payload\": { \"$ref\": \"../schemas/order.yaml#/definitions/Order/properties/line\" } } } } }
  }
}
//- /schemas/order.yaml
definitions:
  Order:
    type: object
    properties:
      line: { $ref: '#/definitions/Line' }
      shop: { $ref: '../apis/shop.yaml#/components/parameters/tenant' }
  Line: { type: string }
//- /apis/old.yaml
asyncapi: 2.6.0
info: { title: Old, version: 1.0.0 }
servers:
  production: { url: 'kafka.shop.example', protocol: kafka, security: [{ sasl: [] }] }
channels:
  stock.{item}.v1:
    servers: [production]
    parameters: { item: {} }
    publish:
      operationId: onStock
      security: [{ sasl: [] }]
      message: { $ref: '#/components/messages/Stock' }
components:
  securitySchemes:
    sasl: { type: plain }
  messages:
    Stock: { payload: { oneOf: [{ $ref: '#/components/schemas/One' }], discriminator: { propertyName: kind, mapping: { a: One, b: '#/components/schemas/One' } } } }
  schemas:
    One: {}
";

/// [`SYSTEM`] with the cursor in front of the `at`-th `text` of a file.
pub(super) fn system_at(path: &str, text: &str, at: usize) -> String {
    let head = format!("//- /{path}\n");
    let start = SYSTEM.find(&head).unwrap();
    let from = start + SYSTEM[start..].match_indices(text).nth(at).unwrap_or_else(|| panic!("{text} in {path}")).0;
    format!("{}$0{}", &SYSTEM[..from], &SYSTEM[from..])
}

/// Each place as `path:line: text`.
fn check(text: &str) -> String {
    let (_fixture, workspace, file, offset) = open(text);
    let show = |it: crate::Location| {
        let text = workspace.text(it.file).unwrap();
        let line = text[..it.span.start as usize].matches('\n').count() + 1;
        format!("{}:{line}: {}\n", workspace.path(it.file), it.span.of(&text))
    };
    references(&workspace, file, offset, true).into_iter().map(show).collect()
}

#[test]
fn a_channel_is_referred_to_also_by_what_lies_below_it() {
    let from_key = check(&system_at("apis/shop.yaml", "orders/placed:", 0));
    assert_snapshot!(from_key, @r"
    apis/shop.yaml:6: orders/placed
    apis/shop.yaml:16: orders~1placed
    apis/shop.yaml:17: orders~1placed
    ");
    assert_eq!(check(&system_at("apis/shop.yaml", "orders~1placed/", 0)), from_key);
    assert_eq!(check(&system_at("apis/shop.yaml", "~1placed'", 0)), from_key);
}

#[test]
fn a_message_in_another_file_is_found_through_the_channel_that_leads_there() {
    let from_key = check(&system_at("apis/common.json", "Noted", 0));
    assert_snapshot!(from_key, @r#"
    apis/common.json:5: Noted
    apis/shop.yaml:21: Noted
    "#);
    assert_eq!(check(&system_at("apis/shop.yaml", "Noted'", 0)), from_key);
}

#[test]
fn files_that_are_no_asyncapi_documents_take_part() {
    assert_snapshot!(check(&system_at("schemas/order.yaml", "Order:", 0)), @r"
    apis/common.json:5: Order
    apis/shop.yaml:26: Order
    schemas/order.yaml:2: Order
    ");
    assert_snapshot!(check(&system_at("apis/shop.yaml", "tenant: {}", 0)), @r"
    apis/shop.yaml:9: tenant
    apis/shop.yaml:24: tenant
    schemas/order.yaml:6: tenant
    ");
    assert_snapshot!(check(&system_at("apis/shop.yaml", "../schemas", 0)), @r"
    apis/common.json:5: ../schemas/order.yaml#/definitions/Order/properties/line
    apis/shop.yaml:26: ../schemas/order.yaml#/definitions/Order
    ");
}

#[test]
fn names_are_references_too() {
    assert_snapshot!(check(&system_at("apis/old.yaml", "production]", 0)), @r"
    apis/old.yaml:4: production
    apis/old.yaml:7: production
    ");
    assert_snapshot!(check(&system_at("apis/old.yaml", "sasl: { type", 0)), @r"
    apis/old.yaml:4: sasl
    apis/old.yaml:11: sasl
    apis/old.yaml:15: sasl
    ");
    assert_snapshot!(check(&system_at("apis/old.yaml", "One: {}", 0)), @r"
    apis/old.yaml:17: One
    apis/old.yaml:17: One
    apis/old.yaml:17: One
    apis/old.yaml:19: One
    ");
}

#[test]
fn a_definition_is_found_in_any_file() {
    let target = |text: &str| {
        let (_fixture, workspace, file, offset) = open(text);
        let found = definition(&workspace, file, offset).map(|it| {
            let text = workspace.text(it.file).unwrap();
            format!("{}: {}", workspace.path(it.file), it.span.of(&text))
        });
        found.unwrap_or_default()
    };
    for (path, text, expected) in [
        ("apis/shop.yaml", "#/channels/shared/mess", "apis/common.json: \"Noted\""),
        ("apis/shop.yaml", "definitions/Order", "schemas/order.yaml: Order"),
        ("schemas/order.yaml", "parameters/tenant", "apis/shop.yaml: tenant"),
        ("apis/old.yaml", "production]", "apis/old.yaml: production"),
        ("apis/old.yaml", "sasl: [] }]\n      message", "apis/old.yaml: sasl"),
        ("apis/old.yaml", "One, b", "apis/old.yaml: One"),
    ] {
        assert_eq!(target(&system_at(path, text, 0)), expected, "{text}");
    }
    let others = "//- /a b/x.avsc\n{}\n//- /a b/x.proto\nsyntax = \"proto3\";\n//- /y/plain.yml\n'a/b~c': { d: 1 }\n\
        //- /api.yaml\nasyncapi: 3.0.0\nx-a: { $ref: ";
    for (reference, expected) in [
        ("'a%20b/x.av$0sc'", "a b/x.avsc: "),
        ("'./a b/x.pro$0to'", "a b/x.proto: "),
        ("y/plain.yml#/a~1b~0c/$0d", "y/plain.yml: d"),
        ("'y/plain.yml#/a%7E1b%7E0c$0'", "y/plain.yml: 'a/b~c'"),
        ("'y/plain.yml#/no$0thing'", "y/plain.yml: "),
        ("'gone.yml#/no$0thing'", ""),
    ] {
        assert_eq!(target(&format!("{others}{reference} }}\n")), expected, "{reference}");
    }
}

/// Documents that link to each other.
const LINKS: &str = "\
//- /docs/features/shop/adrs/0001-use-an-outbox.md
# ADR-0001: Use an outbox

## Decision

See [above](#adr-0001-use-an-outbox).
//- /notes.md
[a](docs/features/shop/adrs/0001-use-an-outbox.md) [b][d]

[d]: /docs/features/shop/adrs/0001-use-an-outbox.md#decision
";

#[test]
fn links_to_headings_and_files_are_found() {
    assert_snapshot!(check(&LINKS.replace("## Deci", "## De$0ci")), @r"
    docs/features/shop/adrs/0001-use-an-outbox.md:3: Decision
    notes.md:3: /docs/features/shop/adrs/0001-use-an-outbox.md#decision
    ");
    assert_snapshot!(check(&LINKS.replace("# ADR", "# A$0DR")), @r"
    docs/features/shop/adrs/0001-use-an-outbox.md:1: ADR-0001: Use an outbox
    docs/features/shop/adrs/0001-use-an-outbox.md:5: #adr-0001-use-an-outbox
    notes.md:1: docs/features/shop/adrs/0001-use-an-outbox.md
    ");
    assert_snapshot!(check(&LINKS.replace("[a](docs", "[a](do$0cs")), @r"
    notes.md:1: docs/features/shop/adrs/0001-use-an-outbox.md
    notes.md:3: /docs/features/shop/adrs/0001-use-an-outbox.md#decision
    ");
}

#[test]
fn a_channel_is_found_wherever_it_is_named() {
    let design = "//- /docs/features/shop/design.md\n# D\n\n## Boundary contracts\n\n| Channel |\n| --- |\n\
        | `orders.$0placed.v1` |\n";
    assert_snapshot!(check(&format!("{}{design}", super::SHOP)), @r"
    docs/features/shop/contracts/orders.placed.v1.md:1: orders.placed.v1
    docs/features/shop/contracts/orders.placed.v1.md:6: orders.placed.v1
    docs/features/shop/design.md:7: orders.placed.v1
    src/orders.ts:4: orders.placed.v1
    ");
}

#[test]
fn references_by_what_a_schema_calls_itself_are_found() {
    let text = "\
//- /schemas/order.json
{\"$id\": \"https://x.example/order.json\", \"a\": {\"$ref\": \"amount.json#/$defs/Total\"}}
//- /lib/money.json
{\"$id\": \"https://x.example/amount.json\", \"$defs\": {\"To$0tal\": {}}}
";
    let (_fixture, workspace, file, offset) = open(text);
    let found: Vec<_> = references(&workspace, file, offset, false)
        .iter()
        .map(|it| format!("{} {}", workspace.path(it.file), it.span.of(&workspace.text(it.file).unwrap())))
        .collect();
    assert_eq!(found, ["schemas/order.json Total"]);
}
