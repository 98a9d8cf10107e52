//! Anything may stand in a text, and it must neither crash nor take long.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::compatibility::Side;

fn all(old: &str, new: &str) {
    for profile in Profile::ALL {
        let _ = compare(&[old], new, Language::JsonSchema, Mode::Full, profile);
    }
}

#[test]
fn nothing_is_too_deep() {
    for levels in [40, 200, 10_000] {
        let nested = |open: &str, close: &str| {
            format!("{}{{\"type\": \"string\"}}{}", open.repeat(levels), close.repeat(levels))
        };
        let schemas = [
            nested(r#"{"properties": {"a": "#, "}}"),
            nested(r#"{"allOf": ["#, "]}"),
            nested(r#"{"not": "#, "}"),
            nested(r#"{"items": ["#, "]}"),
        ];
        for schema in &schemas {
            all(schema, &schema.replace("string", "integer"));
        }
    }
}

#[test]
fn long_chains_of_definitions_end() {
    for (length, link) in [
        (3000, r#"{"properties": {"a": NEXT}}"#),
        (400, r#"{"anyOf": [NEXT, {"type": "null"}]}"#),
        (400, r#"{"type": "array", "items": [NEXT], "additionalItems": false}"#),
        (400, r#"{"allOf": [{"additionalProperties": NEXT}, {"not": NEXT}]}"#),
    ] {
        let definitions = |ty: &str| {
            let one = |it: usize| {
                let next = format!(r##"{{"$ref": "#/definitions/D{}"}}"##, it + 1);
                format!(r#""D{it}": {}"#, link.replace("NEXT", &next))
            };
            let all: Vec<_> = (0..length).map(one).collect();
            format!(
                r##"{{"$ref": "#/definitions/D0", "definitions": {{{}, "D{length}": {{"type": "{ty}"}}}}}}"##,
                all.join(", ")
            )
        };
        all(&definitions("string"), &definitions("integer"));
    }
}

#[test]
fn definitions_that_multiply_end() {
    let doubling = |ty: &str| {
        let one = |it: usize| {
            let next = it + 1;
            format!(
                r##""D{it}": {{"properties": {{"a": {{"$ref": "#/definitions/D{next}"}}, "b": {{"$ref": "#/definitions/D{next}"}}}}}}"##
            )
        };
        let all: Vec<_> = (0..60).map(one).collect();
        format!(r##"{{"$ref": "#/definitions/D0", "definitions": {{{}, "D60": {{"type": "{ty}"}}}}}}"##, all.join(", "))
    };
    let (old, new) = (doubling("string"), doubling("integer"));
    for profile in Profile::ALL {
        assert_eq!(compared(&old, &new, Mode::Backward, profile).len(), 1, "{profile:?}");
    }
}

#[test]
fn large_lists_end() {
    let values: Vec<String> = (0..20_000).map(|it| format!("\"v{it}\"")).collect();
    let branches =
        |shift: usize| (0..100).map(|it| format!(r#"{{"const": {}}}"#, it + shift)).collect::<Vec<_>>().join(", ");
    let of = |keyword: &str, inner: &str| {
        format!(r#"{{"$schema": "http://json-schema.org/draft-07/schema#", "{keyword}": [{inner}]}}"#)
    };
    for profile in Profile::ALL {
        let lost = |old: &str, new: &str| compared(old, new, Mode::Backward, profile).len();
        let (all, fewer) = (of("enum", &values.join(", ")), of("enum", &values[1..].join(", ")));
        assert_eq!((lost(&all, &fewer), lost(&fewer, &all)), (1, 0), "{profile:?}");
        // Karapace pairs the branches by their types, and does not look at constants.
        let branch = usize::from(profile != Profile::Karapace);
        assert_eq!(lost(&of("oneOf", &branches(0)), &of("oneOf", &branches(1))), branch, "{profile:?}");
    }
}

#[test]
fn more_pairs_than_can_be_compared_are_refused() {
    let branches =
        |shift: usize| (0..300).map(|it| format!(r#"{{"maxLength": {}}}"#, it + shift)).collect::<Vec<_>>().join(", ");
    let schema = |shift| format!(r#"{{"anyOf": [{}]}}"#, branches(shift));
    let error =
        compare(&[&schema(0)], &schema(1), Language::JsonSchema, Mode::Backward, Profile::Karapace).unwrap_err();
    assert!(error.message.contains("too large"), "{}", error.message);
}

#[test]
fn patterns_cannot_stall() {
    let schema = |property: &str| {
        format!(
            r#"{{"type": "object", "properties": {{{property}}}, "additionalProperties": false,
            "patternProperties": {{"^(a+)+$": {{}}, "(?=x)": {{}}, "(": {{}}, "(a{{1000}}){{1000}}": {{}}}}}}"#
        )
    };
    let name = "a".repeat(2_000);
    all(&schema(&format!(r#""{name}!": {{"type": "string"}}"#)), &schema(""));
}

/// Values with the keywords of schemas in every place, of every type.
fn anything() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "string",
        "integer",
        "number",
        "object",
        "array",
        "null",
        "#",
        "#/definitions/a",
        "#/properties/a",
        "other.json",
        "a",
        "^a",
        "http://json-schema.org/draft-04/schema#",
        "https://json-schema.org/draft/2020-12/schema",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2_i64..4).prop_map(Value::from),
        Just(json!(0.5)),
        word.prop_map(Value::from),
    ];
    let keys = prop::sample::select(vec![
        "$schema",
        "$ref",
        "$id",
        "id",
        "$anchor",
        "$defs",
        "definitions",
        "type",
        "enum",
        "const",
        "not",
        "if",
        "then",
        "else",
        "allOf",
        "anyOf",
        "oneOf",
        "properties",
        "patternProperties",
        "additionalProperties",
        "unevaluatedProperties",
        "propertyNames",
        "required",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "items",
        "prefixItems",
        "additionalItems",
        "unevaluatedItems",
        "contains",
        "minContains",
        "maxLength",
        "minimum",
        "exclusiveMaximum",
        "multipleOf",
        "maxItems",
        "uniqueItems",
        "pattern",
        "format",
        "default",
        "a",
        "b",
    ]);
    leaf.prop_recursive(5, 48, 5, move |inner| {
        prop_oneof![
            3 => prop::collection::vec((keys.clone(), inner.clone()), 0..5).prop_map(|it| Value::Object(it.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())),
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::Array),
        ]
    })
}

proptest! {
    #[test]
    fn any_two_values_can_be_compared(old in anything(), new in anything()) {
        all(&old.to_string(), &new.to_string());
    }

    #[test]
    fn a_schema_fits_itself(schema in anything()) {
        // In another layout, so that the texts are not the same.
        let (old, new) = (schema.to_string(), serde_json::to_string_pretty(&schema).unwrap());
        for profile in Profile::ALL {
            if let Ok(found) = compare(&[&old], &new, Language::JsonSchema, Mode::Full, profile) {
                prop_assert_eq!(found, []);
            }
        }
    }

    #[test]
    fn the_other_way_round_breaks_the_other_side(old in anything(), new in anything()) {
        let (old, new) = (old.to_string(), new.to_string());
        for profile in Profile::ALL {
            let sides = |one: &str, other: &str| {
                let found = compare(&[one], other, Language::JsonSchema, Mode::Full, profile).unwrap_or_default();
                let breaks = |side| found.iter().filter(|it| it.breaks.contains(&side)).map(|it| (it.kind, it.path.clone())).collect::<Vec<_>>();
                (breaks(Side::Backward), breaks(Side::Forward))
            };
            let ((backward, forward), (there, back)) = (sides(&old, &new), sides(&new, &old));
            prop_assert_eq!((backward.len(), forward.len()), (back.len(), there.len()));
        }
    }

    #[test]
    fn any_two_texts_end(old in "\\PC{0,60}", new in "[\\[\\]{}:,\"a-z$ -]{0,60}") {
        all(&old, &new);
    }
}
