//! Claims: the words by which documents say what rules look at (A-128..A-134, A-142..A-149).

use std::{
    collections::BTreeMap,
    ops::{ControlFlow, Range},
    sync::OnceLock,
};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::phrase::Phrases;

/// Words of one kind, found in a text whatever their case.
#[derive(Debug)]
pub struct Words {
    kind: SmolStr,
    list: Vec<SmolStr>,
    /// The list with all forms of its words, where it has them.
    forms: Option<Forms>,
    /// Which of the kinds in its file it is.
    number: u32,
    /// Made when it is first asked for.
    phrases: OnceLock<Phrases>,
}

/// The forms of some words, with tabs between.
#[derive(Clone, Copy, Debug)]
struct Forms(&'static str);

impl Words {
    pub(crate) fn new(kind: SmolStr, list: Vec<SmolStr>) -> Self {
        Self { kind, list, forms: None, number: u32::MAX, phrases: OnceLock::new() }
    }

    /// The forms that are looked for.
    fn forms(&self) -> impl Iterator<Item = &str> {
        let written = self.list.iter().filter(|_| self.forms.is_none()).map(SmolStr::as_str);
        self.forms.iter().flat_map(|it| it.0.split('\t')).chain(written)
    }

    fn phrases(&self) -> &Phrases {
        self.phrases.get_or_init(|| Phrases::loose(self.forms(), folded))
    }

    /// Tells of each of them where it stands as a whole word. What begins with a mark, such as `/s`, stands behind
    /// anything.
    fn each<B>(&self, text: &str, mut found: impl FnMut(Range<usize>) -> ControlFlow<B>) -> Option<B> {
        self.phrases().each(text, |it, _| found(it)).break_value()
    }

    /// What they are for, such as `unbounded`.
    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    /// All of them, each in the form in which the file has it.
    pub fn list(&self) -> &[SmolStr] {
        &self.list
    }

    /// Where they stand in a text as whole words, in its order, the shortest first of those that start together.
    pub fn all(&self, text: &str) -> impl Iterator<Item = Range<usize>> + use<> {
        let mut all = Vec::new();
        self.each(text, |it| {
            all.push(it);
            ControlFlow::<()>::Continue(())
        });
        all.into_iter()
    }

    /// Where the first of them stands.
    pub fn first(&self, text: &str) -> Option<Range<usize>> {
        self.each(text, ControlFlow::Break)
    }

    /// Whether a text begins with one of them. What lies behind is not looked at, however long it is.
    pub fn begin(&self, text: &str) -> bool {
        let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or(text);
        self.phrases().first_of(head, |_, _| ControlFlow::Break(())).is_break()
    }

    /// The one that a text ends with, the longest if there are several. What lies before is not looked at.
    pub fn ending(&self, text: &str) -> Option<Range<usize>> {
        let from = text.ceil_char_boundary(text.len().saturating_sub(HEAD));
        let tail = text.get(from..)?;
        self.all(tail).find(|it| it.end == tail.len()).map(|it| it.start + from..it.end + from)
    }

    /// Whether a text has one of them.
    pub fn are_in(&self, text: &str) -> bool {
        self.first(text).is_some()
    }

    /// A text without them.
    pub fn without(&self, text: &str) -> String {
        let (mut kept, mut end) = (String::with_capacity(text.len()), 0);
        for it in self.all(text) {
            kept.push_str(text.get(end..it.start).unwrap_or_default());
            end = end.max(it.end);
        }
        kept.push_str(text.get(end..).unwrap_or_default());
        kept
    }

    /// Whether a text consists of one of them, whatever marks stand around it.
    pub fn are_all_of(&self, text: &str) -> bool {
        let bare = text.trim_matches(|it: char| !it.is_alphanumeric());
        let whole = |it: Range<usize>| {
            if it == (0..bare.len()) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        self.phrases().first_of(bare, |it, _| whole(it)).is_break()
    }
}

/// All words are shorter, in bytes, however they are joined in a text.
const HEAD: usize = 256;

fn folded(byte: u8) -> u8 {
    byte.to_ascii_lowercase()
}

/// The words of a kind, such as `unbounded`; none of an unknown kind.
///
/// ```
/// use archwright_knowledge::claim_words;
///
/// assert!(claim_words("unbounded").are_in("Retries go on until it succeeds."));
/// assert!(!claim_words("unbounded").are_in("Limited to 5 attempts."));
/// ```
pub fn claim_words(kind: &str) -> &'static Words {
    static NONE: OnceLock<Words> = OnceLock::new();
    let none = || NONE.get_or_init(|| Words::new(SmolStr::default(), Vec::new()));
    by_kind().get(kind).copied().unwrap_or_else(none)
}

/// The words of each kind: rules ask for some on every line.
fn by_kind() -> &'static FxHashMap<&'static str, &'static Words> {
    static BY_KIND: OnceLock<FxHashMap<&'static str, &'static Words>> = OnceLock::new();
    BY_KIND.get_or_init(|| load().iter().map(|it| (it.kind.as_str(), it)).collect())
}

fn load() -> &'static [Words] {
    static ALL: OnceLock<Vec<Words>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut lines = include_str!(concat!(env!("OUT_DIR"), "/claims.txt")).lines();
        let mut all: Vec<Words> = Vec::new();
        while let (Some(written), Some(forms)) = (lines.next(), lines.next()) {
            let mut cells = written.split('\t');
            // Nobody looks for those of other parts in all of a text, so they need no bit.
            let is_spotted = cells.next() == Some("words");
            let kind = cells.next().unwrap_or_default().into();
            let number = u32::try_from(all.len()).ok().filter(|_| is_spotted).unwrap_or(u32::MAX);
            let list = cells.map(SmolStr::new).collect();
            all.push(Words { forms: Some(Forms(forms)), number, ..Words::new(kind, list) });
        }
        all
    })
}

/// Words of several kinds, to be found in one look.
#[derive(Debug)]
pub struct Lookout {
    phrases: Phrases,
    /// The kinds of each phrase.
    kinds: Vec<u128>,
    /// All of them.
    looked_for: u128,
}

impl Lookout {
    /// Looks for the words of these kinds. Fewer are found faster.
    pub fn new(kinds: &[&str]) -> Self {
        Self::of(kinds.iter().map(|it| claim_words(it)))
    }

    fn of<'a>(all: impl Iterator<Item = &'a Words>) -> Self {
        let mut each: BTreeMap<&str, u128> = BTreeMap::new();
        let mut looked_for = 0;
        for words in all {
            looked_for |= words.bit();
            for word in words.forms().filter(|_| words.bit() != 0) {
                *each.entry(word).or_default() |= words.bit();
            }
        }
        let phrases = Phrases::loose(each.keys().copied(), folded);
        Self { phrases, kinds: each.into_values().collect(), looked_for }
    }

    /// Which of the words a text has, and where.
    pub fn look(&self, text: &str) -> Spotted {
        // Documents about messages have one in five words, others none.
        let found = Vec::with_capacity((text.len() / 32).min(256));
        let mut spotted = Spotted { found, kinds: 0, looked_for: self.looked_for };
        let _: ControlFlow<()> = self.phrases.each(text, |range, number| {
            let of = self.kinds.get(number).copied().unwrap_or_default();
            spotted.found.push((range, of));
            spotted.kinds |= of;
            ControlFlow::Continue(())
        });
        spotted
    }
}

/// Which words a text has, and where: found in one look, for the many who ask.
#[derive(Debug)]
pub struct Spotted {
    /// Whole words by their start, each with its kinds.
    found: Vec<(Range<usize>, u128)>,
    /// All kinds that were found.
    kinds: u128,
    /// Nothing is known of the others.
    looked_for: u128,
}

/// Looks for the words of all kinds that are looked for in whole texts: those below `words:` in `claims.yaml`.
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

impl Words {
    /// What stands for its kind in [`Spotted`]; nothing for words of another file.
    fn bit(&self) -> u128 {
        1_u128.checked_shl(self.number).unwrap_or_default()
    }
}

impl Spotted {
    /// Whether the text has one of them.
    pub fn has(&self, words: &Words) -> bool {
        debug_assert!(words.bit() != 0 && words.bit() & !self.looked_for == 0, "nobody looked for {}", words.kind);
        self.kinds & words.bit() != 0
    }

    /// Where they stand in the text, in its order.
    pub fn all(&self, words: &Words) -> impl Iterator<Item = Range<usize>> {
        let bit = if self.has(words) { words.bit() } else { 0 };
        self.found.iter().filter(move |it| it.1 & bit != 0).map(|it| it.0.clone())
    }

    /// Whether a part of the text has one of them.
    pub fn has_within(&self, words: &Words, part: Range<usize>) -> bool {
        if !self.has(words) {
            return false;
        }
        let from = self.found.partition_point(|it| it.0.start < part.start);
        let mut found = self.found.iter().skip(from).take_while(|it| it.0.start < part.end);
        found.any(|it| it.1 & words.bit() != 0 && it.0.end <= part.end)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_stand_alone_whatever_their_case() {
        let words = Words::new("x".into(), vec!["exactly once".into(), "/s".into(), "no".into()]);
        assert!(words.are_in("Exactly Once, always") && words.are_in("50 msg/s") && words.are_in("No."));
        assert!(!words.are_in("Norway is not exactly onceless"));
        assert_eq!(words.without("No, exactly once."), ", .");
        assert!(words.are_all_of("**No.**") && !words.are_all_of("No way"));
        assert!(words.begin("No, never") && !words.begin("Say no") && !words.begin("Norway"));
        assert!(words.begin(&format!("no {}", "é".repeat(400))));
        assert_eq!(words.ending("Say no"), Some(4..6));
        assert_eq!(words.ending(&format!("{} no", "é".repeat(400))), Some(801..803));
        assert_eq!((words.ending("no way"), words.ending("casino")), (None, None));
    }

    #[test]
    fn every_kind_has_words_in_lower_case_each_once() {
        let text = crate::files::skill_file("knowledge/claims.yaml").unwrap();
        let kinds: Vec<&str> =
            text.lines().filter_map(|it| it.strip_prefix("  ")?.split_once(": [")).map(|it| it.0).collect();
        // Each has a bit in `Spotted`, but for those that stand beside others.
        let spotted_kinds = kinds.iter().filter(|it| claim_words(it).number != u32::MAX).count();
        assert!(spotted_kinds > 25 && spotted_kinds <= 128, "{kinds:?}");
        for kind in kinds {
            let words = claim_words(kind);
            assert!(!words.list().is_empty(), "{kind}");
            let once: BTreeSet<&SmolStr> = words.list().iter().collect();
            let twice: Vec<_> =
                words.list().iter().filter(|it| words.list().iter().filter(|o| o == it).count() > 1).collect();
            assert_eq!(once.len(), words.list().len(), "{kind} says a word twice: {twice:?}");
            assert!(words.list().iter().all(|it| it.to_lowercase() == *it), "{kind}");
            for word in words.list() {
                // A mark of three bytes may stand for each of one.
                assert!(word.len() * 3 < HEAD, "{kind}: {word}");
                let text = format!("It is ({word}).");
                assert!(words.are_in(&text), "{kind}: {word}");
                assert!(words.number == u32::MAX || spotted(&text).has(words), "{kind}: {word}");
            }
        }
        assert!(claim_words("no such kind").list().is_empty());
    }
}
