//! `launch/soft-gate`: a gate that whoever looks at it may call met.

use archwright_knowledge::claim_words;

use crate::{claim::words, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "launch/soft-gate",
    severity: Severity::Info,
    summary: "A gate bears with any outcome that somebody explains or finds acceptable.",
    applies_to: &[Kind::Launch, Kind::Design, Kind::ReadinessReview, Kind::MigrationPlan, Kind::ImplementationPlan],
    any_dialect: true,
    sources: &["A-128", "A-163"],
    page: include_str!("soft_gate.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, softens) = (words(cx), claim_words("softens"));
    let facts = cx.facts();
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
