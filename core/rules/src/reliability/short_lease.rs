//! `reliability/short-lease`: a message is handed out again while it is still being handled.

use archwright_knowledge::claim_words;
use archwright_model::values::retention::{Retention, in_words};
use archwright_syntax::markdown::SectionId;

use crate::{
    claim::{Claim, claims, is_claimed, words},
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

impl Time {
    /// The only time that a clause names, and where the clause says it.
    fn of(section: SectionId, (start, clause): (usize, &str)) -> Option<Self> {
        let said = Retention::of(clause);
        let [kept] = said.kept.as_slice() else { return None };
        let bare = clause.trim_matches(|it: char| it.is_whitespace() || matches!(it, '-' | '|' | ',' | ';' | '.'));
        let begin = start + clause.find(bare).unwrap_or_default();
        Some(Self { section, amount: kept.high, span: Span::new(begin, begin + bare.len()) })
    }
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, names) = (words(cx), claim_words("lease-names"));
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| words.has(names)) else { return };
    let claims = claims(cx);
    let is_lease = |it: &(usize, &str)| words.has_within(names, it.0..it.0 + it.1.len());
    let mut leases: Vec<Time> = Vec::new();
    for claim in claims.iter().filter(|it| words.has_within(names, it.span.range())) {
        let section = tree.section_at(claim.span.start as usize);
        leases.extend(clauses(claim).filter(is_lease).filter_map(|it| Time::of(section, it)));
    }
    if leases.is_empty() {
        return;
    }
    let handling = claim_words("handling-names");
    let is_work = |it: &(usize, &str)| !is_lease(it) && handling.are_in(it.1);
    let mut works: Vec<Time> = Vec::new();
    for claim in &claims {
        let section = tree.section_at(claim.span.start as usize);
        if leases.iter().any(|it| it.section == section) && handling.are_in(claim.text) {
            let work = clauses(claim).filter(is_work).filter(|it| is_claimed(it.1));
            works.extend(work.filter_map(|it| Time::of(section, it)));
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

/// The clauses of a sentence, each with what ends it and with where it stands in the file.
fn clauses<'t>(claim: &Claim<'t>) -> impl Iterator<Item = (usize, &'t str)> {
    const TURNS: [&str; 6] = [" whilst ", " while ", " although ", " but ", " and ", " whereas "];
    let (mut rest, mut at) = (claim.text, claim.span.start as usize);
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
        let start = at;
        at += clause.len();
        Some((start, clause))
    })
}
