//! Calendar dates as documents write them.

use crate::date::is_date;

/// The date at the start of `text`, which may go on with a remark or a time.
pub fn at_start(text: &str) -> Option<&str> {
    let (date, rest) = text.split_at_checked(10)?;
    (is_date(date) && !rest.starts_with(|it: char| it.is_ascii_digit() || it == '-')).then_some(date)
}

/// The date that a text means, as YYYY-MM-DD, if it can mean only one: `2026/3/1`, `20260301`, `1 March 2026`.
pub fn unambiguous(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let (year, month, day) = match words.as_slice() {
        [whole] if whole.len() == 8 => (whole.get(..4)?, number(whole.get(4..6)?)?, number(whole.get(6..)?)?),
        [year, month, day] if year.len() == 4 => (*year, number(month).or_else(|| named_month(month))?, number(day)?),
        [first, second, year] => match (named_month(first), named_month(second), number(first), number(second)) {
            (Some(month), _, _, Some(day)) | (_, Some(month), Some(day), _) => (*year, month, day),
            // Above 12 a number can only be the day.
            (_, _, Some(day), Some(month)) | (_, _, Some(month), Some(day)) if day > 12 => (*year, month, day),
            _ => return None,
        },
        _ => return None,
    };
    let date = format!("{year}-{month:02}-{day:02}");
    is_date(&date).then_some(date)
}

/// A day or a month in digits.
fn number(word: &str) -> Option<u8> {
    let word = ["st", "nd", "rd", "th"].into_iter().find_map(|it| word.strip_suffix(it)).unwrap_or(word);
    (word.len() <= 2 && word.bytes().all(|it| it.is_ascii_digit())).then(|| word.parse().ok()).flatten()
}

/// The month that an English name or its first three letters mean.
fn named_month(word: &str) -> Option<u8> {
    const NAMES: &str = "january february march april may june july august september october november december";
    let word = word.to_lowercase();
    let at = NAMES.split(' ').position(|it| it == word || it.get(..3) == Some(word.as_str()))?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_may_be_followed_by_a_remark() {
        assert_eq!(at_start("2026-03-01, revised later"), Some("2026-03-01"));
        assert_eq!(at_start("2026-03-01T10:00:00Z"), Some("2026-03-01"));
        for text in ["2026-03-012", "2026-02-30", "1 March 2026", "2026-03-0é"] {
            assert_eq!(at_start(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_is_rewritten_only_if_it_can_mean_one_day() {
        for (text, day) in [
            ("2026/3/1", "2026-03-01"),
            ("20260301", "2026-03-01"),
            ("1 March 2026", "2026-03-01"),
            ("Mar 1, 2026", "2026-03-01"),
            ("2026 Mar 1", "2026-03-01"),
            ("March 1st, 2026", "2026-03-01"),
            ("25.03.2026", "2026-03-25"),
            ("03/25/2026", "2026-03-25"),
        ] {
            assert_eq!(unambiguous(text).as_deref(), Some(day), "{text}");
        }
        for text in ["03/04/2026", "2026-02-30", "spring 2026", "2026", "March 2026", "1/2/26", "25/13/2026"] {
            assert_eq!(unambiguous(text), None, "{text}");
        }
    }
}
