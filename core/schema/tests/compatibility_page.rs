//! The tables of changes in `docs/system/compatibility.md` are what the comparison says.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{fmt::Write as _, fs, path::Path};

use archwright_schema::{
    Language,
    compatibility::{Mode, Profile, compare},
};

const DRAFT: &str = r#""$schema": "http://json-schema.org/draft-07/schema#", "type": "object""#;
const ID: &str = r#""id": {"type": "string"}"#;
const NOTE: &str = r#""id": {"type": "string"}, "note": {"type": "string"}"#;
const NOTE_WITH_DEFAULT: &str = r#""id": {"type": "string"}, "note": {"type": "string", "default": ""}"#;

/// A change in words, with the properties and the required ones before and after it.
type Row = (&'static str, (&'static str, &'static str), (&'static str, &'static str));

const PROPERTIES: [Row; 6] = [
    ("Add an optional property", (ID, ""), (NOTE, "")),
    ("Add a required property", (ID, ""), (NOTE, r#""note""#)),
    ("Add a required property with a default", (ID, ""), (NOTE_WITH_DEFAULT, r#""note""#)),
    ("Remove an optional property", (NOTE, ""), (ID, "")),
    ("Remove a required property", (NOTE, r#""note""#), (ID, "")),
    ("Make an optional property required", (NOTE, ""), (NOTE, r#""note""#)),
];

/// Changes of one property, which the content model has no part in.
const VALUES: [(&str, &str, &str); 6] = [
    ("Widen a type (`integer` to `number`)", r#"{"type": "integer"}"#, r#"{"type": "number"}"#),
    ("Allow `null` as well", r#"{"type": "string"}"#, r#"{"type": ["string", "null"]}"#),
    ("Change a type (`string` to `integer`)", r#"{"type": "string"}"#, r#"{"type": "integer"}"#),
    ("Add a value to an `enum`", r#"{"enum": ["a"]}"#, r#"{"enum": ["a", "b"]}"#),
    ("Loosen a limit", r#"{"type": "string", "maxLength": 5}"#, r#"{"type": "string", "maxLength": 9}"#),
    (
        "Add an alternative to a `oneOf`",
        r#"{"oneOf": [{"type": "string"}]}"#,
        r#"{"oneOf": [{"type": "string"}, {"type": "boolean"}]}"#,
    ),
];

fn object(properties: &str, required: &str, is_closed: bool) -> String {
    format!(
        r#"{{{DRAFT}, "properties": {{{properties}}}, "required": [{required}]{}}}"#,
        if is_closed { CLOSED } else { "" }
    )
}

const CLOSED: &str = r#", "additionalProperties": false"#;

/// Changes of a Protobuf message: its members before and after.
const PROTOBUF: [(&str, &str, &str); 13] = [
    ("Add a field", "", "string b = 2;"),
    ("Remove a field", "string b = 2;", ""),
    ("Remove a field and reserve it", "string b = 2;", "reserved 2; reserved \"b\";"),
    ("Rename a field", "string b = 2;", "string c = 2;"),
    ("Change the number of a field", "string b = 2;", "string b = 3;"),
    ("Widen a number (`int32` to `int64`)", "int32 b = 2;", "int64 b = 2;"),
    ("Change a type (`int32` to `string`)", "int32 b = 2;", "string b = 2;"),
    ("Mark a number `optional`", "int32 b = 2;", "optional int32 b = 2;"),
    ("Let an `optional` number repeat", "optional int32 b = 2;", "repeated int32 b = 2;"),
    ("Move a field into a new `oneof`", "string b = 2;", "oneof choice { string b = 2; }"),
    (
        "Move two fields into a new `oneof`",
        "string b = 2; string c = 3;",
        "oneof choice { string b = 2; string c = 3; }",
    ),
    ("Add a field to a `oneof`", "oneof choice { string b = 2; }", "oneof choice { string b = 2; string c = 3; }"),
    ("Add a value to an enum", "enum E { ZERO = 0; }", "enum E { ZERO = 0; ONE = 1; }"),
];

/// One line per change of a Protobuf message: the modes that allow it, by registry.
fn protobuf_table() -> String {
    let mut out = String::from("| Change | `confluent` | `karapace` | `apicurio` |\n|---|---|---|---|\n");
    for (change, old, new) in PROTOBUF {
        let file = |members: &str| format!("syntax = \"proto3\"; message A {{ string a = 1; {members} }}");
        let by = |profile| allowed(&file(old), &file(new), Language::Protobuf, profile);
        let [confluent, karapace, apicurio] = [Profile::Confluent, Profile::Karapace, Profile::Apicurio].map(by);
        writeln!(out, "| {change} | {confluent} | {karapace} | {apicurio} |").unwrap();
    }
    out
}

/// The modes that allow a change.
fn allowed(old: &str, new: &str, language: Language, profile: Profile) -> &'static str {
    let fits = |mode| compare(&[old], new, language, mode, profile).unwrap().is_empty();
    match (fits(Mode::Backward), fits(Mode::Forward)) {
        (true, true) => "all",
        (true, false) => "backward",
        (false, true) => "forward",
        (false, false) => "none",
    }
}

/// One line per change: the modes that allow it, by registry and content model.
fn table() -> String {
    let mut out = String::from("| Change |");
    for profile in Profile::ALL {
        write!(out, " `{0}`, open | `{0}`, closed |", profile.name()).unwrap();
    }
    out.push_str("\n|---|---|---|---|---|---|---|---|---|\n");
    let mut line = |change: &str, old: &dyn Fn(bool) -> String, new: &dyn Fn(bool) -> String| {
        write!(out, "| {change} |").unwrap();
        for profile in Profile::ALL {
            for is_closed in [false, true] {
                write!(out, " {} |", allowed(&old(is_closed), &new(is_closed), Language::JsonSchema, profile)).unwrap();
            }
        }
        out.push('\n');
    };
    for (change, old, new) in PROPERTIES {
        line(change, &|it| object(old.0, old.1, it), &|it| object(new.0, new.1, it));
    }
    line("Close the content model", &|_| object(ID, "", false), &|_| object(ID, "", true));
    for (change, old, new) in VALUES {
        let with = |value: &str, is_closed| object(&format!(r#""value": {value}"#), "", is_closed);
        line(change, &|it| with(old, it), &|it| with(new, it));
    }
    out
}

#[test]
fn the_tables_of_changes_are_up_to_date() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/system/compatibility.md");
    let page = fs::read_to_string(page).unwrap();
    for table in [table(), protobuf_table()] {
        assert!(page.contains(&table), "Put this table into docs/system/compatibility.md:\n{table}");
    }
}
