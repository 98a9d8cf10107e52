//! Karapace and Apicurio, where they differ from Confluent and from each other.

use super::*;

#[test]
fn the_registries_do_not_agree() {
    let cases = [
        // A property becomes required: Karapace looks at the required properties of new ones only.
        (
            r#"{"properties": {"a": {"type": "string"}}}"#,
            r#"{"properties": {"a": {"type": "string"}}, "required": ["a"]}"#,
        ),
        // Rules for further properties that let all in.
        (r#"{"type": "object"}"#, r#"{"type": "object", "additionalProperties": true}"#),
        // What is not described by any keyword becomes a string.
        ("{}", r#"{"type": "string"}"#),
        // An enumeration of strings loses its list.
        (r#"{"type": "string", "enum": ["a"]}"#, r#"{"type": "string"}"#),
        // A property of an open model goes away.
        (r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#, r#"{"type": "object"}"#),
        // The multiple of a number.
        (r#"{"type": "number", "multipleOf": 2}"#, r#"{"type": "number", "multipleOf": 3}"#),
        // A dependency goes away.
        (r#"{"type": "object", "dependencies": {"a": ["b"]}}"#, r#"{"type": "object"}"#),
        // Two alternatives become any of the same two.
        (
            r#"{"oneOf": [{"type": "string"}, {"type": "null"}]}"#,
            r#"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#,
        ),
    ];
    let verdict = |(old, new): &(&str, &str), profile: Profile| if fits(old, new, profile) { "fits" } else { "breaks" };
    let line = |it: &(&str, &str)| {
        Profile::ALL.map(|profile| verdict(it, profile)).join(" ") + "  " + it.0 + " -> " + it.1 + "\n"
    };
    insta::assert_snapshot!(cases.iter().map(line).collect::<String>());
}

const OLD: &str = r#"{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
 "properties": {"id": {"type": "string", "minLength": 1}, "tags": {"type": "array", "items": {"type": "string"}},
  "paid": {"anyOf": [{"type": "boolean"}, {"type": "null"}]}},
 "additionalProperties": false}"#;
const NEW: &str = r#"{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
 "properties": {"id": {"type": "string", "minLength": 3}, "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}},
  "paid": {"anyOf": [{"type": "boolean"}]}, "note": {"type": "string"}},
 "required": ["note"], "additionalProperties": false}"#;

#[test]
fn karapace_tells_in_its_words() {
    insta::assert_snapshot!(told(OLD, NEW, Profile::Karapace));
}

#[test]
fn apicurio_tells_in_its_words() {
    insta::assert_snapshot!(told(OLD, NEW, Profile::Apicurio));
}

#[test]
fn apicurio_reads_draft_4_unless_told_otherwise() {
    let (old, new) = (r#"{"const": 1}"#, r#"{"const": 2}"#);
    let seven = |it: &str| it.replacen('{', r#"{"$schema": "http://json-schema.org/draft-07/schema#", "#, 1);
    assert!(fits(old, new, Profile::Apicurio));
    assert!(!fits(&seven(old), &seven(new), Profile::Apicurio));
    let exclusive = |it: bool| format!(r#"{{"type": "number", "minimum": 1, "exclusiveMinimum": {it}}}"#);
    assert!(fits(&exclusive(true), &exclusive(false), Profile::Apicurio));
    assert!(!fits(&exclusive(false), &exclusive(true), Profile::Apicurio));
}

#[test]
fn apicurio_compares_conditions_and_formats() {
    let schema = |rest: &str| format!(r#"{{"$schema": "http://json-schema.org/draft-07/schema#", {rest}}}"#);
    let fits = |old: &str, new: &str| fits(&schema(old), &schema(new), Profile::Apicurio);
    let when = r#""if": {"type": "string"}"#;
    assert!(fits(&format!(r#"{when}, "then": {{"maxLength": 3}}"#), &format!(r#"{when}, "then": {{"maxLength": 4}}"#)));
    assert!(!fits(
        &format!(r#"{when}, "then": {{"maxLength": 4}}"#),
        &format!(r#"{when}, "then": {{"maxLength": 3}}"#)
    ));
    assert!(!fits(when, &format!(r#"{when}, "else": {{"maxLength": 3}}"#)));
    assert!(!fits(r#""type": "string""#, r#""type": "string", "format": "date""#));
    assert!(fits(r#""type": "string""#, r#""type": "string", "format": "color""#));
    assert!(!fits(r#""enum": ["a"]"#, r#""const": "b""#) && fits(r#""enum": ["a"]"#, r#""const": "a""#));
}
