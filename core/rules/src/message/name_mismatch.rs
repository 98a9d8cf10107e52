//! `message/name-mismatch`: a message that is called otherwise than its channel, its schema or its contract says.

use archwright_asyncapi::terms::{ChannelTerms, Fields, MessageTerms, Terms};
use archwright_model::facts::{ChannelRole, Spanned};
use smol_str::SmolStr;

use super::names::{core, happened, is_command};
use crate::{
    channel::{contracts, described, terms_by_name},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "message/name-mismatch",
    severity: Severity::Warning,
    summary: "A message is named after another event than its channel, its schema or its contract.",
    applies_to: &[Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-139", "A-168", "A-190", "A-233", "E-006", "E-016", "E-044", "H-015", "N-006", "N-028"],
    page: include_str!("name_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(terms) = cx.facts().asyncapi().map(|it| &it.terms) else { return };
    let by_name = terms_by_name(terms);
    for mention in described(cx) {
        // Further mentions of a channel say nothing of its messages.
        let Some(channel) = by_name.get(&mention.name.span).copied().filter(|_| !mention.messages.is_empty()) else {
            continue;
        };
        let name = &mention.name.text;
        if by_contract(cx, reporter, terms, channel, name) {
            continue;
        }
        if cx.facts().opted_in() {
            by_channel(cx, reporter, terms, channel, name);
            by_schema(cx, reporter, terms, channel, name);
        }
    }
}

fn messages<'t>(terms: &'t Terms, channel: &'t ChannelTerms) -> impl Iterator<Item = &'t MessageTerms> {
    channel.messages.iter().filter_map(|it| terms.messages.get(*it)).filter(|it| !it.names.is_empty())
}

/// The messages that the contracts name; the first of the document that none of them knows. Answers whether it spoke.
fn by_contract(cx: &Context, reporter: &mut Reporter, terms: &Terms, channel: &ChannelTerms, name: &str) -> bool {
    let contracts = contracts(cx, name).into_iter();
    let named = contracts.flat_map(|it| it.mention.messages.iter().map(move |at| Said { file: it.file, at }));
    // A type such as `com.example.orders.placed.v1` is no name of a message.
    let named: Vec<Said> = named.filter(|it| !it.at.text.contains('.')).collect();
    let (Some(Said { file, at: first }), Some(ours)) = (named.first(), messages(terms, channel).next()) else {
        return false;
    };
    let is_named = |it: &Spanned| named.iter().any(|name| core(&name.at.text).concat() == core(&it.text).concat());
    let is_known = |it: &MessageTerms| it.names.iter().any(is_named);
    if messages(terms, channel).any(is_known) {
        return false;
    }
    let message = format!(
        "The message is called `{}` here and `{}` in the contract of `{name}`; make the two agree.",
        ours.name.text, first.text
    );
    let related = cx.related(*file, first.span, format!("the contract says `{}`", first.text));
    let finding = reporter.report(ours.name.span, message);
    finding.related.push(related);
    finding.fixable = false;
    true
}

/// The only message of a channel that is named after an event.
fn by_channel(cx: &Context, reporter: &mut Reporter, terms: &Terms, channel: &ChannelTerms, name: &SmolStr) {
    let grammar = cx.config().channel_name();
    let mut all = messages(terms, channel);
    let (Some(message), None) = (all.next(), all.next()) else { return };
    if !grammar.source().contains("<event>") || !grammar.matches(name) {
        return;
    }
    let Some(event) = happened(name) else { return };
    let ours = &message.name;
    if let Some(other) = happened(&ours.text).filter(|it| *it != event) {
        let text = format!(
            "`{}` says `{other}`, but its channel `{name}` says `{event}`; send it elsewhere or name both after what \
            happened.",
            ours.text
        );
        reporter.report(ours.span, text).fixable = false;
    } else if is_command(&ours.text) {
        let text = format!(
            "`{}` is a command, but its channel `{name}` is for the event `{event}`; name the message after what \
            happened.",
            ours.text
        );
        reporter.report(ours.span, text).fixable = false;
    }
    by_type(cx, reporter, terms, message, name);
}

/// The type in the envelope ends in the name of the channel, if it ends in any channel's name.
fn by_type(cx: &Context, reporter: &mut Reporter, terms: &Terms, message: &MessageTerms, name: &SmolStr) {
    let Some(constant) = type_of(cx, message) else { return };
    let parts = |it: &str| it.split('.').count();
    let skipped = parts(&constant.text).saturating_sub(parts(name));
    let Some((at, _)) =
        std::iter::once((0, "")).chain(constant.text.match_indices('.').map(|(at, it)| (at + 1, it))).nth(skipped)
    else {
        return;
    };
    let Some(end) = constant.text.get(at..).filter(|it| cx.config().channel_name().matches(it)) else { return };
    // Singular and plural, or another domain, may be meant.
    let last = |it: &str| it.rsplitn(3, '.').take(2).map(str::to_owned).collect::<Vec<_>>();
    if last(end) == last(name) {
        return;
    }
    let text =
        format!("The type ends in `{end}`, but the message is on `{name}`; a type ends in the name of its channel.");
    let finding = reporter.report(constant.span, text);
    // A schema that several messages share cannot be right for all of them.
    let users = terms.messages.iter().filter(|it| type_of(cx, it).is_some_and(|it| it.span == constant.span)).count();
    finding.fixable = users == 1 && cx.facts().slice(constant.span) == constant.text;
    finding.data = format!("{}{name}", constant.text.get(..at).unwrap_or_default());
}

/// The only value that the attribute `type` of an envelope can have.
fn type_of<'m>(cx: &Context, message: &'m MessageTerms) -> Option<&'m Spanned> {
    let envelopes = &cx.config().profile().envelopes;
    let envelope = envelopes.values().find(|it| !it.marks.is_empty())?;
    let fields = [&message.headers, &message.payload].into_iter();
    let with_mark =
        |it: &&Fields| it.first_level().any(|it| envelope.marks.iter().any(|mark| mark == envelope.bare(&it.path)));
    let fields = fields.filter(with_mark).flat_map(Fields::first_level);
    fields.filter(|it| envelope.bare(&it.path) == "type").find_map(|it| it.constant.as_ref())
}

/// The schema file that a message's payload refers to.
fn by_schema(cx: &Context, reporter: &mut Reporter, terms: &Terms, channel: &ChannelTerms, name: &SmolStr) {
    for message in messages(terms, channel) {
        let (Some(reference), Some(event)) = (&message.payload_file, happened(&message.name.text)) else { continue };
        let target = reference.text.split('#').next().unwrap_or_default();
        let path = cx.facts().path.parent().join(target);
        let files = cx.files(Key::Channel(name.clone()));
        let Some(FileRef { id: file, facts: schema }) = files.iter().find(|it| it.facts.path == path) else { continue };
        let Some(title) = schema.channel(name, ChannelRole::Schema).and_then(|it| it.messages.first()) else {
            continue;
        };
        let Some(other) = happened(&title.text).filter(|it| *it != event && !title.text.contains(' ')) else {
            continue;
        };
        let text = format!(
            "`{}` says `{event}`, but its schema `{target}` is called `{}` and says `{other}`; refer to the schema of \
            this event or rename one.",
            message.name.text, title.text
        );
        let related = cx.related(*file, title.span, format!("the schema is called `{}`", title.text));
        let finding = reporter.report(message.name.span, text);
        finding.related.push(related);
        finding.fixable = false;
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Change the type to `{}`", finding.data), vec![edit]).into_iter().collect()
}
