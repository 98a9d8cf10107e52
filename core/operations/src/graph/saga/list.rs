//! Lists of the steps of a saga, each with what undoes it behind it or in an item below it.

use archwright_knowledge::claim_words;
use archwright_model::values::value;
use archwright_syntax::markdown::Item;

use super::{FlowSaga, FlowStep, FlowUndo, Page, undo};

/// Reads all numbered lists of a document whose items say what undoes them.
pub(super) fn read(page: &Page<'_>, found: &mut Vec<FlowSaga>) {
    let mut open: Vec<&Item> = Vec::new();
    let mut last = None;
    for item in &page.document.tree.items {
        let goes_on = open.first().is_some_and(|first| {
            let is_below = item.depth > first.depth;
            let is_next = item.depth == first.depth && item.ordered.is_some() && item.ordered > last;
            item.section == first.section && (is_below || is_next)
        });
        if !goes_on {
            found.extend(saga(page, &open));
            open.clear();
            if item.ordered.is_none() {
                continue;
            }
        }
        if open.first().is_none_or(|first| first.depth == item.depth) {
            last = item.ordered;
        }
        open.push(item);
    }
    found.extend(saga(page, &open));
}

fn saga(page: &Page<'_>, items: &[&Item]) -> Option<FlowSaga> {
    let first = items.first()?;
    if page.is_aside(first.section) {
        return None;
    }
    let mut saga = page.saga(first.section, first.span);
    for item in items {
        let text = item.content.of(page.document.text);
        let (does, undone) = split(text);
        if item.depth == first.depth {
            let undo = undone.map_or(FlowUndo::NotStated, |it| undo(does, it));
            let does = value::plain(does.trim_end_matches(is_between));
            if does.is_empty() {
                return None;
            }
            saga.steps.push(FlowStep { does, undo, at: page.place(item.span), ..FlowStep::default() });
        } else if let (Some(undone), Some(step)) = (undone.filter(|_| does.trim().is_empty()), saga.steps.last_mut()) {
            step.undo = undo(&step.does, undone);
        }
    }
    // What is said of one step may be said in passing.
    let undone = saga.steps.iter().filter(|it| matches!(it.undo, FlowUndo::By(_))).count();
    (saga.steps.len() > 1 && undone > 1).then_some(saga)
}

/// What stands between a step and what undoes it.
fn is_between(it: char) -> bool {
    it.is_whitespace() || matches!(it, '(' | '[' | '-' | '–' | '—' | ';' | ',' | '.' | ':' | '→' | '*' | '_')
}

/// A step, and what is said to undo it: `Reserve stock (compensation: release it)`.
fn split(text: &str) -> (&str, Option<&str>) {
    for word in claim_words("compensation-columns").all(text) {
        let (Some(before), Some(name), Some(behind)) =
            (text.get(..word.start), text.get(word.clone()), text.get(word.end..))
        else {
            continue;
        };
        let behind = behind.trim_start_matches(['*', '_']);
        let ends_it = name.ends_with(" by") || name.ends_with(" with");
        let rest = behind.strip_prefix(':').or_else(|| behind.starts_with(' ').then_some(behind).filter(|_| ends_it));
        if let Some(rest) = rest {
            let rest = rest.trim_matches(|it: char| it.is_whitespace() || matches!(it, '*' | '_'));
            // The bracket that was opened before it.
            let is_open = before.trim_end_matches(['*', '_', ' ']).ends_with('(');
            let rest = rest.trim_end_matches('.');
            let rest = if is_open { rest.strip_suffix(')').unwrap_or(rest) } else { rest };
            return (before.trim_end_matches(is_between), Some(rest));
        }
    }
    (text, None)
}
