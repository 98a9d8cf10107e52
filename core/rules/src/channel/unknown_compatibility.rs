//! `channel/unknown-compatibility`: a compatibility mode that no registry knows.

use archwright_model::{
    facts::{ChannelRole, Spanned},
    values::value,
};

use crate::{evolution::Mode, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/unknown-compatibility",
    severity: Severity::Warning,
    summary: "A compatibility mode is none that schema registries know.",
    applies_to: &[Kind::Contract, Kind::Design, Kind::Asyncapi, Kind::Schema],
    any_dialect: false,
    sources: &["A-147", "A-321", "A-329"],
    page: include_str!("unknown_compatibility.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let modes: Vec<String> = Mode::ALL.iter().map(|it| it.name().to_uppercase()).collect();
    for mention in &cx.facts().channels {
        let Some(written) = &mention.compatibility else { continue };
        if Mode::of_name(&written.text).is_some() || value::is_none(&written.text) || value::is_unknown(&written.text) {
            continue;
        }
        let near = nearest(&written.text.replace(['-', ' '], "_"), modes.iter().map(String::as_str));
        if near.is_none() && !is_name(written, mention.role) {
            continue;
        }
        let advice = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the modes are {}.", enumerate(&modes, "and")),
        };
        let text =
            format!("`{}` is no compatibility mode, so changes are checked against `BACKWARD`; {advice}", written.text);
        let finding = reporter.report(written.span, text);
        finding.fixable = near.is_some() && cx.facts().slice(written.span) == written.text;
        finding.data = near.map(str::to_owned).unwrap_or_default();
    }
}

/// Whether the word is meant as the name of a mode: in data it is, in documents if it has only capitals. Other words
/// begin a sentence.
fn is_name(written: &Spanned, role: ChannelRole) -> bool {
    let in_data = matches!(role, ChannelRole::AsyncApi | ChannelRole::Schema);
    let shouted = written.text.len() > 3 && written.text.chars().all(|it| it.is_ascii_uppercase() || it == '_');
    in_data && !written.text.contains(' ') || shouted
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Write `{}`", finding.data), vec![edit]).into_iter().collect()
}
