//! `schema/unknown-ordering-key`: an ordering key that the channel's messages do not have.

use archwright_asyncapi::terms::{Known, MessageTerms};
use archwright_engine::Related;
use archwright_model::{
    facts::{ChannelRole, Spanned},
    key::FileId,
};
use archwright_schema::Shape;

use crate::{channel::key_parts, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/unknown-ordering-key",
    severity: Severity::Warning,
    summary: "An ordering key is no field of the channel's messages.",
    applies_to: &[Kind::Contract, Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-146", "A-172", "A-305"],
    page: include_str!("unknown_ordering_key.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    match cx.facts().kind {
        Kind::Contract => contract(cx, reporter),
        _ => asyncapi(cx, reporter),
    }
}

/// The key of a contract in the schema of its channel, or in the payloads of AsyncAPI documents.
fn contract(cx: &Context, reporter: &mut Reporter) {
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Contract) {
        let Some(key) = &mention.ordering_key else { continue };
        let said = cx.files(Key::Channel(mention.name.text.clone()));
        let lists: Vec<(FileId, &FileFacts, Fields)> = said
            .iter()
            .flat_map(|said| lists(said.facts, &mention.name.text).into_iter().map(|it| (said.id, said.facts, it)))
            .collect();
        let messages: Vec<&MessageTerms> = said.iter().flat_map(|it| messages(it.facts, &mention.name.text)).collect();
        for name in names(cx, key) {
            let is_header = messages.iter().any(|it| it.headers.properties.iter().any(|it| it.name.text == name));
            let Some((file, facts, fields)) =
                lists.first().filter(|_| !is_header && !lists.iter().any(|it| it.2.has(&name)))
            else {
                continue;
            };
            let path = facts.path.relative_to(&cx.facts().path.parent());
            let place = fields.place().unwrap_or_else(|| facts.title_span());
            let related = cx.related(*file, place, format!("this schema has no field `{name}`"));
            report(cx, reporter, key, &name, &format!("is no field of `{path}`"), fields, related);
        }
    }
}

/// The keys that an AsyncAPI document names itself, in the payloads that stand in it.
fn asyncapi(cx: &Context, reporter: &mut Reporter) {
    let Some(terms) = cx.facts().asyncapi().map(|it| &it.terms) else { return };
    for channel in &terms.channels {
        for message in channel.messages.iter().filter_map(|it| terms.messages.get(*it)) {
            let Some(key) = message.ordering_key.as_ref().or(channel.ordering_key.as_ref()) else { continue };
            for name in names(cx, key) {
                let is_header = message.headers.known < Known::All
                    || message.headers.properties.iter().any(|it| it.name.text == name);
                let Some(fields) = Fields::of(message).filter(|it| !is_header && !it.has(&name)) else { continue };
                let related = cx.related(cx.file(), message.name.span, format!("this message has no field `{name}`"));
                report(
                    cx,
                    reporter,
                    key,
                    &name,
                    &format!("is no field of the message `{}`", message.name.text),
                    &fields,
                    related,
                );
            }
        }
    }
}

/// The fields that a key names, without those that an envelope or a broker brings.
fn names(cx: &Context, key: &Spanned) -> Vec<String> {
    let mut names = key_parts(&key.text).unwrap_or_default();
    names.retain(|it| is_field_name(cx, it, key.span) && !cx.config().is_carried_beside(it));
    names
}

fn report(
    cx: &Context,
    reporter: &mut Reporter,
    key: &Spanned,
    name: &str,
    what: &str,
    fields: &Fields,
    related: Related,
) {
    let nearest = fields.nearest(name);
    let advice = match &nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "take a field that every message carries.".to_owned(),
    };
    let finding = reporter.report(place(cx, key.span, name), format!("The ordering key `{name}` {what}; {advice}"));
    finding.related.push(related);
    finding.fixable = nearest.is_some();
    finding.data = nearest.unwrap_or_default();
}

/// All fields of a message.
enum Fields<'a> {
    Schema(&'a Shape),
    Payload(&'a MessageTerms),
}

/// The fields that a file lists for a channel, where it lists all.
fn lists<'a>(facts: &'a FileFacts, channel: &str) -> Vec<Fields<'a>> {
    let schema = facts.schema().filter(|it| it.complete && !it.shape.fields.is_empty());
    let schema = schema.filter(|_| facts.channel(channel, ChannelRole::Schema).is_some());
    schema
        .map(|it| Fields::Schema(&it.shape))
        .into_iter()
        .chain(messages(facts, channel).into_iter().filter_map(Fields::of))
        .collect()
}

/// The messages of a channel in an AsyncAPI document.
fn messages<'a>(facts: &'a FileFacts, channel: &str) -> Vec<&'a MessageTerms> {
    let Some(terms) = facts.asyncapi().map(|it| &it.terms) else { return Vec::new() };
    let is_named = |it: &Option<Spanned>| it.as_ref().is_some_and(|it| it.text == channel);
    let channels = terms.channels.iter().filter(|it| is_named(&it.address) || is_named(&it.topic));
    channels.flat_map(|it| &it.messages).filter_map(|it| terms.messages.get(*it)).collect()
}

impl<'a> Fields<'a> {
    fn of(message: &'a MessageTerms) -> Option<Self> {
        let all = message.payload.known == Known::All && !message.payload.properties.is_empty();
        all.then_some(Self::Payload(message))
    }

    /// Whether the message has such a field, in whatever part of it.
    fn has(&self, name: &str) -> bool {
        let leaf = name.rsplit('.').next().unwrap_or(name);
        match self {
            Self::Schema(shape) => {
                shape.has_field(name) || !name.contains('.') && shape.fields.iter().any(|it| it.name.text == leaf)
            }
            // Prefixes such as `data.` say where in the message the way begins.
            Self::Payload(message) => message.payload.properties.iter().any(|it| it.name.text == leaf),
        }
    }

    fn nearest(&self, name: &str) -> Option<String> {
        match self {
            Self::Schema(shape) => shape.nearest_field(name).map(|it| it.path.to_string()),
            Self::Payload(message) => {
                let paths = message.payload.properties.iter().map(|it| it.path.as_str());
                let folded = |it: &str| it.replace(['_', '-'], "").to_lowercase();
                let same = message
                    .payload
                    .properties
                    .iter()
                    .find(|it| folded(&it.path) == folded(name))
                    .map(|it| it.path.as_str());
                same.or_else(|| nearest(name, paths)).map(str::to_owned)
            }
        }
    }

    fn place(&self) -> Option<Span> {
        match self {
            Self::Schema(_) => None,
            Self::Payload(message) => Some(message.name.span),
        }
    }
}

/// Whether the word is written as a field name: as code, or with the joints that no word of prose has.
fn is_field_name(cx: &Context, name: &str, span: Span) -> bool {
    let before = cx.facts().text.get(..span.start as usize).unwrap_or_default();
    let identifier = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.');
    let has_joint =
        name.contains('_') || name.chars().skip(1).any(char::is_uppercase) && name.chars().any(char::is_lowercase);
    name.chars().all(identifier)
        && name.starts_with(|it: char| it.is_ascii_alphabetic())
        && (has_joint || before.ends_with('`'))
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
