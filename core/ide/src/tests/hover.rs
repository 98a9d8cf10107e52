//! Hover: the card that is shown, and what it is about.

use insta::assert_snapshot;

use super::shop;
use crate::{hover, show_path};

/// What is explained in brackets, then the card.
fn check(file: &str) -> String {
    let (_fixture, workspace, file, offset) = shop(file);
    let text = workspace.text(file).unwrap();
    hover(&workspace, file, offset, &show_path)
        .map_or_else(|| "nothing".to_owned(), |it| format!("[{}]\n{}", it.span.of(&text), it.markdown))
}

/// What is explained, without the card.
fn subject(file: &str) -> String {
    check(file).lines().next().unwrap_or_default().to_owned()
}

fn design(text: &str) -> String {
    format!("//- /docs/features/shop/design.md\n# Design: shop\n\n{text}\n")
}

#[test]
fn a_pattern_is_explained_in_prose_only() {
    assert_eq!(subject(&design("We use a Transactional Out$0box here.")), "[Transactional Outbox]");
    assert_eq!(subject(&design("$0Transactional Outbox")), "[Transactional Outbox]");
    assert_eq!(subject(&design("Größe — 😀 Transactional Out$0box")), "[Transactional Outbox]");
    for code in ["`Transactional Out$0box`", "```\nTransactional Out$0box\n```", "    Transactional Out$0box"] {
        assert_eq!(check(&design(code)), "nothing", "{code}");
    }
}

#[test]
fn a_document_learns_the_canonical_name_of_what_it_names_otherwise() {
    let hover = check(&design("Failures go to the D$0LQ."));
    assert!(hover.starts_with("[DLQ]\n**Dead Letter Channel** (messaging channel), here called \"DLQ\"\n"), "{hover}");
}

#[test]
fn names_of_other_cards_are_explained_where_they_are_unmistakable() {
    for (text, subject_) in [
        ("Events leave through Kaf$0ka.", "[Kafka]"),
        ("Events leave through Amazon S$0QS.", "[Amazon SQS]"),
        ("A retry st$0orm would follow.", "[retry storm]"),
        ("This is a dual wri$0te.", "[dual write]"),
        ("The visibility time$0out is short.", "[visibility timeout]"),
    ] {
        assert_eq!(subject(&design(text)), subject_, "{text}");
    }
    for text in ["a temp$0oral table", "the prod$0ucer", "a re$0play", "`kaf$0ka`", "a proto$0type", "the ten$0ant"] {
        assert_eq!(check(&design(text)), "nothing", "{text}");
    }
}

#[test]
fn a_link_shows_the_summary_of_its_target() {
    assert_snapshot!(check(&design("See [the outbox](adrs/0001-use$0-an-outbox.md).")), @r"
    [adrs/0001-use-an-outbox.md]
    **ADR-0001: Use an outbox** (an ADR)

    - Status: Accepted
    - TL;DR: Events leave through a table.
    ");
    assert_snapshot!(check(&design("See [the run$0book](runbooks/consumer-lag.md).")), @r"
    [[the runbook](runbooks/consumer-lag.md)]
    **Runbook: Consumer lag** (a runbook)

    Text before any section.
    ");
}

#[test]
fn a_link_to_a_record_with_a_section_for_its_status_shows_it() {
    let record = "\n//- /docs/adr/0004-use-shell.md\n# 4. Use shell\n\nDate: 2026-01-02\n\n## Status\n\n⌛ Superseded\n\n\
        ## Context\n\nText.\n\n## Decision\n\nText.\n\n## Consequences\n\nText.\n";
    let card = check(&format!("{}{record}", design("See [it](../../adr/0004-use$0-shell.md).")));
    assert!(card.contains("**4. Use shell** (an ADR)\n\n- Status: ⌛ Superseded\n"), "{card}");
}

#[test]
fn a_reference_is_a_link_at_both_ends() {
    let definition = "\n\n[outbox]: adrs/0001-use-an-outbox.md";
    assert_eq!(subject(&design(&format!("See [this][out$0box].{definition}"))), "[[this][outbox]]");
    assert_eq!(
        subject(&design("See [outbox].\n\n[outbox]: adrs/0001-use$0-an-outbox.md")),
        "[adrs/0001-use-an-outbox.md]"
    );
}

#[test]
fn a_fragment_shows_the_section() {
    assert_snapshot!(check(&design("[a](adrs/0001-use-an-outbox.md#dec$0ision)")), @r"
    [adrs/0001-use-an-outbox.md#decision]
    **Decision** (section of `docs/features/shop/adrs/0001-use-an-outbox.md`)

    We write events into the table of the order.
    ");
    assert_snapshot!(check(&design("## Some title\n\nText.\n\n[a](#some-$0title)")), @r"
    [#some-title]
    **Some title** (section of `docs/features/shop/design.md`)

    Text.
    ");
    assert_eq!(subject(&design("[a](adrs/0001-use-an-outbox.md#no$0thing)")), "[adrs/0001-use-an-outbox.md#nothing]");
}

#[test]
fn a_folder_shows_its_readme_and_a_missing_target_nothing() {
    let readme = "//- /docs/features/shop/README.md\n# Shop\n\nSells things.\n";
    assert_snapshot!(check(&format!("{readme}//- /docs/features/cart/design.md\n# Design: cart\n\n\
        [a](../sh$0op/)\n")), @r"
    [../shop/]
    **Shop** (a feature README)

    Sells things.
    ");
    for target in [
        "[a](adrs$0/)",
        "[a](gone$0.md)",
        "![a](flow$0.png)",
        "[a](https://exa$0mple.org/)",
        "[a](docs/Transactional%20Outbox$0.md)",
    ] {
        assert_eq!(check(&design(target)), "nothing", "{target}");
    }
}

#[test]
fn a_channel_shows_who_speaks_of_it_and_its_contract() {
    assert_snapshot!(check(&design("It sends `orders.pla$0ced.v1`.")), @r"
    [orders.placed.v1]
    **orders.placed.v1** (channel)

    - contract: `docs/features/shop/contracts/orders.placed.v1.md`; ordering key order_id; DLQ orders.placed.v1.dlq; retention 7 days
    - sent to in code: `src/orders.ts`

    **Contract: orders.placed.v1** (a message contract)

    - Status: Active
    - Channel: `orders.placed.v1`
    - TL;DR: An order was placed.
    ");
    assert_eq!(subject(&design("It sends orders.placed.v1$0.")), "[orders.placed.v1]");
    assert_eq!(check(&design("It sends orders.unknown.v$01.")), "nothing");
}

#[test]
fn a_rule_is_explained_in_suppressions_and_in_the_configuration() {
    assert_eq!(subject(&design("<!-- archwright: allow link/dead-$0target -- later -->")), "[link/dead-target]");
    assert_eq!(subject(&design("<!-- archwright: allow link/dead-$0target-->")), "[link/dead-target]");
    let card = check("//- /archwright.toml\n[rules]\n\"link/dead$0-target\" = \"off\"\n");
    assert!(card.starts_with("[link/dead-target]\n**link/dead-target** (error)\n"), "{card}");
}

#[test]
fn a_card_names_files_with_the_line_that_is_meant() {
    let contract = "//- /docs/features/shop/contracts/orders.paid.v1.md\n# Contract: orders.paid.v1\n\n\
        - **Channel**: `orders.paid.v1`\n";
    let code = "//- /src/paid.ts\nimport { Kafka } from 'kafkajs';\n\
        await producer.send({ topic: 'orders.pa$0id.v1', messages });\n";
    let show: &crate::ShowFile<'_> = &|path, line| format!("<{path}:{}>", line.unwrap_or(0));
    let card = |text: &str| {
        let (_fixture, workspace, file, offset) = shop(text);
        hover(&workspace, file, offset, show).map(|it| it.markdown).unwrap_or_default()
    };
    let markdown = card(&format!("{contract}{code}"));
    assert!(markdown.contains("- contract: <docs/features/shop/contracts/orders.paid.v1.md:0>"), "{markdown}");
    assert!(markdown.contains("- sent to in code: <src/paid.ts:2>"), "{markdown}");
    let markdown = card("//- /docs/a.md\n[x](b.md#se$0cond)\n//- /docs/b.md\n# B\n\n## Second\n\nText.\n");
    assert!(markdown.contains("(section of <docs/b.md:3>)"), "{markdown}");
}
