//! `scan`: what code sends and receives.

use serde_json::json;

use crate::client::{Client, Era, shop, text};

#[tokio::test]
async fn agents_are_told_what_code_sends_and_receives() {
    for era in [Era::Stateless, Era::Legacy] {
        let folder = shop();
        let mut client = Client::new(folder.path(), era).await;
        let result = client.call("scan", json!({ "path": "services/payments" })).await;
        let told = text(&result);
        assert!(told.contains("receives from orders.placed.v1  services/payments/payments/capture.py:"), "{told}");
        assert!(!told.contains("services/checkout/src"), "{told}");
        assert_eq!(result["structuredContent"]["state"], "answered", "{result:#}");
        let mistake = client.mistake("scan", json!({ "path": "services/nowhere" })).await;
        assert!(mistake.contains("services/nowhere"), "{mistake}");
        client.end().await;
    }
}
