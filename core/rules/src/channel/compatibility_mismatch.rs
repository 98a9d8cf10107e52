//! `channel/compatibility-mismatch`: a design, an AsyncAPI document or a schema with another mode than the contract.

use archwright_model::facts::{ChannelRole, answers};

use super::{claims, described};
use crate::{claim::is_claimed, evolution::Mode, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/compatibility-mismatch",
    severity: Severity::Warning,
    summary: "A design, an AsyncAPI document or a schema names another compatibility mode than the channel's contract.",
    applies_to: &[Kind::Design, Kind::Asyncapi, Kind::Schema],
    any_dialect: true,
    sources: &["A-147", "A-246", "A-321"],
    page: include_str!("compatibility_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    answered_otherwise(cx, reporter);
    let schemas = cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Schema);
    for mention in described(cx).chain(schemas) {
        let Some(ours) = &mention.compatibility else { continue };
        let Some(mode) = Mode::of_name(&ours.text) else { continue };
        let stated = claims(cx, &mention.name.text, |_, it| {
            Some((it.compatibility.as_ref()?, Mode::of_name(&it.compatibility.as_ref()?.text)?))
        });
        let Some(claim) = stated.first().filter(|_| stated.iter().all(|it| it.value != mode)) else { continue };
        let message = format!(
            "The compatibility mode of `{}` is `{}` here and `{}` in its contract; checks against one break what the \
            other promises, so make the two agree.",
            mention.name.text, ours.text, claim.at.text
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{}`", claim.at.text));
        let finding = reporter.report(ours.span, message);
        finding.related.push(related);
        finding.fixable = cx.facts().slice(ours.span) == ours.text;
        let is_lower = ours.text.chars().all(|it| !it.is_uppercase());
        finding.data = if is_lower { claim.at.text.to_lowercase() } else { claim.at.text.to_string() };
    }
}

/// The answer of a design on the growth of schemas, with the only mode that it names, which no contract of its channels
/// has.
fn answered_otherwise(cx: &Context, reporter: &mut Reporter) {
    let answers = cx.by_role().filter(|_| cx.facts().kind == Kind::Design).and_then(answers).unwrap_or_default();
    let Some(answer) = answers.iter().find(|it| it.question.id == "schema-evolution") else { return };
    let said = answer.said(cx.facts());
    // In small letters the names are words of prose.
    let letters = |it: char| it.is_ascii_uppercase() || it == '_';
    let mut named = said.split(|it| !letters(it)).filter(|it| it.len() > 3 && Mode::of_name(it).is_some());
    let Some(name) = named.next().filter(|first| named.all(|it| it == *first)) else { return };
    let (Some(mode), Some(at)) = (Mode::of_name(name), said.find(name)) else { return };
    if !is_claimed(said) {
        return;
    }
    let channels = cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design);
    let stated = channels.flat_map(|it| {
        claims(cx, &it.name.text, |_, it| {
            let at = it.compatibility.as_ref()?;
            Some((at, Mode::of_name(&at.text)?))
        })
    });
    let stated: Vec<_> = stated.collect();
    let Some(claim) = stated.first().filter(|_| stated.iter().all(|it| it.value != mode)) else { return };
    let message = format!(
        "Schemas grow by `{name}` here and by `{}` in the contract; checks against one break what the other \
         promises, so make the two agree.",
        claim.at.text
    );
    let start = answer.value.start as usize + at;
    let related = cx.related(claim.file, claim.at.span, format!("the contract says `{}`", claim.at.text));
    let finding = reporter.report(Span::new(start, start + name.len()), message);
    finding.related.push(related);
    finding.fixable = false;
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    either_side(cx, finding, edit_here(cx, format!("Take `{}` from the contract", finding.data), vec![edit]))
}
