//! Strings, numbers, and lists of values.

use archwright_syntax::data::Node;

use crate::compatibility::json_schema::decimal::Decimal;
use crate::compatibility::json_schema::document::Draft;
use crate::compatibility::json_schema::limits::Limit;
use crate::compatibility::json_schema::meaning::Meaning;
use crate::compatibility::json_schema::parts::{Part, Shape, Type};
use crate::compatibility::json_schema::search::{Incompatibility, Token};

const OF_STRINGS: [Limit; 2] = [
    Limit::upper("maxLength", "STRING_TYPE_MAX_LENGTH_ADDED", "STRING_TYPE_MAX_LENGTH_DECREASED"),
    Limit::lower("minLength", "STRING_TYPE_MIN_LENGTH_ADDED", "STRING_TYPE_MIN_LENGTH_INCREASED"),
];

/// Keywords of strings whose value must stay, and what it is called when they turn up or change.
const FIXED: [(&str, &str, &str); 4] = [
    ("pattern", "STRING_TYPE_PATTERN_ADDED", "STRING_TYPE_PATTERN_CHANGED"),
    ("format", "STRING_TYPE_FORMAT_ADDED", "STRING_TYPE_FORMAT_CHANGED"),
    ("contentEncoding", "STRING_TYPE_CONTENT_ENCODING_ADDED", "STRING_TYPE_CONTENT_ENCODING_CHANGED"),
    ("contentMediaType", "STRING_TYPE_CONTENT_MEDIA_TYPE_ADDED", "STRING_TYPE_CONTENT_MEDIA_TYPE_CHANGED"),
];

/// The formats that are checked, by the draft they came with; others say nothing.
const FORMATS: [(&str, Draft); 13] = [
    ("date-time", Draft::Four),
    ("email", Draft::Four),
    ("hostname", Draft::Four),
    ("ipv4", Draft::Four),
    ("ipv6", Draft::Four),
    ("uri", Draft::Four),
    ("json-pointer", Draft::Six),
    ("uri-reference", Draft::Six),
    ("uri-template", Draft::Six),
    ("date", Draft::Seven),
    ("regex", Draft::Seven),
    ("relative-json-pointer", Draft::Seven),
    ("time", Draft::Seven),
];

pub(super) fn strings<'t>(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Incompatibility<'t>> {
    let mut found: Vec<_> = OF_STRINGS.iter().filter_map(|it| it.check(writer.node, reader.node)).collect();
    for (keyword, added, changed) in FIXED {
        let value = |part: &Part<'t>| {
            let node = part.node.get(keyword)?;
            let is_checked = |it: &str| {
                keyword != "format" || FORMATS.iter().any(|(name, since)| *name == it && *since <= part.draft)
            };
            // The encodings are only known of a schema that is all about strings.
            let is_own = part.is_whole || !keyword.starts_with("content");
            node.as_str().filter(|it| is_own && is_checked(it)).map(|it| (node, it))
        };
        let Some((reader_node, is)) = value(reader) else { continue };
        let (kind, meaning, writer_node) = match value(writer) {
            None => (added, Meaning::Added(keyword), writer.node),
            Some((node, was)) if was != is => (changed, Meaning::Changed(keyword), node),
            Some(_) => continue,
        };
        found.push(Incompatibility {
            kind,
            meaning,
            path: vec![Token::Key(keyword)],
            writer: writer_node,
            reader: reader_node,
        });
    }
    found
}

pub(super) fn numbers<'t>(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Incompatibility<'t>> {
    let (was, is) = (writer.node, reader.node);
    let number = |node: Node<'t>, key: &str| node.get(key).and_then(|it| Some((it, Decimal::of(it)?)));
    let finding = |kind, meaning, keyword, writer, reader| Incompatibility {
        kind,
        meaning,
        path: vec![Token::Key(keyword)],
        writer,
        reader,
    };
    let mut found = Vec::new();
    let is_whole = number(was, "multipleOf").is_some_and(|it| it.1.compare(Decimal::ONE).is_eq());
    if reader.ty() == Some(Type::Integer) && writer.ty() != Some(Type::Integer) && !is_whole {
        let kind = "NUMBER_TYPE_INTEGER_REQUIRED_FALSE_TO_TRUE";
        found.push(finding(
            kind,
            Meaning::Integer,
            "type",
            was.get("type").unwrap_or(was),
            is.get("type").unwrap_or(is),
        ));
    }
    for (limit, exclusive, became) in [
        (
            Limit::lower("minimum", "NUMBER_TYPE_MINIMUM_ADDED", "NUMBER_TYPE_MINIMUM_INCREASED"),
            "exclusiveMinimum",
            "NUMBER_TYPE_IS_MINIMUM_EXCLUSIVE_FALSE_TO_TRUE",
        ),
        (
            Limit::upper("maximum", "NUMBER_TYPE_MAXIMUM_ADDED", "NUMBER_TYPE_MAXIMUM_DECREASED"),
            "exclusiveMaximum",
            "NUMBER_TYPE_IS_MAXIMUM_EXCLUSIVE_FALSE_TO_TRUE",
        ),
    ] {
        // A limit of its own since draft 6, a mark on the other one before.
        let bound = |node: Node<'t>| {
            let own = number(node, exclusive);
            let is_exclusive = own.is_some() || node.get(exclusive).and_then(Node::as_bool) == Some(true);
            own.or_else(|| number(node, limit.keyword)).map(|(at, value)| (at, value, is_exclusive))
        };
        let (old, new) = (bound(was), bound(is));
        let stricter = limit.compare((was, old.map(|it| it.0)), (is, new.map(|it| it.0)));
        if let (None, Some((writer, one, false)), Some((reader, two, true))) = (&stricter, old, new)
            && one.compare(two).is_eq()
        {
            found.push(finding(became, Meaning::Tighter(exclusive), exclusive, writer, reader));
        }
        found.extend(stricter);
    }
    if let Some((reader, new)) = number(is, "multipleOf") {
        match number(was, "multipleOf") {
            None => found.push(finding(
                "NUMBER_TYPE_MULTIPLE_OF_ADDED",
                Meaning::Added("multipleOf"),
                "multipleOf",
                was,
                reader,
            )),
            Some((writer, old)) if !old.is_multiple_of(new) && old.compare(new).is_ne() => {
                let kind = "NUMBER_TYPE_MULTIPLE_OF_UPDATED_IS_NOT_DIVISIBLE";
                found.push(finding(kind, Meaning::Changed("multipleOf"), "multipleOf", writer, reader));
            }
            Some(_) => {}
        }
    }
    found
}

/// A constant, or a list of one, that must stay.
pub(super) fn changed_value<'t>(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Incompatibility<'t>> {
    let (Some(was), Some(is)) = (values(writer), values(reader)) else { return Vec::new() };
    if writer.values == reader.values {
        return Vec::new();
    }
    let (kind, path) = ("CONST_TYPE_VALUE_CHANGED", vec![Token::Key("const")]);
    vec![Incompatibility { kind, meaning: Meaning::Changed("const"), path, writer: was, reader: is }]
}

/// A list of values that must have all of the writer's.
pub(super) fn narrowed_values<'t>(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Incompatibility<'t>> {
    let (Some(was), Some(is)) = (values(writer), values(reader)) else { return Vec::new() };
    if writer.values.is_subset(&reader.values) {
        return Vec::new();
    }
    let (kind, path) = ("ENUM_TYPE_VALUES_MEMBER_REMOVED", vec![Token::Key("enum")]);
    // One value that is not listed is told like a changed one.
    let meaning = if writer.shape == Shape::Const { Meaning::Changed("const") } else { Meaning::Values };
    vec![Incompatibility { kind, meaning, path, writer: was, reader: is }]
}

/// Where the values of a list or a constant stand.
fn values<'t>(part: &Part<'t>) -> Option<Node<'t>> {
    part.node.get("enum").or_else(|| part.node.get("const"))
}
