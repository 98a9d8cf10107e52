//! `channel/compatibility-mismatch`: a design, an AsyncAPI document or a schema with another mode than the contract.

use archwright_model::facts::ChannelRole;

use super::{claims, described};
use crate::{evolution::Mode, prelude::*};

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

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    either_side(cx, finding, edit_here(cx, format!("Take `{}` from the contract", finding.data), vec![edit]))
}
