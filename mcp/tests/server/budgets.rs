//! What answers cost: every tool on both samples keeps to its size.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    client::{Client, Era, faulty, shop, text, write},
    walkthrough::git,
};

/// The size of an answer that nobody asked for more of, both forms together, in bytes. Answers that are long are what
/// people complain of most in other servers.
const USUAL: usize = 8 * 1024;

/// The size of any answer, both forms together, in bytes: Claude Code puts what has more than 25,000 tokens into a
/// file.
const MOST: usize = 40 * 1024;

/// The size of a card that a model is shown, in bytes: it reads several before it chooses a pattern. What refuses a
/// call is to be read at once, too.
const CARD: usize = 2 * 1024;

/// The size of a review and of a launch decision, in bytes: the form written out for a change of 12 faults takes so
/// many, a tenth of what reading the change and its surroundings took.
const REVIEW: usize = 6_000;

/// A call, and what its answer may take: of the text, of the data, and of both.
struct Case {
    tool: &'static str,
    arguments: Value,
    text: usize,
    data: usize,
    both: usize,
}

fn case(tool: &'static str, arguments: Value) -> Case {
    Case { tool, arguments, text: USUAL, data: USUAL, both: USUAL }
}

/// Every tool with what it is usually asked for.
fn usual() -> Vec<Case> {
    let description = "Two services book points for each order that is paid.";
    let card = |name: &str| Case { data: CARD, ..case("explain", json!({ "name": name })) };
    let review = |tool, arguments| Case { text: REVIEW, both: USUAL + REVIEW, ..case(tool, arguments) };
    vec![
        case("check", json!({})),
        case("check", json!({"detail": "summary"})),
        card("Transactional Outbox"),
        card("Amazon SQS"),
        card("KEDA"),
        case("explain", json!({"name": "reliability"})),
        // The page of a rule is shown whole, with its examples: whoever asks has a finding of it to mend.
        Case { both: 3 * USUAL / 2, ..case("explain", json!({"name": "channel/dlq-mismatch"})) },
        case(
            "design",
            json!({"feature": "gift-cards", "description": description, "force": true, "date": "2026-11-29"}),
        ),
        case("design", json!({"feature": "order-checkout", "slo": "99.9%", "date": "2026-11-29"})),
        case("contract", json!({"channel": "orders.placed.v1"})),
        case(
            "architecture",
            json!({
                "feature": "order-checkout", "title": "Keep carts in the browser", "date": "2026-11-29",
                "context": "Carts are lost when a shopper changes the device.",
                "decision": "We keep carts in the browser and send them with the order."
            }),
        ),
        case("runbook", json!({"incident": "dlq-triage", "channel": "orders.placed.v1", "date": "2026-11-29"})),
        review("prelaunch", json!({"feature": "order-checkout", "tier": "Production-ready", "date": "2026-11-29"})),
        case("next_version", json!({"channel": "orders.placed.v1"})),
        case("diff", json!({})),
        case("convert", json!({"document": "docs/old.yaml"})),
        review("review", json!({"text": "Clean up. No contract change."})),
        case("impact", json!({"name": "orders.placed.v1"})),
        case("scan", json!({})),
        case("graph", json!({})),
        case("graph", json!({"view": "mermaid"})),
        case("graph", json!({"view": "sequence"})),
        case("graph", json!({"view": "states"})),
        case("recommend", json!({"signals": ["state-with-message", "crosses-services"]})),
    ]
}

/// The same with all that can be asked for.
fn full() -> Vec<Case> {
    let full = |tool, arguments| Case { text: MOST, data: MOST, both: MOST, ..case(tool, arguments) };
    vec![
        full("check", json!({"detail": "full", "limit": 100})),
        full("explain", json!({"name": "Transactional Outbox", "detail": "full"})),
        full("explain", json!({"name": "cards"})),
        full("contract", json!({"channel": "orders.audited.v1", "feature": "order-checkout", "dry_run": true})),
        full("next_version", json!({"channel": "orders.placed.v1", "dry_run": true})),
        full("review", json!({"only": "all"})),
        full("scan", json!({"unresolved": true})),
        full("graph", json!({"view": "catalog"})),
        full("graph", json!({"view": "svg"})),
    ]
}

/// A sample with a change that breaks a reader, in a repository of its own.
fn changed(folder: TempDir) -> TempDir {
    const SCHEMA: &str = "docs/features/order-checkout/schemas/orders.placed.v1.json";
    let old = "asyncapi: 2.6.0\ninfo: { title: Old, version: 1.0.0 }\nchannels:\n  orders.v3:\n    publish:\n      \
               message: { name: OrderTold, payload: { type: object } }\n";
    write(&folder, "docs/old.yaml", old);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "Start"]);
    let schema = std::fs::read_to_string(folder.path().join(SCHEMA)).unwrap();
    assert!(schema.contains("total_minor"));
    write(&folder, SCHEMA, &schema.replace("total_minor", "amount_minor"));
    folder
}

#[tokio::test]
async fn every_answer_keeps_to_its_size() {
    for folder in [changed(shop()), changed(faulty())] {
        let mut client = Client::new(folder.path(), Era::Legacy).await;
        let listed = client.request("tools/list", json!({})).await;
        let tools = listed["result"]["tools"].as_array().unwrap().iter();
        let mut untold: BTreeSet<String> = tools.map(|it| it["name"].as_str().unwrap().into()).collect();
        let mut over = Vec::new();
        for case in usual().into_iter().chain(full()) {
            let Case { tool, arguments, .. } = case;
            let result = client.call(tool, arguments.clone()).await;
            let shown = text(&result);
            assert!(!shown.is_empty(), "{tool} {arguments}");
            if result["isError"] == true {
                // What cannot be done is said in few words.
                if shown.len() > CARD {
                    over.push(format!("{tool} {arguments} is refused in {} bytes", shown.len()));
                }
                continue;
            }
            untold.remove(tool);
            let data = result["structuredContent"].to_string().len();
            if shown.len() > case.text || data > case.data || shown.len() + data > case.both {
                over.push(format!("{tool} {arguments} takes {} bytes of text and {data} of data", shown.len()));
            }
        }
        assert!(over.is_empty(), "{over:#?}");
        assert!(untold.is_empty(), "no answer of {untold:?} was measured");
        client.end().await;
    }
}
