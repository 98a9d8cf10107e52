//! Values that are read, and taken for other ones than were written: logical types that differ.
//!
//! The registries compare the types that values are written as and nothing else. The specification says of decimals
//! that two of them match if precision and scale do, so what changes there is told and left to people.

use archwright_syntax::data::Node;

use super::{Found, finding};
use crate::avro::logical::{Logical, logical};
use crate::avro::types::Type;

const KEEP: &str = "Keep what the values stand for and add a field with a default for the new form: readers take the \
    same bytes for another value, and no registry stops it.";

/// What a reader takes for another value than was written, although its type resolves.
pub(super) fn change<'t>(reader: &Type<'t>, writer: &Type<'t>) -> Option<Found<'t>> {
    // One that is wrong is ignored by readers, and told where the schema is checked.
    let (read, written) = (logical(reader).ok().flatten(), logical(writer).ok().flatten());
    let (kind, key, message) = match (read, written) {
        (Some(one), Some(other)) if one != other => {
            let key = differing(one, other);
            let effect = match (one, other) {
                (Logical::Decimal { scale: one, .. }, Logical::Decimal { scale: other, .. }) if one == other => {
                    "Avro does not take the two for the same type"
                }
                _ => "the same value stands for another one",
            };
            let message = format!("Written as {} and read as {}: {effect}.", other.describe(), one.describe());
            ("LOGICAL_TYPE_CHANGED", key, message)
        }
        (None, Some(it @ Logical::Decimal { .. })) => {
            let message = format!("Written as {} and read as plain bytes: readers see no number.", it.describe());
            ("LOGICAL_TYPE_CHANGED", "logicalType", message)
        }
        (Some(it @ Logical::Decimal { .. }), None) => {
            let message = format!("Written as plain bytes and read as {}: they may be no number.", it.describe());
            ("LOGICAL_TYPE_CHANGED", "logicalType", message)
        }
        _ => return None,
    };
    let mut found = Found { is_open: true, ..finding(kind, key, reader, writer, message, KEEP) };
    // What one of them leaves out stands where the other is said to be one.
    let place =
        |node: Node<'t>, at: Node<'t>| if node.id() == at.id() { node.get("logicalType").unwrap_or(at) } else { at };
    found.reader = place(reader.node, found.reader);
    found.writer = place(writer.node, found.writer);
    Some(found)
}

/// The key of a schema in which two logical types differ.
fn differing(one: Logical<'_>, other: Logical<'_>) -> &'static str {
    match (one, other) {
        (Logical::Decimal { scale: one, .. }, Logical::Decimal { scale: other, .. }) if one != other => "scale",
        (Logical::Decimal { .. }, Logical::Decimal { .. }) => "precision",
        _ => "logicalType",
    }
}
