//! `channel/dlq-name`: a dead letter channel that is not named after its channel.

use archwright_model::{facts::ChannelRole, values::value};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/dlq-name",
    severity: Severity::Warning,
    summary: "A dead letter channel is not named after its channel.",
    applies_to: &[Kind::Contract],
    any_dialect: false,
    sources: &["A-234", "H-021"],
    page: include_str!("dlq_name.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let suffix = &cx.config().profile().channels.dlq_suffix;
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Contract) {
        let Some(dlq) = &mention.dlq else { continue };
        let expected = format!("{}{suffix}", mention.name.text);
        if is_named_after(&dlq.text, &mention.name.text, suffix)
            || value::is_none(&dlq.text)
            || !is_name(cx.facts(), dlq.span)
        {
            continue;
        }
        let message =
            format!("The dead letter channel of `{}` is `{}` here; name it `{expected}`.", mention.name.text, dlq.text);
        reporter.report(dlq.span, message).data = expected;
    }
}

/// Whether a dead letter channel has the name of its channel with the suffix, be it one of several: between them stands
/// whose it is then, as in `orders.placed.v1.billing.dlq`.
fn is_named_after(dlq: &str, channel: &str, suffix: &str) -> bool {
    let (dlq, suffix) = (dlq.to_lowercase(), suffix.to_lowercase());
    let between = dlq.strip_prefix(&channel.to_lowercase()).and_then(|it| it.strip_suffix(&suffix));
    between.is_some_and(|it| it.is_empty() || it.starts_with(['.', '-', '_']) && it.len() > 1)
}

/// Whether the word is the name of a channel: it is marked as code, or it is dotted or joined and no address. Other
/// words begin a sentence.
pub(super) fn is_name(facts: &FileFacts, span: Span) -> bool {
    let word = facts.slice(span);
    let before = facts.text.get(..span.start as usize).unwrap_or_default();
    let joined =
        word.trim_end_matches('.').contains(['.', '_']) || word.contains('-') && word.to_lowercase().contains("dlq");
    !word.contains([':', '/', '<', '{']) && (before.ends_with('`') || joined)
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Name the dead letter channel `{}`", finding.data), vec![edit]).into_iter().collect()
}
