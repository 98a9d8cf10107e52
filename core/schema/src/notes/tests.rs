//! One small schema per note.

use archwright_syntax::TextEdits;
use proptest::prelude::*;

use super::notes;
use crate::Language::{self, Avro, JsonSchema, Protobuf};

/// Each note: its place, what it says, and what its edits make of the line they stand on.
fn show(text: &str, language: Language) -> String {
    let show = |it: super::Advice| {
        let edits = TextEdits::new(it.edits).unwrap();
        let fixed = edits.apply(text).unwrap();
        let line = fixed.lines().zip(text.lines()).find(|it| it.0 != it.1).map(|it| it.0.trim());
        format!(
            "{:?} `{}`: {}\n{}",
            it.kind,
            it.span.of(text),
            it.message,
            line.map_or(String::new(), |it| format!("  -> {it}\n"))
        )
    };
    notes(text, language).into_iter().map(show).collect()
}

#[test]
fn closed_models_and_enums_of_json_schema() {
    let text = r#"{
  "type": "object",
  "properties": {
    "state": { "type": "string", "enum": ["open", "paid", "sent", "done"] },
    "kind": { "enum": ["order"] },
    "level": { "enum": [1, 2] },
    "color": { "anyOf": [{ "enum": ["red", "blue"] }, { "type": "string" }] },
    "empty": { "type": "object", "additionalProperties": false },
    "line": { "properties": { "sku": {} }, "unevaluatedProperties": false },
    "enum": { "type": "string" }
  },
  "not": { "properties": { "a": {} }, "additionalProperties": false },
  "examples": [{ "enum": ["a", "b"] }],
  "additionalProperties": false
}"#;
    insta::assert_snapshot!(show(text, JsonSchema), @r#"
    ClosedEnum `"enum"`: The enum refuses every value but `open`, `paid`, `sent` and 1 more.
      -> "state": { "type": "string", "examples": ["open", "paid", "sent", "done"] },
    ClosedModel `false`: `unevaluatedProperties: false` refuses every property that is not listed here.
      -> "line": { "properties": { "sku": {} }, "unevaluatedProperties": true },
    ClosedModel `false`: `additionalProperties: false` refuses every property that is not listed here.
      -> "additionalProperties": true
    "#);
}

#[test]
fn required_properties_are_declared() {
    let text = "\
required: [order_id, placedat]
properties:
  orderId: { type: string }
  lines: { items: { required: [sku], allOf: [{ properties: { sku: {} } }], properties: { quantity: {} } } }
  buyer: { required: [id], additionalProperties: { type: string }, properties: { name: {} } }
oneOf_is_no_keyword: true
$defs:
  base: { required: [at], properties: { id: {} } }
";
    insta::assert_snapshot!(show(text, JsonSchema), @"
    UndeclaredRequired `order_id`: `order_id` is required, but `properties` does not declare it, so nothing says what it is. Did you mean `orderId`?
      -> required: [orderId, placedat]
    UndeclaredRequired `placedat`: `placedat` is required, but `properties` does not declare it, so nothing says what it is. Declare it, or take it off the list.
    UndeclaredRequired `at`: `at` is required, but `properties` does not declare it, so nothing says what it is. Declare it, or take it off the list.
    ");
}

#[test]
fn defaults_of_json_schema_fit() {
    let text = r#"{ "properties": {
  "count": { "type": "integer", "default": "3" },
  "note": { "type": ["string", "null"], "default": 3 },
  "ratio": { "type": "integer", "default": 2.0 },
  "half": { "type": "integer", "default": 0.5 },
  "state": { "type": "string", "enum": ["open"], "default": "opem" },
  "any": { "default": 7 },
  "odd": { "type": "money", "default": 7 }
} }"#;
    insta::assert_snapshot!(show(text, JsonSchema), @r#"
    UnfittingDefault `"3"`: The default of `count` is a string, but the type is `integer`.
      -> "count": { "type": "integer", "default": 3 },
    UnfittingDefault `3`: The default of `note` is an integer, but the type is `string` or `null`.
      -> "note": { "type": ["string", "null"], "default": "3" },
    UnfittingDefault `0.5`: The default of `half` is a number, but the type is `integer`.
    UnfittingDefault `"opem"`: The default `opem` is no value of the enum. Did you mean `open`?
      -> "state": { "type": "string", "enum": ["open"], "default": "open" },
    "#);
}

#[test]
fn avro_fields_that_may_be_null_are_null_by_default() {
    let text = r#"{ "type": "record", "name": "Order", "fields": [
  { "name": "a", "type": ["null", "string"] },
  { "name": "b", "type": ["string", "null"] },
  { "name": "c", "type": ["string", "int", "null"], "default": null },
  { "name": "d", "type": ["string", "null"], "default": "" },
  { "name": "e", "type": ["null", "string"], "default": "null" },
  { "name": "f", "type": ["null", "string"], "default": null }
] }"#;
    insta::assert_snapshot!(show(text, Avro), @r#"
    NullableWithoutDefault `"a"`: `a` may be null but has no default, so a reader that knows it cannot read messages that were written before it. Put `null` first in its union and give it the default `null`.
      -> { "name": "a", "type": ["null", "string"], "default": null },
    NullableWithoutDefault `"b"`: `b` may be null but has no default, so a reader that knows it cannot read messages that were written before it. Put `null` first in its union and give it the default `null`.
      -> { "name": "b", "type": ["null", "string"], "default": null },
    NullableWithoutDefault `"c"`: The default of `c` is null, but `null` is not the first type of its union, which tools before Avro 1.12 refuse. Put `null` first.
      -> { "name": "c", "type": ["null", "string", "int"], "default": null },
    "#);
}

#[test]
fn avro_defaults_fit_and_enums_have_one() {
    let text = r#"{ "type": "record", "name": "Order", "fields": [
  { "name": "state", "type": { "type": "enum", "name": "State", "symbols": ["OPEN", "STATE_UNKNOWN"] }, "default": "DONE" },
  { "name": "color", "type": { "type": "enum", "name": "Color", "symbols": ["RED", "BLUE"], "default": "RED" } },
  { "name": "count", "type": "int", "default": 3000000000 },
  { "name": "lines", "type": { "type": "array", "items": "string" }, "default": [1] },
  { "name": "buyer", "type": { "type": "record", "name": "Party", "fields": [{ "name": "id", "type": "string" }] }, "default": {} },
  { "name": "hash", "type": { "type": "fixed", "name": "Hash", "size": 2 }, "default": "\u0000\u0001" },
  { "name": "ratio", "type": "double", "default": 1 }
] }"#;
    insta::assert_snapshot!(show(text, Avro), @r#"
    ClosedEnum `"State"`: The enum `State` has no default, so a reader fails on every symbol that it does not list.
      -> { "name": "state", "type": { "type": "enum", "name": "State", "symbols": ["OPEN", "STATE_UNKNOWN"], "default": "STATE_UNKNOWN" }, "default": "DONE" },
    UnfittingDefault `"DONE"`: The default of `state` is a string, which is no value of the enum.
    UnfittingDefault `3000000000`: The default of `count` does not fit its type: `3000000000` does not fit an `int`, which has 32 bits.
    UnfittingDefault `[1]`: The default of `lines` is a list, which is no value of an array.
    UnfittingDefault `{}`: The default of `buyer` is a mapping, which is no value of the record.
    "#);
}

#[test]
fn protobuf_enums_are_closed_where_the_syntax_says_so() {
    let text = "syntax = \"proto2\"; message A { enum State { OPEN = 0; DONE = 1; } } enum One { ONLY = 0; }";
    insta::assert_snapshot!(show(text, Protobuf), @"ClosedEnum `State`: The enum `A.State` is closed: a reader drops every value that it does not list, as if the field were not set.");
    assert_eq!(show(&text.replace("proto2", "proto3"), Protobuf), "");
    let edition =
        "edition = \"2023\"; enum A { X = 0; Y = 1; } enum B { option features.enum_type = CLOSED; Z = 0; W = 1; }";
    assert!(show(edition, Protobuf).starts_with("ClosedEnum `B`"));
}

#[test]
fn defaults_of_unions_that_multiply_end() {
    let value = (0..60).fold("{}".to_owned(), |it, _| format!("{{\"a\": {it}}}"));
    let union = r#"["Self", "Self", "Self"]"#;
    let fields = format!(r#"[{{"name": "a", "type": {union}, "default": {value}}}]"#);
    notes(&format!(r#"{{"type": "record", "name": "Self", "fields": {fields}}}"#), Avro);
}

proptest! {
    #[test]
    fn any_text_ends(text in "(\\PC|\\n){0,80}", seed in any::<prop::sample::Index>()) {
        let keys = ["{\"enum\":", "\"type\":\"record\",", "[\"null\",", "\"default\":", "\"properties\":{", "}", "]", "\"required\":[\"a\"],"];
        let text = format!("{}{text}{}", keys[seed.index(keys.len())], keys[seed.index(keys.len() - 1)]);
        for language in [JsonSchema, Avro, Protobuf] {
            for it in notes(&text, language) {
                prop_assert!(it.span.end as usize <= text.len());
                prop_assert!(TextEdits::new(it.edits).unwrap().apply(&text).is_ok());
            }
        }
    }
}
