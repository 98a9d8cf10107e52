//! Schemas: what no value can meet, and what says less than it seems to.

use archwright_syntax::data::{Entry, Kind, Node};
use rustc_hash::FxHashSet;

use super::super::{Check, Sink, span_of};
use super::addresses::short;
use super::subject::{Subject, items};
use super::{error, instead, warning};

const UNDEFINED_REQUIRED_PROPERTY: Check =
    warning("undefined-required-property", "A schema requires a property that it does not define.", &[]);
const MISMATCHED_ENUM_VALUE: Check =
    warning("mismatched-enum-value", "A value in an `enum` is not of the type beside it.", &[]);
const IMPOSSIBLE_RANGE: Check =
    warning("impossible-range", "The least that a schema demands is more than the most that it allows.", &[]);
const REDUNDANT_BOUND: Check =
    warning("redundant-bound", "A range has two bounds at one end, with the value itself and without it.", &[]);
const UNDEFINED_DISCRIMINATOR: Check =
    error("undefined-discriminator", "A `discriminator` names no required property of its schema.", &[]);

pub(super) const CHECKS: &[Check] =
    &[UNDEFINED_REQUIRED_PROPERTY, MISMATCHED_ENUM_VALUE, IMPOSSIBLE_RANGE, REDUNDANT_BOUND, UNDEFINED_DISCRIMINATOR];

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    for object in subject.objects().filter(|it| matches!(it.form, "schema" | "headers")) {
        let schema = object.node;
        required(schema, sink);
        values(schema, sink);
        ranges(schema, sink);
        discriminator(schema, sink);
    }
}

/// Schemas beside which others may define properties.
pub(super) const COMPOSED: [&str; 5] = ["allOf", "anyOf", "oneOf", "if", "patternProperties"];

/// A required property that a closed schema does not have can never be there; one that an open schema has under a name
/// that is nearly the same is a slip.
fn required(schema: Node<'_>, sink: &mut Sink) {
    let Some(required) = schema.get("required").filter(|it| it.kind() == Kind::Sequence) else { return };
    let properties = schema.get("properties");
    let is_defined = |name: &str| properties.is_some_and(|it| it.get(name).is_some());
    let is_closed = schema.get("additionalProperties").and_then(Node::as_bool) == Some(false)
        && schema.get("patternProperties").is_none();
    let is_whole = COMPOSED.iter().all(|it| schema.get(it).is_none()) && !is_part(schema);
    let missing = items(required).filter_map(|it| Some((it, it.as_str()?))).filter(|it| !is_defined(it.1));
    let missing: Vec<_> = missing.filter(|_| is_closed || is_whole).collect();
    if missing.is_empty() {
        return;
    }
    let wanted: FxHashSet<&str> = items(required).filter_map(Node::as_str).collect();
    let names = || properties.into_iter().flat_map(Node::entries).map(|it| it.key);
    for (item, name) in missing {
        let meant = sink.nearest(name, names().filter(|it| !wanted.contains(it)));
        if meant.is_some() || is_closed {
            let message = format!(
                "`{}` is required, but it is no property{}",
                short(name),
                instead(meant, "properties", names())
            );
            sink.push_with(&UNDEFINED_REQUIRED_PROPERTY, span_of(item), message, meant.map(ToOwned::to_owned));
        }
    }
}

/// Whether a schema is but a part of another one, which may define more properties.
fn is_part(schema: Node<'_>) -> bool {
    let entry = schema.as_entry().or_else(|| schema.parent()?.as_entry());
    entry.is_some_and(|it| {
        matches!(it.key, "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" | "dependencies")
    }) || schema.parent().and_then(Node::as_entry).is_some_and(|it| it.key == "dependencies")
}

/// Values that are allowed, but are of another type than the one that is demanded.
fn values(schema: Node<'_>, sink: &mut Sink) {
    /// Other types are told by the checks of the structure.
    const KNOWN: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];
    let Some(kind) = schema.get("type") else { return };
    let kinds: Vec<&str> = kind.as_str().into_iter().chain(items(kind).filter_map(Node::as_str)).collect();
    if kinds.is_empty() || kinds.iter().any(|it| !KNOWN.contains(it)) {
        return;
    }
    let allowed = schema.get("enum").into_iter().flat_map(items);
    for value in allowed.chain(schema.get("const")).filter(|it| !kinds.iter().any(|kind| is_of(*it, kind))) {
        let message = format!(
            "This is {}, but the type is {}: the value is never allowed",
            value.kind().describe(),
            kinds.join(" or ")
        );
        let quoted =
            (kinds == ["string"] && !value.is_null()).then(|| value.scalar().map(|it| format!("\"{it}\""))).flatten();
        sink.push_with(&MISMATCHED_ENUM_VALUE, span_of(value), message, quoted);
    }
}

fn is_of(value: Node<'_>, kind: &str) -> bool {
    match value.kind() {
        Kind::Null => kind == "null",
        Kind::Bool => kind == "boolean",
        Kind::Integer => matches!(kind, "integer" | "number"),
        // JSON Schema takes 3.0 for an integer.
        Kind::Float => kind == "number" || (kind == "integer" && value.as_f64().is_some_and(|it| it.fract() == 0.0)),
        Kind::String => kind == "string",
        Kind::Sequence => kind == "array",
        Kind::Mapping => kind == "object",
    }
}

fn ranges(schema: Node<'_>, sink: &mut Sink) {
    let bound = |key: &str| schema.entry(key).and_then(|it| Some((it, it.value.as_f64()?)));
    for (least, most) in [("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties")] {
        if let Some((least, most)) = bound(least).zip(bound(most)).filter(|(least, most)| least.1 > most.1) {
            impossible(least.0, most.0, sink);
        }
    }
    let (least, above) = (bound("minimum"), bound("exclusiveMinimum"));
    let (most, below) = (bound("maximum"), bound("exclusiveMaximum"));
    for (inclusive, exclusive, is_narrower) in
        [(least, above, (|a, b| b >= a) as fn(f64, f64) -> bool), (most, below, |a, b| b <= a)]
    {
        if let Some((inclusive, exclusive)) = inclusive.zip(exclusive) {
            let (idle, other) = if is_narrower(inclusive.1, exclusive.1) {
                (inclusive.0, exclusive.0)
            } else {
                (exclusive.0, inclusive.0)
            };
            let message =
                format!("`{}` says nothing, because `{}` stands beside it and is narrower", idle.key, other.key);
            sink.push(&REDUNDANT_BOUND, idle.key_span, message);
        }
    }
    let narrowest = |inclusive: Option<(Entry<'_>, f64)>, exclusive: Option<(Entry<'_>, f64)>| {
        exclusive.is_some() && inclusive.is_none()
    };
    let lower = if narrowest(least, above) { above } else { least };
    let upper = if narrowest(most, below) { below } else { most };
    if let Some((lower, upper)) = lower.zip(upper) {
        let is_exclusive = lower.0.key.starts_with('e') || upper.0.key.starts_with('e');
        if lower.1 > upper.1 || (is_exclusive && lower.1 >= upper.1) {
            impossible(lower.0, upper.0, sink);
        }
    }
}

fn impossible(least: Entry<'_>, most: Entry<'_>, sink: &mut Sink) {
    let (low, high) = (short(least.value.scalar().unwrap_or_default()), short(most.value.scalar().unwrap_or_default()));
    let message = format!("No value fits: `{}` is {low}, but `{}` is {high}", least.key, most.key);
    sink.push(&IMPOSSIBLE_RANGE, most.value.span(), message);
}

/// The property that tells which schema is meant must be defined and required (2.6.0 and 3.0.0, Schema Object).
fn discriminator(schema: Node<'_>, sink: &mut Sink) {
    let Some((value, name)) = schema.get("discriminator").and_then(|it| Some((it, it.as_str()?))) else { return };
    if COMPOSED.iter().any(|it| schema.get(it).is_some()) {
        return;
    }
    let properties = schema.get("properties");
    let is_required = || schema.get("required").is_some_and(|it| items(it).any(|it| it.as_str() == Some(name)));
    if properties.is_none_or(|it| it.get(name).is_none()) {
        let names = || properties.into_iter().flat_map(Node::entries).map(|it| it.key);
        let meant = sink.nearest(name, names());
        let message = format!(
            "The discriminator `{}` is no property of the schema{}",
            short(name),
            instead(meant, "properties", names())
        );
        sink.push_with(&UNDEFINED_DISCRIMINATOR, span_of(value), message, meant.map(ToOwned::to_owned));
    } else if !is_required() {
        let message = format!("The discriminator `{}` may be missing: put it under `required`", short(name));
        sink.push(&UNDEFINED_DISCRIMINATOR, span_of(value), message);
    }
}
