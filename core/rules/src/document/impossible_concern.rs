//! `document/impossible-concern`: a system concern that contradicts itself.

use archwright_knowledge::claim_words;
use archwright_model::{date::is_date, values::quantity::measured};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/impossible-concern",
    severity: Severity::Warning,
    summary: "A system concern contradicts itself: an average above its peak, or an end before the beginning.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["A-064", "A-066"],
    page: include_str!("impossible_concern.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    for RoleValue { role, value: said } in document.concerns() {
        let message = match role {
            Role::Capacity => above_peak(&said.text).map(|(average, peak)| {
                format!("The average is {average} and the peak {peak}. One of the two is wrong.")
            }),
            Role::Lifecycle => ends_early(&said.text)
                .map(|(begins, ends)| format!("This ends on {ends}, before it begins on {begins}. Mend the date.")),
            _ => None,
        };
        if let Some(message) = message {
            reporter.report(said.span, message);
        }
    }
}

/// The average and the peak of a capacity, if the average is the higher one: `400 per second on average, 300 at peak`.
fn above_peak(said: &str) -> Option<(f64, f64)> {
    const AVERAGE: [&str; 4] = ["on average", "average", "mean", "sustained"];
    const PEAK: [&str; 3] = ["peak", "at most", "burst"];
    let amount = |words: &[&str], others: &[&str]| {
        let clauses = said.split([',', ';', '(', ')']);
        let mut of = clauses.filter(|it| {
            let lower = it.to_lowercase();
            words.iter().any(|word| lower.contains(word)) && !others.iter().any(|word| lower.contains(word))
        });
        let clause = of.next().filter(|_| of.next().is_none())?;
        match measured(clause).as_slice() {
            [one] => {
                let behind = clause.get(one.digits.end..).unwrap_or_default();
                // `Twice the average` and `3x` are counted by something else.
                let is_factor = behind.trim_start().starts_with(['x', '×', '%']) || behind.contains(" times");
                (!is_factor).then(|| (one.amount, unit_behind(behind), rate(clause)))
            }
            _ => None,
        }
    };
    let (average, unit, rate) = amount(&AVERAGE, &PEAK)?;
    let (peak, peak_unit, peak_rate) = amount(&PEAK, &AVERAGE)?;
    // `500 a minute on average, 50 a second at peak`.
    if rate.zip(peak_rate).is_some_and(|(one, other)| one != other) || rate.is_none() && peak_rate.is_some() {
        return None;
    }
    // `Peak 300 in the evening, 400 in December`: which of them is the peak, nobody can tell.
    let is_named = |it: &str| AVERAGE.iter().chain(&PEAK).any(|word| it.to_lowercase().contains(word));
    let is_another = |it: &str| {
        measured(it).iter().any(|one| {
            let unit = unit_behind(it.get(one.digits.end..).unwrap_or_default());
            unit.is_none() || unit == peak_unit
        })
    };
    if said.split([',', ';', '(', ')']).any(|it| !is_named(it) && is_another(it)) {
        return None;
    }
    (average > peak && (unit == peak_unit || peak_unit.is_none() || unit.is_none())).then_some((average, peak))
}

/// The unit behind a number, if one stands there.
fn unit_behind(rest: &str) -> Option<String> {
    let word = rest.split_whitespace().next()?.trim_matches(['.', ',', ';']).to_lowercase();
    let is_other =
        matches!(word.as_str(), "at" | "on" | "in" | "for" | "as" | "average" | "peak" | "sustained" | "burst");
    (!is_other).then_some(word)
}

/// By which time a clause counts, if it says so: `per second`, `/s`, `an hour`.
fn rate(clause: &str) -> Option<u8> {
    const RATES: [&[&str]; 4] = [
        &["s", "sec", "second", "seconds", "rps", "tps", "mps"],
        &["min", "minute", "minutes", "rpm"],
        &["h", "hour", "hours", "hourly"],
        &["day", "days", "daily", "d"],
    ];
    let lower = clause.to_lowercase();
    let mut words = lower.split(|it: char| !it.is_alphanumeric());
    words.find_map(|word| (0..).zip(RATES).find(|it| it.1.contains(&word)).map(|it| it.0))
}

/// The days on which something begins and ends, if it ends first: `Created 2026-09-01; ends 2026-03-31`.
fn ends_early(said: &str) -> Option<(&str, &str)> {
    let day = |kind: &str| {
        let clause = said.split([',', ';']).find(|it| claim_words(kind).begin(it.trim_start()))?;
        clause.split(|it: char| !(it.is_ascii_digit() || it == '-')).find(|it| is_date(it))
    };
    let (begins, ends) = (day("begins-life")?, day("ends-life")?);
    (ends < begins).then_some((begins, ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_at_most_its_peak() {
        assert!(above_peak("400 baskets per second on average, 300 at peak").is_some());
        for said in [
            "40 baskets per second on average, 300 at peak, 12 partitions per channel",
            "300 at peak",
            "average 40/s, peak 2 MB/s",
            "peak 300 in the evening, 400 in December; average 350",
        ] {
            assert!(above_peak(said).is_none(), "{said}");
        }
    }

    #[test]
    fn what_ends_has_begun() {
        assert!(ends_early("Created 2026-09-01; ends 2026-03-31; replaced by v2").is_some());
        for said in [
            "Created 2026-09-01; ends when the platform does it itself",
            "Created 2026-09-01; ends 2027-03-31",
            "replaces v1, which ended 2026-03-31; created 2026-09-01",
        ] {
            assert!(ends_early(said).is_none(), "{said}");
        }
    }
}
