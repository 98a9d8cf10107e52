//! Ten questions that no single file answers, each with one right answer, asked as an agent would: through the tools of
//! the server alone, by a fixed sequence of calls.

use serde_json::{Value, json};

use crate::{
    client::{Client, Era, shop},
    impact::{impact, names},
};

struct Asked {
    client: Client,
    calls: usize,
}

impl Asked {
    async fn about(&mut self, name: &str) -> Value {
        self.calls += 1;
        impact(&mut self.client, name).await
    }

    /// The only name in a relation.
    async fn only(&mut self, name: &str, relation: &str) -> String {
        let about = self.about(name).await;
        let names = names(&about, relation);
        assert_eq!(names.len(), 1, "{name} {relation}: {about:#}");
        names[0].clone()
    }

    async fn kinds(&mut self, name: &str, relation: &str, kind: &str) -> Vec<String> {
        let about = self.about(name).await;
        let things = about["relations"][relation].as_array().cloned().unwrap_or_default();
        things.iter().filter(|it| it["kind"] == kind).map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn ten_questions_have_their_answers() {
    for era in [Era::Stateless, Era::Legacy] {
        let folder = shop();
        let mut ask = Asked { client: Client::new(folder.path(), era).await, calls: 0 };

        // 1. Which team has to be told before the field `total_minor` of placed orders changes?
        let code = ask.only("orders.placed.v1#total_minor", "read by").await;
        let channel = ask.kinds(&code, "consumes", "channel").await;
        let services = ask.kinds(&channel[0], "consumed by", "service").await;
        assert_eq!(ask.only(&services[0], "owned by").await, "team-payments");

        // 2. Which field orders the messages that the payments code sends, and in which language is it declared?
        let channel = ask.kinds("services/payments", "produces", "channel").await;
        let sent = channel.iter().find(|it| !it.contains("dlq")).unwrap().clone();
        let key = ask.about(&format!("{sent}#order_id")).await;
        assert_eq!(names(&key, "orders"), ["payments.captured.v1"]);
        assert!(
            key["at"][0]
                .as_str()
                .unwrap()
                .starts_with("docs/features/payment-capture/schemas/payments.captured.v1.avsc:")
        );

        // 3. Who owns the dead letters of the channel that checkout reads?
        let channel = ask.kinds("services/checkout", "consumes", "channel").await;
        assert_eq!(channel, ["payments.captured.v1"]);
        assert_eq!(ask.only(&channel[0], "dead letters owned by").await, "team-payments");

        // 4. Which message reaches a system that is not in this repository?
        let channels = ask.kinds("order-checkout", "produces", "channel").await;
        let mut outside = Vec::new();
        for channel in channels {
            let about = ask.about(&channel).await;
            let is_outside = names(&about, "consumed by").iter().any(|it| it.contains("partner"));
            outside.extend(is_outside.then(|| names(&about, "carries")));
        }
        assert_eq!(outside, [["OrderCancelled"]]);

        // 5. Which record replaced the one on change data capture, and who owns it?
        let old = "docs/features/order-checkout/adrs/0001-relay-outbox-with-change-data-capture.md";
        let new = ask.only(old, "superseded by").await;
        assert!(new.ends_with("0002-relay-outbox-with-polling-publisher.md"), "{new}");
        assert_eq!(ask.only(&new, "owned by").await, "team-orders");

        // 6. Which pattern does the code of one service implement and that of the other does not, for a workflow?
        let mut users = Vec::new();
        for pattern in ["Process Manager", "Transactional Outbox"] {
            users.push(ask.kinds(pattern, "used by", "code").await);
        }
        assert_eq!(users, [vec!["services/checkout"], vec!["services/checkout", "services/payments"]]);

        // 7. By how many steps does a failure of checkout come back to it, and through what?
        ask.calls += 1;
        let data = ask.client.data("impact", json!({ "name": "services/checkout", "to": "services/payments" })).await;
        let ways = data["impact"]["ways"].as_array().unwrap().clone();
        let through: Vec<&str> = ways.iter().map(|it| it[0]["to"].as_str().unwrap()).collect();
        assert_eq!(through, ["orders.placed.v1", "payments.captured.v1"]);

        // 8. Which declared field of placed orders does no code of a consumer read or name?
        let mut unread = Vec::new();
        for field in ["customer_id", "placed_at", "total_minor", "delivery_postcode"] {
            let about = ask.about(&format!("orders.placed.v1#{field}")).await;
            unread.extend(about["remarks"].to_string().contains("Nobody reads it").then_some(field));
        }
        assert_eq!(unread, ["customer_id", "placed_at", "delivery_postcode"]);

        // 9. Which documents link to the runbook for the dead letters of orders from another feature?
        let runbook = "docs/features/order-checkout/runbooks/dlq-triage.md";
        let linked = ask.kinds(runbook, "linked from", "document").await;
        let others: Vec<&String> = linked.iter().filter(|it| it.contains("/payment-capture/")).collect();
        assert_eq!(others, ["docs/features/payment-capture/design.md"]);

        // 10. Is a change of the platform's retry policy felt by both features?
        let policy = ask.kinds("docs/system/standards/retry-policy.md", "linked from", "document").await;
        let features = ["order-checkout", "payment-capture"];
        let felt = features.iter().filter(|it| policy.contains(&format!("docs/features/{it}/README.md")));
        assert_eq!(felt.count(), 2, "{policy:?}");

        assert!(ask.calls <= 30, "{} calls", ask.calls);
        ask.client.end().await;
    }
}
