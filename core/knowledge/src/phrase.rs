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
    /// Those that are not in `pairs`, by the hash of their first word.
    heads: FxHashMap<u64, Head>,
    /// Those of two words and more that are joined by a blank or hyphen, by the hash of their first two, the shortest
    /// first: a word such as `no` begins hundreds.
    pairs: FxHashMap<u64, Vec<u32>>,
    /// Which hashes may be in `heads`, which are of a first word of some in `pairs`, and which may be in these: most
    /// words are in none.
    may_begin: Filter,
    may_lead: Filter,
    may_pair: Filter,
    /// What each byte counts as.
    folded: [u8; 256],
    /// Which bytes may begin a word or a phrase: letters, digits, those past ASCII, and the `/` of `/s`.
    begins: [bool; 256],
    /// Whether words may be joined otherwise than in the list: see [`Phrases::loose`].
    is_loose: bool,
}

/// What begins with a word.
#[derive(Debug, Default)]
struct Head {
    /// The phrase that is this word and nothing else.
    whole: Option<u32>,
    /// The others, the shortest first.
    others: Vec<u32>,
}

/// A word of a text.
#[derive(Clone, Copy)]
struct Word {
    start: usize,
    /// Where it starts if there is none.
    end: usize,
    /// What it is looked up by.
    hash: u64,
}

impl Word {
    /// Stands nowhere.
    const NONE: Self = Self { start: usize::MAX, end: usize::MAX, hash: 0 };

    fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether no other word has its hash.
    fn is_sure(self) -> bool {
        self.end - self.start <= 8 && !self.is_empty()
    }
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
        let list: Vec<Box<[u8]>> = phrases.map(|it| it.bytes().map(fold).collect()).collect();
        let mut begins: [bool; 256] =
            std::array::from_fn(|at| !byte(at).is_ascii() || byte(at).is_ascii_alphanumeric());
        let mut may_begin = Filter::new(list.len());
        let mut heads: FxHashMap<u64, Head> = FxHashMap::default();
        for number in by_length(&list) {
            let Some(phrase) = list.get(number as usize) else { continue };
            let Some(first) = phrase.first() else { continue };
            for (byte, begins) in folded.iter().zip(&mut begins) {
                *begins |= byte == first;
            }
            let word = word(phrase, 0);
            let hash = begun(word, *first);
            may_begin.add(hash);
            let head = heads.entry(hash).or_default();
            if head.whole.is_none() && word.end == phrase.len() && word.is_sure() {
                head.whole = Some(number);
            } else {
                head.others.push(number);
            }
        }
        let (pairs, may_lead, may_pair) = (FxHashMap::default(), Filter::new(0), Filter::new(0));
        Self { list, heads, pairs, may_begin, may_lead, may_pair, folded, begins, is_loose: false }
    }

    /// The same, where it does not matter how words are joined: `dead-letter` is also found with a space, a line ending
    /// or one of the hyphens and blanks of printers between its words, and `don't` with any apostrophe.
    pub(crate) fn loose(mut self) -> Self {
        self.is_loose = true;
        self.may_begin = Filter::new(self.list.len());
        self.may_lead = Filter::new(self.list.len());
        self.may_pair = Filter::new(self.list.len());
        for (head, Head { whole, others: numbers }) in std::mem::take(&mut self.heads) {
            let mut others = Vec::new();
            for number in numbers {
                match self.list.get(number as usize).and_then(|it| second(it, word(it, 0))) {
                    Some(second) => {
                        let hash = paired(head, second.hash);
                        self.may_lead.add(head);
                        self.may_pair.add(hash);
                        self.pairs.entry(hash).or_default().push(number);
                    }
                    None => others.push(number),
                }
            }
            if whole.is_some() || !others.is_empty() {
                self.may_begin.add(head);
                self.heads.insert(head, Head { whole, others });
            }
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
        let (mut at, mut ahead) = (0, Word::NONE);
        while let Some(byte) = bytes.get(at) {
            at = if of(&self.begins, *byte) { self.look(bytes, at, &mut ahead, &mut found)? } else { at + 1 };
        }
        ControlFlow::Continue(())
    }

    /// The same for the phrases that a text begins with.
    pub(crate) fn first_of<B>(
        &self,
        text: &str,
        mut found: impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        match text.as_bytes().first() {
            Some(byte) if of(&self.begins, *byte) => {
                self.look(text.as_bytes(), 0, &mut { Word::NONE }, &mut found).map_continue(|_| ())
            }
            _ => ControlFlow::Continue(()),
        }
    }

    /// Tells of the phrases that begin at a place where no word goes on, and where to look next. What was read `ahead`
    /// is not read twice.
    #[inline]
    fn look<B>(
        &self,
        bytes: &[u8],
        start: usize,
        ahead: &mut Word,
        found: &mut impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B, usize> {
        let first = if ahead.start == start { *ahead } else { word(bytes, start) };
        let byte = bytes.get(start).copied().unwrap_or_default();
        let head = begun(first, of(&self.folded, byte));
        let mut pair = None;
        if self.may_lead.may_have(head)
            && let Some(second) = second(bytes, first)
        {
            *ahead = second;
            pair = Some(paired(head, second.hash)).filter(|it| self.may_pair.may_have(*it));
        }
        let head = Some(head).filter(|it| self.may_begin.may_have(*it));
        if head.is_some() || pair.is_some() {
            self.compare(bytes, first, (head, pair), found)?;
        }
        ControlFlow::Continue(if first.is_empty() { start + width(byte) } else { first.end })
    }

    /// Tells of the phrases that stand at a place, by what its first word and its first two are looked up by.
    fn compare<B>(
        &self,
        bytes: &[u8],
        first: Word,
        (head, pair): (Option<u64>, Option<u64>),
        found: &mut impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let (head, start) = (head.and_then(|it| self.heads.get(&it)), first.start);
        if let Some(whole) = head.and_then(|it| it.whole).filter(|_| first.is_sure()) {
            found(start..first.end, whole as usize)?;
        }
        let others = head.map(|it| it.others.as_slice()).unwrap_or_default();
        let pairs = pair.and_then(|it| self.pairs.get(&it)).map(Vec::as_slice).unwrap_or_default();
        let length = |number: &u32| self.list.get(*number as usize).map_or(0, |it| it.len());
        let (mut others, mut pairs) = (others.iter().peekable(), pairs.iter().peekable());
        loop {
            let number = match (others.peek(), pairs.peek()) {
                (Some(other), Some(pair)) if length(pair) < length(other) => pairs.next(),
                (Some(_), _) => others.next(),
                _ => pairs.next(),
            };
            let Some(number) = number.map(|it| *it as usize) else { break };
            let Some(phrase) = self.list.get(number) else { continue };
            let end = if self.is_loose { self.loose_end(bytes, start, phrase) } else { self.end(bytes, start, phrase) };
            if let Some(end) = end.filter(|it| !goes_on(bytes, *it)) {
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
}

/// The numbers of phrases, the shortest first.
fn by_length(list: &[Box<[u8]>]) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..).zip(list).map(|it| it.0).collect();
    numbers.sort_by_key(|it| list.get(*it as usize).map(|it| it.len()));
    numbers
}

/// What is looked up where a word begins, or a mark such as the `/` of `/s`.
fn begun(first: Word, folded: u8) -> u64 {
    if first.is_empty() { mix(0, folded.into()) } else { first.hash }
}

/// The word behind a first one, if that and a joint stand before it.
#[inline]
fn second(bytes: &[u8], first: Word) -> Option<Word> {
    let rest = bytes.get(first.end..).filter(|_| !first.is_empty())?;
    let second = word(bytes, first.end + joint(rest)?);
    (!second.is_empty()).then_some(second)
}

/// Whether a letter or digit stands at a byte.
fn goes_on(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(|it| if it.is_ascii() { it.is_ascii_alphanumeric() } else { !word(bytes, at).is_empty() })
}

/// The word that begins at a byte; an empty one if none does. Its case does not matter.
#[inline]
fn word(bytes: &[u8], start: usize) -> Word {
    let (mut hash, mut end) = (0, start);
    while let Some(eight) = bytes.get(end..).and_then(|it| it.first_chunk()) {
        let eight = u64::from_le_bytes(*eight);
        let (letters, count) = leading(eight);
        if count == 8 {
            hash = mix(hash, letters);
            end += 8;
            continue;
        }
        if (eight >> (8 * count)) & 0x80 != 0 {
            break;
        }
        let hash = if count > 0 { mix(hash, letters) } else { hash };
        return Word { start, end: end + count, hash };
    }
    any_word(bytes, start)
}

/// The letters and digits that eight bytes begin with, in lower case, and how many these are.
#[inline]
fn leading(eight: u64) -> (u64, usize) {
    /// A bit in each byte.
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    let ascii = eight & !HIGH;
    let lower = ascii | (0x20 * ONES);
    // The high bit of a sum says whether the byte is at least so much: no sum goes over into the next byte.
    let at_least = |bytes: u64, least: u8| bytes + (0x80 - u64::from(least)) * ONES;
    let letters = at_least(lower, b'a') & !at_least(lower, b'z' + 1);
    let digits = at_least(ascii, b'0') & !at_least(ascii, b'9' + 1);
    let others = !(letters | digits) & HIGH | eight & HIGH;
    let count = others.trailing_zeros() / 8;
    let kept = 1_u64.checked_shl(8 * count).unwrap_or_default().wrapping_sub(1);
    (lower & kept, count as usize)
}

/// The same as [`word`] of any letters, byte by byte: at the end of a text, and in other alphabets.
#[cold]
#[inline(never)]
fn any_word(bytes: &[u8], start: usize) -> Word {
    let (mut hash, mut eight, mut end) = (0, 0, start);
    let mut push = |byte: u8, count: usize| {
        eight |= u64::from(byte) << (8 * (count % 8));
        if count % 8 == 7 {
            hash = mix(hash, std::mem::take(&mut eight));
        }
    };
    while let Some(byte) = bytes.get(end) {
        if byte.is_ascii_alphanumeric() {
            push(byte.to_ascii_lowercase(), end - start);
            end += 1;
            continue;
        }
        let wide = bytes.get(end..end + width(*byte)).and_then(|it| str::from_utf8(it).ok());
        let Some(wide) = wide.filter(|it| it.chars().all(char::is_alphanumeric)) else { break };
        for byte in wide.bytes() {
            push(byte, end - start);
            end += 1;
        }
    }
    let hash = if (end - start).is_multiple_of(8) { hash } else { mix(hash, eight) };
    Word { start, end, hash }
}

/// What a word is looked up by, with its next eight bytes. No two words of at most eight have the same.
#[inline]
fn mix(hash: u64, eight: u64) -> u64 {
    (hash ^ eight).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
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

    /// Words of all lengths, what stands beside letters and digits in ASCII, and what is wider.
    const MANY_WORDS: &str = "([a-zA-Z0-9]{1,20}|[@`\\[{/:é…😀\u{7f}\u{e0}]|[ -~]){0,6} {0,9}";

    proptest! {
        #[test]
        fn words_are_read_alike_eight_bytes_at_a_time(text in MANY_WORDS) {
            let read = |it: Word| (it.start, it.end, it.hash);
            for at in text.char_indices().map(|it| it.0) {
                let by_bytes = any_word(text.as_bytes(), at);
                prop_assert_eq!(read(word(text.as_bytes(), at)), read(by_bytes));
                let said = text[at..].find(|it: char| !it.is_alphanumeric()).unwrap_or(text.len() - at);
                prop_assert_eq!(by_bytes.end - at, said);
                prop_assert_eq!(by_bytes.hash, any_word(text[at..].to_ascii_lowercase().as_bytes(), 0).hash);
            }
        }

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
