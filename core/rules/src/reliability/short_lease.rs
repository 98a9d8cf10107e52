//! `reliability/short-lease`: a message is handed out again while it is still being handled.

use archwright_knowledge::claim_words;
use archwright_model::values::{quantity::durations, retention::in_words};
use archwright_syntax::markdown::SectionId;

use crate::{
    claim::{claims, is_claimed, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/short-lease",
    severity: Severity::Warning,
    summary: "A message is handed out again before those who handle it are done.",
    applies_to: &[Kind::Design, Kind::Contract],
    sources: &["A-145", "A-306"],
    page: include_str!("short_lease.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

/// How long something takes, by a clause of a sentence.
struct Time {
    section: SectionId,
    amount: f64,
    span: Span,
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, names) = (words(cx), claim_words("lease-names"));
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| words.has(names)) else { return };
    let (mut leases, mut works): (Vec<Time>, Vec<Time>) = (Vec::new(), Vec::new());
    for claim in claims(cx) {
        let section = tree.section_at(claim.span.start as usize);
        let mut at = claim.span.start as usize;
        for clause in clauses(claim.text) {
            let start = at;
            at += clause.len();
            let lower = clause.to_lowercase();
            let [(place, amount)] = &durations(&lower)[..] else { continue };
            let time = Time { section, amount: *amount, span: Span::new(start + place.start, start + place.end) };
            if words.has_within(names, start..at) {
                leases.push(time);
            } else if claim_words("handling-names").are_in(clause) && is_claimed(clause) {
                works.push(time);
            }
        }
    }
    for lease in &leases {
        // Several times of work in one place are those of several consumers.
        let mut here = works.iter().filter(|it| it.section == lease.section);
        let Some(work) = here.next().filter(|_| here.next().is_none()) else { continue };
        let body = tree.section(lease.section).body.of(&facts.text);
        if lease.amount >= work.amount || claim_words("extends-lease").are_in(body) {
            continue;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (lease_time, work_time) = (lease.amount as u64, work.amount as u64);
        let message = format!(
            "The message is handed out again after {}, while handling it takes {}: it is handled twice. Give it more time \
             than the slowest needs, or extend it meanwhile.",
            in_words(lease_time),
            in_words(work_time)
        );
        let related = cx.related(cx.file(), work.span, "so long it takes");
        reporter.report(lease.span, message).related.push(related);
    }
}

/// The clauses of a sentence, each with what ends it.
fn clauses(sentence: &str) -> impl Iterator<Item = &str> {
    const TURNS: [&str; 6] = [" whilst ", " while ", " although ", " but ", " and ", " whereas "];
    let mut rest = sentence;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let behind = rest.get(1..).unwrap_or_default();
        let mark = rest.find([',', ';', '|', '(']).map(|it| it + 1);
        let turn = TURNS.iter().filter_map(|it| behind.find(it)).min().map(|it| it + 1);
        let end = mark.into_iter().chain(turn).min().unwrap_or(rest.len());
        let (clause, tail) = rest.split_at_checked(end)?;
        rest = tail;
        Some(clause)
    })
}
