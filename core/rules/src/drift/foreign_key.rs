//! `drift/foreign-key`: code that sends with another key than the contract orders by, or with none.

use archwright_model::facts::{ChannelRole, Deed};

use super::undocumented_channel::is_test;
use crate::{
    channel::{contracts, key_parts},
    field_name::words,
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/foreign-key",
    severity: Severity::Warning,
    summary: "The code sends messages with no key, with one of the clock or of chance, or with another than promised.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    sources: &["A-146", "A-172"],
    page: include_str!("foreign_key.md"),
    check,
    ..Rule::OURS
};

/// Names of keys that may stand for any of them.
const GENERAL: [&str; 13] = [
    "aggregate",
    "entity",
    "partition",
    "message",
    "routing",
    "ordering",
    "object",
    "record",
    "resource",
    "group",
    "subject",
    "outbox",
    "event",
];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(code) = facts.code().filter(|it| !it.conduct.is_empty() && !is_test(&facts.path)) else { return };
    for conduct in code.conduct.iter().filter(|it| it.deed == Deed::IsKeyed) {
        let sends = facts.channels.iter().filter(|it| it.role == ChannelRole::Send);
        let Some(channel) = sends.into_iter().find(|it| Some(it.name.span) == conduct.channel) else { continue };
        let stated = contracts(cx, &channel.name.text);
        let [contract] = stated.as_slice() else { continue };
        let Some(promise) = contract.mention.ordering_key.as_ref() else { continue };
        let Some(parts) = key_parts(&promise.text) else { continue };
        let [key] = parts.as_slice() else { continue };
        let message = if conduct.key.is_empty() {
            format!(
                "This message of `{}` has no key, and its contract orders by `{key}`: messages of one `{key}` are \
                 spread over all partitions and overtake each other.",
                channel.name.text
            )
        } else if let Some(source) = made_up(facts.slice(conduct.span)).filter(|_| names_a_thing(key)) {
            format!(
                "The key of `{}` is made of {source} here, and its contract orders by `{key}`: messages of one `{key}` \
                 are spread over all partitions and overtake each other.",
                channel.name.text
            )
        } else if is_another(key, &conduct.key) {
            format!(
                "The key of `{}` is `{}` here and `{key}` in its contract: messages of one `{key}` overtake each \
                 other. Make the two agree.",
                channel.name.text, conduct.key
            )
        } else {
            continue;
        };
        let related = cx.related(contract.file, promise.span, format!("the contract says `{key}`"));
        reporter.report(conduct.span, message).related.push(related);
    }
}

/// What a key is made of that has nothing to do with its message: `String(Date.now())` of the clock.
fn made_up(key: &str) -> Option<&'static str> {
    const CLOCKS: [&str; 16] = [
        "Date.now(",
        "new Date(",
        "time.time(",
        "time_ns(",
        "monotonic(",
        "datetime.now(",
        "datetime.utcnow(",
        "UtcNow",
        "DateTime.Now",
        "currentTimeMillis(",
        "nanoTime(",
        "Instant.now(",
        "time.Now(",
        "performance.now(",
        "hrtime(",
        "DateTime.now(",
    ];
    const CHANCE: [&str; 14] = [
        "uuid4(",
        "uuid1(",
        "uuidv4(",
        "uuid.v4(",
        "randomUUID(",
        "random(",
        "randint(",
        "nextInt(",
        "NewGuid(",
        "uuid.New(",
        "uuid.NewString(",
        "nanoid(",
        "ulid(",
        "SecureRandom",
    ];
    let has = |of: &[&str]| of.iter().any(|it| key.contains(it));
    if has(&CLOCKS) { Some("the clock") } else { has(&CHANCE).then_some("chance") }
}

/// Whether a key is that of a thing which several messages are about: neither a time nor the message itself.
fn names_a_thing(key: &str) -> bool {
    const TIMES: [&str; 5] = ["at", "time", "timestamp", "uuid", "instant"];
    let words = words(key);
    words.iter().any(|it| it != "id" && !GENERAL.contains(&it.as_str()))
        && !words.iter().any(|it| TIMES.contains(&it.as_str()))
}

/// Whether two names of keys are made alike and name different things: `shelf_id` and `basket_id`.
fn is_another(promised: &str, given: &str) -> bool {
    let (promised, given) = (words(promised), words(given));
    let (Some((end, ours)), Some((other_end, theirs))) = (promised.split_last(), given.split_last()) else {
        return false;
    };
    end == other_end
        && !ours.is_empty()
        && !theirs.is_empty()
        && !ours.iter().any(|it| theirs.contains(it))
        && !theirs.iter().any(|it| GENERAL.contains(&it.as_str()))
}

#[cfg(test)]
mod tests {
    use super::is_another;

    #[test]
    fn keys_are_told_apart_by_what_they_name() {
        for given in ["shelf_id", "shelfId", "customer id"] {
            assert!(is_another("basket_id", given), "{given}");
        }
        for given in ["basket_id", "basketId", "id", "key", "aggregate_id", "basket_number", "submitted_basket_id"] {
            assert!(!is_another("basket_id", given), "{given}");
        }
    }
}
