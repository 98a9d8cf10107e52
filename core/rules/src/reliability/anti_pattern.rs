//! `reliability/anti-pattern`: a document claims to do what takes reliability away.

use archwright_knowledge::claim_words;
use archwright_model::facts::prose;

use crate::{
    claim::{claims, clause_behind, is_claimed, is_withdrawn, near, weighed, without, words},
    diagram::{self, Arrow},
    prelude::*,
    stated::unmarked,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/anti-pattern",
    severity: Severity::Info,
    summary: "A message is acknowledged before its work, one transaction spans services, or a chain of them waits.",
    applies_to: &[
        Kind::Design,
        Kind::Contract,
        Kind::Adr,
        Kind::Rfc,
        Kind::FeatureReadme,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    any_dialect: true,
    sources: &["A-250", "A-254", "A-256", "A-119", "A-136", "A-238", "A-370"],
    page: include_str!("anti_pattern.md"),
    check,
    ..Rule::OURS
};

/// What is claimed, and what it costs.
struct Practice {
    /// Where the words end that claim it.
    ends: fn(&str) -> Option<usize>,
    message: &'static str,
}

const PRACTICES: [Practice; 4] = [
    Practice {
        ends: locks_for_ever,
        message: "Whoever dies with this lock in hand locks out all others for good. Give it a time after which it is \
            free again, and a fencing token against those who come back late.",
    },
    Practice {
        ends: acknowledges_early,
        message: "A crash between the acknowledgement and the work loses the message, and nobody notices. Acknowledge \
            after the work, or after the message is in the dead letters.",
    },
    Practice {
        ends: spans_services,
        message: "One transaction over services and brokers holds locks until the slowest has answered, and stops all \
            of them when one does not. Write into an outbox in a local transaction, and compensate what fails.",
    },
    Practice {
        ends: shares_database,
        message: "Whoever reads the tables of another service is broken by each change of them, and nobody tells. Ask \
            the service, or keep a copy from its events.",
    },
];

fn check(cx: &Context, reporter: &mut Reporter) {
    waits_in_a_row(cx, reporter);
    let words = words(cx);
    let listens = claim_words("practice-words");
    if !words.has(listens) {
        return;
    }
    let places = weighed(cx);
    for claim in claims(cx).iter().filter(|it| words.has_within(listens, it.span.range())) {
        let is_elsewhere = places.iter().any(|it| it.contains(claim.span));
        let said = prose::without_names(claim.text);
        let found = PRACTICES.iter().find_map(|it| Some((it, (it.ends)(&said)?)));
        let Some((practice, end)) = found.filter(|_| !is_elsewhere) else { continue };
        if !cx.facts().opted_in() && !is_told_in_full(&said) {
            continue;
        }
        // What the next clause denies is another matter: `directly, no copy needed`.
        let clause = said.get(..end + clause_behind(&said, end).len()).unwrap_or_default();
        // A row that ends in its verdict claims nothing.
        let is_all = is_asked_or_struck(claim.text) || claim_words("turned-down").are_in(claim.text);
        // `Has no expiry` denies nothing of the lock.
        let bare = near(clause, "nots", "lock-ends", 3).map_or_else(|| clause.to_owned(), |it| without(clause, &it));
        if !is_all && is_claimed(&bare) && !claim_words("told-harm").are_in(&said) {
            reporter.report(unmarked(claim), practice.message.to_owned());
        }
    }
}

/// A sequence diagram in which a caller waits for a call that waits for another one that waits in turn.
fn waits_in_a_row(cx: &Context, reporter: &mut Reporter) {
    /// So many calls that wait for one another are a chain.
    const CHAIN: usize = 3;
    let facts = cx.facts();
    let Some(document) = cx.by_role().filter(|_| facts.opted_in() && facts.text.contains("sequenceDiagram")) else {
        return;
    };
    let places = weighed(cx);
    for block in document.tree.code_blocks.iter().filter(|it| !places.iter().any(|place| place.contains(it.span))) {
        let mut open: Vec<Arrow> = Vec::new();
        for arrow in diagram::sequence(&facts.text, block) {
            // An answer ends the call, and so does another call by whoever made it.
            while open.last().is_some_and(|it| it.to != arrow.from) {
                open.pop();
            }
            if open.last().is_some_and(|it| it.from == arrow.to) {
                open.pop();
            } else if is_call(arrow.label) && arrow.from != arrow.to {
                open.push(arrow);
                if open.len() == CHAIN {
                    let names: Vec<&str> = open.iter().map(|it| it.from).chain([arrow.to]).collect();
                    let message = format!(
                        "{} wait for one another: the slowest makes all of them slow, and each that is down stops \
                         all. Let one of the calls be a message, or keep a copy of what is asked for.",
                        names.join(" → ")
                    );
                    reporter.report(arrow.span, message);
                }
            }
        }
    }
}

/// Whether the label of an arrow is a call whose answer is waited for: `POST /quotes`, `gRPC Reserve`.
fn is_call(label: &str) -> bool {
    const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HTTP", "gRPC", "REST", "RPC"];
    label.split(|it: char| !it.is_alphanumeric()).find(|it| !it.is_empty()).is_some_and(|it| METHODS.contains(&it))
}

/// Whether a sentence says what is done, and not only what it is called: documents of others name practices in lists of
/// what they turn away from, and protocols have acknowledgements of their own.
fn is_told_in_full(said: &str) -> bool {
    let has = |kind: &str| claim_words(kind).are_in(said);
    let works = has("work-on-messages") || has("works-on-it");
    let works_later = has("then") && works && acknowledges_early(said).is_some();
    works_later || has("one-transaction") && has("two-phase")
}

/// Whether a whole sentence asks, is struck out, or tells what would be.
fn is_asked_or_struck(sentence: &str) -> bool {
    let is_condition = sentence.split(|it: char| !it.is_alphanumeric()).any(|it| it.eq_ignore_ascii_case("if"));
    sentence.trim_end().ends_with('?') || is_withdrawn(sentence) || is_condition
}

/// `The ack goes out on receipt, ahead of the database write`.
fn acknowledges_early(said: &str) -> Option<usize> {
    let at_once = near(said, "acknowledges", "before-the-work", 5).map(|it| it.end);
    at_once.or_else(|| {
        let end = near(said, "acknowledges", "ahead-of", 5)?.end;
        claim_words("work-on-messages").are_in(clause_behind(said, end)).then_some(end)
    })
}

/// `The lock has no expiry and stays until its holder gives it back`.
fn locks_for_ever(said: &str) -> Option<usize> {
    let denied = near(said, "nots", "lock-ends", 3).or_else(|| claim_words("held-for-ever").first(said))?;
    let clause = said.get(..denied.end)?.rsplit([';', '.']).next().unwrap_or_default();
    claim_words("locks").are_in(clause).then_some(denied.end)
}

/// `Both databases and the broker are committed together under one XA transaction`.
fn spans_services(said: &str) -> Option<usize> {
    // `A saga replaces the distributed transaction` turns away from it.
    let turns = claim_words("turns-away").are_in(said);
    let named = near(said, "takes-part", "two-phase", 3).map(|it| it.end).filter(|_| !turns);
    named.or_else(|| {
        let end = near(said, "one-transaction", "spans-over", 4)?.end;
        claim_words("several-stores").are_in(clause_behind(said, end)).then_some(end)
    })
}

/// `Basket reads the stock database of the warehouse directly`.
fn shares_database(said: &str) -> Option<usize> {
    let named = claim_words("shared-database").first(said).map(|it| it.end);
    named.or_else(|| {
        let part = near(said, "reaches-into", "tables-of-others", 4)?;
        let behind = said.get(part.end..)?;
        let clause = clause_behind(said, part.start);
        let is_of_another = behind.trim_start().starts_with("of ") || clause.contains("'s ") || clause.contains("’s ");
        (is_of_another && claim_words("past-the-service").are_in(clause)).then_some(part.end)
    })
}

#[cfg(test)]
mod tests {
    use super::{acknowledges_early, shares_database, spans_services};

    #[test]
    fn practices_are_told_by_what_they_do() {
        for said in [
            "The ack goes out on receipt, ahead of the database write.",
            "The offset is committed before the handler runs.",
            "Messages are acknowledged as soon as they are received.",
            "The consumer acks first and works afterwards.",
        ] {
            assert!(acknowledges_early(said).is_some(), "{said}");
        }
        for said in [
            "The offset is committed after the row is written.",
            "The message is acknowledged before the next one is fetched.",
            "Acknowledged on the same connection.",
        ] {
            assert!(acknowledges_early(said).is_none(), "{said}");
        }
        let one = "Basket database, stock database and broker are committed together under one XA transaction.";
        assert!(spans_services(one).is_some());
        assert!(spans_services("A saga in place of distributed transactions.").is_none());
        assert!(spans_services("A single transaction spans the order service and the payment service.").is_some());
        assert!(spans_services("Row and event are saved in one transaction.").is_none());
        assert!(
            shares_database("Basket reads the stock database of the warehouse directly, no copy needed.").is_some()
        );
        assert!(shares_database("Both services share one database.").is_some());
        assert!(shares_database("Basket reads its own tables directly.").is_none());
        assert!(shares_database("The report reads the replica of the order table.").is_none());
    }
}
