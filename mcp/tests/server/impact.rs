//! `impact`: who produces, consumes, reads and owns, and what is said of what nobody read.

use serde_json::{Value, json};

use crate::client::{Client, Era, empty, shop, text, write};

/// The names of the things in a relation.
pub fn names(impact: &Value, relation: &str) -> Vec<String> {
    let things = impact["relations"][relation].as_array().cloned().unwrap_or_default();
    things.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

pub async fn impact(client: &mut Client, name: &str) -> Value {
    client.data("impact", json!({ "name": name })).await["impact"].clone()
}

#[tokio::test]
async fn a_channel_has_its_producers_consumers_and_owner_with_places() {
    for era in [Era::Stateless, Era::Legacy] {
        let folder = shop();
        let mut client = Client::new(folder.path(), era).await;
        let result = client.call("impact", json!({ "name": "orders.placed.v1" })).await;
        let channel = &result["structuredContent"]["impact"];
        assert_eq!(channel["kind"], "channel", "{result:#}");
        assert_eq!(names(channel, "produced by"), ["order-checkout", "services/checkout"]);
        assert_eq!(names(channel, "consumed by"), ["payment-capture", "services/payments"]);
        assert_eq!(names(channel, "owned by"), ["team-orders"]);
        assert_eq!(names(channel, "puts dead letters into"), ["orders.placed.v1.dlq"]);
        assert_eq!(names(channel, "carries"), ["OrderPlaced"]);
        let contract = "docs/features/order-checkout/contracts/orders.placed.v1.md";
        assert_eq!(channel["at"][0], format!("{contract}:1"));
        assert_eq!(
            channel["relations"]["consumed by"][1]["at"],
            json!(["services/payments/payments/capture.py:25"]),
            "{channel:#}"
        );
        let reached: Vec<&str> =
            channel["reached"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
        assert!(reached.contains(&"payment-capture") && reached.contains(&"payments.captured.v1"), "{reached:?}");
        // The text says the same.
        let said = text(&result);
        assert!(
            said.contains("consumed by\n  service payment-capture  ") && said.contains("a change reaches"),
            "{said}"
        );
        client.end().await;
    }
}

#[tokio::test]
async fn the_answer_of_each_kind_is_as_it_was() {
    let folder = shop();
    let mut client = Client::new(folder.path(), Era::Legacy).await;
    let mut log = String::new();
    for name in [
        "payments.captured.v1",
        "total_minor",
        "payment-capture",
        "team-payments",
        "outbox",
        "OrderCancelled",
        "glossary.md",
    ] {
        let result = client.call("impact", json!({ "name": name, "limit": 5 })).await;
        log.push_str(&format!("# {name}\n\n{}\n\n", text(&result)));
    }
    insta::assert_snapshot!(log);
    client.end().await;
}

#[tokio::test]
async fn a_field_has_readers_or_nobody_or_nobody_can_tell() {
    let folder = shop();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let read = impact(&mut client, "orders.placed.v1#total_minor").await;
    assert_eq!(names(&read, "read by"), ["services/payments"], "{read:#}");
    // Spelt by the message too.
    assert_eq!(impact(&mut client, "OrderPlaced.total_minor").await, read);
    let unread = impact(&mut client, "placed_at").await;
    assert!(unread["remarks"].to_string().contains("Nobody reads it"), "{unread:#}");
    assert!(unread["relations"].get("read by").is_none());
    // The service sends a message with a field of this name as well.
    let shared = impact(&mut client, "orders.placed.v1#currency").await;
    assert_eq!(names(&shared, "may be read by"), ["services/payments"], "{shared:#}");
    assert!(shared["remarks"].to_string().contains("payments.captured.v1"), "{shared:#}");
    // It names the field as a key that is written, and takes it apart.
    write(&folder, "services/payments/payments/audit.py", "def f(order):\n    return {\"placed_at\": order}\n");
    let named = impact(&mut client, "placed_at").await;
    assert_eq!(names(&named, "may be read by"), ["services/payments"], "{named:#}");
    assert!(!named.to_string().contains("Nobody reads it"), "{named:#}");
    let nobody_here = impact(&mut client, "orders.cancelled.v1#reason").await;
    assert!(nobody_here["remarks"].to_string().contains("nobody can tell"), "{nobody_here:#}");
    // A library beside the services may read it for one of them.
    write(&folder, "libs/money/package.json", "{}");
    write(&folder, "libs/money/total.ts", "export const at = (order) => order.customerId;\n");
    let beside = impact(&mut client, "customer_id").await;
    assert_eq!(names(&beside, "may be read by"), ["libs/money"], "{beside:#}");
    assert!(!beside.to_string().contains("Nobody reads it"), "{beside:#}");
    let key = impact(&mut client, "orders.placed.v1#order_id").await;
    assert_eq!(names(&key, "orders"), ["orders.placed.v1"], "{key:#}");
    client.end().await;
}

#[tokio::test]
async fn code_in_other_languages_is_named_as_not_read() {
    let folder = shop();
    write(&folder, "services/search/Main.scala", "object Main\n");
    write(&folder, "services/search/Index.scala", "object Index\n");
    // Who sends and receives is read from Go, who reads a field is not.
    write(&folder, "services/search/main.go", "package main\n");
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let channel = impact(&mut client, "orders.placed.v1").await;
    assert_eq!(channel["not_read"], json!(["2 files of Scala, such as services/search/Index.scala"]), "{channel:#}");
    let field = impact(&mut client, "orders.placed.v1#total_minor").await;
    let unread =
        json!(["1 file of Go: services/search/main.go", "2 files of Scala, such as services/search/Index.scala"]);
    assert_eq!(field["not_read"], unread, "{field:#}");
    let team = impact(&mut client, "team-orders").await;
    assert!(team.get("not_read").is_none(), "{team:#}");
    // What is named nowhere may be named there.
    let mistake = client.mistake("impact", json!({ "name": "search.indexed.v1" })).await;
    assert!(mistake.contains("no file that is read names anything `search.indexed.v1`"), "{mistake}");
    assert!(mistake.contains("not read: 2 files of Scala, such as services/search/Index.scala"), "{mistake}");
    client.end().await;
}

#[tokio::test]
async fn names_that_mean_nothing_or_several_things_are_mistakes() {
    let folder = shop();
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    for (name, expected) in [
        ("orders.plced.v1", "did you mean `orders.placed.v1`?"),
        ("payment-captre", "did you mean `payment-capture`?"),
        ("total_minr", "did you mean `total_minor`?"),
        ("Bulkhead", "names the pattern Bulkhead"),
        ("order_id", "the field `orders.placed.v1#order_id`"),
        ("design.md", "the document `docs/features/payment-capture/design.md`"),
        ("", "`name` is missing"),
        ("no such thing at all", "no file of the workspace names anything `no such thing at all`."),
    ] {
        let mistake = client.mistake("impact", json!({ "name": name })).await;
        assert!(mistake.contains(expected), "{name}: {mistake}");
    }
    let mistake = client.mistake("impact", json!({ "name": "order-checkout", "kind": "channel" })).await;
    assert!(mistake.contains("names a channel `order-checkout`"), "{mistake}");
    let mistake = client.mistake("impact", json!({ "name": "order-checkout", "to": "payment-captre" })).await;
    assert!(mistake.contains("did you mean `payment-capture`?"), "{mistake}");
    client.end().await;
}

#[tokio::test]
async fn ways_are_the_shortest_and_through_what_flows() {
    let folder = shop();
    let mut client = Client::new(folder.path(), Era::Legacy).await;
    let ways = |data: &Value| -> Vec<String> {
        let ways = data["impact"]["ways"].as_array().unwrap().clone();
        let step = |it: &Value| format!("{} {}", it["relation"].as_str().unwrap(), it["to"].as_str().unwrap());
        ways.iter().map(|it| it.as_array().unwrap().iter().map(step).collect::<Vec<_>>().join(" > ")).collect()
    };
    let data = client.data("impact", json!({ "name": "services/checkout", "to": "services/payments" })).await;
    let found = ways(&data);
    assert!(found.contains(&"produces orders.placed.v1 > consumed by services/payments".to_owned()), "{found:?}");
    assert!(found.iter().all(|it| it.matches(" > ").count() == 1 && !it.contains(".md")), "{found:?}");
    for step in data["impact"]["ways"][0].as_array().unwrap() {
        assert!(step["at"].as_str().unwrap().contains(':'), "{step:#}");
    }
    write(&folder, "docs/features/island/README.md", "# island\n\n## Service info\n\n- **Owner team**: team-island\n");
    let data = client.data("impact", json!({ "name": "team-island", "to": "orders.placed.v1" })).await;
    assert_eq!(ways(&data), [""; 0], "{data:#}");
    client.end().await;
}

#[tokio::test]
async fn an_answer_keeps_to_its_size_and_tells_what_it_leaves_out() {
    let folder = empty();
    let consumers: Vec<String> = (0..300).map(|it| format!("service-number-{it:03}")).collect();
    write(
        &folder,
        "docs/features/hub/contracts/hub.changed.v1.md",
        &format!("# Contract: hub.changed.v1\n\n- **Producer**: hub\n- **Consumers**: {}\n", consumers.join(", ")),
    );
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let result = client.call("impact", json!({ "name": "hub.changed.v1" })).await;
    assert!(result.to_string().len() <= 8 * 1024, "{}", result.to_string().len());
    let hub = &result["structuredContent"]["impact"];
    let shown = names(hub, "consumed by").len();
    assert_eq!(hub["more"]["consumed by"], 300 - shown, "{hub:#}");
    assert!(text(&result).contains(&format!("{} more", 300 - shown)));
    let result = client.call("impact", json!({ "name": "hub.changed.v1", "limit": 200 })).await;
    let bytes = result.to_string().len();
    assert!(bytes <= 40 * 1024 && bytes > 20 * 1024, "{bytes}");
    let hub = &result["structuredContent"]["impact"];
    let told = hub["more"]["consumed by"].as_u64().unwrap_or_default();
    assert_eq!(names(hub, "consumed by").len() as u64 + told, 300);
    client.end().await;
}

#[tokio::test]
async fn what_stands_in_other_forms_is_read_too() {
    let folder = empty();
    write(
        &folder,
        "services/stock/asyncapi.yaml",
        "asyncapi: 3.0.0\ninfo: { title: Stock service, version: 1.0.0 }\nchannels:\n  reserved:\n    \
        address: stock.reserved.v1\n    messages:\n      StockReserved:\n        payload:\n          \
        type: object\n          properties: { sku: { type: string }, amount: { type: integer } }\noperations:\n  \
        tell: { action: send, channel: { $ref: '#/channels/reserved' } }\n",
    );
    write(
        &folder,
        "docs/features/stock/contracts/stock.reserved.v1.md",
        "# Contract: stock.reserved.v1\n\n- **Owner**: Stock team, on call\n- **Producer**: Stock service\n\n\
        ## Producer and consumers\n\n| Consumer | Why |\n| --- | --- |\n| billing (team-billing) | invoices |\n\
        | `search` | facets |\n",
    );
    // Its document lies with a reader, and its title is no service.
    write(
        &folder,
        "docs/features/billing/asyncapi/stock.reserved.v1.yaml",
        "asyncapi: 3.0.0\ninfo: { title: stock.reserved.v1, version: 1.0.0 }\nchannels:\n  reserved: { address: \
        stock.reserved.v1 }\noperations:\n  tell: { action: send, channel: { $ref: '#/channels/reserved' } }\n",
    );
    write(&folder, "docs/features/search/README.md", "# search\n\n## Channels owned\n\n- stock.lost.v1: both.\n");
    write(&folder, "docs/notes.md", "# Notes\n\nThe team-stock reads `stock.reserved.v1`. Not stock.reserved.v12.\n");
    let mut client = Client::new(folder.path(), Era::Stateless).await;
    let channel = impact(&mut client, "stock.reserved.v1").await;
    assert_eq!(names(&channel, "produced by"), ["Stock service"], "{channel:#}");
    assert_eq!(names(&channel, "consumed by"), ["billing", "search"], "{channel:#}");
    assert_eq!(names(&channel, "named in"), ["docs/notes.md"], "{channel:#}");
    assert_eq!(channel["relations"]["named in"][0]["at"], json!(["docs/notes.md:3"]));
    let lost = impact(&mut client, "stock.lost.v1").await;
    assert_eq!(
        (names(&lost, "produced by"), names(&lost, "consumed by")),
        (vec!["search".to_owned()], vec!["search".to_owned()])
    );
    // One team, however it is spelt.
    assert_eq!(names(&impact(&mut client, "team-stock").await, "owns")[0], "stock.reserved.v1");
    let field = impact(&mut client, "StockReserved.amount").await;
    assert_eq!(field["name"], "stock.reserved.v1#amount", "{field:#}");
    client.end().await;
}
