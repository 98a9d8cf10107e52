//! `document/mistyped-field`: a field that holds nothing of the kind that it is for.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelRole, Spanned},
    values::{answer::is_put_off, quantity, retention::Retention, value},
};

use crate::{
    claim::{has_other_script, is_withdrawn, number_in_words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/mistyped-field",
    // It was wrong on documents that state a type in words of their own, and its precision in public is not known.
    severity: Severity::Info,
    summary: "A field holds nothing of the kind that it is for, such as a retention without a time.",
    applies_to: Kind::DOCUMENTS,
    sources: &["A-073", "A-076", "A-077"],
    page: include_str!("mistyped_field.md"),
    check,
    ..Rule::OURS
};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Time,
    Key,
    Delivery,
    Channel,
    Mode,
    Versioning,
    Recovery,
    Gate,
    Replay,
    Number,
}

impl Type {
    /// What is missing, and what to write.
    fn missing(self) -> &'static str {
        match self {
            Self::Time => "names no time. Say for how long: `7 days`, `forever`, `compacted`.",
            Self::Key => "names no field. Name the one whose value it is, or say `none`.",
            Self::Delivery => "names no delivery. Say `at-least-once`, `at-most-once` or `effectively-once`.",
            Self::Channel => "names no channel. Name it, or say `none` and where such messages go.",
            Self::Mode => "is no compatibility mode. Name one, such as `BACKWARD`, or say `NONE`.",
            Self::Versioning => "says nothing of versions. Say what changes in place and what opens a new one.",
            Self::Recovery => "names neither a time nor a way. Say how much is lost, how long it takes, or `none`.",
            Self::Gate => "names nothing that runs. Name the job or check that stops a breaking change, or say `none`.",
            Self::Replay => "says neither from where nor how fast. Name the range, the rate and who starts it.",
            Self::Number => "has no number. Name one that can be measured.",
        }
    }

    /// Whether a value holds something of the kind. What cannot be told counts as held.
    fn is_in(self, said: &str) -> bool {
        let lower = said.to_lowercase();
        let has = |kind: &str| claim_words(kind).are_in(&lower);
        let has_number = || {
            said.contains(|it: char| it.is_ascii_digit())
                || lower.split(|it: char| !it.is_alphanumeric()).any(|it| number_in_words(it).is_some())
        };
        match self {
            Self::Time => {
                let kept = Retention::of(said);
                has_number() || kept != Retention::default() || has("times")
            }
            // That copies are not known again is told as that.
            Self::Key => {
                is_name(&lower)
                    || has_number()
                    || ["key-words", "unneeded", "copies", "takes-copies"].iter().any(|it| has(it))
            }
            Self::Delivery => {
                ["exactly-once", "at-least-once", "at-most-once", "once", "delivery-words"].iter().any(|it| has(it))
            }
            Self::Channel => said.contains(['.', '-', '_', '/']) && !lower.contains(". ") || has_number(),
            // What is written like a mode is told by the rule that knows them.
            Self::Mode => has("mode-words") || said.chars().all(|it| it.is_ascii_uppercase() || it == '_'),
            Self::Versioning => has("signs-of-schema-evolution") || has("fields") || has_number(),
            Self::Recovery => has_number() || has("recovery-words"),
            Self::Gate => has("gate-words"),
            Self::Replay => has_number() || has("replay-words"),
            Self::Number => has_number() || !quantity::measured(said).is_empty(),
        }
    }
}

/// Whether a value is short enough to be the name of something: `customer`, `order id`, `per customer`.
fn is_name(said: &str) -> bool {
    said.split_whitespace().count() <= 2 && !claim_words("any-key").are_in(said)
}

/// A concern of more words is described.
const BRIEF: usize = 5;

/// More bytes than these explain something, and what they hold is not for a program to say.
const LONGEST: usize = 120;

/// Whether a value holds nothing of a kind. What links, names code, denies, is still open or points elsewhere is not
/// told: it says more, or another rule tells it.
fn is_mistyped(said: &str, wanted: Type) -> bool {
    let plain = value::plain(said);
    let is_other = said.len() > LONGEST
        || said.contains(['`', '[', '<', '{', '$'])
        || plain.is_empty()
        || value::is_unknown(said)
        || is_withdrawn(said)
        || is_put_off(said)
        || has_other_script(said);
    let lower = plain.to_lowercase();
    !is_other
        && !claim_words("none-here").begin(&lower)
        && !claim_words("points-elsewhere").are_in(&lower)
        && !wanted.is_in(&plain)
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let mut told: Vec<Span> = Vec::new();
    let mut tell = |span: Span, said: &str, wanted: Type, reporter: &mut Reporter| {
        if is_mistyped(said, wanted) && !told.contains(&span) {
            told.push(span);
            reporter.report(span, format!("`{}` {}", value::plain(said), wanted.missing()));
        }
    };
    for mention in cx.facts().channels.iter().filter(|it| it.role != ChannelRole::AsyncApi) {
        let boxed = |it: &'_ Option<Box<Spanned>>| it.as_deref().cloned();
        let held = [
            (mention.retention.clone(), Type::Time),
            (mention.ordering_key.clone(), Type::Key),
            (boxed(&mention.idempotency_key), Type::Key),
            (boxed(&mention.delivery), Type::Delivery),
            // A column of a design may name those who answer for them.
            (mention.dlq.clone().filter(|_| mention.role == ChannelRole::Contract), Type::Channel),
            (mention.compatibility.clone(), Type::Mode),
            (boxed(&mention.partitions), Type::Number),
        ];
        for (value, wanted) in held {
            if let Some(value) = value {
                tell(value.span, cx.facts().slice(value.span), wanted, reporter);
            }
        }
    }
    let Some(document) = cx.by_role() else { return };
    let fields: &[(Role, Type)] = match cx.facts().kind {
        Kind::Contract => {
            &[(Role::CiGate, Type::Gate), (Role::Replay, Type::Replay), (Role::Versioning, Type::Versioning)]
        }
        Kind::FeatureReadme => &[(Role::Slo, Type::Number)],
        _ => &[],
    };
    for (role, wanted) in fields {
        if let Some(value) = document.field(*role) {
            tell(value.span, &value.text, *wanted, reporter);
        }
    }
    for (role, wanted) in [(Role::Capacity, Type::Number), (Role::DrPosture, Type::Recovery)] {
        // Who describes the load in words of their own says more than a word for much or little.
        if let Some(concern) = document.concern(role).filter(|it| it.text.split_whitespace().count() <= BRIEF) {
            tell(concern.span, &concern.text, wanted, reporter);
        }
    }
}
