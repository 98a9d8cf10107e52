//! `channel/kept-past-erasure`: messages are said to age out in time, and their dead letters do not.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::Topic,
    values::{quantity::durations, retention::in_words},
};

use crate::{
    claim::{claims, words},
    prelude::*,
    stated::{is_stated, stated, unmarked},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/kept-past-erasure",
    severity: Severity::Warning,
    summary: "A promise to erase in time leaves out how long dead letters are kept.",
    applies_to: &[Kind::Design, Kind::Contract, Kind::Adr, Kind::FeatureReadme],
    any_dialect: false,
    sources: &["A-378", "A-384"],
    page: include_str!("kept_past_erasure.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, erasure) = (words(cx), claim_words("erasure"));
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
