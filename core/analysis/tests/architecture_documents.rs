//! The operation `architecture` beyond single decisions: requests for comments, overviews, plans and reviews by the
//! profile's sections, listed where readers look, and written twice like once.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[allow(dead_code)] // These tests need no cursor.
#[path = "../../rules/src/fixture.rs"]
mod fixture;
mod writing;

use std::fs;

use archwright_analysis::{
    RelPath, Severity,
    operations::{Architecture, ArchitectureRequest, Operation, Plan},
};
use fixture::Fixture;
use serde_json::{Value, json};

const SHOP: &str = "
//- /docs/system/catalog.md
# System catalog

Last updated: 2026-01-01

## Features

| Feature | Owner | Tier | SLO | Compliance | Last reviewed | Index |
| --- | --- | --- | --- | --- | --- | --- |
| orders | team-orders | Prototype | 99.9 % | none | 2026-01-01 | [README](../features/orders/README.md) |

## Cross-cutting concerns

| Concern | Doc | Status |
| --- | --- | --- |
| Capacity | [Capacity](capacity.md) | Active |
| Topology | [Topology](topology.md) | Active |

//- /docs/system/capacity.md
# Capacity

100 messages per second.

//- /docs/system/topology.md
# Topology

| Team | Services |
| --- | --- |
| team-orders | checkout |

//- /docs/features/orders/README.md
# orders

## Service info

- **Owner team**: team-orders
- **SLO**: 99.9 %
- **Tier**: Prototype
- **Last reviewed**: 2026-01-01

## System concerns

- **Owner team**: team-orders
- **Tenancy**: Single tenant
- **Compliance**: none
- **Cost owner**: Commerce
- **Capacity**: 10 orders per second
- **DR posture**: RPO 1 minute, RTO 30 minutes, warm standby
- **Lifecycle**: Created 2026-01-01

## Artifacts

- **Contracts**: [orders.placed.v1](contracts/orders.placed.v1.md)

## Dependencies

- **Upstream**: None.
- **Downstream**: mail

## Channels owned

- orders.placed.v1: produced. See [contract](contracts/orders.placed.v1.md).

//- /docs/features/orders/contracts/orders.placed.v1.md
# Contract: orders.placed.v1

## Summary

- **Status**: Active
- **Date**: 2026-01-01
- **Channel**: `orders.placed.v1`
- **Owner**: team-orders
- **TL;DR**: An order was placed.

## Producer and consumers

- **Producer**: checkout
- **Consumers**: mail
";

fn request(more: Value) -> ArchitectureRequest {
    let mut all = json!({ "title": "Who waits for the payment", "date": "2026-11-29", "feature": "orders" });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

/// Writes as all tests do; what was written has no error, and no warning but that something is open.
fn written(fixture: &Fixture, request: &ArchitectureRequest) -> (String, Plan) {
    let (text, plan) = writing::written(fixture, request);
    for finding in &plan.findings {
        // What is accepted has to answer what it asks.
        let asks = finding.rule == "document/open-placeholder";
        assert!(asks || finding.severity > Severity::Warning, "{finding:?}");
    }
    (text, plan)
}

fn whole(kind: &str) -> Value {
    json!({
        "kind": kind,
        "context": "0.6 % of the orders stay open for more than a day.",
        "decision": "Checkout keeps a record of each order that waits.",
        "chosen": "A record in checkout",
        "alternatives": [{ "name": "Events only", "why": "silence publishes nothing" }, { "name": "A workflow engine" }],
        "drivers": ["Every order is paid or cancelled within 20 minutes."],
        "positive": ["One place to look"],
        "negative": ["Checkout runs a timer"],
        "verification": "A test moves the clock by 16 minutes.",
        "deciders": ["team-orders"],
        "question": "Does a refund wait as well?",
        "due": "2027-01-31",
        "sections": [{ "title": "Rollout", "text": "1. 5 % of the orders; stop at 0.1 % of disputes." },
            { "title": "Glossary", "text": "Waiting: placed and not paid." }],
    })
}

#[test]
fn each_kind_places_every_fact_or_says_that_it_did_not() {
    for kind in ["rfc", "overview", "implementation-plan", "migration-plan", "readiness-review"] {
        let fixture = Fixture::new(SHOP);
        let given = whole(kind);
        let (text, plan) = written(&fixture, &request(given.clone()));
        insta::assert_snapshot!(kind.replace('-', "_"), text);
        let facts = ["context", "decision", "chosen", "verification", "question", "due"].map(|it| &given[it]);
        let lists = ["drivers", "positive", "negative", "deciders"].map(|it| &given[it][0]);
        let more =
            [&given["alternatives"][0]["name"], &given["alternatives"][1]["name"], &given["sections"][0]["text"]];
        for fact in facts.into_iter().chain(lists).chain(more) {
            assert!(
                text.contains(fact.as_str().unwrap().trim_end_matches('.')),
                "{kind}: {fact} is neither placed nor told"
            );
        }
        assert!(plan.files[0].path.as_str().starts_with("docs/features/orders/architecture-"), "{:?}", plan.files);
    }
}

#[test]
fn what_is_not_known_is_asked_and_nothing_is_invented() {
    for kind in ["rfc", "overview", "implementation-plan", "migration-plan", "readiness-review"] {
        let fixture = Fixture::new(SHOP);
        let (text, plan) = written(&fixture, &request(json!({ "kind": kind })));
        insta::assert_snapshot!(format!("{}_open", kind.replace('-', "_")), text);
        assert!(!plan.questions.is_empty(), "{kind}");
    }
}

#[test]
fn answers_take_the_place_of_questions_and_texts_of_people_stay() {
    let fixture = Fixture::new(SHOP);
    written(&fixture, &request(json!({ "kind": "rfc" })));
    let path = RelPath::new("docs/features/orders/architecture-rfc.md");
    let mine = fixture
        .read(&path)
        .replace("- Phase 1: [TBD: what is switched on for whom, and which number stops it?]", "Slowly, and by hand.");
    fs::write(fixture.folder.path().join(path.as_str()), mine).unwrap();
    let (text, _) = written(&fixture, &request(whole("rfc")));
    insta::assert_snapshot!(text);
    assert!(text.contains("Slowly, and by hand."), "{text}");
}

#[test]
fn a_document_of_the_platform_is_listed_in_the_catalog() {
    let fixture = Fixture::new(SHOP);
    let facts = json!({ "kind": "migration-plan", "title": "Move to the new cluster", "feature": null,
        "concerns": { "owner_team": "team-platform" } });
    let (text, plan) = written(&fixture, &request(facts));
    insta::assert_snapshot!(text);
    assert_eq!(plan.files[0].path.as_str(), "docs/system/architecture-migration-plan.md");
}

#[test]
fn a_second_document_gets_a_name_of_its_own_and_there_is_one_overview() {
    let fixture = Fixture::new(SHOP);
    written(&fixture, &request(json!({ "kind": "rfc" })));
    let second = request(json!({ "kind": "rfc", "title": "RFC: Ship in parts" }));
    let (text, _) = written(&fixture, &second);
    let start = "=== docs/features/orders/architecture-rfc-ship-in-parts.md\n# RFC: Ship in parts\n";
    assert!(text.contains(start), "{text}");
    written(&fixture, &request(json!({ "kind": "overview" })));
    let plan = Architecture::plan(&mut fixture.open(), &request(json!({ "kind": "overview", "title": "The whole" })));
    let plan = plan.unwrap();
    assert!(plan.edit.is_empty(), "{:?}", plan.edit);
    assert!(plan.notes.iter().any(|it| it.message.contains("given was “The whole”")), "{:?}", plan.notes);
}

#[test]
fn documents_that_replace_others_say_so_on_both_sides_once_they_are_accepted() {
    let fixture = Fixture::new(SHOP);
    written(&fixture, &request(json!({ "kind": "rfc", "decision": "Poll.", "status": "accepted" })));
    let next = |status: &str| {
        request(json!({ "kind": "rfc", "title": "Wait in a workflow", "decision": "Use the engine.", "status": status,
            "supersedes": ["Who waits for the payment"] }))
    };
    let (text, _) = written(&fixture, &next("proposed"));
    assert!(text.contains("It stays in force until “RFC: Wait in a workflow” is accepted"), "{text}");
    let (text, _) = written(&fixture, &next("accepted"));
    insta::assert_snapshot!(text);
}

#[test]
fn a_folder_of_numbered_documents_goes_on_counting() {
    let rfc = |number: u32| {
        format!(
            "//- /rfcs/000{number}-title.md\n# RFC-000{number}: Title {number}\n\nStatus: Accepted\n\n## Problem\n\nText.\n\n\
            ## Options\n\nText.\n\n## Recommendation\n\nText.\n\n"
        )
    };
    let fixture = Fixture::new(&format!("{}{}", rfc(1), rfc(2)));
    let (text, _) = written(&fixture, &request(json!({ "kind": "rfc", "feature": null, "title": "Count on" })));
    assert!(text.starts_with("=== rfcs/0003-count-on.md\n# RFC-0003: Count on\n"), "{text}");
}

#[test]
fn what_does_not_fit_is_refused_with_what_would() {
    let fixture = Fixture::new(SHOP);
    let error = |more: Value| Architecture::plan(&mut fixture.open(), &request(more)).unwrap_err().to_string();
    // A decision that is taken is somebody's.
    for kind in ["adr", "rfc"] {
        let taken = json!({ "kind": kind, "feature": null, "decision": "Poll.", "status": "accepted" });
        assert!(error(taken.clone()).contains("give at least `owner_team`, `tenancy` and `compliance`"));
        let mut owned = taken;
        owned["concerns"] = json!({ "owner_team": "team-platform" });
        assert!(Architecture::plan(&mut fixture.open(), &request(owned)).is_ok());
    }
    assert!(
        error(json!({ "kind": "rfc", "status": "deferred" })).ends_with("write draft, proposed, accepted, rejected")
    );
    assert!(error(json!({ "kind": "overview", "status": "rejected" })).ends_with("write draft, proposed, accepted"));
    assert!(error(json!({ "decision": "Poll.", "status": "draft" })).contains("write proposed, accepted"));
    let open = json!({ "kind": "rfc", "status": "accepted", "decision": "We might poll." });
    assert!(error(open).contains("Which option is taken"));
    assert!(error(json!({ "kind": "rfc", "due": "2027-01-31" })).contains("`question`"));
    assert!(error(json!({ "kind": "rfc", "supersedes": ["x"] })).contains("there is no RFC `x` here"));
    assert!(error(json!({ "kind": "rfc", "feature": "order" })).contains("did you mean `orders`?"));
    let weighed = json!({ "kind": "rfc", "decision": "We might poll." });
    assert!(Architecture::plan(&mut fixture.open(), &request(weighed)).is_ok(), "an open RFC weighs");
}

#[test]
fn a_record_takes_sections_of_its_own() {
    let fixture = Fixture::new(SHOP);
    let facts = json!({ "decision": "Poll.", "sections": [{ "title": "Context", "text": "Orders stay open." },
        { "title": "Cost", "text": "One worker." }] });
    let (text, _) = written(&fixture, &request(facts));
    assert!(text.contains("## Context\n\nOrders stay open.\n\n## Decision"), "{text}");
    assert!(text.contains("\n\n## Cost\n\nOne worker.\n\n## Related artifacts\n"), "{text}");
}
