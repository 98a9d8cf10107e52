//! `launch/no-way-back`: a launch that goes ahead with no plan to go back.

use archwright_knowledge::claim_words;
use archwright_model::values::{
    answer::{is_denied, is_put_off},
    value,
};

use crate::{claim::is_withdrawn, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "launch/no-way-back",
    severity: Severity::Warning,
    summary: "The decision is GO, and the plan to go back is that there is none.",
    applies_to: &[Kind::Launch],
    any_dialect: true,
    sources: &["A-094", "A-138", "A-369"],
    page: include_str!("no_way_back.md"),
    check,
    ..Rule::OURS
};

/// A plan of more lines says how, whatever its first one says.
const MOST_LINES: usize = 2;

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let state = document.status().and_then(|it| cx.config().vocabulary().state(&it.text));
    if !matches!(state, Some(State::Go | State::GoWithRisks)) {
        return;
    }
    let Some(section) = document.section(Role::RollbackPlan) else { return };
    let fields = document.tree.fields_under(section);
    let procedure = document.field_among(fields, Role::Procedure).map(|it| it.value);
    let place = match procedure {
        Some(place) => place,
        None if fields.is_empty() => document.tree.section(section).body,
        None => return,
    };
    let text = place.of(document.text);
    let said = text.trim();
    let bare = said.trim_start_matches(['-', '*', '+', ' ']);
    let lines = said.lines().filter(|it| !it.trim().is_empty()).count();
    if bare.is_empty() || lines > MOST_LINES || said.contains(['`', '[']) || is_withdrawn(said) {
        return;
    }
    let is_none = is_denied(bare, "ways-back")
        || claim_words("fixes-forward").are_in(bare)
        || is_put_off(bare) && !value::is_placeholder(bare);
    if !is_none {
        return;
    }
    let start = place.start as usize + text.find(bare).unwrap_or_default();
    let message = "What is launched with no way back stays, whatever it does. Write the steps back and how long they \
        take, or say who accepts that there are none, and why.";
    reporter.report(Span::new(start, start + bare.len()), message.to_owned());
}
