//! `schema/unknown-ordering-key`: an ordering key that the channel's schema does not have.

use archwright_schema::Shape;
use smol_str::SmolStr;

use crate::{
    facts::ChannelRole,
    index::FileId,
    rules::{channel::key_parts, prelude::*},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/unknown-ordering-key",
    severity: Severity::Warning,
    summary: "A contract's ordering key is no field of the channel's schema.",
    applies_to: &[Kind::Contract],
    any_dialect: false,
    sources: &["A-146", "A-305"],
    page: include_str!("unknown_ordering_key.md"),
    check,
    fix: Some(fix),
};

/// Envelope attributes and broker properties that can carry the key, without their separators.
const ENVELOPE: [&str; 26] = [
    "aggregateid",
    "causationid",
    "correlationid",
    "dataschema",
    "eventid",
    "eventtype",
    "id",
    "idempotencykey",
    "key",
    "messagegroupid",
    "messageid",
    "messagekey",
    "partitionkey",
    "recordedtime",
    "routingkey",
    "sequence",
    "sessionid",
    "source",
    "subject",
    "tenant",
    "tenantid",
    "time",
    "traceid",
    "traceparent",
    "tracestate",
    "type",
];

fn check(cx: &Context, reporter: &mut Reporter) {
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Contract) {
        let Some(key) = &mention.ordering_key else { continue };
        let Some(parts) = key_parts(&key.text) else { continue };
        let [name] = parts.as_slice() else { continue };
        if !is_field_name(cx, name, key.span) || is_envelope(name) {
            continue;
        }
        let said = cx.files(Key::Channel(mention.name.text.clone()));
        let is_header = |facts: &FileFacts| {
            facts.asyncapi().is_some_and(|it| it.outline.messages.iter().any(|it| it.headers.iter().any(|it| it.text == *name)))
        };
        let schemas: Vec<(FileId, &FileFacts, &Shape)> = said
            .iter()
            .filter_map(|(file, facts)| {
                let schema = facts.schema().filter(|it| it.complete && !it.shape.fields.is_empty())?;
                facts.channel(&mention.name.text, ChannelRole::Schema).map(|_| (*file, *facts, &schema.shape))
            })
            .collect();
        let Some((file, facts, shape)) = schemas.first() else { continue };
        if said.iter().any(|it| is_header(it.1)) || schemas.iter().any(|it| has(it.2, name)) {
            continue;
        }
        let nearest = shape.nearest_field(name).map(|it| it.path.clone());
        let advice = match &nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "take a field that every message carries.".to_owned(),
        };
        let span = place(cx, key.span, name);
        let path = facts.path.relative_to(&cx.facts().path.parent());
        let related = cx.related(*file, facts.title_span(), format!("this schema has no field `{name}`"));
        let finding = reporter.report(span, format!("The ordering key `{name}` is no field of `{path}`; {advice}"));
        finding.related.push(related);
        finding.fixable = nearest.is_some();
        finding.data = nearest.as_ref().map(SmolStr::to_string).unwrap_or_default();
    }
}

/// Whether the word is written as a field name: as code, or with the joints that no word of prose has.
fn is_field_name(cx: &Context, name: &str, span: Span) -> bool {
    let before = cx.facts().text.get(..span.start as usize).unwrap_or_default();
    let identifier = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.');
    let has_joint = name.contains('_') || name.chars().skip(1).any(char::is_uppercase) && name.chars().any(char::is_lowercase);
    name.chars().all(identifier) && name.starts_with(|it: char| it.is_ascii_alphabetic()) && (has_joint || before.ends_with('`'))
}

/// Whether a name is one of an envelope's attributes.
pub(crate) fn is_envelope(name: &str) -> bool {
    let folded: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let bare = ["header", "headers", "ce", "envelope", "metadata"].iter().find_map(|it| folded.strip_prefix(it));
    ENVELOPE.contains(&folded.as_str()) || bare.is_some_and(|it| ENVELOPE.contains(&it)) || name.starts_with("header")
}

/// Whether the message has such a field, in whatever part of it.
fn has(shape: &Shape, name: &str) -> bool {
    let leaf = name.rsplit('.').next().unwrap_or(name);
    shape.has_field(name) || !name.contains('.') && shape.fields.iter().any(|it| it.name.text == leaf)
}

/// The name inside the value.
fn place(cx: &Context, span: Span, name: &str) -> Span {
    let at = cx.facts().slice(span).find(name).map(|it| span.start as usize + it);
    at.map_or(span, |it| Span::new(it, it + name.len()))
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Order by `{}`", finding.data), vec![edit]).into_iter().collect()
}
