//! `channel/poor-ordering-key`: an ordering key by which nothing is kept in order.

use archwright_model::{facts::ChannelRole, values::value};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/poor-ordering-key",
    severity: Severity::Warning,
    summary: "An ordering key is a type, a time or a random id, by which no thing keeps its order.",
    applies_to: &[Kind::Contract, Kind::Design],
    sources: &["A-272", "A-305", "N-025"],
    page: include_str!("poor_ordering_key.md"),
    check,
    ..Rule::OURS
};

/// Keys with few values, so that the messages of one type share a partition and those of one thing may not.
const TYPES: [&str; 6] = ["event_type", "type", "message_type", "event_name", "ce_type", "event_kind"];
/// Keys that are another one in each message.
const FRESH: [&str; 16] = [
    "timestamp",
    "time",
    "event_time",
    "created_at",
    "occurred_at",
    "sent_at",
    "published_at",
    "event_id",
    "message_id",
    "random",
    "random_uuid",
    "uuid",
    "random_id",
    "correlation_id",
    "trace_id",
    "random_key",
];

fn check(cx: &Context, reporter: &mut Reporter) {
    let promised = cx.facts().channels.iter();
    for channel in promised.filter(|it| matches!(it.role, ChannelRole::Contract | ChannelRole::Design)) {
        let Some(key) = &channel.ordering_key else { continue };
        let said = folded(&key.text);
        let why = match said.as_str() {
            it if TYPES.contains(&it) => {
                "has a few values, so that all messages of one type wait for each other and those of one thing may not \
                 keep their order"
            }
            it if FRESH.contains(&it) || is_time(it) => {
                "is another one in each message, so that no two of them are kept in order"
            }
            _ => continue,
        };
        let message = format!(
            "`{}` {why}. Take the id of what the message is about, or say `none` if nothing has to be in order.",
            value::plain(&key.text)
        );
        reporter.report(key.span, message);
    }
}

/// Whether a key is a time by the end of its name: `read_at`.
fn is_time(key: &str) -> bool {
    ["_at", "_timestamp", "_datetime"].iter().any(|it| key.ends_with(it)) && !key.contains("_id")
}

/// A name in lower case with underscores: `eventType` and `event type` are `event_type`.
fn folded(name: &str) -> String {
    let mut folded = String::new();
    let mut was_lower = false;
    for letter in value::plain(name).trim_end_matches('.').chars() {
        let is_joint = matches!(letter, ' ' | '-' | '_') || letter.is_uppercase() && was_lower;
        if is_joint && !folded.ends_with('_') {
            folded.push('_');
        }
        if letter.is_alphanumeric() {
            folded.extend(letter.to_lowercase());
        } else if !matches!(letter, ' ' | '-' | '_') {
            folded.push(letter);
        }
        was_lower = letter.is_lowercase();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn a_key_is_known_in_any_case() {
        for name in ["event_type", "eventType", "event type", "`event-type`", "EventType."] {
            assert_eq!(folded(name), "event_type", "{name}");
        }
        assert_eq!(folded("event type and tenant"), "event_type_and_tenant");
    }
}
