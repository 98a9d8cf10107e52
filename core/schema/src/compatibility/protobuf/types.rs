//! What a field holds on the wire.

use crate::protobuf::schema::{Field, Named};
use crate::protobuf::tree::{Label, Scalar, Type};

use super::files::{Side, is_map};

/// Built-in types and enums that can read each other (protobuf.dev, "Updating A Message Type").
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wire {
    /// Whole numbers, `bool` and enums.
    Varint,
    /// `sint32` and `sint64`.
    Zigzag,
    /// `string` and `bytes`.
    Bytes,
    /// `fixed32` and `sfixed32`.
    Fixed32,
    /// `fixed64` and `sfixed64`.
    Fixed64,
    Float,
    Double,
}

impl Wire {
    fn of(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Uint64 | Scalar::Bool => Self::Varint,
            Scalar::Sint32 | Scalar::Sint64 => Self::Zigzag,
            Scalar::String | Scalar::Bytes => Self::Bytes,
            Scalar::Fixed32 | Scalar::Sfixed32 => Self::Fixed32,
            Scalar::Fixed64 | Scalar::Sfixed64 => Self::Fixed64,
            Scalar::Float => Self::Float,
            Scalar::Double => Self::Double,
        }
    }
}

/// What a field holds.
pub(super) enum Holds<'a> {
    Scalar(Wire),
    /// With the message that stands for it.
    Map(usize),
    Message(Held<'a>),
}

/// A message that a field holds.
pub(super) enum Held<'a> {
    /// One that is known.
    Known(usize),
    /// The last part of the name of one that is not.
    Unknown(&'a str),
}

impl<'a> Held<'a> {
    /// The last part of its name.
    pub(super) fn name(&self, side: &'a Side<'_>) -> &'a str {
        match self {
            Self::Known(index) => side.message(*index).map_or("", |it| it.node.name.as_str()),
            Self::Unknown(name) => name,
        }
    }
}

/// What a field holds. What no file declares counts as a message.
pub(super) fn holds<'a>(side: &Side<'_>, field: &Field<'a>) -> Holds<'a> {
    let name = match &field.node.ty {
        Type::Scalar(it) => return Holds::Scalar(Wire::of(*it)),
        Type::Named(name) | Type::Map(name) | Type::Group(name) => name,
    };
    match side.schema.resolve(name, side.schema.scope(field.file, field.parent)).named {
        Some(Named::Enum(_)) => Holds::Scalar(Wire::Varint),
        // A map inside of a map cannot be written; a message that pretends to be one may even hold itself.
        Some(Named::Message(index))
            if !inside_map(side, field) && side.message(index).is_some_and(|it| is_map(it.node)) =>
        {
            Holds::Map(index)
        }
        Some(Named::Message(index)) => Holds::Message(Held::Known(index)),
        None => Holds::Message(Held::Unknown(name.rsplit('.').next().unwrap_or(name))),
    }
}

fn inside_map(side: &Side<'_>, field: &Field<'_>) -> bool {
    field.parent.and_then(|it| side.message(it)).is_some_and(|it| is_map(it.node))
}

/// The label that is written at a field.
pub(super) fn label(field: &Field<'_>) -> Option<&'static str> {
    match (&field.node.ty, field.node.label) {
        (Type::Map(_), _) | (_, Label::None) => None,
        (_, Label::Optional) => Some("optional"),
        (_, Label::Required) => Some("required"),
        (_, Label::Repeated) => Some("repeated"),
    }
}

/// The name of the `oneof` that a field stands in.
pub(super) fn oneof<'a>(field: &Field<'a>) -> Option<&'a str> {
    field.oneof().map(|it| it.name.as_str())
}

/// The key and the value of a map.
pub(super) fn entry<'s>(side: &'s Side<'_>, map: usize) -> [Option<Field<'s>>; 2] {
    ["key", "value"].map(|name| side.fields(map).find(|it| it.node.name == name))
}
