//! Days that a request gives: a day that the calendar does not have is refused, with where it stands.

use archwright_model::date;

use super::OperationError;

/// Refuses a day that is none.
pub(crate) fn check_day(what: &'static str, day: Option<&str>) -> Result<(), OperationError> {
    match day {
        Some(it) if !date::is_date(it) => {
            Err(OperationError::Value { what, value: it.to_owned(), allowed: "YYYY-MM-DD".to_owned() })
        }
        _ => Ok(()),
    }
}

/// Refuses a deadline in figures that is no day. People also say `before the launch`.
pub(crate) fn check_deadline(what: &'static str, deadline: Option<&str>) -> Result<(), OperationError> {
    let is_in_figures = |it: &str| {
        let it = it.trim();
        it.starts_with(|it: char| it.is_ascii_digit())
            && it.chars().all(|it| it.is_ascii_digit() || matches!(it, '-' | '/' | '.'))
    };
    check_day(what, deadline.filter(|it| is_in_figures(it)).map(str::trim))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_days_are_refused_and_words_are_not() {
        for day in ["2026-13-01", "2026-02-30", "2025-02-29", "01.02.2026", "2026-1-1"] {
            assert!(check_deadline("due", Some(day)).is_err(), "{day}");
        }
        for day in ["2026-12-01", "2024-02-29", "before the launch", "Q3 2026", "TBD", "2 weeks after GO"] {
            assert!(check_deadline("due", Some(day)).is_ok(), "{day}");
        }
        assert!(check_day("date", Some("soon")).is_err() && check_day("date", None).is_ok());
    }
}
