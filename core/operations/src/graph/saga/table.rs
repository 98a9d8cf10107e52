//! Tables of the steps of a saga, each with what undoes it, and tables of transitions.

use archwright_knowledge::claim_words;
use archwright_model::values::value;
use archwright_syntax::{Span, markdown::Table};

use super::{FlowSaga, FlowStep, FlowTransition, Page, said, undo, unnumbered};

/// Reads all tables of a document.
pub(super) fn read(page: &Page<'_>, found: &mut Vec<FlowSaga>) {
    for table in page.document.tree.tables.iter().filter(|it| !page.is_aside(it.section)) {
        let saga = steps(page, table).or_else(|| transitions(page, table));
        found.extend(saga);
    }
}

/// The columns of a table.
struct Columns<'p> {
    heads: Vec<&'p str>,
}

impl<'p> Columns<'p> {
    fn of(page: &'p Page<'_>, table: &Table) -> Self {
        let heads = page.document.tree.header(table).iter().map(|it| it.of(page.document.text).trim());
        Self { heads: heads.collect() }
    }

    /// The first column whose heading is of a kind.
    fn called(&self, kind: &str) -> Option<usize> {
        self.heads.iter().position(|it| claim_words(kind).are_all_of(&value::plain(it)))
    }
}

/// A table of steps, each with what undoes it.
fn steps(page: &Page<'_>, table: &Table) -> Option<FlowSaga> {
    let columns = Columns::of(page, table);
    // Steps of people are rolled back too: what is called so is that of a saga only where it is one.
    let is_saga = || page.is_below(table.section, "saga-words");
    let undone = columns.called("compensation-columns");
    let undone = undone.or_else(|| columns.called("undo-columns").filter(|_| is_saga()))?;
    let (step, action) = (columns.called("step-columns"), columns.called("action-columns"));
    let first = step.or(action)?;
    let cells = |row| page.document.tree.cells(row);
    let text = |cell: Option<&Span>| cell.map(|it| it.of(page.document.text)).unwrap_or_default();
    let optional = |kind: &str| columns.called(kind).filter(|it| *it != first && Some(*it) != action && *it != undone);
    let (by, timeout, attempts) =
        (optional("participant-columns"), optional("timeout-columns"), optional("tries-columns"));
    let (success, failure) = (optional("success-columns"), optional("failure-columns"));
    let mut saga = page.saga(table.section, table.span);
    for row in page.document.tree.rows(table) {
        let row_cells = cells(row);
        let cell = |at: Option<usize>| at.and_then(|it| said(text(row_cells.get(it))));
        // A step that has a number only is called by what it does.
        let is_number = |it: &String| it.chars().all(|it| !it.is_alphabetic());
        let named = cell(Some(first)).filter(|it| !is_number(it));
        let Some(does) = named.or_else(|| cell(action)).filter(|it| !is_number(it)) else { continue };
        let does = unnumbered(&does).to_owned();
        let undo = undo(&does, text(row_cells.get(undone)));
        saga.steps.push(FlowStep {
            undo,
            does,
            by: cell(by),
            timeout: cell(timeout),
            attempts: cell(attempts),
            on_success: cell(success),
            on_failure: cell(failure),
            at: page.place(row.span),
        });
    }
    (saga.steps.len() > 1).then_some(saga)
}

/// A table of transitions: from which state to which.
fn transitions(page: &Page<'_>, table: &Table) -> Option<FlowSaga> {
    let columns = Columns::of(page, table);
    let (from, to) = (columns.called("from-columns")?, columns.called("to-columns")?);
    // Mails and firewalls have a from and a to as well.
    let names_states = |at: usize| columns.heads.get(at).is_some_and(|it| claim_words("state-words").are_in(it));
    if !(names_states(from) || names_states(to) || page.is_below(table.section, "state-words")) {
        return None;
    }
    let on = columns.called("trigger-columns").filter(|it| *it != from && *it != to);
    let mut saga = page.saga(table.section, table.span);
    for row in page.document.tree.rows(table) {
        let cells = page.document.tree.cells(row);
        let text = |at: usize| cells.get(at).map(|it| it.of(page.document.text)).unwrap_or_default();
        let on = on.and_then(|it| said(text(it)));
        let (before, behind) = (states(text(from), "initial-states"), states(text(to), "final-states"));
        for from in &before {
            for to in &behind {
                let (from, to) = (from.clone(), to.clone());
                if from.is_some() || to.is_some() {
                    saga.transitions.push(FlowTransition { from, to, on: on.clone(), at: page.place(row.span) });
                }
            }
        }
    }
    (saga.transitions.len() > 1).then_some(saga)
}

/// The states of a cell; nothing stands for the start, or for the end.
fn states(cell: &str, outside: &str) -> Vec<Option<String>> {
    let plain = value::plain(cell);
    if value::is_placeholder(&plain) {
        return Vec::new();
    }
    let is_outside = |it: &str| value::is_unknown(it) || it == "[*]" || claim_words(outside).are_all_of(it);
    if is_outside(plain.trim()) {
        return vec![None];
    }
    let parts = plain.split([',', ';']).flat_map(|it| it.split(" or ")).flat_map(|it| it.split(" / "));
    let parts: Vec<&str> = parts.map(str::trim).filter(|it| !it.is_empty()).collect();
    // A sentence has commas of its own.
    let are_names = parts.iter().all(|it| it.split_whitespace().count() <= 3);
    if are_names { parts.into_iter().map(|it| Some(it.to_owned())).collect() } else { vec![Some(plain)] }
}
