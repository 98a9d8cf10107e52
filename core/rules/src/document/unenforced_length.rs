//! `document/unenforced-length`: a limit on the length of names that the pattern of the same standard lets through.

use archwright_knowledge::claim_words;
use archwright_model::values::quantity::measured;

use crate::{
    claim::{claims, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/unenforced-length",
    severity: Severity::Warning,
    summary: "A standard limits the length of names, and its pattern does not.",
    applies_to: &[Kind::Standard],
    any_dialect: true,
    sources: &["A-101"],
    page: include_str!("unenforced_length.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, lengths) = (words(cx), claim_words("lengths"));
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| words.has(lengths)) else { return };
    let in_blocks = tree.code_blocks.iter().flat_map(|it| {
        let start = it.content.start as usize;
        let text = facts.slice(it.content);
        text.lines().map(move |line| (line.as_ptr() as usize - text.as_ptr() as usize + start, line))
    });
    let in_spans = tree.code_spans.iter().map(|it| (it.start as usize, facts.slice(*it)));
    let patterns: Vec<(usize, &str)> = in_spans.chain(in_blocks).filter(|it| is_pattern(bare(it.1))).collect();
    // Of several patterns one may be for another name.
    let [(at, pattern)] = patterns.as_slice() else { return };
    if bare(pattern).contains('{') || bare(pattern).contains("(?") {
        return;
    }
    let span = Span::new(*at, at + pattern.len());
    for claim in claims(cx) {
        if !words.has_within(lengths, claim.span.range()) || !claim_words("at-most").are_in(claim.text) {
            continue;
        }
        let limit = measured(claim.text).into_iter().find(|it| {
            let behind = claim.text.get(it.digits.end..).unwrap_or_default().trim_start();
            lengths.begin(behind)
        });
        let Some(limit) = limit else { continue };
        let message = format!(
            "The limit of {} is not in the pattern that is checked, which lets names of any length through. Check the \
             length too.",
            limit.amount
        );
        let start = claim.span.start as usize + limit.digits.start;
        let place = Span::new(start, start + limit.digits.len());
        reporter.report(place, message).related.push(cx.related(cx.file(), span, "the pattern"));
    }
}

fn bare(code: &str) -> &str {
    code.trim().trim_matches('`').trim()
}

/// Whether a text in code is a pattern of whole names.
fn is_pattern(code: &str) -> bool {
    code.len() > 6 && code.starts_with('^') && code.ends_with('$') && code.contains('[')
}
