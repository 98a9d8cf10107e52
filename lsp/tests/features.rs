//! Requests about a place in a document, and edits that the client applies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Client, folder, pulling, pushing, watching};
use serde_json::{Value, json};

const DESIGN: &str = "docs/features/orders/design.md";
/// The second file name lacks a letter, and the fix knows the right one.
const MISSPELLED: &str = "# 😀 Orders\n\nSee [it](README.md) and 漢 [the readme](REDME.md).\n";

async fn start(capabilities: Value) -> Client {
    let root =
        folder(&[("docs/features/orders/README.md", "# Read me\n\n## Status\n\nDraft.\n"), (DESIGN, "# Orders\n")]);
    Client::start(root, watching(capabilities)).await
}

async fn actions(client: &mut Client, path: &str, only: Value) -> Value {
    let place = json!({ "line": 2, "character": 44 });
    let params = json!({
        "textDocument": { "uri": client.uri(path) },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [], "only": only }
    });
    client.call("textDocument/codeAction", params).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quick_fix_takes_its_diagnostic_away() {
    let mut client = start(pushing()).await;
    let path = DESIGN;
    client.open(path, MISSPELLED).await;
    let before = client.published(path).await;
    let found =
        before["diagnostics"].as_array().unwrap().iter().find(|it| it["code"] == "link/dead-target").unwrap().clone();
    assert_eq!(found["data"], json!({ "fixable": true }));
    let actions = actions(&mut client, path, json!(["quickfix"])).await;
    let action =
        actions.as_array().unwrap().iter().find(|it| it["diagnostics"][0]["code"] == "link/dead-target").unwrap();
    assert_eq!(action["kind"], "quickfix");
    assert_eq!(action["diagnostics"][0], found);
    let edit = &action["edit"]["documentChanges"][0];
    assert_eq!(edit["textDocument"], json!({ "uri": client.uri(path), "version": 1 }));
    let changes: Vec<Value> = edit["edits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!({ "range": it["range"], "text": it["newText"] }))
        .collect();
    client.change(path, 2, json!(changes)).await;
    let after = client.published(path).await;
    assert!(!after["diagnostics"].as_array().unwrap().iter().any(|it| it["code"] == "link/dead-target"), "{after}");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn actions_are_filtered_by_kind() {
    let mut client = start(pulling()).await;
    let path = DESIGN;
    // Another case of the name is certain to be meant.
    client.open(path, "# Orders\n\nThe first thing to read is the way in: [it](readme.md).\n").await;
    let kinds =
        |it: Value| it.as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(kinds(actions(&mut client, path, json!(["source.fixAll"])).await), ["source.fixAll.archwright"]);
    assert_eq!(
        kinds(actions(&mut client, path, json!(["source.fixAllOther", "refactor"])).await),
        Vec::<String>::new()
    );
    assert!(kinds(actions(&mut client, path, Value::Null).await).contains(&"quickfix".to_owned()));
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_document_changes_gets_plain_ones() {
    let mut capabilities = pulling();
    capabilities["workspace"]["workspaceEdit"] = json!({});
    let mut client = start(capabilities).await;
    let path = DESIGN;
    // Another case of the name is certain to be meant, so that it is among all fixes.
    client.open(path, "# Orders\n\nSee [the readme](readme.md).\n").await;
    let actions = actions(&mut client, path, json!(["source.fixAll.archwright"])).await;
    let uri = client.uri(path);
    let changes = actions[0]["edit"]["changes"][&uri].as_array().unwrap();
    assert!(changes.iter().any(|it| it["newText"] == "README.md"), "{changes:?}");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_to_its_target() {
    let mut client = start(pulling()).await;
    client.open(DESIGN, MISSPELLED).await;
    let definition = client.call_at("textDocument/definition", DESIGN, 2, 12).await;
    assert_eq!(definition[0]["targetUri"], json!(client.uri("docs/features/orders/README.md")));
    assert_eq!(
        definition[0]["originSelectionRange"],
        json!({ "start": { "line": 2, "character": 9 }, "end": { "line": 2, "character": 18 } })
    );
    let uri = client.uri(DESIGN);
    let links = client.call("textDocument/documentLink", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(links[0]["target"], json!(client.uri("docs/features/orders/README.md")));
    assert_eq!(links[0]["range"], definition[0]["originSelectionRange"]);
    let hover = client.call_at("textDocument/hover", DESIGN, 2, 12).await;
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert!(hover["contents"]["value"].as_str().unwrap().contains("Read me"), "{hover}");
    client.finish().await;
}

const ASYNCAPI: &str = "docs/features/orders/asyncapi/orders.placed.v1.yaml";
const OLD: &str = "asyncapi: 2.6.0\ninfo: { title: 漢, version: 1.0.0 }\n\
    channels:\n  orders.placed.v1:\n    publish:\n      message:\n        payload: { type: object, title: 漢 Order }\n";

/// The kinds and titles of the actions at a place.
async fn refactorings(client: &mut Client, line: u32, character: u32, only: Value) -> Vec<Value> {
    let place = json!({ "line": line, "character": character });
    let params = json!({
        "textDocument": { "uri": client.uri(ASYNCAPI) },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [], "only": only }
    });
    client.call("textDocument/codeAction", params).await.as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn refactorings_have_kinds_and_apply() {
    let mut client = start(pulling()).await;
    client.open(ASYNCAPI, OLD).await;
    let found = refactorings(&mut client, 6, 30, json!(["refactor"])).await;
    let names: Vec<_> =
        found.iter().map(|it| format!("{}: {}", it["kind"].as_str().unwrap(), it["title"].as_str().unwrap())).collect();
    assert_eq!(
        names,
        [
            "refactor.extract: Extract to `#/components/schemas/Order`",
            "refactor.extract: Extract to the file `../schemas/Order.yaml`",
            "refactor.rewrite: Add the missing required attributes of CloudEvents to the headers",
            "refactor.rewrite: Add all missing attributes of CloudEvents to the headers",
        ]
    );
    let only = refactorings(&mut client, 6, 30, json!(["refactor.inline", "source"])).await;
    let source: Vec<_> = only.iter().map(|it| (it["kind"].as_str().unwrap(), it["title"].as_str().unwrap())).collect();
    assert_eq!(source, [("source.create.archwright", "Write the contract of `orders.placed.v1`")]);
    let created = only[0]["edit"]["documentChanges"].as_array().unwrap();
    let created: Vec<_> =
        created.iter().filter(|it| it["kind"] == "create").map(|it| it["uri"].as_str().unwrap()).collect();
    let folder = client.uri("docs/features/orders");
    assert_eq!(
        created,
        [format!("{folder}/schemas/orders.placed.v1.json"), format!("{folder}/contracts/orders.placed.v1.md")]
    );
    let edit = &found[0]["edit"]["documentChanges"][0];
    let changes: Vec<Value> = edit["edits"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|it| json!({ "range": it["range"], "text": it["newText"] }))
        .collect();
    client.change(ASYNCAPI, 2, json!(changes)).await;
    // The reference can be inlined again.
    let found = refactorings(&mut client, 7, 12, json!(["refactor.inline"])).await;
    assert_eq!(found[0]["title"], "Inline `#/components/schemas/Order`");
    let file = found[0]["edit"]["documentChanges"][0]["edits"][0]["newText"].as_str().unwrap();
    assert!(file.contains("{ type: object, title: 漢 Order }"), "{file}");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_what_is_missing_names_the_diagnostic_that_goes_away() {
    let mut client = start(pulling()).await;
    let text = OLD.replace("payload: { type: object, title: 漢 Order }", "$ref: '#/components/messages/Placed'");
    client.open(ASYNCAPI, &text).await;
    let found = refactorings(&mut client, 6, 20, json!(["quickfix"])).await;
    let create = found
        .iter()
        .find(|it| it["title"] == "Create `#/components/messages/Placed`")
        .unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!(create["diagnostics"][0]["code"], "asyncapi/dangling-reference");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn costly_edits_come_when_the_client_asks_for_them() {
    let convert =
        |found: Vec<Value>| found.into_iter().find(|it| it["title"].as_str().unwrap().starts_with("Convert")).unwrap();
    let mut client = start(pulling()).await;
    client.open(ASYNCAPI, OLD).await;
    let action = convert(refactorings(&mut client, 0, 0, Value::Null).await);
    let edit = action["edit"].clone();
    assert!(
        edit["documentChanges"][0]["edits"][0]["newText"].as_str().unwrap().starts_with("asyncapi: 3.0.0\n"),
        "{action}"
    );
    client.finish().await;

    let mut capabilities = pulling();
    capabilities["textDocument"]["codeAction"] =
        json!({ "dataSupport": true, "resolveSupport": { "properties": ["edit"] } });
    let mut client = start(capabilities).await;
    assert_eq!(client.initialized["capabilities"]["codeActionProvider"]["resolveProvider"], true);
    client.open(ASYNCAPI, OLD).await;
    let action = convert(refactorings(&mut client, 0, 0, Value::Null).await);
    assert!(action.get("edit").is_none(), "{action}");
    let resolved = client.call("codeAction/resolve", action.clone()).await;
    assert_eq!(resolved["edit"]["documentChanges"][0]["edits"], edit["documentChanges"][0]["edits"]);
    client.replace(ASYNCAPI, 2, "asyncapi: 3.0.0\n").await;
    let id = client.request("codeAction/resolve", action).await;
    assert_eq!(client.response(id).await["error"]["code"], -32801);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outline_is_a_tree_or_a_list_as_the_client_wishes() {
    let text = "# Orders\n\n## Summary\n\nText.\n\n## 漢字\n";
    let mut client = start(pulling()).await;
    client.open(DESIGN, text).await;
    let uri = client.uri(DESIGN);
    let tree = client.call("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(tree[0]["name"], "Orders");
    assert_eq!(tree[0]["children"][1]["name"], "漢字");
    assert_eq!(
        tree[0]["children"][1]["selectionRange"],
        json!({ "start": { "line": 6, "character": 3 }, "end": { "line": 6, "character": 5 } })
    );
    let folds = client.call("textDocument/foldingRange", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!(folds[0], json!({ "startLine": 0, "endLine": 6, "kind": "region" }));
    assert_eq!(folds[1], json!({ "startLine": 2, "endLine": 4, "kind": "region" }));
    client.finish().await;

    let mut capabilities = pulling();
    capabilities["textDocument"]["documentSymbol"] = json!({});
    let mut client = start(capabilities).await;
    client.open(DESIGN, text).await;
    let uri = client.uri(DESIGN);
    let list = client.call("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await;
    assert_eq!((list[1]["name"].clone(), list[1]["containerName"].clone()), (json!("Summary"), json!("Orders")));
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn completion_offers_link_targets_in_the_order_of_the_analysis() {
    let mut client = start(pulling()).await;
    let path = "docs/features/orders/runbook.md";
    client.open(path, "# 😀\n\n😀 [x](\n").await;
    let found = client.call_at("textDocument/completion", path, 2, 7).await;
    let items = found["items"].as_array().unwrap();
    let item = items.iter().find(|it| it["label"] == "design.md").unwrap_or_else(|| panic!("{found}"));
    let here = json!({ "line": 2, "character": 7 });
    assert_eq!(item["textEdit"], json!({ "range": { "start": here, "end": here }, "newText": "design.md" }));
    assert_eq!(items[0]["sortText"], "0000");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn explain_answers_with_the_page() {
    let mut client = start(pulling()).await;
    let call = |arguments: Value| json!({ "command": "archwright.explain", "arguments": arguments });
    let page = client.call("workspace/executeCommand", call(json!(["link/dead-target"]))).await;
    assert!(page.as_str().unwrap().contains("link/dead-target"));
    assert_eq!(client.call("workspace/executeCommand", call(json!([{ "name": "link/dead-target" }]))).await, page);
    let id = client.request("workspace/executeCommand", call(json!(["link/dead-targte"]))).await;
    let error = client.response(id).await["error"].clone();
    assert_eq!(error["code"], -32602);
    assert!(error["message"].as_str().unwrap().contains("link/dead-target"), "{error}");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn design_answers_with_its_outcome_and_asks_the_client_to_apply_it() {
    let mut client = start(pulling()).await;
    let request = json!({
        "feature": "order-checkout",
        "description": "When an order is placed, the inventory service reserves stock and the payment service charges \
            the card.",
        "services": ["orders", "inventory"],
        "channels": [{ "name": "orders.order-placed.v1", "role": "produced" }]
    });
    let params = json!({ "command": "archwright.design", "arguments": [request] });
    let outcome = client.call("workspace/executeCommand", params).await;
    assert!(
        outcome["files"].as_array().unwrap().iter().any(|it| it["path"] == "docs/features/order-checkout/design.md"),
        "{outcome}"
    );
    let apply = client.server_request("workspace/applyEdit").await;
    client.respond(&apply, json!({ "applied": true })).await;
    let show = client.server_request("window/showDocument").await;
    client.respond(&show, json!({ "success": true })).await;
    assert_eq!(show["params"]["uri"], json!(client.uri("docs/features/order-checkout/design.md")));
    let changes = apply["params"]["edit"]["documentChanges"].as_array().unwrap().clone();
    let uri = client.uri("docs/features/order-checkout/design.md");
    let at = changes.iter().position(|it| it["kind"] == "create" && it["uri"] == json!(uri)).unwrap();
    assert_eq!(changes[at + 1]["textDocument"], json!({ "uri": uri, "version": null }));
    assert!(changes[at + 1]["edits"][0]["newText"].as_str().unwrap().contains("orders.order-placed.v1"));
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn design_says_what_is_wrong_with_a_request() {
    let mut client = start(pulling()).await;
    for (arguments, part) in [
        (json!([]), "one object"),
        (json!([{ "feature": 3 }]), "expected a string"),
        (json!([{ "feature": "Order Checkout", "description": "x", "force": true }]), "order-checkout"),
    ] {
        let id = client
            .request("workspace/executeCommand", json!({ "command": "archwright.design", "arguments": arguments }))
            .await;
        let error = client.response(id).await["error"].clone();
        assert_eq!(error["code"], -32602);
        assert!(error["message"].as_str().unwrap().contains(part), "{error}");
    }
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checklist_has_a_lens_and_a_wrong_finding_can_be_allowed() {
    let mut client = start(pulling()).await;
    let text = "# 😀 Orders\n\n## Reliability checklist\n\n1. **Delivery**: at-least-once\n\nSee [it](gone.md).\n";
    client.open(DESIGN, text).await;
    let uri = client.uri(DESIGN);
    let lenses = client.call("textDocument/codeLens", json!({ "textDocument": { "uri": uri } })).await;
    let range = json!({ "start": { "line": 2, "character": 3 }, "end": { "line": 2, "character": 24 } });
    assert_eq!(lenses[0]["range"], range);
    let title = lenses[0]["command"]["title"].as_str().unwrap();
    assert!(title.starts_with("1 of 8 questions answered; open: Idempotency"), "{title}");
    let place = json!({ "line": 6, "character": 10 });
    let params = json!({
        "textDocument": { "uri": uri },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [], "only": ["quickfix"] }
    });
    let found = client.call("textDocument/codeAction", params).await;
    let titled = "This is wrong: allow `link/dead-target` here, and say why";
    let action = found.as_array().unwrap().iter().find(|it| it["title"] == titled).unwrap();
    let edit = &action["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!(edit["newText"], "<!-- archwright: allow link/dead-target -- [TBD: why is this right?] -->\n");
    assert_eq!(edit["range"]["start"], json!({ "line": 6, "character": 0 }));
    assert_eq!(action["isPreferred"], Value::Null);
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_leads_to_its_card_where_the_client_opens_pages() {
    let text = "# Orders\n\nWe use a Transactional Outbox.\n";
    let mut plain = start(pulling()).await;
    plain.open(DESIGN, text).await;
    assert_eq!(plain.call_at("textDocument/definition", DESIGN, 2, 12).await, Value::Null);
    plain.finish().await;
    let root = folder(&[(DESIGN, text)]);
    let uri = common::uri_of(root.path());
    let mut client = Client::connect(root);
    let params = json!({
        "capabilities": watching(pulling()),
        "workspaceFolders": [{ "uri": uri, "name": "root" }],
        "initializationOptions": { "pages": true }
    });
    client.call("initialize", params).await;
    client.notify("initialized", json!({})).await;
    let registration = client.server_request("client/registerCapability").await;
    client.respond(&registration, Value::Null).await;
    client.open(DESIGN, text).await;
    let found = client.call_at("textDocument/definition", DESIGN, 2, 12).await;
    assert_eq!(found[0]["targetUri"], "archwright:/card/transactional-outbox.md");
    assert_eq!(found[0]["originSelectionRange"]["start"], json!({ "line": 2, "character": 9 }));
    let page = json!({ "command": "archwright.explain", "arguments": ["transactional-outbox"] });
    let page = client.call("workspace/executeCommand", page).await;
    assert!(page.as_str().unwrap().starts_with("# Transactional Outbox"), "{page}");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_offered_in_a_sentence_only_to_those_who_ask() {
    let mut client = start(pulling()).await;
    client.open(DESIGN, "# Orders\n\nWe use a Transactional Out\n").await;
    let uri = client.uri(DESIGN);
    let at = |context: Value| {
        json!({
            "textDocument": { "uri": uri },
            "position": { "line": 2, "character": 26 },
            "context": context
        })
    };
    let typed = client.call("textDocument/completion", at(json!({ "triggerKind": 2, "triggerCharacter": " " }))).await;
    assert_eq!(typed["items"], json!([]));
    let asked = client.call("textDocument/completion", at(json!({ "triggerKind": 1 }))).await;
    assert_eq!(asked["items"][0]["label"], "Transactional Outbox");
    client.finish().await;
}
