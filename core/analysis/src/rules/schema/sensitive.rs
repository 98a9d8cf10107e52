//! Which fields of a schema hold what must be handled with care, by their names and types.

use archwright_knowledge::lexicon::{FieldValue, Sensitivity, sensitivity};
use archwright_schema::Field;

use crate::rules::prelude::*;

/// A field and the term its name ends with.
pub(super) struct SensitiveField<'a> {
    pub(super) field: &'a Field,
    pub(super) term: String,
}

/// The fields of one sensitivity. What lies inside of such a field is part of it.
pub(super) fn fields<'a>(cx: &Context<'a>, wanted: Sensitivity) -> Vec<SensitiveField<'a>> {
    let Some(schema) = cx.facts().schema() else { return Vec::new() };
    let all = &schema.shape.fields;
    let mut found: Vec<SensitiveField<'a>> = Vec::new();
    for (at, field) in all.iter().enumerate() {
        if found.last().is_some_and(|it| is_inside(&field.path, &it.field.path)) {
            continue;
        }
        let Some((kind, term)) = sensitivity(&field.path, value_of(&field.ty), cx.config().sensitive()) else { continue };
        let has_parts = all.get(at + 1).is_some_and(|it| is_inside(&it.path, &field.path));
        // An object named `email` is a mail with parts of its own, not an address; an address has parts.
        let may_have_parts = ["address", "credentials"].iter().any(|it| term.ends_with(it));
        if kind == wanted && (!has_parts || may_have_parts) {
            found.push(SensitiveField { field, term });
        }
    }
    found
}

fn is_inside(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|it| it.starts_with(['.', '[', '{']))
}

/// What a type in the words of any schema language allows.
fn value_of(ty: &str) -> FieldValue {
    const FLAGS: [&str; 3] = ["boolean", "bool", "google.protobuf.BoolValue"];
    const NUMBERS: [&str; 18] = [
        "integer",
        "number",
        "int",
        "long",
        "float",
        "double",
        "int32",
        "int64",
        "uint32",
        "uint64",
        "sint32",
        "sint64",
        "fixed32",
        "fixed64",
        "sfixed32",
        "sfixed64",
        "google.protobuf.Int32Value",
        "google.protobuf.Int64Value",
    ];
    let bare = ty.trim_start_matches("array<").trim_start_matches("repeated ").trim_end_matches('>');
    let mut types = bare.split('|').map(|it| it.split('(').next().unwrap_or_default()).filter(|it| *it != "null").peekable();
    if types.peek().is_none() {
        return FieldValue::Other;
    }
    let types: Vec<&str> = types.collect();
    if types.iter().all(|it| FLAGS.contains(it)) {
        FieldValue::Flag
    } else if types.iter().all(|it| NUMBERS.contains(it)) {
        FieldValue::Number
    } else {
        FieldValue::Other
    }
}
