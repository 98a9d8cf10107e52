//! What code writes into messages and reads from them, held against the schemas: fields that no schema has, required
//! ones that are left out, and personal data that nobody agreed to.

use archwright_knowledge::lexicon::{FieldValue, Sensitivity, sensitivity};
use archwright_model::{conventions::config::Config, facts::FileFacts};
use archwright_scan::flow::{Flow, Literal, Read};
use archwright_schema::Field;
use archwright_syntax::Spanned;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{
    super::{
        reviewed::{ReviewFinding, ReviewPlace},
        tokens::{likeness, line_of, places_of, words},
    },
    CodeChange,
    context::Service,
};

/// Code and schema that no longer agree.
pub(in crate::review) const MISMATCH: &str = "review/payload-mismatch";

/// Personal data where none was agreed.
pub(in crate::review) const PERSONAL: &str = "review/personal-data";

/// An object with fewer fields of a schema than this may be anything.
const MIN_FIELDS: usize = 2;

/// How much of the words of two lines must be the same, so that one is the other with a field renamed.
const SAME_LINE: f64 = 0.7;

/// A schema with its channel.
struct Message<'a> {
    channel: SmolStr,
    facts: &'a FileFacts,
    fields: &'a [Field],
}

impl Message<'_> {
    fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|it| it.name.text == name)
    }

    fn count(&self, literal: &Literal) -> usize {
        literal.entries.iter().filter(|it| self.field(&it.text).is_some()).count()
    }

    fn place(&self, name: &str) -> Option<ReviewPlace> {
        let field = self.field(name)?;
        let line = line_of(&self.facts.text, field.name.span.start as usize);
        Some(ReviewPlace { file: self.facts.path.clone(), line })
    }
}

/// What payloads and readers say now that the schemas do not.
pub(super) fn payloads(change: &CodeChange<'_>, service: &Service<'_>, config: &Config) -> Vec<ReviewFinding> {
    let messages = |channels: &std::collections::BTreeSet<SmolStr>| -> Vec<Message<'_>> {
        let of = |channel: &SmolStr| {
            let schemas = service.schemas(channel).into_iter();
            schemas.map(|(facts, fields)| Message { channel: channel.clone(), facts, fields }).collect::<Vec<_>>()
        };
        channels.iter().flat_map(of).collect()
    };
    let (sent, received) = (messages(&service.sends), messages(&service.receives));
    let mut found = Vec::new();
    for literal in &change.before.literals {
        let best = sent.iter().map(|it| (it.count(literal), it)).filter(|it| it.0 >= MIN_FIELDS);
        let Some((_, message)) = best.max_by_key(|it| it.0) else { continue };
        let Some(now) = became(change, literal, message) else { continue };
        found.extend(of_payload(change, message, literal, now, config));
    }
    if change.file.before.is_none() {
        return found;
    }
    found.extend(of_reads(change, &received));
    found
}

/// What a payload of the old text is in the new one.
fn became<'c>(change: &'c CodeChange<'_>, literal: &Literal, message: &Message<'_>) -> Option<&'c Literal> {
    let function = change.pairs.iter().find(|it| it.0 == literal.function).map(|it| it.1);
    let shared =
        |it: &Literal| it.entries.iter().filter(|it| literal.entries.iter().any(|old| old.text == it.text)).count();
    let likely = change.after.literals.iter().filter(|it| message.count(it) >= 1 && shared(it) >= 1);
    // Another object that shares a name or two is another object.
    let likely = likely.filter(|it| shared(it) * 2 >= literal.entries.len());
    // In the same function rather than in another.
    likely.max_by_key(|it| (Some(it.function) == function, shared(it)))
}

fn of_payload(
    change: &CodeChange<'_>,
    message: &Message<'_>,
    then: &Literal,
    now: &Literal,
    config: &Config,
) -> Vec<ReviewFinding> {
    let has = |literal: &Literal, name: &str| literal.entries.iter().any(|it| it.text == name);
    let elsewhere = |name: &str| change.after.literals.iter().any(|it| has(it, name));
    let assigned = |name: &str| change.after.functions.iter().any(|it| it.parameters.iter().any(|it| it == name));
    let lost: Vec<&Spanned> = then
        .entries
        .iter()
        .filter(|it| message.field(&it.text).is_some() && !elsewhere(&it.text) && !assigned(&it.text))
        .collect();
    let gained: Vec<&Spanned> =
        now.entries.iter().filter(|it| !has(then, &it.text) && message.field(&it.text).is_none()).collect();
    let mut found = Vec::new();
    for new in &gained {
        let Some((kind, _)) = sensitivity(&new.text, FieldValue::Other, config.sensitive()) else { continue };
        let what = if kind == Sensitivity::Secret { "a secret" } else { "personal data" };
        let text = format!(
            "`{}` puts {what} into {}, and its schema has no such field: nobody agreed that its readers get it.",
            new.text, message.channel
        );
        let mut finding = change.finding(PERSONAL, new.span.start, text);
        finding.against.push(ReviewPlace { file: message.facts.path.clone(), line: 1 });
        finding.advice = Some("Leave it out; readers ask the owner by number.".to_owned());
        found.push(finding);
    }
    let told: FxHashSet<&str> = gained
        .iter()
        .filter(|it| sensitivity(&it.text, FieldValue::Other, config.sensitive()).is_some())
        .map(|it| it.text.as_str())
        .collect();
    // What is taken over from elsewhere may have it.
    if now.is_open && !then.is_open {
        return found;
    }
    // What is left is the payload still, and nothing new fills it elsewhere.
    let is_complete = message.count(now) >= MIN_FIELDS && !change.calls_something_new(now.function);
    let after_text = change.file.after.as_ref().map_or("", |it| &it.text);
    for old in lost {
        let renamed = gained.iter().find(|it| !told.contains(it.text.as_str()) && !it.text.is_empty());
        let is_required = message.field(&old.text).is_some_and(|it| it.required);
        let (at, text) = match renamed {
            Some(new) => {
                let text = format!(
                    "The payload of {} has `{}` where its schema has `{}`: readers miss it.",
                    message.channel, new.text, old.text
                );
                (new.span.start, text)
            }
            None if is_required && is_complete && places_of(after_text, &old.text).next().is_none() => {
                let text = format!(
                    "The payload of {} no longer has `{}`, which its schema requires.",
                    message.channel, old.text
                );
                (now.span.start, text)
            }
            None => continue,
        };
        let mut finding = change.finding(MISMATCH, at, text);
        finding.against.extend(message.place(&old.text));
        finding.advice = Some(format!("Send `{}`, or change the schema first in a way its readers stand.", old.text));
        found.push(finding);
    }
    found
}

/// Fields that are read now and stand in no schema, where one of the schema was read.
fn of_reads(change: &CodeChange<'_>, received: &[Message<'_>]) -> Vec<ReviewFinding> {
    let mut found: Vec<ReviewFinding> = Vec::new();
    let names = |flow: &Flow| flow.reads.iter().map(|it| it.field.text.clone()).collect::<FxHashSet<_>>();
    let (then, now) = (names(&change.before), names(&change.after));
    let is_known = |name: &str| received.iter().any(|it| it.field(name).is_some());
    for old in change.before.reads.iter().filter(|it| !now.contains(&it.field.text)) {
        let Some(message) = received.iter().find(|it| it.field(&old.field.text).is_some()) else { continue };
        let function = change.pairs.iter().find(|it| it.0 == old.function).map(|it| it.1);
        let reads_message = |it: &Read| {
            let others =
                change.after.reads.iter().filter(|other| other.from == it.from && other.function == it.function);
            it.from == old.from || others.into_iter().any(|it| is_known(&it.field.text))
        };
        let new = change.after.reads.iter().find(|it| {
            Some(it.function) == function
                && !then.contains(&it.field.text)
                && !is_known(&it.field.text)
                && reads_message(it)
                && stands_instead(change, &old.field, &it.field)
        });
        let Some(new) = new else { continue };
        let text = format!(
            "`{}` is read from a message of {} where `{}` was, and its schema has no such field.",
            new.field.text, message.channel, old.field.text
        );
        let mut finding = change.finding(MISMATCH, new.field.span.start, text);
        if found.iter().any(|it| it.message == finding.message) {
            continue;
        }
        finding.against.extend(message.place(&old.field.text));
        finding.advice = Some(format!("Read `{}`.", old.field.text));
        found.push(finding);
    }
    found
}

/// Whether a name stands in its line where another stood in a line that is the same but for that.
fn stands_instead(change: &CodeChange<'_>, old: &Spanned, new: &Spanned) -> bool {
    let line = |text: &str, at: u32| -> String {
        let at = at as usize;
        let start = text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        text.get(start..).unwrap_or_default().lines().next().unwrap_or_default().trim().to_owned()
    };
    let (Some(before), Some(after)) = (&change.file.before, &change.file.after) else { return false };
    let then = line(&before.text, old.span.start).replace(old.text.as_str(), &new.text);
    likeness(&words(&then), &words(&line(&after.text, new.span.start))) >= SAME_LINE
}
