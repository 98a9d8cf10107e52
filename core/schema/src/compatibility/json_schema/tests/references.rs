//! References, recursion and identifiers.

use super::*;

/// A schema with one property that refers to a definition.
fn with(reference: &str, definitions: &str) -> String {
    format!(r#"{{"type": "object", "properties": {{"item": {{"$ref": "{reference}"}}}}, {definitions}}}"#)
}

#[test]
fn a_reference_is_what_it_leads_to() {
    let inline = r#"{"type": "object", "properties": {"item": {"type": "string"}}}"#;
    for (reference, definitions) in [
        ("#/definitions/Item", r#""definitions": {"Item": {"type": "string"}}"#),
        ("#/$defs/Item", r#""$defs": {"Item": {"type": "string"}}"#),
        ("#/$defs/Item", r#""definitions": {"Item": {"type": "string"}}"#),
        ("#item", r##""definitions": {"Item": {"$id": "#item", "type": "string"}}"##),
        ("#item", r#""definitions": {"Item": {"$anchor": "item", "type": "string"}}"#),
        ("item.json", r#""definitions": {"Item": {"$id": "item.json", "type": "string"}}"#),
        (
            "https://shop.example/item.json#/definitions/Inner",
            r#""definitions": {"Item": {"$id": "https://shop.example/item.json", "definitions": {"Inner": {"type": "string"}}}}"#,
        ),
        (
            "#/definitions/A~1B%20C",
            r##""definitions": {"A/B C": {"$ref": "#/definitions/D"}, "D": {"type": "string"}}"##,
        ),
    ] {
        for profile in Profile::ALL {
            if profile == Profile::Apicurio && definitions.contains("$id") {
                // Without `$schema` it reads draft 4, where the key is `id`.
                continue;
            }
            let schema = with(reference, definitions);
            assert!(fits(inline, &schema, profile) && fits(&schema, inline, profile), "{schema} {profile:?}");
            let other = schema.replace(r#""type": "string""#, r#""type": "boolean""#);
            assert!(!fits(inline, &other, profile), "{other} {profile:?}");
        }
    }
}

#[test]
fn a_change_behind_two_references_is_told_once() {
    let schema = |ty: &str| {
        format!(
            r##"{{"type": "object", "properties": {{"home": {{"$ref": "#/$defs/Street"}}, "work": {{"$ref": "#/$defs/Street"}}}},
            "$defs": {{"Street": {{"type": "object", "properties": {{"name": {{"type": "{ty}"}}}}}}}}}}"##
        )
    };
    let found = compared(&schema("string"), &schema("integer"), Mode::Full, Profile::Confluent);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].path.as_str(), found[0].breaks.len()), ("/properties/home/properties/name", 2));
}

#[test]
fn schemas_that_contain_themselves_end() {
    let list = |ty: &str| {
        format!(
            r##"{{"type": "object", "properties": {{"value": {{"type": "{ty}"}}, "next": {{"$ref": "#"}}}}, "additionalProperties": false}}"##
        )
    };
    for profile in Profile::ALL {
        assert!(fits(&list("integer"), &list("number"), profile), "{profile:?}");
        assert!(!fits(&list("number"), &list("string"), profile), "{profile:?}");
    }
}

#[test]
fn circles_hide_nothing() {
    // Each definition leads to itself through another one, so a first look at one of them takes it for unchanged.
    let schema = |one: &str, two: &str| {
        let definition = |ty: &str, next: &str| {
            format!(
                r##"{{"type": "object", "properties": {{"id": {{"type": "{ty}"}}, "next": {{"oneOf": [{{"$ref": "#/definitions/{next}"}}]}}}}}}"##
            )
        };
        format!(
            r##"{{"properties": {{"root": {{"oneOf": [{{"$ref": "#/definitions/A"}}, {{"$ref": "#/definitions/B"}}]}}}},
            "definitions": {{"A": {}, "B": {}, "C": {}}}}}"##,
            definition(one, "C"),
            definition(two, "C"),
            definition("integer", "A")
        )
    };
    let (old, new) = (schema("integer", "boolean"), schema("boolean", "number"));
    for profile in Profile::ALL {
        assert!(!fits(&old, &new, profile), "{profile:?}");
        assert!(fits(&old, &old, profile), "{profile:?}");
    }
}

#[test]
fn what_stands_beside_a_reference_counts_since_2019_09() {
    let old = |draft: &str| format!(r##"{{{draft}"$ref": "#/$defs/A", "$defs": {{"A": {{"type": "string"}}}}}}"##);
    let new = |draft: &str| {
        format!(r##"{{{draft}"$ref": "#/$defs/A", "maxLength": 3, "$defs": {{"A": {{"type": "string"}}}}}}"##)
    };
    let modern = format!("{DRAFT_2020}, ");
    assert!(fits(&old(""), &new(""), Profile::Confluent));
    assert!(!fits(&old(&modern), &new(&modern), Profile::Confluent));
}

#[test]
fn a_reference_into_another_text_must_stay() {
    let schema = |file: &str| with(&format!("{file}#/A"), r#""definitions": {}"#);
    for profile in Profile::ALL {
        assert!(fits(&schema("item.json"), &schema("item.json"), profile), "{profile:?}");
        let found = compared(&schema("item.json"), &schema("thing.json"), Mode::Backward, profile);
        assert_eq!(found[0].path, "/properties/item", "{profile:?}");
    }
}

#[test]
fn a_text_that_is_no_schema_is_named_with_its_place() {
    for (text, place) in [
        (with("#/definitions/Gone", r#""definitions": {}"#), "\"#/definitions/Gone\""),
        (with("#/definitions/A", r##""definitions": {"A": {"$ref": "#/definitions/A"}}"##), "\"#/definitions/A\""),
        ("[1, 2]".to_owned(), "[1, 2]"),
        ("hello".to_owned(), "hello"),
        (String::new(), ""),
    ] {
        let error = compare(&["{}"], &text, Language::JsonSchema, Mode::Backward, Profile::Confluent).unwrap_err();
        assert_eq!((error.place.version, error.place.span.of(&text)), (1, place), "{}", error.message);
    }
}

#[test]
fn what_stands_in_another_text_is_unknown_and_no_break() {
    let of = |item: &str| format!(r#"{{"type": "object", "properties": {{"item": {item}}}}}"#);
    let remote = r#"{"$ref": "https://shop.example/item.json"}"#;
    let other = r#"{"$ref": "https://shop.example/thing.json"}"#;
    let inline = r#"{"type": "object", "properties": {"id": {"type": "string"}}}"#;
    for profile in Profile::ALL {
        for (old, new) in [
            (of(remote), of(inline)),
            (of(inline), of(remote)),
            (of(remote), of(other)),
            (
                of(&format!(r#"{{"type": "array", "items": {remote}}}"#)),
                of(&format!(r#"{{"type": "array", "items": {inline}}}"#)),
            ),
            (remote.to_owned(), inline.to_owned()),
            (
                of(&format!(r#"{{"oneOf": [{remote}, {{"type": "null"}}]}}"#)),
                of(&format!(r#"{{"oneOf": [{inline}, {{"type": "null"}}]}}"#)),
            ),
        ] {
            let found = compared(&old, &new, Mode::Full, profile);
            assert!(
                !found.is_empty() && found.iter().all(|it| it.is_open && it.breaks.is_empty()),
                "{old} {new} {found:?}"
            );
        }
        assert!(fits(&of(remote), &of(remote), profile));
        let (old, new) = (of(remote), r#"{"type": "array"}"#);
        assert!(compared(&old, new, Mode::Full, profile).iter().any(|it| !it.is_open), "what is known is told");
    }
}
