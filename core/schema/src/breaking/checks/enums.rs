//! Enums keep their values, and what an unknown value means.

use std::collections::BTreeMap;

use archwright_syntax::Span;
use rustc_hash::FxHashSet;

use super::super::pairs::{Annotations, Pairs};
use crate::protobuf::schema::{Enum, Schema};
use crate::protobuf::tree::{Value, place};

fn feature<'a>(schema: &'a Schema<'a>, it: &Enum<'a>, name: &str) -> &'a str {
    schema.feature(name, &[&it.node.options], it.parent, it.file)
}

fn feature_span(it: &Enum<'_>, name: &str) -> Span {
    place(&it.node.options, "features", &format!("features.{name}")).unwrap_or(it.node.span)
}

/// `ENUM_SAME_TYPE`
pub(in super::super) fn same_type(pairs: &Pairs<'_>, out: &mut Annotations) {
    let name = |closed| if closed { "closed" } else { "open" };
    for (old, new) in pairs.enums() {
        let before = feature(pairs.old, old, "enum_type") == "CLOSED";
        let after = feature(pairs.new, new, "enum_type") == "CLOSED";
        if before != after {
            let message = format!("The enum `{}` changed from {} to {}.", new.nested, name(before), name(after));
            let is = pairs.is(new.file, feature_span(new, "enum_type"));
            out.add(is, pairs.was(old.file, feature_span(old, "enum_type")), message);
        }
    }
}

/// `ENUM_SAME_JSON_FORMAT`
pub(in super::super) fn same_json_format(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.enums() {
        let before = feature(pairs.old, old, "json_format");
        let after = feature(pairs.new, new, "json_format");
        if before == "ALLOW" && after != "ALLOW" {
            let message = format!("The JSON format of the enum `{}` changed from {before} to {after}.", new.nested);
            let is = pairs.is(new.file, feature_span(new, "json_format"));
            out.add(is, pairs.was(old.file, feature_span(old, "json_format")), message);
        }
    }
}

fn by_number<'a>(it: &Enum<'a>) -> BTreeMap<i64, BTreeMap<&'a str, &'a Value>> {
    let mut res: BTreeMap<i64, BTreeMap<&str, &Value>> = BTreeMap::new();
    for value in &it.node.values {
        res.entry(value.number).or_default().insert(&value.name, value);
    }
    res
}

/// `ENUM_VALUE_NO_DELETE`
pub(in super::super) fn value_no_delete(pairs: &Pairs<'_>, out: &mut Annotations) {
    deleted(pairs, |_, _, _| None, out);
}

/// `ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED`
pub(in super::super) fn value_number_reserved(pairs: &Pairs<'_>, out: &mut Annotations) {
    let missing = |it: &Enum<'_>, number: i64, _: &[&str]| {
        let reserved = it.node.reserved.iter().any(|range| range.it.holds(number));
        Some((!reserved).then(|| format!("the number {number}")))
    };
    deleted(pairs, missing, out);
}

/// `ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED`
pub(in super::super) fn value_name_reserved(pairs: &Pairs<'_>, out: &mut Annotations) {
    let missing = |it: &Enum<'_>, _: i64, names: &[&str]| {
        let reserved = |name: &&str| it.node.reserved_names.iter().any(|it| it.it == *name);
        Some((!names.iter().all(reserved)).then(|| names.join(", ")))
    };
    deleted(pairs, missing, out);
}

/// Reports every number that is gone, unless `missing` says that nothing is missing that would make up for it.
fn deleted(
    pairs: &Pairs<'_>,
    missing: impl Fn(&Enum<'_>, i64, &[&str]) -> Option<Option<String>>,
    out: &mut Annotations,
) {
    for (old, new) in pairs.enums() {
        let kept = by_number(new);
        for (number, names) in by_number(old) {
            if kept.contains_key(&number) {
                continue;
            }
            let names: Vec<&str> = names.into_keys().collect();
            let without = match missing(new, number, &names) {
                Some(None) => continue,
                Some(Some(what)) => format!(" without a reservation of {what}"),
                None => String::new(),
            };
            let message =
                format!("The value {} ({number}) of the enum `{}` was deleted{without}.", names.join(", "), new.nested);
            out.add(pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span), message);
        }
    }
}

/// `ENUM_VALUE_SAME_NAME`
pub(in super::super) fn value_same_name(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.enums() {
        let now = by_number(new);
        for (number, before) in by_number(old) {
            let Some(after) = now.get(&number) else { continue };
            if before.keys().all(|it| after.contains_key(it)) {
                continue;
            }
            let names = |it: &BTreeMap<&str, &Value>| it.keys().copied().collect::<Vec<_>>().join(", ");
            let message = format!(
                "The value {number} of the enum `{}` changed its name from {} to {}.",
                new.nested,
                names(&before),
                names(after)
            );
            for (name, value) in after {
                let was = before.get(name).or_else(|| before.values().next()).map(|it| it.number_span);
                out.add(pairs.is(new.file, value.number_span), pairs.was(old.file, was), message.clone());
            }
        }
    }
}

/// Whether every value of `part` is in `whole`, under the same name.
pub(super) fn is_part(part: &Enum<'_>, whole: &Enum<'_>) -> bool {
    let whole: FxHashSet<(&str, i64)> = whole.node.values.iter().map(|it| (it.name.as_str(), it.number)).collect();
    part.node.values.iter().all(|it| whole.contains(&(it.name.as_str(), it.number)))
}
