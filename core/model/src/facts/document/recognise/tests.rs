//! Which documents are recognised, and as what.

use super::*;
use crate::{Config, RelPath, facts::Loaded};

fn facts(path: &str, text: &str) -> FileFacts {
    crate::facts::extract(&RelPath::new(path), Loaded::Text(text.into()), &Config::default())
}

#[test]
fn a_document_outside_the_layout_is_known_by_title_sections_and_fields_together() {
    let cases = [
        (Kind::Contract, "wiki/x.md", "# Contract: orders.placed.v1\n\n- **Producer**: orders\n"),
        (
            Kind::Contract,
            "wiki/x.md",
            "# Contract: `orders.placed.v1`\n\n| Ordering key | order_id |\n| --- | --- |\n| Producer | x |\n",
        ),
        (Kind::Document, "wiki/x.md", "# Contract: the work of Acme Ltd.\n\n- **Producer**: orders\n"),
        (Kind::Document, "wiki/x.md", "# Contract: orders.placed.v1\n\nText.\n"),
        (Kind::Design, "wiki/x.md", "# Design: orders\n\n## Summary\n\n## System concerns\n"),
        (Kind::Document, "wiki/x.md", "# Design: orders\n\n## Summary\n"),
        (Kind::Launch, "wiki/x.md", "# Launch decision: orders\n\n- **Status**: GO-WITH-RISKS\n"),
        (Kind::Document, "wiki/x.md", "# Launch decision: orders\n\n- **Status**: Draft\n"),
        (Kind::Rfc, "wiki/x.md", "# RFC-12: Queues\n\n## Motivation\n\n## Alternatives\n"),
        (Kind::Rfc, "ideas/0003-queues/README.md", "# Shop RFC 0003: Queues\n\n## Summary\n\n## Motivation\n"),
        (Kind::Rfc, "ideas/0003-queues.md", "# Shop RFC 0003: Queues\n\n## Summary\n\n## Motivation\n"),
        (Kind::Document, "ideas/0004-queues/README.md", "# Shop RFC 0003: Queues\n\n## Summary\n\n## Motivation\n"),
        (
            Kind::Rfc,
            "ideas/0003-queues/README.md",
            "# 0003: Queues\n\n## Summary\n\n## Motivation\n\n## Drawbacks\n\n## Prior art\n",
        ),
        (
            Kind::Document,
            "ideas/queues/README.md",
            "# Queues\n\n## Summary\n\n## Motivation\n\n## Drawbacks\n\n## Prior art\n",
        ),
        (Kind::Document, "ideas/README.md", "# Shop RFC 0003: Queues\n\n## Summary\n\n## Motivation\n"),
        (Kind::Document, "ideas/0003-x/README.md", "# Use RFC 7807: Problems\n\n## Summary\n\n## Motivation\n"),
        (Kind::Adr, "adr/0003-x/README.md", "# Use X\n\n## Context\n\n## Decision\n"),
        (Kind::Document, "adr/2026/README.md", "# Decisions\n\n## Context\n\n## Decision\n"),
        (Kind::Document, "wiki/x.md", "# RFC process\n\n## Motivation\n\n## Alternatives\n"),
        (Kind::Standard, "wiki/x.md", "# Standard: Names\n\n## Rule\n\n## Enforcement\n"),
        (Kind::Catalog, "wiki/x.md", "# Services\n\n| Feature | Owner | Tier | SLO |\n| --- | --- | --- | --- |\n"),
        (Kind::Document, "wiki/x.md", "# Plans\n\n| Feature | Free | Paid |\n| --- | --- | --- |\n"),
        (Kind::FeatureReadme, "orders/README.md", "# Orders\n\n## Service info\n\n## Channels owned\n"),
        (Kind::Adr, "adr/use-x.md", "# Use X\n\n## Context\n\n## Decision\n"),
        (Kind::Adr, "wiki/x.md", "# ADR: Use X\n\n## Question\n\n## Options\n\n## Recommendation\n"),
        (Kind::Adr, "adr/x.md", "# ADR 0005: Outbox\n\nWe use one.\n"),
        (Kind::Adr, "adr/ADR-5.md", "# Outbox\n\n## Design\n"),
        (Kind::Document, "wiki/ADR-5.md", "# Outbox\n\n## Design\n"),
        (Kind::Document, "wiki/x.md", "# Use X\n\n## Context\n\n## Decision\n"),
        (Kind::Document, "adr/template.md", "# Use X\n\n## Context\n\n## Decision\n"),
        (Kind::Document, "adr/0000-x.md", "# ADR-NNNN: [short title]\n\n## Context\n\n## Decision\n"),
        (Kind::Runbook, "wiki/x.md", "# Runbook: Lag\n\n## Symptoms\n\n## Mitigation\n"),
        (Kind::Runbook, "ops/runbooks/x.md", "# Lag\n\n## Root cause\n"),
        (Kind::Document, "ops/runbooks/README.md", "# Runbooks\n\n## Root cause\n"),
        (Kind::Document, "docs/adr/templates/0001-x.md", "# Use X\n\n## Context\n\n## Decision\n"),
        (Kind::Adr, "docs/decisions/0007-x.md", "# X\n\nStatus: accepted\n\nWe use X.\n"),
    ];
    for (kind, path, text) in cases {
        let facts = facts(path, text);
        assert_eq!((facts.kind, facts.opt_in), (kind, OptIn::No), "{path}\n{text}");
    }
}

#[test]
fn the_front_matter_names_the_kind_and_opts_in() {
    let facts = facts("wiki/x.md", "---\narchwright: design\n---\n# Anything\n");
    assert_eq!((facts.kind, facts.opt_in), (Kind::Design, OptIn::Yes));
}

#[test]
fn what_only_looks_like_an_artifact_says_nothing_of_features() {
    let catalog = facts(
        "wiki/x.md",
        "# Services\n\n| Feature | Owner | Tier | SLO |\n| --- | --- | --- | --- |\n| a | b | c | d |\n",
    );
    assert!(catalog.entries.iter().all(|it| it.key != crate::Key::Catalog));
}

/// The title of the dialect in which a document is written, and its kind.
fn dialect(path: &str, text: &str) -> (Kind, String) {
    let config = Config::default();
    let facts = facts(path, text);
    let title = facts.dialect.and_then(|it| config.dialects().get(it)).map(|it| it.title.clone());
    (facts.kind, title.unwrap_or_default())
}

/// Sections with something in each.
fn sections(level: &str, names: &[&str]) -> String {
    names.iter().fold(String::new(), |text, it| format!("{text}{level} {it}\n\nText.\n\n"))
}

#[test]
fn each_form_of_a_decision_record_is_told_by_its_sections() {
    let canonical = ["Summary", "System concerns", "Context", "Decision", "Alternatives considered", "Consequences"];
    let madr = ["Context and Problem Statement", "Considered Options", "Decision Outcome"];
    let nygard = ["Context", "Decision", "Consequences"];
    let comparison = ["Context", "Options", "Comparison Matrix", "Decision", "Consequences", "Reversibility"];
    let cases = [
        ("canonical ADR", "", sections("##", &canonical)),
        ("Nygard", "", sections("##", &["Status", "Context", "Decision", "Consequences"])),
        ("Nygard", "", "Status: Accepted\n\n".to_owned() + &sections("##", &nygard)),
        ("MADR", "", sections("##", &madr)),
        ("MADR", "---\nstatus: accepted\n---\n", sections("##", &madr)),
        ("MADR", "", sections("##", &["Decision Drivers", "Considered Options", "Decision"])),
        ("ADR with front matter", "---\nnumber: 4\nstatus: accepted\n---\n", sections("##", &nygard)),
        ("problem and options", "", sections("##", &comparison)),
        ("question and options", "", sections("##", &["Context", "Question", "Options", "Recommendation"])),
        ("question and options", "", sections("##", &["Context", "Question", "Options", "Decision"])),
        ("of no known form", "", sections("##", &["Context", "Decision"])),
    ];
    for (expected, front_matter, body) in cases {
        let text = format!("{front_matter}# ADR-0004: Use an outbox\n\n{body}");
        let found = dialect("docs/system/adrs/0004-use-an-outbox.md", &text);
        assert_eq!(found, (Kind::Adr, expected.to_owned()), "{text}");
    }
}

#[test]
fn documents_are_recognised_as_teams_write_them() {
    let madr = sections("##", &["Context and Problem Statement", "Considered Options", "Decision Outcome"]);
    let kep = sections("##", &["Summary", "Motivation", "Proposal", "Graduation Criteria", "Drawbacks"]);
    let alert = sections("##", &["Meaning", "Impact", "Diagnosis", "Mitigation"]);
    let guide = sections("#", &["Summary", "Motivation", "Guide-level explanation", "Reference-level explanation"]);
    let react = sections("#", &["Summary", "Basic example", "Motivation", "Detailed design", "Adoption strategy"]);
    let ember = sections("##", &["Summary", "Motivation", "Detailed design", "How we teach this", "Drawbacks"]);
    let nygard = sections("##", &["Context", "Decision", "Consequences"]);
    let audited = sections("##", &["Status", "Context", "Primary Decision Drivers", "Considered Options", "Audit"]);
    let plan = sections("##", &["Summary", "Technical Context", "Constitution Check", "Project Structure"]);
    let change = sections("##", &["Context", "Goals / Non-Goals", "Decisions", "Risks / Trade-offs"]);
    let review = sections("##", &["Service overview", "Monitoring and alerting", "Capacity planning", "Sign-off"]);
    let decision = format!("# Use a queue\n\n{}", sections("##", &["Decision", "Rationale"]));
    let spine = "# Shop\n\n## Stack\n\nT.\n\n### AD-1 One writer\n\n- **Binds**: all services\n";
    let y = "In the context of checkout, facing slow payments, we decided for a queue and neglected polling, to \
        achieve short answers, accepting that orders are confirmed later.";
    let cases: [(Kind, &str, &str, String); 19] = [
        (Kind::Adr, "of no known form", "docs/decision-records/2026-01-03_queue/README.md", decision.clone()),
        (Kind::Adr, "of no known form", "docs/shop_adr/adr011-queue/README.md", decision),
        (Kind::Runbook, "of no known form", "ops-runbooks/queue.md", "# Queue runbook\n\n## Fix\n\nT.\n".to_owned()),
        (Kind::Adr, "MADR", "notes/queue.md", format!("# Use a queue\n\n{madr}")),
        (Kind::Adr, "log4brains", "docs/adr/20260103-queue.md", format!("# Use a queue\n\n- Status: draft\n\n{madr}")),
        (Kind::Adr, "Nygard", "doc/arch/adr-007.md", format!("# 7. Use a queue\n\n{nygard}")),
        (Kind::Adr, "Y-statement", "docs/decisions/queue.md", format!("# Use a queue\n\n{y}\n")),
        (Kind::Adr, "structured MADR", "x/queue.md", format!("# Use a queue\n\n{audited}")),
        (
            Kind::Adr,
            "Archgate ADR",
            ".archgate/adrs/MSG-001-queue.md",
            format!("---\nid: MSG-001\ntitle: Queue\ndomain: messaging\nrules: true\n---\n\n{nygard}"),
        ),
        (
            Kind::Adr,
            "EventCatalog ADR",
            "domains/Orders/adrs/queue/index.md",
            format!("---\nid: queue\nname: Queue\nversion: 1.0.0\nstatus: accepted\n---\n\n{nygard}"),
        ),
        (Kind::Rfc, "KEP", "keps/sig-x/12-queue/README.md", format!("# KEP-12: Queue\n\n{kep}")),
        (Kind::Rfc, "Rust RFC", "text/0012-queue.md", format!("- Feature Name: queue\n\n{guide}")),
        (Kind::Rfc, "React RFC", "text/0012-queue.md", format!("- Start Date: 2026-01-02\n\n{react}")),
        (Kind::Rfc, "Ember RFC", "text/0012-queue.md", format!("# Queue\n\n{ember}")),
        (Kind::ImplementationPlan, "Spec Kit plan", "specs/012-queue/plan.md", format!("# Plan\n\n{plan}")),
        (Kind::Design, "OpenSpec design", "openspec/changes/add-queue/design.md", change),
        (Kind::Overview, "BMAD spine", "out/architecture/ARCHITECTURE-SPINE.md", spine.to_owned()),
        (Kind::Runbook, "prometheus-operator runbook", "content/KafkaLag.md", format!("# KafkaLag\n\n{alert}")),
        (
            Kind::ReadinessReview,
            "SRE readiness review",
            "docs/shop.md",
            format!("# Production Readiness Review: shop\n\n{review}"),
        ),
    ];
    for (kind, title, path, text) in cases {
        assert_eq!(dialect(path, &text), (kind, title.to_owned()), "{path}\n{text}");
        assert_eq!(facts(path, &text).opt_in, OptIn::No, "{path}");
    }
}

#[test]
fn what_only_lies_there_or_only_looks_like_it_is_told_as_such() {
    let resembles = |path: &str, text: &str| {
        let facts = facts(path, text);
        (facts.kind, facts.resembles)
    };
    let list = "# All of them\n\n- One\n";
    assert_eq!(resembles("docs/adr/overview.md", list), (Kind::Document, Some(Kind::Adr)));
    assert_eq!(resembles("docs/adr/README.md", list), (Kind::Document, None));
    let decided = "# Use X\n\n## Context\n\n## Decision\n\n## Consequences\n";
    assert_eq!(resembles("wiki/x.md", decided), (Kind::Document, Some(Kind::Adr)));
    assert_eq!(resembles("wiki/x.md", "# Notes\n\n## Decision\n"), (Kind::Document, None));
    let lag = "# Search lags\n\n## Symptoms\n\n## Resolution\n\nThe alert cleared.\n";
    assert_eq!(resembles("ops/runbooks/postmortems/lag.md", lag), (Kind::Document, None));
}

#[test]
fn a_runbook_is_told_by_its_text_in_any_folder() {
    let seen = "# Index of the search lags\n\n## Symptoms\n\nPages show old prices.\n\n";
    let cases = [
        (Kind::Runbook, format!("{seen}## Possible checks\n\n`kubectl get pods -n search`\n")),
        (Kind::Runbook, format!("{seen}## Resolution\n\nThe alert `SearchLag` clears within five minutes.\n")),
        (Kind::Runbook, format!("{seen}## Troubleshooting\n\nWake the on-call of the search team.\n")),
        (Kind::Runbook, "# Search Runbook\n\n## Diagnosis\n\n## Rollback\n".to_owned()),
        // An article that explains a product.
        (Kind::Document, format!("{seen}## Cause\n\n## Solution\n\nUpgrade to 1.4.\n")),
        (Kind::Document, format!("{seen}## Resolution\n\nUpgrade to 1.4.\n")),
        (Kind::Document, "# Your first runbook\n\n## Install\n\n## Steps\n".to_owned()),
        (Kind::Document, "# The Ansible playbook\n\n## Steps\n".to_owned()),
        (Kind::Document, "# Runbook\n\n## Install\n".to_owned()),
    ];
    for (kind, text) in cases {
        assert_eq!(facts("docs/search/lag.md", &text).kind, kind, "{text}");
    }
}

#[test]
fn a_proposal_may_have_a_folder_of_its_own() {
    let whole = sections("#", &["Summary", "Motivation", "Proposal", "Open Questions"]);
    let state = "---\nauthors: Someone <someone@shop.example>\nstate: discussion\n---\n\n# RFD 12 Queues\n\n## Goals\n";
    let number = "---\nNumber: \"0012\"\nStatus: Final\nAuthor: Someone\n---\n\n# Queues\n\n## Format\n";
    let short = sections("##", &["Proposal", "Motivation", "Implementation"]);
    let cases = [
        (Kind::Rfc, "012-queues/proposal.md", whole.as_str()),
        (Kind::Rfc, "rfd/0012/README.md", state),
        (Kind::Rfc, "rfcs/0012-queues/0012-queues.md", number),
        (Kind::Rfc, "text/orders/0012-queues.md", &short),
        // Nothing but its place says what it is, or nothing but its sections.
        (Kind::Document, "rfd/2026/README.md", "# RFDs of 2026\n\n- One\n"),
        (Kind::Document, "queues/proposal.md", &whole),
        (Kind::Document, "notes/0012-queues.md", &short),
    ];
    for (kind, path, text) in cases {
        assert_eq!(facts(path, text).kind, kind, "{path}\n{text}");
    }
    let found = facts("rfd/0012/README.md", state);
    let config = Config::default();
    let status = ByRole::of(&found, &config).unwrap().status().map(|it| it.text.to_string());
    assert_eq!(status.as_deref(), Some("discussion"));
}

#[test]
fn where_runbooks_lie_steps_tell_one() {
    let steps = sections("##", &["1. Find the key", "2. Revoke it", "3. Look at the log"]);
    let text = format!("# Revoke a key\n\n{steps}");
    assert_eq!(facts("docs/runbooks/revoke-a-key.md", &text).kind, Kind::Runbook);
    assert_eq!(facts("ops/run_books/revoke.md", "# Revoke\n\n1. Find it\n2. Revoke it\n3. Look\n").kind, Kind::Runbook);
    assert_eq!(facts("docs/keys/revoke-a-key.md", &text).kind, Kind::Document);
    // It is on runbooks, or tells what was done once.
    assert_eq!(facts("specs/revoke-runbook-form.md", &text).kind, Kind::Document);
    assert_eq!(facts("docs/runbooks/deployment-2026-08-06.md", &text).kind, Kind::Document);
    assert_eq!(facts("docs/runbooks/keys.md", "# Keys\n\n- One\n- Two\n").kind, Kind::Document);
    // The brackets say how far it has come, and are no place to fill in.
    let alert = format!("# QueueLag [Deprecated]\n\n{}", sections("##", &["Meaning", "Diagnosis"]));
    assert_eq!(facts("docs/old_runbooks/QueueLag.md", &alert).kind, Kind::Runbook);
    let form = format!("# [Name of the alert]\n\n{}", sections("##", &["Meaning", "Diagnosis"]));
    assert_eq!(facts("docs/runbooks/QueueLag.md", &form).kind, Kind::Document);
}

#[test]
fn a_design_is_told_by_problem_proposal_and_alternatives() {
    let whole =
        "# Retry budgets\n\n## Problem Statement + Context\n\n## Proposed Solution\n\n## Alternatives Considered\n";
    assert_eq!(facts("protocol/budgets.md", whole).kind, Kind::Design);
    let guide = "# Retry budgets\n\n## Problem\n\n## Solution\n\n## Alternatives\n";
    assert_eq!(facts("guides/budgets.md", guide).kind, Kind::Document);
}

#[test]
fn pages_that_explain_such_documents_are_none() {
    let record = "## Status\n\nWhere it stands.\n\n## Context\n\nSay why.\n\n## Decision\n\nSay what.\n";
    let fields = "# Fields of a record\n\n## Paths\n\n### `status`\n\n- Type: `string`\n\n### `context` {#context}\n";
    let shown = "---\nsidebar_position: 3\n---\n# Relations\n\nRecords can refer to services.\n";
    let cases = [
        ("docs/adr/about.md", format!("# How we write ADRs\n\n{record}")),
        ("docs/adr/guide.md", format!("# What is an architecture decision record?\n\n{record}")),
        ("docs/runbooks/writing.md", "# Writing runbooks\n\n## Symptoms\n\n## Mitigation\n".to_owned()),
        ("site/guides/adrs/06-fields.md", fields.to_owned()),
        ("site/guides/adrs/relations.md", shown.to_owned()),
    ];
    for (path, text) in cases {
        let facts = facts(path, &text);
        assert_eq!(
            (facts.kind, facts.resembles.filter(|_| path.contains("relations"))),
            (Kind::Document, None),
            "{path}"
        );
    }
    for (path, text) in [
        ("docs/adr/0001-records.md", format!("# Using ADRs\n\n{record}")),
        ("docs/adr/events.md", format!("# Creating events over HTTP\n\n{record}")),
        ("docs/adr/shown.md", format!("---\nsidebar_position: 4\n---\n# Queues\n\n{record}")),
    ] {
        assert_eq!(facts(path, &text).kind, Kind::Adr, "{path}");
    }
}

#[test]
fn a_dialect_says_what_its_sections_are() {
    let config = Config::default();
    let facts =
        facts("content/KafkaLag.md", "# KafkaLag\n\n## Meaning\n\n## Impact\n\n## Diagnosis\n\n## Resolution\n");
    let document = ByRole::of(&facts, &config).unwrap();
    let roles: Vec<_> = document.tree.section_ids().skip(2).filter_map(|it| document.role_of(it.0)).collect();
    assert_eq!(roles, [Role::Triage, Role::ImpactedSystems, Role::Triage, Role::Mitigation]);
}
