//! Fields keep their name, their place in a oneof and how often they may occur.

use archwright_syntax::Span;

use super::super::pairs::{Annotations, Pairs};
use crate::protobuf::schema::{Cardinality, Field};
use crate::protobuf::tree::{Constant, Scalar, Type, place, value, word};

/// Where a field sets an option. Nobody sets an option on the key or the value of a map.
pub(super) fn option_span(field: &Field<'_>, root: &str, path: &str) -> Option<Span> {
    if field.node.synthetic { None } else { place(&field.node.options, root, path) }
}

/// Reports a change at an option of both fields, or at the fields.
pub(super) fn at_option(
    pairs: &Pairs<'_>,
    old: &Field<'_>,
    new: &Field<'_>,
    option: &str,
    message: String,
    out: &mut Annotations,
) {
    let span = |it: &Field<'_>| option_span(it, option, option).unwrap_or(it.node.span);
    out.add(pairs.is(new.file, span(new)), pairs.was(old.file, span(old)), message);
}

/// `FIELD_SAME_NAME`
pub(in super::super) fn same_name(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in &pairs.fields {
        if old.name() != new.name() {
            let message = format!(
                "Field {} of `{}` changed its name from `{}` to `{}`.",
                new.node.number,
                new.owner(),
                old.name(),
                new.name()
            );
            out.add(pairs.is(new.file, new.node.name_span), pairs.was(old.file, old.node.name_span), message);
        }
    }
}

/// `FIELD_SAME_JSON_NAME`
pub(in super::super) fn same_json_name(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.fields.iter().filter(|it| it.0.extension.is_none()) {
        let (before, after) = (json_name(old), json_name(new));
        if before != after {
            let message = format!("{} changed its name in JSON from `{before}` to `{after}`.", new.description());
            at_option(pairs, old, new, "json_name", message, out);
        }
    }
}

fn json_name(field: &Field<'_>) -> String {
    if let Some(Constant::Text(name)) = value(&field.node.options, "json_name") {
        return String::from_utf8_lossy(name).into_owned();
    }
    let mut name = String::with_capacity(field.node.name.len());
    let mut upper = false;
    for char in field.node.name.chars() {
        match char {
            '_' => upper = true,
            _ if upper => {
                name.push(char.to_ascii_uppercase());
                upper = false;
            }
            _ => name.push(char),
        }
    }
    name
}

/// `FIELD_SAME_JSTYPE`
pub(in super::super) fn same_jstype(pairs: &Pairs<'_>, out: &mut Annotations) {
    let is_long = |it: &Field<'_>| {
        use Scalar::{Fixed64, Int64, Sfixed64, Sint64, Uint64};
        matches!(it.node.ty, Type::Scalar(Int64 | Uint64 | Sint64 | Fixed64 | Sfixed64))
    };
    for (old, new) in pairs.fields.iter().filter(|it| is_long(&it.0) && is_long(&it.1)) {
        let before = word(&old.node.options, "jstype").unwrap_or("JS_NORMAL");
        let after = word(&new.node.options, "jstype").unwrap_or("JS_NORMAL");
        if before != after {
            let message = format!("{} changed its option `jstype` from {before} to {after}.", new.description());
            at_option(pairs, old, new, "jstype", message, out);
        }
    }
}

/// `FIELD_SAME_ONEOF`
pub(in super::super) fn same_oneof(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.fields.iter().filter(|it| it.0.extension.is_none()) {
        let what = match (old.oneof(), new.oneof()) {
            (Some(before), Some(after)) if before.name != after.name => {
                format!("moved from the oneof `{}` to the oneof `{}`", before.name, after.name)
            }
            (Some(before), None) => format!("moved out of the oneof `{}`", before.name),
            (None, Some(after)) => format!("moved into the oneof `{}`", after.name),
            _ => continue,
        };
        let message = format!("{} {what}.", new.description());
        out.add(pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span), message);
    }
}

/// `FIELD_SAME_CARDINALITY`
pub(in super::super) fn same_cardinality(pairs: &Pairs<'_>, out: &mut Annotations) {
    cardinality(pairs, |it| it as u8, out);
}

/// `FIELD_WIRE_COMPATIBLE_CARDINALITY`
pub(in super::super) fn wire_cardinality(pairs: &Pairs<'_>, out: &mut Annotations) {
    let group = |it| match it {
        Cardinality::Explicit | Cardinality::Implicit => 0,
        Cardinality::Required => 1,
        Cardinality::Repeated | Cardinality::Map => 2,
    };
    cardinality(pairs, group, out);
}

/// `FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY`
pub(in super::super) fn wire_json_cardinality(pairs: &Pairs<'_>, out: &mut Annotations) {
    let group = |it| match it {
        Cardinality::Explicit | Cardinality::Implicit => 0,
        Cardinality::Required => 1,
        Cardinality::Repeated => 2,
        Cardinality::Map => 3,
    };
    cardinality(pairs, group, out);
}

/// Reports fields whose cardinality left its group. How often the key and the value of a map occur is fixed.
fn cardinality(pairs: &Pairs<'_>, group: impl Fn(Cardinality) -> u8, out: &mut Annotations) {
    for (old, new) in pairs.fields.iter().filter(|it| !(it.0.is_entry() && it.1.is_entry())) {
        let (before, after) = (old.cardinality(), new.cardinality());
        if group(before) != group(after) {
            let message = format!("{} changed from {} to {}.", new.description(), before.name(), after.name());
            out.add(pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span), message);
        }
    }
}
