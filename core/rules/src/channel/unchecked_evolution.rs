//! `channel/unchecked-evolution`: a channel that others read, and whose changes nobody checks.

use archwright_model::values::{team::Team, value};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/unchecked-evolution",
    severity: Severity::Warning,
    summary: "The compatibility mode is NONE although another team reads the channel.",
    applies_to: &[Kind::Contract],
    sources: &["A-147"],
    page: include_str!("unchecked_evolution.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(mode) = document.field(Role::CompatibilityMode) else { return };
    let word = value::plain(&mode.text);
    // Who says more than the word gives a reason, or does something else instead.
    if !word.trim_matches(|it: char| !it.is_alphanumeric()).eq_ignore_ascii_case("none") {
        return;
    }
    let Some(consumers) =
        document.field(Role::Consumers).filter(|it| !value::is_none(&it.text) && !value::is_unknown(&it.text))
    else {
        return;
    };
    // An owner who is nobody leaves it to the team that sends.
    let teams = |it: &str| -> Vec<Team> {
        it.split([',', ';', '(', ')', '|'])
            .filter(|it| !it.contains('`'))
            .filter_map(|it| Team::of(it.trim()))
            .collect()
    };
    let mut owners = [Role::Owner, Role::Producer].into_iter().filter_map(|it| document.field(it));
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
