//! `channel/ordering-key-mismatch`: a design and a contract that name different ordering keys.

use super::{contracts, key_parts};
use crate::{
    facts::{ChannelRole, Spanned},
    index::FileId,
    rules::prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/ordering-key-mismatch",
    severity: Severity::Error,
    summary: "A design and the channel's contract name different ordering keys.",
    applies_to: &[Kind::Design],
    any_dialect: false,
    sources: &["A-120", "A-139"],
    page: include_str!("ordering_key_mismatch.md"),
    check,
    fix: Some(fix),
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for mention in cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Design) {
        let Some(ours) = &mention.ordering_key else { continue };
        let Some(our_parts) = key_parts(&ours.text) else { continue };
        let stated = stated(cx, &mention.name.text);
        let Some((file, theirs, parts)) = stated.first() else { continue };
        if stated.iter().any(|it| it.2 == our_parts) {
            continue;
        }
        let (here, there) = (shown(&our_parts), shown(parts));
        let message = format!("`{}` is ordered by `{here}` here and by `{there}` in its contract; make the two agree.", mention.name.text);
        let related = cx.related(*file, theirs.span, format!("the contract says `{there}`"));
        let finding = reporter.report(ours.span, message);
        finding.related.push(related);
        finding.data = there;
    }
}

/// What the contracts of a channel say of its ordering key, those of this feature first.
fn stated<'a>(cx: &Context<'a>, channel: &str) -> Vec<(FileId, &'a Spanned, Vec<String>)> {
    let mut contracts = contracts(cx, channel);
    contracts.sort_by_key(|it| it.1.captures.feature != cx.facts().captures.feature);
    let keys = contracts.into_iter().filter_map(|(file, _, mention)| {
        let key = mention.ordering_key.as_ref()?;
        Some((file, key, key_parts(&key.text)?))
    });
    keys.collect()
}

/// A key as people write it.
fn shown(parts: &[String]) -> String {
    if parts.is_empty() { "none".to_owned() } else { parts.join(" + ") }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Take `{}` from the contract", finding.data), vec![edit]).into_iter().collect()
}
