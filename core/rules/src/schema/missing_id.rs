//! `schema/missing-id`: a message that does not say which thing it is about.

use crate::{field_name::words, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/missing-id",
    severity: Severity::Hint,
    summary: "A channel's schema has no id among its fields, so that a message does not say which thing it is about.",
    applies_to: &[Kind::Schema],
    sources: &["E-019"],
    page: include_str!("missing_id.md"),
    check,
    ..Rule::OURS
};

/// What names of fields by which a thing is told from others have for a word.
const IDS: [&str; 24] = [
    "id",
    "ids",
    "uuid",
    "guid",
    "ulid",
    "key",
    "keys",
    "number",
    "no",
    "nr",
    "code",
    "sku",
    "reference",
    "ref",
    "urn",
    "uri",
    "url",
    "name",
    "slug",
    "iban",
    "isbn",
    "email",
    "token",
    "handle",
];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    if facts.captures.channel.is_none() {
        return;
    }
    let Some(schema) = facts.schema().filter(|it| it.complete && it.shape.is_whole) else { return };
    // The envelope's own fields tell messages apart, not the things that they are about.
    let own: Vec<_> = schema.shape.fields.iter().filter(|it| !cx.config().is_carried_beside(&it.name.text)).collect();
    let [first, _, ..] = own.as_slice() else { return };
    let names_thing = |name: &str| {
        words(name).iter().any(|word| {
            IDS.iter().any(|id| word == id || id.len() > 3 && word.ends_with(id))
                || word.len() > 2 && word.ends_with("id")
        })
    };
    if own.iter().any(|it| names_thing(&it.name.text)) {
        return;
    }
    let message = "No field says which thing the message is about: readers can neither look it up nor tell a \
        repetition from the next one. Add its id.";
    reporter.report(first.name.span, message);
}
