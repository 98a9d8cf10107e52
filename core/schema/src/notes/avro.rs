//! Notes on Avro schemas.

use archwright_syntax::{
    Span, TextEdit,
    data::{Node, Tree},
};

use super::{Advice, AdviceKind};
use crate::avro::types::{Field, Primitive, Shape, Type, TypeId, Types};
use crate::instance::avro::Checker;

/// Symbols that stand for what a reader does not know.
const UNKNOWN: [&str; 5] = ["UNKNOWN", "UNSPECIFIED", "UNDEFINED", "UNRECOGNIZED", "OTHER"];

pub(super) fn notes(tree: &Tree) -> Vec<Advice> {
    let Ok(types) = Types::of(tree) else { return Vec::new() };
    let mut notes = Vec::new();
    for ty in types.iter() {
        match &ty.shape {
            Shape::Enum { name, symbols, default: None } if symbols.nodes.len() > 1 => {
                notes.push(closed_enum(ty, name.simple(), &symbols.nodes));
            }
            Shape::Record { fields, .. } => {
                notes.extend(fields.iter().filter_map(|it| field_note(&types, it)));
            }
            _ => (),
        }
    }
    notes
}

fn closed_enum(ty: &Type<'_>, name: &str, symbols: &[Node<'_>]) -> Advice {
    let at = ty.node.get("name").unwrap_or(ty.node);
    let message = format!("The enum `{name}` has no default, so a reader fails on every symbol that it does not list.");
    let is_unknown = |it: &&str| {
        let upper = it.to_ascii_uppercase();
        UNKNOWN.iter().any(|word| upper == *word || upper.strip_suffix(word).is_some_and(|it| it.ends_with('_')))
    };
    let unknown = symbols.iter().filter_map(|it| it.as_str()).find(is_unknown);
    let behind = ty.node.get("symbols").map(Node::span);
    let edits =
        unknown.zip(behind).map(|(it, span)| TextEdit::insert(span.end as usize, format!(", \"default\": \"{it}\"")));
    Advice {
        kind: AdviceKind::ClosedEnum,
        span: at.span(),
        subject: name.into(),
        message,
        edits: edits.into_iter().collect(),
    }
}

fn field_note<'t>(types: &Types<'t>, field: &Field<'t>) -> Option<Advice> {
    let name = field.name;
    let note = |kind, at: Node<'_>, message, edits| {
        Some(Advice { kind, span: at.span(), subject: name.into(), message, edits })
    };
    let default = field.node.get("default");
    let written = field.node.get("type")?;
    if let Some(default) = default
        && let Some(first) = Checker::of_default(types).check(field.ty, default).into_iter().next()
    {
        let message = match types.get(field.ty).map(describe) {
            // The kind is right, and the value is not.
            _ if is_kind(types, field.ty, default) => {
                format!("The default of `{name}` does not fit its type: {}.", first.message)
            }
            ty => {
                let (kind, ty) = (default.kind().describe(), ty.unwrap_or("its type"));
                format!("The default of `{name}` is {kind}, which is no value of {ty}.")
            }
        };
        let null = default.as_str() == Some("null") && nulls(types, field.ty).is_some();
        let edits = if null { vec![TextEdit::replace(default.span(), "null")] } else { Vec::new() };
        return note(AdviceKind::UnfittingDefault, default, message, edits);
    }
    let null = nulls(types, field.ty)?;
    let at = field.node.get("name").unwrap_or(field.node);
    let first = |mut edits: Vec<TextEdit>| {
        edits.extend(null_first(written, null));
        edits
    };
    match default {
        None => {
            let message = format!(
                "`{name}` may be null but has no default, so a reader that knows it cannot read messages that were \
                written before it. Put `null` first in its union and give it the default `null`."
            );
            let edits = first(vec![TextEdit::insert(written.span().end as usize, ", \"default\": null")]);
            note(AdviceKind::NullableWithoutDefault, at, message, edits)
        }
        Some(default) if default.is_null() && null > 0 => {
            let message = format!(
                "The default of `{name}` is null, but `null` is not the first type of its union, which tools before \
                Avro 1.12 refuse. Put `null` first."
            );
            note(AdviceKind::NullableWithoutDefault, at, message, first(Vec::new()))
        }
        Some(_) => None,
    }
}

/// Whether a default has the kind that its type wants, by itself or by a branch of its union.
fn is_kind(types: &Types<'_>, ty: TypeId, default: Node<'_>) -> bool {
    use archwright_syntax::data::Kind;
    match types.get(ty).map(|it| &it.shape) {
        Some(Shape::Union(branches)) => branches.iter().any(|it| is_kind(types, *it, default)),
        Some(Shape::Primitive(Primitive::Int | Primitive::Long)) => default.kind() == Kind::Integer,
        Some(Shape::Primitive(Primitive::Bytes) | Shape::Fixed { .. }) => default.kind() == Kind::String,
        _ => false,
    }
}

/// At which place of a union `null` stands.
fn nulls(types: &Types<'_>, ty: TypeId) -> Option<usize> {
    let Shape::Union(branches) = &types.get(ty)?.shape else { return None };
    branches
        .iter()
        .position(|it| types.get(*it).is_some_and(|it| matches!(it.shape, Shape::Primitive(Primitive::Null))))
}

/// Moves the branch at `place` to the front of a union.
fn null_first(union: Node<'_>, place: usize) -> Vec<TextEdit> {
    let items: Vec<Span> = union.items().map(Node::span).collect();
    let before = place.checked_sub(1).and_then(|it| items.get(it));
    let (Some(first), Some(before), Some(null)) = (items.first(), before, items.get(place)) else { return Vec::new() };
    let delete = Span { start: before.end, end: null.end };
    vec![TextEdit::insert(first.start as usize, "\"null\", "), TextEdit::delete(delete)]
}

fn describe(ty: &Type<'_>) -> &'static str {
    match &ty.shape {
        Shape::Primitive(it) => it.name(),
        Shape::Array(_) => "an array",
        Shape::Map(_) => "a map",
        Shape::Fixed { .. } => "a fixed type",
        Shape::Enum { .. } => "the enum",
        Shape::Record { .. } => "the record",
        Shape::Union(_) => "any type of its union",
        Shape::Unknown => "its type",
    }
}
