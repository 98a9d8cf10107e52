//! The words of relations between records, and where the values behind them begin and end.

use archwright_syntax::Span;

use super::Claim;
use crate::{conventions::role::Role, values::value};

/// The relations whose words stand at `at`, if a sentence or a part of one begins there.
pub(super) fn relations_at(text: &str, at: usize, names: &[(Role, &str)]) -> Vec<Claim> {
    let Some((before, after)) = text.split_at_checked(at) else { return Vec::new() };
    let mut found: Vec<Claim> = Vec::new();
    for (role, name) in names {
        let Some(length) = words_at_start(after, name) else { continue };
        let end = at + length;
        match found.iter_mut().find(|it| it.role == *role) {
            Some(known) => known.end = known.end.max(end),
            None => found.push(Claim { role: *role, start: at, end }),
        }
    }
    if !found.is_empty() && !begins_statement(before) {
        found.clear();
    }
    found
}

/// Whether what stands before the words of a relation lets them speak of the record itself: the beginning of a sentence
/// or of a part of one, or a subject.
pub(super) fn begins_statement(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t']);
    let is_beginning = before.is_empty() || before.ends_with(|it: char| !it.is_alphanumeric() && it != '[');
    // `This decision supersedes ...`, `Accepted and supersedes ...`.
    let last: Vec<&str> = before.rsplit([' ', '\n', '\r', '\t']).take(2).collect();
    let says = |word: &str, among: &[&str]| among.iter().any(|it| it.eq_ignore_ascii_case(word));
    let is_subject = match last.as_slice() {
        [word, "This" | "this", ..] if word.chars().all(char::is_alphanumeric) => true,
        [word, ..] => says(word, &["and", "it", "also", "partially", "partly"]),
        [] => false,
    };
    is_beginning || is_subject
}

/// Whether a word begins at a place in a text.
pub(super) fn is_word_start(text: &str, at: usize) -> bool {
    // Most places are inside of words.
    let before = at.checked_sub(1).and_then(|it| text.as_bytes().get(it));
    if before.is_some_and(u8::is_ascii_alphanumeric) {
        return false;
    }
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    after.starts_with(char::is_alphanumeric) && !before.ends_with(char::is_alphanumeric)
}

/// The length of `words` at the beginning of a text, whatever space or hyphen stands between them.
pub(super) fn words_at_start(text: &str, words: &str) -> Option<usize> {
    let mut rest = text;
    for (at, word) in words.split(' ').enumerate() {
        let left = if at == 0 { rest } else { rest.trim_start_matches(|it: char| it.is_whitespace() || it == '-') };
        let is_word = at == 0 || left.len() < rest.len();
        let same = left.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
        rest = left.get(word.len()..).filter(|it| is_word && same && !it.starts_with(char::is_alphanumeric))?;
    }
    Some(text.len() - rest.len())
}

pub(super) fn starts_with_prefix(text: &str) -> bool {
    text.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr"))
}

/// A text without the marks before it.
pub(super) fn unmarked(text: &str) -> &str {
    text.trim_start_matches(['*', '_', '`', '[', '"', '~', ' '])
}

/// The destination of the first link in a text that nobody parsed, such as a value of the front matter.
pub(super) fn written_target(value: &str) -> Option<&str> {
    let target = value.split_once("](")?.1.split_once(')')?.0.trim();
    target.split([' ', '#']).next()
}

/// The parts of a list of references: between commas, semicolons, `&` and `and` that stand in no bracket.
pub(super) fn pieces(span: Span, text: &str) -> Vec<Span> {
    let value = span.of(text);
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    let mut push = |start: usize, end: usize| {
        let piece = value.get(start..end).unwrap_or_default();
        let left = piece.trim_start_matches(|it: char| it.is_whitespace() || matches!(it, ':' | '*' | '_' | '~'));
        let kept = left.trim_end_matches(|it: char| it.is_whitespace() || matches!(it, '.' | '*' | '_' | '~'));
        let at = span.start as usize + start + piece.len() - left.len();
        if !kept.is_empty() {
            found.push(Span::new(at, at + kept.len()));
        }
    };
    for (at, it) in value.char_indices() {
        let rest = value.get(at..).unwrap_or_default();
        match it {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            ',' | ';' | '&' if depth == 0 => {
                push(start, at);
                start = at + 1;
            }
            _ if depth == 0 && it.is_whitespace() && is_joint(rest) => {
                push(start, at);
                start = at + rest.len() - rest.trim_start().len() + "and".len();
            }
            _ => {}
        }
    }
    push(start.min(value.len()), value.len());
    found
}

/// A list of values without the brackets around it.
pub(super) fn within_brackets(span: Span, text: &str) -> Span {
    let inner = span.of(text).strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    inner.map_or(span, |it| Span::new(span.start as usize + 1, span.start as usize + 1 + it.len()))
}

/// Whether a text begins with `and` between blanks.
pub(super) fn is_joint(rest: &str) -> bool {
    let word = rest.trim_start();
    word.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("and"))
        && word.get(3..).is_some_and(|it| it.starts_with(char::is_whitespace))
}

/// Whether a value begins by saying that there is nothing, whatever it adds: `None (extends ADR-0087)`, `_(none)_`,
/// `— (clarifies ADR-0087)`.
pub(super) fn denies(value: &str) -> bool {
    let said = value.trim_start_matches(|it: char| it.is_whitespace() || matches!(it, ':' | '*' | '_' | '(' | '`'));
    let length = said.find(|it: char| !(it.is_alphanumeric() || it == '/')).unwrap_or(said.len());
    let word = said.get(..length).unwrap_or_default();
    let behind = said.trim_start_matches(['-', '–', '—']);
    value::is_none(word)
        || behind.len() < said.len() && (behind.is_empty() || behind.trim_start().starts_with('('))
        || said.is_empty()
}

/// Where a value ends because another one begins, in the same line or the next: `none / Relates: ADR-0058`,
/// `none` and `**Related:** ADR-0070` below it.
pub(super) fn end_of_value(value: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in value.char_indices() {
        match letter {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            '\n' | '/' | '|' | ';' | '·' if depth == 0 => {
                let behind = value.get(at + letter.len_utf8()..).unwrap_or_default();
                let label = behind.split([':', '\n']).next().unwrap_or_default();
                let has_colon = behind.get(label.len()..).is_some_and(|it| it.starts_with(':'));
                let label = label.trim_matches(|it: char| it.is_whitespace() || matches!(it, '*' | '_' | '-' | '+'));
                let is_words = label.chars().all(|it| it.is_alphabetic() || it == ' ' || it == '-');
                if has_colon && is_words && !label.is_empty() && label.split(' ').count() <= 3 {
                    return at;
                }
            }
            _ => {}
        }
    }
    value.len()
}

/// Whether something in another record is meant: `the notes on Kubernetes in [ADR-0005](0005-x.md)`.
pub(super) fn names_a_part(value: &str) -> bool {
    let lower = value.to_lowercase();
    let up_to = |at: Option<usize>| at.and_then(|it| lower.get(..it));
    // Before a link or a label, a number counts something: `row 31 of ADR-0011`.
    let label = [lower.find(['[', '(']), lower.find("adr")].into_iter().flatten().min();
    let before = up_to(label).or_else(|| up_to(lower.find(|it: char| it.is_ascii_digit()))).unwrap_or(&lower);
    before.split(|it: char| !it.is_alphanumeric()).any(|it| matches!(it, "in" | "of" | "from"))
}

/// Where the first sentence of a text ends, outside of brackets.
pub(super) fn end_of_sentence(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, it) in text.char_indices() {
        match it {
            '[' | '(' => depth += 1,
            // The bracket that closes was opened before the sentence.
            ')' if depth == 0 => return Some(at),
            ']' | ')' => depth = depth.saturating_sub(1),
            '.' if depth == 0 && text.get(at + 1..).is_some_and(|it| it.starts_with(char::is_whitespace)) => {
                return Some(at);
            }
            _ => {}
        }
    }
    None
}

/// Whether only a part of the other record is meant, which leaves the rest of it in force.
pub(super) fn is_partial(sentence: &str) -> bool {
    let mut said = String::with_capacity(sentence.len());
    let mut rest = sentence;
    // Destinations of links say nothing, whatever files are called.
    while let Some((before, after)) = rest.split_once("](") {
        said.push_str(before);
        rest = after.split_once(')').map_or("", |it| it.1);
    }
    said.push_str(rest);
    let said = said.to_lowercase();
    ["partial", "partly", "in part", "part of", "parts of", "section", "§"].iter().any(|it| said.contains(it))
}
