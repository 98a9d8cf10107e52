//! `document/stale-review`: a review that lies back too long.

use archwright_model::{date, values::value};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/stale-review",
    severity: Severity::Info,
    summary: "A README was last reviewed more than a year ago.",
    applies_to: &[Kind::FeatureReadme],
    sources: &["A-396"],
    page: include_str!("stale_review.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(said) = document.field(Role::LastReviewed) else { return };
    let day = value::plain(&said.text);
    let today = date::today();
    if !date::is_date(&day) || a_year_later(&day).is_none_or(|it| *it >= *today) {
        return;
    }
    let message = "Nobody has looked for more than a year whether owner, goal and channels are still so. Review it, \
        and write down the day.";
    reporter.report(said.span, message.to_owned());
}

/// The same day of the next year, as far as dates are compared as texts.
fn a_year_later(day: &str) -> Option<String> {
    let (year, rest) = day.split_once('-')?;
    Some(format!("{:04}-{rest}", year.parse::<u32>().ok()? + 1))
}

#[cfg(test)]
mod tests {
    use super::a_year_later;

    #[test]
    fn a_year_is_added() {
        assert_eq!(a_year_later("2024-02-29").as_deref(), Some("2025-02-29"));
        assert_eq!(a_year_later("soon"), None);
    }
}
