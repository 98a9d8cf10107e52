//! `channel/unchecked-evolution`: a channel that others read, and whose changes nobody checks.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{ChannelRole, Spanned, answers},
    values::{answer::is_denied, team::Team, value},
};

use super::claims;
use crate::{
    claim::{is_claimed, near},
    evolution::Mode,
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/unchecked-evolution",
    severity: Severity::Warning,
    summary: "The compatibility mode is NONE although another team reads, no gate holds it, or a design denies it.",
    applies_to: &[Kind::Contract, Kind::Design],
    sources: &["A-147", "A-321", "A-322"],
    page: include_str!("unchecked_evolution.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    if cx.facts().kind == Kind::Design {
        denied_by_design(cx, document, reporter);
        return;
    }
    let Some(mode) = document.field(Role::CompatibilityMode) else { return };
    held_by_nobody(document, &mode, reporter);
    broken_in_place(document, &mode, reporter);
    // Who says more than the word gives a reason, or does something else instead.
    if !claim_words("no-mode").are_all_of(&value::plain(&mode.text)) {
        return;
    }
    let Some(consumers) =
        document.field(Role::Consumers).filter(|it| !value::is_none(&it.text) && !value::is_unknown(&it.text))
    else {
        return;
    };
    let teams = |it: &str| -> Vec<Team> {
        it.split([',', ';', '(', ')', '|'])
            .filter(|it| !it.contains('`'))
            .filter_map(|it| Team::of(it.trim()))
            .collect()
    };
    // Whoever sends changes the messages; a producer without a team leaves it to the owner.
    let mut owners = [Role::Producer, Role::Owner].into_iter().filter_map(|it| document.field(it));
    let Some(own) = owners.find_map(|it| Team::of(&it.text).or_else(|| teams(&it.text).into_iter().next())) else {
        return;
    };
    let Some(other) = teams(&consumers.text).into_iter().find(|it| !it.agrees(&own)) else { return };
    let message = format!(
        "Changes are checked by nobody, and {} reads this channel. Choose the mode that its readers need, such as \
        `BACKWARD`.",
        other.name
    );
    let related = cx.related(cx.file(), consumers.span, "read by".to_owned());
    reporter.report(mode.span, message).related.push(related);
}

/// A contract that promises a mode, and says that nothing holds it: `CI gate: none, reviewers keep an eye on it`.
fn held_by_nobody(document: &ByRole, mode: &Spanned, reporter: &mut Reporter) {
    let names_mode = Mode::ALL.iter().any(|it| mode.text.to_lowercase().contains(&it.name().to_lowercase()));
    let is_promised = names_mode && !claim_words("no-mode").begin(&value::plain(&mode.text));
    let Some(gate) = document.field(Role::CiGate).filter(|it| is_promised && is_denied(&it.text, "gates")) else {
        return;
    };
    let message = format!(
        "Nothing refuses an incompatible schema, so `{}` is a wish. Name the job that compares each change.",
        value::plain(&mode.text)
    );
    reporter.report(gate.span, message);
}

/// A contract that promises a mode, and whose versioning breaks it: `fields are renamed in place`.
fn broken_in_place(document: &ByRole, mode: &Spanned, reporter: &mut Reporter) {
    let promises = [Mode::Backward, Mode::BackwardTransitive, Mode::Full, Mode::FullTransitive];
    let is_promised = Mode::of_name(&mode.text).is_some_and(|it| promises.contains(&it));
    let Some(versioning) = document.field(Role::Versioning).filter(|_| is_promised) else { return };
    let said = &versioning.text;
    let breaks = near(said, "breaks-fields", "fields", 3).is_some()
        || near(said, "fields", "breaks-fields", 3).is_some()
        || claim_words("anything-goes").are_in(said);
    if !breaks || claim_words("new-version").are_in(said) || !is_claimed(said) {
        return;
    }
    let message = format!(
        "This breaks those who read, and `{}` promises them that nothing does. Make the two agree.",
        value::plain(&mode.text)
    );
    reporter.report(versioning.span, message);
}

/// A design that promises nothing of its schemas, while the contracts of its channels name a mode.
fn denied_by_design(cx: &Context, document: &ByRole, reporter: &mut Reporter) {
    let answers = answers(document).unwrap_or_default();
    let Some(answer) = answers.iter().find(|it| it.question.id == "schema-evolution") else { return };
    let said = answer.said(cx.facts());
    // `BACKWARD, any change is reviewed` names its mode.
    let names_mode = Mode::ALL.iter().any(|it| said.to_lowercase().contains(&it.name().to_lowercase()));
    let goes = claim_words(if names_mode { "nobody-checks" } else { "anything-goes" }).are_in(said);
    if said.trim().is_empty() || !goes && !is_denied(said, "schema-promises") {
        return;
    }
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design) {
        let stated = claims(cx, &mention.name.text, |_, it| Some((it.compatibility.as_ref()?, ())));
        let Some(claim) = stated.first().filter(|it| !value::is_none(&it.at.text)) else { continue };
        let message = format!(
            "Nothing is promised of schemas here, and the contract of `{}` promises `{}`; make the two agree.",
            mention.name.text, claim.at.text
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{}`", claim.at.text));
        reporter.report(answer.value, message).related.push(related);
        return;
    }
}
