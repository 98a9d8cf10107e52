//! `reliability/hollow-answer`: an answer to a reliability question that says nothing.

use archwright_knowledge::{claim_words, mentions, reliability_questions};
use archwright_model::{
    facts::{answers, prose},
    values::{answer::is_put_off, value},
};

use crate::{
    claim::{is_withdrawn, near},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/hollow-answer",
    severity: Severity::Warning,
    summary: "A reliability question is answered without saying anything.",
    applies_to: &[Kind::Design],
    any_dialect: true,
    sources: &[
        "A-142", "A-143", "A-144", "A-145", "A-146", "A-147", "A-148", "A-149", "A-150", "A-160", "A-185", "A-280",
        "E-007", "H-049",
    ],
    page: include_str!("hollow_answer.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    without_patterns(cx, document, reporter);
    let Some(section) = document.section(Role::ReliabilityChecklist) else { return };
    let Some(answers) = answers(document) else {
        let section = document.tree.section(section);
        let sentences = prose::sentences(cx.facts());
        let mut said = sentences.iter().filter(|it| section.span.range().contains(&it.at)).peekable();
        let body = section.body.of(document.text);
        if said.peek().is_some() && said.all(|it| is_hollow(it.text)) || is_remark(body) {
            let names: Vec<String> = reliability_questions().iter().map(|it| it.name.to_lowercase()).collect();
            let message = format!("None of the questions is answered here: {}.", enumerate(&names, "and"));
            reporter.report(section.title, message);
        }
        return;
    };
    for answer in answers.iter().filter(|it| !it.value.is_empty() && is_hollow(it.said(cx.facts()))) {
        let names = enumerate(&answer.question.names, "and");
        let message =
            format!("`{}` answers nothing. A good answer names {names}.", value::plain(answer.said(cx.facts())));
        reporter.report(answer.value, message);
    }
}

/// A section on patterns that names none and says nothing else: `The usual ones.`
fn without_patterns(cx: &Context, document: &ByRole, reporter: &mut Reporter) {
    let Some(section) = document.section(Role::Patterns).filter(|_| cx.facts().opted_in()) else { return };
    let body = document.tree.section(section).body;
    let said = body.of(document.text).trim().trim_start_matches(['-', '*', '+', ' ']);
    if said.is_empty() || said.contains('\n') || !mentions(said).is_empty() || !is_hollow(said) {
        return;
    }
    let start = body.start as usize + body.of(document.text).find(said).unwrap_or_default();
    let message = "No pattern is named here. Name each with what it does for this feature, or say that none is used.";
    reporter.report(Span::new(start, start + said.len()), message.to_owned());
}

/// Whether what stands in place of the answers is a remark that somebody went through the questions: a few words of
/// prose, of which none is what a question asks for.
fn is_remark(body: &str) -> bool {
    let said = body.trim();
    let is_prose = !said.is_empty() && !said.contains(['|', '`', '[', '#', '<']) && !said.starts_with(['-', '*', '+']);
    let count = said.split_whitespace().count();
    is_prose
        && count <= LONGEST_REMARK
        && claim_words("gone-through").are_in(said)
        && !claim_words("checklist-subjects").are_in(said)
}

/// A remark of more words says something.
const LONGEST_REMARK: usize = 40;
/// More words than these say something, if only by chance.
const MOST_FILLER: usize = 10;
/// An answer of more bytes says something, whatever it puts off.
const LONGEST: usize = 80;

/// Whether an answer consists of words that say nothing, or leaves the matter to a product. What links or names
/// something says more.
pub(super) fn is_hollow(answer: &str) -> bool {
    if answer.contains("](") || answer.contains('`') || is_withdrawn(answer) {
        return false;
    }
    let said = value::shown(answer);
    let said = said.trim_start_matches(|it: char| !it.is_alphanumeric());
    let by = claim_words("hollow-by").all(said).find(|it| it.start == 0);
    let is_left = by.is_some_and(|it| {
        let rest = said.get(it.end..).unwrap_or_default();
        rest.split_whitespace().count() <= 3 && !rest.contains(|it: char| it.is_ascii_digit() || it == '(')
    });
    // `Monitored as usual`, `should be fine`.
    let words: Vec<&str> = said.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    // `No concerns here` has a denial, and nothing else to say.
    let is = |kind: &str, word: &str| claim_words(kind).are_all_of(word);
    let is_carefree = words.iter().any(|it| is("worries", it));
    let says_nothing = |it: &&str| is("filler", it) || is_carefree && (is("worries", it) || is("nots", it));
    if (1..=MOST_FILLER).contains(&words.len()) && words.iter().all(says_nothing) {
        return true;
    }
    let ends = |it: std::ops::Range<usize>| said.get(it.end..).is_some_and(|it| !it.contains(char::is_alphanumeric));
    let is_short = said.split_whitespace().count() <= 7;
    // `Spring handles all that`.
    let leaves = is_short && !said.contains(|it: char| it.is_ascii_digit());
    let leaves = leaves && near(said, "does-it", "pronouns", 2).is_some_and(ends);
    let is_left = is_left || leaves || is_short && claim_words("hollow-end").all(said).any(ends);
    // What is put off is no answer either; a placeholder and `none` are told by others.
    let waits = said.len() <= LONGEST && !prose::is_content(answer) || is_put_off(answer);
    let waits = waits
        && !value::is_unknown(answer)
        && !value::is_none(answer)
        && !answer.contains("[TBD")
        && !answer.contains("<TBD");
    claim_words("hollow").are_all_of(said) || is_left || waits
}

#[cfg(test)]
mod tests {
    use super::is_hollow;

    #[test]
    fn what_says_nothing_is_told_from_short_answers() {
        for answer in [
            "Fine.",
            "**Handled**",
            "handled by Kafka",
            "Taken care of by the broker.",
            "it works",
            "OK!",
            "Kafka takes care of this.",
            "default settings",
            "to be decided later",
            "no concerns here",
            "We shall manage.",
            "Is in the library already.",
            "See vendor documentation.",
            "the default",
            "Spring handles all that.",
        ] {
            assert!(is_hollow(answer), "{answer}");
        }
        for answer in [
            "none",
            "at-least-once",
            "5 attempts",
            "handled by `inbox`",
            "handled by the inbox table, keyed by event id",
            "covered by [ADR-0002](adrs/0002-x.md)",
            "done by 3 workers",
            "not needed",
            "by customer",
            "the consumer",
            "best effort is not enough",
            "[TBD]",
        ] {
            assert!(!is_hollow(answer), "{answer}");
        }
    }
}
