//! What fits which schema, where it does not, and agreement with another validator.

use archwright_syntax::data::{Format, Kind, Node, Tree, parse};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::AvroSchema;

/// Resolves references into the tree that they stand in.
struct Within;

impl<'t> Resolve<'t> for Within {
    fn resolve(&self, from: Node<'t>, reference: &'t str) -> Option<Node<'t>> {
        from.tree().root()?.resolve(reference.strip_prefix('#')?)
    }
}

/// What is wrong with `value` in a text that has it beside `schema`, as `offending text: message`.
fn found(text: &str, dialect: Dialect) -> Vec<String> {
    let tree = parse(text, Format::Yaml);
    let root = tree.root().unwrap();
    let mut validator = Validator::new(&Within, dialect);
    let found = validator.check(root.get("schema").unwrap(), root.get("value").unwrap());
    let mended = |it: &Mismatch<'_>| it.replacement.as_ref().map_or_else(String::new, |it| format!(" -> {it}"));
    found.iter().map(|it| format!("{}: {}{}", it.span.of(text), it.message, mended(it))).collect()
}

fn shown(text: &str) -> String {
    found(text, Dialect::JsonSchema).join("\n")
}

#[test]
fn each_part_is_told_at_its_place() {
    let text = "
schema:
  type: object
  required: [id, amount, colour]
  properties:
    id: { type: string, pattern: '^[a-z]+$' }
    amount: { type: number, minimum: 0, multipleOf: 0.1 }
    lines: { type: array, minItems: 3, uniqueItems: true, items: { $ref: '#/line' } }
    state: { enum: [open, closed] }
    note: { type: string, maxLength: 3 }
    count: { type: integer }
    zip: { type: string }
  additionalProperties: false
line: { type: object, properties: { sku: { type: string } } }
value:
  id: Z9
  amount: -0.3
  lines: [{ sku: 1 }, { sku: 1 }]
  state: opne
  note: long
  count: '5'
  zip: 1234
  color: red
";
    insta::assert_snapshot!(shown(text), @r#"
    Z9: `Z9` is not allowed: it must match `^[a-z]+$`
    -0.3: `-0.3` is not allowed: it must be at least `0`
    lines: The list has 2 items, but must have at least 3
    sku: The items 1 and 2 are equal, but no two may be
    1: `1` is an integer, but the schema wants a string -> "1"
    1: `1` is an integer, but the schema wants a string -> "1"
    opne: `opne` is not allowed: it must be one of `open`, `closed`; did you mean `open`? -> open
    long: `long` is not allowed: it must have at most 3 characters
    '5': `5` is a string, but the schema wants an integer
    1234: `1234` is an integer, but the schema wants a string -> "1234"
    color: `color` is not allowed: the schema has no such property; did you mean `colour`? -> colour
    "#);
}

#[test]
fn of_several_schemas_the_one_that_was_meant_is_told() {
    let text = |value: &str| {
        format!(
            "
schema:
  oneOf:
    - {{ type: 'null' }}
    - {{ type: object, required: [kind], properties: {{ kind: {{ const: card }}, number: {{ type: string }} }} }}
    - {{ type: object, required: [kind], properties: {{ kind: {{ const: cash }}, change: {{ type: number }} }} }}
value: {value}
"
        )
    };
    assert_eq!(shown(&text("null")), "");
    assert_eq!(shown(&text("{ kind: card }")), "");
    insta::assert_snapshot!(shown(&text("{ kind: card, number: 5 }")), @r#"5: `5` is an integer, but the schema wants a string -> "5""#);
    insta::assert_snapshot!(shown(&text("{ kind: cheque }")), @"value: A mapping fits none of the 3 schemas under `oneOf`; by schema 2: `cheque` is not allowed: it must be `card`");
    insta::assert_snapshot!(shown(&text("5")), @"5: `5` is an integer, but the schema wants null or a mapping");
    insta::assert_snapshot!(shown("schema: { anyOf: [{ type: string }, { type: 'null' }] }\n\
        value: 5"), @"5: `5` is an integer, but the schema wants a string or null");
    insta::assert_snapshot!(shown("schema: { oneOf: [{ type: string }, { maxLength: 9 }] }\n\
        value: both"), @"both: `both` fits the schemas 1 and 2 under `oneOf`, but it must fit exactly one");
}

#[test]
fn what_cannot_be_told_is_left_alone() {
    for text in [
        "schema: { not: { $ref: '#/nowhere' } }\nvalue: 1",
        "schema: { oneOf: [{ $ref: '#/nowhere' }, {}] }\nvalue: 1",
        "schema: { if: { $ref: '#/nowhere' }, then: false, else: false }\nvalue: 1",
        "schema: { $ref: '#/schema' }\nvalue: 1",
        "schema: { allOf: [{ $ref: '#/schema' }, { $ref: '#/schema' }, { $ref: '#/schema' }] }\nvalue: 1",
        "schema: { type: strin, pattern: '[', minimum: x, properties: [], items: 5 }\nvalue: { a: 1 }",
        "schema: { minimum: 5, multipleOf: 2 }\nvalue: .nan",
        "schema: { prefixItems: [{}], items: false }\nvalue: [1]",
        "schema: { pattern: '^(a+)+$' }\nvalue: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        assert_eq!(shown(text), "", "{text}");
    }
}

#[test]
fn nullable_means_something_to_openapi_only() {
    let text = "schema: { type: string, nullable: true }\nvalue: null";
    assert_eq!(found(text, Dialect::OpenApi), [""; 0]);
    insta::assert_snapshot!(shown(text), @"null: This is null, but the schema wants a string; `nullable` means nothing here: list `null` in `type`");
    let text = "schema: { minimum: 5, exclusiveMinimum: true }\nvalue: 5";
    assert_eq!(found(text, Dialect::OpenApi).len(), 1);
}

fn avro(text: &str) -> String {
    let tree = parse(text, Format::Yaml);
    let root = tree.root().unwrap();
    let schema = AvroSchema::read(root.get("schema").unwrap(), &Within);
    let problems = schema
        .diagnostics()
        .into_iter()
        .map(|it| format!("problem {}: {}", it.diagnostic.span.of(text), it.diagnostic.message));
    let values = root.get("values").into_iter().flat_map(Node::items);
    let found = values.flat_map(|it| schema.check(it)).map(|it| format!("{}: {}", it.span.of(text), it.message));
    problems.chain(found).collect::<Vec<_>>().join("\n")
}

#[test]
fn avro_values_may_be_plain_or_wrapped() {
    let text = "
schema:
  type: record
  name: Order
  namespace: shop
  fields:
    - { name: id, type: string }
    - { name: count, type: int, default: 1 }
    - { name: note, type: ['null', string] }
    - { name: state, type: { type: enum, name: State, symbols: [OPEN, CLOSED] } }
    - { name: placed, type: { type: int, logicalType: date } }
    - { name: parts, type: ['null', { type: array, items: Order }] }
    - { name: price, type: [double, string] }
values:
  - { id: a, state: OPEN, placed: 2026-11-25, price: 1 }
  - { id: a, state: OPEN, placed: 20000, price: { string: free }, note: { string: x }, parts: { array: [] } }
  - { id: 1, state: OPNE, placed: 1, price: true, note: 1, count: 3000000000 }
  - { state: OPEN, placed: 1, price: { double: x }, parts: [{ id: 1 }] }
  - text
";
    insta::assert_snapshot!(avro(text), @"
    1: `1` is an integer, but the schema wants a string
    3000000000: `3000000000` does not fit an `int`, which has 32 bits
    1: `1` is an integer, but the schema wants null or a string
    OPNE: `OPNE` is no symbol of the enum: it must be one of `OPEN`, `CLOSED`; did you mean `OPEN`?
    true: `true` is a boolean, but the schema wants a number or a string
    state: The field `id` is missing: it has no default
    1: `1` is an integer, but the schema wants a string
    id: The field `state` is missing: it has no default
    id: The field `placed` is missing: it has no default
    id: The field `price` is missing: it has no default
    x: `x` is a string, but the schema wants a number
    text: `text` is a string, but the schema wants a mapping, the record `shop.Order`
    ");
}

#[test]
fn mistakes_of_avro_schemas_are_told_at_their_place() {
    let text = "
schema:
  type: record
  name: 1Order
  fields:
    - { name: id, type: Identifier }
    - { name: id, type: string, default: 5 }
    - { name: a-b, type: [string, string, [int]] }
    - { type: string }
    - { name: list, type: { type: array } }
    - { name: state, type: { type: enum, name: State, symbols: [A, A, b c], default: C } }
    - { name: hash, type: { type: fixed, name: Hash, size: -1 } }
    - { name: again, type: { type: record, name: State, fields: 7 } }
    - { name: note, type: ['null', string], default: null }
    - { name: other, type: ['null', string], default: '' }
    - { name: known, type: { $ref: 'elsewhere.avsc' } }
";
    insta::assert_snapshot!(avro(text), @"
    problem Identifier: `Identifier` is no type: it was not declared before this place.
    problem id: There are two fields `id`.
    problem type: A field needs a `name`.
    problem type: An array needs `items`.
    problem State: `State` is declared already; a name stands for one type.
    problem 7: A record needs `fields`, a list.
    problem 1Order: `1Order` is no name: names have letters, digits and `_`, and do not begin with a digit.
    problem 5: The default of `id` does not fit its type: `5` is an integer, but the schema wants a string.
    problem a-b: `a-b` is no name: names have letters, digits and `_`, and do not begin with a digit.
    problem string: The union has `string` twice, so its values cannot be told apart.
    problem [int]: A union cannot stand directly in another: list all types in one.
    problem A: The enum has the symbol `A` twice.
    problem b c: `b c` is no symbol: symbols have letters, digits and `_`, and do not begin with a digit.
    problem C: The default `C` is none of the enum's symbols.
    problem -1: A fixed type cannot have -1 bytes.
    ");
}

/// Small schemas that draft-07 allows.
fn schemas() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(true)),
        Just(json!({})),
        Just(json!({ "$ref": "#/definitions/a" })),
        prop::sample::select(vec!["string", "integer", "number", "null", "boolean", "array", "object"])
            .prop_map(|it| json!({ "type": it })),
        (0..4).prop_map(|it| json!({ "minimum": it })),
        (0..4).prop_map(|it| json!({ "exclusiveMaximum": it })),
        (1..4).prop_map(|it| json!({ "multipleOf": it })),
        (0..3).prop_map(|it| json!({ "minLength": it })),
        (0..3).prop_map(|it| json!({ "maxLength": it })),
        (0..3).prop_map(|it| json!({ "minItems": it, "uniqueItems": true })),
        (0..3).prop_map(|it| json!({ "maxProperties": it, "required": ["a"] })),
        prop::sample::select(vec!["^a", "b$", "[a-b]", "^(?!a)"]).prop_map(|it| json!({ "pattern": it })),
        Just(json!({ "enum": [1, "a", null, [1.0]] })),
        Just(json!({ "const": { "a": 1 } })),
        Just(json!({ "propertyNames": { "pattern": "^a" } })),
        Just(json!({ "dependencies": { "a": ["b"] } })),
        Just(json!(false)),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|it| json!({ "allOf": it })),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|it| json!({ "anyOf": it })),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|it| json!({ "oneOf": it })),
            inner.clone().prop_map(|it| json!({ "not": it })),
            inner.clone().prop_map(|it| json!({ "items": it })),
            inner.clone().prop_map(|it| json!({ "contains": it })),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| json!({ "items": [one], "additionalItems": other })),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| json!({ "properties": { "a": a }, "patternProperties": { "^b": b }, "additionalProperties": c })),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| json!({ "if": a, "then": b, "else": c })),
        ]
    })
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        (-2..5_i64).prop_map(Value::from),
        Just(json!(1.0)),
        Just(json!(2.5)),
        prop::sample::select(vec!["", "a", "ab", "b"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(prop::sample::select(vec!["a", "b", "ab"]), inner, 0..3)
                .prop_map(|it| json!(it)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// The verdict is that of the `jsonschema` crate, for everything the two both can judge.
    #[test]
    fn verdicts_agree_with_another_validator(schema in schemas(), shared in schemas(), value in values()) {
        let mut whole = json!({ "allOf": [schema], "definitions": { "a": shared } });
        if whole["definitions"]["a"].to_string().contains("$ref") {
            whole["definitions"]["a"] = json!({ "type": "integer" });
        }
        let theirs = jsonschema::draft7::new(&whole).unwrap().is_valid(&value);
        let (schema, value) = (parse(whole.to_string(), Format::Json), parse(value.to_string(), Format::Json));
        let ours = Validator::new(&Within, Dialect::JsonSchema).check(schema.root().unwrap(), value.root().unwrap());
        prop_assert_eq!(ours.is_empty(), theirs, "{} {:?}", whole, ours.iter().map(|it| &it.message).collect::<Vec<_>>());
    }

    /// Nothing panics, and every span lies in the text.
    #[test]
    fn any_text_can_be_a_schema_and_a_value(text in "(schema|value|type|items|oneOf|a|[\\[\\]{}:, \n'#/$1-]){0,40}") {
        let tree = parse(format!("schema: {{{text}}}\nvalue: {{{text}}}"), Format::Yaml);
        if let Some(root) = tree.root() {
            for mismatch in Validator::new(&Within, Dialect::JsonSchema).check(root, root) {
                prop_assert!(mismatch.span.end as usize <= tree.text().len());
            }
            let schema = AvroSchema::read(root, &Within);
            prop_assert!(schema.diagnostics().iter().all(|it| it.diagnostic.span.end as usize <= tree.text().len()));
            schema.check(root);
        }
    }
}

fn json_of(node: Node) -> Value {
    match node.kind() {
        Kind::Mapping => node.entries().map(|it| (it.key.to_owned(), json_of(it.value))).collect(),
        Kind::Sequence => node.items().map(json_of).collect(),
        Kind::Bool => Value::from(node.as_bool()),
        Kind::Integer => Value::from(node.as_i64()),
        _ => Value::from(node.as_str()),
    }
}

#[test]
fn formats_and_later_keywords_are_applied() {
    for (schema, right, wrong) in [
        ("{ type: string, format: date }", "2026-05-17", "17.05.2026"),
        ("{ type: integer, format: int32 }", "1", "3000000000"),
        ("{ prefixItems: [{ type: string }], items: { type: integer } }", "[a, 1, 2]", "[1]"),
        ("{ prefixItems: [{ type: string }], items: false }", "[a]", "[a, 1]"),
        ("{ dependentRequired: { a: [b] } }", "{ a: 1, b: 2 }", "{ a: 1 }"),
        ("{ dependentSchemas: { a: { required: [b] } } }", "{ b: 1 }", "{ a: 1 }"),
        ("{ properties: { a: {} }, unevaluatedProperties: false }", "{ a: 1 }", "{ b: 1 }"),
        (
            "{ allOf: [{ properties: { a: {} } }], anyOf: [{ properties: { b: { type: string } } }, {}], \
            unevaluatedProperties: { type: integer } }",
            "{ a: x, b: x, c: 1 }",
            "{ a: x, c: x }",
        ),
        (
            "{ anyOf: [{ properties: { b: { type: string } } }, {}], unevaluatedProperties: false }",
            "{ b: x }",
            "{ b: 1 }",
        ),
        ("{ if: { required: [a], properties: { a: {} } }, unevaluatedProperties: false }", "{ a: 1 }", "{ b: 1 }"),
        ("{ additionalProperties: true, unevaluatedProperties: false }", "{ a: 1 }", "[]"),
        ("{ contains: { type: string }, minContains: 2 }", "[a, 1, b]", "[a, 1]"),
        ("{ contains: { type: string }, minContains: 0, maxContains: 1 }", "[1]", "[a, b]"),
        ("{ contains: { type: string } }", "[a]", "[1]"),
        ("{ prefixItems: [{ type: string }], unevaluatedItems: false }", "[a]", "[a, 1]"),
        ("{ prefixItems: [{}], unevaluatedItems: { type: integer } }", "[a, 1]", "[a, b]"),
        ("{ items: { type: string }, unevaluatedItems: false }", "[a, b]", "[1]"),
        ("{ contains: { type: string }, unevaluatedItems: { type: integer } }", "[a, 1]", "[a, true]"),
        ("{ allOf: [{ prefixItems: [{}, {}] }], unevaluatedItems: false }", "[1, 2]", "[1, 2, 3]"),
        ("{ anyOf: [{ prefixItems: [{ type: string }] }, {}], unevaluatedItems: false }", "[a]", "[1]"),
    ] {
        let (schema, right, wrong) =
            (parse(schema, Format::Yaml), parse(right, Format::Yaml), parse(wrong, Format::Yaml));
        let check = |value: &Tree| {
            let mut validator = Validator::new(&NoReferences, Dialect::JsonSchema);
            let found = validator.check(schema.root().unwrap(), value.root().unwrap());
            found.into_iter().map(|it| it.message).collect::<Vec<_>>()
        };
        assert_eq!(check(&right), [""; 0], "{}", schema.text());
        assert!(!check(&wrong).is_empty() || wrong.text() == "[]", "{}", schema.text());
        // The other validator asserts no formats.
        if !schema.text().contains("format") {
            let theirs = jsonschema::draft202012::new(&json_of(schema.root().unwrap())).unwrap();
            assert!(theirs.is_valid(&json_of(right.root().unwrap())), "{}", schema.text());
            assert_eq!(theirs.is_valid(&json_of(wrong.root().unwrap())), check(&wrong).is_empty(), "{}", schema.text());
        }
    }
}
