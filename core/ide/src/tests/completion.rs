//! Completion: what is offered, in order, and what a text becomes when one is taken.

use archwright_syntax::{TextEdit, TextEdits};
use insta::assert_snapshot;

use super::shop;
use crate::{Completion, Occasion, completions};

/// The completions at the cursor, and the text of its file.
fn at(file: &str) -> (Vec<Completion>, String) {
    let (_fixture, workspace, file, offset) = shop(file);
    (completions(&workspace, file, offset, Occasion::Typed), workspace.text(file).unwrap().to_string())
}

/// The labels offered at the cursor to those who ask, one per line.
fn asked(file: &str) -> String {
    let (_fixture, workspace, file, offset) = shop(file);
    completions(&workspace, file, offset, Occasion::Asked).iter().map(|it| it.label.clone() + "\n").collect()
}

/// The labels offered at the cursor, one per line.
fn check(file: &str) -> String {
    at(file).0.iter().map(|it| it.label.clone() + "\n").collect()
}

/// In a design document that has this text behind its Summary.
fn design(text: &str) -> String {
    format!("//- /docs/features/shop/design.md\n# Design: shop\n\n## Summary\n\n- **Status**: Draft\n\n{text}")
}

/// The file's text after the completion with this label is taken.
fn take(file: &str, label: &str) -> String {
    let (found, text) = at(file);
    let one = found.iter().find(|it| it.label == label).unwrap_or_else(|| panic!("{label} is not among {found:#?}"));
    TextEdits::new(vec![TextEdit::replace(one.replace, one.insert.clone())]).unwrap().apply(&text).unwrap()
}

#[test]
fn an_empty_line_offers_the_missing_sections() {
    assert_snapshot!(check(&design("$0\n## Patterns\n")), @r"
    ## System concerns
    ## Reliability checklist
    ## Boundary contracts
    ## Anti-patterns to avoid
    ## Open questions
    ## Related artifacts
    ");
}

#[test]
fn so_do_a_hash_the_start_of_a_title_and_the_end_of_the_file() {
    assert_eq!(check(&design("#$0\n")).lines().count(), 7);
    assert_eq!(check(&design("## $0")).lines().count(), 7);
    assert_snapshot!(check(&design("## Pat$0\n")), @"## Patterns");
    assert_snapshot!(check(&design("## pat$0\n")), @"## Patterns");
    assert_snapshot!(check(&design("## Patterns$0\n")), @"## Patterns");
    assert_snapshot!(check(&design("## Patterns$0\n\n- Outbox: why.\n")), @"");
    assert_eq!(check(&design("Text.\n\n$0")).lines().count(), 7);
}

#[test]
fn a_section_comes_with_its_skeleton_and_blank_lines_around_it() {
    assert_snapshot!(take(&design("Text.\n$0\n## Patterns\n"), "## Open questions"), @r"
    # Design: shop

    ## Summary

    - **Status**: Draft

    Text.

    ## Open questions

    - [TBD: which questions are open, who answers each, and by when?]

    ## Patterns
    ");
    assert_snapshot!(take(&design("## Pat$0"), "## Patterns"), @r"
    # Design: shop

    ## Summary

    - **Status**: Draft

    ## Patterns

    - [TBD: which patterns are in play, and what makes each real?]
    ");
}

#[test]
fn a_section_keeps_the_line_endings_of_the_file() {
    let (found, _) = at("//- /docs/features/shop/design.md\n# Design: shop\r\n\r\n## Summary\r\n\r\n$0\r\n");
    let section = found.iter().find(|it| it.label == "## Patterns").unwrap();
    assert!(section.insert.starts_with("## Patterns\r\n\r\n- "), "{:?}", section.insert);
}

#[test]
fn status_offers_the_values_of_the_kind() {
    assert_snapshot!(check("//- /docs/features/shop/design.md\n# Design: shop\n\n## Summary\n\n- **Status**: $0\n"), @r"
    Draft
    Proposed
    Accepted
    Superseded
    Retired
    ");
    assert_snapshot!(check("//- /docs/features/shop/contracts/a.b.v1.md\n# Contract: a.b.v1\n\n- **Status:** $0\n"), @r"
    Draft
    Active
    Deprecating
    Retired
    ");
    assert_snapshot!(check("//- /docs/features/shop/launches/2026-01-01.md\n# Launch\n\n- **Status**:$0\n"), @r"
    GO
    NO-GO
    GO-WITH-RISKS
    ");
}

#[test]
fn a_value_takes_the_place_of_the_one_that_is_there() {
    let value = |line: &str| {
        let text = take(&format!("//- /docs/features/shop/design.md\n# Design: shop\n\n{line}\nNext.\n"), "Accepted");
        text.lines().nth(2).unwrap().to_owned()
    };
    for (before, after) in [
        ("- **Status**:$0", "- **Status**: Accepted"),
        ("- **Status**: $0", "- **Status**: Accepted"),
        ("- **Status**: Dr$0", "- **Status**: Accepted"),
        ("- **Status**: Dr$0aft", "- **Status**: Accepted"),
        ("- **Status:** $0Draft", "- **Status:** Accepted"),
        ("- **Status:**$0", "- **Status:** Accepted"),
        ("**Status:** Dr$0", "**Status:** Accepted"),
        ("Status: Dr$0", "Status: Accepted"),
        ("- **Status**: Dr$0aft <!-- since May -->", "- **Status**: Accepted <!-- since May -->"),
        ("| Status | Dr$0 |", "| Status | Accepted |"),
    ] {
        assert_eq!(value(before), after, "{before}");
    }
    assert_eq!(check("//- /docs/features/shop/design.md\n# Design: shop\n\n- **Status:$0**\n"), "");
}

#[test]
fn a_status_section_and_front_matter_have_the_same_values() {
    let expected = "Proposed\nAccepted\nSuperseded\nDeprecated\nDeferred\nRejected\n";
    assert_eq!(check("//- /docs/system/adrs/0002-x.md\n# 2. X\n\n## Status\n\nAcc$0\n\n## Context\n"), expected);
    assert_eq!(check("//- /docs/system/adrs/0002-x.md\n---\nstatus: $0\n---\n# 2. X\n"), expected);
    assert_eq!(check("//- /docs/system/adrs/0002-x.md\n---\nstatus: accepted\n#$0\n---\n# 2. X\n"), "");
}

#[test]
fn a_tier_is_one_of_the_four() {
    assert_snapshot!(check("//- /docs/features/shop/README.md\n# Shop\n\n## Service info\n\n- **Tier**: Pro$0\n"), @r"
    Prototype
    Service-ready
    Production-ready
    Enterprise-critical
    ");
}

#[test]
fn links_offer_artifacts_the_nearest_first() {
    assert_snapshot!(check(&design("See [it]($0).\n")), @r"
    adrs/0001-use-an-outbox.md
    asyncapi/stock.reserved.v1.yaml
    contracts/orders.placed.v1.md
    runbooks/consumer-lag.md
    ");
    assert_snapshot!(check(&design("See [it](out$0).\n")), @"adrs/0001-use-an-outbox.md");
    assert_snapshot!(check(&design("See [it](contracts/$0).\n")), @"contracts/orders.placed.v1.md");
    assert_snapshot!(check(&design("See [it](./run$0).\n")), @"./runbooks/consumer-lag.md");
    assert_snapshot!(check(&design("See [it](/docs/features/shop/run$0).\n")), @"/docs/features/shop/runbooks/consumer-lag.md");
    assert_snapshot!(check(&design("[it]: run$0\n")), @"runbooks/consumer-lag.md");
    assert_snapshot!(check("//- /docs/features/shop/adrs/0002-x.md\n# ADR-0002: X\n\n[a](../$0)\n"), @r"
    ../asyncapi/stock.reserved.v1.yaml
    ../contracts/orders.placed.v1.md
    ../runbooks/consumer-lag.md
    ");
    assert_snapshot!(check("//- /docs/features/shop/adrs/0002-x.md\n# ADR-0002: X\n\n[a](../../$0)\n"), @"");
}

#[test]
fn a_link_target_is_replaced_as_a_whole() {
    let line = |text: &str, label: &str| take(&design(text), label).lines().last().unwrap().to_owned();
    assert_eq!(
        line("[a](run$0books/old.md#x), [b](c.md)", "runbooks/consumer-lag.md"),
        "[a](runbooks/consumer-lag.md#x), [b](c.md)"
    );
    assert_eq!(line("[a](run$0", "runbooks/consumer-lag.md"), "[a](runbooks/consumer-lag.md");
    assert_eq!(line("[a](#sum$0marize)", "summary"), "[a](#summary)");
}

#[test]
fn a_hash_offers_the_headings_of_the_file_that_is_named() {
    assert_snapshot!(check(&design("[a](#$0)\n")), @r"
    design-shop
    summary
    ");
    assert_snapshot!(check(&design("[a](adrs/0001-use-an-outbox.md#dec$0)\n")), @"decision");
    assert_snapshot!(check(&design("[a](missing.md#$0)\n")), @"");
}

#[test]
fn channels_are_offered_in_backticks_cells_items_and_the_channel_field() {
    assert_snapshot!(check(&design("It sends `$0\n")), @r"
    orders.placed.v1
    stock.released.v1
    stock.reserved.v1
    ");
    assert_snapshot!(check(&design("It sends `ord$0` first.\n")), @"orders.placed.v1");
    assert_snapshot!(check(&design("| Channel | Ordering key |\n| --- | --- |\n| ord$0 | a |\n")), @"orders.placed.v1");
    assert_snapshot!(check(&design("- stock.res$0\n")), @"stock.reserved.v1");
    assert_snapshot!(check(&design("- **ord$0\n")), @"orders.placed.v1");
    assert_snapshot!(check("//- /docs/features/shop/contracts/a.b.v1.md\n# Contract: a.b.v1\n\n- **Channel**: $0\n"), @r"
    a.b.v1
    orders.placed.v1
    stock.released.v1
    stock.reserved.v1
    ");
    let text = take(&design("It sends `ord$0ers.x` first.\n"), "orders.placed.v1");
    assert_eq!(text.lines().last(), Some("It sends `orders.placed.v1` first."));
    let text =
        take("//- /docs/features/shop/contracts/a.b.v1.md\n# Contract\n\n- **Channel**: `ord$0`\n", "orders.placed.v1");
    assert_eq!(text.lines().last(), Some("- **Channel**: `orders.placed.v1`"));
}

#[test]
fn a_patterns_section_offers_patterns() {
    let (found, _) = at(&design("## Patterns\n\n- Transactional Out$0\n"));
    assert!(found.iter().any(|it| it.label == "Transactional Outbox"), "{found:#?}");
    let text = take(&design("## Patterns\n\n- **Transactional Out$0**: why.\n"), "Transactional Outbox");
    assert_eq!(text.lines().last(), Some("- **Transactional Outbox**: why."));
    assert_eq!(check(&design("## Patterns\n\n- Transactional Outbox: b$0\n")), "");
    assert_eq!(check(&design("## Open questions\n\n- Transactional Out$0\n")), "");
}

#[test]
fn a_suppression_offers_rule_codes() {
    for open in [
        "<!-- archwright: allow $0",
        "<!-- archwright: allow link/d$0 -->",
        "<!-- archwright: allow-file channel/dlq-name, $0 -->",
    ] {
        let (found, _) = at(&design(&format!("{open}\n")));
        assert!(found.iter().any(|it| it.label == "link/dead-target"), "{open}");
    }
    let text = take(&design("<!-- archwright: allow link/d$0ead-x--> x\n"), "link/dead-target");
    assert_eq!(text.lines().last(), Some("<!-- archwright: allow link/dead-target--> x"));
    for other in [
        "<!-- archwright: al$0 -->",
        "<!-- archwright: allow link/dead-target -- be$0 -->",
        "archwright: allow l$0",
        "<!-- \n$0\n-->",
    ] {
        assert_eq!(check(&design(&format!("{other}\n"))), "", "{other}");
    }
    let (found, _) = at("//- /docs/features/shop/asyncapi/a.b.v1.yaml\nasyncapi: 3.0.0 # archwright: allow $0\n");
    assert!(found.iter().any(|it| it.label == "link/dead-target"));
}

#[test]
fn code_prose_and_other_documents_offer_nothing() {
    for text in [
        "```\n$0\n```\n",
        "```\n## Pat$0\n```\n",
        "```yaml\nstatus: $0",
        "```\n[a]($0)\n```\n",
        "We talk about ord$0ers.\n",
        "Note: ord$0\n",
        "They agree - ord$0\n",
        "The code `x` and `y`$0 is known.\n",
        "A word $0\n",
        "`[a]($0`\n",
    ] {
        assert_eq!(check(&design(text)), "", "{text}");
    }
    for text in ["$0\n", "## $0\n", "- **Status**: $0\n", "`ord$0`\n", "<!-- archwright: allow $0 -->\n"] {
        assert_eq!(check(&format!("//- /notes.md\n# Notes\n\n{text}")), "", "{text}");
    }
    let all =
        check("//- /archwright.toml\nlinks.check = \"all\"\n//- /notes.md\n# Notes\n\n<!-- archwright: allow $0 -->\n");
    assert!(all.contains("link/dead-target"), "{all}");
}

#[test]
fn links_to_artifacts_are_offered_in_every_document() {
    assert_snapshot!(check("//- /notes.md\n# Notes\n\n[a](ord$0)\n"), @"docs/features/shop/contracts/orders.placed.v1.md");
}

/// A glossary, a list of teams and a design.
const NAMES: &str = "\
//- /docs/system/glossary.md
# Glossary

| Term | Meaning |
| --- | --- |
| Order | A cart that is paid. |
| Dead letter | A message that was given up. |
//- /docs/system/teams.md
# Teams

- **team-orders**: checkout
- **Growth**: renewals
- **team-platform**: brokers
";

#[test]
fn a_list_item_offers_the_fields_that_its_section_lacks() {
    assert_snapshot!(check("//- /docs/features/shop/design.md\n# Design: shop\n\n## Summary\n\n- **Status**: Draft\n- $0\n"), @r"
    Date
    TL;DR
    ");
    assert_snapshot!(check(&design("## System concerns\n\n- **Tenancy**: one\n- Co$0\n")), @r"
    Compliance
    Cost owner
    ");
    assert_snapshot!(check(&design("## Reliability checklist\n\n1. **$0**\n")), @r"
    Delivery
    Idempotency
    Bad messages
    Retry
    Ordering
    Schema evolution
    Observability
    Failure boundary
    ");
    let text = take(&design("## System concerns\n\n- **Own$0**\n"), "Owner team");
    assert_eq!(text.lines().last(), Some("- **Owner team**: "));
    let text = take(&design("## System concerns\n\n- $0\n"), "Cost owner");
    assert_eq!(text.lines().last(), Some("- **Cost owner**: "));
    for nothing in ["## Open questions\n\n- $0\n", "## System concerns\n\n- **Tenancy**: $0\n", "## Notes\n\n- $0\n"] {
        assert_eq!(check(&design(nothing)), "", "{nothing}");
    }
}

#[test]
fn owners_are_teams_in_fields_and_columns() {
    let line = |text: &str| format!("{NAMES}{}", design(text));
    assert_eq!(check(&line("- **Owner**: $0\n")), "Growth\nteam-orders\nteam-platform\n");
    assert_eq!(check(&line("- **DLQ owner**: plat$0\n")), "team-platform\n");
    assert_eq!(check(&line("| Step | Owner |\n| --- | --- |\n| a | $0 |\n")), "Growth\nteam-orders\nteam-platform\n");
    assert_eq!(check(&line("| Step | Who |\n| --- | --- |\n| a | $0 |\n")), "");
    assert_eq!(check(&line("It is of `team-p$0`\n")), "team-platform\n");
    let text = take(&line("| Step | Owner |\n| --- | --- |\n| a | te$0am-x |\n"), "team-orders");
    assert_eq!(text.lines().last(), Some("| a | team-orders |"));
    let text = take(&line("- **Owner**:$0\n"), "Growth");
    assert_eq!(text.lines().last(), Some("- **Owner**: Growth"));
}

#[test]
fn columns_have_the_values_of_their_fields() {
    let row = |cells: &str| design(&format!("| Channel | Compatibility | Delivery |\n| --- | --- | --- |\n{cells}\n"));
    assert_snapshot!(check(&row("| $0 | | |")), @r"
    orders.placed.v1
    stock.released.v1
    stock.reserved.v1
    ");
    assert_eq!(check(&row("| `stock.re` | $0 | |")), "BACKWARD\nFORWARD\nFULL\nNONE\n");
    assert_eq!(check(&row("| a \\| b | B$0 | |")), "BACKWARD\nFORWARD\nFULL\nNONE\n");
    assert_eq!(take(&row("| a | FU$0 | |"), "FULL").lines().last(), Some("| a | FULL | |"));
}

#[test]
fn names_are_offered_in_sentences_to_those_who_ask() {
    let line = |text: &str| format!("{NAMES}{}", design(text));
    for (text, expected) in [
        ("It keeps the dead l$0", "Dead letter"),
        ("It keeps each Or$0", "Order"),
        ("It is run by team-p$0", "team-platform"),
        ("They use a Transactional Out$0", "Transactional Outbox"),
        ("It goes through Apache Ka$0", "Apache Kafka"),
        ("It sends orders.p$0", "orders.placed.v1"),
        ("- **R-1**: a\n- **R-2**: b\n- **R-3**: c\n\nSee R-$0", "R-2"),
    ] {
        assert!(asked(&line(text)).lines().any(|it| it == expected), "{text}: {}", asked(&line(text)));
        assert_eq!(check(&line(text)), "", "{text}");
    }
    assert_eq!(asked(&line("It is a wordlikenone$0")), "");
    let text = take_asked(&line("It keeps the dead l$0 here"), "Dead letter");
    assert_eq!(text.lines().last(), Some("It keeps the Dead letter here"));
}

/// The file's text after somebody asked and took the completion with this label.
fn take_asked(file: &str, label: &str) -> String {
    let (_fixture, workspace, file, offset) = shop(file);
    let found = completions(&workspace, file, offset, Occasion::Asked);
    let one = found.iter().find(|it| it.label == label).unwrap();
    let text = workspace.text(file).unwrap();
    TextEdits::new(vec![TextEdit::replace(one.replace, one.insert.clone())]).unwrap().apply(&text).unwrap()
}

#[test]
fn another_name_of_a_pattern_leads_to_the_canonical_one() {
    let text = take(&design("## Patterns\n\n- DL$0\n"), "DLQ");
    assert_eq!(text.lines().last(), Some("- Dead Letter Channel"));
}

#[test]
fn far_files_are_found_by_the_folder_that_is_typed() {
    let many = (0..60).map(|it| format!("//- /docs/a/f{it}.md\n# F\n")).collect::<Vec<_>>().concat();
    let far = "//- /docs/system/runbooks/far-away.md\n# Runbook: far\n";
    let text = |typed: &str| format!("{many}{far}//- /docs/a/b.md\n# B\n\n[x]({typed}$0)\n");
    assert_snapshot!(check(&text("../system/runbooks/fa")), @"../system/runbooks/far-away.md");
    assert_snapshot!(check(&text("/docs/system/runbooks/")), @"/docs/system/runbooks/far-away.md");
}
