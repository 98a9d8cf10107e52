//! Messages keep their fields, their oneofs and their options.

use std::collections::BTreeMap;

use archwright_syntax::Span;

use super::super::pairs::{Annotations, Pairs, by};
use crate::protobuf::schema::{Field, Message, Schema};
use crate::protobuf::tree::{self, Label, place, word};

/// `FIELD_NO_DELETE`
pub(in super::super) fn field_no_delete(pairs: &Pairs<'_>, out: &mut Annotations) {
    deleted(pairs, |_, _| Some(String::new()), out);
}

/// `FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED`
pub(in super::super) fn field_number_reserved(pairs: &Pairs<'_>, out: &mut Annotations) {
    let without = |it: &Message<'_>, field: &Field<'_>| {
        let number = field.node.number;
        let reserved = it.node.reserved.iter().any(|range| range.it.holds(number));
        (!reserved).then(|| format!(" without a reservation of the number {number}"))
    };
    deleted(pairs, without, out);
}

/// `FIELD_NO_DELETE_UNLESS_NAME_RESERVED`
pub(in super::super) fn field_name_reserved(pairs: &Pairs<'_>, out: &mut Annotations) {
    let without = |it: &Message<'_>, field: &Field<'_>| {
        let reserved = it.node.reserved_names.iter().any(|name| name.it == field.node.name);
        (!reserved).then(|| format!(" without a reservation of the name `{}`", field.node.name))
    };
    deleted(pairs, without, out);
}

/// Reports every field whose number is gone, with what `without` says is missing; none means that it may go.
fn deleted(pairs: &Pairs<'_>, without: impl Fn(&Message<'_>, &Field<'_>) -> Option<String>, out: &mut Annotations) {
    for &(before, after) in &pairs.messages {
        let (Some(old), Some(new)) = (pairs.old.messages.get(before), pairs.new.messages.get(after)) else { continue };
        let kept = by(new.node.fields.iter(), |it| it.number);
        let fields = by(pairs.old.fields(before), |it| it.node.number);
        for field in fields.values().filter(|it| !kept.contains_key(&it.node.number)) {
            if let Some(without) = without(new, field) {
                let message = format!("{} was deleted{without}.", field.description());
                out.add(pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span), message);
            }
        }
    }
}

/// `ONEOF_NO_DELETE`
pub(in super::super) fn oneof_no_delete(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.messages() {
        let kept = by(new.node.oneofs.iter(), |it| it.name.as_str());
        for it in &old.node.oneofs {
            if !kept.contains_key(it.name.as_str()) {
                let message = format!("The oneof `{}` of the message `{}` was deleted.", it.name, new.nested);
                out.add(pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span), message);
            }
        }
    }
}

/// `MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR`
pub(in super::super) fn standard_descriptor_accessor(pairs: &Pairs<'_>, out: &mut Annotations) {
    const OPTION: &str = "no_standard_descriptor_accessor";
    let is_set = |it: &Message<'_>| word(&it.node.options, OPTION) == Some("true");
    for (old, new) in pairs.messages() {
        if !is_set(old) && is_set(new) {
            let message = format!("The message `{}` changed its option `{OPTION}` from false to true.", new.nested);
            let is = pairs.is(new.file, place(&new.node.options, OPTION, OPTION));
            out.add(is, pairs.was(old.file, place(&old.node.options, OPTION, OPTION)), message);
        }
    }
}

/// `MESSAGE_SAME_JSON_FORMAT`
pub(in super::super) fn same_json_format(pairs: &Pairs<'_>, out: &mut Annotations) {
    fn format<'a>(schema: &'a Schema<'a>, it: &Message<'a>) -> &'a str {
        schema.feature("json_format", &[&it.node.options], it.parent, it.file)
    }
    let span = |it: &Message<'_>| -> Span {
        place(&it.node.options, "features", "features.json_format").unwrap_or(it.node.span)
    };
    for (old, new) in pairs.messages() {
        let (before, after) = (format(pairs.old, old), format(pairs.new, new));
        if before == "ALLOW" && after != "ALLOW" {
            let message = format!("The JSON format of the message `{}` changed from {before} to {after}.", new.nested);
            out.add(pairs.is(new.file, span(new)), pairs.was(old.file, span(old)), message);
        }
    }
}

/// `MESSAGE_SAME_REQUIRED_FIELDS`
pub(in super::super) fn same_required_fields(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.messages() {
        let (before, after) = (required(old), required(new));
        for it in before.values().filter(|it| !after.contains_key(&it.number)) {
            let message = format!(
                "The field {} (`{}`) of `{}` is no longer required; readers that know only the old schema reject a \
                message without it.",
                it.number, it.name, new.nested
            );
            out.add(pairs.is(new.file, new.node.span), pairs.was(old.file, it.span), message);
        }
        for it in after.values().filter(|it| !before.contains_key(&it.number)) {
            let message = format!(
                "The field {} (`{}`) of `{}` is now required; messages of writers that know only the old schema lack \
                it.",
                it.number, it.name, new.nested
            );
            out.push(pairs.is(new.file, it.span), None, message);
        }
    }
}

fn required<'a>(it: &Message<'a>) -> BTreeMap<i64, &'a tree::Field> {
    by(it.node.fields.iter().filter(|it| it.label == Label::Required), |it| it.number)
}
