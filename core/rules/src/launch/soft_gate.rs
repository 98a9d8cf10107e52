//! `launch/soft-gate`: a gate that whoever looks at it may call met.

use archwright_knowledge::claim_words;
use archwright_model::facts::prose::{self, Titled};

use crate::{
    claim::{claims, near, place_of, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "launch/soft-gate",
    severity: Severity::Info,
    summary: "A gate bears with any outcome that somebody explains or finds acceptable.",
    applies_to: &[
        Kind::Launch,
        Kind::Design,
        Kind::ReadinessReview,
        Kind::MigrationPlan,
        Kind::ImplementationPlan,
        Kind::Rfc,
    ],
    any_dialect: true,
    sources: &["A-128", "A-163"],
    page: include_str!("soft_gate.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, softens) = (words(cx), claim_words("softens"));
    let facts = cx.facts();
    in_rollouts(cx, reporter);
    if facts.kind == Kind::Rfc {
        return;
    }
    let Some(tree) = facts.markdown().filter(|_| words.has(softens)) else { return };
    let mut conditions: Vec<Span> = Vec::new();
    for table in &tree.tables {
        let columns = tree.header(table).iter().enumerate();
        let columns: Vec<usize> =
            columns.filter(|it| claim_words("gate-columns").are_all_of(facts.slice(*it.1))).map(|it| it.0).collect();
        for row in tree.rows(table).iter().filter(|_| !columns.is_empty()) {
            let cells = tree.cells(row);
            conditions.extend(columns.iter().filter_map(|it| cells.get(*it)).copied());
        }
    }
    let is_gate = |it: &archwright_syntax::markdown::Item| {
        claim_words("gate-titles").are_all_of(&tree.plain_title(it.section, &facts.text))
    };
    conditions.extend(tree.items.iter().filter(|it| it.depth == 0 && is_gate(it)).map(|it| it.content));
    for condition in conditions.into_iter().filter(|it| words.has_within(softens, it.range())) {
        let said = facts.slice(condition);
        let Some(at) = softens.first(said).filter(|it| is_soft(said, it)) else { continue };
        let word = said.get(at.clone()).unwrap_or_default();
        let start = condition.start as usize;
        let message = format!(
            "`{word}` is met by any outcome that somebody is content with. Name the limit, or who decides by what."
        );
        reporter.report(Span::new(start + at.start, start + at.end), message);
    }
}

/// The steps of a rollout that wait for what nobody can measure: `everybody else, when we feel comfortable`.
fn in_rollouts(cx: &Context, reporter: &mut Reporter) {
    let (words, soft) = (words(cx), claim_words("soft-conditions"));
    let Some(tree) = cx.facts().markdown().filter(|_| words.has(soft)) else { return };
    let text = &cx.facts().text;
    let mut rollouts = Titled::new(tree, text, |title| claim_words("rollout-titles").are_in(title));
    for claim in claims(cx).iter().filter(|it| words.has_within(soft, it.span.range())) {
        if !rollouts.holds(tree.section_at(claim.span.start as usize)) {
            continue;
        }
        let said = prose::without_names(claim.text);
        let Some(waits) = near(&said, "conditions", "soft-conditions", 5) else { continue };
        let behind = said.get(waits.end..).unwrap_or_default();
        let clause = said.get(waits.start..).unwrap_or_default();
        let is_measured = clause.contains(|it: char| it.is_ascii_digit())
            || claim.text.contains(['[', '?'])
            || [" by ", " to the ", " for "].iter().any(|it| behind.contains(it));
        // Who is told of steps back is told of triggers.
        if is_measured || claim_words("turns-back").are_in(&said) {
            continue;
        }
        let place = place_of(claim, "soft-conditions");
        let message = format!(
            "`{}` is met by any outcome that somebody is content with. Name the limit, or who decides by what.",
            place.of(text)
        );
        reporter.report(place, message);
    }
}

/// Whether nothing behind the word says how much, for how long or who says so.
fn is_soft(said: &str, at: &std::ops::Range<usize>) -> bool {
    let behind = said.get(at.end..).unwrap_or_default();
    let clause = behind.split([';', '.']).next().unwrap_or_default();
    let names_who = [" by ", " to the ", " for "].iter().any(|it| clause.contains(it));
    let before = said.get(..at.start).unwrap_or_default();
    !clause.contains(|it: char| it.is_ascii_digit())
        && !names_who
        && !said.contains("[TBD")
        && !before.trim_end().ends_with(['"', '`'])
}
