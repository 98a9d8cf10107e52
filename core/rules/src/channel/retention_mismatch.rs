//! `channel/retention-mismatch`: a design or an AsyncAPI document that keeps messages longer or shorter than the
//! contract.

use archwright_model::{
    facts::Spanned,
    values::{
        retention::{Retention, in_words},
        value,
    },
};

use super::{claims, described};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/retention-mismatch",
    severity: Severity::Warning,
    summary: "A design or an AsyncAPI document keeps messages for another time than the channel's contract.",
    applies_to: &[Kind::Design, Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-115", "A-210", "A-217", "A-246"],
    page: include_str!("retention_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for mention in described(cx) {
        let Some(ours) = &mention.retention else { continue };
        let our_value = Retention::of(&ours.text);
        let stated = claims(cx, &mention.name.text, |_, it| {
            Some((it.retention.as_ref()?, Retention::of(&it.retention.as_ref()?.text)))
        });
        let Some(claim) = stated.first().filter(|_| stated.iter().all(|it| it.value.contradicts(&our_value))) else {
            continue;
        };
        let (here, there) = (shown(ours, &our_value), value::plain(&claim.at.text));
        let message = format!(
            "The retention of `{}` is `{here}` here and `{there}` in its contract; make the two agree.",
            mention.name.text
        );
        let related = cx.related(claim.file, claim.at.span, format!("the contract says `{there}`"));
        let finding = reporter.report(ours.span, message);
        finding.related.push(related);
        let new = if cx.facts().kind == Kind::Design {
            Some(value::cell(&claim.at.text))
        } else {
            number(ours, &claim.value)
        };
        finding.fixable = new.is_some();
        finding.data = new.unwrap_or_default();
    }
}

/// A retention as people write it; a binding's number in a unit that can be read.
fn shown(written: &Spanned, value: &Retention) -> String {
    match value.exact() {
        Some(exact) if value.kept.len() == 1 => in_words(exact),
        _ => value::plain(&written.text),
    }
}

/// The contract's duration as the number that stands in the binding.
fn number(ours: &Spanned, theirs: &Retention) -> Option<String> {
    let exact = theirs.exact()?;
    let whole = |unit: u64| exact.is_multiple_of(unit).then(|| exact / unit);
    match ours.text.rsplit_once(' ').map(|it| it.1) {
        Some("ms") => Some(exact.to_string()),
        Some("seconds") => whole(1_000).map(|it| it.to_string()),
        Some("minutes") => whole(60_000).map(|it| it.to_string()),
        Some(_) => Some(in_words(exact)),
        // A duration of Google Pub/Sub.
        None => whole(1_000).filter(|_| ours.text.ends_with('s')).map(|it| format!("{it}s")),
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    let here = edit_here(cx, format!("Take `{}` from the contract", finding.data), vec![edit]);
    // The number of a binding is nothing that a contract says.
    if cx.facts().kind == Kind::Design {
        return either_side(cx, finding, here);
    }
    here.into_iter().map(|it| Fix { preferred: false, ..it }).collect()
}
