//! Tests of the checks of content: what is found, where, and what would mend it.

use archwright_syntax::data::{Format, Tree, parse};
use proptest::prelude::*;
use rustc_hash::FxHashMap;

use super::CHECKS;
use crate::validation::{Declared, Documents, NoDocuments, Opened, Severity, validate};

/// The diagnostics of the checks made here, as `check @ offending text: message`.
fn found(text: &str) -> String {
    found_beside(text, &NoDocuments)
}

fn found_beside(text: &str, documents: &dyn Documents) -> String {
    let all = validate(&parse(text, Format::Yaml), documents);
    let ours = all.into_iter().filter(|it| CHECKS.iter().any(|check| check.name == it.check));
    let letter = |it: Severity| format!("{it:?}").remove(0);
    let lines = ours.map(|it| {
        let mended = it.replacement.as_ref().map_or_else(String::new, |it| format!(" -> {it}"));
        format!(
            "{} {} @ {}: {}{mended}",
            letter(it.severity),
            it.check,
            it.span.of(text).replace('\n', "\\n"),
            it.message
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

struct Beside(FxHashMap<&'static str, Tree>);

impl Beside {
    fn new(files: &[(&'static str, &str)]) -> Self {
        Self(files.iter().map(|(name, text)| (*name, parse(*text, Format::Yaml))).collect())
    }
}

impl Documents for Beside {
    fn open(&self, reference: &str) -> Opened<'_> {
        match self.0.get(reference) {
            Some(_) if Format::of_path(reference).is_none() => Opened::Other,
            other => other.map_or(Opened::Missing, Opened::Tree),
        }
    }

    fn text(&self, reference: &str) -> Option<&str> {
        self.0.get(reference).map(Tree::text)
    }
}

#[test]
fn examples_of_messages_are_checked_wherever_messages_stand() {
    let text = "
asyncapi: 2.6.0
channels:
  orders:
    publish:
      message:
        oneOf:
          - { payload: { type: string }, examples: [{ payload: 1 }] }
          - { headers: { type: object, required: [id] }, examples: [{ headers: { ID: 1 } }] }
components:
  messages:
    Order: { payload: { $ref: '#/components/schemas/Order' }, examples: [{ payload: { id: 1, amount: x } }] }
  schemas:
    Order: { type: object, properties: { id: { type: string }, amount: { $ref: '#/components/schemas/Amount' } } }
    Amount: { type: number }
";
    insta::assert_snapshot!(found(text), @r#"
    E example-mismatch @ 1: `1` is an integer, but the schema wants a string (`#/channels/orders/publish/message/oneOf/0/payload`) -> "1"
    E example-mismatch @ headers: The property `id` is missing: the schema requires it; did you mean it by `ID`? (`#/channels/orders/publish/message/oneOf/1/headers`)
    E example-mismatch @ 1: `1` is an integer, but the schema wants a string (`#/components/schemas/Order/properties/id`) -> "1"
    E example-mismatch @ x: `x` is a string, but the schema wants a number (`#/components/schemas/Amount`)
    "#);
    let text = "
asyncapi: 3.0.0
channels:
  orders:
    messages:
      Order: { payload: { type: string }, examples: [{ payload: 1 }] }
components:
  messages:
    Other: { payload: { schemaFormat: application/schema+json;version=draft-07, schema: { type: string } }, examples: [{ payload: 2 }] }
    Api: { payload: { schemaFormat: application/vnd.oai.openapi;version=3.0.0, schema: { type: string, nullable: true } }, examples: [{ payload: 3 }, { payload: null }] }
  replies: { r: { messages: [{ $ref: '#/components/messages/Other' }] } }
";
    insta::assert_snapshot!(found(text), @r#"
    W example-mismatch @ 1: `1` is an integer, but the schema wants a string (`#/channels/orders/messages/Order/payload`) -> "1"
    W example-mismatch @ 2: `2` is an integer, but the schema wants a string (`#/components/messages/Other/payload/schema`) -> "2"
    W example-mismatch @ 3: `3` is an integer, but the schema wants a string (`#/components/messages/Api/payload/schema`) -> "3"
    "#);
}

#[test]
fn traits_are_merged_as_each_version_says() {
    let text = |version: &str| {
        format!(
            "
asyncapi: {version}
components:
  messageTraits:
    shared:
      headers: {{ type: object, properties: {{ id: {{ type: integer }}, app: {{ type: string }} }} }}
      examples: [{{ headers: {{ id: 1, app: 2 }}, payload: 3 }}]
  messages:
    Order:
      traits: [{{ $ref: '#/components/messageTraits/shared' }}]
      headers: {{ type: object, properties: {{ id: {{ type: string }}, zone: {{ type: string }} }} }}
      payload: {{ type: string }}
      examples: [{{ headers: {{ id: x, app: 2, zone: 3 }} }}]
"
        )
    };
    // In 2.x the trait's examples and header `id` replace those of the message, and what the message has must fit, too.
    // No tool merges them to compare.
    insta::assert_snapshot!(found(&text("2.6.0")), @r#"
    E example-mismatch @ 2: `2` is an integer, but the schema wants a string (`#/components/messageTraits/shared/headers/properties/app`) -> "2"
    W example-mismatch @ 3: `3` is an integer, but the schema wants a string (`#/components/messages/Order/payload`) -> "3"
    E example-mismatch @ 3: `3` is an integer, but the schema wants a string (`#/components/messages/Order/headers/properties/zone`) -> "3"
    "#);
    // In 3.x they do not.
    insta::assert_snapshot!(found(&text("3.0.0")), @r#"
    W example-mismatch @ 2: `2` is an integer, but the schema wants a string (`#/components/messageTraits/shared/headers/properties/app`) -> "2"
    W example-mismatch @ 2: `2` is an integer, but the schema wants a string -> "2"
    W example-mismatch @ 3: `3` is an integer, but the schema wants a string -> "3"
    "#);
}

#[test]
fn defaults_and_examples_of_schemas_are_checked_at_the_exact_value() {
    let text = "
asyncapi: 2.6.0
channels:
  'orders/{region}':
    parameters: { region: { schema: { type: string, examples: [1, eu] } } }
    subscribe:
      message:
        headers: { type: object, properties: { id: { type: string, default: 5 } } }
        payload:
          properties:
            day: { type: string, examples: [2026-11-25, .nan] }
            lines: { type: array, default: [{ sku: 1 }], items: { properties: { sku: { $ref: '#/components/schemas/Sku' } } } }
components:
  schemas: { Sku: { $id: 'sku', type: string, pattern: '^[a-z]', default: Z, examples: [a, 7] } }
  messages: { M: { schemaFormat: application/schema+json;version=draft-07, payload: { type: string, default: 8 } }, N: { payload: { type: string, default: 9 } } }
";
    // Tools look at whole schemas and not within them, and never mind a text.
    insta::assert_snapshot!(found(text), @r#"
    E schema-example-mismatch @ 1: `1` is an integer, but the schema wants a string (`#/channels/orders~1{region}/parameters/region/schema`) -> "1"
    W default-mismatch @ 5: `5` is an integer, but the schema wants a string (`#/channels/orders~1{region}/subscribe/message/headers/properties/id`) -> "5"
    W schema-example-mismatch @ .nan: `.nan` is a number, but the schema wants a string (`#/channels/orders~1{region}/subscribe/message/payload/properties/day`) -> ".nan"
    W default-mismatch @ 1: `1` is an integer, but the schema wants a string (`#/components/schemas/Sku`) -> "1"
    W default-mismatch @ Z: `Z` is not allowed: it must match `^[a-z]` (`#/components/schemas/Sku`)
    E schema-example-mismatch @ 7: `7` is an integer, but the schema wants a string (`#/components/schemas/Sku`) -> "7"
    W default-mismatch @ 8: `8` is an integer, but the schema wants a string (`#/components/messages/M/payload`) -> "8"
    E default-mismatch @ 9: `9` is an integer, but the schema wants a string (`#/components/messages/N/payload`) -> "9"
    "#);
}

#[test]
fn headers_are_objects() {
    let text = "
asyncapi: 3.0.0
components:
  messages:
    a: { headers: { type: integer } }
    b: { headers: { properties: {} } }
    c: { headers: { $ref: '#/components/schemas/Text' } }
    d: { headers: { allOf: [{ $ref: '#/components/schemas/Object' }, {}] } }
    e: { headers: { oneOf: [{ type: object }, { $ref: 'elsewhere.yaml' }] } }
    f: { traits: [{ headers: true }] }
    g: { headers: { schemaFormat: application/vnd.apache.avro;version=1.9.0, schema: string } }
  schemas: { Text: { type: string }, Object: { type: object } }
";
    insta::assert_snapshot!(found(text), @"
    W headers-not-object @ integer: Headers are a mapping, so their schema must be of type `object`, but it is of type `integer`
    W headers-not-object @ headers: Headers are a mapping, so their schema must be of type `object`, but it has no `type`
    W headers-not-object @ '#/components/schemas/Text': Headers are a mapping, so their schema must be of type `object`, but it is of type `string`
    W headers-not-object @ headers: Headers are a mapping, so their schema must be of type `object`, but it is `true`
    ");
}

#[test]
fn patterns_are_those_of_validators() {
    let text = "
asyncapi: 3.0.0
components:
  schemas:
    f: { properties: { x: { items: { pattern: '[z-a]' } } }, patternProperties: { 'a{2,1}': {} } }
    g: { pattern: '(' }
";
    insta::assert_snapshot!(found(text), @"
    W invalid-pattern @ '[z-a]': `[z-a]` is no regular expression of ECMA-262 as validators read them, with Unicode
    W invalid-pattern @ 'a{2,1}': `a{2,1}` is no regular expression of ECMA-262 as validators read them, with Unicode
    W invalid-pattern @ '(': `(` is no regular expression: a `(` has no `)`
    ");
}

#[test]
fn avro_is_checked_at_the_exact_place() {
    let text = "
asyncapi: 3.0.0
components:
  messages:
    Inline:
      payload:
        schemaFormat: application/vnd.apache.avro;version=1.9.0
        schema:
          type: record
          name: Order
          fields:
            - { name: id, type: Identifier }
            - { name: count, type: int, default: none }
      examples: [{ payload: { id: 1, count: x } }]
    File: { payload: { schemaFormat: application/vnd.apache.avro;version=1.9.0, schema: { $ref: 'order.avsc' } }, examples: [{ payload: { id: 1 } }] }
    Fragment: { payload: { schemaFormat: application/vnd.apache.avro;version=1.9.0, schema: { $ref: 'all.avsc#/0' } } }
    Text: { payload: { schemaFormat: application/vnd.apache.avro;version=1.9.0, schema: '{\"type\": \"string\"}' } }
";
    let documents = Beside::new(&[
        (
            "order.avsc",
            "{type: record, name: Order, fields: [{name: id, type: string}, {name: other, type: [\"null\", \
            shop.Other]}]}",
        ),
        ("all.avsc", "[{type: enum, name: State}]"),
    ]);
    insta::assert_snapshot!(found_beside(text, &documents), @r#"
    E invalid-avro-schema @ Identifier: `Identifier` is no type: it was not declared before this place
    E invalid-avro-schema @ none: The default of `count` does not fit its type: `none` is a string, but the schema wants an integer
    W avro-example-mismatch @ x: `x` is a string, but the schema wants an integer (`#/components/messages/Inline/payload/schema/fields/1/type`)
    W avro-example-mismatch @ 1: `1` is an integer, but the schema wants a string (`order.avsc#/fields/0/type`) -> "1"
    E invalid-avro-schema @ 'all.avsc#/0': What `all.avsc#/0` leads to is wrong: An enum needs `symbols`
    "#);
    let text = "
asyncapi: 2.6.0
components:
  messages:
    Order:
      schemaFormat: application/vnd.apache.avro;version=1.9.0
      payload: { type: enum, name: State, symbols: [OPEN] }
      examples: [{ payload: OPEN }, { payload: SHUT }]
";
    insta::assert_snapshot!(found(text), @"E avro-example-mismatch @ SHUT: `SHUT` is no symbol of the enum: it must be `OPEN` (`#/components/messages/Order/payload`)");
}

#[test]
fn protobuf_is_checked_at_the_exact_place() {
    let text = "
asyncapi: 2.6.0
components:
  messages:
    Block:
      schemaFormat: application/vnd.google.protobuf;version=3
      payload: |
        syntax = \"proto3\";
        message Order {
          strng id 1;
        }
    Line: { schemaFormat: application/vnd.google.protobuf;version=3, payload: 'message Order { string id = x; }' }
    Escaped: { schemaFormat: application/vnd.google.protobuf;version=3, payload: \"message Order\\n{ string id = x; }\" }
    File: { schemaFormat: application/vnd.google.protobuf;version=3, payload: { $ref: './order%20placed.proto' } }
    Sound: { schemaFormat: application/vnd.google.protobuf;version=3, payload: 'syntax = \"proto3\"; message Order { string id = 1; }' }
";
    let documents = Beside::new(&[("./order placed.proto", "message Order { strng }")]);
    insta::assert_snapshot!(found_beside(text, &documents), @r#"
    E invalid-protobuf-schema @ 1: Found `1` where `=` belongs
    E invalid-protobuf-schema @ string: Without `syntax` a file is proto2, where a field has a label; start the file with `syntax = "proto3";` or write `optional`
    E invalid-protobuf-schema @ x: Found `x` where a whole number belongs
    E invalid-protobuf-schema @ "message Order\n{ string id = x; }": Without `syntax` a file is proto2, where a field has a label; start the file with `syntax = "proto3";` or write `optional`
    E invalid-protobuf-schema @ './order%20placed.proto': What `./order%20placed.proto` leads to is wrong: Without `syntax` a file is proto2, where a field has a label; start the file with `syntax = "proto3";` or write `optional`
    "#);
}

#[test]
fn formats_that_nobody_knows_are_told() {
    let text = "
asyncapi: 3.0.0
components:
  messages:
    a: { payload: { schemaFormat: 'application/vnd.apache.arvo;version=1.9.0', schema: {} } }
    b: { payload: { schemaFormat: application/nope } }
    c: { payload: { schemaFormat: application/raml+yaml;version=1.0, schema: { type: strange } } }
";
    insta::assert_snapshot!(found(text), @"
    I unsupported-schema-format @ 'application/vnd.apache.arvo;version=1.9.0': The schema format `application/vnd.apache.arvo;version=1.9.0` is not known, so the schema is not checked: did you mean `application/vnd.apache.avro;version=1.9.0`? -> 'application/vnd.apache.avro;version=1.9.0'
    I unsupported-schema-format @ application/nope: The schema format `application/nope` is not known, so the schema is not checked: the formats of AsyncAPI, JSON Schema, Avro, OpenAPI, RAML and Protobuf are
    ");
}

#[test]
fn what_other_files_have_wrong_is_told_at_the_reference() {
    let text = "
asyncapi: 3.0.0
components:
  messages:
    a: { $ref: 'parts/messages.yaml#/Order' }
    b: { payload: { $ref: 'parts/schemas.yaml#/Amount' }, examples: [{ payload: x }, { payload: 1 }] }
";
    let documents = Beside::new(&[
        (
            "parts/messages.yaml",
            "Order: { payload: { $ref: 'schemas.yaml#/Amount' }, examples: [{ payload: x }, { payload: y }] }",
        ),
        ("parts/schemas.yaml", "Amount: { $ref: '#/Number' }\nNumber: { type: number, maximum: 5 }"),
    ]);
    // The message of the other file refers to a file beside it.
    let documents = Beside({
        let mut all = documents.0;
        all.insert("parts/parts/schemas.yaml", parse("", Format::Yaml));
        all
    });
    insta::assert_snapshot!(found_beside(text, &documents), @"
    W example-mismatch @ 'parts/messages.yaml#/Order': What `parts/messages.yaml#/Order` leads to is wrong: `x` is a string, but the schema wants a number (`parts/schemas.yaml#/Number`)
    W example-mismatch @ x: `x` is a string, but the schema wants a number (`parts/schemas.yaml#/Number`)
    ");
}

#[test]
fn mistakes_of_traits_in_other_files_have_no_place_here() {
    let text = "asyncapi: 2.6.0\ncomponents: { messageTraits: { a: { $ref: 'traits.yaml' } } }";
    let documents = Beside::new(&[("traits.yaml", "payload: { deprecated: 17, type: string, default: 5 }")]);
    insta::assert_snapshot!(found_beside(text, &documents), @"W default-mismatch @ 'traits.yaml': What `traits.yaml` leads to is wrong: `5` is an integer, but the schema wants a string (`traits.yaml#/payload`)");
    let all = validate(&parse(text, Format::Yaml), &documents);
    assert!(all.iter().all(|it| it.check != "invalid-schema"), "{all:?}");
}

#[test]
fn references_by_id_and_name_are_followed() {
    let text = "
asyncapi: 3.0.0
components:
  schemas:
    Order:
      $id: https://shop.example/schemas/order.json
      type: object
      properties: { line: { $ref: line.json }, part: { $ref: '#part' }, local: { $ref: '#/definitions/part' } }
      definitions: { part: { $id: '#part', type: integer } }
      examples: [{ line: 1, part: x, local: y }]
    Line: { $id: 'https://shop.example/schemas/line.json', type: string }
    'a/b~c': { type: string }
    Escaped: { properties: { x: { $ref: '#/components/schemas/a~1b~0c' }, y: { $ref: '#/components/schemas/a%7E1b~0c' } }, default: { x: 1, y: 2 } }
    Node: { properties: { next: { $ref: '#/components/schemas/Node' }, name: { type: string } }, default: { next: { next: { name: 1 } } } }
    Loop: { allOf: [{ $ref: '#/components/schemas/Loop' }, { $ref: '#/components/schemas/Loop' }], default: 1 }
";
    insta::assert_snapshot!(found(text), @r#"
    W schema-example-mismatch @ 1: `1` is an integer, but the schema wants a string (`#/components/schemas/Line`) -> "1"
    W schema-example-mismatch @ x: `x` is a string, but the schema wants an integer (`#/components/schemas/Order/definitions/part`)
    W schema-example-mismatch @ y: `y` is a string, but the schema wants an integer (`#/components/schemas/Order/definitions/part`)
    W default-mismatch @ 1: `1` is an integer, but the schema wants a string (`#/components/schemas/a~1b~0c`) -> "1"
    W default-mismatch @ 2: `2` is an integer, but the schema wants a string (`#/components/schemas/a~1b~0c`) -> "2"
    W default-mismatch @ 1: `1` is an integer, but the schema wants a string (`#/components/schemas/Node/properties/name`) -> "1"
    I example-mismatch @ 1: This example or default is not checked to the end, because that takes too many steps: the schemas are very large, or lead back to themselves. Simplify them, or split the document
    "#);
}

#[test]
fn hostile_documents_end() {
    // Each schema uses the next one twice, so the whole is as large as two to the power of their number.
    let schemas = (0..60).fold(String::new(), |all, at| {
        let next = at + 1;
        format!(
            "{all}    s{at}: {{ allOf: [{{ $ref: '#/components/schemas/s{next}' }}, {{ $ref: \
            '#/components/schemas/s{next}' }}], default: 1 }}\n"
        )
    });
    let all = found(&format!("asyncapi: 3.0.0\ncomponents:\n  schemas:\n{schemas}    s60: {{ type: string }}\n"));
    assert!(all.starts_with("W default-mismatch @ 1"), "{all}");
    let deep =
        format!("asyncapi: 3.0.0\ncomponents: {{ schemas: {{ a: {}{} }} }}", "{items: ".repeat(400), "}".repeat(400));
    assert_eq!(found(&deep), "");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_can_be_a_message(
        version in prop::sample::select(vec!["2.0.0", "2.6.0", "3.0.0"]),
        text in "(payload|headers|examples|traits|schemaFormat|type|default|\\$ref|'#/components'|[\\[\\]{}:, \
            1a&*-]){0,40}",
    ) {
        let text = format!("asyncapi: {version}\ncomponents: {{ messages: {{ m: {{{text}}} }}, schemas: {{ s: \
            {{{text}}} }} }}");
        let tree = parse(text.as_str(), Format::Yaml);
        for diagnostic in validate(&tree, &NoDocuments) {
            prop_assert!(text.get(diagnostic.span.range()).is_some());
        }
    }
}

#[test]
fn a_default_of_a_later_branch_needs_avro_1_12() {
    let found = |version: &str| {
        let text = format!(
            "asyncapi: 2.6.0\ninfo: {{ title: Orders, version: 1.0.0 }}\n\
            channels:\n  a:\n    publish:\n      message:\n        schemaFormat: \
            application/vnd.apache.avro;version={version}\n        payload:\n          type: record\n          name: \
            Order\n          fields:\n            - {{ name: note, type: ['null', string], default: none \
            }}\n            - {{ name: count, type: [int, 'null'], default: 1 }}\n"
        );
        let tree = parse(text.as_str(), archwright_syntax::data::Format::Yaml);
        let found = crate::validate(&tree, &crate::NoDocuments);
        let found = found.into_iter().filter(|it| it.check == "invalid-avro-schema");
        found.map(|it| it.span.of(&text).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((found("1.9.0"), found("1.12.0")), (vec!["none".to_owned()], Vec::new()));
}

#[test]
fn values_that_are_not_checked_to_the_end_are_counted_where_the_first_stands() {
    let schemas = (0..40).fold(String::new(), |all, at| {
        let next = at + 1;
        format!(
            "{all}    s{at}: {{ allOf: [{{ $ref: '#/components/schemas/s{next}' }}, {{ $ref: \
            '#/components/schemas/s{next}' }}], default: now }}\n"
        )
    });
    let text = format!("asyncapi: 3.0.0\ncomponents:\n  schemas:\n{schemas}    s40: {{ type: string }}\n");
    let all = found(&text);
    let told: Vec<&str> = all.lines().filter(|it| it.starts_with("I ")).collect();
    assert_eq!(told.len(), 1, "{all}");
    assert!(told[0].contains("examples and defaults of this document, this one first, are not checked"), "{told:?}");
    assert_eq!(found("asyncapi: 3.0.0\ncomponents: { schemas: { a: { type: string, default: now } } }"), "");
}

#[test]
fn parts_that_are_not_looked_at_are_told() {
    let told = |count: usize| {
        let part = |at: usize| format!("s{at}: {{ type: string, default: 1 }}\n");
        let beside = Beside(FxHashMap::from_iter([(
            "parts.yaml",
            parse((0..count).map(part).collect::<String>(), Format::Yaml),
        )]));
        let one = |at: usize| format!("    s{at}: {{ $ref: 'parts.yaml#/s{at}' }}\n");
        let text = format!("asyncapi: 3.0.0\ncomponents:\n  schemas:\n{}", (0..count).map(one).collect::<String>());
        let all = validate(&parse(text.as_str(), Format::Yaml), &beside);
        let ours: Vec<_> = all.into_iter().filter(|it| it.check.ends_with("mismatch")).collect();
        let bound = ours.iter().find(|it| it.severity == Severity::Info);
        (ours.len(), bound.map(|it| (it.span.of(&text).to_owned(), it.message.clone())))
    };
    assert_eq!(told(400), (400, None));
    let (count, bound) = told(402);
    let (place, message) = bound.unwrap();
    assert_eq!((count, place.as_str()), (401, "'parts.yaml#/s400'"));
    assert!(message.starts_with("From here on 2 references and aliases were not followed"), "{message}");
}

/// A schema in another file that calls itself something.
struct Named(Tree);

impl Documents for Named {
    fn open(&self, reference: &str) -> Opened<'_> {
        if reference == "amount.json" { Opened::Tree(&self.0) } else { Opened::Missing }
    }

    fn declared(&self, address: &str) -> Declared {
        match address {
            "https://shop.example/amount.json" | "short.json" => Declared::In("amount.json".to_owned()),
            _ => Declared::Nowhere,
        }
    }
}

#[test]
fn values_are_held_against_schemas_of_other_files_by_what_these_call_themselves() {
    for (id, reference) in [
        ("https://shop.example/amount.json", "https://shop.example/amount.json"),
        ("https://shop.example/amount.json", "https://shop.example/amount.json#/$defs/whole"),
        ("short.json", "./short.json"),
    ] {
        let schema = format!("{{ $id: '{id}', type: integer, $defs: {{ whole: {{ type: integer }} }} }}");
        let named = Named(parse(schema, Format::Yaml));
        let text = format!(
            "asyncapi: 3.0.0\ncomponents: {{ messages: {{ M: {{ payload: {{ $ref: '{reference}' }}, \
             examples: [{{ payload: x }}] }} }} }}"
        );
        let found = found_beside(&text, &named);
        assert!(found.contains("`x` is a string, but the schema wants an integer (`amount.json#"), "{id}: {found}");
    }
}
