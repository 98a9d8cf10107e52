//! The configuration that makes the documents of a repository known.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[allow(dead_code, reason = "no cursor is needed")]
#[path = "../../rules/src/fixture.rs"]
mod fixture;

use std::fs;

use archwright_analysis::{Kind, operations::adopt, report, writer};
use fixture::Fixture;

const REPOSITORY: &str = "\
//- /doc/adr/0001-queue.md
# 1. Use a queue

## Status

Accepted

## Context

Peaks.

## Decision

A queue.
//- /doc/adr/0002-log.md
# 2. Use a log

## Context and Problem Statement

Replay.

## Considered Options

- A log

## Decision Outcome

A log.
//- /doc/adr/notes.md
# Notes
//- /doc/adr/README.md
# Records
//- /ops/runbooks/lag.md
# Lag

## Symptoms

Slow.

## Mitigation

1. Scale out.
//- /README.md
# Shop
";

#[test]
fn all_documents_of_a_repository_become_known_by_one_file() {
    let fixture = Fixture::new(REPOSITORY);
    let workspace = fixture.open();
    let before = report::summary(&workspace, &report::ReportFilter::default());
    let line = before.recognised();
    assert!(line.starts_with("Recognised: 2 ADRs (1 MADR, 1 Nygard), 1 runbook."), "{line}");
    assert!(line.contains("Looks like one and was not recognised: 1 in doc/adr;"), "{line}");
    let adoption = adopt(&workspace).unwrap();
    let places: Vec<&str> = adoption.text.lines().filter(|it| it.contains(" = ") || it.starts_with("# 1 ")).collect();
    assert_eq!(
        places,
        ["adr = [\"doc/adr/*.md\"]", "# 1 runbook", "runbook = [\"ops/runbooks/lag.md\"]"],
        "{}",
        adoption.text
    );
    assert!(adoption.text.contains("# 2 ADRs (1 MADR, 1 Nygard); 1 more may be one\n"), "{}", adoption.text);
    writer::apply(fixture.folder.path(), &adoption.edit).unwrap();
    let workspace = fixture.open();
    let kinds: Vec<(String, Kind)> =
        workspace.files().map(|it| (workspace.path(it).to_string(), workspace.kind(it))).collect();
    assert!(kinds.contains(&("doc/adr/notes.md".to_owned(), Kind::Adr)), "{kinds:?}");
    assert!(kinds.contains(&("doc/adr/README.md".to_owned(), Kind::Document)), "{kinds:?}");
    // Nobody is held to a template by it.
    let found: Vec<_> = workspace.files().flat_map(|it| workspace.findings(it)).map(|it| it.rule.code).collect();
    assert_eq!(found, [] as [&str; 0]);
    assert!(adopt(&workspace).is_none(), "all of it is known now");
    assert!(writer::apply(fixture.folder.path(), &adoption.edit).is_err(), "a file that is there stays as it is");
}

#[test]
fn each_in_a_folder_of_its_own_is_one_place() {
    let kep = "\n\n## Summary\n\nS.\n\n## Motivation\n\nM.\n\n## Proposal\n\nP.\n\n## Test Plan\n\nT.\n";
    let texts = (1..5).map(|it| format!("//- /keps/sig-{it}/{it}-x/README.md\n# KEP-{it}: X{kep}"));
    let text = texts.collect::<Vec<_>>().concat();
    let adoption = adopt(&Fixture::new(&text).open()).unwrap();
    assert!(adoption.text.contains("# 4 RFCs (4 KEP)\nrfc = [\"keps/**/README.md\"]\n"), "{}", adoption.text);
}

#[test]
fn what_may_be_one_is_named_and_not_taken() {
    let text = "\
//- /docs/RUNBOOK.md
# Shop Runbook

## R1: Failover

**Trigger**: The cell is gone.

**Steps**:

1. Start the failover.

**Rollback**: Abort it.
//- /docs/guide.md
# Guide
//- /docs/errors.md
# Errors
//- /docs/web.md
# Web
";
    let fixture = Fixture::new(text);
    let workspace = fixture.open();
    let line = report::summary(&workspace, &report::ReportFilter::default()).recognised();
    assert!(line.contains("Looks like one and was not recognised: 1 in docs; `archwright init` proposes"), "{line}");
    let adoption = adopt(&workspace).unwrap();
    assert!(adoption.text.ends_with("it is:\n# runbook = [\"docs/RUNBOOK.md\"]\n"), "{}", adoption.text);
    // Taken by somebody, it is known.
    fs::write(fixture.folder.path().join("archwright.toml"), adoption.text.replace("# runbook", "runbook")).unwrap();
    let workspace = fixture.open();
    let kinds: Vec<Kind> = workspace.files().map(|it| workspace.kind(it)).collect();
    assert!(kinds.contains(&Kind::Runbook), "{kinds:?}");
    assert!(adopt(&workspace).is_none());
}

#[test]
fn a_record_about_templates_is_a_record() {
    let record = "\n\n## Context\n\nC.\n\n## Decision\n\nD.\n\n## Consequences\n\nE.\n";
    let text = format!(
        "//- /docs/adr/0024-ci-and-templates.md\n# ADR 0024: CI and templates{record}\
         //- /docs/adr/0000-template.md\n# ADR 0000: Title{record}\
         //- /docs/adr/0001-adr-template.md\n# ADR 0001: Title{record}\
         //- /docs/adr/0002-poll-the-outbox.md\n# ADR 0002: Poll the outbox{record}"
    );
    let workspace = Fixture::new(&text).open();
    let records: Vec<String> = workspace
        .files()
        .filter(|it| workspace.kind(*it) == Kind::Adr)
        .map(|it| workspace.path(it).stem().to_owned())
        .collect();
    assert_eq!(records, ["0002-poll-the-outbox", "0024-ci-and-templates"]);
}

#[test]
fn a_repository_without_documents_needs_no_file() {
    assert!(adopt(&Fixture::new("//- /README.md\n# Shop\n").open()).is_none());
}

#[test]
fn a_team_adds_its_own_dialect() {
    let text = "\
//- /archwright.toml
[dialects.beschluss]
title = \"Beschluss\"
kind = \"adr\"
places = [\"beschluesse/**/*.md\"]
forms = [{ headings = [[\"Lage\"], [\"Beschluss\"]] }]
[dialects.beschluss.sections]
context = [\"Lage\"]
decision = [\"Beschluss\"]
[dialects.beschluss.fields]
status = [\"Stand\"]
[dialects.beschluss.states]
accepted = [\"Beschlossen\"]
//- /beschluesse/mai/warteschlange.md
# Warteschlange

- **Stand**: Beschlossen

## Lage

Spitzen.

## Beschluss

We use either Kafka or a table, to be decided later.
";
    let fixture = Fixture::new(text);
    let workspace = fixture.open();
    let line = report::summary(&workspace, &report::ReportFilter::default()).recognised();
    assert!(line.starts_with("Recognised: 1 ADR (1 Beschluss)."), "{line}");
    // Its decision is read where the dialect has it, and its status is understood.
    let found: Vec<_> = workspace.files().flat_map(|it| workspace.findings(it)).map(|it| it.rule.code).collect();
    assert_eq!(found, ["decision/uncommitted"]);
}

#[test]
fn what_is_wrong_with_a_dialect_is_told_at_its_name() {
    for (settings, expected) in [
        ("[dialects.x]\nkind = \"schema\"\nforms = [{ titles = [\"X\"] }]\n", "has no dialects"),
        ("[dialects.x]\nkind = \"adr\"\n", "The dialect has no form"),
        ("[dialects.x]\nkind = \"adr\"\nplaces = [\"a[\"]\nforms = [{ titles = [\"X\"] }]\n", "a["),
        ("[documents]\nschema = [\"x/*.avsc\"]\n", "is no document"),
    ] {
        let (_, problems) = archwright_analysis::Config::parse(settings);
        assert!(problems.len() == 1 && problems[0].message.contains(expected), "{settings} {problems:?}");
    }
}

#[test]
fn the_services_of_a_code_base_are_drafted() {
    let text = "//- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract: orders.placed.v1\n\n\
        - **Producer**: order-checkout\n- **Consumers**: billing\n\
        //- /services/checkout/pom.xml\n<artifactId>spring-kafka</artifactId>\n//- /services/checkout/Orders.java\n\
        class Orders {\n  @KafkaListener(topics = \"payments.done.v1\")\n  void on(Payment payment) {}\n}\n\
        //- /libs/common/Common.java\nclass Common {}\n";
    let fixture = Fixture::new(text);
    let adoption = adopt(&fixture.open()).unwrap();
    assert!(
        adoption.text.ends_with(
            "\n[services.checkout]\npaths = [\"services/checkout\"]\n# If documents mean it by order-checkout: aliases = \
             [\"order-checkout\"]\n"
        ),
        "{}",
        adoption.text
    );
    writer::apply(fixture.folder.path(), &adoption.edit).unwrap();
    assert!(adopt(&fixture.open()).is_none(), "the table has it now");
}

#[test]
fn folders_of_records_in_packages_say_nothing_of_the_packages() {
    let record = |folder: &str| {
        format!(
            "//- /packages/{folder}/adr/1-log.md\n# 1. Log\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\n\
             ## Context\n\nX.\n\n## Decision\n\nY.\n\n## Consequences\n\nZ.\n"
        )
    };
    let text: String = ["a", "b", "c", "d"].map(record).concat() + "//- /packages/a/guide.md\n# Guide\n";
    let fixture = Fixture::new(&text);
    let adoption = adopt(&fixture.open()).unwrap();
    assert!(adoption.text.contains("adr = [\"packages/**/adr/*.md\"]"), "{}", adoption.text);
    assert!(!adoption.text.contains("Not among them"), "{}", adoption.text);
}
