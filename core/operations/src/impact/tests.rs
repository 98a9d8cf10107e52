//! What code was seen to do, in the answer beside what documents say.

use super::{Impact, ImpactOf, ImpactRequest, ImpactSource};
use crate::{Operation, fixture::Fixture};

/// A contract, a producer in Go and a consumer in Java, which no rule reads.
const SHOP: &str = r#"
//- /docs/features/orders/contracts/orders.placed.v1.md
# Contract: orders.placed.v1

- **Channel**: `orders.placed.v1`
- **Producer**: orders
- **Consumers**: billing
//- /services/orders/go.mod
module example.org/orders

require github.com/segmentio/kafka-go v0.4.47
//- /services/orders/main.go
package main

import "github.com/segmentio/kafka-go"

func main() {
	w := &kafka.Writer{Topic: "orders.placed.v1"}
	w.WriteMessages(context.Background(), kafka.Message{Value: body})
}
//- /services/billing-service/pom.xml
<artifactId>spring-kafka</artifactId>
//- /services/billing-service/Billing.java
class Billing {
  @KafkaListener(topics = "orders.placed.v1")
  void on(Order order) {}

  @KafkaListener(topics = "refunds.asked.v1")
  void on(Refund refund) {}
}
"#;

fn impact(name: &str, to: Option<&str>) -> Impact {
    let fixture = Fixture::new(SHOP);
    let mut workspace = fixture.open();
    let request = ImpactRequest { name: name.into(), to: to.map(str::to_owned), ..ImpactRequest::default() };
    ImpactOf::plan(&mut workspace, &request).unwrap().impact.unwrap()
}

#[test]
fn code_and_documents_are_told_side_by_side() {
    let impact = impact("orders.placed.v1", None);
    let told = |relation: &str| -> Vec<(String, Vec<ImpactSource>, String)> {
        let of = impact.relations.iter().find(|it| it.relation == relation).unwrap();
        let place = |it: &super::Neighbor| format!("{}:{}", it.at[0].file, it.at[0].line);
        of.things.iter().map(|it| (it.name.clone(), it.sources.clone(), place(it))).collect()
    };
    let contract = "docs/features/orders/contracts/orders.placed.v1.md";
    assert_eq!(
        told("produced by"),
        [
            ("orders".to_owned(), vec![ImpactSource::Document], format!("{contract}:4")),
            ("services/orders".to_owned(), vec![ImpactSource::Code], "services/orders/main.go:7".to_owned()),
        ]
    );
    assert_eq!(
        told("consumed by"),
        [
            ("billing".to_owned(), vec![ImpactSource::Document], format!("{contract}:5")),
            (
                "services/billing-service".to_owned(),
                vec![ImpactSource::Code],
                "services/billing-service/Billing.java:2".to_owned()
            ),
        ]
    );
    // Java and Go were read.
    assert_eq!(impact.not_read, [""; 0]);
    assert!(impact.text().contains("services/orders/main.go:7  (code)\n"), "{}", impact.text());
}

#[test]
fn a_way_leads_through_documents_and_code() {
    // Documents name billing, and only its code knows of refunds.
    let impact = impact("billing", Some("refunds.asked.v1"));
    let steps: Vec<String> = impact.ways[0].iter().map(|it| format!("{} {} {}", it.from, it.relation, it.to)).collect();
    assert_eq!(
        steps,
        ["billing has the code services/billing-service", "services/billing-service consumes refunds.asked.v1"]
    );
    assert_eq!(impact.ways.len(), 1);
}

#[test]
fn a_table_of_services_says_which_code_is_whose() {
    let text = format!(
        "//- /archwright.toml\n[services.order-checkout]\npaths = [\"services/orders\"]\naliases = [\"orders\"]\n\
         owner = \"team-orders\"\n{}",
        SHOP.trim_start()
    );
    let fixture = Fixture::new(&text);
    let asked = |name: &str| {
        let request = ImpactRequest { name: name.to_owned(), ..ImpactRequest::default() };
        ImpactOf::plan(&mut fixture.open(), &request).unwrap().impact.unwrap()
    };
    let impact = asked("orders");
    assert_eq!(impact.name, "order-checkout");
    let text = impact.text();
    assert!(text.contains("services/orders") && text.contains("team-orders"), "{text}");
}

#[test]
fn a_document_by_itself_is_said_to_be_one() {
    let fixture = Fixture::new("//- /README.md\n# Shop\n");
    let request = ImpactRequest { name: "README.md".to_owned(), ..ImpactRequest::default() };
    let text = ImpactOf::plan(&mut fixture.open(), &request).unwrap().impact.unwrap().text();
    assert!(text.contains("Nothing that is read leads from it or to it."), "{text}");
}

#[test]
fn more_ways_are_listed_by_the_limit() {
    let mut text = String::from("//- /a.md\n# A\n\n");
    (0..7).for_each(|it| text.push_str(&format!("[x](m{it}.md)\n")));
    (0..7).for_each(|it| text.push_str(&format!("//- /m{it}.md\n# M\n\n[z](z.md)\n")));
    text.push_str("//- /z.md\n# Z\n");
    let ways = |limit| {
        let fixture = Fixture::new(&text);
        let (name, to) = ("a.md".to_owned(), Some("z.md".to_owned()));
        let request = ImpactRequest { name, to, limit, ..ImpactRequest::default() };
        ImpactOf::plan(&mut fixture.open(), &request).unwrap().impact.unwrap()
    };
    let few = ways(None);
    assert_eq!((few.ways.len(), few.more_ways), (5, true));
    assert!(few.text().ends_with("There are more ways of this length: a higher `limit` lists them, up to 200.\n"));
    let all = ways(Some(12));
    assert_eq!((all.ways.len(), all.more_ways), (7, false));
}

#[test]
fn a_channel_of_infrastructure_has_its_place_and_what_it_is_bound_to() {
    let text = "//- /infra/main.tf\nresource \"aws_sns_topic\" \"events\" {\n  name = \"events\"\n}\n\
        resource \"aws_sqs_queue\" \"mails\" {\n  name = \"mails\"\n}\n\
        resource \"aws_sns_topic_subscription\" \"mails\" {\n  protocol = \"sqs\"\n  \
        topic_arn = aws_sns_topic.events.arn\n  endpoint = aws_sqs_queue.mails.arn\n}\n";
    let fixture = Fixture::new(text);
    let asked = |name: &str| {
        let request = ImpactRequest { name: name.to_owned(), ..ImpactRequest::default() };
        ImpactOf::plan(&mut fixture.open(), &request).unwrap().impact.unwrap().text()
    };
    let events = asked("events");
    assert!(events.contains("infra/main.tf:1") && events.contains("declared by infrastructure in"), "{events}");
    assert!(events.contains("delivers to") && events.contains("infra/main.tf:10"), "{events}");
    assert!(asked("mails").contains("gets the messages of"), "{}", asked("mails"));
}
