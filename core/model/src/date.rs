//! Calendar dates as artifacts write them: YYYY-MM-DD.

use std::time::{SystemTime, UNIX_EPOCH};

/// Today's date in UTC.
pub fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    let (year, month, day) = civil(i64::try_from(seconds / 86_400).unwrap_or(0));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date of a day counted from 1970-01-01, by Howard Hinnant's algorithm for the proleptic Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The day of the week of a date written YYYY-MM-DD, 0 for Monday.
pub fn weekday(date: &str) -> Option<usize> {
    let mut parts = Some(date).filter(|it| is_date(it))?.split('-').map(str::parse::<usize>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    // January and February count to the year before, so that the leap day is the last of one.
    let year = if month < 3 { year.checked_sub(1)? } else { year };
    let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4].get(month.checked_sub(1)?)?;
    Some((year + year / 4 - year / 100 + year / 400 + shift + day + 6) % 7)
}

/// Whether a text is a date of the calendar, written YYYY-MM-DD.
pub fn is_date(text: &str) -> bool {
    let digits = |from: usize, to: usize| {
        text.get(from..to).filter(|it| it.bytes().all(|it| it.is_ascii_digit())).and_then(|it| it.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(day)) = (digits(0, 4), digits(5, 7), digits(8, 10)) else { return false };
    let shape = text.len() == 10 && text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(7) == Some(&b'-');
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    shape && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        for (days, date) in [(0, (1970, 1, 1)), (11_016, (2000, 2, 29)), (19_723, (2024, 1, 1)), (-1, (1969, 12, 31))] {
            assert_eq!(civil(days), date);
        }
        assert!(is_date(&today()));
    }

    #[test]
    fn dates_are_days_of_the_week() {
        for (date, day) in [
            ("1970-01-01", 3),
            ("2000-02-29", 1),
            ("2024-12-31", 1),
            ("2026-06-02", 1),
            ("2027-01-03", 6),
            ("2026-11-29", 6),
        ] {
            assert_eq!(weekday(date), Some(day), "{date}");
        }
        assert_eq!(weekday("2026-02-29"), None);
    }

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for (text, valid) in [
            ("2026-02-28", true),
            ("2026-02-29", false),
            ("2024-02-29", true),
            ("2026-13-01", false),
            ("2026-1-1", false),
            ("2026-06-31", false),
            ("26-06-30", false),
        ] {
            assert_eq!(is_date(text), valid, "{text}");
        }
    }
}
