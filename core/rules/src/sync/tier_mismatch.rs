//! `sync/tier-mismatch`: the last launch decision names another tier than the feature's README.

use archwright_model::values::value;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/tier-mismatch",
    severity: Severity::Warning,
    summary: "The last launch decision names another readiness tier than the README of the feature.",
    applies_to: &[Kind::Launch],
    sources: &["A-094", "A-349", "A-360"],
    page: include_str!("tier_mismatch.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let (Some(document), Some(feature)) = (cx.by_role(), &facts.captures.feature) else { return };
    let state = document.status().and_then(|it| cx.config().vocabulary().state(&it.text));
    if !matches!(state, Some(State::Go | State::GoWithRisks)) {
        return;
    }
    let Some(ours) = document.field(Role::TierAchieved) else { return };
    let Some(here) = tier(cx, &ours.text) else { return };
    // What was decided before the last launch has been overtaken.
    let later = |it: &FileRef| it.facts.kind == Kind::Launch && it.facts.captures.date > facts.captures.date;
    if facts.captures.date.is_none() || cx.files(Key::Feature(feature.clone())).iter().any(later) {
        return;
    }
    for FileRef { id: file, facts: readme } in cx.files(Key::Readme(feature.clone())) {
        let fields = readme.document().and_then(|it| it.readme.as_ref()).map(|it| &it.fields);
        let theirs = fields.into_iter().flatten().find(|it| it.role == Role::Tier).map(|it| &it.value);
        let Some((theirs, there)) = theirs.and_then(|it| Some((it, tier(cx, &it.text)?))) else { continue };
        if here == there {
            continue;
        }
        let message =
            format!("This launch achieved `{here}`, and the README of the feature says `{there}`; make the two agree.");
        let related = cx.related(file, theirs.span, format!("the README says `{there}`"));
        reporter.report(ours.span, message).related.push(related);
    }
}

/// The tier that a value begins with, by its name.
fn tier(cx: &Context, said: &str) -> Option<String> {
    let said = value::plain(said).to_lowercase();
    let names = cx.config().profile().tiers.names.iter();
    let begins = |name: &str| {
        let rest = said.trim_start().strip_prefix(&name.to_lowercase());
        rest.is_some_and(|it| !it.starts_with(|it: char| it.is_alphanumeric() || it == '-'))
    };
    names.filter(|it| begins(it.as_str())).max_by_key(|it| it.len()).map(ToString::to_string)
}
