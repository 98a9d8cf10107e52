//! Quantities in running text: `99.9 %`, `60 min`, `p99 < 400 ms`, whatever words stand around them.

use std::ops::Range;

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

#[cfg(test)]
mod tests {
    use super::*;

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
