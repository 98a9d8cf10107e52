//! Quantities in running text: `99.9 %`, `60 min`, `p99 < 400 ms`, whatever words stand around them.

use std::ops::Range;

use archwright_knowledge::claim_words;

/// A number and what it counts, in the smallest unit of its kind, so that `1 h` and `60 minutes` are one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quantity {
    amount: f64,
    unit: String,
}

/// Units of one kind, with what one of them is worth in the smallest.
const UNITS: [(&[&str], &str, f64); 8] = [
    (&["%", "percent"], "%", 1.0),
    (&["ms", "msec", "millisecond", "milliseconds"], "ms", 1.0),
    (&["s", "sec", "secs", "second", "seconds"], "ms", 1_000.0),
    (&["min", "mins", "minute", "minutes"], "ms", 60_000.0),
    (&["h", "hr", "hrs", "hour", "hours"], "ms", 3_600_000.0),
    (&["d", "day", "days"], "ms", 86_400_000.0),
    (&["week", "weeks"], "ms", 604_800_000.0),
    (&["month", "months"], "month", 1.0),
];

/// The unit that a word stands for, by the smallest of its kind, and what one of it is worth in that.
pub fn unit(word: &str) -> Option<(&'static str, f64)> {
    UNITS.iter().find(|it| it.0.contains(&word)).map(|it| (it.1, it.2))
}

/// A number in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// How many, as written.
    pub amount: f64,
    /// Where its digits stand.
    pub digits: Range<usize>,
}

/// The numbers of a text in its order, without those in names.
pub fn measured(text: &str) -> Vec<Measured> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|it: char| it.is_ascii_digit()) {
        let (before, number) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let end = number.find(|it: char| !(it.is_ascii_digit() || matches!(it, '.' | ','))).unwrap_or(number.len());
        let (digits, after) = number.split_at_checked(end).unwrap_or((number, ""));
        let start = text.len() - number.len();
        rest = after;
        // The 95 of `p95` and the 2 of `v2` are names.
        if before.ends_with(|it: char| it.is_alphanumeric() || it == '_') {
            continue;
        }
        let digits = digits.trim_end_matches(['.', ',']);
        let Some(amount) = amount(digits) else { continue };
        found.push(Measured { amount, digits: start..start + digits.len() });
    }
    found
}

/// Numbers in words: `six` is 6.
pub fn number_in_words(word: &str) -> Option<f64> {
    const TENS: u32 = 20;
    let at = claim_words("number-words").list().iter().position(|it| it.eq_ignore_ascii_case(word))?;
    let at = u32::try_from(at).ok()?;
    Some(f64::from(if at <= TENS { at } else { (at - TENS + 2) * 10 }))
}

/// The durations of a text in its order, in milliseconds, each with its unit.
pub fn durations(text: &str) -> Vec<(Range<usize>, f64)> {
    let numbers = measured(text).into_iter().filter_map(|it| {
        let behind = text.get(it.digits.end..)?;
        let word = behind.trim_start_matches([' ', '\u{a0}', '\u{202f}', '-']);
        let length = word.find(|it: char| !it.is_alphabetic()).unwrap_or(word.len());
        let (_, worth) = unit(&word.get(..length)?.to_lowercase()).filter(|it| it.0 == "ms")?;
        let end = text.len() - word.len() + length;
        Some((it.digits.start..end, it.amount * worth))
    });
    numbers.collect()
}

/// The rates of a text in its order, of what is counted a second: `50 messages per second`, `600/min`.
pub fn rates(text: &str) -> Vec<(Range<usize>, f64)> {
    /// Between a number and its unit stand so many words, such as `dead letters`.
    const MOST_WORDS: usize = 3;
    const PER: [(&[&str], f64); 3] = [
        (
            &[
                "per second",
                "a second",
                "each second",
                "every second",
                "/s",
                "/sec",
                "/second",
                "per sec",
                "rps",
                "tps",
            ],
            1.0,
        ),
        (&["per minute", "a minute", "each minute", "every minute", "/min", "/minute", "per min"], 1.0 / 60.0),
        (&["per hour", "an hour", "each hour", "every hour", "/h", "/hour"], 1.0 / 3_600.0),
    ];
    let found = measured(text).into_iter().filter_map(|it| {
        let behind = text.get(it.digits.end..)?;
        let ends = |at: usize, unit: &str| {
            let goes_on = behind.get(at + unit.len()..)?.starts_with(|it: char| it.is_alphanumeric());
            let gap = behind.get(..at)?;
            let is_near = gap.split_whitespace().count() <= MOST_WORDS;
            (is_near && !goes_on).then_some(at + unit.len())
        };
        // No unit has one of these signs, and none stands between it and the number.
        let is_far = |it: char| matches!(it, ',' | ';' | '.' | '(') || it.is_ascii_digit();
        let close = behind.split(is_far).next().unwrap_or_default();
        let of = |unit: &&str| close.find(*unit).and_then(|at| ends(at, unit));
        let mut all = PER.iter().flat_map(|(units, worth)| units.iter().filter_map(of).map(move |end| (end, *worth)));
        let first = all.next()?;
        let (end, worth) = all.fold(first, |best, it| if it.0 < best.0 { it } else { best });
        Some((it.digits.start..it.digits.end + end, it.amount * worth))
    });
    found.collect()
}

/// The quantities of a text in its order.
pub(crate) fn quantities(text: &str) -> Vec<Quantity> {
    let mut found = Vec::new();
    for Measured { amount, digits } in measured(text) {
        let after = text.get(digits.end..).unwrap_or_default();
        let after = after.trim_start_matches(['.', ',']);
        let unit = after.trim_start_matches([' ', '\u{a0}', '\u{202f}', '-']);
        let length = match unit.strip_prefix('%') {
            Some(_) => 1,
            None => unit.find(|it: char| !it.is_alphabetic()).unwrap_or(unit.len()),
        };
        let word = unit.get(..length).unwrap_or_default().to_lowercase();
        found.push(match self::unit(&word) {
            Some((unit, worth)) => Quantity { amount: amount * worth, unit: unit.to_owned() },
            // What is counted is a matter of wording.
            None => Quantity { amount, unit: String::new() },
        });
    }
    found
}

/// A number with a point, a comma before other than three digits, or commas between thousands.
pub fn amount(digits: &str) -> Option<f64> {
    let is_grouped = digits.split(',').skip(1).all(|it| it.split('.').next().is_some_and(|it| it.len() == 3));
    let plain = if is_grouped { digits.replace(',', "") } else { digits.replace(',', ".") };
    plain.parse().ok()
}

/// Whether a short text names quantities, and each of them stands in the longer one too, be they worded otherwise.
pub fn are_part_of(short: &str, long: &str) -> bool {
    let (short, long) = (quantities(short), quantities(long));
    !short.is_empty() && short.iter().all(|it| long.contains(it))
}

/// What durations are told by, in short: how much may be lost, and how long it may take.
const NAMED: [&str; 2] = ["rpo", "rto"];

/// Whether two texts say the same with other numbers: all words but the numbers are the same, or one of the named
/// durations is another. `RPO 1 minute, warm standby` and `RPO 4 hours, cold backup` are such texts.
pub fn differ_in_numbers(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let named = |text: &str, name: &str| {
        let at = text.find(name).filter(|_| text.matches(name).count() == 1)?;
        let clause = behind(text, at + name.len());
        // `RPO 1 minute and RTO 1 hour`.
        let end = NAMED.iter().filter_map(|it| clause.find(it)).min().unwrap_or(clause.len());
        let clause = clause.get(..end)?;
        match durations(clause).as_slice() {
            [(_, amount)] => Some(*amount),
            _ => None,
        }
    };
    let is_other = |name: &&str| {
        let pair = named(&one, name).zip(named(&other, name));
        pair.is_some_and(|(one, other)| (one - other).abs() > 0.5)
    };
    if NAMED.iter().any(is_other) {
        return true;
    }
    let is_worded_alike = unnumbered(&one) == unnumbered(&other);
    is_worded_alike && quantities(&one) != quantities(&other)
}

/// The rest of a clause behind a place.
fn behind(text: &str, at: usize) -> &str {
    text.get(at..).and_then(|it| it.split([',', ';', '.', '(', '|']).next()).unwrap_or_default()
}

/// The words of a text without its numbers.
fn unnumbered(text: &str) -> Vec<&str> {
    let is_sign = |it: char| !(it.is_alphanumeric() || matches!(it, '%' | '-'));
    text.split(is_sign).filter(|it| !it.is_empty() && !it.bytes().all(|it| it.is_ascii_digit())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_counted_a_second() {
        let amounts = |it: &str| rates(it).into_iter().map(|it| it.1).collect::<Vec<_>>();
        assert_eq!(amounts("redrive at 5,000 messages per second"), [5_000.0]);
        assert_eq!(amounts("50 msg/s, then 600 dead letters a minute"), [50.0, 10.0]);
        assert_eq!(amounts("within 30 seconds, 2 attempts per message"), [0.0; 0]);
    }

    #[test]
    fn other_numbers_in_the_same_words_are_another_value() {
        for (one, other) in [
            ("RPO 1 minute, RTO 30 minutes, warm standby", "RPO 4 hours, RTO 2 days, cold backup"),
            ("RPO: 0 s; RTO: 1 h", "RPO: 5 min; RTO: 1 h"),
            ("40 baskets per second, 12 partitions", "40 baskets per second, 24 partitions"),
        ] {
            assert!(differ_in_numbers(one, other) && differ_in_numbers(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("RPO 1 minute, RTO 30 minutes", "RTO 1,800 s, RPO 60 s, in another region"),
            ("40 baskets per second", "40 baskets per second on average, 300 at peak"),
            ("RPO 1 minute in the region and RPO 1 hour beyond", "RPO 5 minutes"),
            ("single tenant", "multi-tenant"),
        ] {
            assert!(!differ_in_numbers(one, other), "{one} {other}");
        }
    }

    #[test]
    fn wording_and_units_do_not_count() {
        for (short, long) in [
            ("99.9% in 60 min", "99.9 % of renewals are done within 60 minutes of the window"),
            ("p99 below 400 ms", "The p99 latency stays under 0.4 s; 99.9 % availability"),
            ("1 h", "60 minutes"),
            ("99,9 %", "99.90 percent"),
            ("1,200 events/s", "1200 events per second"),
        ] {
            assert!(are_part_of(short, long), "{short} {long}: {:?} {:?}", quantities(short), quantities(long));
        }
        for (one, other) in [("99 %", "99.9 %"), ("60 min", "60 s"), ("none", "99 %"), ("p95", "p95")] {
            assert!(!are_part_of(one, other), "{one} {other}");
        }
    }
}
