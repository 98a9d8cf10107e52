//! `launch/ungated-phase`: a phase that waits for nothing of the one before it, as the others do.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{Topic, name_before, names},
    values::value,
};

use crate::{prelude::*, stated::stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "launch/ungated-phase",
    severity: Severity::Warning,
    summary: "A phase of a rollout waits for nothing of the phase before it, as the others do.",
    applies_to: &[Kind::Launch, Kind::Design],
    any_dialect: true,
    sources: &["A-084", "A-354"],
    page: include_str!("ungated_phase.md"),
    check,
    ..Rule::OURS
};

/// So many phases make a habit.
const HABIT: usize = 2;

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    for table in &tree.tables {
        let rows = tree.rows(table);
        let mut gated: Vec<(usize, Span)> = Vec::new();
        let mut open: Vec<(Span, &[Span])> = Vec::new();
        for row in rows {
            let cells = tree.cells(row);
            let Some((head, rest)) = cells.split_first() else { continue };
            let Some(before) = name_before(facts.slice(*head)) else { continue };
            match rest.iter().position(|it| names(facts.slice(*it), &before)) {
                Some(at) => gated.extend(rest.get(at).map(|it| (at, *it))),
                // What comes before the first that waits may be what all others wait for.
                None if !gated.is_empty() => open.push((*head, rest)),
                None => {}
            }
        }
        let Some((column, first)) = gated.first().copied().filter(|_| gated.len() >= HABIT) else { continue };
        for (head, cells) in open {
            let name = value::plain(facts.slice(head));
            let Some(cell) = cells.get(column).copied().filter(|it| !is_gated_in_words(facts.slice(*it))) else {
                continue;
            };
            if stated(cx, Topic::GatedPhase).iter().any(|it| it.statement.subject == name) {
                continue;
            }
            let message = format!(
                "`{name}` waits for nothing of the phase before it, as the other phases do: it may begin while that \
                 one fails. Say what must have held there, and for how long."
            );
            let place = if facts.slice(cell).trim().is_empty() { head } else { cell };
            reporter.report(place, message).related.push(cx.related(cx.file(), first, "another phase waits here"));
        }
    }
}

fn is_gated_in_words(cell: &str) -> bool {
    claim_words("phase-before").are_in(cell)
}
