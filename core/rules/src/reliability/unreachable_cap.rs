//! `reliability/unreachable-cap`: a backoff whose pauses never grow to the cap that is given for them.

use archwright_knowledge::claim_words;
use archwright_model::{facts::prose, values::quantity::durations};
use archwright_syntax::markdown::SectionId;

use crate::{
    claim::{Claim, claims, is_claimed, joined, near, number_in_words, tried_times, without, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/unreachable-cap",
    severity: Severity::Warning,
    summary: "The pauses between attempts never reach the cap that is given for them, or begin above it.",
    applies_to: &[
        Kind::Design,
        Kind::Contract,
        Kind::Adr,
        Kind::Rfc,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    any_dialect: true,
    sources: &["A-145", "A-177"],
    page: include_str!("unreachable_cap.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    in_lists(cx, reporter);
    let (words, grows, cap) = (words(cx), claim_words("backoff"), claim_words("capped"));
    if !words.has(grows) || !words.has(cap) {
        return;
    }
    let both = |it: &Claim| [grows, cap].iter().all(|kind| words.has_within(kind, it.span.range()));
    // `4 attempts; from 500 ms, doubling, at most 1 min` is one sentence.
    for claim in joined(&cx.facts().text, &claims(cx)).into_iter().filter(both) {
        let Some(backoff) = Backoff::of(claim.text).filter(|_| is_promised(claim.text)) else { continue };
        let at = claim.span.start as usize;
        let span = Span::new(at + backoff.cap_at.start, at + backoff.cap_at.end);
        if let Some(message) = backoff.fault() {
            reporter.report(span, message);
        }
    }
}

/// The settings of a policy as a list, an item for each: `- MaxInterval: 1 hour`.
fn in_lists(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let weighs = [Role::Alternatives, Role::Options, Role::Context, Role::AntiPatterns, Role::Problem];
    let items: Vec<(SectionId, Span)> = document.tree.items.iter().map(|it| (it.section, it.content)).collect();
    for list in items.chunk_by(|a, b| a.0 == b.0).filter(|it| (3..=MOST_SETTINGS).contains(&it.len())) {
        let section = list.first().map(|it| it.0);
        // A policy has numbers.
        let has_numbers = list.iter().any(|it| it.1.of(document.text).bytes().any(|it| it.is_ascii_digit()));
        if !has_numbers || section.and_then(|it| document.role_of(it)).is_some_and(|it| weighs.contains(&it)) {
            continue;
        }
        let mut policy = String::new();
        let mut starts = Vec::new();
        for (_, content) in list {
            let start = policy.len();
            if set(&mut policy, content.of(document.text)).is_some() {
                starts.push((start, *content));
                policy.push_str("; ");
            }
        }
        if starts.len() < 3 {
            continue;
        }
        let Some(backoff) = Backoff::of(&policy).filter(|_| is_promised(&policy)) else { continue };
        let place = starts.iter().rev().find(|it| it.0 <= backoff.cap_at.start).map(|it| it.1);
        if let Some((message, place)) = backoff.fault().zip(place) {
            reporter.report(place, message);
        }
    }
}

/// Longer lists are no policy.
const MOST_SETTINGS: usize = 12;

/// Adds a setting in words: `max interval: 1 hour` of ``**MaxInterval**: `1 hour` ``. Nothing of an item that is none.
fn set(policy: &mut String, item: &str) -> Option<()> {
    /// Longer values are sentences.
    const LONGEST: usize = 48;
    let is_mark = |it: char| matches!(it, '*' | '`');
    let around = |it: char| is_mark(it) || it.is_whitespace();
    let length = |it: &str| it.bytes().filter(|it| !is_mark(char::from(*it))).count();
    let (label, value) = item.split_once([':', '='])?;
    if length(label) > LONGEST {
        return None;
    }
    let value = value.trim_matches(around);
    if value.is_empty() || value.contains('\n') || length(value) > LONGEST {
        return None;
    }
    for letter in label.trim_matches(around).chars().filter(|it| !is_mark(*it)) {
        if letter.is_uppercase() && policy.ends_with(|it: char| it.is_lowercase()) {
            policy.push(' ');
        }
        match letter {
            '_' | '-' | '.' => policy.push(' '),
            letter if letter.is_ascii() => policy.push(letter.to_ascii_lowercase()),
            letter => policy.extend(letter.to_lowercase()),
        }
    }
    policy.push_str(": ");
    for piece in value.split(is_mark) {
        policy.push_str(piece);
    }
    Some(())
}

/// Whether a sentence claims what it says: `never longer than` is a bound, and denies nothing.
fn is_promised(sentence: &str) -> bool {
    let bound = near(sentence, "denies", "capped", 2);
    bound.map_or_else(|| is_claimed(sentence), |it| is_claimed(&without(sentence, &it)))
}

/// What a sentence says of the pauses between attempts, in milliseconds.
#[derive(Debug)]
struct Backoff {
    attempts: i32,
    first: f64,
    factor: f64,
    cap: f64,
    /// Where the cap stands in the sentence.
    cap_at: std::ops::Range<usize>,
}

impl Backoff {
    /// Nothing if a part is missing or said twice.
    fn of(sentence: &str) -> Option<Self> {
        let durations = durations(sentence);
        if durations.len() < 2 || claim_words("other-bounds").are_in(sentence) {
            return None;
        }
        let (mut first, mut cap) = (Vec::new(), Vec::new());
        for (place, duration) in durations {
            let before = sentence.get(..place.start).unwrap_or_default();
            let word = before
                .rsplit(|it: char| !it.is_alphanumeric())
                .filter(|it| !it.is_empty())
                .take(4)
                .find(|it| !claim_words("beside-pauses").are_all_of(it));
            // `2 s at first`.
            let behind = sentence.get(place.end..).unwrap_or_default().trim_start();
            let is_first = claim_words("at-first").begin(behind);
            if is_first {
                first.push(duration);
            } else if word.is_some_and(|it| claim_words("capped").are_all_of(it)) {
                cap.push((place, duration));
            } else if word.is_some_and(|it| claim_words("first-pause").are_all_of(it)) {
                first.push(duration);
            }
        }
        let ([first], [(cap_at, cap)]) = (first.as_slice(), cap.as_slice()) else { return None };
        // What is tried again five times is tried six times.
        let repeated = numbers_before(sentence, "repeats").into_iter().map(|it| it + 1.0);
        let labelled = numbers_labelled(sentence, "attempts").into_iter().chain(tried_times(sentence).map(|it| it.0));
        let counted = numbers_before(sentence, "attempts").into_iter().chain(repeated).chain(labelled);
        let attempts = only(&counted.collect::<Vec<_>>())?;
        let factor = only(&numbers_behind(sentence, "factor"));
        let factor = factor.or_else(|| claim_words("doubling").are_in(sentence).then_some(2.0)).or_else(|| {
            let is_other = claim_words("factor").are_in(sentence) || !claim_words("exponential").are_in(sentence);
            (!is_other).then_some(2.0)
        })?;
        let attempts = (2.0..=100.0).contains(&attempts).then_some(attempts as i32)?;
        (factor > 1.0 && prose::without_names(sentence).len() == sentence.len()).then_some(Self {
            attempts,
            first: *first,
            factor,
            cap: *cap,
            cap_at: cap_at.clone(),
        })
    }

    /// What is wrong with the cap, if anything is.
    fn fault(&self) -> Option<String> {
        if self.first > self.cap {
            return Some(format!(
                "The first pause of {} is above the cap. Correct one of the two.",
                in_words(self.first)
            ));
        }
        (self.longest() < self.cap).then(|| {
            format!(
                "{} attempts from {} by {} pause at most {}, so the cap is never reached. Allow more attempts, or \
                 leave the cap out.",
                self.attempts,
                in_words(self.first),
                self.factor,
                in_words(self.longest())
            )
        })
    }

    /// The longest pause, if one follows each attempt but none the last.
    fn longest(&self) -> f64 {
        self.first * self.factor.powi((self.attempts - 2).max(0))
    }
}

fn only(found: &[f64]) -> Option<f64> {
    match found {
        [only] => Some(*only),
        _ => None,
    }
}

/// The numbers right before words of a kind.
fn numbers_before(sentence: &str, kind: &str) -> Vec<f64> {
    let numbers = claim_words(kind).all(sentence).filter_map(|it| {
        let word =
            sentence.get(..it.start)?.trim_end().rsplit(|it: char| !(it.is_alphanumeric() || it == '.')).next()?;
        word.parse().ok().or_else(|| number_in_words(word))
    });
    numbers.collect()
}

/// The numbers behind the colon of a label that has words of a kind: `attempts towards the bank: 3`.
fn numbers_labelled(sentence: &str, kind: &str) -> Vec<f64> {
    /// No label goes on for longer behind the word.
    const LABEL: usize = 40;
    let numbers = claim_words(kind).all(sentence).filter_map(|it| {
        let (label, value) = sentence.get(it.end..)?.split_once(':')?;
        let is_label = label.len() <= LABEL && !label.contains(|it: char| it.is_ascii_digit() || ",;.|".contains(it));
        let value = value.trim_start_matches([' ', '*']);
        let end = value.find(|it: char| !it.is_alphanumeric()).unwrap_or(value.len());
        let (number, rest) = value.split_at_checked(end)?;
        // `4: 2 s` is a number of seconds.
        let stands_alone = rest.is_empty() || rest.starts_with([',', ';', '.', ' ']) && !rest.starts_with(". ");
        number.parse().ok().or_else(|| number_in_words(number)).filter(|_| is_label && stands_alone)
    });
    numbers.collect()
}

/// The numbers right behind words of a kind: `factor 2`, `multiplier: 1.5`.
fn numbers_behind(sentence: &str, kind: &str) -> Vec<f64> {
    let numbers = claim_words(kind).all(sentence).filter_map(|it| {
        let rest = sentence.get(it.end..)?.trim_start_matches([' ', ':', '=', '×']);
        let rest = rest.strip_prefix("of ").unwrap_or(rest);
        let end = rest.find(|it: char| !(it.is_ascii_digit() || it == '.')).unwrap_or(rest.len());
        let word = || rest.split(|it: char| !it.is_alphanumeric()).next().and_then(number_in_words);
        rest.get(..end)?.trim_end_matches('.').parse().ok().or_else(word)
    });
    numbers.collect()
}

/// A duration in milliseconds, as one says it.
fn in_words(milliseconds: f64) -> String {
    let units = [("h", 3_600_000.0), ("min", 60_000.0), ("s", 1_000.0)];
    let (unit, worth) = units.into_iter().find(|it| milliseconds >= it.1).unwrap_or(("ms", 1.0));
    let amount = format!("{:.1}", milliseconds / worth);
    format!("{} {unit}", amount.strip_suffix(".0").unwrap_or(&amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backoff_is_read_where_it_says_all_its_parts_once() {
        for (sentence, longest) in [
            ("5 attempts, exponential from 200 ms, factor 2, full jitter, cap 10 s.", 1_600.0),
            (
                "At most 5 attempts with exponential backoff, initial delay of 1 second, doubling up to 1 minute",
                8_000.0,
            ),
            (
                "Six attempts with pauses that start at 1 s and grow by a factor of two, the longest being 30 s.",
                16_000.0,
            ),
            ("Attempts towards the store: 3, beginning with 2 s, factor 3, maximum 60 s.", 6_000.0),
            (
                "Up to 5 tries, waiting 2 s at first and twice as long after each one, never longer than 2 min.",
                16_000.0,
            ),
            ("4 retries, exponential from 200 ms, cap 10 s", 1_600.0),
            ("It is tried four times with exponential backoff, starts at 1 s, doubles and is capped at 5 min", 4_000.0),
            ("Retries 3 times (3 attempts) starting at 100ms with a multiplier of 1.5, capped at 30s", 150.0),
        ] {
            let backoff = Backoff::of(sentence).unwrap_or_else(|| panic!("{sentence}"));
            assert!((backoff.longest() - longest).abs() < 1e-6, "{sentence}: {backoff:?}");
        }
        for sentence in [
            "5 attempts, exponential backoff with jitter.",
            "5 attempts, exponential from 200 ms.",
            "Exponential from 200 ms, cap 10 s.",
            "5 attempts, exponential from 200 ms, at most 10 s in total.",
            "5 attempts, linear from 200 ms, cap 10 s.",
            "5 attempts, 3 attempts for mail, exponential from 200 ms, cap 10 s.",
            "5 attempts, exponential from 200 ms or from 1 s, cap 10 s.",
        ] {
            assert!(Backoff::of(sentence).is_none(), "{sentence}");
        }
    }
}
