//! The operation `architecture`: a record in the form of those beside it, both sides of what it replaces, the lists.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[allow(dead_code)] // These tests need no cursor.
#[path = "../../rules/src/fixture.rs"]
mod fixture;
mod writing;

use archwright_analysis::{
    RelPath,
    operations::{Architecture, ArchitectureRequest, Operation},
};
use fixture::Fixture;
use serde_json::{Value, json};
use writing::written;

fn request(more: Value) -> ArchitectureRequest {
    let mut all = json!({
        "title": "Poll the outbox",
        "context": "The connector caused two of three pages in March.",
        "decision": "One relay worker reads unsent rows and publishes them.",
        "alternatives": [{ "name": "Keep the connector", "why": "the team would still carry a replication slot" }],
        "positive": ["One system less"],
        "negative": ["Events leave up to 200 ms later"],
        "status": "accepted",
        "date": "2026-11-29",
    });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

const NYGARD: &str = "
//- /doc/adr/0001-record-decisions.md
# 1. Record decisions

Date: 2026-01-01

## Status

Accepted

## Context

Text.

## Decision

Text.

## Consequences

Text.

//- /doc/adr/0009-relay-the-outbox-with-a-connector.md
# 9. Relay the outbox with a connector

Date: 2026-01-02

## Status

Accepted

## Context

Text.

## Decision

Text.

## Consequences

Text.

//- /doc/adr/README.md
# Decisions

* [1. Record decisions](0001-record-decisions.md)
* [9. Relay the outbox with a connector](0009-relay-the-outbox-with-a-connector.md)

More.
";

#[test]
fn a_record_of_nygard() {
    insta::assert_snapshot!(written(&Fixture::new(NYGARD), &request(json!({ "supersedes": ["9"] }))).0);
}

#[test]
fn records_of_madr_keep_their_state_in_the_front_matter() {
    let record = |number: u32, title: &str| {
        format!(
            "//- /docs/decisions/{number:04}-x.md\n---\nstatus: accepted\ndate: 2026-01-0{number}\nparent: Decisions\n\
            nav_order: {number}\ndecision-makers: a{number}\n---\n\n# {title}\n\n## Context and Problem Statement\n\n\
            Text.\n\n## Considered Options\n\n* One\n* Other\n\n## Decision Outcome\n\nChosen option: \"One\", because \
            of it.\n\n### Consequences\n\n* Good, because it is.\n* Bad, because it is not.\n\n## Pros and Cons of the \
            Options\n\n### Other\n\n* Bad, because it is.\n\n"
        )
    };
    let fixture = Fixture::new(&format!("{}{}", record(3, "Use one"), record(4, "Use the other")));
    let facts = json!({
        "supersedes": ["ADR-0003"],
        "chosen": "Polling",
        "decision": "because it is simple.",
        "drivers": ["Fewer pages"],
        "verification": "A test kills the relay.",
        "deciders": ["Ada"],
        "tags": ["outbox"],
    });
    insta::assert_snapshot!(written(&fixture, &request(facts)).0);
}

#[test]
fn records_of_log4brains_are_named_after_the_day_and_relate_by_links() {
    let fixture = Fixture::new(
        "
//- /docs/adr/20260101-use-an-outbox.md
# Use an outbox

- Status: superseded by [20260301-use-a-log](20260301-use-a-log.md)
- Date: 2026-01-01

## Context and Problem Statement

Text.

## Decision Outcome

Text.

//- /docs/adr/20260301-use-a-log.md
# Use a log

- Status: accepted
- Date: 2026-03-01

## Context and Problem Statement

Text.

## Considered Options

- One
- Other

## Decision Outcome

Chosen option: \"One\".

### Positive Consequences

- One.

### Negative Consequences

- One.

## Links

- Supersedes [20260101-use-an-outbox](20260101-use-an-outbox.md)
",
    );
    insta::assert_snapshot!(written(&fixture, &request(json!({ "supersedes": ["use a log"] }))).0);
}

#[test]
fn a_record_of_a_feature_takes_its_concerns_and_is_listed() {
    let fixture = Fixture::new(
        "
//- /docs/features/orders/design.md
# Design: Orders

## System concerns

- **Owner team**: team-orders
- **Tenancy**: Single tenant
- **Compliance**: none

//- /docs/features/orders/README.md
# orders

## Artifacts

- **Design**: [design](design.md)

## Channels owned

None.
",
    );
    let (text, plan) = written(&fixture, &request(json!({ "feature": "orders", "negative": [] })));
    insta::assert_snapshot!(text);
    assert!(plan.findings.iter().all(|it| it.severity != archwright_analysis::Severity::Error), "{:?}", plan.findings);
    assert!(plan.questions.iter().any(|it| it.question.starts_with("no negative consequence")), "{:?}", plan.questions);
}

#[test]
fn tables_of_records_get_a_row_and_the_new_state_of_the_old_one() {
    let record = |number: u32| {
        format!(
            "//- /adr/ADR-00{number}-x{number}.md\n# ADR-00{number}: Title {number}\n\n**Date:** 2026-01-0{number}\n\
            **Status:** Accepted\n**Author:** A{number}\n\n## Context\n\nText.\n\n## Decision\n\nText.\n\n## \
            Consequences\n\n- **Positive**: one.\n- **Negative**: one.\n\n"
        )
    };
    let index = "//- /adr/README.md\n# Index\n\n| ADR | Title | Date | Status |\n| --- | --- | --- | --- |\n\
        | [ADR-001](ADR-001-x1.md) | Title 1 | 2026-01-01 | ✅ Accepted |\n| [ADR-002](ADR-002-x2.md) | Title 2 | \
        2026-01-02 | ✅ Accepted |\n";
    let fixture = Fixture::new(&format!("{}{}{index}", record(1), record(2)));
    insta::assert_snapshot!(written(&fixture, &request(json!({ "supersedes": ["ADR-002"] }))).0);
}

#[test]
fn signs_of_a_status_in_a_list_are_those_of_the_status() {
    let record = |number: u32, status: &str| {
        format!(
            "//- /adr/000{number}-title-{number}.md\n# {number}. Title {number}\n\nDate: 2026-01-0{number}\n\n\
            ## Status\n\n{status}\n\n## Context\n\nText.\n\n## Decision\n\nText.\n\n## Consequences\n\n\
            ### Positive\n\n- One.\n\n### Trade-offs\n\n- One.\n\n"
        )
    };
    let records =
        [record(1, "✅ Accepted"), record(2, "⌛ Superseded"), record(3, "✅ Accepted"), record(4, "🤔 Proposed")];
    let index = "//- /adr/README.md\n# Decisions\n\n1. ✅ [Title 1](0001-title-1.md)\n1. ⌛ [Title 2](0002-title-2.md)\n\
        1. ✅ [Title 3](0003-title-3.md)\n1. 🤔 [Title 4](0004-title-4.md)\n";
    let fixture = Fixture::new(&format!("{}{index}", records.concat()));
    insta::assert_snapshot!(written(&fixture, &request(json!({ "supersedes": ["3"] }))).0);
}

#[test]
fn what_gets_worse_has_a_place_where_records_have_only_one_for_what_gets_better() {
    let record = "//- /adr/0001-title.md\n# 1. Title\n\n## Status\n\nAccepted\n\n## Context\n\nText.\n\n\
        ## Decision\n\nText.\n\n## Consequences\n\n### Benefits\n\n- One.\n\n";
    insta::assert_snapshot!(written(&Fixture::new(record), &request(json!({}))).0);
}

#[test]
fn what_was_asked_is_answered_by_asking_again() {
    let fixture = Fixture::new(NYGARD);
    let first =
        json!({ "context": null, "alternatives": [], "negative": [], "status": "proposed", "supersedes": ["1"] });
    let (_, plan) = written(&fixture, &request(first));
    assert!(plan.questions.iter().any(|it| it.question.starts_with("No alternative was rejected")), "{plan:?}");
    let note = "It stays in force until 10. Poll the outbox is accepted";
    assert!(plan.notes.iter().any(|it| it.message.starts_with(note)), "{:?}", plan.notes);
    let path = RelPath::new("doc/adr/0010-poll-the-outbox.md");
    let people = fixture.read(&path).replace("One relay", "Exactly one relay");
    std::fs::write(fixture.folder.path().join(path.as_str()), people).unwrap();
    insta::assert_snapshot!(written(&fixture, &request(json!({ "supersedes": ["1"] }))).0);
}

#[test]
fn what_nobody_decided_is_no_record_unless_it_is_put_off() {
    let fixture = Fixture::new(NYGARD);
    let error = |more: Value| Architecture::plan(&mut fixture.open(), &request(more)).unwrap_err().to_string();
    for decision in [json!(null), json!("We might poll."), json!("Either polling or a connector.")] {
        let error = error(json!({ "decision": decision }));
        assert!(error.contains("Which option is taken"), "{error}");
    }
    assert!(error(json!({ "status": "deferred" })).contains("wait for"));
    assert!(error(json!({ "status": "deferred", "question": "Load?" })).contains("By when"));
    assert!(error(json!({ "supersedes": ["12"] })).contains("no decision record `12`"));
    assert!(error(json!({ "date": "soon" })).contains("YYYY-MM-DD"));
    let deferred =
        json!({ "decision": null, "status": "deferred", "question": "Does the load allow it?", "due": "2027-01-31" });
    let (text, _) = written(&fixture, &request(deferred));
    assert!(text.contains("## Decision\n\nDeferred until 2027-01-31: Does the load allow it?\n"), "{text}");
    assert!(text.contains("## Status\n\nDeferred\n"), "{text}");
}

#[test]
fn texts_of_people_keep_their_headings_below_the_section() {
    let fixture = Fixture::new(NYGARD);
    let (text, _) = written(&fixture, &request(json!({ "context": "# Why\n\nText.\n\n## Numbers\n\nMore.\n" })));
    assert!(text.contains("## Context\n\n### Why\n\nText.\n\n#### Numbers\n\nMore.\n\n## Decision"), "{text}");
}

#[test]
fn a_workspace_without_records_gets_our_own_form_and_an_unknown_feature_is_asked_about() {
    let fixture = Fixture::new("//- /docs/features/orders/README.md\n# orders\n");
    let concerns = json!({ "owner_team": "team-a", "tenancy": "single", "compliance": "none" });
    let (text, plan) = written(&fixture, &request(json!({ "concerns": concerns, "dialect": "canonical" })));
    assert!(text.starts_with("=== docs/system/adrs/0001-poll-the-outbox.md\n# ADR-0001: Poll the outbox\n"), "{text}");
    assert!(plan.findings.iter().all(|it| it.severity != archwright_analysis::Severity::Error), "{:?}", plan.findings);
    let error = Architecture::plan(&mut fixture.open(), &request(json!({ "feature": "order" }))).unwrap_err();
    assert!(error.to_string().contains("did you mean `orders`?"), "{error}");
}
