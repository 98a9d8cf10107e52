//! `reliability/unguarded-repetition`: messages may come twice, and nothing is done about it.

use archwright_knowledge::claim_words;
use archwright_syntax::Spanned;

use super::answer;
use crate::{claim::is_withdrawn, prelude::*};
use archwright_model::values::value;

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/unguarded-repetition",
    severity: Severity::Warning,
    summary: "A delivery is at-least-once, and idempotency is said to be needless without a reason.",
    applies_to: &[Kind::Design, Kind::Contract],
    any_dialect: true,
    sources: &["A-143", "A-303"],
    page: include_str!("unguarded_repetition.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let answered = |id: &str| answer(cx, id).map(|it| Spanned::of(it.value, document.text));
    let (delivery, idempotency) = match cx.facts().kind {
        Kind::Design => (answered("delivery"), answered("idempotency")),
        _ => (document.field(Role::Delivery), document.field(Role::IdempotencyKey)),
    };
    let (Some(delivery), Some(idempotency)) = (delivery, idempotency) else { return };
    let is_unneeded = is_denied(&idempotency.text) && !is_withdrawn(&idempotency.text);
    if !claim_words("at-least-once").are_in(&delivery.text) || !is_unneeded {
        return;
    }
    let message = "With at-least-once delivery every consumer gets some message twice. Name the key by which it knows \
        a repetition and where it keeps it, or say why a repetition does no harm.";
    let related = cx.related(cx.file(), delivery.span, "messages may come again".to_owned());
    reporter.report(idempotency.span, message.to_owned()).related.push(related);
}

/// Whether an answer begins with a denial and gives no reason.
fn is_denied(answer: &str) -> bool {
    let said = value::plain(answer).to_lowercase();
    let said = said.trim_start_matches(|it: char| !it.is_alphanumeric());
    let starts = claim_words("unneeded").all(said).any(|it| it.start == 0);
    // What has more to say gives its reason, or names what it is about.
    starts && !claim_words("harmless-twice").are_in(said) && said.split_whitespace().count() <= 6
}
