//! What `--fix` may never do: add a finding, whatever its severity, or state what nobody said.
//!
//! The documents are put together at random from pieces that real ones are made of, in canonical places, where
//! templates hold. `ARCHWRIGHT_CORPUS` names a folder of real documents for the test that is ignored.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{collections::BTreeMap, fs, path::Path};

use archwright_analysis::{OpenOptions, Root, Workspace, features, writer};
use archwright_syntax::Span;
use proptest::prelude::*;
use tempfile::TempDir;

/// More rounds than fixes need to come to an end.
const ROUNDS: usize = 60;

/// Places of documents.
const PLACES: [&str; 11] = [
    "docs/features/shop/README.md",
    "docs/features/shop/design.md",
    "docs/features/shop/adrs/0001-use-outbox.md",
    "docs/features/shop/adrs/0002-use-log.md",
    "docs/features/shop/adrs/2-other.md",
    "docs/features/shop/contracts/orders.placed.v1.md",
    "docs/features/shop/runbooks/lag.md",
    "docs/features/shop/launches/2026-03-01.md",
    "docs/system/catalog.md",
    "docs/system/standards/naming.md",
    "docs/system/architecture-overview.md",
];

const TITLES: [&str; 7] = [
    "# ADR-0002: Use a log\n\n",
    "# 2. Use a log\n\n",
    "## 2. Use a log\n\n",
    "# Contract: orders.placed.v1\n\n",
    "# Shop\n\nStatus: Accepted\n\n",
    "---\nstatus: superseded by ADR-0001\ndate: 2026-01-10\n---\n# Log\n\n",
    "---\nstatus: accepted\nsupersedes: [ADR-0001]\n---\n# Log\n\n",
];

/// Sections, in the words of several dialects.
const SECTIONS: [&str; 34] = [
    "## Status\n\nAccepted\n\n",
    "## Status\n\nAccepted\n\nSupersedes [1. Use an outbox](0001-use-outbox.md)\n\n",
    "## Status\n\nSuperseded by\n[2. Use a log](0002-use-log.md)\n\n",
    "## Summary\n\n- **Status**: Accepted\n- **Date**: 2026-01-10\n- **TL;DR**: Short.\n\n",
    "## Summary\n\n- **Status**: Draft\n\n",
    "## Summary\n\nProse.\n\n",
    "## Sumary\n\nProse.\n\n",
    "## System concerns\n\n- **Owner team**: team-a\n- **Compliance**: PII\n\n",
    "## System concerns\n\n- **Ownership / Conway boundary**: team-b\n- **Compliance class**: none\n\n",
    "## System concerns\n\nNone of them matters.\n\n",
    "## System concerns\n\n- **Owner team**: [TBD: who?]\n\n",
    "## Context and Problem Statement\n\nOrders fan out. See [summary](#sumary).\n\n",
    "## Decision Outcome\n\n### A) A log\n\n",
    "## Decision\n\nA log.\n\n",
    "## Alternatives rejected\n\n- A table.\n\n",
    "## Consequences\n\nMore disks.\n\n",
    "## Patterns in play\n\n- Outbox: it is one.\n\n",
    "## Boundary contracts\n\n| Channel | Ordering key |\n| --- | --- |\n| orders.placed.v1 | order_id |\n\n",
    "## Boundary contracts\n\n| Channel | Ordering key | Retention |\n| --- | --- | --- |\n\
    | orders.placed.v1 | customer_id | 3 days |\n\n",
    "## Channel\n\n| Property | Value |\n| --- | --- |\n| Retention | 7 days |\n| Key | order_id |\n\n",
    "## Ordering, idempotency, retention\n\n- **Ordering key**: order_id\n- **Retention**: 7 days\n\n",
    "## Producer and consumers\n\nThe shop sends.\n\n",
    "## DLQ and replay\n\n- **DLQ**: orders.placed.v1-dead\n\n",
    "## Service info\n\n- **Owner team**: team-a\n- **SLO**: 99 %\n- **Tier**: Prototype\n\
    - **Last reviewed**: 2026-01-10\n\n",
    "## Artifacts\n\n- **Design**: [design.md](design.md)\n\n",
    "## Channels owned\n\n- orders.placed.v1: produced.\n\n",
    "## Features\n\n| Feature | Owner | Tier | SLO | Compliance | Last reviewed | Index |\n\
    | --- | --- | --- | --- | --- | --- | --- |\n| shop | team-b | Prototype | 99 % | | | \
    [README](../features/shop/README.md) |\n\n",
    "## Step 1: look\n\n1. Look.\n\n",
    "## Step 2: verify\n\n1. Look again.\n\n",
    "## Mitigation\n\n",
    "### Rollback\n\n- **Trigger**: errors\n\n",
    "## Rules\n\n1. Dots.\n\n",
    "## Open questions\n\n- Which disks? Owner team-a, due 2026-02-01.\n\n",
    "## Related artifacts\n\n- [Index](README.md)\n\n",
];

/// The findings of each rule, and how many errors there are among them.
fn findings(workspace: &Workspace) -> (BTreeMap<&'static str, Vec<String>>, usize) {
    let mut by_rule: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut errors = 0;
    for file in workspace.files() {
        for it in workspace.findings(file) {
            errors += usize::from(it.severity == archwright_analysis::Severity::Error);
            by_rule.entry(it.rule.code).or_default().push(format!("{}: {}", workspace.path(file), it.message));
        }
    }
    (by_rule, errors)
}

fn open(folder: &TempDir) -> Workspace {
    archwright_analysis::open(OpenOptions::batch(Root::Folder(folder.path().to_path_buf())), &|_| {}).unwrap()
}

fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Applies all fixes that need no look, and compares what is found before and after.
fn fixing_adds_nothing(folder: &TempDir) -> Result<(), String> {
    let (before, errors_before) = findings(&open(folder));
    for round in 0.. {
        let workspace = open(folder);
        let Some(action) = workspace.files().find_map(|it| features::fix_all(&workspace, it)) else { break };
        let edit = action.edit;
        if round == ROUNDS {
            return Err(format!("the fixes do not come to an end: {edit:#?}"));
        }
        writer::apply(folder.path(), &edit).map_err(|it| it.to_string())?;
    }
    let (after, errors_after) = findings(&open(folder));
    for (rule, found) in &after {
        let old = before.get(rule).map_or(0, Vec::len);
        if found.len() > old {
            return Err(format!("{rule}: {old} before, now {found:#?}\nbefore: {before:#?}"));
        }
    }
    if errors_after > errors_before {
        return Err(format!("{errors_before} errors before, {errors_after} now: {after:#?}"));
    }
    Ok(())
}

fn document() -> impl Strategy<Value = String> {
    let sections = prop::collection::vec(prop::sample::select(&SECTIONS[..]), 0..9);
    (prop::sample::select(&TITLES[..]), sections).prop_map(|(title, sections)| title.to_owned() + &sections.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fixes_never_add_a_finding(
        documents in prop::collection::btree_map(prop::sample::select(&PLACES[..]), document(), 1..5)
    ) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in &documents {
            write(&folder, path, text);
        }
        if let Err(what) = fixing_adds_nothing(&folder) {
            let texts: Vec<String> = documents.iter().map(|(path, text)| format!("//- {path}\n{text}")).collect();
            prop_assert!(false, "{what}\n{}", texts.concat());
        }
    }
}

/// Real documents, put where templates hold: none of them was written by ours.
#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn fixes_never_add_a_finding_to_real_documents() {
    let corpus = std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names the folder of the corpora");
    let place = |kind: &str, at: usize| match kind {
        "adr" => Some(format!("docs/system/adrs/{at:04}-record.md")),
        "runbook" => Some(format!("docs/system/runbooks/runbook-{at}.md")),
        "design" => Some(format!("docs/features/feature-{at}/design.md")),
        "rfc" => Some(format!("docs/features/feature-{at}/architecture-rfc.md")),
        _ => None,
    };
    let mut failures = Vec::new();
    let mut count = 0;
    for kind in ["adr", "runbook", "design", "rfc"] {
        let mut files: Vec<_> =
            fs::read_dir(Path::new(&corpus).join("docs").join(kind)).unwrap().map(|it| it.unwrap().path()).collect();
        files.sort();
        for (at, file) in files.iter().enumerate() {
            let folder = tempfile::tempdir().unwrap();
            write(&folder, &place(kind, at + 1).unwrap(), &fs::read_to_string(file).unwrap_or_default());
            count += 1;
            failures.extend(fixing_adds_nothing(&folder).err().map(|it| format!("{}: {it}", file.display())));
        }
    }
    assert!(count > 100, "only {count} documents were found");
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n\n"));
}

/// Inserts all that templates want into all documents, as an editor offers it.
fn ask_for_all(folder: &TempDir) {
    for round in 0.. {
        assert!(round < ROUNDS, "the questions do not come to an end");
        let workspace = open(folder);
        let all = |file| {
            let text = workspace.text(file).unwrap_or_default();
            let offered = features::actions(&workspace, file, Span::new(0, text.len()));
            let is_asking = |it: &features::Action| it.title.starts_with("Insert") || it.title.starts_with("Add");
            let mut asking = offered.into_iter().filter(is_asking);
            asking.clone().find(|it| it.title.starts_with("Insert all")).or_else(|| asking.next())
        };
        let Some(action) = workspace.files().find_map(all) else { break };
        assert!(!action.preferred, "{}", action.title);
        writer::apply(folder.path(), &action.edit).unwrap();
    }
}

/// The one thing that fixes of this kind were seen to invent.
#[test]
fn a_question_states_nothing_that_nobody_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = "docs/features/shop/adrs/0001-use-outbox.md";
    let record = "# 1. Use an outbox\n\n## Status\n\nAccepted\n\n## System concerns\n\n- **Owner team**: team-a\n";
    write(&folder, path, record);
    write(&folder, "docs/features/shop/README.md", "# Shop\n\n## Service info\n\n- **Owner team**: team-a\n");
    fixing_adds_nothing(&folder).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join(path)).unwrap(), record);
    ask_for_all(&folder);
    let record = fs::read_to_string(folder.path().join(path)).unwrap();
    assert!(!record.contains("**Status**"), "{record}");
    let summary = record.find("## Summary").unwrap();
    assert!(summary < record.find("## Status").unwrap(), "{record}");
    let readme = fs::read_to_string(folder.path().join("docs/features/shop/README.md")).unwrap();
    assert!(readme.contains("## Channels owned") && !readme.contains("None."), "{readme}");
}
