//! Completion, hover and definition in AsyncAPI documents.

use archwright_syntax::Span;
use insta::assert_snapshot;

use super::shop;
use crate::{Occasion, completions, definition, document_links, hover, references, rename, show_path};

const HEAD: &str = "//- /docs/features/shop/asyncapi/orders.placed.v1.yaml\n";

fn labels(text: &str) -> String {
    let (_fixture, workspace, file, offset) = shop(&format!("{HEAD}{text}"));
    completions(&workspace, file, offset, Occasion::Typed).iter().map(|it| it.label.clone() + "\n").collect()
}

fn inserted(text: &str, label: &str) -> String {
    let (_fixture, workspace, file, offset) = shop(&format!("{HEAD}{text}"));
    let found = completions(&workspace, file, offset, Occasion::Typed);
    let one = found.iter().find(|it| it.label == label).unwrap_or_else(|| panic!("{label} is not among {found:#?}"));
    let mut text = workspace.text(file).unwrap().to_string();
    text.replace_range(one.replace.start as usize..one.replace.end as usize, &one.insert);
    text
}

#[test]
fn keys_of_a_mapping_are_offered_required_ones_first() {
    let found = labels("asyncapi: 3.0.0\ninfo:\n  title: Orders\n  $0\n");
    assert!(found.starts_with("version\n") && found.contains("license\n") && !found.contains("title\n"), "{found}");
    assert!(labels("asyncapi: 3.0.0\n$0\n").contains("channels\n"));
    assert!(labels("asyncapi: 3.0.0\nchannels:\n  placed:\n    mess$0\n").contains("messages\n"));
    assert!(labels("asyncapi: 3.0.0\noperations:\n  send:\n    $0\n    action: send\n").starts_with("channel\n"));
}

#[test]
fn what_nests_gets_a_line_of_its_own() {
    assert_eq!(
        inserted("asyncapi: 3.0.0\nchannels:\n  placed:\n    mess$0\n", "messages"),
        "asyncapi: 3.0.0\nchannels:\n  placed:\n    messages:\n      \n"
    );
    assert_eq!(inserted("asyncapi: 3.0.0\ninfo:\n  ti$0\n", "title"), "asyncapi: 3.0.0\ninfo:\n  title: \n");
    assert_eq!(
        inserted("asyncapi: 3.0.0\ninfo:\n  ti$0tle: Orders\n", "title"),
        "asyncapi: 3.0.0\ninfo:\n  title: Orders\n"
    );
}

#[test]
fn bindings_are_those_of_the_protocol() {
    let found = labels("asyncapi: 3.0.0\nchannels:\n  placed:\n    bindings:\n      kafka:\n        $0\n");
    assert!(found.contains("partitions\n") && found.contains("topicConfiguration\n"), "{found}");
    assert!(labels("asyncapi: 3.0.0\nchannels:\n  placed:\n    bindings:\n      $0\n").contains("amqp\n"));
}

#[test]
fn values_are_offered_where_there_are_few() {
    assert_snapshot!(labels("asyncapi: 3.0.0\noperations:\n  send:\n    action: $0\n"), @r"
    send
    receive
    ");
    assert_eq!(
        inserted("asyncapi: 3.0.0\noperations:\n  send:\n    action:$0\n", "send"),
        "asyncapi: 3.0.0\noperations:\n  send:\n    action: send\n"
    );
}

#[test]
fn addresses_are_those_of_the_workspace() {
    let found = labels("asyncapi: 3.0.0\nchannels:\n  placed:\n    address: $0\n");
    assert!(found.contains("orders.placed.v1\n") && found.contains("stock.reserved.v1\n"), "{found}");
}

const MESSAGES: &str = "\
asyncapi: 3.0.0
channels:
  placed:
    messages:
      OrderPlaced: { $ref: '#/components/messages/OrderPlaced' }
operations:
  send:
    action: send
    channel: { $ref: '#/channels/placed' }
";

#[test]
fn references_are_those_that_fit() {
    let components = "components:\n  messages:\n    OrderPlaced:\n      name: OrderPlaced\n  schemas:\n    Order: {}\n";
    assert_eq!(
        labels(&format!("{MESSAGES}    messages:\n      - $ref: $0\n{components}")),
        "#/channels/placed/messages/OrderPlaced\n"
    );
    let payload = MESSAGES.to_owned() + components;
    let payload = payload.replace("      name: OrderPlaced\n", "      payload:\n        $ref: $0\n");
    assert_eq!(labels(&payload), "#/components/schemas/Order\n");
    assert!(inserted(&payload, "#/components/schemas/Order").contains("        $ref: '#/components/schemas/Order'\n"));
    let channel = MESSAGES.replace("'#/channels/placed' }", "'$0' }");
    assert_eq!(labels(&channel), "#/channels/placed\n");
}

/// Other files to refer to.
const OTHERS: &str = "\
//- /docs/features/shop/asyncapi/common.json
{\"asyncapi\": \"3.0.0\", \"channels\": {\"shared\": {}}, \"components\": {\"messages\": {\"Note/d\": {}}, \"schemas\": {\"Money\": {}}}}
//- /docs/features/shop/schemas/orders.placed.v1.json
{\"definitions\": {\"Line\": {}}}
//- /plain files/more.yml
Total: {}
";

#[test]
fn references_into_other_files_are_offered() {
    let offered = |reference: &str| {
        let text = MESSAGES.replace("'#/components/messages/OrderPlaced' }", &format!("{reference} }}"));
        let (_fixture, workspace, file, offset) = shop(&format!("{OTHERS}{HEAD}{text}"));
        completions(&workspace, file, offset, Occasion::Typed)
            .iter()
            .map(|it| it.label.clone() + "\n")
            .collect::<String>()
    };
    assert_snapshot!(offered("'$0'"), @"./common.json#/components/messages/Note~1d");
    assert_snapshot!(offered("'./common.json#$0'"), @"./common.json#/components/messages/Note~1d");
    assert_snapshot!(offered("'../schemas/orders.placed.v1.json#$0'"), @"../schemas/orders.placed.v1.json#/definitions/Line");
    assert_snapshot!(offered("'../../../../plain%20files/more.yml#/T$0'"), @"../../../../plain%20files/more.yml#/Total");
    assert_snapshot!(offered("'comm$0'"), @r"
    common.json
    common.json#/components/messages/Note~1d
    ");
    let payload = format!("{MESSAGES}components:\n  messages:\n    M:\n      payload:\n        $ref: $0\n");
    let (_fixture, workspace, file, offset) = shop(&format!("{OTHERS}{HEAD}{payload}"));
    let found: String =
        completions(&workspace, file, offset, Occasion::Typed).iter().map(|it| it.insert.clone() + "\n").collect();
    assert_snapshot!(found, @r"
    ../schemas/orders.placed.v1.json
    ./common.json#/components/schemas/Money
    ");
}

#[test]
fn names_that_the_document_declares_are_offered_where_they_are_used() {
    let old = "asyncapi: 2.6.0\nservers:\n  main: { url: a, protocol: kafka }\n\
        channels:\n  x:\n    servers:\n      - $0\n    publish:\n      security:\n        - \n\
        components:\n  securitySchemes:\n    sasl: { type: plain }\n";
    assert_eq!(labels(old), "main\n");
    let security = old.replace("$0", "main").replace("        - \n", "        - $0\n");
    assert_eq!(labels(&security), "sasl\n");
    assert!(inserted(&security, "sasl").contains("        - sasl: []\n"));
    let address = "asyncapi: 2.6.0\nchannels:\n  ord$0\n";
    assert_eq!(labels(address), "orders.placed.v1\n");
    let message =
        "asyncapi: 3.0.0\nchannels:\n  x:\n    messages:\n      $0\ncomponents:\n  messages:\n    Placed: {}\n";
    assert!(inserted(message, "Placed").contains("      Placed:\n        $ref: '#/components/messages/Placed'\n"));
}

#[test]
fn a_long_document_is_completed_like_a_short_one() {
    let many: String =
        (0..4_000).flat_map(|it| ["    Message".to_owned(), it.to_string(), ": { name: x }\n".to_owned()]).collect();
    let head = "asyncapi: 3.0.0\nchannels:\n  placed:\n    messages:\n      a:\n        $ref: $0\n    bindings:\n      \
        kafka:\n        topic: t\n";
    let text = format!("{head}components:\n  messages:\n{many}");
    assert!(labels(&text.replace("$0", "Message17$0")).starts_with("#/components/messages/Message17\n"));
    let keys =
        labels(&text.replace("$ref: $0", "b: 1").replace("        topic: t\n", "        topic: t\n        $0\n"));
    assert!(keys.contains("partitions\n") && !keys.contains("topic\n"), "{keys}");
    let flow = text.replace("      a:\n        $ref: $0\n", "      a: { $ref: 'Message18$0' }\n");
    assert!(labels(&flow).starts_with("#/components/messages/Message18\n"));
}

#[test]
fn hover_says_what_a_key_means_and_where_a_reference_leads() {
    let markdown = |text: &str| {
        let (_fixture, workspace, file, offset) = shop(&format!("{HEAD}{text}"));
        hover(&workspace, file, offset, &show_path).map(|it| it.markdown).unwrap_or_default()
    };
    let action = markdown(&MESSAGES.replace("action:", "act$0ion:"));
    assert!(
        action.starts_with("**action** (one of a few words, required)")
            && action.ends_with("One of `send`, `receive`."),
        "{action}"
    );
    let reference = format!(
        "{}components:\n  messages:\n    OrderPlaced:\n      name: OrderPlaced\n",
        MESSAGES.replace("messages/OrderPlaced'", "messages/Order$0Placed'")
    );
    assert_snapshot!(markdown(&reference), @r"
    **OrderPlaced** in `docs/features/shop/asyncapi/orders.placed.v1.yaml`

    ```yaml
    OrderPlaced:
      name: OrderPlaced
    ```
    ");
}

#[test]
fn hover_follows_references_into_other_files_and_shows_what_they_say() {
    let markdown = |reference: &str| {
        let others = "//- /apis/parts.yml\nOrder:\n  type: object\n  title: An order\n  description: What a customer \
            wants.\nAgain: { $ref: '#/Order' }\n//- /apis/order.proto\nmessage Order {}\n";
        let text = format!(
            "{others}//- /apis/a.yaml\nasyncapi: 3.0.0\n\
            components:\n  messages:\n    M:\n      payload: {{ $ref: '{reference}' }}\n"
        );
        let (_fixture, workspace, file, offset) = shop(&text);
        hover(&workspace, file, offset, &show_path).map(|it| it.markdown).unwrap_or_default()
    };
    assert_snapshot!(markdown("parts.yml#/Ag$0ain"), @r"
    **Again** in `apis/parts.yml`, which stands for `#/Order` (type `object`)

    An order

    What a customer wants.

    ```yaml
    Again: { $ref: '#/Order' }
    ```
    ");
    assert_snapshot!(markdown("ord$0er.proto"), @r"
    `apis/order.proto`

    ```protobuf
    message Order {}
    ```
    ");
    assert_eq!(markdown("gone$0.yml#/x"), "");
}

#[test]
fn hover_on_an_address_shows_the_contract_and_who_owns_it() {
    let readme = "//- /docs/features/shop/README.md\n# Shop\n\n## Service info\n\n- **Owner team**: team-orders\n";
    let markdown = |text: &str| {
        let (_fixture, workspace, file, offset) = shop(&format!("{readme}{HEAD}{text}"));
        hover(&workspace, file, offset, &show_path).map(|it| it.markdown).unwrap_or_default()
    };
    let card = markdown("asyncapi: 3.0.0\nchannels:\n  placed:\n    address: orders.pla$0ced.v1\n");
    assert_snapshot!(card, @r"
    **orders.placed.v1** (channel)

    - AsyncAPI address: `docs/features/shop/asyncapi/orders.placed.v1.yaml`
    - contract: `docs/features/shop/contracts/orders.placed.v1.md`; ordering key order_id; DLQ orders.placed.v1.dlq; retention 7 days
    - sent to in code: `src/orders.ts`

    **Contract: orders.placed.v1** (a message contract)

    - Status: Active
    - Channel: `orders.placed.v1`
    - TL;DR: An order was placed.
    - Owner: team-orders
    ");
    let old = markdown("asyncapi: 2.6.0\nchannels:\n  orders.pla$0ced.v1: {}\n");
    assert!(old.starts_with("**orders.placed.v1**: *Channel Item Object*") && old.ends_with(&card), "{old}");
}

#[test]
fn a_reference_leads_to_its_target_in_this_and_in_other_files() {
    let other = "//- /docs/features/shop/asyncapi/shared.yaml\nasyncapi: 3.0.0\n\
        components:\n  messages:\n    Shared: { name: Shared }\n";
    let text = MESSAGES.replace("'#/components/messages/OrderPlaced'", "'./shared.yaml#/components/mess$0ages/Shared'");
    let (_fixture, workspace, file, offset) = shop(&format!("{other}{HEAD}{text}"));
    let target = definition(&workspace, file, offset).unwrap();
    let found = workspace.text(target.file).unwrap();
    assert_eq!((workspace.path(target.file).name(), target.span.of(&found)), ("shared.yaml", "Shared"));
    assert_eq!(document_links(&workspace, file).len(), 1);

    let (_fixture, workspace, file, offset) =
        shop(&format!("{HEAD}{}", MESSAGES.replace("#/channels/placed'", "#/chan$0nels/placed'")));
    let target = definition(&workspace, file, offset).unwrap();
    assert_eq!((target.file, target.span.of(&workspace.text(file).unwrap())), (file, "placed"));
}

#[test]
fn every_place_of_a_document_can_be_asked() {
    let text = format!(
        "{MESSAGES}components:\n  messages:\n    OrderPlaced: {{ name: \"a\", payload: {{ $ref: }} }}\n  - x\n"
    );
    let (mut completed, mut explained, mut led, mut renamed) = (0, 0, 0, 0);
    for offset in 0..=text.len() {
        let (before, after) = text.split_at(offset);
        let (_fixture, workspace, file, offset) = shop(&format!("{HEAD}{before}$0{after}"));
        let fits = |file, span: Span| workspace.text(file).is_some_and(|it| it.get(span.range()).is_some());
        for it in completions(&workspace, file, offset, Occasion::Typed) {
            assert!(it.replace.touches(offset) && fits(file, it.replace), "{offset}: {it:?}");
            completed += 1;
        }
        if let Some(it) = hover(&workspace, file, offset, &show_path) {
            assert!(it.span.touches(offset) && fits(file, it.span) && !it.markdown.is_empty(), "{offset}: {it:?}");
            explained += 1;
        }
        if let Some(it) = definition(&workspace, file, offset) {
            assert!(fits(it.file, it.span), "{offset}: {it:?}");
            led += 1;
        }
        let found = references(&workspace, file, offset, true);
        assert!(found.iter().all(|it| fits(it.file, it.span)), "{offset}: {found:?}");
        if rename(&workspace, file, offset, "other").is_ok() {
            assert!(!found.is_empty(), "{offset}: what can be renamed is found");
            renamed += 1;
        }
    }
    assert!(completed > 0 && explained > 0 && led > 0 && renamed > 0, "{completed} {explained} {led} {renamed}");
}

#[test]
fn of_very_many_parts_those_are_offered_that_hold_what_is_typed() {
    let schemas = (0..2_000).map(|it| format!("    Schema{it}: {{ type: string }}\n")).collect::<Vec<_>>().concat();
    let text =
        |typed: &str| format!("asyncapi: 3.0.0\ncomponents:\n  schemas:\n    A: {{ $ref: '{typed}$0' }}\n{schemas}");
    assert_eq!(labels(&text("#/")).lines().count(), 200);
    assert!(labels(&text("#/components/schemas/Schema199")).contains("#/components/schemas/Schema1999\n"));
}

#[test]
fn references_lead_to_what_schemas_call_themselves() {
    for (reference, expected) in [
        ("line.json", "Line:"),
        ("https://shop.example/schemas/line.json", "Line:"),
        ("line.json#sku", "Sku:"),
        ("#part", "Part:"),
        ("#/$defs/Part", "Part:"),
    ] {
        let (at, rest) = reference.split_at(2);
        let text = format!(
            "{HEAD}asyncapi: 3.0.0
components:
  schemas:
    Order:
      $id: https://shop.example/schemas/order.json
      properties: {{ a: {{ $ref: '{at}$0{rest}' }} }}
      $defs:
        Part: {{ $anchor: part, title: A part }}
        Line: {{ $id: line.json, title: A line, $defs: {{ Sku: {{ $anchor: sku }} }} }}
"
        );
        let (_fixture, workspace, file, offset) = shop(&text);
        let target = definition(&workspace, file, offset).unwrap_or_else(|| panic!("{reference}"));
        let text = workspace.text(file).unwrap();
        assert!(text[target.span.start as usize..].starts_with(expected), "{reference}: {:?}", target.span.of(&text));
        let shown = hover(&workspace, file, offset, &show_path).map(|it| it.markdown);
        assert!(shown.is_some_and(|it| it.contains(expected.trim_end_matches(':'))), "{reference}");
    }
}
