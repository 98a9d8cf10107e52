//! Phrases, found in a text where its words begin.
//!
//! An automaton over the letters of some thousand phrases takes longer to make than most checks take to read their
//! texts, and ten instructions for each byte after that. So phrases are a tree of words: few words of a text begin any
//! phrase, and which do is one look into a table.

mod words;

use std::{
    fmt,
    ops::{ControlFlow, Range},
};

use rustc_hash::FxHashMap;

use self::words::{SURE, Word, goes_on, joint, mix, second, width, word};

/// Phrases to find in texts, by their number in the list that they were made of.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// Each of them, folded.
    list: Vec<Box<[u8]>>,
    /// The words that phrases begin with, and those that go on behind them.
    nodes: Vec<Node>,
    roots: Table,
    children: Table,
    /// What each byte counts as.
    folded: [u8; 256],
    /// Which bytes may begin a word or a phrase: letters, digits, those past ASCII, and the `/` of `/s`.
    begins: [bool; 256],
    /// Whether words may be joined otherwise than in the list: see [`Phrases::loose`].
    is_loose: bool,
}

/// A word with those before it in some phrases.
#[derive(Debug)]
struct Node {
    /// What it is looked up by.
    key: u64,
    /// The phrase that ends with this word.
    whole: Option<u32>,
    /// Those that go on otherwise than with a word behind a joint, the shortest first.
    others: Vec<u32>,
    /// Whether others go on with a word behind a joint.
    leads: bool,
}

/// Where nodes are, by their keys.
#[derive(Default)]
struct Table {
    /// A power of two of them: the numbers of nodes from 1 on, each where its key leads to, or behind it.
    slots: Box<[u32]>,
}

impl Table {
    /// A table of some nodes, in which most keys of others lead to a slot that is free.
    fn new<'n>(nodes: impl Iterator<Item = (u32, &'n Node)> + Clone) -> Self {
        let mut table = Self { slots: vec![0; (nodes.clone().count() * 4).next_power_of_two()].into() };
        for (number, node) in nodes {
            let mut at = table.place(node.key);
            while table.slots.get(at).is_some_and(|it| *it != 0) {
                at = (at + 1) & (table.slots.len() - 1);
            }
            if let Some(slot) = table.slots.get_mut(at) {
                *slot = number + 1;
            }
        }
        table
    }

    fn place(&self, key: u64) -> usize {
        (key.wrapping_mul(0x517c_c1b7_2722_0a95) >> 40) as usize & (self.slots.len() - 1)
    }

    /// The node with a key.
    #[inline]
    fn find<'n>(&self, nodes: &'n [Node], key: u64) -> Option<&'n Node> {
        let mut at = self.place(key);
        loop {
            let number = self.slots.get(at)?.checked_sub(1)?;
            let node = nodes.get(number as usize)?;
            if node.key == key {
                return Some(node);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Table").field(&self.slots.iter().filter(|it| **it != 0).count()).finish()
    }
}

/// What a word behind those of a key is looked up by.
fn followed(key: u64, next: u64) -> u64 {
    key.rotate_left(32) ^ next.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Phrases {
    /// Phrases that count as equal to what `fold` makes of their bytes. It leaves letters and digits what they are,
    /// but for their case.
    pub(crate) fn new<'a>(phrases: impl Iterator<Item = &'a str>, fold: fn(u8) -> u8) -> Self {
        Self::made(phrases, fold, false)
    }

    /// The same, where it does not matter how words are joined: `dead-letter` is also found with a space, a line ending
    /// or one of the hyphens and blanks of printers between its words, and `don't` with any apostrophe.
    pub(crate) fn loose<'a>(phrases: impl Iterator<Item = &'a str>, fold: fn(u8) -> u8) -> Self {
        Self::made(phrases, fold, true)
    }

    fn made<'a>(phrases: impl Iterator<Item = &'a str>, fold: fn(u8) -> u8, is_loose: bool) -> Self {
        let byte = |at: usize| u8::try_from(at).unwrap_or_default();
        let folded: [u8; 256] = std::array::from_fn(|at| fold(byte(at)));
        let list: Vec<Box<[u8]>> = phrases.map(|it| it.bytes().map(fold).collect()).collect();
        let mut begins: [bool; 256] =
            std::array::from_fn(|at| !byte(at).is_ascii() || byte(at).is_ascii_alphanumeric());
        let mut tree = Tree::default();
        for number in by_length(&list) {
            let Some(phrase) = list.get(number as usize) else { continue };
            let Some(first) = phrase.first() else { continue };
            for (byte, begins) in folded.iter().zip(&mut begins) {
                *begins |= byte == first;
            }
            tree.add(phrase, number, is_loose);
        }
        let numbered = || (0..).zip(&tree.nodes).zip(&tree.is_root);
        let roots = Table::new(numbered().filter(|it| *it.1).map(|it| it.0));
        let children = Table::new(numbered().filter(|it| !*it.1).map(|it| it.0));
        Self { list, nodes: tree.nodes, roots, children, folded, begins, is_loose }
    }

    /// Tells of each phrase where it stands and which it is, from the start of the text on, the shortest first of those
    /// that start together. Each ends where its last word ends.
    pub(crate) fn each<B>(
        &self,
        text: &str,
        mut found: impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let bytes = text.as_bytes();
        let (mut at, mut ahead) = (0, Ahead::NONE);
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
                self.look(text.as_bytes(), 0, &mut { Ahead::NONE }, &mut found).map_continue(|_| ())
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
        ahead: &mut Ahead,
        found: &mut impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B, usize> {
        let first = if ahead.start == start { ahead.word } else { word(bytes, start) };
        if first.end == start {
            return self.look_at_mark(bytes, start, found);
        }
        if let Some(node) = self.roots.find(&self.nodes, first.hash) {
            self.follow(bytes, (start, first), node, ahead, found)?;
        }
        ControlFlow::Continue(first.end)
    }

    /// The same where a mark stands.
    #[inline(never)]
    fn look_at_mark<B>(
        &self,
        bytes: &[u8],
        start: usize,
        found: &mut impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B, usize> {
        let rest = bytes.get(start..).unwrap_or_default();
        let mut key = 0;
        for byte in rest.iter().take(MARKED) {
            key = marked(key, of(&self.folded, *byte));
            let Some(node) = self.roots.find(&self.nodes, mix(0, key)) else { continue };
            for number in &node.others {
                if let Some(end) = self.end(bytes, start, *number).filter(|it| !goes_on(bytes, *it)) {
                    found(start..end, *number as usize)?;
                }
            }
        }
        ControlFlow::Continue(start + rest.first().map_or(1, |it| width(*it)))
    }

    /// Tells of the phrases that begin with a word, which starts at a place.
    fn follow<'n, B>(
        &'n self,
        bytes: &[u8],
        (start, first): (usize, Word),
        mut node: &'n Node,
        ahead: &mut Ahead,
        found: &mut impl FnMut(Range<usize>, usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut last = first;
        loop {
            if let Some(whole) = node.whole {
                // Two long words, or two pairs of words, may have one hash.
                let is_sure = last.end == first.end && first.end - start <= SURE;
                if is_sure || self.end(bytes, start, whole) == Some(last.end) {
                    found(start..last.end, whole as usize)?;
                }
            }
            for number in &node.others {
                if let Some(end) = self.end(bytes, start, *number).filter(|it| !goes_on(bytes, *it)) {
                    found(start..end, *number as usize)?;
                }
            }
            if !node.leads {
                break;
            }
            let Some((at, next)) = second(bytes, last) else { break };
            if last.end == first.end {
                *ahead = Ahead { start: at, word: next };
            }
            let Some(child) = self.children.find(&self.nodes, followed(node.key, next.hash)) else { break };
            (last, node) = (next, child);
        }
        ControlFlow::Continue(())
    }

    /// Where a phrase that begins at a place ends.
    fn end(&self, bytes: &[u8], start: usize, number: u32) -> Option<usize> {
        let phrase = self.list.get(number as usize)?;
        if self.is_loose { self.loose_end(bytes, start, phrase) } else { self.strict_end(bytes, start, phrase) }
    }

    /// Where a phrase that begins at a place ends, joined as in the list.
    fn strict_end(&self, bytes: &[u8], start: usize, phrase: &[u8]) -> Option<usize> {
        let written = bytes.get(start..start + phrase.len())?;
        // What begins alike differs at its end.
        let is_it = written.iter().zip(phrase).rev().all(|it| of(&self.folded, *it.0) == *it.1);
        is_it.then_some(start + phrase.len())
    }

    /// Where a phrase that begins at a place ends, however its words are joined.
    fn loose_end(&self, bytes: &[u8], start: usize, phrase: &[u8]) -> Option<usize> {
        let (mut at, mut is_in_words) = (start, false);
        for byte in phrase {
            let rest = bytes.get(at..)?;
            // The marks that it begins with stand as they are: an item of a list is no `--option`.
            is_in_words |= byte.is_ascii_alphanumeric();
            at += match byte {
                b' ' | b'-' if is_in_words => joint(rest)?,
                b'\'' if rest.starts_with("’".as_bytes()) => "’".len(),
                _ if of(&self.folded, *rest.first()?) == *byte => 1,
                _ => return None,
            };
        }
        Some(at)
    }
}

/// The words of phrases, as they follow each other.
#[derive(Default)]
struct Tree {
    nodes: Vec<Node>,
    /// Which of them phrases begin with.
    is_root: Vec<bool>,
    numbers: FxHashMap<(bool, u64), usize>,
}

impl Tree {
    fn add(&mut self, phrase: &[u8], number: u32, is_loose: bool) {
        let mut last = word(phrase, 0);
        let is_marked = last.end == 0;
        let marks = phrase.iter().take(MARKED).fold(0, |key, byte| marked(key, *byte));
        let key = if is_marked { mix(0, marks) } else { last.hash };
        let mut at = self.node(true, key);
        while let Some((_, next)) = second(phrase, last).filter(|_| is_loose && !is_marked) {
            let Some(node) = self.nodes.get_mut(at) else { return };
            node.leads = true;
            let key = followed(node.key, next.hash);
            (last, at) = (next, self.node(false, key));
        }
        let Some(node) = self.nodes.get_mut(at) else { return };
        if node.whole.is_none() && last.end == phrase.len() {
            node.whole = Some(number);
        } else {
            node.others.push(number);
        }
    }

    /// The number of the node with a key; it is made if there is none.
    fn node(&mut self, is_root: bool, key: u64) -> usize {
        let Self { nodes, is_root: roots, numbers } = self;
        *numbers.entry((is_root, key)).or_insert_with(|| {
            nodes.push(Node { key, whole: None, others: Vec::new(), leads: false });
            roots.push(is_root);
            nodes.len() - 1
        })
    }
}

/// The numbers of phrases, the shortest first.
fn by_length(list: &[Box<[u8]>]) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..).zip(list).map(|it| it.0).collect();
    numbers.sort_by_key(|it| list.get(*it as usize).map(|it| it.len()));
    numbers
}

/// What phrases that begin with a mark, such as `/s`, are looked up by: so many of their bytes at most. Many lines have
/// marks, and no phrase begins with two or three of most.
const MARKED: usize = 3;

/// Some bytes that begin with a mark, and the next one.
fn marked(key: u64, folded: u8) -> u64 {
    key << 8 | u64::from(folded)
}

/// What was read behind a word.
#[derive(Clone, Copy)]
struct Ahead {
    start: usize,
    word: Word,
}

impl Ahead {
    /// Nothing was.
    const NONE: Self = Self { start: usize::MAX, word: Word { end: 0, hash: 0 } };
}

/// What a table has for a byte; there is something for each.
fn of<T: Copy + Default>(table: &[T; 256], byte: u8) -> T {
    table.get(usize::from(byte)).copied().unwrap_or_default()
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
        let phrases =
            Phrases::loose(["dead-letter", "won't do", "/s", "--rate"].into_iter(), |it| it.to_ascii_lowercase());
        for (text, count) in [
            ("Dead letter", 1),
            ("dead-letter", 1),
            ("dead\u{2011}letter, dead\u{a0}letter", 2),
            ("dead\n  letter", 1),
            ("dead\n\nletter", 0),
            ("deadletter, dead, letter, dead letters", 0),
            ("it won’t do at 5/s", 2),
            ("scan --rate 5 ---rate", 2),
            ("- rate, --\nrate, --rates", 0),
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
            let phrases = Phrases::loose(list.into_iter(), |it| it.to_ascii_lowercase());
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
