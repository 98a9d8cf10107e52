//! `document/unowned-question`: an open question that nobody is going to answer.

use archwright_knowledge::{claim_words, lexicon::uncommitted};
use archwright_model::{
    facts::prose,
    values::{answer::is_put_off, value},
};
use archwright_syntax::markdown::SectionId;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/unowned-question",
    severity: Severity::Info,
    summary: "An open question has neither an owner nor a date.",
    applies_to: &[Kind::Design, Kind::Rfc, Kind::Overview],
    sources: &["A-134", "A-074"],
    page: include_str!("unowned_question.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let sections: Vec<_> =
        [Role::OpenQuestions, Role::DecisionLog].iter().flat_map(|it| document.sections(*it)).collect();
    for item in document.tree.items.iter().filter(|it| it.depth == 0 && sections.contains(&it.section)) {
        let said = item.content.of(document.text);
        let is_question =
            (is_open(said) || is_matter(cx, document, item.section, said)) && item.task.is_none_or(|it| !it.done);
        // What stands below an item belongs to it, up to the next one.
        let below = document.tree.items.iter().filter(|it| it.section == item.section);
        let below = below.skip_while(|it| it.content.start <= item.content.start);
        let has_more = below.take_while(|it| it.depth > 0).next().is_some();
        if !is_question || has_more || said.contains("[TBD") || value::is_unknown(said) || is_assigned(said) {
            continue;
        }
        reporter.report(item.content, UNASKED.to_owned());
    }
    let tables = document.tree.tables.iter().filter(|it| sections.contains(&it.section));
    for row in tables.flat_map(|it| document.tree.rows(it)) {
        let Some((question, rest)) = document.tree.cells(row).split_first() else { continue };
        let said = question.of(document.text);
        // A row that leaves all its other cells empty says nothing of who and when.
        let is_bare = !rest.is_empty() && rest.iter().all(|it| it.is_empty());
        if is_bare && is_open(said) && !said.contains("[TBD") && !is_assigned(said) {
            reporter.report(*question, UNASKED.to_owned());
        }
    }
}

/// What is told of a question that nobody is to answer.
const UNASKED: &str = "Nobody is asked, and by no day: such questions stay open. Name who answers it and by when.";

/// Whether an item is a question without an answer behind it.
fn is_open(said: &str) -> bool {
    said.rsplit_once('?').is_some_and(|(_, rest)| {
        let rest = rest.trim_matches(|it: char| !it.is_alphanumeric());
        rest.is_empty() || !prose::is_content(rest) || is_put_off(rest) || uncommitted(rest).is_some()
    }) || !said.contains('?') && is_open_matter(said)
}

/// Whether an item of our own list of open questions is one, however it is put: `It remains to be seen whether ...`.
fn is_matter(cx: &Context, document: &ByRole, section: SectionId, said: &str) -> bool {
    cx.facts().opted_in()
        && document.role_of(section) == Some(Role::OpenQuestions)
        && said.split_whitespace().count() > 4
        && !said.contains(['?', '~', '`'])
        && prose::is_content(said)
        && !claim_words("none-here").begin(said)
        && claim_words("open-words").are_in(said)
        && !claim_words("settled").are_in(said)
}

/// Whether an item says that something is not settled, without asking: `It is open whether a refund is logged`.
fn is_open_matter(said: &str) -> bool {
    claim_words("open-matters").are_in(said) && !claim_words("settled").are_in(said)
}

/// Whether a question names somebody or a day.
fn is_assigned(said: &str) -> bool {
    let names = |it: &str| it.starts_with('@') || it.to_lowercase().starts_with("team-");
    said.contains(|it: char| it.is_ascii_digit())
        || said.contains("](")
        || said.split_whitespace().any(names)
        || claim_words("owned").are_in(said)
}
