//! Answers that are none: those that are put off, and those that deny what they are asked for.

use std::ops::Range;

use archwright_knowledge::{Words, claim_words};

use super::value;

/// An answer of more bytes says something, whatever it puts off.
const LONGEST: usize = 80;

/// Whether an answer is put off and says nothing else: `to be agreed with finance`, `parked until next sprint`, `???`.
pub fn is_put_off(answer: &str) -> bool {
    // What names a day, a number or a place says more.
    let says_more = |it: &str| it.bytes().any(|it| matches!(it, b'`' | b'[' | b'<' | b'0'..=b'9'));
    let more = says_more(answer);
    if more && !answer.contains('?') {
        return false;
    }
    let said = value::shown(answer);
    if !said.is_empty() && said.bytes().all(|it| matches!(it, b'?' | b' ')) {
        return true;
    }
    let said = said.trim_matches(|it: char| !it.is_alphanumeric());
    let is_marked = || answer.bytes().any(|it| matches!(it, b'`' | b'[' | b'<'));
    if said.len() > LONGEST || more && (is_marked() || says_more(said)) {
        return false;
    }
    claim_words("still-open").are_all_of(said)
        || claim_words("put-off").begin(said)
        || claim_words("still-to").begin(said) && near(said, "still-to", "settles", 2).is_some_and(|it| it.start == 0)
}

/// Whether an answer says that there is nothing of what is asked for, by words of which the list has one kind:
/// `no dead letter queue`, `not foreseen`.
pub fn is_denied(answer: &str, things: &str) -> bool {
    if answer.contains('`') {
        return false;
    }
    let said = value::shown(answer);
    let said = said.trim_matches(|it: char| !it.is_alphanumeric());
    // `None, because ...`
    let head = said.split([';', ',', ':', '.', '(', '–', '—']).next().unwrap_or(said);
    let denies = |it: &str| {
        claim_words("refused").begin(it) || near(it, "has-no", things, 2).is_some_and(|part| part.start == 0)
    };
    value::is_none(head) || said.split([';', '.']).map(str::trim).any(denies)
}

/// Whether an answer says that messages are let go: `logged and dropped`.
pub fn lets_go(answer: &str) -> bool {
    // `Nacked without requeue` denies nothing of it.
    let rest = claim_words("lets-go").without(answer);
    let is_let_go = rest.len() < answer.len();
    // Nor does what `cannot be parsed` deny it.
    let rest = claim_words("poison").without(&rest);
    is_let_go && !claim_words("denies").are_in(&rest) && !claim_words("hedged").are_in(&rest)
}

/// Where one of some words is followed by one of others, with at most so many words and no end of a clause between.
pub fn near(said: &str, first: &str, then: &str, between: usize) -> Option<Range<usize>> {
    near_words(said, claim_words(first), claim_words(then), between)
}

fn near_words(said: &str, first: &Words, then: &Words, between: usize) -> Option<Range<usize>> {
    let mut froms = first.all(said).peekable();
    froms.peek()?;
    let then: Vec<Range<usize>> = then.all(said).collect();
    froms.find_map(|from| {
        // What is not near the next of them is not near a later one either.
        let to = then.get(then.partition_point(|it| it.start < from.end))?;
        let gap = said.get(from.end..to.start)?;
        let is_near = gap.split_whitespace().take(between + 1).count() <= between && !gap.contains(CLAUSE_ENDS);
        is_near.then_some(from.start..to.end)
    })
}

/// What a clause ends with.
pub const CLAUSE_ENDS: [char; 7] = ['.', ';', ',', ':', '!', '?', '|'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_off_is_told_from_what_is_said() {
        for answer in [
            "to be agreed with finance",
            "not known yet",
            "Not yet decided.",
            "we will see",
            "parked until next sprint",
            "??",
            "unknown",
            "still under discussion",
            "has yet to be worked out",
            "pending",
            "follows",
            "left open",
        ] {
            assert!(is_put_off(answer), "{answer}");
        }
        for answer in [
            "none",
            "",
            "not applicable",
            "parked in a side queue until the provider is back",
            "to be checked by the `schema-compat` job",
            "decided on 2026-10-01",
            "not used",
            "open to all tenants of the shop",
            "per key, not yet by customer",
        ] {
            assert!(!is_put_off(answer), "{answer}");
        }
    }

    #[test]
    fn what_is_denied_is_told_from_what_is_named() {
        for answer in ["none", "no dead letter queue", "not foreseen; it is thrown away", "not used", "there is no DLQ"]
        {
            assert!(is_denied(answer, "dead-letters"), "{answer}");
        }
        for answer in ["`orders.dlq`", "not before five attempts", "a dead letter queue", "nobody reads the DLQ but us"]
        {
            assert!(!is_denied(answer, "dead-letters"), "{answer}");
        }
    }
}
