//! `sync/concerns-mismatch`: a contract whose system concerns differ from those of its feature's design.

use archwright_model::{
    facts::Spanned,
    key::FileId,
    values::{quantity, team::name_one_team, value},
};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "sync/concerns-mismatch",
    severity: Severity::Warning,
    summary: "A document states a system concern differently than the feature's design.",
    applies_to: &[Kind::Contract, Kind::FeatureReadme, Kind::Launch, Kind::Runbook],
    any_dialect: false,
    sources: &["A-122", "A-115"],
    page: include_str!("concerns_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let designs = designs(cx);
    if designs.is_empty() {
        return;
    }
    for RoleValue { role: concern, value: ours } in concerns_of(cx, cx.facts()) {
        let stated = || designs.iter().flat_map(|it| &it.concerns).filter(|it| it.role == concern).map(|it| &it.value);
        let one_team = |it: &Spanned| concern == Role::OwnerTeam && name_one_team(&it.text, &ours.text);
        let same_numbers =
            |it: &Spanned| quantity::are_part_of(&it.text, &ours.text) || quantity::are_part_of(&ours.text, &it.text);
        let agrees = |it: &Spanned| {
            it.text == ours.text
                || !quantity::differ_in_numbers(&it.text, &ours.text)
                    && (!value::name_different_things(&it.text, &ours.text) || one_team(it) || same_numbers(it))
        };
        let (Some(theirs), false) = (stated().next(), stated().any(agrees)) else { continue };
        let has = |it: &&Design| it.concerns.iter().any(|it| it.role == concern);
        let Some(design) = designs.iter().find(has) else { continue };
        let name = cx.config().profile().name(concern);
        let message = format!(
            "{name} is `{}` here and `{}` in the design of the feature; make the two agree.",
            value::plain(&ours.text),
            value::plain(&theirs.text)
        );
        let related = cx.related(design.file, theirs.span, format!("the design says `{}`", value::plain(&theirs.text)));
        reporter.report(ours.span, message).related.push(related);
    }
}

/// A design and the concerns that it states.
struct Design {
    file: FileId,
    concerns: Vec<RoleValue>,
}

/// The designs of this file's feature.
fn designs(cx: &Context) -> Vec<Design> {
    let Some(feature) = &cx.facts().captures.feature else { return Vec::new() };
    let files = cx.files(Key::Concerns(feature.clone())).into_iter();
    files.map(|it| Design { file: it.id, concerns: concerns_of(cx, it.facts) }).collect()
}

/// The concerns that a document decides.
fn concerns_of(cx: &Context, facts: &FileFacts) -> Vec<RoleValue> {
    let mut values = match cx.by_role() {
        Some(document) if std::ptr::eq(facts, cx.facts()) => document.concerns(),
        _ => ByRole::of(facts, cx.config()).map(|it| it.concerns()).unwrap_or_default(),
    };
    values.retain(|it| !value::is_unknown(&it.value.text));
    values
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let ours = concerns_of(cx, cx.facts()).into_iter().find(|it| it.value.span == finding.span);
    let Some(ours) = ours else { return Vec::new() };
    let Some(theirs) = designs(cx).into_iter().flat_map(|it| it.concerns).find(|it| it.role == ours.role) else {
        return Vec::new();
    };
    let value = value::line(&theirs.value.text);
    let title = format!("Take `{}` from the design", value::plain(&value));
    either_side(cx, finding, edit_here(cx, title, vec![TextEdit::replace(finding.span, value)]))
}
