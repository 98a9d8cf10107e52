//! Strings keep how they are checked and what they become in C++ and Java.

use archwright_syntax::Span;

use super::super::pairs::{Annotations, Pairs};
use super::fields::option_span;
use crate::protobuf::schema::{Field, Kind};
use crate::protobuf::tree::{Scalar, Syntax, place, word};

fn is_string(field: &Field<'_>) -> bool {
    field.kind() == Kind::Scalar(Scalar::String)
}

fn feature_span(field: &Field<'_>, name: &str) -> Option<Span> {
    option_span(field, "features", &format!("features.{name}"))
}

/// `FIELD_SAME_UTF8_VALIDATION`
pub(in super::super) fn same_utf8_validation(pairs: &Pairs<'_>, out: &mut Annotations) {
    let span = |it: &Field<'_>| feature_span(it, "utf8_validation").unwrap_or(it.node.span);
    for (old, new) in pairs.fields.iter().filter(|it| is_string(&it.0) && is_string(&it.1)) {
        let (before, after) = (old.feature("utf8_validation"), new.feature("utf8_validation"));
        if before != after {
            let message = format!("{} changed its check for UTF-8 from {before} to {after}.", new.description());
            out.add(pairs.is(new.file, span(new)), pairs.was(old.file, span(old)), message);
        }
    }
}

/// `FIELD_SAME_JAVA_UTF8_VALIDATION`
pub(in super::super) fn same_java_utf8_validation(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.fields.iter().filter(|it| is_string(&it.0) && is_string(&it.1)) {
        let (before, after) = (java_validation(old), java_validation(new));
        if before != after {
            let message =
                format!("{} changed its check for UTF-8 in Java from {before} to {after}.", new.description());
            out.add(pairs.is(new.file, java_span(new)), pairs.was(old.file, java_span(old)), message);
        }
    }
}

const JAVA_OPTION: &str = "java_string_check_utf8";
const JAVA_FEATURE: &str = "features.(pb.java).utf8_validation";

fn java_validation<'a>(field: &Field<'a>) -> &'a str {
    let own = field.feature("utf8_validation");
    let option = field.schema.sources.get(field.file).and_then(|it| word(&it.file.options, JAVA_OPTION));
    let verify = match (option, field.syntax()) {
        (Some(option), _) => option == "true",
        (None, Syntax::Edition(_)) => field.feature("(pb.java).utf8_validation") == "VERIFY",
        (None, _) => false,
    };
    if verify { "VERIFY" } else { own }
}

fn java_span(field: &Field<'_>) -> Span {
    let file = || field.schema.sources.get(field.file).and_then(|it| place(&it.file.options, JAVA_OPTION, JAVA_OPTION));
    let feature = || option_span(field, "features", JAVA_FEATURE);
    file().or_else(feature).unwrap_or(field.node.span)
}

/// `FIELD_SAME_CPP_STRING_TYPE`
pub(in super::super) fn same_cpp_string_type(pairs: &Pairs<'_>, out: &mut Annotations) {
    let applies = |it: &Field<'_>| matches!(it.kind(), Kind::Scalar(Scalar::String | Scalar::Bytes));
    let span = |it: &Field<'_>| {
        let feature = || feature_span(it, "(pb.cpp).string_type");
        option_span(it, "ctype", "ctype").or_else(feature).unwrap_or(it.node.span)
    };
    for (old, new) in &pairs.fields {
        if !applies(old) || !applies(new) || old.is_entry() && new.is_entry() {
            continue;
        }
        let (before, after) = (cpp_type(old), cpp_type(new));
        // A piece of a string was never more than a promise: libraries treat it as a string.
        if before != after && !(before == "STRING_PIECE" && after == "STRING") {
            let message = format!("{} changed its string type in C++ from {before} to {after}.", new.description());
            out.add(pairs.is(new.file, span(new)), pairs.was(old.file, span(old)), message);
        }
    }
}

fn cpp_type<'a>(field: &Field<'a>) -> &'a str {
    // The option is of no account from the edition 2024 on.
    let counts = !matches!(field.syntax(), Syntax::Edition(2024..));
    match word(&field.node.options, "ctype") {
        Some(it @ ("CORD" | "STRING_PIECE" | "STRING")) if counts => it,
        _ => field.feature("(pb.cpp).string_type"),
    }
}
