//! `document/wrong-weekday`: a date beside the name of another day of the week.

use std::ops::Range;

use archwright_knowledge::claim_words;
use archwright_model::{
    date::{is_date, weekday},
    facts::prose,
    values::date::unambiguous,
};

use crate::{claim::words, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/wrong-weekday",
    severity: Severity::Warning,
    summary: "A date is not the day of the week that stands beside it.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["A-061", "A-134"],
    page: include_str!("wrong_weekday.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let weekdays = claim_words("weekdays");
    let text: &str = &cx.facts().text;
    if !has_day_near_year(text) {
        return;
    }
    let words = words(cx);
    for sentence in prose::sentences(cx.facts()) {
        let part = sentence.at..sentence.at + sentence.text.len();
        for name in words.all(weekdays).filter(|it| part.start <= it.start && it.end <= part.end) {
            let Some(written) = text.get(name.clone()) else { continue };
            let Some(named) = weekdays.list().iter().position(|it| it.eq_ignore_ascii_case(written)) else { continue };
            let Some((date, place)) = date_beside(text, &part, &name) else { continue };
            // Long and short names stand in the list one after the other.
            let Some(real) = weekday(&date).filter(|it| *it != named % 7) else { continue };
            let is_in_full = named < 7;
            let index = if is_in_full { real } else { real + 7 };
            let Some(right) = weekdays.list().get(index) else { continue };
            let message = format!(
                "{date} is no {written}: the calendar says {}. Correct the one that is wrong.",
                capitalised(right)
            );
            reporter.report(Span::new(name.start.min(place.start), name.end.max(place.end)), message);
        }
    }
}

/// Whether a day of the week is named near a year, which few documents do.
fn has_day_near_year(text: &str) -> bool {
    // `Wednesday, 30 September 2026` and `2026-09-30 (Wednesday)` are the longest ways to say it.
    const BEFORE: usize = 32;
    const BEHIND: usize = 24;
    memchr::memmem::find_iter(text.as_bytes(), "20").any(|at| {
        let start = text.floor_char_boundary(at.saturating_sub(BEFORE));
        let near = text.get(start..text.ceil_char_boundary(at + BEHIND)).unwrap_or_default();
        claim_words("weekdays").are_in(near)
    })
}

/// The only date right beside the name of a day, and where it stands. A day between two dates may belong to either.
fn date_beside(text: &str, part: &Range<usize>, name: &Range<usize>) -> Option<(String, Range<usize>)> {
    const MARKS: [char; 7] = [' ', ',', '(', ')', '*', '_', '\u{a0}'];
    let before = text.get(part.start..name.start)?;
    let behind = text.get(name.end..part.end)?;
    // `Fri–Sun` is a span of days.
    if before.ends_with(['-', '–', '—', '/', '&']) || behind.starts_with(['-', '–', '—', '/', '&']) {
        return None;
    }
    let left = before.trim_end_matches(MARKS);
    let right = behind.strip_prefix('.').unwrap_or(behind).trim_start_matches(MARKS);
    let in_words = |it: &str, words: usize| {
        let (mut end, mut rest) = (0, it);
        for _ in 0..words {
            let blank = rest.len() - rest.trim_start().len();
            let word = rest.trim_start().find(char::is_whitespace).unwrap_or(rest.trim_start().len());
            end += blank + word;
            rest = it.get(end..)?;
        }
        let said = it.get(..end)?.trim_end_matches(|it: char| !it.is_alphanumeric());
        // A month in words, as `12/01` means nothing for certain.
        let is_named = said.contains(|it: char| it.is_alphabetic());
        unambiguous(said)
            .filter(|_| is_named && said.split_whitespace().count() == words)
            .map(|date| (date, said.len()))
    };
    let iso_left = left.len().checked_sub(10).and_then(|it| left.get(it..)).filter(|it| is_date(it));
    let iso_right = right.get(..10).filter(|it| is_date(it));
    let at_left = iso_left.map(|it| (it.to_owned(), part.start + left.len() - 10..part.start + left.len()));
    let start = part.end - right.len();
    let at_right = iso_right
        .map(|it| (it.to_owned(), start..start + 10))
        .or_else(|| in_words(right, 3).map(|(date, length)| (date, start..start + length)));
    match (at_left, at_right) {
        (Some(it), None) | (None, Some(it)) => Some(it),
        _ => None,
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
