//! Documents in which every word that makes a rule listen stands denied, quoted, rejected, past, as an example or as a
//! template, one of each kind: nothing is found in them.

use std::{collections::BTreeSet, fs};

use archwright_analysis::{Kind, rules::rule};
use archwright_knowledge::claim_words;

use crate::{Bench, samples};

/// The kinds of words by which a rule begins to listen, and the kinds of documents in which it does.
const TRAPS: &[(&str, &[Kind])] = &[
    ("unbounded", &[Kind::Design, Kind::Contract]),
    ("retry", &[Kind::Design, Kind::Contract]),
    ("exactly-once", &[Kind::Design, Kind::Contract]),
    ("at-most-once", &[Kind::Design, Kind::Contract]),
    ("no-loss", &[Kind::Design, Kind::Contract]),
    ("total-order", &[Kind::Design, Kind::Contract]),
    ("unneeded", &[Kind::Design, Kind::Contract]),
    ("stores", &[Kind::Design, Kind::Contract, Kind::Adr]),
    ("tells", &[Kind::Design, Kind::Contract, Kind::Adr]),
    ("then", &[Kind::Design, Kind::Contract, Kind::Adr]),
    ("after", &[Kind::Design, Kind::Contract, Kind::Adr]),
    ("alerts", &[Kind::Design, Kind::Contract]),
    ("signals", &[Kind::Design, Kind::Contract]),
    ("dead-letters", &[Kind::Design, Kind::Contract, Kind::Runbook]),
    ("vague", &[Kind::Runbook, Kind::Launch]),
    ("unmeasured", &[Kind::Runbook, Kind::Launch]),
    ("redrives", &[Kind::Runbook]),
    ("all-at-once", &[Kind::Runbook]),
    ("anybody", Kind::DOCUMENTS),
    ("to-come", &[Kind::Launch]),
    ("hollow", &[Kind::Design]),
    ("hollow-by", &[Kind::Design]),
    ("hollow-end", &[Kind::Design]),
    ("backoff", &[Kind::Design, Kind::Contract, Kind::Adr, Kind::Standard]),
    ("capped", &[Kind::Design, Kind::Contract, Kind::Adr, Kind::Standard]),
    ("weekdays", Kind::DOCUMENTS),
];

/// The kinds of words by which a rule is told what is meant, where it looks, or what excuses it.
const HELPERS: &[&str] = &[
    "at-least-once",
    "attempts",
    "beside-pauses",
    "bounded-once",
    "compared",
    "dated",
    "definite",
    "delivered",
    "denies",
    "done-to",
    "doubling",
    "ends",
    "exponential",
    "factor",
    "filler",
    "first-pause",
    "glossary-titles",
    "harmless-twice",
    "hedged",
    "impressions",
    "leads-on",
    "lease-names",
    "may-wait",
    "meaning-columns",
    "message",
    "moves",
    "once",
    "one-lane",
    "one-message",
    "ordered",
    "other-bounds",
    "other-once",
    "owned",
    "owner-names",
    "paced",
    "practice-words",
    "reads",
    "redriven",
    "repeats",
    "rights",
    "settled",
    "spans",
    "state",
    "stops",
    "team-columns",
    "team-facts",
    "team-titles",
    "tells-why",
    "term-columns",
    "together",
    "told-harm",
    "until",
    "whole",
    "writes",
];

/// The kinds of words that tell something only beside others.
const BESIDE: &[&str] = &[
    "acknowledges",
    "ahead-of",
    "alert-columns",
    "any-key",
    "anyone-at-all",
    "anything-goes",
    "arrives",
    "at-first",
    "at-once",
    "bears-loss",
    "before-the-work",
    "begins-life",
    "beside-results",
    "breaks-fields",
    "called",
    "checklist-subjects",
    "choice-columns",
    "consumes",
    "copies",
    "crowd-nouns",
    "crowd-of-messages",
    "crowds",
    "decision-fillers",
    "delivery-words",
    "diagram-brokers",
    "diagram-roles",
    "diagram-stores",
    "does-it",
    "each-of",
    "ends-life",
    "escalations",
    "extends-lease",
    "failed-times",
    "fields",
    "fixes-forward",
    "for-each-channel",
    "fresh",
    "gate-words",
    "gates",
    "gets",
    "gives-new-ids",
    "gives-word",
    "goes-back",
    "goes-on",
    "gone-through",
    "group-words",
    "groups",
    "handles-copies",
    "handling-names",
    "harmless-for-sure",
    "has-no",
    "held-for-ever",
    "holds-up",
    "instance-columns",
    "instance-words",
    "is-the-key",
    "keeps",
    "keeps-a-copy",
    "kept-beside",
    "kept-for",
    "key-words",
    "keyed-by",
    "letters",
    "limits",
    "lock-ends",
    "locks",
    "loses",
    "lost",
    "maybe",
    "mended-by-hand",
    "message-ids",
    "mode-words",
    "needs-no-undo",
    "new-ids",
    "new-version",
    "no-end-yet",
    "no-mode",
    "nobodies",
    "nobody-checks",
    "nobodys",
    "none-here",
    "nots",
    "number-words",
    "occurs",
    "once-goes-on",
    "once-more",
    "one-transaction",
    "only",
    "open-matters",
    "open-words",
    "opens-condition",
    "others",
    "overtakes",
    "owner-is",
    "partition-columns",
    "partition-things",
    "partition-words",
    "past",
    "past-the-service",
    "pauses",
    "pays",
    "perseveres",
    "points-elsewhere",
    "pronouns",
    "put-off",
    "qualities",
    "reaches-back",
    "reaches-into",
    "recovery-words",
    "refused",
    "relative-past",
    "relays",
    "replay-words",
    "roles-of-people",
    "ruled-out",
    "schema-promises",
    "sends-itself",
    "service-words",
    "settles",
    "several-stores",
    "shared-by",
    "shared-database",
    "signs-of-bad-messages",
    "signs-of-delivery",
    "signs-of-failure-boundary",
    "signs-of-idempotency",
    "signs-of-measure",
    "signs-of-observability",
    "signs-of-ordering",
    "signs-of-retry",
    "signs-of-schema-evolution",
    "spans-over",
    "stand-ins",
    "stays-open",
    "still-open",
    "still-to",
    "succeeds",
    "swaps",
    "tables-of-others",
    "takes-copies",
    "takes-part",
    "throws-away",
    "tidies",
    "times",
    "told-of",
    "transitions",
    "tries-columns",
    "turned-down",
    "turns-away",
    "two-phase",
    "unconfirmed",
    "undo-columns",
    "undoes-nothing",
    "ways-back",
    "work-on-messages",
    "worries",
];

/// The kinds of words of the rules that hold one document against another, a contract or the repository. A word alone
/// makes none of them speak; `planted.rs` holds them.
const BETWEEN_DOCUMENTS: &[&str] = &[
    "accepts-risk",
    "alerted-parts",
    "any-of",
    "asserts-formats",
    "at-most",
    "broker-login",
    "broker-things",
    "but-for",
    "by-hand",
    "channel-things",
    "checks-schemas",
    "counted",
    "crypto-shreds",
    "data-things",
    "erasure",
    "every-transition",
    "explained-elsewhere",
    "failure-titles",
    "gate-columns",
    "gate-titles",
    "group-fields",
    "how-long",
    "in-a-pipeline",
    "job-kinds",
    "job-kinds-in-ci",
    "key-is-gone",
    "lanes",
    "lengths",
    "lets-go",
    "links-services",
    "nothing-lost",
    "objective-names",
    "one-of-a-kind",
    "others-go-on",
    "owns-it",
    "page-columns",
    "per-time",
    "personal",
    "phase-before",
    "pipeline-things",
    "poison",
    "privacy-regimes",
    "pseudonymises",
    "published-columns",
    "publishing",
    "risky-steps",
    "script-kinds",
    "softens",
    "still-to-make",
    "still-to-miss",
    "stops-launch",
    "too-old",
    "tried-by-consumers",
    "tries",
    "upkeep",
    "warn-columns",
    "watch-words",
];

#[test]
fn nothing_is_found_in_documents_that_are_right() {
    let bench = Bench::open("all-safe");
    let found: Vec<_> = bench.findings().into_iter().filter(|it| rule(it.0).unwrap().judges_content).collect();
    assert_eq!(found, []);
    let kinds: BTreeSet<Kind> = bench.workspace.files().map(|it| bench.workspace.kind(it)).collect();
    let lacking: Vec<_> = Kind::DOCUMENTS.iter().filter(|it| !kinds.contains(it)).collect();
    assert!(lacking.is_empty(), "there is no all-safe document of {lacking:?}");
}

#[test]
fn every_word_that_a_rule_listens_to_stands_in_one_of_them() {
    let bench = Bench::open("all-safe");
    let mut missing = Vec::new();
    for (kind, documents) in TRAPS {
        let of_kind = bench.workspace.files().filter(|it| documents.contains(&bench.workspace.kind(*it)));
        let texts: Vec<String> = of_kind.map(|it| bench.workspace.text(it).unwrap().to_lowercase()).collect();
        for word in claim_words(kind).list() {
            let is_whole = |text: &str| {
                text.match_indices(word.as_str()).any(|(at, _)| {
                    let before = text[..at].chars().next_back().is_none_or(|it| !it.is_alphanumeric());
                    before && text[at + word.len()..].chars().next().is_none_or(|it| !it.is_alphanumeric())
                })
            };
            if !texts.iter().any(|it| is_whole(it)) {
                missing.push(format!("{kind}: {word}"));
            }
        }
    }
    assert!(missing.is_empty(), "say these in an all-safe document, so that nothing is found: {missing:#?}");
}

/// Whoever adds a kind of words says what it is for.
#[test]
fn every_kind_of_words_is_a_trap_or_a_help() {
    let text = fs::read_to_string(samples().join("../../skills/knowledge/claims.yaml")).unwrap();
    let kinds = text.lines().filter_map(|it| it.strip_prefix("  ")?.split_once(": [")).map(|it| it.0);
    let known = |kind: &str| {
        TRAPS.iter().any(|it| it.0 == kind)
            || HELPERS.contains(&kind)
            || BESIDE.contains(&kind)
            || BETWEEN_DOCUMENTS.contains(&kind)
    };
    let unknown: Vec<&str> = kinds.filter(|it| !known(it)).collect();
    assert!(unknown.is_empty(), "are these words traps, to stand in an all-safe document, or a help? {unknown:?}");
}
