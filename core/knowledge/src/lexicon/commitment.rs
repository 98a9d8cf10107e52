//! Whether a decision is one (A-133): words that say that nobody has decided yet.

use smol_str::SmolStr;

use crate::source::{self, Node};

use super::lexicon;

/// The words by which a decision is told to be none.
pub(super) struct Commitment {
    /// What its first sentence begins with.
    openings: Vec<SmolStr>,
    /// What stands in its first sentence.
    first: Vec<SmolStr>,
    /// What stands anywhere.
    anywhere: Vec<SmolStr>,
}

impl Commitment {
    pub(super) fn new(root: Option<Node<'_>>) -> Self {
        let node = root.and_then(|it| it.get("uncommitted"));
        let words = |key| node.map(|it| source::texts(it, key)).unwrap_or_default();
        Self { openings: words("openings"), first: words("first-sentence"), anywhere: words("anywhere") }
    }
}

/// The words by which a decision shows that it is none yet: `We might`, `either`, `to be decided`. What the first
/// sentence settles may have options in it later.
///
/// ```
/// use archwright_knowledge::lexicon::uncommitted;
///
/// assert_eq!(uncommitted("We might use Kafka."), Some("we might"));
/// assert_eq!(uncommitted("We use Kafka. A crash might send a batch twice."), None);
/// ```
pub fn uncommitted(decision: &str) -> Option<&'static str> {
    let words = &lexicon().commitment;
    let text = decision.to_lowercase().replace('’', "'");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_start_matches(|it: char| !it.is_alphanumeric());
    let first = text.split_once(". ").map_or(text, |it| it.0);
    if first.ends_with('?') {
        return Some("?");
    }
    let opening = words.openings.iter().find(|it| begins(text, it));
    let within = || words.first.iter().find(|it| contains(first, it));
    let anywhere = || words.anywhere.iter().find(|it| contains(text, it));
    opening.or_else(within).or_else(anywhere).map(SmolStr::as_str)
}

/// Whether a text begins with words, as whole ones. What is forbidden is decided: `we may not store`.
fn begins(text: &str, words: &str) -> bool {
    let rest = text.strip_prefix(words);
    rest.is_some_and(|it| !it.starts_with(|it: char| it.is_alphanumeric() || it == '-') && !it.starts_with(" not "))
}

/// Whether a text has words in it, as whole ones.
fn contains(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text.get(..at).is_none_or(|it| !it.ends_with(char::is_alphanumeric));
        before && text.get(at..).is_some_and(|it| begins(it, words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_decided_is_told_from_what_is() {
        for text in [
            "We might use Kafka.",
            "We may move to Kafka",
            "Either Kafka or RabbitMQ.",
            "Use either Kafka or RabbitMQ, whichever is cheaper.",
            "Perhaps an outbox.",
            "We should consider an outbox.",
            "The broker is to be decided.",
            "Kafka (TBD).",
            "Kafka or RabbitMQ?",
            "We use Kafka, or RabbitMQ if it turns out to be too slow.",
            "We’re not sure yet.",
        ] {
            assert!(uncommitted(text).is_some(), "{text}");
        }
        for text in [
            "We use Kafka.",
            "We will use Kafka. It may be slower at first.",
            "Consumers may retry five times.",
            "A consumer is written in either Go or Rust.",
            "Maybe-typed values are forbidden.",
            "Each read may be stale by 200 ms.",
            "The service falls back to the replica if the primary does not answer within 200 ms.",
            "We reject retries; callers might retry themselves.",
            "We may not store card numbers.",
        ] {
            assert_eq!(uncommitted(text), None, "{text}");
        }
    }
}
