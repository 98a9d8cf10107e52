//! Notes on JSON Schema.

use archwright_syntax::{
    Guesses, TextEdit,
    data::{Entry, Kind, Node, NodeId, Tree},
};
use rustc_hash::FxHashSet;

use crate::instance::value::{is_equal, shown};

use super::{Advice, AdviceKind, MAX_DEPTH, listed};

/// So many parts of a default are compared with a value of its enum.
const MAX_EQUAL: u32 = 1_000;

/// Keywords whose value is a schema.
const ONE: [&str; 6] =
    ["items", "additionalItems", "additionalProperties", "contains", "propertyNames", "unevaluatedItems"];
/// Keywords whose value maps names to schemas.
const NAMED: [&str; 4] = ["properties", "patternProperties", "$defs", "definitions"];
/// Keywords that put a schema together from others, which see the members that stand beside them.
const PARTS: [&str; 5] = ["allOf", "anyOf", "oneOf", "then", "else"];
/// Keywords that may bring in members that stand elsewhere.
const OPENINGS: [&str; 11] = [
    "$ref",
    "$dynamicRef",
    "$recursiveRef",
    "allOf",
    "anyOf",
    "oneOf",
    "if",
    "patternProperties",
    "dependentSchemas",
    "dependencies",
    "extends",
];

pub(super) fn notes(tree: &Tree) -> Vec<Advice> {
    let mut reader = Reader { seen: FxHashSet::default(), notes: Vec::new(), guesses: Guesses::default() };
    if let Some(root) = tree.root() {
        reader.schema(root, "", Place::Whole, 0);
    }
    reader.notes
}

/// How a schema stands to the value it describes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It says all.
    Whole,
    /// Others beside it describe the same value.
    Part,
    /// As [`Self::Part`], and one of the others takes any string.
    Opened,
}

struct Reader {
    seen: FxHashSet<NodeId>,
    notes: Vec<Advice>,
    guesses: Guesses,
}

impl Reader {
    fn schema(&mut self, schema: Node<'_>, name: &str, place: Place, depth: usize) {
        if schema.kind() != Kind::Mapping || depth > MAX_DEPTH || !self.seen.insert(schema.id()) {
            return;
        }
        self.closed_model(schema, name);
        if place != Place::Opened {
            self.closed_enum(schema, name);
        }
        if place == Place::Whole {
            self.undeclared_required(schema, name);
        }
        self.unfitting_default(schema, name);
        let has_opening = |it: &&str| schema.get(it).is_some_and(|it| it.items().any(takes_any_string));
        for key in PARTS {
            let opened = ["anyOf", "oneOf"].contains(&key) && has_opening(&key);
            let place = if opened || place == Place::Opened { Place::Opened } else { Place::Part };
            let Some(value) = schema.get(key) else { continue };
            match value.kind() {
                Kind::Sequence => value.items().for_each(|it| self.schema(it, name, place, depth + 1)),
                _ => self.schema(value, name, place, depth + 1),
            }
        }
        for value in ONE.iter().chain(&["prefixItems"]).filter_map(|it| schema.get(it)) {
            match value.kind() {
                Kind::Sequence => value.items().for_each(|it| self.schema(it, name, Place::Whole, depth + 1)),
                _ => self.schema(value, name, Place::Whole, depth + 1),
            }
        }
        for entry in NAMED.iter().filter_map(|it| schema.get(it)).flat_map(Node::entries) {
            self.schema(entry.value, entry.key, Place::Whole, depth + 1);
        }
    }

    fn note(&mut self, kind: AdviceKind, at: Node<'_>, subject: &str, message: String, edits: Vec<TextEdit>) {
        self.notes.push(Advice { kind, span: at.span(), subject: subject.into(), message, edits });
    }

    fn closed_model(&mut self, schema: Node<'_>, name: &str) {
        // An object without properties is closed to stay empty.
        if schema.get("properties").is_none_or(Node::is_empty) {
            return;
        }
        for key in ["additionalProperties", "unevaluatedProperties"] {
            let Some(value) = schema.get(key).filter(|it| it.as_bool() == Some(false)) else { continue };
            let message = format!("`{key}: false` refuses every property that is not listed here.");
            self.note(AdviceKind::ClosedModel, value, name, message, vec![TextEdit::replace(value.span(), "true")]);
        }
    }

    fn closed_enum(&mut self, schema: Node<'_>, name: &str) {
        let Some(entry) = schema.entry("enum").filter(|it| !it.merged) else { return };
        let values: Vec<&str> = entry.value.items().filter_map(Node::as_str).collect();
        let other = entry.value.items().any(|it| it.as_str().is_none() && !it.is_null());
        // One value is a constant.
        if values.len() < 2 || other {
            return;
        }
        let shown: Vec<_> = values.iter().take(3).map(|it| format!("`{it}`")).collect();
        let more = if values.len() > 3 { format!(" and {} more", values.len() - 3) } else { String::new() };
        let shown = if more.is_empty() { listed(&shown, "and") } else { shown.join(", ") };
        let message = format!("The enum refuses every value but {shown}{more}.");
        let is_string = schema
            .get("type")
            .is_some_and(|it| it.as_str() == Some("string") || it.items().any(|it| it.as_str() == Some("string")));
        let renamed = entry.key_span.of(schema.tree().text()).replace("enum", "examples");
        let edits = match schema.get("examples") {
            None if is_string => vec![TextEdit::replace(entry.key_span, renamed)],
            _ => Vec::new(),
        };
        self.notes.push(Advice {
            kind: AdviceKind::ClosedEnum,
            span: entry.key_span,
            subject: name.into(),
            message,
            edits,
        });
    }

    fn undeclared_required(&mut self, schema: Node<'_>, name: &str) {
        let Some(properties) = schema.get("properties").filter(|it| it.kind() == Kind::Mapping && !it.is_empty())
        else {
            return;
        };
        let open = OPENINGS.iter().any(|it| schema.get(it).is_some());
        if open || schema.get("additionalProperties").is_some_and(|it| it.kind() == Kind::Mapping) {
            return;
        }
        for required in schema.get("required").into_iter().flat_map(Node::items) {
            let Some(text) = required.as_str().filter(|it| properties.get(it).is_none()) else { continue };
            let names = properties.entries().map(|it: Entry<'_>| it.key);
            let near = self.guesses.nearest(text, names);
            let advice = match near {
                Some(near) => format!("Did you mean `{near}`?"),
                None => "Declare it, or take it off the list.".to_owned(),
            };
            let message = format!(
                "`{text}` is required, but `properties` does not declare it, so nothing says what it is. {advice}"
            );
            let source = required.source();
            let edits = near
                .filter(|_| source.contains(text))
                .map(|it| TextEdit::replace(required.span(), source.replacen(text, it, 1)));
            self.note(AdviceKind::UndeclaredRequired, required, name, message, edits.into_iter().collect());
        }
    }

    fn unfitting_default(&mut self, schema: Node<'_>, name: &str) {
        let (Some(default), Some(ty)) = (schema.get("default"), schema.get("type")) else { return };
        let types: Vec<&str> = ty.as_str().into_iter().chain(ty.items().filter_map(Node::as_str)).collect();
        // A type that is not known says nothing.
        if types.is_empty() || !types.iter().all(|it| is_type(it)) {
            return;
        }
        if !types.iter().any(|it| is_of(default, it)) {
            let wanted: Vec<_> = types.iter().map(|it| format!("`{it}`")).collect();
            let what = if name.is_empty() { "The default".to_owned() } else { format!("The default of `{name}`") };
            let message =
                format!("{what} is {}, but the type is {}.", default.kind().describe(), listed(&wanted, "or"));
            self.note(
                AdviceKind::UnfittingDefault,
                default,
                name,
                message,
                fitting(default, &types).into_iter().collect(),
            );
            return;
        }
        let mut left = MAX_EQUAL;
        if let Some(values) = schema.get("enum").filter(|it| it.kind() == Kind::Sequence && !it.is_empty())
            && values.items().all(|it| !is_equal(it, default, &mut left, 0))
        {
            let Some(text) = default.as_str() else {
                let message =
                    format!("The default {} is no value of the enum. Take one of its values.", shown(default));
                return self.note(AdviceKind::UnfittingDefault, default, name, message, Vec::new());
            };
            let near = self.guesses.nearest(text, values.items().filter_map(Node::as_str));
            let advice = near.map_or("Take one of its values.".to_owned(), |it| format!("Did you mean `{it}`?"));
            let message = format!("The default `{text}` is no value of the enum. {advice}");
            let source = default.source();
            let edits = near
                .filter(|_| source.contains(text))
                .map(|it| TextEdit::replace(default.span(), source.replacen(text, it, 1)));
            self.note(AdviceKind::UnfittingDefault, default, name, message, edits.into_iter().collect());
        }
    }
}

/// Whether a schema takes whatever string comes.
fn takes_any_string(schema: Node<'_>) -> bool {
    let string = schema.get("type").and_then(Node::as_str) == Some("string");
    string && ["enum", "const", "pattern", "format", "maxLength"].iter().all(|it| schema.get(it).is_none())
}

fn is_type(name: &str) -> bool {
    ["null", "boolean", "integer", "number", "string", "array", "object"].contains(&name)
}

/// Whether a value is of a type. A number without a fraction is an integer however it is written.
fn is_of(value: Node<'_>, ty: &str) -> bool {
    match value.kind() {
        Kind::Null => ty == "null",
        Kind::Bool => ty == "boolean",
        Kind::Integer => ty == "integer" || ty == "number",
        Kind::Float => ty == "number" || ty == "integer" && value.as_f64().is_some_and(|it| it.fract() == 0.0),
        Kind::String => ty == "string",
        Kind::Sequence => ty == "array",
        Kind::Mapping => ty == "object",
    }
}

/// The default with quotes, or without, when that makes it fit.
fn fitting(default: Node<'_>, types: &[&str]) -> Option<TextEdit> {
    let source = default.source();
    match default.kind() {
        Kind::Bool | Kind::Integer | Kind::Float if types.contains(&"string") => {
            Some(TextEdit::replace(default.span(), format!("\"{source}\"")))
        }
        Kind::String => {
            let text = default.as_str()?;
            let boolean = types.contains(&"boolean") && (text == "true" || text == "false");
            let integer = types.contains(&"integer") && text.parse::<i64>().is_ok_and(|it| it.to_string() == text);
            let null = types.contains(&"null") && text == "null";
            (boolean || integer || null).then(|| TextEdit::replace(default.span(), text))
        }
        _ => None,
    }
}
