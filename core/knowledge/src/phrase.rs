//! Phrases, found in a text where its words begin.
//!
//! An automaton over some hundred phrases takes longer to make than most checks take to read their texts, and ten
//! instructions for each byte after that. Few words of a text begin any phrase, so the first word is looked up, and
//! only then the rest is compared.

use std::{
    fmt,
    ops::{ControlFlow, Range},
};

use rustc_hash::FxHashMap;

/// Phrases to find in texts, by their number in the list that they were made of.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// Each of them, folded.
    list: Vec<Box<[u8]>>,
    /// By the hash of their first word.
    heads: FxHashMap<u64, Head>,
    /// Those of two words and more that are joined by a blank or hyphen, by the hash of their first two, the shortest
    /// first: a word such as `no` begins hundreds.
    pairs: FxHashMap<u64, Vec<u32>>,
    /// Which hashes may be in `heads`, and which in `pairs`: most words are in none.
    may_begin: Filter,
    may_pair: Filter,
    /// What each byte counts as.
    folded: [u8; 256],
    /// The folded byte of an ASCII letter or digit, and 0 for the others.
    letters: [u8; 256],
    /// Which bytes that are none of these may begin a word or a phrase: those past ASCII, and the `/` of `/s`.
    marks: [bool; 256],
    /// Whether words may be joined otherwise than in the list: see [`Phrases::loose`].
    is_loose: bool,
}

/// What begins with a word.
#[derive(Debug, Default)]
struct Head {
    /// The phrases that are not in `pairs`, the shortest first.
    others: Vec<u32>,
    /// Whether there are some in `pairs`.
    has_pairs: bool,
}

/// Tells of most hashes that they are not among some, in what a cache keeps at hand.
struct Filter {
    /// A power of two of them, with sixteen bits for a hash that is to be among them.
    words: Box<[u64]>,
}

impl Filter {
    /// Room for a number of hashes, up to some thousand.
    fn new(count: usize) -> Self {
        let words = (count / 4).clamp(1, 1024).next_power_of_two();
        Self { words: vec![0; words].into() }
    }

    /// The word and the bit of a hash.
    fn place(&self, hash: u64) -> (usize, u64) {
        let mixed = hash.wrapping_mul(0x517c_c1b7_2722_0a95) >> 48;
        ((mixed >> 6) as usize & (self.words.len() - 1), 1 << (mixed & 63))
    }

    fn add(&mut self, hash: u64) {
        let (word, bit) = self.place(hash);
        if let Some(word) = self.words.get_mut(word) {
            *word |= bit;
        }
    }

    #[inline]
    fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.words.get(word).is_some_and(|it| it & bit != 0)
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.words.iter().map(|it| it.count_ones()).sum::<u32>()).finish()
    }
}

/// What two hashes are looked up by.
fn paired(head: u64, second: u64) -> u64 {
    head.rotate_left(32) ^ second.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

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
            pairs: FxHashMap::default(),
            may_begin: Filter::new(0),
            may_pair: Filter::new(0),
            folded,
            letters,
            marks: std::array::from_fn(|at| !byte(at).is_ascii()),
            is_loose: false,
        };
        made.may_begin = Filter::new(made.list.len());
        let mut heads: FxHashMap<u64, Head> = FxHashMap::default();
        let mut numbers: Vec<u32> = (0..).zip(&made.list).map(|it| it.0).collect();
        numbers.sort_by_key(|it| made.list.get(*it as usize).map(|it| it.len()));
        for number in numbers {
            let Some(phrase) = made.list.get(number as usize) else { continue };
            let Some(first) = phrase.first() else { continue };
            let (mut head, end) = made.word(phrase, 0);
            if end == 0 {
                head = step(0, *first);
                for (byte, mark) in folded.iter().zip(&mut made.marks) {
                    *mark |= byte == first;
                }
            }
            made.may_begin.add(head);
            heads.entry(head).or_default().others.push(number);
        }
        made.heads = heads;
        made
    }

    /// What the word behind a first one is looked up by, if a joint and a word stand where that ends.
    fn second(&self, bytes: &[u8], first_end: usize) -> Option<u64> {
        let rest = bytes.get(first_end..).filter(|_| first_end > 0)?;
        let start = first_end + joint(rest)?;
        let (second, end) = self.word(bytes, start);
        (end > start).then_some(second)
    }

    /// The same, where it does not matter how words are joined: `dead-letter` is also found with a space, a line ending
    /// or one of the hyphens and blanks of printers between its words, and `don't` with any apostrophe.
    pub(crate) fn loose(mut self) -> Self {
        self.is_loose = true;
        self.may_pair = Filter::new(self.list.len());
        for (head, of_head) in std::mem::take(&mut self.heads) {
            let (mut others, mut has_pairs) = (Vec::new(), false);
            for number in of_head.others {
                match self.list.get(number as usize).and_then(|it| self.second(it, self.word(it, 0).1)) {
                    Some(second) => {
                        has_pairs = true;
                        self.may_pair.add(paired(head, second));
                        self.pairs.entry(paired(head, second)).or_default().push(number);
                    }
                    None => others.push(number),
                }
            }
            self.heads.insert(head, Head { others, has_pairs });
        }
        self
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
        while at < bytes.len() {
            at = self.look(bytes, at, &mut found)?;
        }
        ControlFlow::Continue(())
    }

    /// The same for the phrases that a text begins with.
    pub(crate) fn first_of<B>(
        &self,
        text: &str,
        mut found: impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.look(text.as_bytes(), 0, &mut found).map_continue(|_| ())
    }

    /// Tells of the phrases that begin at a place where no word goes on, and where to look next.
    #[inline]
    fn look<B>(
        &self,
        bytes: &[u8],
        start: usize,
        found: &mut impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B, usize> {
        let Some(byte) = bytes.get(start).copied() else { return ControlFlow::Continue(start) };
        if of(&self.letters, byte) == 0 && !of(&self.marks, byte) {
            return ControlFlow::Continue(start + 1);
        }
        let (mut head, end) = self.word(bytes, start);
        let next = if end > start {
            end
        } else {
            head = step(0, of(&self.folded, byte));
            start + width(byte)
        };
        if self.may_begin.may_have(head) {
            self.compare(bytes, start, (head, end), found)?;
        }
        ControlFlow::Continue(next)
    }

    /// Tells of the phrases that stand at a place, by what its word is looked up by and where that ends.
    fn compare<B>(
        &self,
        bytes: &[u8],
        start: usize,
        (head, end): (u64, usize),
        found: &mut impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let Some(of_head) = self.heads.get(&head) else { return ControlFlow::Continue(()) };
        let second = if of_head.has_pairs { self.second(bytes, end) } else { None };
        let pair = second.map(|it| paired(head, it)).filter(|it| self.may_pair.may_have(*it));
        let pairs = pair.and_then(|it| self.pairs.get(&it)).map(Vec::as_slice).unwrap_or_default();
        let length = |number: &u32| self.list.get(*number as usize).map_or(0, |it| it.len());
        let (mut others, mut pairs) = (of_head.others.iter().peekable(), pairs.iter().peekable());
        loop {
            let number = match (others.peek(), pairs.peek()) {
                (Some(other), Some(pair)) if length(pair) < length(other) => pairs.next(),
                (Some(_), _) => others.next(),
                _ => pairs.next(),
            };
            let Some(number) = number.map(|it| *it as usize) else { break };
            let Some(phrase) = self.list.get(number) else { continue };
            let end = if self.is_loose { self.loose_end(bytes, start, phrase) } else { self.end(bytes, start, phrase) };
            if let Some(end) = end.filter(|it| !self.goes_on(bytes, *it)) {
                found(start..end, number)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Where a phrase that begins at a place ends.
    fn end(&self, bytes: &[u8], start: usize, phrase: &[u8]) -> Option<usize> {
        let written = bytes.get(start..start + phrase.len())?;
        // What begins alike differs at its end.
        let is_it = written.iter().zip(phrase).rev().all(|it| of(&self.folded, *it.0) == *it.1);
        is_it.then_some(start + phrase.len())
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
    /// The hyphens and blanks of printers.
    const WIDE: [&str; 5] = ["\u{2010}", "\u{2011}", "–", "\u{a0}", "\u{202f}"];
    let is_blank = |it: &u8| matches!(it, b' ' | b'\n' | b'\r' | b'\t');
    match rest {
        [b'-', ..] => Some(1),
        [b' ', next, ..] if !is_blank(next) => Some(1),
        [b' ' | b'\n' | b'\r' | b'\t', ..] => {
            let blanks = rest.iter().take_while(|it| is_blank(it)).count();
            let lines = rest.iter().take(blanks).filter(|it| **it == b'\n').count();
            (lines < 2).then_some(blanks)
        }
        [first, ..] if !first.is_ascii() => WIDE.iter().find(|it| rest.starts_with(it.as_bytes())).map(|it| it.len()),
        _ => None,
    }
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
        fn loose_phrases_are_found_wherever_they_stand(text in "([a-cA-C]|é|’|[ '/-]|\n| b){0,24}") {
            let list = ["a", "ab", "a b", "a b a", "a-b c", "/a", "é", "-é a", "c/ b", "a'b", "é b", "a b'a", "- b"];
            let phrases = Phrases::new(list.into_iter(), |it| it.to_ascii_lowercase()).loose();
            let mut found = Vec::new();
            let _: ControlFlow<()> = phrases.each(&text, |range, number| {
                found.push((range, number));
                ControlFlow::Continue(())
            });
            let mut expected = Vec::new();
            for at in text.char_indices().map(|it| it.0) {
                for (number, phrase) in list.iter().enumerate() {
                    let starts_a_word = !phrase.starts_with(char::is_alphanumeric)
                        || !text[..at].ends_with(char::is_alphanumeric);
                    let end = phrases.loose_end(text.as_bytes(), at, phrase.as_bytes()).filter(|_| starts_a_word);
                    if let Some(end) = end.filter(|it| !text[*it..].starts_with(char::is_alphanumeric)) {
                        expected.push((at..end, number));
                    }
                }
            }
            found.sort_by_key(|it| (it.0.start, it.1));
            prop_assert_eq!(found, expected);
        }

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
