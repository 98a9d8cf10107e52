//! Many reviews at once are all answered.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    client::{Client, Era, empty, write},
    walkthrough::git,
};

#[tokio::test]
async fn five_hundred_reviews_at_once_are_all_answered() {
    let folder = empty();
    write(&folder, "docs/a.md", "# A\n\nOne.\n");
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "Start"]);
    write(&folder, "docs/a.md", "# A\n\nTwo.\n");
    let mut client = Client::new(folder.path(), Era::Legacy).await;
    let mut waiting = BTreeSet::new();
    for _ in 0..500 {
        waiting.insert(client.ask("tools/call", json!({"name": "review", "arguments": {}})).await);
    }
    while !waiting.is_empty() {
        let answer = client.receive().await;
        assert_eq!(answer["result"]["structuredContent"]["state"], "reviewed", "{answer:#}");
        assert!(waiting.remove(&answer["id"].as_u64().unwrap()));
    }
    client.end().await;
}
