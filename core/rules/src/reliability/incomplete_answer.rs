//! `reliability/incomplete-answer`: an answer without what makes it usable.

use archwright_knowledge::claim_words;
use archwright_model::facts::prose;

use super::answer;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/incomplete-answer",
    severity: Severity::Hint,
    summary: "An answer names dead letters without who watches them, or a retry without its bound.",
    applies_to: &[Kind::Design],
    any_dialect: true,
    sources: &["A-144", "A-145", "H-049"],
    page: include_str!("incomplete_answer.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    if let Some(answer) = answer(cx, "bad-messages") {
        let said = answer.said(cx.facts());
        let watched = ["owned", "alerts"].iter().any(|it| claim_words(it).are_in(said))
            || said.split_whitespace().any(|it| it.starts_with("team-") || it.starts_with('@'));
        let names_one = prose::is_content(said) && said.contains('`') && claim_words("dead-letters").are_in(said);
        if names_one && !watched && !said.contains("](") {
            let message = "Dead letters that nobody owns pile up unseen. Name the team and the alert.";
            reporter.report(answer.value, message.to_owned());
        }
    }
    if let Some(answer) = answer(cx, "retry") {
        let said = answer.said(cx.facts());
        let bounded = said.contains(|it: char| it.is_ascii_digit())
            || prose::has_any(said, "bounds")
            || claim_words("unbounded").are_in(said);
        if prose::is_content(said) && claim_words("retry").are_in(said) && !bounded && !said.contains("](") {
            let message = "After how many attempts does a message go to the dead letters? Name the number.";
            reporter.report(answer.value, message.to_owned());
        }
    }
}
