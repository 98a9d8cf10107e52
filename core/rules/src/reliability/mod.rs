//! Rules about what documents promise of messages: delivery, repetitions, retries, dead letters, alerts (A-142..A-149).

mod anti_pattern;
mod attempts_mismatch;
mod dual_write;
mod hollow_answer;
mod incomplete_answer;
mod late_page;
mod missing_alert;
mod missing_question;
mod overclaimed_delivery;
mod overclaimed_isolation;
mod overclaimed_keeping;
mod overclaimed_order;
mod page_mismatch;
mod short_lease;
mod short_saga;
mod silent_transition;
mod stranded_state;
mod unbounded_retry;
mod uncompensated_step;
mod unguarded_repetition;
mod unreachable_cap;
mod vague_alert;

use archwright_model::facts::{Answer, answers};

use crate::{claim::Claim, prelude::*};

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &anti_pattern::RULE,
    &attempts_mismatch::RULE,
    &dual_write::RULE,
    &hollow_answer::RULE,
    &incomplete_answer::RULE,
    &late_page::RULE,
    &missing_alert::RULE,
    &missing_question::RULE,
    &overclaimed_delivery::RULE,
    &overclaimed_isolation::RULE,
    &overclaimed_keeping::RULE,
    &overclaimed_order::RULE,
    &page_mismatch::RULE,
    &short_lease::RULE,
    &short_saga::RULE,
    &silent_transition::RULE,
    &stranded_state::RULE,
    &unbounded_retry::RULE,
    &uncompensated_step::RULE,
    &unguarded_repetition::RULE,
    &unreachable_cap::RULE,
    &vague_alert::RULE,
];

/// What is said to a question, by its identifier: the answer of a design, or the field of a contract.
fn said_to<'a>(cx: &Context<'a>, id: &str, field: Role) -> Option<Claim<'a>> {
    let span = match cx.facts().kind {
        Kind::Design => answer(cx, id)?.value,
        _ => cx.by_role()?.field(field)?.span,
    };
    Some(Claim { text: cx.facts().slice(span), span })
}

/// What the design answers, looked up once for all rules.
struct Answers(Vec<Answer>);

/// What the design answers to a question, by its identifier.
fn answer(cx: &Context, id: &str) -> Option<Answer> {
    let document = cx.by_role()?;
    let all = cx.shared(|| Answers(answers(document).unwrap_or_default()));
    all.0.iter().find(|it| it.question.id == id).copied()
}
