//! `document/wrong-arithmetic`: a calculation that is written out and does not come to its result.

use std::ops::Range;

use archwright_knowledge::claim_words;
use archwright_model::values::quantity::{self, Measured};

use crate::{claim::claims, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/wrong-arithmetic",
    severity: Severity::Warning,
    summary: "A calculation that is written out does not come to its result.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["A-064", "A-216"],
    page: include_str!("wrong_arithmetic.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

/// How far a result may be from what comes out, as a share: people round.
const ROUNDED: f64 = 0.02;
/// The same where a result is called a rough one.
const ROUGH: f64 = 0.15;

fn check(cx: &Context, reporter: &mut Reporter) {
    if !cx.facts().text.contains('=') {
        return;
    }
    for claim in claims(cx) {
        for (at, _) in claim.text.match_indices('=') {
            let Some(equation) = Equation::around(claim.text, at) else { continue };
            let Some(comes_to) = equation.comes_to() else { continue };
            let stated = equation.result.amount;
            let share = if equation.is_rough { ROUGH } else { ROUNDED };
            let off = (comes_to - stated).abs();
            if off <= (share * comes_to.abs()).max(equation.step) {
                continue;
            }
            let start = claim.span.start as usize;
            let written = claim.text.get(equation.place.clone()).unwrap_or_default();
            let message = format!(
                "`{}` comes to {}. Correct the number that is wrong.",
                written.trim(),
                in_digits(comes_to / equation.result.worth)
            );
            let place = &equation.result_place;
            reporter.report(Span::new(start + place.start, start + place.end), message);
        }
    }
}

/// `24 × 40/s = 960/s`.
struct Equation {
    terms: Vec<Term>,
    result: Term,
    /// Half of the last digit of the result.
    step: f64,
    is_rough: bool,
    /// Where the left side stands.
    place: Range<usize>,
    result_place: Range<usize>,
}

/// A number of a calculation.
struct Term {
    /// What is done with it; `+` for the first.
    operator: char,
    /// In the smallest unit of its kind.
    amount: f64,
    /// How many of these its own unit is worth.
    worth: f64,
    /// The kind of its unit, or the word for its scale; nothing where it counts things.
    unit: String,
    /// What it is a rate per.
    per: Option<String>,
    /// What is counted, if that is no unit.
    noun: String,
}

/// Words that say how large what is counted is. Numbers with different ones are not compared.
const SCALES: [&str; 21] = [
    "k", "m", "g", "t", "b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib", "bn", "thousand", "million",
    "billion", "year", "years", "bps", "bp",
];

/// Words behind a number that count nothing.
const BESIDE: [&str; 12] = ["at", "per", "in", "a", "an", "total", "for", "of", "by", "altogether", "each", "every"];

/// What no calculation goes beyond.
const EDGES: [char; 13] = [';', '(', ')', '[', ']', '|', '"', '`', '?', '=', ':', '→', '⇒'];

impl Equation {
    /// Nothing unless both sides are numbers with units, and nothing else that would count.
    fn around(text: &str, at: usize) -> Option<Self> {
        let (left, right) = (text.get(..at)?, text.get(at + 1..)?);
        if left.ends_with(['=', '<', '>', '!', ':', '~', '≈', '+', '-', '*', '/'])
            || right.starts_with(['=', '>', '~', '<'])
        {
            return None;
        }
        let edge = |it: &str| {
            it.rfind(EDGES).map(|at| at + it.get(at..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8))
        };
        let start = edge(left).unwrap_or(0).max(left.rfind(", ").map_or(0, |it| it + 2));
        let end = right.find(EDGES).unwrap_or(right.len()).min(right.find(", ").unwrap_or(right.len()));
        // `= 3 [Fact]s`, `= 2 `kinds`` count what has a name.
        if right.get(end..).is_some_and(|it| it.starts_with(['`', '['])) {
            return None;
        }
        let (left, right) = (left.get(start..)?, right.get(..end)?);
        let pieces = split(left);
        if pieces.len() < 2 {
            return None;
        }
        let mut terms = Vec::new();
        for (number, (operator, piece)) in pieces.into_iter().enumerate() {
            terms.push(Term::of(operator, piece, number > 0)?.0);
        }
        let said = right.trim_start().trim_start_matches(['~', '≈', '≃']);
        let bare =
            ["about ", "approximately ", "approx. ", "roughly ", "around ", "ca. ", "circa ", "at most ", "at least "];
        let said = said.trim_start();
        let number = bare.iter().find_map(|it| said.strip_prefix(it)).unwrap_or(said);
        let is_rough = number.len() < right.trim_start().len();
        let said_from = number.len();
        // `1,620/s is what it is made for` goes on behind the result.
        let cut = claim_words("beside-results")
            .all(number)
            .find(|it| number.get(..it.start).is_some_and(|it| it.ends_with(' ')));
        let number = cut.and_then(|it| number.get(..it.start)).unwrap_or(number);
        let (result, measured) = Term::of('+', number, true)?;
        let at_number = at + 1 + right.len() - said_from;
        let digits = number.get(measured.digits.clone())?;
        let decimals = digits.split_once('.').map_or(0, |it| it.1.len());
        let step = 0.5 * 10_f64.powi(-i32::try_from(decimals).ok()?) * result.worth;
        Some(Self {
            terms,
            step,
            is_rough,
            place: start..at,
            result_place: at_number + measured.digits.start..at_number + measured.digits.end,
            result,
        })
    }

    /// Things in a time as a rate: `1,200,000 / 900 s = 1,333/s`.
    fn rate(&self) -> Option<f64> {
        let [count, time] = self.terms.as_slice() else { return None };
        let per = self.result.per.as_ref()?.strip_prefix("ms ")?.parse::<f64>().ok()?;
        let is_rate = time.operator == '÷' && time.unit == "ms" && time.per.is_none();
        let is_count = count.unit.is_empty() && count.per.is_none() && self.result.unit.is_empty();
        (is_rate && is_count && time.amount > 0.0).then(|| count.amount / time.amount * per)
    }

    /// What the left side comes to in the unit of the result; nothing where units do not meet.
    fn comes_to(&self) -> Option<f64> {
        if let Some(rate) = self.rate() {
            return Some(rate);
        }
        let is_product = |it: &Term| matches!(it.operator, '×' | '÷');
        let pers: Vec<&String> = self.terms.iter().filter_map(|it| it.per.as_ref()).collect();
        let per_agrees = match (pers.as_slice(), &self.result.per) {
            ([], None) => true,
            ([first, rest @ ..], Some(result)) => *first == result && rest.iter().all(|it| *it == result),
            _ => false,
        };
        let (first, rest) = self.terms.split_first()?;
        let mut units: Vec<&str> = self.terms.iter().map(|it| it.unit.as_str()).filter(|it| !it.is_empty()).collect();
        // `2 red / 28 amber` divides nothing.
        let lists = rest.iter().any(|it| it.operator == '÷') && self.terms.iter().any(|it| !it.noun.is_empty());
        if !per_agrees || lists || rest.iter().any(|it| it.operator == '÷' && !it.unit.is_empty()) {
            return None;
        }
        // What comes out is counted in something that went in: `43 variants × 6 enums = 43 queries` is no product.
        let nouns: Vec<&str> = self.terms.iter().map(|it| it.noun.as_str()).filter(|it| !it.is_empty()).collect();
        if !self.result.noun.is_empty() && !nouns.contains(&self.result.noun.as_str()) {
            return None;
        }
        if rest.iter().all(is_product) {
            // A share of something is as large as that, and a result in per cent is another calculation.
            let shares = units.iter().filter(|it| **it == "%").count();
            units.retain(|it| *it != "%");
            let agrees = match units.as_slice() {
                [] => self.result.unit.is_empty(),
                [only] => *only == self.result.unit,
                _ => false,
            };
            // A share of a weight is told in per cent as often as not: `85% × 0.2 = 17`.
            let weighs = shares == 1 && self.terms.iter().any(|it| it.unit.is_empty() && it.amount <= 1.0);
            if !agrees || shares > 1 || weighs || pers.len() > 1 {
                return None;
            }
            let share = |it: &Term| if it.unit == "%" { it.amount / 100.0 } else { it.amount };
            let fold = |sum: f64, it: &Term| if it.operator == '×' { sum * share(it) } else { sum / share(it) };
            return Some(rest.iter().fold(share(first), fold)).filter(|it| it.is_finite());
        }
        let is_mixed = nouns.iter().any(|it| Some(it) != nouns.first());
        if is_mixed || rest.iter().any(is_product) || self.terms.iter().any(|it| it.unit != self.result.unit) {
            return None;
        }
        Some(
            rest.iter()
                .fold(first.amount, |sum, it| if it.operator == '+' { sum + it.amount } else { sum - it.amount }),
        )
    }
}

impl Term {
    /// The only number of a piece; `begins` where nothing may stand before it. Few words behind it say what is counted.
    fn of(operator: char, piece: &str, begins: bool) -> Option<(Self, Measured)> {
        let [measured] = <[Measured; 1]>::try_from(quantity::measured(piece)).ok()?;
        let (before, behind) = (piece.get(..measured.digits.start)?, piece.get(measured.digits.end..)?);
        let is_signed =
            before.trim_end().ends_with(['-', '−', '±', '<', '>', '≤', '≥', '#', '$', '€', '.', '/', '_', '^']);
        if is_signed || begins && !before.trim().is_empty() || behind.split_whitespace().count() > 4 {
            return None;
        }
        let behind = behind.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        // `150+` is a bound, and another mark may be what is counted.
        let is_marked = behind.starts_with(|it: char| !(it.is_alphanumeric() || "%/.,*-–".contains(it)));
        if is_marked || ["and", "or"].iter().any(|word| behind.split_whitespace().any(|it| it == *word)) {
            return None;
        }
        let unit = if behind.starts_with('%') { "%" } else { behind.split(|it: char| !it.is_alphabetic()).next()? };
        let unit = unit.to_lowercase();
        let rate = behind.split_once('/').map(|it| it.1).or_else(|| behind.split_once("per ").map(|it| it.1));
        let per = rate.map(|it| it.trim().split(|it: char| !it.is_alphabetic()).next().unwrap_or_default());
        let per = per.map(|it| quantity::unit(it).map_or_else(|| it.to_owned(), |it| format!("{} {}", it.0, it.1)));
        let known = quantity::unit(&unit).filter(|_| !behind.starts_with('/'));
        let scale = SCALES.contains(&unit.as_str());
        let is_unit = known.is_some() || scale || unit == "%" || behind.starts_with('/');
        let noun = behind.split(|it: char| !it.is_alphabetic()).find(|it| !it.is_empty()).unwrap_or_default();
        let noun = noun.trim_end_matches('s').to_lowercase();
        let noun = if is_unit || BESIDE.contains(&noun.as_str()) { String::new() } else { noun };
        let (worth, unit) = match known {
            Some((kind, worth)) => (worth, kind.to_owned()),
            None => (1.0, if scale { unit } else { String::new() }),
        };
        Some((Self { operator, amount: measured.amount * worth, worth, unit, per, noun }, measured))
    }
}

/// The pieces between operators, each with the one before it.
fn split(text: &str) -> Vec<(char, &str)> {
    let (mut pieces, mut start, mut operator) = (Vec::new(), 0, '+');
    for (at, letter) in text.char_indices() {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let after = text.get(at + letter.len_utf8()..).and_then(|it| it.chars().next());
        let apart = before == Some(' ') && after == Some(' ');
        let between_digits = [before, after].iter().all(|it| it.is_some_and(|it| it.is_ascii_digit()));
        let found = match letter {
            '×' | '·' => '×',
            '*' | 'x' if apart || between_digits => '×',
            '÷' => '÷',
            '/' if apart => '÷',
            '+' if apart || between_digits => '+',
            '-' | '−' | '–' if apart => '-',
            _ => continue,
        };
        pieces.push((operator, text.get(start..at).unwrap_or_default()));
        (start, operator) = (at + letter.len_utf8(), found);
    }
    pieces.push((operator, text.get(start..).unwrap_or_default()));
    pieces
}

/// A number with at most two places behind the point.
fn in_digits(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comes_to(text: &str) -> Option<(f64, f64)> {
        let equation = Equation::around(text, text.find('=')?)?;
        Some((equation.comes_to()?, equation.result.amount))
    }

    #[test]
    fn numbers_with_units_are_calculated() {
        for (text, result) in [
            ("24 × 40/s = 960/s", 960.0),
            ("That is 5 x 200 ms = 1 s", 1000.0),
            ("3 brokers * 2 partitions = 6 partitions", 6.0),
            ("240,000 / 24 = 10,000", 10_000.0),
            ("2 % × 1,000 events = 20 events", 20.0),
            ("14 days + 7 days = 3 weeks", 1_814_400_000.0),
            ("10 min - 90 s = 8.5 min", 510_000.0),
            ("1,200,000 / 800 s = 1,500/s", 1_500.0),
            ("210 × 6/s = 1,260/s is what it is made for", 1_260.0),
        ] {
            let (comes_to, stated) = comes_to(text).unwrap_or_else(|| panic!("{text}"));
            assert!((comes_to - result).abs() < 1e-6 && (stated - result).abs() < 1e-6, "{text}: {comes_to} {stated}");
        }
    }

    #[test]
    fn what_is_no_calculation_is_none() {
        for text in [
            "`a` + 2 = 4",
            "v1 + v2 = v3",
            "240,000 / 240 per s = 16.7 min",
            "24 x 50 KB = 1.2 MB",
            "x = 3",
            "2026-12-14 - 3 days = 2026-12-11",
            "retries == 3 + 2",
            "acks=all + 2 = 3",
            "5 x 200 = 1 s",
            "24 x 40/s = 57,600/min",
            "2 x 3 + 4 = 10",
            "1/2 = half",
            "43 variants × 6 enums = 43 queries",
            "16 unique × 32 = 160 bits",
            "85% × 0.20 = 17.0",
            "28 files + 3 folders = 81 files",
            "4 errors + 3 warnings = 60 penalty",
            "7 agents × 150+ sources = 960",
            "2 🔴 / 28 🟠 / 62 🟡 = 151",
            "13 map / 5 vec = 19",
            "it prints x = 5 and y + 2 = 12",
            "123456 kobo × 250 bps = 3086 kobo",
        ] {
            assert!(comes_to(text).is_none(), "{text}: {:?}", comes_to(text));
        }
    }
}
