//! `channel/partition-mismatch`: a design or an AsyncAPI document with another number of partitions than the contract.

use super::{claims, described, idle_consumers::counted, told_windows::of_asyncapi};
use crate::{
    claim::{claims as sentences, is_claimed, weighed},
    prelude::*,
    stated::unmarked,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/partition-mismatch",
    severity: Severity::Warning,
    summary: "A design or an AsyncAPI document gives a channel another number of partitions than its contract.",
    applies_to: &[Kind::Design, Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-115", "A-216"],
    page: include_str!("partition_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    if !cx.facts().opted_in() && cx.facts().kind == Kind::Design {
        in_sentences(cx, reporter);
    }
    for mention in described(cx) {
        let Some(ours) = &mention.partitions else { continue };
        let Ok(number) = ours.text.parse::<u32>() else { continue };
        let stated = claims(cx, &mention.name.text, |_, it| {
            Some((it.partitions.as_ref()?, it.partitions.as_ref()?.text.parse::<u32>().ok()?))
        });
        let Some(claim) = stated.first().filter(|_| stated.iter().all(|it| it.value != number)) else { continue };
        let message = format!(
            "`{}` has {number} partitions here and {} in its contract; make the two agree.",
            mention.name.text, claim.value
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says {}", claim.value));
        let finding = reporter.report(ours.span, message);
        finding.related.push(related);
        finding.data = claim.value.to_string();
    }
}

/// A sentence of a design of another form on one channel that counts its partitions, where an AsyncAPI document counts
/// others.
fn in_sentences(cx: &Context, reporter: &mut Reporter) {
    let weighed = weighed(cx);
    for claim in sentences(cx).iter().filter(|it| it.text.contains('`') && it.text.contains("artitions")) {
        let Some((_, number)) = counted(claim.text, "partition-words") else { continue };
        let Some((channel, other, at)) = of_asyncapi(cx, claim, |it| {
            let stated = it.partitions.as_ref()?;
            Some((stated.text.parse::<u32>().ok()?, stated))
        }) else {
            continue;
        };
        let is_elsewhere = weighed.iter().any(|it| it.contains(claim.span)) || claim.text.contains('|');
        if other == number || is_elsewhere || !is_claimed(claim.text) {
            continue;
        }
        let message = format!(
            "`{channel}` has {number} partitions here and {other} in its AsyncAPI document; make the two agree."
        );
        let related = cx.related(at.0, at.1, format!("{other} partitions"));
        let finding = reporter.report(unmarked(claim), message);
        finding.fixable = false;
        finding.related.push(related);
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    either_side(cx, finding, edit_here(cx, format!("Take {} from the contract", finding.data), vec![edit]))
}
