//! `runbook/bare-handwork`: a step that can lose data is to be done by hand, and nothing says how.

use archwright_knowledge::claim_words;

use crate::{
    claim::{claims, is_claimed, place_of, words},
    prelude::*,
    stated::named,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/bare-handwork",
    severity: Severity::Info,
    summary: "A step that can lose messages or rows is to be done by hand, and nothing says how.",
    applies_to: &[Kind::Runbook],
    any_dialect: true,
    sources: &["A-093", "A-337"],
    page: include_str!("bare_handwork.md"),
    check,
    ..Rule::OURS
};

/// Whether a sentence has a command: code with a blank in it, where a name has none.
fn has_command(sentence: &str) -> bool {
    named(sentence).iter().any(|it| it.name.trim().contains([' ', '(']))
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, by_hand) = (words(cx), claim_words("by-hand"));
    if !words.has(by_hand) {
        return;
    }
    let needs = ["risky-steps", "data-things"];
    for claim in claims(cx) {
        let part = claim.span.range();
        let is_risky = words.has_within(by_hand, part.clone())
            && needs.iter().all(|it| words.has_within(claim_words(it), part.clone()));
        if !is_risky
            || has_command(claim.text)
            // What leads to a list or to commands says how.
            || claim.text.trim_end().ends_with(':')
            || claim_words("explained-elsewhere").are_in(claim.text)
            || !is_claimed(claim.text)
        {
            continue;
        }
        let place = place_of(&claim, "by-hand");
        // What somebody may say in quotes is an example.
        let before = cx.facts().slice(Span::new(claim.span.start as usize, place.start as usize));
        if before.matches('"').count() % 2 == 1 {
            continue;
        }
        let message = "Done by hand at night, this loses what it should save, and no two people do it alike. Write the \
            commands, what to check before, and who may do it.";
        reporter.report(place, message);
    }
}
