//! `channel/missing-contract`: a design that names a channel without a contract.

use super::{base_of_dlq, contracts, near_miss};
use crate::{facts::ChannelRole, rules::prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/missing-contract",
    severity: Severity::Warning,
    summary: "A design names a channel that has no contract.",
    applies_to: &[Kind::Design],
    any_dialect: false,
    sources: &["A-121"],
    page: include_str!("missing_contract.md"),
    check,
    fix: Some(fix),
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design) {
        let name = mention.name.text.as_str();
        // What the grammar refuses is reported for its name only.
        if !cx.config().channel_name().matches(name) || base_of_dlq(cx, name).is_some() || !contracts(cx, name).is_empty() {
            continue;
        }
        if is_announced(cx, mention.name.span) {
            continue;
        }
        let near = near_miss(cx, name);
        let advice = match &near {
            Some(near) if near.other_version => format!("there is one for `{}`; write another or name that channel.", near.name),
            Some(near) => format!("did you mean `{}`?", near.name),
            None => "write one.".to_owned(),
        };
        let finding = reporter.report(mention.name.span, format!("No contract describes `{name}`; {advice}"));
        finding.fixable = near.is_some();
        finding.data = near.map(|it| it.name.to_string()).unwrap_or_default();
    }
}

/// Whether the line says that the contract is yet to be written.
fn is_announced(cx: &Context, span: Span) -> bool {
    let rest = cx.facts().text.get(span.end as usize..).unwrap_or_default();
    rest.lines().next().unwrap_or_default().contains("(not yet written)")
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let other_version = near_miss(cx, cx.facts().slice(finding.span)).is_some_and(|it| it.other_version);
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    let fix = edit_here(cx, format!("Change the channel to `{}`", finding.data), vec![edit]);
    // A new version of a channel is most often just that: its contract is what is missing.
    fix.into_iter().map(|it| Fix { preferred: !other_version, ..it }).collect()
}
