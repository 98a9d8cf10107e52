//! How long messages are kept, as people and brokers write it: `7 days`, `604800000 ms`, `P7D`, `at least two weeks`.

/// What a text says of retention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// The durations it names.
    pub kept: Vec<Kept>,
    /// Whether it speaks of compaction, which keeps the last message of each key for good.
    pub compacted: bool,
    /// Whether the first duration is the first thing it says.
    leads: bool,
}

/// A duration in milliseconds, or a span of them: `at least 7 days`, `3 months` of 28 to 31 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The shortest that is meant.
    pub low: u64,
    /// The longest that is meant; the maximum stands for forever.
    pub high: u64,
}

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Words for a unit, with the milliseconds of the shortest and the longest. A bare `m` is a minute or a month: it is
/// none.
const UNITS: [(&[&str], u64, u64); 10] = [
    (&["ms", "msec", "msecs", "millisecond", "milliseconds"], 1, 1),
    (&["s", "sec", "secs", "second", "seconds"], SECOND, SECOND),
    (&["min", "mins", "minute", "minutes"], MINUTE, MINUTE),
    (&["h", "hr", "hrs", "hour", "hours"], HOUR, HOUR),
    (&["d", "day", "days"], DAY, DAY),
    (&["w", "wk", "wks", "week", "weeks"], 7 * DAY, 7 * DAY),
    (&["fortnight", "fortnights"], 14 * DAY, 14 * DAY),
    (&["month", "months"], 28 * DAY, 31 * DAY),
    (&["quarter", "quarters"], 89 * DAY, 92 * DAY),
    (&["y", "yr", "yrs", "year", "years"], 365 * DAY, 366 * DAY),
];

/// Number words that retentions are written with.
const NUMBERS: [(&str, u64); 20] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
    ("fourteen", 14),
    ("twenty", 20),
    ("thirty", 30),
    ("sixty", 60),
    ("ninety", 90),
    ("hundred", 100),
    ("dozen", 12),
];

const FOREVER: [&str; 14] = [
    "forever",
    "unlimited",
    "infinite",
    "infinitely",
    "indefinite",
    "indefinitely",
    "permanent",
    "permanently",
    "endless",
    "endlessly",
    "eternal",
    "eternally",
    "perpetual",
    "perpetually",
];

/// The same in several words.
const FOR_EVER: [&str; 8] = [
    "for ever",
    "without limit",
    "without end",
    "no limit",
    "no expiry",
    "no expiration",
    "never expire",
    "never delete",
];

impl Retention {
    /// Reads a text. What it does not say, or says in other words, is left out.
    pub fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let tokens = tokens(&lower);
        let mut found = Self { compacted: lower.contains("compact"), ..Self::default() };
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if FOREVER.contains(token) {
                found.kept.push(Kept { low: u64::MAX, high: u64::MAX });
                at += 1;
            } else if let Some((kept, used)) =
                iso(token).map(|it| (it, 1)).or_else(|| written(tokens.get(at..).unwrap_or_default()))
            {
                found.leads |= at == 0;
                found.kept.push(bounded(kept, tokens.get(..at).unwrap_or_default()));
                at += used;
            } else {
                at += 1;
            }
        }
        // `7 days, no limit on size`: where a time is named, they are about something else.
        if found.kept.is_empty() && FOR_EVER.iter().any(|it| lower.contains(it)) {
            found.kept.push(Kept { low: u64::MAX, high: u64::MAX });
        }
        found
    }

    /// Whether both cannot be true: neither names a duration that the other allows.
    pub fn contradicts(&self, other: &Self) -> bool {
        let is_silent = |it: &Self| it.kept.is_empty() && !it.compacted;
        if is_silent(self) || is_silent(other) {
            return false;
        }
        // What is only compacted is kept for good.
        let kept =
            |it: &Self| if it.kept.is_empty() { vec![Kept { low: u64::MAX, high: u64::MAX }] } else { it.kept.clone() };
        let others = kept(other);
        !kept(self).iter().any(|a| others.iter().any(|b| a.low <= b.high && b.low <= a.high))
    }

    /// The exact duration in milliseconds that is the only one, or that the text begins with.
    pub fn exact(&self) -> Option<u64> {
        let first = self.kept.first().filter(|_| self.leads || self.kept.len() == 1)?;
        (first.low == first.high && first.high < u64::MAX && !self.compacted).then_some(first.low)
    }
}

/// A duration as a person writes it: `7 days`, or in a unit of a table's head.
pub fn in_words(milliseconds: u64) -> String {
    let units = [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second")];
    let fitting = units.into_iter().find(|it| milliseconds >= it.0 && milliseconds.is_multiple_of(it.0));
    let (unit, name) = fitting.unwrap_or((1, "millisecond"));
    let count = milliseconds / unit;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

/// A retention as people write it: `7 days` instead of `604800000 ms`, which is how bindings say it.
pub fn as_written(text: &str) -> String {
    match Retention::of(text).exact() {
        Some(milliseconds) if text.ends_with(" ms") => in_words(milliseconds),
        _ => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

/// Words, numbers and signs of comparison. `7d` is two, `7-14` is three.
fn tokens(text: &str) -> Vec<&str> {
    #[derive(PartialEq)]
    enum Class {
        Word,
        Number,
        Sign,
    }
    let class = |it: char| match it {
        '0'..='9' | '.' | ',' => Some(Class::Number),
        '<' | '>' | '=' | '≤' | '≥' | '~' | '≈' | '-' | '–' | '—' => Some(Class::Sign),
        it if it.is_alphabetic() => Some(Class::Word),
        _ => None,
    };
    let mut tokens = Vec::new();
    for part in text.split(|it: char| class(it).is_none()).filter(|it| !it.is_empty()) {
        // A duration of ISO 8601 stays whole.
        if iso(part).is_some() {
            tokens.push(part);
            continue;
        }
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|it| class(it) != class(first)).unwrap_or(rest.len());
            let (token, tail) = rest.split_at(end);
            tokens.push(token.trim_matches(['.', ',']));
            rest = tail;
        }
    }
    tokens.retain(|it| !it.is_empty());
    tokens
}

/// `7 days`, `1.5 h`, `7 to 14 days`, `a week`: what is meant and how many tokens it takes.
fn written(tokens: &[&str]) -> Option<(Kept, usize)> {
    let (low, high) = (amount(tokens.first()?)?, tokens.get(1)?);
    if let Some(unit) = unit(high) {
        return Some((Kept { low: scaled(low, unit.1), high: scaled(low, unit.2) }, 2));
    }
    // `30-day`: the sign belongs to the unit; `7-14 days`: it joins two numbers.
    let third = tokens.get(2)?;
    if *high == "-"
        && let Some(unit) = unit(third)
    {
        return Some((Kept { low: scaled(low, unit.1), high: scaled(low, unit.2) }, 3));
    }
    let (high, unit) = (["-", "–", "—", "to"].contains(high).then(|| amount(third)).flatten()?, unit(tokens.get(3)?)?);
    (low <= high).then(|| (Kept { low: scaled(low, unit.1), high: scaled(high, unit.2) }, 4))
}

fn unit(token: &str) -> Option<(&'static [&'static str], u64, u64)> {
    UNITS.into_iter().find(|it| it.0.contains(&token))
}

/// A number in thousandths.
fn amount(token: &str) -> Option<u64> {
    if let Some((_, number)) = NUMBERS.iter().find(|it| it.0 == token) {
        return Some(number * 1_000);
    }
    // A comma groups thousands or begins a fraction: `604,800` and `1,5`.
    let token = match token.split_once(',') {
        Some((_, tail)) if tail.split(',').all(|it| it.len() == 3) => token.replace(',', ""),
        _ => token.replace(',', "."),
    };
    let (whole, fraction) = token.split_once('.').unwrap_or((&token, ""));
    let fraction: u64 = if fraction.is_empty() { 0 } else { format!("{fraction:0<3}").get(..3)?.parse().ok()? };
    whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(fraction)
}

fn scaled(thousandths: u64, unit: u64) -> u64 {
    u64::try_from(u128::from(thousandths) * u128::from(unit) / 1_000).unwrap_or(u64::MAX - 1)
}

/// `P7D`, `PT24H`, `P2W` (ISO 8601), in lower case.
fn iso(token: &str) -> Option<Kept> {
    let rest = token.strip_prefix('p')?;
    let (rest, in_time) = rest.strip_prefix('t').map_or((rest, false), |it| (it, true));
    let (number, name) = rest.split_at(rest.len().checked_sub(1).filter(|it| rest.is_char_boundary(*it))?);
    let unit = match (name, in_time) {
        ("d", false) => DAY,
        ("w", false) => 7 * DAY,
        ("h", true) => HOUR,
        ("m", true) => MINUTE,
        ("s", true) => SECOND,
        _ => return None,
    };
    let value = scaled(number.parse::<u64>().ok()?.checked_mul(1_000)?, unit);
    Some(Kept { low: value, high: value })
}

/// What the words before a duration make of it.
fn bounded(kept: Kept, before: &[&str]) -> Kept {
    let last = |count: usize| before.get(before.len().saturating_sub(count)..).unwrap_or_default().join(" ");
    let ends = |phrases: &[&str]| phrases.iter().any(|it| last(it.split(' ').count()) == *it);
    // `no more than` ends as `more than` does.
    if ends(&[
        "at most",
        "up to",
        "no more than",
        "no longer than",
        "not longer than",
        "maximum",
        "max",
        "less than",
        "under",
        "within",
        "<",
        "<=",
        "≤",
    ]) {
        Kept { low: 0, ..kept }
    } else if ends(&[
        "at least",
        "no less than",
        "not less than",
        "minimum",
        "min",
        "more than",
        "longer than",
        "over",
        ">",
        ">=",
        "≥",
    ]) {
        Kept { high: u64::MAX, ..kept }
    } else if ends(&["about", "around", "roughly", "approximately", "approx", "~", "≈", "some"]) {
        Kept { low: kept.low / 2, high: kept.high.saturating_mul(2) }
    } else {
        kept
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days(text: &str) -> Vec<(u64, u64)> {
        Retention::of(text).kept.iter().map(|it| (it.low / DAY, it.high / DAY)).collect()
    }

    #[test]
    fn people_and_brokers_write_durations_in_many_ways() {
        for text in [
            "7 days",
            "7d",
            "`7 d`",
            "168 h",
            "one week",
            "P7D",
            "604800000 ms",
            "604,800 seconds",
            "PT168H",
            "7-day window",
            "10080 min",
        ] {
            assert_eq!(days(text), [(7, 7)], "{text}");
        }
        let most = u64::MAX / DAY;
        for (text, expected) in [
            ("7 days, dead letters 14 days", vec![(7, 7), (14, 14)]),
            ("at least 7 days", vec![(7, most)]),
            (">= 7 days", vec![(7, most)]),
            ("no more than 7 days", vec![(0, 7)]),
            ("7 to 14 days", vec![(7, 14)]),
            ("7–14 days", vec![(7, 14)]),
            ("3 months", vec![(84, 93)]),
            ("1.5 weeks", vec![(10, 10)]),
            ("forever", vec![(most, most)]),
            ("until the order is closed", vec![]),
            ("30 m", vec![]),
            ("see ADR-0007", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(days(text), expected, "{text}");
        }
    }

    #[test]
    fn only_what_cannot_both_be_true_is_a_contradiction() {
        let contradicts = |a: &str, b: &str| Retention::of(a).contradicts(&Retention::of(b));
        for (a, b) in [
            ("7 days", "1 day"),
            ("at least 7 days", "86400 seconds"),
            ("compacted", "7 days"),
            ("forever", "30 days"),
            ("7 days", "compacted"),
        ] {
            assert!(contradicts(a, b) && contradicts(b, a), "{a} and {b}");
        }
        for (a, b) in [
            ("7 days", "604800000 ms"),
            ("7 days in production, 1 day in staging", "1 day"),
            ("at least 7 days", "30 days"),
            ("per regulation", "7 days"),
            ("compacted", "forever"),
            ("compacted, at most 7 days", "7 days"),
            ("1 month", "30 days"),
        ] {
            assert!(!contradicts(a, b) && !contradicts(b, a), "{a} and {b}");
        }
    }

    #[test]
    fn an_exact_duration_has_a_round_name() {
        assert_eq!(Retention::of("7 days").exact().map(in_words).as_deref(), Some("7 days"));
        assert_eq!(Retention::of("36 h").exact().map(in_words).as_deref(), Some("36 hours"));
        assert_eq!(Retention::of("at least 7 days").exact(), None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,40}", number in any::<u64>(), unit in "(ms|d|years|weeks|m)") {
            let retention = Retention::of(&text);
            prop_assert!(!retention.contradicts(&retention));
            let number = Retention::of(&format!("{number} {unit}"));
            prop_assert!(number.kept.iter().all(|it| it.low <= it.high));
        }
    }
}
