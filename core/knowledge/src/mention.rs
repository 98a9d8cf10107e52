//! Finding known names in running text: the matcher that patterns and the lexicon share, and the mentions of patterns.

use std::{ops::ControlFlow, sync::OnceLock};

use archwright_syntax::Span;

use crate::{
    name,
    pattern::{Pattern, Prose, patterns},
    phrase::Phrases,
};

/// A pattern named in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where its name stands.
    pub span: Span,
    /// The pattern it names.
    pub pattern: &'static Pattern,
}

/// The patterns named in `text`, in order and without overlap: the longest name wins.
///
/// Names stand at word boundaries. Names of several words count in any letter case; single words and everyday phrases
/// (`Saga`, `DLQ`, `File Transfer`) only with their capitals, or followed by "pattern". Identifiers, paths and dotted
/// names are no mentions.
///
/// ```
/// use archwright_knowledge::mentions;
///
/// let text = "Each service has a transactional outbox, and a Saga spans them.";
/// let named: Vec<_> = mentions(text).iter().map(|it| it.span.of(text)).collect();
/// assert_eq!(named, ["transactional outbox", "Saga"]);
/// ```
pub fn mentions(text: &str) -> Vec<Mention> {
    static MATCHER: OnceLock<Matcher<&'static Pattern>> = OnceLock::new();
    let matcher = MATCHER.get_or_init(|| {
        let mut terms = Vec::new();
        for pattern in patterns() {
            for name in pattern.names() {
                let natural = if name.contains([' ', '-', '/']) { Prose::Any } else { Prose::Capitalized };
                let prose = match pattern.prose {
                    Some(Prose::Never) if *name == pattern.name => continue,
                    Some(Prose::Capitalized) => Prose::Capitalized,
                    _ => natural,
                };
                terms.push((name.to_string(), prose, pattern));
                terms.push((name::other_number(name), prose, pattern));
                terms.push((format!("{name} pattern"), Prose::Any, pattern));
            }
        }
        Matcher::new(terms)
    });
    matcher.find(text).map(|(span, pattern)| Mention { span, pattern }).collect()
}

/// Names to find in running text, each with a value.
pub(crate) struct Matcher<T> {
    phrases: Phrases,
    terms: Vec<(String, Prose, T)>,
}

impl<T: Copy> Matcher<T> {
    pub(crate) fn new(terms: Vec<(String, Prose, T)>) -> Self {
        let phrases = Phrases::new(terms.iter().map(|(term, ..)| term.as_str()), folded);
        Self { phrases, terms }
    }

    /// The terms in `text`, leftmost first, the longest of those that start together, without overlap.
    pub(crate) fn find(&self, text: &str) -> impl Iterator<Item = (Span, T)> + use<T> {
        // The longest match at a place may fail a later test where a shorter one passes, so all candidates are looked
        // at.
        let mut found = Vec::new();
        let _: ControlFlow<()> = self.phrases.each(text, |range, number| {
            if let Some((term, prose, value)) = self.terms.get(number)
                && let Some(written) = text.get(range.clone())
                && at_word_boundary(text, range.start, range.end)
                && is_written_as(term, written, *prose)
            {
                found.push((range, *value));
            }
            ControlFlow::Continue(())
        });
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut end = 0;
        found.retain(|(range, _)| {
            let is_free = range.start >= end;
            if is_free {
                end = range.end;
            }
            is_free
        });
        found.into_iter().map(|(range, value)| (Span::from(range), value))
    }
}

/// Lower case, and every separator a space.
fn folded(byte: u8) -> u8 {
    match byte {
        b'-' | b'/' | b'\n' | b'\t' => b' ',
        _ => byte.to_ascii_lowercase(),
    }
}

/// Whether the text around `start..end` ends a word there, and the match is no part of an identifier, a path or a
/// dotted name.
fn at_word_boundary(text: &str, start: usize, end: usize) -> bool {
    let mut before = text.get(..start).unwrap_or_default().chars().rev();
    let mut after = text.get(end..).unwrap_or_default().chars();
    let is_word = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let starts = match before.next() {
        Some('.' | '-' | ':') => !is_word(before.next()),
        Some('@' | '#' | '$') => false,
        other => !is_word(other),
    };
    let ends = match after.next() {
        Some('.' | ':') => !is_word(after.next()),
        Some('(') => after.next() != Some(')'),
        other => !is_word(other),
    };
    starts && ends && !is_in_path(text, start, end)
}

/// Whether the match is a segment of a path or an address; `Kafka/RabbitMQ` is not one.
fn is_in_path(text: &str, start: usize, end: usize) -> bool {
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    if !before.ends_with('/') && !after.starts_with('/') {
        return false;
    }
    let is_edge =
        |it: char| it.is_whitespace() || matches!(it, '(' | ')' | '<' | '>' | '"' | '\'' | '`' | '|' | ',' | '[' | ']');
    let head = before.rsplit(is_edge).next().unwrap_or_default();
    let tail = after.split(is_edge).next().unwrap_or_default();
    let is_path = |it: &str| {
        it.contains("://") || it.chars().zip(it.chars().skip(1)).any(|(a, b)| a == '.' && b.is_alphanumeric())
    };
    head.starts_with(['/', '.', '~']) || is_path(head) || is_path(tail)
}

/// Whether `written` is a way to write `term` that leaves no doubt.
fn is_written_as(term: &str, written: &str, prose: Prose) -> bool {
    let pairs = || term.chars().zip(written.chars());
    let keeps_capitals = pairs().all(|(term, written)| !term.is_uppercase() || written.is_uppercase());
    // "Cache-Aside" may lose its hyphen only where capitals still show a name: "the cache aside from that" is prose.
    let keeps_hyphen = term.contains(' ') || pairs().all(|(term, written)| term != '-' || matches!(written, '-' | '/'));
    // A blank line ends a paragraph, and no name runs over it.
    let keeps_lines = !written.contains("\n\n");
    keeps_lines
        && match prose {
            Prose::Any => keeps_capitals || keeps_hyphen,
            Prose::Capitalized => keeps_capitals,
            Prose::Never => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(text: &str) -> Vec<(&str, &str)> {
        mentions(text).into_iter().map(|it| (it.pattern.slug.as_str(), it.span.of(text))).collect()
    }

    #[test]
    fn names_and_aliases_are_found_in_prose() {
        let text = "Orders leave through a transactional outbox; the billing side is an Idempotent Consumer.\n\
                    Poison messages go to the dead-letter\nqueue (DLQs have owners). A Saga, not choreography, holds the state.";
        assert_eq!(
            names(text),
            [
                ("transactional-outbox", "transactional outbox"),
                ("idempotent-receiver", "Idempotent Consumer"),
                ("dead-letter-channel", "dead-letter\nqueue"),
                ("dead-letter-channel", "DLQs"),
                ("saga", "Saga"),
            ]
        );
    }

    #[test]
    fn everyday_words_are_no_patterns() {
        for text in [
            "the order was a bulk heading",
            "we cleared the cache aside from that one key",
            "a long saga about a bulkhead and a lease",
            "send a test message to the shared database",
            "the dlq of payments.DLQ and orders-DLQ and DLQ_OWNER",
            "class Saga.java calls Saga() in Sagaing",
            "the request reply was late",
            "Message is sent. Timeout is 5 s. Messaging works.",
            "a circuit\n\nBreaker",
            "see docs/Saga/x.md, https://example.com/DLQ and ./Outbox/",
        ] {
            assert_eq!(names(text), [], "{text}");
        }
    }

    #[test]
    fn the_word_pattern_makes_an_everyday_word_a_name() {
        assert_eq!(names("the bulkhead pattern and the cache aside pattern").len(), 2);
        assert_eq!(names("Cache Aside and cache-aside").len(), 2);
        assert_eq!(names("Outbox/Saga").len(), 2);
    }

    #[test]
    fn the_longest_name_wins() {
        assert_eq!(names("a Lease with Fencing Token"), [("lease-with-fencing-token", "Lease with Fencing Token")]);
        assert_eq!(names("Publish-Subscribe Channels"), [("publish-subscribe-channel", "Publish-Subscribe Channels")]);
    }

    proptest! {
        #[test]
        fn any_text_gives_ordered_spans_on_character_boundaries(
            text in "([a-z]{0,3}|Saga|DLQ|outbox|cache|aside|é|😀|[-_./\n (),:]){0,30}",
        ) {
            let mut end = 0;
            for mention in mentions(&text) {
                prop_assert!(mention.span.start >= end);
                prop_assert!(text.get(mention.span.range()).is_some());
                end = mention.span.end;
            }
        }
    }
}
