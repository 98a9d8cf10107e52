//! `reliability/short-saga`: a saga that times out before its steps may.

use archwright_knowledge::claim_words;
use archwright_model::values::quantity;
use archwright_syntax::markdown::Table;

use crate::{
    claim::{claims, is_claimed},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/short-saga",
    severity: Severity::Info,
    summary: "A saga times out before its steps may, one after the other.",
    applies_to: &[Kind::Design, Kind::Adr, Kind::Rfc, Kind::Overview, Kind::ImplementationPlan],
    any_dialect: true,
    sources: &["H-022"],
    page: include_str!("short_saga.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    let mut sagas = tree.tables.iter().filter_map(|it| Some((it, steps(facts, it)?)));
    // Whose timeout it is that is stated is certain where there is one saga.
    let (Some((table, (count, sum))), None) = (sagas.next(), sagas.next()) else { return };
    if claim_words("side-by-side").are_in(&facts.text) {
        return;
    }
    let is_whole = |text: &str| {
        claim_words("whole-sagas").are_in(text)
            && claim_words("whole-timeouts").are_in(text)
            && !claim_words("of-one-step").are_in(text)
    };
    for claim in claims(cx).into_iter().filter(|it| !table.span.contains(it.span)) {
        if !is_whole(claim.text) || !is_claimed(claim.text) {
            continue;
        }
        let durations = quantity::durations(claim.text);
        let [(at, whole)] = durations.as_slice() else { continue };
        if *whole >= sum {
            continue;
        }
        let start = claim.span.start as usize;
        let message = format!(
            "The saga times out sooner than its {count} steps may, one after the other: their timeouts come to {}. \
             Shorten them, or give the saga more time.",
            shown(sum)
        );
        let related = cx.related(cx.file(), table.span, "the steps and their timeouts");
        reporter.report(Span::new(start + at.start, start + at.end), message).related.push(related);
    }
}

/// How many steps a table of a saga has, and what their timeouts come to in milliseconds. Nothing unless each states
/// one.
fn steps(facts: &FileFacts, table: &Table) -> Option<(usize, f64)> {
    let tree = facts.markdown()?;
    let header = tree.header(table);
    let column = |kind: &str| header.iter().position(|it| claim_words(kind).are_all_of(facts.slice(*it)));
    let (_, timeout) = (column("undo-columns")?, column("timeout-columns")?);
    let rows = tree.rows(table);
    let mut sum = 0.0;
    for row in rows {
        let cell = facts.slice(*tree.cells(row).get(timeout)?);
        let durations = quantity::durations(cell);
        let [(_, duration)] = durations.as_slice() else { return None };
        sum += duration;
    }
    (rows.len() > 1).then_some((rows.len(), sum))
}

/// A duration in a unit that people read.
fn shown(milliseconds: f64) -> String {
    let (amount, unit) = match milliseconds {
        it if it >= 3_600_000.0 => (it / 3_600_000.0, "h"),
        it if it >= 120_000.0 => (it / 60_000.0, "min"),
        it if it >= 1_000.0 => (it / 1_000.0, "s"),
        it => (it, "ms"),
    };
    let text = format!("{amount:.1}");
    format!("{} {unit}", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn durations_are_shown_as_people_write_them() {
        for (milliseconds, text) in [(90_000.0, "90 s"), (150_000.0, "2.5 min"), (7_200_000.0, "2 h"), (40.0, "40 ms")]
        {
            assert_eq!(shown(milliseconds), text);
        }
    }
}
