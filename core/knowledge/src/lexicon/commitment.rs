//! Whether a decision is one (A-133): words that say that nobody has decided yet.

use std::ops::ControlFlow;

use smol_str::SmolStr;

use crate::{
    phrase::Phrases,
    source::{self, Node},
};

use super::lexicon;

/// The words by which a decision is told to be none.
pub(super) struct Commitment {
    /// What its first sentence begins with.
    openings: Listed,
    /// What stands in its first sentence.
    first: Listed,
    /// What stands anywhere.
    anywhere: Listed,
    /// What decides in its first sentence, whatever that weighs.
    decided: Listed,
}

/// Words to look for, and what finds them.
struct Listed {
    list: Vec<SmolStr>,
    phrases: Phrases,
}

impl Listed {
    fn new(mut list: Vec<SmolStr>) -> Self {
        let curly: Vec<SmolStr> =
            list.iter().filter(|it| it.contains('\'')).map(|it| it.replace('\'', "’").into()).collect();
        list.extend(curly);
        Self { phrases: Phrases::new(list.iter().map(SmolStr::as_str), folded), list }
    }

    /// The first of them in a text, as whole words.
    fn first_in(&self, text: &str) -> Option<&SmolStr> {
        let found = self.phrases.each(text, |range, number| {
            let is_whole = text.get(range.end..).is_some_and(ends);
            if is_whole { ControlFlow::Break(number) } else { ControlFlow::Continue(()) }
        });
        self.list.get(found.break_value()?)
    }
}

/// Lower case, on one line.
fn folded(byte: u8) -> u8 {
    if byte == b'\n' { b' ' } else { byte.to_ascii_lowercase() }
}

impl Commitment {
    pub(super) fn new(root: Option<Node<'_>>) -> Self {
        let node = root.and_then(|it| it.get("uncommitted"));
        let words = |key| node.map(|it| source::texts(it, key)).unwrap_or_default();
        Self {
            openings: Listed::new(words("openings")),
            first: Listed::new(words("first-sentence")),
            anywhere: Listed::new(words("anywhere")),
            decided: Listed::new(words("decided")),
        }
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
    let text = decision.trim().trim_start_matches(|it: char| !it.is_alphanumeric());
    // A line that ends within it ends no sentence.
    let ends_sentence = |it: &usize| text.get(it + 1..).is_some_and(|it| it.starts_with([' ', '\n']));
    let end = text.match_indices('.').map(|it| it.0).find(ends_sentence);
    let first = end.and_then(|it| text.get(..it)).unwrap_or(text);
    if first.ends_with('?') {
        return Some("?");
    }
    // `Either would have done; the counter was chosen`, and not `no option was chosen yet`.
    let last = first.rsplit([';', ',', ':']).next().unwrap_or(first);
    let denies = |it: &str| it.split_whitespace().any(|it| ["no", "not", "none", "neither", "nothing"].contains(&it));
    if words.decided.first_in(last).is_some() && !denies(last) {
        return words.anywhere.first_in(text).map(SmolStr::as_str);
    }
    let opening = words.openings.list.iter().find(|it| begins(text, it));
    opening.or_else(|| words.first.first_in(first)).or_else(|| words.anywhere.first_in(text)).map(SmolStr::as_str)
}

/// Whether a text begins with words, as whole ones.
fn begins(text: &str, words: &str) -> bool {
    let start = text.as_bytes().get(..words.len());
    start.is_some_and(|it| it.iter().copied().map(folded).eq(words.bytes()))
        && text.get(words.len()..).is_some_and(ends)
}

/// Whether words end before what stands behind them. What is forbidden is decided: `we may not store`.
fn ends(behind: &str) -> bool {
    !behind.starts_with(|it: char| it.is_alphanumeric() || it == '-')
        && !behind.strip_prefix([' ', '\n']).is_some_and(|it| it.starts_with("not ") || it.starts_with("not\n"))
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
            "We haven’t looked: we’ll see",
            "**We\nmight** use Kafka.",
            "Counter or row lock, whichever benchmarks better; the choice rests with the squad.",
            "The choice between a counter and a lock is left open until the load test.",
            "Either a counter or a lock, and none was chosen.",
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
            "Either a counter or a lock would have met the target; the counter was chosen.",
        ] {
            assert_eq!(uncommitted(text), None, "{text}");
        }
    }
}
