//! `channel/kept-past-erasure`: messages are said to age out in time, and their dead letters do not; or personal data
//! never ages out at all.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{Spanned, Topic},
    values::{
        quantity::durations,
        retention::{Retention, in_words},
        value,
    },
};

use crate::{
    claim::{claims, is_claimed, words},
    prelude::*,
    stated::{is_stated, stated, unmarked},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/kept-past-erasure",
    severity: Severity::Warning,
    summary: "A promise to erase in time leaves out dead letters, or personal data is kept without an end.",
    applies_to: &[Kind::Design, Kind::Contract, Kind::Adr, Kind::FeatureReadme],
    any_dialect: false,
    sources: &["A-378", "A-384", "A-210", "A-274", "E-065"],
    page: include_str!("kept_past_erasure.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, erasure) = (words(cx), claim_words("erasure"));
    if cx.facts().kind == Kind::Contract && !words.has(erasure) {
        kept_for_good(cx, reporter);
    }
    if !words.has(erasure) {
        return;
    }
    for claim in claims(cx) {
        if !words.has_within(erasure, claim.span.range()) || claim_words("dead-letters").are_in(claim.text) {
            continue;
        }
        let times: Vec<f64> = durations(claim.text).into_iter().map(|it| it.1).collect();
        let (kept, limit) = (times.iter().copied().fold(f64::MAX, f64::min), times.iter().copied().fold(0.0, f64::max));
        if times.len() < 2 || kept >= limit {
            continue;
        }
        let all = stated(cx, Topic::DeadLettersKept);
        let Some(dead) = all.iter().max_by_key(|it| it.statement.amount) else { continue };
        let again = is_stated(cx, Topic::Redrive);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (kept, limit) = (kept as u64, limit as u64);
        let total = kept + dead.statement.amount + if again { kept } else { 0 };
        if total <= limit {
            continue;
        }
        let way = if again { ", and once more when they are redriven" } else { "" };
        let message = format!(
            "Dead letters are kept for {} more{way}: a message may stay for {}, not {}, and the limit is {}. Count the \
             whole way.",
            in_words(dead.statement.amount),
            in_words(total),
            in_words(kept),
            in_words(limit)
        );
        let related = cx.related(dead.file, dead.statement.span, "dead letters are kept so long");
        reporter.report(unmarked(&claim), message).related.push(related);
    }
}

/// A contract that keeps messages without an end, under a regime that gives people a right to erasure, and says nothing
/// of how one person's data leave.
fn kept_for_good(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(retention) = document.field(Role::Retention) else { return };
    let said = Retention::of(&retention.text);
    let is_endless = !said.kept.is_empty() && said.kept.iter().all(|it| it.low == u64::MAX);
    if !is_endless || said.compacted || !is_claimed(&without_endless(&retention.text)) {
        return;
    }
    let stated = [document.field(Role::Classification), document.concern(Role::Compliance)];
    let is_personal = |it: &Spanned| {
        let clauses = it.text.split([',', ';', '.']);
        clauses.into_iter().any(|it| claim_words("privacy-regimes").are_in(it) && is_claimed(it))
    };
    let Some(regime) = stated.into_iter().flatten().find(is_personal) else { return };
    let text = &cx.facts().text;
    if ["pseudonymises", "crypto-shreds"].iter().any(|it| claim_words(it).are_in(text)) {
        return;
    }
    let message = format!(
        "Messages are kept without an end, and `{}` holds for them: nobody can be forgotten. Limit the retention, or \
         say how the data of one person leave.",
        value::plain(&regime.text)
    );
    let related = cx.related(cx.file(), regime.span, "what they fall under");
    reporter.report(retention.span, message).related.push(related);
}

/// A text without the words that say that something has no end, which deny nothing else.
fn without_endless(text: &str) -> String {
    claim_words("unbounded").without(&text.to_lowercase().replace("never", "").replace("no expir", "")).into_owned()
}
