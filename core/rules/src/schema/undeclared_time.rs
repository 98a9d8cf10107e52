//! `schema/undeclared-time`: a date or a time whose type takes any text.

use archwright_schema::Language;
use archwright_syntax::data::{self, Entry, Node};

use crate::{field_name::words, prelude::*};

use super::properties::properties;

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/undeclared-time",
    severity: Severity::Info,
    summary: "A field of a channel's schema is a date or a time by its name, and its type takes any text.",
    applies_to: &[Kind::Schema],
    sources: &["E-024"],
    page: include_str!("undeclared_time.md"),
    check,
    ..Rule::OURS
};

/// What names of dates and times end with.
const TIMES: [&str; 4] = ["date", "timestamp", "datetime", "utc"];
/// What they end with behind another word.
const BEHIND: [&str; 2] = ["at", "time"];
/// Before `time`: what makes it a point in time and no duration.
const POINTS: [&str; 10] =
    ["event", "created", "updated", "occurred", "start", "end", "publish", "published", "order", "creation"];
/// What descriptions call the usual form.
const FORMS: [&str; 5] = ["8601", "3339", "yyyy", "date-time", "epoch"];
/// The keywords of JSON Schema that say more of a text than that it is one.
const SAID: [&str; 5] = ["format", "pattern", "enum", "const", "$ref"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    // Whose schema is no contract's may come from anywhere.
    if facts.captures.channel.is_none() {
        return;
    }
    let Some(schema) = facts.schema() else { return };
    let told = schema.shape.fields.iter().any(|it| is_text(&it.ty) && is_time(&it.name.text));
    if !told {
        return;
    }
    if schema.shape.language == Language::JsonSchema {
        let Some(format) = data::Format::of_path(facts.path.as_str()) else { return };
        let tree = data::parse(facts.text.clone(), format);
        if let Some(root) = tree.root() {
            properties(root, &mut |it| of_property(it, reporter));
        }
        return;
    }
    let instead = if schema.shape.language == Language::Avro {
        "the logical type `timestamp-millis`, or `date`"
    } else {
        "`google.protobuf.Timestamp`"
    };
    let untold = schema.shape.fields.iter().filter(|it| is_text(&it.ty) && is_time(&it.name.text));
    for field in untold.filter(|it| !it.description.as_ref().is_some_and(|it| says_form(&it.text))) {
        report(reporter, field.name.span, &field.name.text, &format!("Give it {instead}."));
    }
}

/// Looks at a property of a JSON Schema.
fn of_property(property: Entry<'_>, reporter: &mut Reporter) {
    let is_one = |it: Node<'_>| it.as_str().is_some_and(|it| matches!(it, "string" | "null"));
    let is_text = property.value.get("type").is_some_and(|it| {
        it.as_str() == Some("string") || !it.is_empty() && it.items().count() > 0 && it.items().all(is_one)
    });
    let description = property.value.get("description").and_then(Node::as_str).unwrap_or_default();
    if is_text
        && is_time(property.key)
        && !says_form(description)
        && SAID.iter().all(|it| property.value.get(it).is_none())
    {
        report(reporter, property.key_span, property.key, "Say `\"format\": \"date-time\"`, or `date`.");
    }
}

fn report(reporter: &mut Reporter, span: Span, name: &str, advice: &str) {
    let message =
        format!("`{name}` is a point in time by its name, and any text fits: readers guess its form. {advice}");
    reporter.report(span, message);
}

/// Whether a type is a text, or may be null instead.
fn is_text(ty: &str) -> bool {
    ty.split('|').any(|it| it == "string") && ty.split('|').all(|it| matches!(it, "string" | "null"))
}

/// Whether a name says that the field is a date or a time.
fn is_time(name: &str) -> bool {
    let words = words(name);
    let [before @ .., last] = words.as_slice() else { return false };
    TIMES.contains(&last.as_str())
        || before.last().is_some_and(|before| {
            BEHIND.contains(&last.as_str()) && (last == "at" || POINTS.contains(&before.as_str()))
        })
}

/// Whether a description says which form a date has.
fn says_form(text: &str) -> bool {
    let text = text.to_lowercase();
    FORMS.iter().any(|it| text.contains(it))
}

#[cfg(test)]
mod tests {
    use super::is_time;

    #[test]
    fn a_time_is_told_by_its_name() {
        for name in ["placed_at", "createdAt", "deliveryDate", "timestamp", "start_time", "expires_at_utc"] {
            assert!(is_time(name), "{name}");
        }
        for name in ["lead_time", "at", "update", "candidate", "flat", "timezone", "time_zone", "date_format"] {
            assert!(!is_time(name), "{name}");
        }
    }
}
