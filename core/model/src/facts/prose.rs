//! Prose: sentences that say that something is so, or was done, told from talk about it.

use std::{borrow::Cow, ops::Range};

use archwright_knowledge::{evidence, evidence_words};
use archwright_syntax::markdown::{Document, SectionId};
use smol_str::SmolStr;

use crate::{date::is_date, facts::FileFacts, values::value};

/// A sentence of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence<'t> {
    /// What it says.
    pub text: &'t str,
    /// Where it starts, in bytes.
    pub at: usize,
}

/// The sentences of a document that speak of what holds: no code, quotes, comments and headings, and nothing of the
/// sections that show examples, tell the history or list what is open.
pub fn sentences(facts: &FileFacts) -> Vec<Sentence<'_>> {
    sentences_in(facts, |_| true)
}

/// The same of those blocks only that somebody wants: a paragraph, an item or a row.
pub(crate) fn sentences_in(facts: &FileFacts, wants: impl Fn(Range<usize>) -> bool) -> Vec<Sentence<'_>> {
    let Some(tree) = facts.markdown() else { return Vec::new() };
    let text: &str = &facts.text;
    let (mut found, mut in_code, mut in_comment) = (Vec::new(), false, false);
    let mut block: Option<(usize, usize)> = None;
    let has_comments = text.contains("<!--");
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|it| !it.is_empty()) {
        let start = at;
        at += memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |it| it + 1);
        let trimmed = text.get(start..at).unwrap_or_default().trim_ascii_start();
        let first = trimmed.bytes().next().unwrap_or(b'#');
        let is_fence = matches!(first, b'`' | b'~') && (trimmed.starts_with("```") || trimmed.starts_with("~~~"));
        in_code ^= is_fence;
        in_comment |= has_comments && trimmed.contains("<!--");
        // A blank line ends a block as a heading does.
        let is_other = is_fence || in_code || in_comment || matches!(first, b'#' | b'>');
        if in_comment && trimmed.contains("-->") {
            in_comment = false;
        }
        let begins = matches!(first, b'-' | b'*' | b'+' | b'|' | b'0'..=b'9');
        if (is_other || begins)
            && let Some(block) = block.take()
        {
            found.push(block);
        }
        if !is_other {
            block = Some((block.map_or(start, |it| it.0), at));
        }
    }
    found.extend(block);
    let mut asides = Titled::new(tree, text, |title| has_any(title, "aside"));
    let mut sentences = Vec::new();
    for (start, end) in found {
        if wants(start..end) && !asides.holds(tree.section_at(start)) {
            cut(text, start, end, &mut sentences);
        }
    }
    sentences
}

/// Cuts a block at the ends of its sentences.
fn cut<'t>(text: &'t str, start: usize, end: usize, sentences: &mut Vec<Sentence<'t>>) {
    let bytes = text.as_bytes().get(start..end).unwrap_or_default();
    let mut from = start;
    // All ends are ASCII, and few bytes are one.
    for (at, byte) in bytes.iter().enumerate().filter(|it| matches!(it.1, b';' | b'.' | b'!' | b'?')) {
        let behind = start + at + 1;
        let ends_word = || match bytes.get(at + 1) {
            Some(next) if next.is_ascii() => char::from(*next).is_whitespace(),
            _ => text.get(behind..end).and_then(|it| it.chars().next()).is_none_or(char::is_whitespace),
        };
        if *byte == b';' || ends_word() {
            sentences.extend(trimmed(text, from, behind));
            from = behind;
        }
    }
    sentences.extend(trimmed(text, from, end));
}

/// A piece of a text without the blanks around it, if it has anything else: a line should be told that has words.
fn trimmed(text: &str, start: usize, end: usize) -> Option<Sentence<'_>> {
    let piece = text.get(start..end)?.trim_end();
    let said = piece.trim_start();
    (!said.is_empty()).then(|| Sentence { text: said, at: start + piece.len() - said.len() })
}

/// Which sections have something in their title or in that of a section around them, each asked once.
pub struct Titled<'t, F> {
    tree: &'t Document,
    text: &'t str,
    is: F,
    known: Vec<Option<bool>>,
}

impl<'t, F: Fn(&str) -> bool> Titled<'t, F> {
    /// Asks `is` of titles.
    pub fn new(tree: &'t Document, text: &'t str, is: F) -> Self {
        Self { tree, text, is, known: vec![None; tree.sections.len()] }
    }

    /// Whether a section is called so, or stands in one that is. The title of the document is what it is called.
    pub fn holds(&mut self, id: SectionId) -> bool {
        let number = id.0 as usize;
        if let Some(Some(known)) = self.known.get(number) {
            return *known;
        }
        let section = self.tree.section(id);
        let holds = section.level > 1 && (self.is)(&self.tree.plain_title(id, self.text))
            || section.parent.is_some_and(|it| self.holds(it));
        if let Some(known) = self.known.get_mut(number) {
            *known = Some(holds);
        }
        holds
    }
}

/// Whether a text has one of the words of a kind, whole and in any case.
pub fn has_any(text: &str, kind: &str) -> bool {
    evidence(kind).is_some_and(|it| it.are_in(text))
}

/// Whether a sentence says that something is there: it neither denies it nor asks for it. What stands in quotes is a
/// name.
pub fn affirms(sentence: &str) -> bool {
    let said = without_names(sentence);
    !said.contains("n't ")
        && !said.contains("n’t ")
        && !said.contains("[TBD")
        && !said.trim_end().ends_with('?')
        && !said.contains("~~")
        && !said.contains("[ ]")
        && !has_any(&said, "absent")
}

/// Whether a sentence says that something of all these kinds was done on a day that is not after `today`; gives the
/// day. What stands in quotes is a name, and says nothing.
pub fn done_on(sentence: &str, kinds: &[&str], today: &str) -> Option<String> {
    let said = without_names(sentence);
    if !affirms(sentence) || has_any(&said, "undone") || !kinds.iter().all(|it| has_any(&said, it)) {
        return None;
    }
    let days = days(&said);
    days.iter().all(|it| *it <= today).then(|| days.last().map(|it| (*it).to_owned())).flatten()
}

/// The days that a text names, in its order.
fn days(text: &str) -> Vec<&str> {
    let starts = text.char_indices().map(|it| it.0);
    let day = |at: usize| {
        let day = text.get(at..at + 10).filter(|it| is_date(it))?;
        let is_whole = !text.get(..at)?.ends_with(|it: char| it.is_ascii_digit())
            && !text.get(at + 10..)?.starts_with(|it: char| it.is_ascii_digit());
        is_whole.then_some(day)
    };
    starts.filter_map(day).collect()
}

/// A sentence without what stands in quotes, in code and in targets of links.
pub fn without_names(sentence: &str) -> Cow<'_, str> {
    /// The quotes of printers begin with it, as other signs do.
    const WIDE: u8 = 0xE2;
    let bytes = sentence.as_bytes();
    if memchr::memchr3(b'"', b'`', WIDE, bytes).is_none() && !sentence.contains("](") {
        return Cow::Borrowed(sentence);
    }
    let mut kept = String::with_capacity(sentence.len());
    let (mut until, mut before, mut from) = (None, ' ', 0);
    for (at, letter) in sentence.char_indices() {
        match until {
            Some(end) if letter == end => (until, from) = (None, at + letter.len_utf8()),
            Some(_) => {}
            None => {
                until = match letter {
                    '"' | '`' => Some(letter),
                    '“' | '„' => Some('”'),
                    '(' if before == ']' => Some(')'),
                    _ => None,
                };
                if until.is_some() {
                    kept.push_str(sentence.get(from..at).unwrap_or_default());
                }
            }
        }
        before = letter;
    }
    if until.is_none() {
        kept.push_str(sentence.get(from..).unwrap_or_default());
    }
    Cow::Owned(kept)
}

/// Whether a sentence gives something a name: in quotes, in code, as a link or an address.
pub fn names_something(sentence: &str) -> bool {
    ["](", "://"].iter().any(|it| sentence.contains(it))
        || [('"', '"'), ('`', '`'), ('“', '”')].iter().any(|(open, close)| {
            sentence.split_once(*open).and_then(|it| it.1.split_once(*close)).is_some_and(|it| it.0.trim().len() > 1)
        })
}

/// Whether an answer says something: it is no placeholder, and does not put the answer off.
pub fn is_content(answer: &str) -> bool {
    if value::is_unknown(answer) || value::waits(answer) || answer.contains("[TBD") || answer.contains("<TBD") {
        return false;
    }
    let said = value::plain(answer).to_lowercase();
    let said = said.trim_matches(|it: char| !it.is_alphanumeric());
    let puts_off = |it: &SmolStr| {
        said.strip_prefix(it.as_str()).is_some_and(|rest| {
            let goes_on = rest.trim_start();
            rest.is_empty() || goes_on.starts_with(['.', ',', ';', ':', '-', '–', '—', '(', '?']) && rest == goes_on
        })
    };
    // `None, because nothing is ordered` gives a reason, and so does `open-ended`.
    let bare = |it: &SmolStr| said == it.as_str();
    let words = evidence_words("postponed");
    let is_phrase = |it: &&SmolStr| it.contains(' ');
    !said.is_empty()
        && !words.iter().any(bare)
        && !words
            .iter()
            .filter(is_phrase)
            .any(|it| puts_off(it) || said.strip_prefix(it.as_str()).is_some_and(|it| it.starts_with(' ')))
        && !["tbd", "todo", "tba", "tbc", "fixme"].iter().any(|it| said.starts_with(it))
        && !answer.trim_end().ends_with('?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_told_from_what_is_planned() {
        let today = "2026-11-29";
        for (sentence, day) in [
            ("Practised on 2026-05-10 with 100 messages", Some("2026-05-10")),
            ("Last drill: 2026-05-10, notes in `not-yet.md`", Some("2026-05-10")),
            ("The failover is rehearsed twice a year, next on 2026-09-30", None),
            ("The rehearsal of 2026-05-10 failed", None),
            ("The drill of 2026-05-10 was cancelled", None),
            ("A drill is planned for 2026-05-10", None),
            ("Drill on 2027-01-01", None),
            ("Was the drill of 2026-05-10 enough?", None),
            ("The drill wasn't held on 2026-05-10", None),
            ("- [ ] Drill 2026-05-10", None),
            ("Practised last summer", None),
        ] {
            assert_eq!(done_on(sentence, &[], today).as_deref(), day, "{sentence}");
        }
    }

    #[test]
    fn answers_that_put_off_are_none() {
        for answer in [
            "",
            "-",
            "[TBD: who?]",
            "TBD",
            "tbd, ask Ada",
            "None",
            "n/a",
            "unknown",
            "We will decide",
            "not yet decided",
            "to be defined (Q3)",
            "?",
            "Later.",
            "in progress",
            "Ada or Bob?",
        ] {
            assert!(!is_content(answer), "{answer}");
        }
        for answer in [
            "none; every message stands alone",
            "at-least-once",
            "5 attempts",
            "open-ended retention of 90 days",
            "No order is needed across customers",
            "`id`, kept 30 days",
            "later messages win, by `version`",
        ] {
            assert!(is_content(answer), "{answer}");
        }
    }

    #[test]
    fn words_are_whole() {
        assert!(has_any("We have no runbook", "absent") && !has_any("a note of Nora", "absent"));
        assert!(has_any("at 10% of users", "rollout") && has_any("Canary, then all", "rollout"));
    }
}
