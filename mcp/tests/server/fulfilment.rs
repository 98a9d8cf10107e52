//! Order fulfilment from an empty repository to its launch: design, contract, record, code with a fault, review,
//! runbook, a second feature that inherits the standard, NO-GO, GO. Every answer is a snapshot of its own.
//!
//! The steps stand in `fulfilment.json`, because the official clients walk the same way in `tests/e2e/walkthrough.rs`.

use std::{collections::BTreeMap, fs};

use serde_json::Value;

use crate::{
    client::write,
    walkthrough::{Walk, git},
};

#[tokio::test]
async fn order_fulfilment_goes_from_nothing_to_its_launch() {
    let steps: Vec<Value> = serde_json::from_str(include_str!("fulfilment.json")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    let mut walk = Walk::new(root).await;
    let mut answers = BTreeMap::new();
    for step in &steps {
        if let Some(path) = step["write"].as_str() {
            write(&folder, path, step["text"].as_str().unwrap());
        } else if let Some(message) = step["commit"].as_str() {
            git(root, &["add", "-A"]);
            git(root, &["commit", "-qm", message]);
            if let Some(branch) = step["branch"].as_str() {
                git(root, &["checkout", "-qb", branch]);
            }
        } else {
            let (name, before) = (step["call"].as_str().unwrap(), walk.log.len());
            let text = walk.call(step["tool"].as_str().unwrap(), step["arguments"].clone()).await;
            answers.insert(name, text);
            insta::assert_snapshot!(format!("{:02}_{name}", answers.len()), &walk.log[before..]);
        }
    }

    let review = &answers["review"];
    assert!(review.starts_with("REQUEST CHANGES") && review.contains("consumer.ts:10"), "{review}");
    assert!(!answers["review_again"].contains("ERRORS"), "{}", answers["review_again"]);
    // The second feature takes the standard over by a link, and what the first has decided as a question or by saying so.
    let readme = fs::read_to_string(root.join("docs/features/returns/README.md")).unwrap();
    assert!(readme.contains("[Standard: Retry policy](../../system/standards/retry-policy.md)"), "{readme}");
    assert!(answers["no_go"].contains("NO-GO  order-fulfilment"), "{}", answers["no_go"]);
    assert!(answers["go"].contains("\nGO  order-fulfilment on 2026-12-01"), "{}", answers["go"]);
    let answer = walk.client.data("check", serde_json::json!({})).await;
    let bad = ["errors", "warnings"].map(|it| answer["summary"][it].as_u64().unwrap_or_default());
    assert_eq!(bad, [0, 0], "{}", answers["check"]);
    walk.client.end().await;
}
