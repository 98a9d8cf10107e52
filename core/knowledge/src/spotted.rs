//! The words of many kinds, found in one look at a text for the many who ask.

use std::{
    collections::BTreeMap,
    ops::{ControlFlow, Range},
    sync::OnceLock,
};

use rustc_hash::FxHashMap;

use crate::{
    claim::{Words, claim_words, load},
    phrase::Phrases,
};

/// So many times 64 kinds have a bit of their own.
pub(crate) const PIECES: usize = 8;

/// Some of the kinds, each a bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Kinds([u64; PIECES]);

impl Kinds {
    fn of(words: &Words) -> Self {
        let mut kinds = Self::default();
        if let Some(piece) = kinds.0.get_mut(usize::from(words.number()) / 64) {
            *piece = 1 << (words.number() % 64);
        }
        kinds
    }

    fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(it, other)| *it |= other);
    }

    #[inline]
    fn has(&self, number: u16) -> bool {
        self.0.get(usize::from(number) / 64).is_some_and(|it| it >> (number % 64) & 1 != 0)
    }
}

/// Words of several kinds, to be found in one look.
#[derive(Debug)]
pub struct Lookout {
    phrases: Phrases,
    /// For each phrase, which of the sets its kinds are.
    sets_of: Vec<u16>,
    /// The sets of kinds that phrases have: there are few, since most are of one kind.
    sets: Vec<Kinds>,
    /// All of them.
    looked_for: Kinds,
}

impl Lookout {
    /// Looks for the words of these kinds. Fewer are found faster.
    pub fn new(kinds: &[&str]) -> Self {
        Self::of(kinds.iter().map(|it| claim_words(it)))
    }

    fn of<'a>(all: impl Iterator<Item = &'a Words>) -> Self {
        let mut each: BTreeMap<&str, Kinds> = BTreeMap::new();
        let mut looked_for = Kinds::default();
        for words in all {
            let kind = Kinds::of(words);
            looked_for.add(&kind);
            for word in words.forms() {
                each.entry(word).or_default().add(&kind);
            }
        }
        let phrases = Phrases::loose(each.keys().copied(), |it| it.to_ascii_lowercase());
        let (mut numbers, mut sets) = (FxHashMap::default(), Vec::new());
        let number = |kinds: Kinds| {
            *numbers.entry(kinds).or_insert_with(|| {
                sets.push(kinds);
                u16::try_from(sets.len() - 1).unwrap_or(u16::MAX)
            })
        };
        Self { phrases, sets_of: each.into_values().map(number).collect(), sets, looked_for }
    }

    /// Which of the words a text has, and where.
    pub fn look(&'static self, text: &str) -> Spotted {
        // Documents about messages have one in five words, others none.
        let found = Vec::with_capacity((text.len() / 32).min(256));
        let mut spotted = Spotted { found, kinds: Kinds::default(), lookout: self };
        let _: ControlFlow<()> = self.phrases.each(text, |range, phrase| {
            let set = self.sets_of.get(phrase).copied().unwrap_or(u16::MAX);
            if let (Ok(start), Ok(end)) = (u32::try_from(range.start), u32::try_from(range.end)) {
                spotted.found.push(Place { start, end, set });
            }
            if let Some(kinds) = self.sets.get(usize::from(set)) {
                spotted.kinds.add(kinds);
            }
            ControlFlow::Continue(())
        });
        spotted
    }
}

/// Where a whole word stands, and which of the sets its kinds are.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    end: u32,
    set: u16,
}

impl Place {
    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Which words a text has, and where.
#[derive(Debug)]
pub struct Spotted {
    /// By their start, the shortest first of those that start together.
    found: Vec<Place>,
    /// All kinds that were found.
    kinds: Kinds,
    /// Nothing is known of what it does not look for.
    lookout: &'static Lookout,
}

/// Looks for the words of all kinds.
///
/// ```
/// use archwright_knowledge::{claim_words, spotted};
///
/// let found = spotted("Tries again forever.");
/// assert!(found.has(claim_words("unbounded")) && !found.has(claim_words("alerts")));
/// assert!(!found.has_within(claim_words("unbounded"), 0..11));
/// ```
pub fn spotted(text: &str) -> Spotted {
    static ALL: OnceLock<Lookout> = OnceLock::new();
    ALL.get_or_init(|| Lookout::of(load().iter())).look(text)
}

impl Spotted {
    /// Whether the text has one of them.
    pub fn has(&self, words: &Words) -> bool {
        debug_assert!(self.lookout.looked_for.has(words.number()), "nobody looked for {}", words.kind());
        self.kinds.has(words.number())
    }

    /// Where they stand in the text, in its order.
    pub fn all(&self, words: &Words) -> impl Iterator<Item = Range<usize>> {
        let found = if self.has(words) { &self.found[..] } else { &[] };
        found.iter().filter(|it| self.is_of(it, words)).map(|it| it.range())
    }

    /// Where they stand in a part of the text, in its order.
    pub(crate) fn within(&self, words: &Words, part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let found = if self.has(words) { &self.found[..] } else { &[] };
        let from = found.partition_point(|it| (it.start as usize) < part.start);
        let inside = found.iter().skip(from).take_while(move |it| (it.start as usize) < part.end);
        inside.filter(move |it| it.end as usize <= part.end && self.is_of(it, words)).map(|it| it.range())
    }

    /// Whether a part of the text has one of them.
    pub fn has_within(&self, words: &Words, part: Range<usize>) -> bool {
        self.has(words) && self.within(words, part).next().is_some()
    }

    fn is_of(&self, place: &Place, words: &Words) -> bool {
        self.lookout.sets.get(usize::from(place.set)).is_some_and(|it| it.has(words.number()))
    }
}
