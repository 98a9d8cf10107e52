//! `reliability/short-lease`: a message is handed out again while it is still being handled.

use archwright_knowledge::claim_words;
use archwright_model::values::retention::{Retention, in_words};
use archwright_syntax::markdown::SectionId;

use crate::{
    claim::{claims, is_claimed, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/short-lease",
    severity: Severity::Info,
    summary: "A message is handed out again before those who handle it are done.",
    applies_to: &[Kind::Design, Kind::Contract],
    sources: &["A-145", "A-306", "A-316", "D-C13", "H-041"],
    page: include_str!("short_lease.md"),
    check,
    ..Rule::OURS
};

/// How long something takes, by a clause of a sentence.
struct Time {
    section: SectionId,
    amount: u64,
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
            let said = Retention::of(clause);
            let [kept] = said.kept.as_slice() else { continue };
            let bare = clause.trim_matches(|it: char| it.is_whitespace() || matches!(it, '-' | '|' | ',' | ';' | '.'));
            let begin = start + clause.find(bare).unwrap_or_default();
            let time = Time { section, amount: kept.high, span: Span::new(begin, begin + bare.len()) };
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
        let is_longer = lease.amount >= work.amount || work.amount == u64::MAX;
        if is_longer || claim_words("extends-lease").are_in(body) {
            continue;
        }
        let message = format!(
            "The message is handed out again after {}, while handling it takes {}: it is handled twice. Give it more \
             time than the slowest needs, or extend it meanwhile.",
            in_words(lease.amount),
            in_words(work.amount)
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
        let marks = [", ", "; ", "|", "(", ". "];
        let mark = marks.iter().filter_map(|it| rest.find(it)).min().map(|it| it + 1);
        let turn = TURNS.iter().filter_map(|it| behind.find(it)).min().map(|it| it + 1);
        let end = mark.into_iter().chain(turn).min().unwrap_or(rest.len());
        let (clause, tail) = rest.split_at_checked(end)?;
        rest = tail;
        Some(clause)
    })
}
