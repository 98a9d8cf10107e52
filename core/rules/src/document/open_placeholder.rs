//! `document/open-placeholder`: an answer that is still open.

use std::rc::Rc;

use archwright_model::facts::{Placeholder, placeholders};

use super::undecided_concerns;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/open-placeholder",
    severity: Severity::Warning,
    summary: "An answer is still open.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    asks: true,
    sources: &["A-126"],
    page: include_str!("open_placeholder.md"),
    check,
    ..Rule::OURS
};

/// The places of a document where an answer is open; two rules ask.
pub(super) struct Open {
    pub places: Vec<Placeholder>,
}

/// Looks for them when the first of the rules asks.
pub(super) fn open(cx: &Context, document: &ByRole) -> Rc<Open> {
    cx.shared(|| Open { places: placeholders(document.tree, document.text) })
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(document) = cx.by_role() else { return };
    if is_over(cx, document) {
        return;
    }
    let text = &facts.text;
    let open = open(cx, document);
    if open.places.is_empty() {
        return;
    }
    let relied_on = relied_on(cx, document);
    let told = undecided_concerns::section(cx, document).map(|it| document.tree.section(it).span);
    for placeholder in &open.places {
        // All concerns of a document that are open are one finding.
        if told.is_some_and(|it| it.contains(placeholder.span)) {
            continue;
        }
        let question = placeholder.question.of(text).split_whitespace().collect::<Vec<_>>().join(" ");
        let what = if question.is_empty() { "An answer is open here".to_owned() } else { format!("Open: {question}") };
        let end = if what.ends_with(['?', '.', '!']) { "" } else { "." };
        match relied_on {
            Some(state) => reporter.report(
                placeholder.span,
                format!(
                    "{what}{end} The document is `{}`, so others rely on it: answer it, or take the status back.",
                    cx.config().profile().state(state)
                ),
            ),
            None => {
                let finding = reporter.report(placeholder.span, format!("{what}{end}"));
                // While it is being written, a document may ask.
                if finding.severity == RULE.severity {
                    finding.severity = Severity::Hint;
                }
                finding
            }
        };
    }
}

/// Whether a document asks nobody any more, because another one took its place, or it was refused or is gone.
fn is_over(cx: &Context, document: &ByRole) -> bool {
    let state = document.status().and_then(|it| cx.config().vocabulary().state(&it.text));
    matches!(state, Some(State::Superseded | State::Rejected | State::Retired))
}

/// The state of a document that says that others may rely on it.
fn relied_on(cx: &Context, document: &ByRole) -> Option<State> {
    let state = cx.config().vocabulary().state(&document.status()?.text)?;
    matches!(state, State::Accepted | State::Active | State::Go | State::GoWithRisks).then_some(state)
}
