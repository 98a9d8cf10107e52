//! What a statement says that can get lost: numbers with what they count, names in code, and words.

use std::borrow::Cow;

use archwright_model::values::quantity;
use archwright_syntax::Span;

use super::lexicon::Lexicon;

/// A number with what it counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    /// In the smallest unit of its kind, so that `1 h` and `60 minutes` are one.
    amount: f64,
    /// The unit, or the noun in lower case and without its plural.
    pub unit: String,
    /// As it is written, in digits: `5 minutes`.
    pub shown: String,
}

impl Number {
    /// Whether both count the same so often.
    pub fn says(&self, other: &Self) -> bool {
        self.unit == other.unit && (self.amount - other.amount).abs() < 1e-9 * self.amount.abs().max(1.0)
    }
}

/// The numbers of a text that count something. Dates, versions and numbers of documents are names.
pub(super) fn numbers(text: &str) -> Vec<Number> {
    let digits = in_digits(text, &Lexicon::load().words.numbers);
    let text = digits.as_ref();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|it| it.find(|it: char| it.is_ascii_digit())).map(|it| at + it) {
        let number = text.get(start..).unwrap_or_default();
        let length = number.find(|it: char| !(it.is_ascii_digit() || matches!(it, '.' | ','))).unwrap_or(number.len());
        let digits = number.get(..length).unwrap_or_default().trim_end_matches(['.', ',']);
        at = start + digits.len();
        let after = text.get(at..).unwrap_or_default();
        let before = text.get(..start).unwrap_or_default();
        let is_name = before
            .ends_with(|it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | '#' | '/' | ':'))
            || after.starts_with(['-', '/', ':', '_']) && after.chars().nth(1).is_some_and(char::is_alphanumeric)
            || digits.matches('.').count() > 1;
        if is_name {
            // The rest of a date or a version is no number either.
            at += after
                .find(|it: char| !(it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | ':')))
                .unwrap_or(after.len());
            continue;
        }
        let Some(amount) = quantity::amount(digits) else { continue };
        let gap = after.len() - after.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
        let rest = after.get(gap..).unwrap_or_default();
        let length =
            if rest.starts_with('%') { 1 } else { rest.find(|it: char| !it.is_alphabetic()).unwrap_or(rest.len()) };
        let word = rest.get(..length).unwrap_or_default();
        // What stands further away, or nothing, is not what is counted.
        if word.is_empty() || gap > 1 {
            continue;
        }
        let word_end = at + gap + length;
        let shown = text.get(start..word_end).unwrap_or_default().to_owned();
        let lower = word.to_lowercase();
        found.push(match quantity::unit(&lower) {
            Some((unit, worth)) => Number { amount: amount * worth, unit: unit.to_owned(), shown },
            None => Number { amount, unit: lower.strip_suffix('s').unwrap_or(&lower).to_owned(), shown },
        });
        at = word_end;
    }
    found
}

/// A text with the numbers that are written out in digits, where they count a noun: `five times` is `5 times`.
fn in_digits<'t>(text: &'t str, words: &[String]) -> Cow<'t, str> {
    let is_letter = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-');
    let mut out = String::new();
    let mut done = 0;
    for (number, word) in (2_usize..).zip(words) {
        if !text.to_lowercase().contains(word.as_str()) {
            continue;
        }
        let number = number.to_string();
        let from = if out.is_empty() { text.to_owned() } else { std::mem::take(&mut out) };
        let mut rest = from.as_str();
        while let Some(at) = rest.to_ascii_lowercase().find(word.as_str()) {
            let (before, after) = (rest.get(..at).unwrap_or_default(), rest.get(at + word.len()..).unwrap_or_default());
            let counts = after.strip_prefix(' ').is_some_and(|it| it.starts_with(char::is_lowercase));
            out.push_str(before);
            if counts && !out.ends_with(is_letter) {
                out.push_str(&number);
            } else {
                out.push_str(rest.get(at..at + word.len()).unwrap_or_default());
            }
            rest = after;
        }
        out.push_str(rest);
        done += 1;
    }
    if done == 0 { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

/// The text of a statement without destinations of links and comments, by which statements are compared.
pub(super) fn said(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        said.push_str(before);
        rest = after.split_once(')').map_or("", |it| it.1);
        said.push(' ');
    }
    said.push_str(rest);
    said
}

/// The words of a text, in lower case, without marks.
pub(super) fn words(text: &str) -> Vec<String> {
    let words = text.split(|it: char| !(it.is_alphanumeric() || matches!(it, '_' | '%')));
    words.filter(|it| !it.is_empty()).map(str::to_lowercase).collect()
}

/// Whether one of some words stands in a text as a word of its own, with or without the end of a plural or past tense.
pub(super) fn has_word(text: &str, wanted: &[String]) -> bool {
    words(text).iter().any(|word| {
        wanted
            .iter()
            .any(|it| word.strip_prefix(it.as_str()).is_some_and(|end| matches!(end, "" | "s" | "ed" | "ing" | "d")))
    })
}

/// How much of the words of one text stand in the other, from 0 to 1.
pub(super) fn likeness(one: &[String], other: &[String]) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let mut left: Vec<&String> = other.iter().collect();
    let mut shared = 0_u32;
    for word in one {
        if let Some(at) = left.iter().position(|it| *it == word) {
            left.swap_remove(at);
            shared += 1;
        }
    }
    let all = u32::try_from(one.len().max(other.len())).unwrap_or(u32::MAX);
    f64::from(shared) / f64::from(all)
}

/// What stands between backticks in a text.
pub(super) fn code_names(text: &str) -> impl Iterator<Item = &str> {
    let closed = text.matches('`').count() / 2;
    text.split('`').skip(1).step_by(2).take(closed).filter(|it| !it.trim().is_empty())
}

/// Where a name stands in a text as a whole, not as a part of a longer one.
pub(crate) fn places_of<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = Span> + 't {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices(name).filter_map(move |(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|it| it.chars().next());
        let is_whole = !before.is_some_and(is_part) && !after.is_some_and(is_part);
        is_whole.then(|| Span::new(at, at + name.len()))
    })
}

/// The line of a byte, counted from 1.
pub(crate) fn line_of(text: &str, at: usize) -> u32 {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    u32::try_from(memchr::memchr_iter(b'\n', before.as_bytes()).count()).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_something() {
        let shown = |text: &str| numbers(text).into_iter().map(|it| it.shown).collect::<Vec<_>>();
        assert_eq!(shown("more than 1% of checkouts during 5 minutes"), ["1%", "5 minutes"]);
        assert_eq!(shown("alert at 1 message, kept 14 days, 1,200 events/s"), ["1 message", "14 days", "1,200 events"]);
        assert_eq!(shown("2026-06-01, v2, ADR-0001, RFC 9110, 1.2.3, 09:15, p95, step 3."), [""; 0]);
        assert_eq!(shown("at most Five times, often; two-phase, Seven Sisters, none of ten"), ["5 times"]);
        assert!(numbers("1 h")[0].says(&numbers("60 minutes")[0]));
        assert!(numbers("1 message")[0].says(&numbers("1 messages")[0]));
        assert!(!numbers("1 message")[0].says(&numbers("1 minute")[0]));
    }

    #[test]
    fn names_are_found_whole() {
        assert_eq!(places_of("order_id, order_ids, my_order_id, x.order_id", "order_id").count(), 2);
        assert_eq!(code_names("the `outbox` and `a b`, a ` alone").collect::<Vec<_>>(), ["outbox", "a b"]);
        assert!(
            has_word("Alerting at 1 message", &["alert".to_owned()]) && !has_word("alertness", &["alert".to_owned()])
        );
    }
}
