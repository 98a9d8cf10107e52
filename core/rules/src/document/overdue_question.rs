//! `document/overdue-question`: a question that is open, and whose day has gone by.

use archwright_knowledge::claim_words;
use archwright_model::date;

use super::open_placeholder::is_over;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/overdue-question",
    severity: Severity::Info,
    summary: "A question is still open after the day by which it was to be decided.",
    applies_to: &[
        Kind::Design,
        Kind::Adr,
        Kind::Rfc,
        Kind::Overview,
        Kind::Contract,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
        Kind::Launch,
    ],
    any_dialect: true,
    sources: &["A-074"],
    page: include_str!("overdue_question.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role().filter(|it| !is_over(cx, it)) else { return };
    let sections: Vec<_> = document.sections(Role::OpenQuestions).collect();
    let items = document.tree.items.iter().filter(|it| it.depth == 0 && sections.contains(&it.section));
    for item in items.filter(|it| it.task.is_none_or(|it| !it.done)) {
        let said = item.content.of(document.text);
        let Some((question, behind)) = said.rsplit_once('?') else { continue };
        // An answer behind the question settles it; an owner and a day answer nothing.
        let Some(day) = due(behind).filter(|_| !is_answered(behind)) else { continue };
        if *day >= *date::today() {
            continue;
        }
        let start = item.content.start as usize + question.len() + 1;
        let at = behind.find(day).map_or(item.content, |it| Span::new(start + it, start + it + day.len()));
        let message = "The day has gone by, and the question is open. Answer it, or name the next day.";
        reporter.report(at, message);
    }
}

/// Whether what stands behind a question may answer it: an owner and a day are short, and settle nothing.
fn is_answered(behind: &str) -> bool {
    /// Longer than a name and a day.
    const LONG: usize = 100;
    let first = behind.split(|it: char| !it.is_alphanumeric()).find(|it| !it.is_empty()).unwrap_or_default();
    behind.len() > LONG
        || claim_words("settled").are_in(behind)
        || ["yes", "no", "not", "done", "answer", "answered"].iter().any(|it| it.eq_ignore_ascii_case(first))
}

/// The day by which a question is to be decided, if behind it one day stands and a word that says so.
fn due(behind: &str) -> Option<&str> {
    /// They stand at most three words before it.
    const DUE: [&str; 7] = ["by", "until", "before", "due", "deadline", "latest", "target"];
    let mut days = behind.split(|it: char| !(it.is_ascii_digit() || it == '-')).filter(|it| date::is_date(it));
    let (day, more) = (days.next()?, days.next());
    let before = behind.split(day).next().unwrap_or_default().to_lowercase();
    let words = before.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    let is_due = words.rev().take(3).any(|it| DUE.contains(&it));
    (more.is_none() && is_due).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::{due, is_answered};

    #[test]
    fn a_day_is_due_where_a_word_says_so_and_nothing_is_answered() {
        for (behind, day) in [
            (" Owner: team-orders, decide by 2020-03-31.", Some("2020-03-31")),
            (" Due 2020-03-31", Some("2020-03-31")),
            (" Asked on 2020-03-31 by Mia", None),
            (" (team-orders, 2020-03-31)", None),
            (" Until 2020-03-31, then until 2020-05-31", None),
            (" by team-orders", None),
        ] {
            assert_eq!(due(behind), day, "{behind}");
        }
        assert!(!is_answered(" Owner: team-orders, decide by 2020-03-31."));
        for behind in
            [" Yes, by 2020-03-31.", " Decided by team-orders on 2020-03-31.", " Answer: by 2020-03-31 at the latest"]
        {
            assert!(is_answered(behind), "{behind}");
        }
    }
}
