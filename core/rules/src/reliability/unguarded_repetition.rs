//! `reliability/unguarded-repetition`: messages may come twice, and nothing is done about it.

use archwright_knowledge::claim_words;
use archwright_model::values::value;
use archwright_syntax::Spanned;

use super::answer;
use crate::{
    claim::{is_withdrawn, near},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/unguarded-repetition",
    severity: Severity::Warning,
    summary: "A delivery is at-least-once, and idempotency is said to be needless without a reason.",
    applies_to: &[Kind::Design, Kind::Contract],
    any_dialect: true,
    sources: &[
        "A-143", "A-303", "A-176", "A-238", "A-249", "E-004", "E-056", "H-017", "H-036", "N-020", "N-032", "N-033",
    ],
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

/// Whether an answer denies that copies need any care, and gives no reason.
pub(super) fn is_denied(answer: &str) -> bool {
    let said = value::plain(answer).to_lowercase();
    let said = said.trim_start_matches(|it: char| !it.is_alphanumeric());
    let count = said.split_whitespace().count();
    // `Duplicates are so rare that we ignore them` is a hope, and no reason.
    let hopes = claim_words("takes-copies").are_in(said) && !claim_words("harmless-for-sure").are_in(said);
    if hopes && !answer.contains(['`', '[']) && count <= LONGEST && !said.ends_with('?') {
        return true;
    }
    // `None; an order that comes twice is charged twice, which support corrects by hand` tells of the harm.
    let is_mended = claim_words("mended-by-hand").are_in(said) && claim_words("copies").are_in(said);
    if is_mended && !claim_words("harmless-for-sure").are_in(said) && !answer.contains(['`', '[']) {
        return true;
    }
    // What has more to say gives its reason, or names what it is about.
    if claim_words("harmless-twice").are_in(said) || answer.contains(['`', '[']) || count > LONGEST {
        return false;
    }
    let starts = claim_words("unneeded").begin(said);
    let is_about_copies = claim_words("copies").are_in(said);
    let needs_no_care = near(said, "denies", "tidies", 3).is_some();
    let is_always_new = near(said, "each-of", "fresh", 4).is_some();
    let never_come = is_about_copies && near(said, "denies", "occurs", 3).is_some();
    never_come || is_always_new || starts && count <= SHORT || is_about_copies && needs_no_care
}

/// An answer of at most so many words has no room for a reason.
const SHORT: usize = 6;
/// Nor has one of so many that says only that nothing is needed.
const LONGEST: usize = 30;
