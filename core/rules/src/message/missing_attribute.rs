//! `message/missing-attribute`: a message without an attribute that its envelope demands, or with a misspelt one.

use archwright_asyncapi::terms::{Fields, Known, MessageTerms, Property};
use archwright_model::conventions::envelope::{Attribute, Envelope, Need};

use crate::{
    channel::{contracts, described},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "message/missing-attribute",
    severity: Severity::Warning,
    summary: "A message lacks an attribute of the envelope that it says it has.",
    applies_to: &[Kind::Asyncapi],
    any_dialect: true,
    sources: &[
        "A-166", "A-167", "A-228", "A-229", "E-018", "A-259", "E-046", "E-047", "H-013", "H-014", "N-006", "N-017",
        "N-029", "N-030",
    ],
    page: include_str!("missing_attribute.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for it in envelopes(cx) {
        look(cx, reporter, it.message, it.envelope, it.need);
    }
}

/// A message and the envelope that it has.
pub(super) struct Enveloped<'a> {
    pub message: &'a MessageTerms,
    pub envelope: &'a Envelope,
    need: Need,
}

/// The messages of an AsyncAPI document that have an envelope, each once.
pub(super) fn envelopes<'a>(cx: &Context<'a>) -> Vec<Enveloped<'a>> {
    let Some(terms) = cx.facts().asyncapi().map(|it| &it.terms) else { return Vec::new() };
    let mut seen = vec![false; terms.messages.len()];
    let mut found = Vec::new();
    for mention in described(cx) {
        let contracts = contracts(cx, &mention.name.text);
        if !cx.facts().opted_in() && contracts.is_empty() {
            continue;
        }
        let claims: Vec<&str> =
            contracts.iter().filter_map(|it| Some(it.mention.envelope.as_ref()?.text.as_str())).collect();
        let is_it = |it: &archwright_asyncapi::terms::ChannelTerms| {
            [&it.address, &it.topic].into_iter().flatten().any(|it| it.span == mention.name.span)
        };
        for at in terms.channels.iter().filter(|it| is_it(it)).flat_map(|it| &it.messages) {
            // A message of several channels is looked at once.
            if let (Some(message), Some(seen)) = (terms.messages.get(*at), seen.get_mut(*at))
                && !std::mem::replace(seen, true)
                && let Some((envelope, need)) = envelope(cx, message, &claims)
            {
                found.push(Enveloped { message, envelope, need });
            }
        }
    }
    found
}

/// The envelope that a message has, by the configuration, its contract or its own words, and what of it is demanded.
fn envelope<'a>(cx: &Context<'a>, message: &MessageTerms, claims: &[&str]) -> Option<(&'a Envelope, Need)> {
    let envelopes = &cx.config().profile().envelopes;
    if let Some(chosen) = cx.config().envelope() {
        return envelopes.get(chosen).map(|it| (it, Need::Convention));
    }
    let own = |it: &Envelope| {
        if it.attributes.iter().any(|it| it.need == Need::Always) { Need::Always } else { Need::Convention }
    };
    let is_claimed = |key: &str| {
        claims
            .iter()
            .any(|it| cx.config().profile().envelopes.get(key).is_some_and(|envelope| envelope.is_named(key, it)))
    };
    let says = |it: &Envelope| {
        let media_type = it
            .media_type
            .as_ref()
            .zip(message.content_type.as_ref())
            .is_some_and(|(it, own)| own.text.starts_with(it.as_str()));
        media_type || [&message.headers, &message.payload].into_iter().any(|fields| has_mark(it, fields))
    };
    let found = envelopes.iter().find(|(key, _)| is_claimed(key)).or_else(|| envelopes.iter().find(|(_, it)| says(it)));
    found.map(|(_, it)| (it, own(it)))
}

fn has_mark(envelope: &Envelope, fields: &Fields) -> bool {
    fields.first_level().any(|it| envelope.marks.iter().any(|mark| mark == envelope.bare(&it.path)))
}

fn look(cx: &Context, reporter: &mut Reporter, message: &MessageTerms, envelope: &Envelope, need: Need) {
    let Some((fields, place)) = carrier(message, envelope) else { return };
    let names: Vec<(&str, &Property)> = fields.first_level().map(|it| (envelope.bare(&it.path), it)).collect();
    let is_there = |it: &Attribute| names.iter().any(|(name, _)| *name == it.name);
    let mut missing = Vec::new();
    for attribute in envelope.attributes.iter().filter(|it| !is_there(it)) {
        let demanded = attribute.need >= need;
        let other_names = || {
            cx.config()
                .profile()
                .envelopes
                .values()
                .flat_map(|it| &it.attributes)
                .filter(|it| it.means == attribute.means)
        };
        let is_meant =
            |name: &str| folded(name) == folded(&attribute.name) || demanded && other_names().any(|it| it.name == name);
        let wrong = names.iter().find(|(name, _)| envelope.attribute(name).is_none() && is_meant(name));
        match wrong {
            Some((name, property)) => {
                let written = &property.name.text;
                let right =
                    format!("{}{}", written.get(..written.len() - name.len()).unwrap_or_default(), attribute.name);
                let text = format!("The attribute `{written}` is called `{right}` in {}; rename it.", envelope.title);
                let finding = reporter.report(property.name.span, text);
                finding.fixable = cx.facts().slice(property.name.span) == written;
                finding.data = right;
            }
            None if demanded => missing.push(format!("`{}`", attribute.name)),
            None => {}
        }
    }
    if !missing.is_empty() {
        let text = format!(
            "The message `{}` lacks {}, which {} demands; add {} to its {place}.",
            message.name.text,
            enumerate(&missing, "and"),
            envelope.title,
            if missing.len() == 1 { "it" } else { "them" }
        );
        reporter.report(message.name.span, text).fixable = false;
    }
}

/// Where the message carries its attributes. `None` where that, or all that stands there, is not known.
pub(super) fn carrier<'m>(message: &'m MessageTerms, envelope: &Envelope) -> Option<(&'m Fields, &'static str)> {
    let count = |fields: &Fields| {
        let is_wanted =
            |it: &&Property| envelope.attribute(envelope.bare(&it.path)).is_some_and(|it| it.need > Need::Optional);
        fields.first_level().filter(is_wanted).count() + if has_mark(envelope, fields) { 100 } else { 0 }
    };
    let (headers, payload) = (count(&message.headers), count(&message.payload));
    let is_known = |it: &Fields| it.known >= Known::FirstLevel;
    let has_fields = !message.payload.properties.is_empty();
    if headers >= payload && headers > 0 {
        // A header called `id` is not yet an envelope: the rest may stand in a payload that nobody sees.
        let decided = headers > 2 || is_known(&message.payload) && has_fields;
        return (decided && is_known(&message.headers)).then_some((&message.headers, "headers"));
    }
    let decided = is_known(&message.payload) && has_fields && (payload >= 100 || is_known(&message.headers));
    decided.then_some((&message.payload, "payload"))
}

/// A name without case and separators.
fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Rename to `{}`", finding.data), vec![edit]).into_iter().collect()
}
