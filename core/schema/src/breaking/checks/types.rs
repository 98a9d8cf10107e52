//! Fields keep their type, or one that is written the same way.

use super::super::pairs::{Annotations, Pairs};
use super::enums::is_part;
use crate::protobuf::{
    schema::{Field, FieldType, Kind},
    tree::{Scalar, Syntax},
};

/// `FIELD_SAME_TYPE`
pub(in super::super) fn same(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in &pairs.fields {
        let (FieldType { kind: before, name: old_name }, FieldType { kind: after, name: new_name }) =
            (old.type_of(), new.type_of());
        let same = match (before, after) {
            // The index of an enum differs from side to side; its name tells.
            (Kind::Enum(_), Kind::Enum(_)) => true,
            _ => before == after,
        };
        if !same || old_name != new_name {
            changed(pairs, old, new, "", out);
        }
    }
}

/// `FIELD_WIRE_COMPATIBLE_TYPE`
pub(in super::super) fn wire(pairs: &Pairs<'_>, out: &mut Annotations) {
    let group = |kind| match kind {
        Kind::Scalar(it) => match it {
            Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Uint64 | Scalar::Bool => 1,
            Scalar::Sint32 | Scalar::Sint64 => 2,
            Scalar::String => 3,
            Scalar::Bytes => 4,
            Scalar::Fixed32 | Scalar::Sfixed32 => 5,
            Scalar::Fixed64 | Scalar::Sfixed64 => 6,
            Scalar::Double => 7,
            Scalar::Float => 8,
        },
        Kind::Group => 9,
        Kind::Message => 10,
        Kind::Enum(_) => 11,
    };
    for (old, new) in &pairs.fields {
        let why = match (old.kind(), new.kind()) {
            // Every string is a row of bytes.
            (Kind::Scalar(Scalar::String), Kind::Scalar(Scalar::Bytes)) => continue,
            (Kind::Scalar(Scalar::Bytes), Kind::Scalar(Scalar::String)) => " Bytes that are not UTF-8 are no string.",
            _ => " The two are written in different ways on the wire.",
        };
        compatible(pairs, old, new, group, why, out);
    }
}

/// `FIELD_WIRE_JSON_COMPATIBLE_TYPE`
pub(in super::super) fn wire_json(pairs: &Pairs<'_>, out: &mut Annotations) {
    let group = |kind| match kind {
        Kind::Scalar(it) => match it {
            Scalar::Int32 | Scalar::Uint32 => 1,
            Scalar::Int64 | Scalar::Uint64 => 2,
            Scalar::Fixed32 | Scalar::Sfixed32 => 3,
            Scalar::Fixed64 | Scalar::Sfixed64 => 4,
            Scalar::Bool => 5,
            Scalar::Sint32 => 6,
            Scalar::Sint64 => 7,
            Scalar::String => 8,
            Scalar::Bytes => 9,
            Scalar::Double => 10,
            Scalar::Float => 11,
        },
        Kind::Group => 12,
        Kind::Message => 13,
        Kind::Enum(_) => 14,
    };
    for (old, new) in &pairs.fields {
        let why = " The two are written in different ways on the wire or in JSON.";
        compatible(pairs, old, new, group, why, out);
    }
}

fn compatible(
    pairs: &Pairs<'_>,
    old: &Field<'_>,
    new: &Field<'_>,
    group: impl Fn(Kind) -> u8,
    why: &str,
    out: &mut Annotations,
) {
    let (FieldType { kind: before, name: old_name }, FieldType { kind: after, name: new_name }) =
        (old.type_of(), new.type_of());
    if group(before) != group(after) {
        changed(pairs, old, new, why, out);
    } else if old_name != new_name && !is_grown_enum(pairs, before, after) {
        changed(pairs, old, new, "", out);
    }
}

/// Whether both are enums of the same short name and the new one has all values of the old one.
fn is_grown_enum(pairs: &Pairs<'_>, before: Kind, after: Kind) -> bool {
    let (Kind::Enum(before), Kind::Enum(after)) = (before, after) else { return false };
    let (Some(before), Some(after)) = (pairs.old.enums.get(before), pairs.new.enums.get(after)) else { return false };
    before.node.name == after.node.name && is_part(before, after)
}

fn changed(pairs: &Pairs<'_>, old: &Field<'_>, new: &Field<'_>, why: &str, out: &mut Annotations) {
    let message = format!("{} changed its type from {} to {}.{why}", new.description(), shown(old), shown(new));
    out.add(pairs.is(new.file, new.node.type_span), pairs.was(old.file, old.node.type_span), message);
}

/// The type in the words of a message.
fn shown(field: &Field<'_>) -> String {
    let FieldType { kind, name } = field.type_of();
    let name = name.unwrap_or_default();
    match kind {
        Kind::Scalar(it) => format!("`{}`", it.name()),
        Kind::Enum(_) => format!("the enum `{name}`"),
        Kind::Message => format!("the message `{name}`"),
        Kind::Group if field.syntax() == Syntax::Proto2 => format!("the group `{name}`"),
        Kind::Group => format!("the delimited message `{name}`"),
    }
}
