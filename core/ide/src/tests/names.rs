//! Identifiers, terms, teams and patterns over documents: definition, references, hover, rename and outline.

use insta::assert_snapshot;

use super::open;
use crate::{
    Location, RenameError, SymbolKind, card_definition, definition, document_symbols, hover, prepare_rename,
    references, rename, show_path,
};

/// A feature whose design defines identifiers, with documents that use them; a glossary and a list of teams.
const SYSTEM: &str = "\
//- /docs/features/shop/design.md
# Design: shop

## Goals

| Id | Objective | Owner |
| --- | --- | --- |
| SLO-1 | 99 % within 60 min | team-orders |
| SLO-2 | No lost Order | Growth |
| SLO-3 | p99 of 120 s | team-orders |

## Risks

- **R-1**: the gateway is slow, see SLO-2.
- **R-2**: Growth is slow. The Growth team helps.
- **R-3**: an order is lost, and an Order is not.

The dead letter of an Order is kept. Not SLO-10, not SLO-1.md, but SLO-1..SLO-3.

```text
SLO-1
```
//- /docs/features/shop/runbooks/lag.md
# Runbook: lag

Stop if SLO-1 is missed. A dead letter waits; R-1 or A-1 may follow.

| Step | Owner |
| --- | --- |
| A dead letter | team-orders |
//- /docs/features/other/design.md
# Design: other

SLO-1 is another one. Payments use a transactional outbox.
//- /docs/system/glossary.md
# Glossary

| Term | Meaning | Since |
| --- | --- | --- |
| Order | A cart that is paid. | 2026 |
| Dead letter | A message that was given up. | 2025 |
//- /docs/system/teams.md
# Teams

| Team | On-call |
| --- | --- |
| team-orders | #orders |
| Growth | #growth |
//- /docs/features/shop/adrs/0001-x.md
# ADR-0001: Use an outbox

## Decision

We use the Transactional Outbox.
";

/// [`SYSTEM`] with the cursor in the `nth` of these words of a file.
fn at(path: &str, words: &str, nth: usize) -> String {
    let head = format!("//- /{path}\n");
    let start = SYSTEM.find(&head).unwrap() + head.len();
    let place = start + SYSTEM[start..].match_indices(words).nth(nth).unwrap_or_else(|| panic!("{words} in {path}")).0;
    format!("{}$0{}", &SYSTEM[..=place], &SYSTEM[place + 1..])
}

const DESIGN: &str = "docs/features/shop/design.md";

/// Each use as `path:line: text`.
fn uses(text: &str) -> String {
    let (_fixture, workspace, file, offset) = open(text);
    let show = |it: Location| {
        let text = workspace.text(it.file).unwrap();
        let line = text[..it.span.start as usize].matches('\n').count() + 1;
        format!("{}:{line}: {}\n", workspace.path(it.file), it.span.of(&text))
    };
    references(&workspace, file, offset, true).into_iter().map(show).collect()
}

fn target(text: &str) -> String {
    let (_fixture, workspace, file, offset) = open(text);
    let Some(found) = definition(&workspace, file, offset) else { return String::new() };
    let text = workspace.text(found.file).unwrap();
    let line = text[..found.span.start as usize].matches('\n').count() + 1;
    format!("{}:{line}: {}", workspace.path(found.file), found.span.of(&text))
}

fn card(text: &str) -> String {
    let (_fixture, workspace, file, offset) = open(text);
    hover(&workspace, file, offset, &show_path).map(|it| it.markdown).unwrap_or_default()
}

/// The changed lines after a rename, each with its path.
fn renamed(text: &str, name: &str) -> String {
    let (_fixture, workspace, file, offset) = open(text);
    let edit = rename(&workspace, file, offset, name).unwrap();
    let mut shown = String::new();
    for it in &edit.texts {
        let before = workspace.text(workspace.file(&it.path).unwrap()).unwrap();
        let after = it.edits.apply(&before).unwrap();
        let changed = before.lines().zip(after.lines()).filter(|(a, b)| a != b);
        changed.for_each(|(_, line)| shown.push_str(&format!("{}: {line}\n", it.path)));
    }
    shown
}

fn refused(text: &str, name: &str) -> RenameError {
    let (_fixture, workspace, file, offset) = open(text);
    rename(&workspace, file, offset, name).unwrap_err()
}

#[test]
fn an_identifier_leads_to_the_row_that_defines_it() {
    assert_eq!(target(&at(DESIGN, "SLO-2", 1)), "docs/features/shop/design.md:8: SLO-2");
    assert_eq!(target(&at("docs/features/shop/runbooks/lag.md", "SLO-1", 0)), "docs/features/shop/design.md:7: SLO-1");
    assert_eq!(target(&at("docs/features/shop/runbooks/lag.md", "R-1", 0)), "docs/features/shop/design.md:13: R-1");
    // Of no family, in another feature, in a longer name and in code.
    assert_eq!(target(&at("docs/features/shop/runbooks/lag.md", "A-1", 0)), "");
    assert_eq!(target(&at("docs/features/other/design.md", "SLO-1", 0)), "");
    assert_eq!(target(&at(DESIGN, "SLO-10", 0)), "");
    assert_eq!(target(&at(DESIGN, "SLO-1\n```", 0)), "");
}

#[test]
fn an_identifier_is_found_where_its_feature_speaks_of_it() {
    assert_snapshot!(uses(&at(DESIGN, "SLO-1", 0)), @r"
    docs/features/shop/design.md:7: SLO-1
    docs/features/shop/design.md:17: SLO-1
    docs/features/shop/runbooks/lag.md:3: SLO-1
    ");
    assert_snapshot!(uses(&at("docs/features/shop/runbooks/lag.md", "R-1", 0)), @r"
    docs/features/shop/design.md:13: R-1
    docs/features/shop/runbooks/lag.md:3: R-1
    ");
}

#[test]
fn a_family_of_two_documents_belongs_to_each_alone() {
    let second = "//- /docs/features/shop/launches/2026-01-01.md\n# Launch\n\n- **SLO-1**: a\n- **SLO-2**: b\n\
        - **SLO-3**: c, SLO-1\n";
    let uses = uses(&format!("{}{second}", at(DESIGN, "SLO-1", 0)));
    assert_eq!(uses.lines().count(), 2, "{uses}");
    assert_eq!(target(&format!("{}{second}", at("docs/features/shop/runbooks/lag.md", "SLO-1", 0))), "");
    assert_eq!(
        target(&format!("{SYSTEM}{}", second.replace(", SLO-1", ", SLO$0-1"))),
        "docs/features/shop/launches/2026-01-01.md:3: SLO-1"
    );
}

#[test]
fn an_identifier_shows_its_row() {
    assert_snapshot!(card(&at("docs/features/shop/runbooks/lag.md", "SLO-1", 0)), @r"
    **SLO-1** (defined in `docs/features/shop/design.md`)

    - Objective: 99 % within 60 min
    - Owner: team-orders
    ");
    assert_snapshot!(card(&at("docs/features/shop/runbooks/lag.md", "R-1", 0)), @r"
    **R-1** (defined in `docs/features/shop/design.md`)

    the gateway is slow, see SLO-2.
    ");
}

#[test]
fn an_identifier_is_renamed_in_its_feature() {
    assert_snapshot!(renamed(&at("docs/features/shop/runbooks/lag.md", "SLO-1", 0), "OBJ-1"), @r"
    docs/features/shop/design.md: | OBJ-1 | 99 % within 60 min | team-orders |
    docs/features/shop/design.md: The dead letter of an Order is kept. Not SLO-10, not SLO-1.md, but OBJ-1..SLO-3.
    docs/features/shop/runbooks/lag.md: Stop if OBJ-1 is missed. A dead letter waits; R-1 or A-1 may follow.
    ");
    let taken = refused(&at(DESIGN, "SLO-1", 0), "SLO-2");
    assert_eq!(taken, RenameError::Taken { name: "SLO-2".into(), path: DESIGN.into() });
    assert!(matches!(refused(&at(DESIGN, "SLO-1", 0), "the first"), RenameError::Invalid { .. }));
}

#[test]
fn the_outline_has_identifiers_below_their_sections() {
    let (_fixture, workspace, file, _) = open(&at(DESIGN, "SLO-1", 0));
    let root = document_symbols(&workspace, file).remove(0);
    let below: Vec<_> = root.children.iter().map(|it| (it.name.as_str(), it.children.len())).collect();
    assert_eq!(below, [("Goals", 3), ("Risks", 3)]);
    let first = &root.children[0].children[0];
    assert_eq!((first.name.as_str(), first.kind), ("SLO-1: 99 % within 60 min", SymbolKind::Identifier));
    assert_eq!(root.children[1].children[0].name, "R-1: the gateway is slow, see SLO-2.");
}

#[test]
fn a_term_leads_to_its_row_and_shows_it() {
    assert_eq!(target(&at(DESIGN, "Order is kept", 0)), "docs/system/glossary.md:5: Order");
    assert_eq!(target(&at(DESIGN, "dead letter of", 0)), "docs/system/glossary.md:6: Dead letter");
    // A word like any other.
    assert_eq!(target(&at(DESIGN, "order is lost", 0)), "");
    assert_snapshot!(card(&at(DESIGN, "dead letter of", 0)), @r"
    **Dead letter** (term, `docs/system/glossary.md`)

    - Meaning: A message that was given up.
    - Since: 2025
    ");
    assert_snapshot!(uses(&at("docs/system/glossary.md", "Order", 0)), @r"
    docs/features/shop/design.md:8: Order
    docs/features/shop/design.md:15: Order
    docs/features/shop/design.md:17: Order
    docs/system/glossary.md:5: Order
    ");
    assert_snapshot!(uses(&at("docs/system/glossary.md", "Dead", 0)), @r"
    docs/features/shop/design.md:17: dead letter
    docs/features/shop/runbooks/lag.md:3: dead letter
    docs/features/shop/runbooks/lag.md:7: dead letter
    docs/system/glossary.md:6: Dead letter
    ");
}

#[test]
fn a_term_is_renamed_where_it_is_surely_meant() {
    assert_snapshot!(renamed(&at("docs/system/glossary.md", "Order", 0), "Purchase"), @r"
    docs/features/shop/design.md: | SLO-2 | No lost Purchase | Growth |
    docs/features/shop/design.md: - **R-3**: an order is lost, and an Purchase is not.
    docs/features/shop/design.md: The dead letter of an Purchase is kept. Not SLO-10, not SLO-1.md, but SLO-1..SLO-3.
    docs/system/glossary.md: | Purchase | A cart that is paid. | 2026 |
    ");
    assert_snapshot!(renamed(&at("docs/system/glossary.md", "Dead", 0), "Parked message"), @r"
    docs/features/shop/runbooks/lag.md: | A parked message | team-orders |
    docs/system/glossary.md: | Parked message | A message that was given up. | 2025 |
    ");
    assert!(matches!(refused(&at("docs/system/glossary.md", "Order", 0), "Dead letter"), RenameError::Taken { .. }));
    assert!(matches!(refused(&at("docs/system/glossary.md", "Order", 0), "a|b"), RenameError::Invalid { .. }));
}

#[test]
fn a_team_leads_to_the_list_and_is_renamed_everywhere() {
    assert_eq!(
        target(&at("docs/features/shop/runbooks/lag.md", "team-orders", 0)),
        "docs/system/teams.md:5: team-orders"
    );
    assert_eq!(target(&at(DESIGN, "Growth |", 0)), "docs/system/teams.md:6: Growth");
    // Among owners and called a team, but not in a sentence of its own.
    assert_eq!(target(&at(DESIGN, "Growth is slow", 0)), "");
    assert_eq!(target(&at(DESIGN, "Growth team", 0)), "docs/system/teams.md:6: Growth");
    assert_snapshot!(card(&at(DESIGN, "team-orders", 0)), @r"
    **team-orders** (team, `docs/system/teams.md`)

    - On-call: #orders

    - owner in `docs/features/shop/design.md`
    - owner in `docs/features/shop/runbooks/lag.md`
    ");
    assert_snapshot!(renamed(&at(DESIGN, "team-orders", 0), "team-checkout"), @r"
    docs/features/shop/design.md: | SLO-1 | 99 % within 60 min | team-checkout |
    docs/features/shop/design.md: | SLO-3 | p99 of 120 s | team-checkout |
    docs/features/shop/runbooks/lag.md: | A dead letter | team-checkout |
    docs/system/teams.md: | team-checkout | #orders |
    ");
    assert_snapshot!(renamed(&at("docs/system/teams.md", "Growth", 0), "Expansion"), @r"
    docs/features/shop/design.md: | SLO-2 | No lost Order | Expansion |
    docs/features/shop/design.md: - **R-2**: Growth is slow. The Expansion team helps.
    docs/system/teams.md: | Expansion | #growth |
    ");
    assert!(matches!(refused(&at(DESIGN, "team-orders", 0), "Growth"), RenameError::Taken { .. }));
}

#[test]
fn a_pattern_is_found_in_all_documents_and_keeps_its_name() {
    assert_snapshot!(uses(&at("docs/features/shop/adrs/0001-x.md", "Transactional", 0)), @r"
    docs/features/other/design.md:3: transactional outbox
    docs/features/shop/adrs/0001-x.md:5: Transactional Outbox
    ");
    let (_fixture, workspace, file, offset) = open(&at("docs/features/shop/adrs/0001-x.md", "Transactional", 0));
    assert_eq!(prepare_rename(&workspace, file, offset), Err(RenameError::Nothing));
    let text = workspace.text(file).unwrap();
    let card = card_definition(&workspace, file, offset).unwrap();
    assert_eq!((card.slug, card.origin.of(&text)), ("transactional-outbox", "Transactional Outbox"));
    assert_eq!(card_definition(&workspace, file, 3), None);
}

#[test]
fn front_matter_names_owners() {
    let front =
        "//- /docs/features/shop/notes.md\n---\nowner: Growth\nteam: team-orders\ntitle: Growth\n---\n\n# Notes\n";
    let text = format!("{}{front}", at("docs/system/teams.md", "Growth", 0));
    let changed = renamed(&text, "Expansion");
    assert!(changed.contains("notes.md: owner: Expansion\n") && !changed.contains("title: Expansion"), "{changed}");
    let text = format!("{SYSTEM}{}", front.replace("owner: Gro", "owner: Gr$0o"));
    assert_eq!(target(&text), "docs/system/teams.md:6: Growth");
    assert_eq!(target(&format!("{SYSTEM}{}", front.replace("title: Gro", "title: Gr$0o"))), "");
    assert!(uses(&at("docs/system/teams.md", "team-orders", 0)).lines().count() == 4);
}

#[test]
fn words_of_a_feature_are_its_own() {
    let own = "//- /docs/features/shop/terms.md\n---\narchwright: standard\n---\n\n# Words\n\n\
        | Term | Meaning |\n| --- | --- |\n| Lag | Own. |\n";
    let text = format!("{}{own}", SYSTEM.replace("SLO-1 is another one", "The La$0g is another one"));
    assert_eq!(target(&text), "");
    let text = format!("{SYSTEM}{}", own.replace("| Lag |", "| La$0g |"));
    assert_eq!(uses(&text), "docs/features/shop/terms.md:9: Lag\n");
}
