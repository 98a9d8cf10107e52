//! `graph`: the flow of messages.

use serde_json::json;

use crate::client::{Client, Era, shop, text};

#[tokio::test]
async fn agents_are_shown_the_flow_as_text_and_as_a_drawing() {
    for era in [Era::Stateless, Era::Legacy] {
        let folder = shop();
        let mut client = Client::new(folder.path(), era).await;
        let result = client.call("graph", json!({ "of": "orders.placed.v1", "depth": 1 })).await;
        let told = text(&result);
        assert!(told.contains("received by payments  (found)  services/payments/payments/capture.py:24"), "{told}");
        assert!(!told.contains("payments.captured.v1\n"), "{told}");
        assert_eq!(result["structuredContent"]["state"], "answered", "{result:#}");
        let drawn = text(&client.call("graph", json!({ "view": "mermaid" })).await);
        assert!(drawn.contains("flowchart LR\n") && drawn.contains(" -.-> "), "{drawn}");
        let mistake = client.mistake("graph", json!({ "of": "orders.plcaed.v1" })).await;
        assert!(mistake.contains("orders.placed.v1"), "{mistake}");
        client.end().await;
    }
}
