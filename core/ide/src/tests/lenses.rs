//! Code lenses, and what is shown at the names of tiers and gates.

use insta::assert_snapshot;

use super::open;
use crate::{hover, lenses, show_path};

/// Each lens as `heading: text`.
fn check(text: &str) -> String {
    let (_fixture, workspace, file, _) = open(text);
    let text = workspace.text(file).unwrap();
    let found = lenses(&workspace, file);
    found.iter().map(|it| format!("{}: {}\n", it.span.of(&text), it.title)).collect::<Vec<_>>().concat()
}

fn card(text: &str) -> String {
    let (_fixture, workspace, file, offset) = open(text);
    hover(&workspace, file, offset, &show_path).map(|it| it.markdown).unwrap_or_default()
}

const DESIGN: &str = "\
//- /docs/features/shop/design.md
# Design: shop

## Patterns

- **Transactional Outbox**: orders and events are one transaction.

## Reliability checklist

1. **Delivery**: at-least-once through the outbox
2. **Idempotency**: by order_id
3. **Bad messages**: [TBD: where do they go?]
4. **Retry**: 5 attempts with backoff
5. **Ordering**: none
6. **Schema evolution**: BACKWARD
7. **Observability**: [TBD]
8. **Failure boundary**: one order
";

const LAUNCH: &str = "\
//- /docs/features/shop/launches/2026-06-01.md
# Launch: shop

## Summary

- **Status**: GO
- **Tier achieved**: Service-ready

## Evidence

| Gate | Where |
| --- | --- |
| a pattern is named | design |
";

#[test]
fn a_checklist_says_how_many_questions_are_answered() {
    assert_snapshot!(check(&format!("{DESIGN}$0")), @"Reliability checklist: 6 of 8 questions answered; open: Bad messages, Observability");
    let all = DESIGN.replace("[TBD: where do they go?]", "orders.dlq").replace("[TBD]", "a dashboard");
    assert_eq!(check(&format!("{all}$0")), "Reliability checklist: 8 of 8 questions answered\n");
    assert_eq!(check("//- /docs/features/shop/design.md\n# Design: shop$0\n"), "");
}

#[test]
fn a_launch_decision_says_what_documents_show_of_each_tier() {
    assert_snapshot!(check(&format!("{DESIGN}{LAUNCH}$0")), @"Launch: shop: Gates that documents show: Prototype 1 of 3, Service-ready 1 of 6, Production-ready 0 of 2, Enterprise-critical 0 of 1; `prelaunch` looks at the rest");
}

#[test]
fn a_tier_and_a_gate_say_what_is_satisfied_and_missing() {
    let text = format!("{DESIGN}{LAUNCH}");
    assert_snapshot!(card(&text.replace("Service-ready", "Service-$0ready")), @r"
    **Prototype** (1 of 3)

    - satisfied: a pattern is named
    - missing: the eight reliability questions are answered (open: Bad messages, Observability)
    - not shown: code uses its channels

    **Service-ready** (1 of 6)

    - satisfied: outbox for what is sent, inbox for what is received
    - not shown: each channel has a contract with owner and purpose
    - not shown: each contract names an idempotency key
    - not shown: retries are bounded, and each channel has dead letters with an owner
    - not shown: each channel has a valid schema and a compatibility mode
    - not looked at: messages carry a trace
    - not shown: a dashboard is named
    - not looked at: tests of duplicates, retries, dead letters and replay
    - not looked at: it shuts down without losing work

    Code, pipelines and runbooks are looked at by `prelaunch`.
    ");
    assert_snapshot!(card(&text.replace("a pattern is", "a pat$0tern is")), @r"
    **Gate of Prototype**

    - satisfied: a pattern is named
    ");
    // In a sentence it is a word like any other.
    assert_eq!(card(&format!("{text}\nA proto$0type is shown.\n")), "");
}
