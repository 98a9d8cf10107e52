//! Phrases, found in a text where its words begin.
//!
//! An automaton over some hundred phrases takes longer to make than most checks take to read their texts, and ten
//! instructions for each byte after that. Few words of a text begin any phrase, so the first word is looked up, and
//! only then the rest is compared.

use std::ops::{ControlFlow, Range};

use rustc_hash::FxHashMap;

/// Phrases to find in texts, by their number in the list that they were made of.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// Each of them, folded.
    list: Vec<Box<[u8]>>,
    /// By the hash of their first word, the shortest first.
    heads: FxHashMap<u64, Vec<u32>>,
    /// Which hashes may be in `heads`; one bit for a hash, as most words are in none.
    may_begin: [u64; FILTER_WORDS],
    /// What each byte counts as.
    folded: [u8; 256],
    /// The folded byte of an ASCII letter or digit, and 0 for the others.
    letters: [u8; 256],
    /// Which bytes that are none of these may begin a word or a phrase: those past ASCII, and the `/` of `/s`.
    marks: [bool; 256],
    /// Whether words may be joined otherwise than in the list: see [`Phrases::loose`].
    is_loose: bool,
}

/// The size of the filter, in words of 64 bits.
const FILTER_WORDS: usize = 128;

impl Phrases {
    /// Phrases that count as equal to what `fold` makes of their bytes. It leaves letters and digits what they are,
    /// but for their case.
    pub(crate) fn new<'a>(phrases: impl Iterator<Item = &'a str>, fold: fn(u8) -> u8) -> Self {
        let byte = |at: usize| u8::try_from(at).unwrap_or_default();
        let folded: [u8; 256] = std::array::from_fn(|at| fold(byte(at)));
        let letters = std::array::from_fn(|at| if byte(at).is_ascii_alphanumeric() { fold(byte(at)) } else { 0 });
        let mut made = Self {
            list: phrases.map(|it| it.bytes().map(fold).collect()).collect(),
            heads: FxHashMap::default(),
            may_begin: [0; FILTER_WORDS],
            folded,
            letters,
            marks: std::array::from_fn(|at| !byte(at).is_ascii()),
            is_loose: false,
        };
        let mut heads: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for (number, phrase) in (0..).zip(&made.list) {
            let Some(first) = phrase.first() else { continue };
            let (mut head, end) = made.word(phrase, 0);
            if end == 0 {
                head = step(0, *first);
                for (byte, mark) in folded.iter().zip(&mut made.marks) {
                    *mark |= byte == first;
                }
            }
            if let Some(word) = made.may_begin.get_mut(filter_word(head)) {
                *word |= filter_bit(head);
            }
            heads.entry(head).or_default().push(number);
        }
        for numbers in heads.values_mut() {
            numbers.sort_by_key(|it| made.list.get(*it as usize).map(|it| it.len()));
        }
        made.heads = heads;
        made
    }

    /// The same, where it does not matter how words are joined: `dead-letter` is also found with a space, a line ending
    /// or one of the hyphens and blanks of printers between its words, and `don't` with any apostrophe.
    pub(crate) fn loose(self) -> Self {
        Self { is_loose: true, ..self }
    }

    /// Tells of each phrase where it stands and which it is, from the start of the text on, the shortest first of those
    /// that start together. Each ends where its last word ends.
    pub(crate) fn each<B>(
        &self,
        text: &str,
        mut found: impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            let start = at;
            if of(&self.letters, byte) == 0 && !of(&self.marks, byte) {
                at += 1;
                continue;
            }
            let (mut head, end) = self.word(bytes, at);
            if end > start {
                at = end;
            } else {
                head = step(0, of(&self.folded, byte));
                at += width(byte);
            }
            if self.may_begin.get(filter_word(head)).is_some_and(|it| it & filter_bit(head) != 0) {
                self.compare(bytes, start, head, &mut found)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Tells of the phrases with a head that stand at a place.
    fn compare<B>(
        &self,
        bytes: &[u8],
        start: usize,
        head: u64,
        found: &mut impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for number in self.heads.get(&head).into_iter().flatten() {
            let number = *number as usize;
            let Some(phrase) = self.list.get(number) else { continue };
            if self.is_loose {
                if let Some(end) = self.loose_end(bytes, start, phrase).filter(|it| !self.goes_on(bytes, *it)) {
                    found(start..end, number)?;
                }
                continue;
            }
            let Some(written) = bytes.get(start..start + phrase.len()) else { break };
            // What begins alike differs at its end.
            if written.iter().zip(phrase.iter()).rev().all(|it| of(&self.folded, *it.0) == *it.1)
                && !self.goes_on(bytes, start + phrase.len())
            {
                found(start..start + phrase.len(), number)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Where a phrase that begins at a place ends, however its words are joined.
    fn loose_end(&self, bytes: &[u8], start: usize, phrase: &[u8]) -> Option<usize> {
        let mut at = start;
        for byte in phrase {
            let rest = bytes.get(at..)?;
            at += match byte {
                b' ' | b'-' if at > start => joint(rest)?,
                b'\'' if rest.starts_with("’".as_bytes()) => "’".len(),
                _ if of(&self.folded, *rest.first()?) == *byte => 1,
                _ => return None,
            };
        }
        Some(at)
    }

    /// Whether a letter or digit stands at a byte.
    fn goes_on(&self, bytes: &[u8], at: usize) -> bool {
        bytes.get(at).is_some_and(
            |it| {
                if it.is_ascii() { of(&self.letters, *it) != 0 } else { self.word(bytes, at).1 > at }
            },
        )
    }

    /// What the word that begins at a byte is looked up by, and where it ends; there if none begins.
    #[inline]
    fn word(&self, bytes: &[u8], start: usize) -> (u64, usize) {
        let (mut head, mut at) = (0, start);
        while let Some(byte) = bytes.get(at).copied() {
            let letter = of(&self.letters, byte);
            if letter == 0 {
                if byte.is_ascii() {
                    break;
                }
                let wide = bytes.get(at..at + width(byte)).and_then(|it| str::from_utf8(it).ok());
                let Some(wide) = wide.filter(|it| it.chars().all(char::is_alphanumeric)) else { break };
                head = wide.bytes().fold(head, step);
                at += wide.len();
                continue;
            }
            head = step(head, letter);
            at += 1;
        }
        (head, at)
    }
}

/// How long what joins two words is: a hyphen, or blanks with at most one line ending among them.
fn joint(rest: &[u8]) -> Option<usize> {
    const JOINTS: [&str; 6] = ["-", "\u{2010}", "\u{2011}", "–", "\u{a0}", "\u{202f}"];
    if let Some(joint) = JOINTS.iter().find(|it| rest.starts_with(it.as_bytes())) {
        return Some(joint.len());
    }
    let blanks = rest.iter().take_while(|it| matches!(it, b' ' | b'\n' | b'\r' | b'\t')).count();
    let lines = rest.iter().take(blanks).filter(|it| **it == b'\n').count();
    (blanks > 0 && lines < 2).then_some(blanks)
}

/// What a table has for a byte; there is something for each.
fn of<T: Copy + Default>(table: &[T; 256], byte: u8) -> T {
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

/// How many bytes a letter has, by its first.
fn width(byte: u8) -> usize {
    match byte {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

/// The last eight bytes of a word: words that share them are told apart when they are compared.
fn step(head: u64, byte: u8) -> u64 {
    head << 8 | u64::from(byte)
}

/// Which word of the filter a head stands in.
fn filter_word(head: u64) -> usize {
    (head.wrapping_mul(0x517c_c1b7_2722_0a95) >> 57) as usize
}

fn filter_bit(head: u64) -> u64 {
    1 << (head.wrapping_mul(0x517c_c1b7_2722_0a95) >> 51 & 63)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(phrases: &[&str], text: &str) -> Vec<(Range<usize>, usize)> {
        let mut all = Vec::new();
        let phrases = Phrases::new(phrases.iter().copied(), |it| it.to_ascii_lowercase());
        let _: ControlFlow<()> = phrases.each(text, |range, number| {
            all.push((range, number));
            ControlFlow::Continue(())
        });
        all
    }

    #[test]
    fn phrases_begin_where_words_begin() {
        assert_eq!(all(&["at once", "at", "/s"], "At once! 5/s, That"), [(0..2, 1), (0..7, 0), (10..12, 2)]);
        assert_eq!(all(&["at once", "b/"], "at onceless, b/c, b/é, b/…"), [(24..26, 1)]);
        assert_eq!(all(&["état", "no"], "L'état, éno, no"), [(2..7, 0), (15..17, 1)]);
    }

    #[test]
    fn words_are_joined_in_many_ways() {
        let phrases = Phrases::new(["dead-letter", "won't do", "/s"].into_iter(), |it| it.to_ascii_lowercase()).loose();
        for (text, count) in [
            ("Dead letter", 1),
            ("dead-letter", 1),
            ("dead\u{2011}letter, dead\u{a0}letter", 2),
            ("dead\n  letter", 1),
            ("dead\n\nletter", 0),
            ("deadletter, dead, letter, dead letters", 0),
            ("it won’t do at 5/s", 2),
        ] {
            let mut found = 0;
            let _: ControlFlow<()> = phrases.each(text, |_, _| {
                found += 1;
                ControlFlow::Continue(())
            });
            assert_eq!(found, count, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_phrase_is_found_that_a_plain_search_finds(text in "([a-cA-C]|é|…|😀|[ /-]){0,24}") {
            let phrases = ["a", "ab", "a b", "/a", "é", "-é a", "c/", "b😀"];
            let lower = text.to_ascii_lowercase();
            let mut expected = Vec::new();
            for (number, phrase) in phrases.iter().enumerate() {
                for at in lower.char_indices().map(|it| it.0).filter(|it| lower[*it..].starts_with(phrase)) {
                    let starts_a_word = !phrase.starts_with(char::is_alphanumeric)
                        || !lower[..at].ends_with(char::is_alphanumeric);
                    let ends_a_word = !lower[at + phrase.len()..].starts_with(char::is_alphanumeric);
                    if starts_a_word && ends_a_word {
                        expected.push((at..at + phrase.len(), number));
                    }
                }
            }
            expected.sort_by_key(|it| (it.0.start, it.0.end));
            prop_assert_eq!(all(&phrases, &text), expected);
        }
    }
}
