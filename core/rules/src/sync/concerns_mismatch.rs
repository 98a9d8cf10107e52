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
    summary: "A contract states a system concern differently than the feature's design.",
    applies_to: &[Kind::Contract],
    any_dialect: false,
    sources: &["A-122"],
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
    for (concern, ours) in concerns_of(cx, cx.facts()) {
        let stated: Vec<_> =
            designs.iter().flat_map(|(file, design)| design.iter().map(move |it| (*file, it.0, &it.1))).collect();
        let stated: Vec<_> = stated.into_iter().filter(|it| it.1 == concern).collect();
        let one_team = |it: &Spanned| concern == Role::OwnerTeam && name_one_team(&it.text, &ours.text);
        let same_numbers =
            |it: &Spanned| quantity::are_part_of(&it.text, &ours.text) || quantity::are_part_of(&ours.text, &it.text);
        let agrees = |it: &Spanned| {
            it.text == ours.text
                || !value::name_different_things(&it.text, &ours.text)
                || one_team(it)
                || same_numbers(it)
        };
        let (Some((file, _, theirs)), false) = (stated.first(), stated.iter().any(|it| agrees(it.2))) else { continue };
        let name = cx.config().profile().name(concern);
        let message = format!(
            "{name} is `{}` here and `{}` in the design of the feature; make the two agree.",
            value::plain(&ours.text),
            value::plain(&theirs.text)
        );
        let related = cx.related(*file, theirs.span, format!("the design says `{}`", value::plain(&theirs.text)));
        reporter.report(ours.span, message).related.push(related);
    }
}

/// The concerns that the designs of this file's feature state.
fn designs(cx: &Context) -> Vec<(FileId, Vec<(Role, Spanned)>)> {
    let Some(feature) = &cx.facts().captures.feature else { return Vec::new() };
    cx.files(Key::Concerns(feature.clone())).into_iter().map(|(file, facts)| (file, concerns_of(cx, facts))).collect()
}

/// The concerns that a document decides.
fn concerns_of(cx: &Context, facts: &FileFacts) -> Vec<(Role, Spanned)> {
    let mut values = ByRole::of(facts, cx.config()).map(|it| it.concerns()).unwrap_or_default();
    values.retain(|it| !value::is_unknown(&it.1.text));
    values
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let ours = concerns_of(cx, cx.facts()).into_iter().find(|it| it.1.span == finding.span);
    let Some((concern, _)) = ours else { return Vec::new() };
    let Some(theirs) = designs(cx).into_iter().flat_map(|it| it.1).find(|it| it.0 == concern) else {
        return Vec::new();
    };
    let value = value::line(&theirs.1.text);
    let title = format!("Take `{}` from the design", value::plain(&value));
    either_side(cx, finding, edit_here(cx, title, vec![TextEdit::replace(finding.span, value)]))
}
