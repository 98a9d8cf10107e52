//! Definitions, document links, outlines, folds and symbols of the workspace.

use insta::assert_snapshot;

use super::shop;
use crate::{
    MAX_SYMBOLS, Symbol, definition, document_links, document_symbols, fixture::Fixture, folds, workspace_symbols,
};

/// `origin -> path: text of the line`.
fn check(file: &str) -> String {
    let (_fixture, workspace, file, offset) = shop(file);
    let Some(target) = definition(&workspace, file, offset) else { return "nothing".to_owned() };
    let origin = target.origin.of(&workspace.text(file).unwrap()).to_owned();
    let text = workspace.text(target.file).unwrap();
    format!("{origin} -> {}: {:?}", workspace.path(target.file), target.span.of(&text))
}

fn design(text: &str) -> String {
    format!("//- /docs/features/shop/design.md\n# Design: shop\n\n{text}\n")
}

#[test]
fn a_link_leads_to_its_file_or_heading() {
    assert_snapshot!(check(&design("[a](runbooks/consu$0mer-lag.md)")), @r#"runbooks/consumer-lag.md -> docs/features/shop/runbooks/consumer-lag.md: """#);
    assert_snapshot!(check(&design("[a$0](adrs/0001-use-an-outbox.md#decision)")), @r#"[a](adrs/0001-use-an-outbox.md#decision) -> docs/features/shop/adrs/0001-use-an-outbox.md: "Decision""#);
    assert_snapshot!(check(&design("See [a][o$0].\n\n[o]: /docs/features/shop/adrs/0001-use-an-outbox.md#decision")), @r#"[a][o] -> docs/features/shop/adrs/0001-use-an-outbox.md: "Decision""#);
    assert_snapshot!(check(&design("[a](#design$0-shop)")), @r#"#design-shop -> docs/features/shop/design.md: "Design: shop""#);
    for other in ["[a](gone$0.md)", "[a](https://exa$0mple.org)", "plain w$0ord"] {
        assert_eq!(check(&design(other)), "nothing", "{other}");
    }
}

#[test]
fn a_channel_leads_to_its_contract_from_everywhere() {
    let contract =
        "orders.placed.v1 -> docs/features/shop/contracts/orders.placed.v1.md: \"Contract: orders.placed.v1\"";
    assert_eq!(check(&design("It sends orders.pla$0ced.v1.")), contract);
    assert_eq!(
        check("//- /docs/features/shop/README.md\n# Shop\n\n## Channels owned\n\n- `orders.pla$0ced.v1`: orders\n"),
        contract
    );
    assert_eq!(
        check(
            "//- /docs/features/shop/asyncapi/a.b.v1.yaml\nasyncapi: 3.0.0\nchannels:\n  x:\n    address: orders.pla$0ced.v1\n"
        ),
        contract
    );
    let code = "//- /src/more.ts\nimport { Kafka } from 'kafkajs';\nexport async function more(producer) {\n  await producer.send({ topic: 'orders.$0placed.v1', messages: [] });\n}\n";
    assert_eq!(check(code), contract);
    assert_eq!(check("//- /src/util.ts\n// Nothing is sent here; orders.pla$0ced.v1 is only named.\n"), contract);
}

#[test]
fn a_reference_leads_to_the_schema_that_calls_itself_so() {
    let check = |order: &str, other: &str| {
        let text = format!(
            "//- /schemas/order.json\n{order}\n//- /lib/money.json\n{{{other}, \"$defs\": {{\"Total\": \
                            {{\"$anchor\": \"total\"}}}}}}\n"
        );
        let (_fixture, workspace, file, offset) = super::open(&text);
        let found = definition(&workspace, file, offset)?;
        Some(format!("{} {:?}", workspace.path(found.file), found.span.of(&workspace.text(found.file)?)))
    };
    let id = r#""$id": "https://x.example/amount.json""#;
    let based =
        |reference: &str| format!(r#"{{"$id": "https://x.example/order.json", "a": {{"$ref": "{reference}"}}}}"#);
    let plain = |reference: &str| format!(r#"{{"a": {{"$ref": "{reference}"}}}}"#);
    let top = Some(r#"lib/money.json """#.to_owned());
    let total = Some(r#"lib/money.json "\"Total\"""#.to_owned());
    assert_eq!(check(&based("amount$0.json"), id), top);
    assert_eq!(check(&based("amount$0.json#/$defs/Total"), id), total);
    assert_eq!(check(&plain("https://x.exam$0ple/amount.json#total"), id), total);
    assert_eq!(check(&plain("amount$0.json"), r#""$id": "../schemas/amount.json""#), top);
    assert_eq!(check(&plain("amount$0.json"), id), None);
    assert_eq!(check(&plain("https://x.exam$0ple/order.json"), id), None);
}

#[test]
fn a_channel_without_a_contract_leads_to_its_asyncapi_address() {
    assert_snapshot!(check(&design("It sends stock.res$0erved.v1.")), @r#"stock.reserved.v1 -> docs/features/shop/asyncapi/stock.reserved.v1.yaml: "stock.reserved.v1""#);
}

#[test]
fn links_with_a_target_can_be_clicked_each_place_once() {
    let text = design(
        "$0[a](adrs/0001-use-an-outbox.md#decision) [b](gone.md) [c][r] [d][r] [e](https://example.org)\n\n[r]: runbooks/consumer-lag.md",
    );
    let (_fixture, workspace, file, _) = shop(&text);
    let links = document_links(&workspace, file);
    let shown: Vec<String> = links.iter().map(|it| format!("{} {:?}", it.path, it.fragment)).collect();
    assert_snapshot!(shown.join("\n"), @r#"
    docs/features/shop/adrs/0001-use-an-outbox.md Some("decision")
    docs/features/shop/runbooks/consumer-lag.md None
    "#);
}

fn outline(file: &str) -> String {
    fn show(symbols: &[Symbol], depth: usize, text: &str, shown: &mut String) {
        for it in symbols {
            assert!(it.span.contains(it.selection), "{it:?}");
            shown.push_str(&format!("{}{:?} {} [{}]\n", "  ".repeat(depth), it.kind, it.name, it.selection.of(text)));
            show(&it.children, depth + 1, text, shown);
        }
    }
    let (_fixture, workspace, file, _) = shop(file);
    let mut shown = String::new();
    show(&document_symbols(&workspace, file), 0, &workspace.text(file).unwrap(), &mut shown);
    shown
}

#[test]
fn outlines_of_documents_asyncapi_and_schemas() {
    assert_snapshot!(outline("//- /notes.md\n$0# One\n\n## `Two`\n\n### Three\n\n##\n\n# Four\n"), @r"
    Section One [One]
      Section Two [`Two`]
        Section Three [Three]
      Section (untitled) [##
    ]
    Section Four [Four]
    ");
    assert_snapshot!(outline("//- /docs/features/shop/asyncapi/a.b.v1.yaml\n$0asyncapi: 3.0.0\nchannels:\n  x:\n    address: a.b.v1\n  y:\n    address: c.d.v1\n"), @r"
    Group channels [channels]
      Channel x [x]
      Channel y [y]
    ");
    let schema = "//- /docs/features/shop/schemas/a.b.v1.json\n$0{\"type\": \"object\", \"properties\": {\"id\": {\"type\": \"string\"}, \"at\": {\"type\": \"object\", \"properties\": {\"x\": {\"type\": \"number\"}}}}}\n";
    assert_snapshot!(outline(schema), @r"
    Field id [id]
    Field at [at]
    Field at.x [x]
    ");
}

#[test]
fn the_outline_of_an_asyncapi_document_nests() {
    let text = "//- /a.yaml\n$0asyncapi: 3.0.0\nservers: { main: {} }\nchannels:\n  x:\n    address: a.b.v1\n    messages: { M: {} }\noperations: { send: {} }\ncomponents:\n  schemas: { S: {}, T: {} }\n  messages: { M: {} }\n";
    assert_snapshot!(outline(text), @r"
    Group servers [servers]
      Server main [main]
    Group channels [channels]
      Channel x [x]
        Message M [M]
    Group operations [operations]
      Operation send [send]
    Group components [components]
      Group schemas [schemas]
        Schema S [S]
        Schema T [T]
      Group messages [messages]
        Message M [M]
    ");
    let old = "//- /a.json\n$0{\"asyncapi\": \"2.6.0\", \"channels\": {\"a/b\": {\"publish\": {\"operationId\": \"onB\"}, \"subscribe\": {}}}}\n";
    assert_snapshot!(outline(old), @r"
    Group channels [channels]
      Channel a/b [a/b]
        Operation publish: onB [publish]
        Operation subscribe [subscribe]
    ");
}

#[test]
fn sections_mappings_and_lists_can_be_folded() {
    let folded = |text: &str| {
        let (_fixture, workspace, file, _) = super::open(text);
        let text = workspace.text(file).unwrap();
        let line = |it: u32| text[..it as usize].matches('\n').count() + 1;
        let spans =
            folds(&workspace, file).into_iter().map(|it| (line(it.start), line(it.end))).filter(|it| it.0 < it.1);
        spans.map(|it| format!("{}-{}", it.0, it.1)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(folded("//- /plain.yml\n$0a:\n  - b: 1\n    c: [1,\n      2]\nd: {}\n"), "1-4 2-4 3-4");
    assert_eq!(folded("//- /a.md\n$0# A\n\n## B\n\nText.\n\n# C\n"), "1-5 3-5");
}

/// The names that a query finds, with what they are and where.
fn symbols(query: &str) -> String {
    let more = "//- /apis/a.yaml\nasyncapi: 3.0.0\nchannels: { placed: { address: orders.placed.v1, messages: { OrderPlaced: {} } } }\noperations: { placeOrder: {} }\ncomponents: { schemas: { Order: {} }, securitySchemes: { sasl: {} } }\n//- /docs/features/shop/schemas/orders.placed.v1.json\n{}\n//- /docs/features/shop/design.md\nOrder plan\n===\n\n```sh\n# place an order\n```\n";
    let fixture = Fixture::new(&format!("{}{more}", super::SHOP));
    let workspace = fixture.open();
    let found = workspace_symbols(&workspace, query).0;
    let show = |it: crate::FoundSymbol| {
        let text = workspace.text(it.file).unwrap();
        format!("{:?} {} [{}] {}\n", it.kind, it.name, it.span.of(&text), it.container)
    };
    found.into_iter().map(show).collect()
}

#[test]
fn symbols_of_the_workspace_are_found_by_their_letters() {
    assert_snapshot!(symbols("Order P"), @r"
    Message OrderPlaced [OrderPlaced] apis/a.yaml
    Section Order plan [Order plan] docs/features/shop/design.md
    Channel orders.placed.v1 [orders.placed.v1] apis/a.yaml
    Schema orders.placed.v1 [] docs/features/shop/schemas/orders.placed.v1.json
    Section Ordering, idempotency, retention [Ordering, idempotency, retention] docs/features/shop/contracts/orders.placed.v1.md
    Section Contract: orders.placed.v1 [Contract: orders.placed.v1] docs/features/shop/contracts/orders.placed.v1.md
    ");
    assert_snapshot!(symbols("plo"), @r"
    Operation placeOrder [placeOrder] apis/a.yaml
    ");
    assert_snapshot!(symbols("sasl"), @"Component sasl [sasl] apis/a.yaml");
    assert_eq!(symbols("xyz"), "");
}

#[test]
fn an_answer_has_a_bound_whatever_is_asked() {
    let many: String =
        (0..MAX_SYMBOLS * 3).flat_map(|it| ["  channel".to_owned(), it.to_string(), ": {}\n".to_owned()]).collect();
    let fixture = Fixture::new(&format!("//- /a.yaml\nasyncapi: 3.0.0\nchannels:\n{many}"));
    let workspace = fixture.open();
    let (shown, more) = workspace_symbols(&workspace, "");
    assert!(shown.len() == MAX_SYMBOLS && more > 0, "{more}");
    assert_eq!(workspace_symbols(&workspace, "channel7").0[0].name, "channel7");
}
