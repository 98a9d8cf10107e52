//! The strict and the lenient policy of Confluent.

use super::*;

/// An object with these properties and whatever else is said of it.
fn object(properties: &str, rest: &str) -> String {
    format!(r#"{{"type": "object", "properties": {{{properties}}}{rest}}}"#)
}

const CLOSED: &str = r#", "additionalProperties": false"#;
const ID: &str = r#""id": {"type": "string"}"#;
const ID_AND_NOTE: &str = r#""id": {"type": "string"}, "note": {"type": "string"}"#;

#[test]
fn properties_may_be_added_to_closed_models_and_removed_from_open_ones() {
    let backward = |old: &str, new: &str| changes(old, new, Mode::Backward, Profile::Confluent);
    assert_eq!(backward(&object(ID, CLOSED), &object(ID_AND_NOTE, CLOSED)), [""; 0]);
    assert_eq!(
        backward(&object(ID, ""), &object(ID_AND_NOTE, "")),
        ["OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL /properties/note `\"note\"`"]
    );
    assert_eq!(backward(&object(ID_AND_NOTE, ""), &object(ID, "")), [""; 0]);
    assert_eq!(
        backward(&object(ID_AND_NOTE, CLOSED), &object(ID, CLOSED)),
        ["PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL /properties/note `false`"]
    );
    assert_eq!(backward(&object(ID, ""), &object(r#""id": {"type": "string"}, "note": {}"#, "")), [""; 0]);
}

#[test]
fn the_lenient_policy_lets_optional_properties_come_and_go() {
    for (old, new, is_lenient) in [
        (object(ID, ""), object(ID_AND_NOTE, ""), true),
        (object(ID_AND_NOTE, CLOSED), object(ID, CLOSED), true),
        (object(ID, ""), object(ID, CLOSED), true),
        (object(ID, ""), object(ID_AND_NOTE, r#", "required": ["note"]"#), false),
        (object(ID, CLOSED), object(ID_AND_NOTE, r#", "required": ["note"], "additionalProperties": false"#), false),
        (object(ID, ""), object(r#""id": {"type": "integer"}"#, ""), false),
    ] {
        assert!(!fits(&old, &new, Profile::Confluent), "{old} {new}");
        assert_eq!(fits(&old, &new, Profile::ConfluentLenient), is_lenient, "{old} {new}");
    }
}

#[test]
fn a_required_property_needs_a_default() {
    let required = r#", "additionalProperties": false, "required": ["note"]"#;
    let with_default = r#""id": {"type": "string"}, "note": {"type": "string", "default": ""}"#;
    assert_eq!(
        kinds(&object(ID, CLOSED), &object(ID_AND_NOTE, required)),
        ["REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL"]
    );
    assert_eq!(kinds(&object(ID, CLOSED), &object(with_default, required)), [""; 0]);
    assert_eq!(
        changes(&object(ID_AND_NOTE, CLOSED), &object(ID_AND_NOTE, required), Mode::Backward, Profile::Confluent),
        ["REQUIRED_ATTRIBUTE_ADDED /required/note `\"note\"`"]
    );
    assert_eq!(kinds(&object(with_default, CLOSED), &object(with_default, required)), [""; 0]);
    assert_eq!(kinds(&object(ID_AND_NOTE, required), &object(ID_AND_NOTE, CLOSED)), [""; 0]);
}

#[test]
fn partially_open_models_cover_what_fits_their_rule() {
    let partly = |ty: &str| format!(r#", "additionalProperties": {{"type": "{ty}"}}"#);
    let pattern = r#", "patternProperties": {"^n": {"type": "string"}}, "additionalProperties": false"#;
    let (without, with) = (object(ID, &partly("string")), object(ID_AND_NOTE, &partly("string")));
    assert_eq!(changes(&without, &with, Mode::Full, Profile::Confluent), [""; 0]);
    assert_eq!(
        kinds(&object(ID, &partly("integer")), &object(ID_AND_NOTE, &partly("integer"))),
        ["TYPE_CHANGED", "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"]
    );
    assert_eq!(kinds(&object(ID_AND_NOTE, CLOSED), &object(ID, pattern)), [""; 0]);
    assert_eq!(
        kinds(&object(r#""id": {"type": "string"}, "nr": {"type": "integer"}"#, CLOSED), &object(ID, pattern)),
        ["TYPE_CHANGED", "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"]
    );
    assert_eq!(kinds(&object(ID, &partly("integer")), &object(ID, &partly("number"))), [""; 0]);
    assert_eq!(kinds(&object(ID, ""), &object(ID, &partly("string"))), ["ADDITIONAL_PROPERTIES_NARROWED"]);
    assert_eq!(kinds(&object(ID, &partly("string")), &object(ID, "")), [""; 0]);
}

#[test]
fn unevaluated_properties_close_a_model_of_2020_12() {
    let modern = |properties: &str, rest: &str| {
        format!(r#"{{{DRAFT_2020}, "type": "object", "properties": {{{properties}}}{rest}}}"#)
    };
    let closed = r#", "unevaluatedProperties": false"#;
    assert_eq!(kinds(&modern(ID, closed), &modern(ID_AND_NOTE, closed)), [""; 0]);
    assert_eq!(
        kinds(&modern(ID_AND_NOTE, closed), &modern(ID, closed)),
        ["PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL"]
    );
    assert_eq!(kinds(&modern(ID, ""), &modern(ID, closed)), ["UNEVALUATED_PROPERTIES_REMOVED"]);
    // Up to draft 7 nobody knows the keyword.
    assert_eq!(kinds(&object(ID, ""), &object(ID, closed)), [""; 0]);
}

#[test]
fn limits_may_be_loosened() {
    for (keyword, loose, tight, tighter, added) in [
        ("maxLength", "10", "5", "MAX_LENGTH_DECREASED", "MAX_LENGTH_ADDED"),
        ("minLength", "1", "2", "MIN_LENGTH_INCREASED", "MIN_LENGTH_ADDED"),
        ("maximum", "10", "9.5", "MAXIMUM_DECREASED", "MAXIMUM_ADDED"),
        ("exclusiveMinimum", "1", "1.5", "EXCLUSIVE_MINIMUM_INCREASED", "EXCLUSIVE_MINIMUM_ADDED"),
        ("maxItems", "10", "5", "MAX_ITEMS_DECREASED", "MAX_ITEMS_ADDED"),
        ("minProperties", "0", "1", "MIN_PROPERTIES_INCREASED", "MIN_PROPERTIES_ADDED"),
        ("multipleOf", "0.1", "0.3", "MULTIPLE_OF_EXPANDED", "MULTIPLE_OF_ADDED"),
    ] {
        let ty = match keyword {
            "maxLength" | "minLength" => "string",
            "maxItems" => "array",
            "minProperties" => "object",
            _ => "number",
        };
        let schema = |value: &str| format!(r#"{{"type": "{ty}", "{keyword}": {value}}}"#);
        let free = format!(r#"{{"type": "{ty}"}}"#);
        assert_eq!(kinds(&schema(loose), &schema(tight)), [tighter]);
        assert_eq!(kinds(&schema(tight), &schema(loose)), [""; 0]);
        assert_eq!(kinds(&free, &schema(loose)), [added]);
        assert_eq!(kinds(&schema(loose), &free), [""; 0]);
    }
}

#[test]
fn types_may_only_widen() {
    let ty = |name: &str| format!(r#"{{"type": {name}}}"#);
    for (old, new, expected) in [
        (r#""integer""#, r#""number""#, None),
        (r#""number""#, r#""integer""#, Some("TYPE_NARROWED")),
        (r#""string""#, r#""integer""#, Some("TYPE_CHANGED")),
        (r#""string""#, r#"["string", "null"]"#, None),
        (r#"["string", "null"]"#, r#""string""#, Some("TYPE_CHANGED")),
        (r#"["string", "null"]"#, r#"["null", "string"]"#, None),
        (r#"["string", "null", "integer"]"#, r#"["string", "null"]"#, Some("SUM_TYPE_NARROWED")),
        (r#""money""#, r#""money""#, None),
        (r#""money""#, r#""amount""#, Some("TYPE_CHANGED")),
    ] {
        assert_eq!(kinds(&ty(old), &ty(new)), expected.into_iter().collect::<Vec<_>>(), "{old} {new}");
    }
}

#[test]
fn combinations_are_matched_whatever_their_order() {
    let list = |keyword: &str, branches: &str| format!(r#"{{"{keyword}": [{branches}]}}"#);
    let (text, number, flag) = (r#"{"type": "string"}"#, r#"{"type": "number"}"#, r#"{"type": "boolean"}"#);
    let of = |branches: &[&str]| branches.join(", ");
    for (old, new, expected) in [
        (list("oneOf", &of(&[text, number])), list("oneOf", &of(&[number, text, flag])), None),
        (list("oneOf", &of(&[text, number])), list("oneOf", text), Some("SUM_TYPE_NARROWED")),
        (list("allOf", text), list("allOf", &of(&[text, r#"{"maxLength": 3}"#])), Some("PRODUCT_TYPE_EXTENDED")),
        (list("allOf", &of(&[text, r#"{"maxLength": 3}"#])), list("allOf", text), None),
        (list("oneOf", &of(&[text, number])), list("anyOf", &of(&[text, number])), None),
        (list("anyOf", &of(&[text, number])), list("oneOf", &of(&[text, number])), Some("COMBINED_TYPE_CHANGED")),
        (
            list("anyOf", &of(&[text, number])),
            list("anyOf", &of(&[text, flag])),
            Some("COMBINED_TYPE_SUBSCHEMAS_CHANGED"),
        ),
        (list("anyOf", &of(&[text, text])), list("anyOf", text), None),
        (text.to_owned(), list("anyOf", &of(&[number, text])), None),
        (list("allOf", text), text.to_owned(), None),
    ] {
        assert_eq!(kinds(&old, &new), expected.into_iter().collect::<Vec<_>>(), "{old} {new}");
    }
    // Both branches take the first one's messages, and only one of them the other's.
    let (short, long) = (r#"{"type": "string", "maxLength": 3}"#, r#"{"type": "string", "maxLength": 9}"#);
    assert_eq!(
        kinds(
            &list("anyOf", &of(&[short, long])),
            &list("anyOf", &of(&[long, r#"{"type": "string", "maxLength": 4}"#]))
        ),
        [""; 0]
    );
}

#[test]
fn tuples_are_compared_item_by_item_in_every_draft() {
    let seven =
        |items: &str, rest: &str| format!(r#"{{"type": "array", "items": [{items}], "additionalItems": {rest}}}"#);
    let modern = |items: &str, rest: &str| {
        format!(r#"{{{DRAFT_2020}, "type": "array", "prefixItems": [{items}], "items": {rest}}}"#)
    };
    let (one, two) = (r#"{"type": "string"}"#, r#"{"type": "string"}, {"type": "integer"}"#);
    for tuple in [&seven as &dyn Fn(&str, &str) -> String, &modern] {
        assert_eq!(kinds(&tuple(one, "false"), &tuple(two, "false")), [""; 0]);
        assert_eq!(kinds(&tuple(two, "false"), &tuple(one, "false")), ["ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL"]);
        assert_eq!(kinds(&tuple(one, "true"), &tuple(two, "true")), ["ITEM_ADDED_TO_OPEN_CONTENT_MODEL"]);
        assert_eq!(kinds(&tuple(two, "true"), &tuple(one, "true")), [""; 0]);
        assert_eq!(kinds(&tuple(two, "false"), &tuple(one, r#"{"type": "number"}"#)), [""; 0]);
        assert_eq!(kinds(&tuple(one, "true"), &tuple(one, "false")), ["ADDITIONAL_ITEMS_REMOVED"]);
    }
    assert_eq!(kinds(r#"{"type": "array"}"#, r#"{"type": "array", "items": {"type": "string"}}"#), ["SCHEMA_ADDED"]);
}

#[test]
fn dependencies_and_negations_may_demand_less() {
    let seven = |names: &str| format!(r#"{{"type": "object", "dependencies": {{"card": [{names}]}}}}"#);
    let modern =
        |names: &str| format!(r#"{{{DRAFT_2020}, "type": "object", "dependentRequired": {{"card": [{names}]}}}}"#);
    for schema in [&seven as &dyn Fn(&str) -> String, &modern] {
        assert_eq!(kinds(&schema(r#""name""#), &schema(r#""name", "address""#)), ["DEPENDENCY_ARRAY_EXTENDED"]);
        assert_eq!(kinds(&schema(r#""name", "address""#), &schema(r#""name""#)), [""; 0]);
        assert_eq!(kinds(&schema(r#""name""#), &schema(r#""address""#)), ["DEPENDENCY_ARRAY_CHANGED"]);
    }
    let not = |ty: &str| format!(r#"{{"not": {{"type": "{ty}"}}}}"#);
    assert_eq!(kinds(&not("number"), &not("integer")), [""; 0]);
    assert_eq!(kinds(&not("integer"), &not("number")), ["NOT_TYPE_EXTENDED"]);
}

#[test]
fn contains_counts_in_2020_12() {
    let list = |rest: &str| format!(r#"{{{DRAFT_2020}, "type": "array"{rest}}}"#);
    let contains = r#", "contains": {"type": "string"}"#;
    assert_eq!(kinds(&list(""), &list(contains)), ["MIN_CONTAINS_ADDED"]);
    assert_eq!(kinds(&list(contains), &list("")), [""; 0]);
    assert_eq!(kinds(&list(contains), &list(&format!(r#"{contains}, "minContains": 2"#))), ["MIN_CONTAINS_INCREASED"]);
    assert_eq!(kinds(&list(contains), &list(&format!(r#"{contains}, "maxContains": 2"#))), ["MAX_CONTAINS_ADDED"]);
}

#[test]
fn values_may_be_added() {
    let of = |values: &str| format!(r#"{{"type": "string", "enum": [{values}]}}"#);
    assert_eq!(kinds(&of(r#""open", "done""#), &of(r#""done", "open", "late""#)), [""; 0]);
    assert_eq!(kinds(r#"{"enum": ["open", "done"]}"#, r#"{"enum": ["open"]}"#), ["ENUM_ARRAY_NARROWED"]);
    assert_eq!(kinds(r#"{"enum": [1, 2]}"#, r#"{"enum": [1.0, 3]}"#), ["ENUM_ARRAY_CHANGED"]);
    assert_eq!(kinds(r#"{"const": {"a": 1, "b": 2}}"#, r#"{"const": {"b": 2, "a": 1}}"#), [""; 0]);
    assert_eq!(kinds(r#"{"const": 1}"#, r#"{"const": 2}"#), ["ENUM_ARRAY_CHANGED"]);
}

#[test]
fn people_are_told_what_breaks_whom() {
    let old = r#"{
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": {"type": "string", "maxLength": 36},
    "state": {"enum": ["open", "done", "late"]},
    "total": {"type": "number"},
    "note": {"type": "string"}
  },
  "additionalProperties": false
}"#;
    let new = r#"{
  "type": "object",
  "required": ["id", "total", "currency"],
  "properties": {
    "id": {"type": "string", "maxLength": 20},
    "state": {"enum": ["open", "done"]},
    "total": {"type": "string"},
    "currency": {"type": "string"}
  },
  "additionalProperties": false
}"#;
    insta::assert_snapshot!(told(old, new, Profile::Confluent));
}

#[test]
fn a_list_of_types_and_any_of_in_one_schema_are_two_demands() {
    let both = r#"{"type": ["object", "integer"], "anyOf": [{"type": "string"}]}"#;
    assert_eq!(kinds(both, &format!(r#"{{"anyOf": [{both}, {{}}]}}"#)), ["COMBINED_TYPE_SUBSCHEMAS_CHANGED"]);
    let apart = r#"{"allOf": [{"type": ["object", "integer"]}, {"anyOf": [{"type": "string"}]}]}"#;
    assert_eq!(kinds(both, apart), [""; 0]);
    // The type that is new is shown, not the branches beside the list.
    let fewer = r#"{"type": ["object", "null"], "anyOf": [{"type": "string"}]}"#;
    assert_eq!(
        changes(both, fewer, Mode::Backward, Profile::Confluent),
        [r#"COMBINED_TYPE_SUBSCHEMAS_CHANGED  `"null"`"#]
    );
}
