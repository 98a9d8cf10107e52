//! `document/vague-trigger`: a trigger or stop criterion that nobody can measure.

use archwright_knowledge::claim_words;
use archwright_syntax::markdown::Field;

use crate::{
    facts::prose,
    rules::{
        claim::{Claim, claims, is_withdrawn, place_of, words},
        prelude::*,
    },
    values::value,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/vague-trigger",
    severity: Severity::Warning,
    summary: "A trigger or stop criterion names nothing that can be measured.",
    applies_to: &[Kind::Runbook, Kind::Launch, Kind::MigrationPlan, Kind::ImplementationPlan],
    sources: &["A-128", "A-130"],
    page: include_str!("vague_trigger.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, vague) = (words(cx), claim_words("vague"));
    let Some(document) = cx.by_role().filter(|_| words.has(vague)) else { return };
    let sections = document.sections(Role::StopCriteria).map(|it| document.tree.section(it).span);
    // Elsewhere a trigger may be what starts a process.
    let rolls_back = |it: &&Field| document.role_of(it.section) == Some(Role::RollbackPlan);
    let triggers = document.fields(Role::Trigger).filter(rolls_back).map(|it| it.value);
    let places: Vec<Span> = sections.chain(triggers).collect();
    if !places.iter().any(|it| words.has_within(vague, it.range())) {
        return;
    }
    let inside = |it: &Claim| places.iter().any(|place| it.span.start < place.end && place.start < it.span.end);
    for claim in claims(cx).iter().filter(|it| inside(it)) {
        let said = prose::without_names(claim.text);
        let is_measured = claim.text.contains(|it: char| it.is_ascii_digit()) && !begins_with_number_only(claim.text)
            || claim.text.contains("](")
            || claim_words("compared").are_in(&said)
            || claim_words("definite").are_in(&said) && !claim_words("unmeasured").are_in(&said);
        if is_measured || value::is_unknown(claim.text) || is_withdrawn(claim.text) || !vague.are_in(&said) {
            continue;
        }
        let message = "Two people will not agree on when this holds. Name the number or state, over which time, and \
            who decides.";
        reporter.report(place_of(claim, "vague"), message.to_owned());
    }
}

/// Whether the only digits are those of the item: `2. Stop when it feels wrong.`
fn begins_with_number_only(sentence: &str) -> bool {
    let rest = sentence.trim_start_matches(|it: char| it.is_ascii_digit());
    rest.len() < sentence.len() && rest.starts_with(['.', ')']) && !rest.contains(|it: char| it.is_ascii_digit())
}
