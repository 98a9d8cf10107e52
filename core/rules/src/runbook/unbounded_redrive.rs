//! `runbook/unbounded-redrive`: a step that sends messages again without a limit.

use std::cell::LazyCell;

use archwright_knowledge::claim_words;
use archwright_model::facts::{Step, prose};
use archwright_syntax::markdown::CodeBlock;

use super::steps::{is_drawing, is_pace, is_paced, steps, takes_an_id};
use crate::{
    claim::{Claim, is_claimed, place_of, words},
    prelude::*,
    stated::named,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/unbounded-redrive",
    severity: Severity::Warning,
    summary: "A step or a contract lets messages be sent again with no rate that holds them back.",
    applies_to: &[Kind::Contract, Kind::Runbook],
    any_dialect: true,
    sources: &["A-144", "A-334", "A-093", "A-218", "A-344", "A-346"],
    page: include_str!("unbounded_redrive.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    if cx.facts().kind == Kind::Contract {
        replayed_at_once(cx, reporter);
        return;
    }
    let (words, redrives, paced) = (words(cx), claim_words("redrives"), claim_words("paced"));
    let Some(document) = cx.by_role() else { return };
    // What is replayed may be anything: a log, a recording, a game.
    if !words.has(claim_words("dead-letters")) && !names_set_aside(document) {
        return;
    }
    let part = |it: Span| it.range();
    // A rate that stands anywhere with what it is for counts for all steps.
    let names_rate = |it: &prose::Sentence| {
        let span = it.at..it.at + it.text.len();
        words.has_within(redrives, span.clone())
            && words.has_within(paced, span)
            && paced.all(it.text).any(|rate| is_pace(it.text, &rate))
    };
    // What a command that sends them again is given says how fast it goes, too.
    let names_both = |it: &CodeBlock| {
        let words_of = |kind| words.has_within(kind, part(it.content));
        let goes_slowly = || words_of(paced) || takes_an_id(it.content.of(document.text));
        words_of(redrives) && goes_slowly() && !is_drawing(it, document.text)
    };
    let in_code = || document.tree.code_blocks.iter().any(names_both);
    let is_paced_anywhere =
        LazyCell::new(|| in_code() || words.has(paced) && prose::sentences(cx.facts()).iter().any(names_rate));
    let has = |kind: &str, it: &Step| words.has_within(claim_words(kind), part(it.content));
    let steps = steps(cx);
    for step in steps.0.iter().filter(|it| has("redrives", it) || has("moves", it)) {
        if matches!(step.role, Some(Role::StopCriteria | Role::Safety | Role::Verification | Role::PostIncident)) {
            continue;
        }
        let claim = Claim { text: step.content.of(document.text), span: step.content };
        let said = prose::without_names(claim.text);
        let all = claim_words("all-at-once").are_in(&said) && !paced.are_in(&said);
        // `Start the redrive with no limit` names the replay, and how fast it goes.
        let is_told =
            is_told_to_redrive(&said) || returns_all(&without_quotes(claim.text)) || all && redrives.are_in(&said);
        // `With no throttle` denies nothing of it.
        let bare = if all { claim_words("all-at-once").without(claim.text) } else { claim.text.into() };
        if !is_told || !is_claimed(&bare) || !all && (*is_paced_anywhere || is_paced(cx, document, step)) {
            continue;
        }
        reporter.report(place_of(&claim, "redrives"), TOO_FAST.to_owned());
        return;
    }
}

/// Whether a document names a channel of messages that failed: `` `statements.failed` ``.
fn names_set_aside(document: &ByRole) -> bool {
    let is_name = |it: &str| it.chars().all(|it| it.is_alphanumeric() || matches!(it, '.' | '-' | '_'));
    document.tree.code_spans.iter().map(|it| it.of(document.text).trim_matches('`')).any(|name| {
        let parts = name.rsplit_once(['.', '-', '_']).filter(|it| !it.0.is_empty() && is_name(name));
        parts.is_some_and(|it| claim_words("set-aside-names").are_all_of(it.1))
    })
}

/// A contract whose messages may be replayed all at once, or as fast as it goes.
fn replayed_at_once(cx: &Context, reporter: &mut Reporter) {
    let Some(replay) = cx.by_role().and_then(|it| it.field(Role::Replay)) else { return };
    let claim = Claim { text: &replay.text, span: replay.span };
    let said = prose::without_names(claim.text);
    let rest = claim_words("all-at-once").without(&said);
    if rest.len() == said.len() || claim_words("paced").are_in(&rest) || !is_claimed(&rest) {
        return;
    }
    reporter.report(place_of(&claim, "all-at-once"), TOO_FAST.to_owned());
}

/// What is said of messages that are sent again with no limit.
const TOO_FAST: &str = "Sent again as fast as it goes, old messages overrun consumers that have just recovered. Name \
    the rate, and try it with a few first.";

/// Whether messages are moved `back to the queue`: the clause begins with what moves them.
fn moves_before(before: &str, step: &str, place: &std::ops::Range<usize>) -> bool {
    let is_back = step.get(place.clone()).is_some_and(|it| it.to_lowercase().starts_with("back "));
    let clause = before.rsplit([',', '.', ';', ':']).next().unwrap_or_default().trim_start();
    let mut words = clause.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    let first = words.find(|it| !claim_words("leads-on").are_all_of(it)).unwrap_or_default();
    is_back && claim_words("moves").are_all_of(first)
}

/// A step without the sentences that it quotes, in quotes or in code; names stay.
fn without_quotes(step: &str) -> String {
    let mut kept = String::with_capacity(step.len());
    for (number, piece) in step.split(['"', '`']).enumerate() {
        let is_sentence = number % 2 == 1 && piece.contains(' ');
        if number % 2 == 1 && !is_sentence {
            kept.extend(["`", piece, "`"]);
        } else if !is_sentence {
            kept.push_str(piece);
        }
    }
    kept
}

/// Whether a step brings many messages back to where they came from: `Bring all parked events back into the topic`.
fn returns_all(step: &str) -> bool {
    let is = |kind: &str, word: &str| claim_words(kind).are_all_of(word);
    let clauses = step.split(". ").flat_map(|it| it.split([';', ':'])).map(str::trim_start);
    // `Fix the consumer and push everything back` has two of them.
    let parts = step.split(". ").flat_map(|it| it.split([';', ':', ','])).flat_map(|it| it.split(" and "));
    clauses.chain(parts.map(str::trim_start)).filter(|it| !it.is_empty()).any(|clause| {
        let mut words = clause.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        let first = words.find(|it| !is("leads-on", it)).unwrap_or_default();
        let begins = is("moves", first);
        let rest = clause.split_once(first).map_or("", |it| it.1);
        let goes_back = claim_words("goes-back").are_in(rest);
        let one = rest.trim_start();
        let is_one = claim_words("one-message").begin(one);
        let is_many = claim_words("crowd-of-messages").are_in(clause) || claim_words("all-at-once").are_in(step);
        let is_message = ["message", "dead-letters", "crowd-nouns"].iter().any(|it| claim_words(it).are_in(clause))
            || named(clause).iter().any(|it| it.name.contains('.'));
        begins && goes_back && is_many && is_message && !is_one
    })
}

/// Whether a step tells its reader to send messages again: `Fix the consumer, then redrive`. A replay that is only
/// mentioned is a noun, and so is one that has a name behind it, such as `replay attack`; one message is no crowd.
fn is_told_to_redrive(step: &str) -> bool {
    claim_words("redrives").all(step).any(|it| {
        let before = step.get(..it.start).unwrap_or_default();
        let word = before.trim_end_matches(|it: char| !it.is_alphanumeric()).rsplit(char::is_whitespace).next();
        let word = word.unwrap_or_default().to_lowercase();
        let begins = before.trim().is_empty() || before.trim_end().ends_with(['.', ':', '*']);
        let is_led =
            before.ends_with(' ') && claim_words("leads-on").are_all_of(&word) || moves_before(before, step, &it);
        let written = step.get(it.clone()).unwrap_or_default();
        let is_name = !begins && written.starts_with(char::is_uppercase);
        // `Move them back` says what is moved.
        let says_what = written.contains(' ');
        let behind = step.get(it.end..).unwrap_or_default().trim_start_matches(['*', ' ', ',']);
        let next = behind.split(|it: char| !(it.is_alphanumeric() || it == '-')).next().unwrap_or_default();
        let is_one = claim_words("one-message").begin(behind);
        let at_once = claim_words("all-at-once").begin(behind);
        let is_many = says_what || at_once || claim_words("redriven").are_all_of(next) && !is_one;
        let ends = behind.trim_end_matches(|it: char| !it.is_alphanumeric()).is_empty();
        !is_name && (begins && is_many || is_led && (is_many || ends))
    })
}
