//! What the name of a message says: an event that happened, a command, or neither (X2, A-190).

use archwright_knowledge::lexicon::{is_imperative, is_past_tense};

use crate::channel::invalid_name::words;

/// Words at the end of a name that say what kind of thing it names, not which.
const KINDS: [&str; 14] = [
    "event", "events", "message", "messages", "msg", "payload", "schema", "data", "dto", "envelope", "value", "record",
    "avro", "json",
];

/// Words that are a past form and something else as often: a `RuleSet`, a `ReadModel`.
const BOTH: [&str; 14] =
    ["cut", "felt", "found", "ground", "hit", "left", "put", "read", "rerun", "run", "set", "shut", "split", "used"];

/// The words of a name in lower case, without a version and what kind of thing it is: `OrderPlacedEventV1` is
/// `order placed`. Of a dotted name only the last part counts, where that is a name of its own: `com.shop.OrderPlaced`.
pub(crate) fn core(name: &str) -> Vec<String> {
    let mut words: Vec<String> = name.split(['.', '/', ':']).flat_map(words).collect();
    let is_version = |it: &str| {
        let digits = it.strip_prefix('v').unwrap_or(it);
        !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit())
    };
    while words.len() > 1 && words.last().is_some_and(|it| is_version(it) || KINDS.contains(&it.as_str())) {
        words.pop();
    }
    words
}

/// What happened, if the name is that of an event: `placed` of `OrderPlaced`.
pub(crate) fn happened(name: &str) -> Option<String> {
    let words = core(name);
    let last = words.last().filter(|it| words.len() > 1 && is_past_tense(it) && !BOTH.contains(&it.as_str()))?;
    Some(last.clone())
}

/// Whether the name is that of a command: it begins with an order and says nothing of the past.
pub(crate) fn is_command(name: &str) -> bool {
    let words = core(name);
    words.first().is_some_and(|it| words.len() > 1 && is_imperative(it)) && !words.iter().any(|it| is_past_tense(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_say_what_happened_and_commands_what_to_do() {
        for (name, event, command) in [
            ("OrderPlaced", Some("placed"), false),
            ("order_placed_event", Some("placed"), false),
            ("OrderPlacedV2", Some("placed"), false),
            ("shop.orders.placed.v1", Some("placed"), false),
            ("PaymentSent", Some("sent"), false),
            ("PlaceOrder", None, true),
            ("RuleSet", None, false),
            ("Order", None, false),
            ("OrderFeed", None, false),
            ("", None, false),
        ] {
            assert_eq!((happened(name).as_deref(), is_command(name)), (event, command), "{name}");
        }
    }
}
