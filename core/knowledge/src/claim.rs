//! Claims: the words by which documents say what rules look at (A-128..A-134, A-142..A-149).

use std::{
    borrow::Cow,
    ops::{ControlFlow, Range},
    sync::OnceLock,
};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::{phrase::Phrases, reading};

/// Words of one kind, found in a text whatever their case.
#[derive(Debug)]
pub struct Words {
    kind: SmolStr,
    list: Vec<SmolStr>,
    /// The list with all forms of its words, where it has them.
    forms: Option<Forms>,
    /// Which of all kinds it is; no kind has the number of one that nobody looks for in whole texts.
    number: u16,
    /// Made when it is first asked for.
    phrases: OnceLock<Phrases>,
}

/// The forms of some words, with tabs between.
#[derive(Clone, Copy, Debug)]
struct Forms(&'static str);

impl Words {
    pub(crate) fn new(kind: SmolStr, list: Vec<SmolStr>) -> Self {
        Self { kind, list, forms: None, number: u16::MAX, phrases: OnceLock::new() }
    }

    /// Which of all kinds it is.
    pub(crate) fn number(&self) -> u16 {
        self.number
    }

    /// The forms that are looked for.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &str> {
        let written = self.list.iter().filter(|_| self.forms.is_none()).map(SmolStr::as_str);
        self.forms.iter().flat_map(|it| it.0.split('\t')).chain(written)
    }

    fn phrases(&self) -> &Phrases {
        self.phrases.get_or_init(|| Phrases::loose(self.forms(), folded))
    }

    /// Tells of each of them where it stands as a whole word. What begins with a mark, such as `/s`, stands behind
    /// anything.
    fn each<B>(&self, text: &str, mut found: impl FnMut(Range<usize>) -> ControlFlow<B>) -> Option<B> {
        let known = reading::look(text, self.number, text.len(), |spotted, part| {
            let from = part.start;
            spotted.within(self, part).try_for_each(|it| found(it.start - from..it.end - from))
        });
        known.unwrap_or_else(|| self.phrases().each(text, |it, _| found(it))).break_value()
    }

    /// Whether one of them starts with a text and ends where `is_end` says.
    fn start_with(&self, text: &str, is_end: impl Fn(usize) -> bool) -> bool {
        let known = reading::look(text, self.number, ONE_WORD, |spotted, part| {
            let from = part.start;
            spotted.within(self, part).take_while(|it| it.start == from).any(|it| is_end(it.end - from))
        });
        let ends = |it: Range<usize>| if is_end(it.end) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        known.unwrap_or_else(|| self.phrases().first_of(text, |it, _| ends(it)).is_break())
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
        let head = text.floor_char_boundary(HEAD);
        self.start_with(text, |it| it <= head)
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
    pub fn without<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let (mut kept, mut end) = (String::new(), 0);
        for it in self.all(text) {
            kept.push_str(text.get(end..it.start).unwrap_or_default());
            end = end.max(it.end);
        }
        if end == 0 {
            return Cow::Borrowed(text);
        }
        kept.push_str(text.get(end..).unwrap_or_default());
        Cow::Owned(kept)
    }

    /// Whether a text consists of one of them, whatever marks stand around it.
    pub fn are_all_of(&self, text: &str) -> bool {
        let bare = text.trim_matches(|it: char| !it.is_alphanumeric());
        self.start_with(bare, |it| it == bare.len())
    }
}

/// All words are shorter, in bytes, however they are joined in a text.
const HEAD: usize = 256;

/// About how many bytes are read to see what a text begins with.
const ONE_WORD: usize = 8;

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
    by_key().get(&key(kind)).copied().filter(|it| it.kind == kind).unwrap_or_else(none)
}

/// The words of each kind by its key: rules ask for some on every line.
fn by_key() -> &'static FxHashMap<u64, &'static Words> {
    static BY_KEY: OnceLock<FxHashMap<u64, &'static Words>> = OnceLock::new();
    BY_KEY.get_or_init(|| load().iter().map(|it| (key(&it.kind), it)).collect())
}

/// What tells the name of a kind from all others (see the tests): its beginning, its end and its length.
fn key(kind: &str) -> u64 {
    let bytes = kind.as_bytes();
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(21) ^ bytes.len() as u64
        }
        _ => bytes.iter().fold(0, |key, it| key << 8 | u64::from(*it)),
    }
}

pub(crate) fn load() -> &'static [Words] {
    static ALL: OnceLock<Vec<Words>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut lines = include_str!(concat!(env!("OUT_DIR"), "/claims.txt")).lines();
        let mut all: Vec<Words> = Vec::new();
        while let (Some(written), Some(forms)) = (lines.next(), lines.next()) {
            // Which part of the file they stand in matters to its readers only.
            let mut cells = written.split('\t').skip(1);
            let kind = cells.next().unwrap_or_default().into();
            let number = u16::try_from(all.len()).unwrap_or(u16::MAX);
            let list = cells.map(SmolStr::new).collect();
            all.push(Words { forms: Some(Forms(forms)), number, ..Words::new(kind, list) });
        }
        all
    })
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
        assert!(kinds.len() > 25 && kinds.len() < 64 * crate::spotted::PIECES, "{} kinds", kinds.len());
        for kind in kinds {
            let words = claim_words(kind);
            assert!(words.kind() == kind && !words.list().is_empty(), "{kind}");
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
                assert!(crate::spotted(&text).has(words), "{kind}: {word}");
            }
        }
        assert!(claim_words("no such kind").list().is_empty());
    }
}
