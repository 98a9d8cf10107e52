//! Small workspaces, and where their documents say otherwise than their code.
#![allow(clippy::format_collect, reason = "the texts are short")]

use super::super::{Scan, ScanRequest, Scanned};
use crate::{Operation, fixture::Fixture};

fn scanned(text: &str) -> Scanned {
    let fixture = Fixture::new(text);
    let mut workspace = fixture.open();
    Scan::plan(&mut workspace, &ScanRequest::default()).unwrap().scanned.unwrap()
}

/// The differences, a line each, and what was not compared.
fn told(text: &str) -> (Vec<String>, Vec<String>) {
    let scanned = scanned(text);
    let lines = scanned.drift.iter().map(|it| {
        format!(
            "{} {} | {} {}:{} | {} {}:{}",
            it.kind.name(),
            it.channel,
            it.in_code,
            it.file,
            it.line,
            it.in_document,
            it.document,
            it.document_line
        )
    });
    (lines.collect(), scanned.not_compared)
}

fn contract(channel: &str, producer: &str, consumers: &str) -> String {
    format!(
        "//- /docs/features/shop/contracts/{channel}.md\n# Contract: {channel}\n\n- **Status**: Active\n\
         - **Channel**: `{channel}`\n- **Producer**: {producer}\n- **Consumers**: {consumers}\n\
         - **DLQ**: `{channel}.dlq`\n"
    )
}

/// A service in JavaScript that receives from some channels and sends to others.
fn service(folder: &str, receives: &[&str], sends: &[&str]) -> String {
    let receives = receives.iter().map(|it| format!("await consumer.subscribe({{ topic: {it} }});\n"));
    let sends = sends.iter().map(|it| format!("await producer.send({{ topic: {it}, messages }});\n"));
    let body: String = receives.chain(sends).collect();
    format!(
        "//- /{folder}/package.json\n{{ \"dependencies\": {{ \"kafkajs\": \"2\" }} }}\n//- /{folder}/main.js\n\
         import {{ Kafka }} from 'kafkajs';\n{body}"
    )
}

#[test]
fn code_is_held_against_the_contract() {
    let text = [
        contract("orders.placed.v1", "OrdersService (team-orders)", "billing, search"),
        service("services/orders-service", &[], &["'orders.placed.v1'"]),
        service("services/billing", &["'orders.placed.v1'"], &[]),
        service("services/search", &["'products.changed.v1'"], &[]),
        service("services/loyalty", &["'orders.placed.v1'"], &[]),
        service("services/warehouse", &[], &["'orders.placed.v1'"]),
    ];
    let (drift, not_compared) = told(&text.concat());
    let document = "docs/features/shop/contracts/orders.placed.v1.md";
    assert_eq!(
        drift,
        [
            format!(
                "unlisted-consumer orders.placed.v1 | loyalty services/loyalty/main.js:2 | billing, search {document}:6"
            ),
            format!(
                "other-producer orders.placed.v1 | warehouse services/warehouse/main.js:2 | OrdersService {document}:5"
            ),
            format!(
                "consumer-not-seen orders.placed.v1 | receives from products.changed.v1 services/search/main.js:2 | \
                 search {document}:6"
            ),
        ]
    );
    assert_eq!(not_compared, [""; 0]);
}

#[test]
fn what_agrees_is_silent() {
    let text = [
        contract("orders.placed.v1", "order-api", "`billing-worker` (team-billing) and Search"),
        service("orders", &[], &["'orders.placed.v1'"]),
        service("BillingService", &["'orders.placed.v1'"], &[]),
        service("search-svc", &["'orders.placed.v1'"], &[]),
    ];
    assert_eq!(told(&text.concat()), (vec![], vec![]));
}

#[test]
fn a_name_that_code_does_not_say_makes_it_silent_and_is_counted() {
    let text = [
        contract("orders.placed.v1", "orders", "billing"),
        service("orders", &[], &["'orders.placed.v1'"]),
        service("billing", &["process.env.TOPIC", "'refunds.asked.v1'"], &[]),
    ];
    let (drift, not_compared) = told(&text.concat());
    assert_eq!(drift, [""; 0]);
    assert!(
        not_compared.iter().any(|it| it.starts_with("1 send or receive could not be compared")),
        "{not_compared:?}"
    );
    assert!(not_compared.iter().any(|it| it.starts_with("1 send or receive named by")), "{not_compared:?}");
}

#[test]
fn a_service_that_may_be_the_documented_one_makes_it_silent() {
    let text = [
        contract("orders.placed.v1", "orders", "payment-capture"),
        "\nThe mailing reads it at night.\n".to_owned(),
        service("services/orders", &[], &["'orders.placed.v1'"]),
        // May be what the contract calls payment-capture.
        service("services/payments", &["'orders.placed.v1'"], &[]),
        // Documents know neither it nor, as a project, what the contract names.
        service("services/ledger", &["'orders.placed.v1'"], &[]),
        // The contract speaks of it in a sentence.
        service("services/mailing", &["'orders.placed.v1'"], &[]),
        // Code of several services.
        service("libs/common", &["'orders.placed.v1'"], &[]),
    ];
    let (drift, not_compared) = told(&text.concat());
    assert_eq!(drift, [""; 0]);
    assert_eq!(not_compared.len(), 1);
    assert!(not_compared[0].starts_with("4 sends and receives could not be compared: whether"), "{not_compared:?}");
}

#[test]
fn a_service_elsewhere_and_a_contract_that_is_a_plan_are_not_missed() {
    let elsewhere = [
        contract("orders.placed.v1", "orders", "billing of the bank, invoicing"),
        service("orders", &[], &["'orders.placed.v1'"]),
    ];
    assert_eq!(told(&elsewhere.concat()), (vec![], vec![]));
    let plan = [
        contract("orders.placed.v1", "orders", "billing").replace("Active", "Draft"),
        service("orders", &[], &["'orders.opened.v1'"]),
        service("billing", &["'orders.opened.v1'"], &[]),
    ];
    assert_eq!(told(&plan.concat()).0, [""; 0]);
}

#[test]
fn dead_letters_go_where_the_document_says() {
    let text = |channel: &str| {
        let parts = [
            contract("orders.placed.v1", "orders", "billing"),
            service("orders", &[], &["'orders.placed.v1'"]),
            service("billing", &["'orders.placed.v1'"], &[channel]),
        ];
        parts.concat()
    };
    let (drift, _) = told(&text("'orders.placed.v1.dlt'"));
    assert_eq!(drift.len(), 1);
    assert!(drift[0].starts_with("other-dead-letters orders.placed.v1 | orders.placed.v1.dlt billing/main.js:3"));
    assert!(drift[0].ends_with("| orders.placed.v1.dlq docs/features/shop/contracts/orders.placed.v1.md:7"));
    assert_eq!(told(&text("'orders.placed.v1.dlq'")).0, [""; 0]);
    assert_eq!(told(&text("'orders.placed.v1.retry'")).0, [""; 0]);
}

/// The AsyncAPI document of a service that receives from some channels.
fn asyncapi(path: &str, title: &str, receives: &[&str]) -> String {
    let channels: String = receives.iter().map(|it| format!("  {it}:\n    address: {it}\n")).collect();
    let operation =
        |it: &&str| format!("  on-{it}:\n    action: receive\n    channel: {{ $ref: '#/channels/{it}' }}\n");
    let operations: String = receives.iter().map(operation).collect();
    format!(
        "//- /{path}\nasyncapi: 3.0.0\ninfo: {{ title: {title}, version: 1.0.0 }}\nchannels:\n{channels}\
         operations:\n{operations}"
    )
}

#[test]
fn code_is_held_against_the_asyncapi_document_of_its_service() {
    let text = [
        asyncapi("billing/asyncapi.yaml", "Billing", &["orders-placed", "orders-closed"]),
        asyncapi("search/asyncapi.yaml", "Search", &["orders-opened"]),
        service("billing", &["'orders-placed'", "'orders-opened'"], &[]),
        service("search", &["'orders-opened'"], &[]),
    ];
    let (drift, _) = told(&text.concat());
    assert_eq!(
        drift,
        [
            "missing-in-document orders-opened | billing receives from billing/main.js:3 | orders-closed, \
             orders-placed billing/asyncapi.yaml:9",
            "consumer-not-seen orders-closed | receives from orders-placed billing/main.js:2 | Billing \
             billing/asyncapi.yaml:12",
        ]
    );
}

#[test]
fn a_document_that_means_the_other_direction_is_left_alone() {
    let text = [
        asyncapi("billing/asyncapi.yaml", "Billing", &["orders-placed", "orders-closed"]),
        service("billing", &[], &["'orders-placed'", "'orders-closed'"]),
    ];
    assert_eq!(told(&text.concat()).0, [""; 0]);
}

#[test]
fn channels_with_one_end_are_listed() {
    let dangling = |text: &str| -> Vec<String> {
        scanned(text).dangling.iter().map(|it| format!("{:?} {}", it.dir, it.channel)).collect()
    };
    let orders = service("orders", &["'refunds.asked'"], &["'orders.placed'", "'orders.closed'", "'orders.dlq'"]);
    let billing = service("billing", &["'orders.placed'"], &[]);
    let both = format!("{orders}{billing}");
    assert_eq!(dangling(&both), ["Produce orders.closed", "Consume refunds.asked"]);
    // One service alone talks to others.
    assert_eq!(dangling(&orders), [""; 0]);
    let allowed = format!("//- /archwright.toml\n[scan]\nexternal = [\"refunds.*\", \"*.closed\"]\n{both}");
    assert_eq!(dangling(&allowed), [""; 0]);
    // Somebody receives from a channel whose name is not known.
    let unnamed = format!("{both}{}", service("search", &["process.env.TOPIC"], &[]));
    assert_eq!(dangling(&unnamed), ["Consume refunds.asked"]);
    let hole = format!("{both}{}", service("search", &["`orders.${state}`"], &[]));
    assert_eq!(dangling(&hole), ["Consume refunds.asked"]);
    // Documents name who receives, and it is not here.
    let outside = format!("{both}{}", contract("orders.closed", "orders", "the warehouse"));
    assert_eq!(dangling(&outside), ["Consume refunds.asked"]);
}

#[test]
fn a_table_of_services_makes_names_sure() {
    let code = [
        contract("orders.placed.v1", "order-checkout", "payment-capture"),
        service("services/checkout", &[], &["'orders.placed.v1'"]),
        service("services/payments", &["'orders.placed.v1'"], &[]),
        service("services/payment-reports", &["'orders.placed.v1'"], &[]),
    ]
    .concat();
    // Each may be what the contract means.
    assert_eq!(told(&code).0, [""; 0]);
    let table = "//- /archwright.toml\n[services.order-checkout]\npaths = [\"services/checkout\"]\n\
        [services.payments]\npaths = [\"services/payments\"]\naliases = [\"payment-capture\"]\n";
    assert_eq!(
        told(&format!("{table}{code}")).0,
        ["unlisted-consumer orders.placed.v1 | payment-reports services/payment-reports/main.js:2 | payments \
          docs/features/shop/contracts/orders.placed.v1.md:6"]
    );
    let missing = code.replace("subscribe({ topic: 'orders.placed.v1' })", "subscribe({ topic: 'refunds.asked.v1' })");
    let (drift, _) = told(&format!("{table}{missing}"));
    assert_eq!(drift.len(), 1, "{drift:?}");
    assert!(drift[0].starts_with("consumer-not-seen orders.placed.v1 | receives from refunds.asked.v1"), "{drift:?}");
}

/// A topic of Terraform.
fn topic(name: &str, more: &str) -> String {
    format!("resource \"kafka_topic\" \"{}\" {{\n  name = \"{name}\"\n{more}}}\n", name.replace('.', "_"))
}

/// A contract that says more.
fn promising(channel: &str, more: &str) -> String {
    format!(
        "//- /docs/features/shop/contracts/{channel}.md\n# Contract: {channel}\n\n- **Status**: Active\n\
         - **Producer**: orders\n- **Consumers**: billing\n{more}\n"
    )
}

#[test]
fn infrastructure_is_held_against_the_contract() {
    let text = [
        promising("orders.placed.v1", "- **Partitions**: 12\n- **Retention**: 7 days"),
        "//- /infra/topics.tf\n".to_owned(),
        topic("orders.placed.v1", "  partitions = 6\n  config = {\n    \"retention.ms\" = 86400000\n  }\n"),
        promising("orders-asked", "- **Ordering key**: `order_id`\n- **DLQ**: `orders-asked-dlq`, after 5 attempts"),
        "//- /infra/queues.tf\n\
         resource \"aws_sqs_queue\" \"a\" {\n  name = \"orders-asked\"\n  fifo_queue = false\n  \
         redrive_policy = jsonencode({\n\
         deadLetterTargetArn = aws_sqs_queue.b.arn\nmaxReceiveCount = 3\n})\n}\n\
         resource \"aws_sqs_queue\" \"b\" {\n  name = \"orders-dead\"\n}\n"
            .to_owned(),
    ];
    let contracts = "docs/features/shop/contracts";
    let (drift, _) = told(&text.concat());
    assert_eq!(
        drift,
        [
            format!(
                "other-dead-letters orders-asked | orders-dead infra/queues.tf:5 | orders-asked-dlq \
                 {contracts}/orders-asked.md:7"
            ),
            format!("other-partitions orders.placed.v1 | 6 infra/topics.tf:3 | 12 {contracts}/orders.placed.v1.md:6"),
            format!(
                "other-retention orders.placed.v1 | 1 day infra/topics.tf:5 | 7 days {contracts}/orders.placed.v1.md:7"
            ),
            format!("other-attempts orders-asked | 3 infra/queues.tf:6 | 5 {contracts}/orders-asked.md:7"),
            format!("other-ordering orders-asked | false infra/queues.tf:3 | order_id {contracts}/orders-asked.md:6"),
        ]
    );
}

#[test]
fn infrastructure_that_agrees_or_is_not_sure_is_silent() {
    let contract = promising("orders.placed.v1", "- **Partitions**: 12\n- **Retention**: 7 days");
    let told_with = |infrastructure: &str| told(&format!("{contract}{infrastructure}")).0;
    let twelve = topic("orders.placed.v1", "  partitions = 12\n");
    let six = topic("orders.placed.v1", "  partitions = 6\n");
    let found = [[""; 0].to_vec(), vec!["other-partitions"]];
    let kinds = |it: Vec<String>| it.iter().map(|it| it.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(kinds(told_with(&format!("//- /infra/a.tf\n{six}"))), found[1]);
    for silent in [
        // The same, another for one's own computer, two that differ, and one that nobody knows.
        format!("//- /infra/a.tf\n{twelve}"),
        format!("//- /infra/dev/a.tf\n{six}"),
        format!("//- /infra/a/a.tf\n{six}//- /infra/b/a.tf\n{twelve}"),
        format!(
            "//- /infra/a/a.tf\n{six}//- /infra/b/a.tf\n{}",
            topic("orders.placed.v1", "  partitions = var.count\n")
        ),
        "//- /docker-compose.yml\nservices:\n  kafka:\n    image: cp-kafka\n    command: kafka-topics --create --topic \
         orders.placed.v1 --partitions 1\n"
            .to_owned(),
        // What is compacted and deleted may be either.
        format!(
            "//- /infra/a.tf\n{}",
            topic("orders.placed.v1", "  config = { \"cleanup.policy\" = \"compact,delete\", \"retention.ms\" = 1 }\n")
        ),
    ] {
        assert_eq!(told_with(&silent), [""; 0], "{silent}");
    }
    let plan = contract.replace("Active", "Draft");
    assert_eq!(told(&format!("{plan}//- /infra/a.tf\n{six}")).0, [""; 0]);
    let compacted =
        format!("//- /infra/a.tf\n{}", topic("orders.placed.v1", "  config = { \"cleanup.policy\" = \"compact\" }\n"));
    assert_eq!(kinds(told_with(&compacted)), ["other-retention"]);
}

#[test]
fn a_channel_is_missed_only_beside_its_siblings() {
    let names = ["orders.placed.v1", "orders.paid.v1", "orders.sent.v1"];
    let contracts: String = names.iter().map(|it| promising(it, "")).collect();
    let topics: String = names.iter().map(|it| topic(it, "")).collect();
    let kinds = |text: &str| {
        let told = told(text).0;
        told.iter().map(|it| it.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let more = promising("orders.closed.v1", "");
    let all = format!("{contracts}{more}//- /infra/a.tf\n{topics}");
    assert_eq!(kinds(&all), ["not-provisioned orders.closed.v1"]);
    let extra = topic("orders.closed.v1", "");
    assert_eq!(kinds(&format!("{contracts}//- /infra/a.tf\n{topics}{extra}")), ["unpromised-channel orders.closed.v1"]);
    assert_eq!(kinds(&format!("{contracts}{more}//- /infra/a.tf\n{topics}{extra}")), [""; 0]);
    // Dead letters have no contract of their own, and what a document speaks of is described.
    let beside = topic("orders.placed.v1.dlq", "");
    assert_eq!(kinds(&format!("{contracts}//- /infra/a.tf\n{topics}{beside}")), [""; 0]);
    // A name that nobody knows may be the one, and so may one of another broker or of one's own computer.
    let open = "resource \"kafka_topic\" \"x\" {\n  name = var.topic\n}\n";
    assert_eq!(kinds(&format!("{all}{open}")), [""; 0]);
    let compose = "//- /compose.yml\nservices:\n  k:\n    image: k\n    \
        environment: { KAFKA_CREATE_TOPICS: \"orders.closed.v1:1:1\" }\n";
    assert_eq!(kinds(&format!("{all}{compose}")), [""; 0]);
    // Two are too few to know what has to be declared.
    let (few, _) = topics.split_at(topics.len() * 2 / 3);
    assert_eq!(kinds(&format!("{contracts}{more}//- /infra/a.tf\n{few}")), [""; 0]);
}

/// A service in JavaScript that receives for a group.
fn grouped(folder: &str, channel: &str, group: &str) -> String {
    format!(
        "//- /{folder}/package.json\n{{ \"dependencies\": {{ \"kafkajs\": \"2\" }} }}\n//- /{folder}/main.js\n\
         import {{ Kafka }} from 'kafkajs';\n\
         const consumer = new Kafka({{ brokers: [] }}).consumer({{ groupId: {group} }});\n\
         await consumer.subscribe({{ topic: '{channel}' }});\n"
    )
}

#[test]
fn groups_of_consumers_are_held_against_contracts() {
    let one = |group: &str, consumers: &str, more: &str| {
        let contract = contract("orders.placed.v1", "orders", consumers);
        told(&format!("{contract}{more}{}", grouped("services/billing", "orders.placed.v1", group))).0
    };
    let field = "- **Consumer group**: `billing-invoices`\n";
    let document = "docs/features/shop/contracts/orders.placed.v1.md";
    let wrong =
        format!("other-group orders.placed.v1 | billing services/billing/main.js:3 | billing-invoices {document}:8");
    assert_eq!(one("'billing'", "billing", field), [wrong]);
    assert_eq!(one("'billing-invoices'", "billing", field), [""; 0]);
    // Whose group it is cannot be told, and what the code has neither.
    assert_eq!(one("'billing'", "billing, search", field), [""; 0]);
    assert_eq!(one("process.env.GROUP", "billing", field), [""; 0]);
    assert_eq!(one("'billing'", "billing", "- **Consumer group**: one per tenant\n"), [""; 0]);
    let table = "\n## Consumers\n\n| Consumer | Consumer group |\n|---|---|\n| search | `search` |\n\
                 | billing | `billing-v2` |\n";
    let told = one("'billing'", "billing, search", table);
    let is_told = told.iter().filter(|it| it.starts_with("other-group")).collect::<Vec<_>>();
    assert_eq!(
        is_told,
        [&format!("other-group orders.placed.v1 | billing services/billing/main.js:3 | billing-v2 {document}:14")]
    );
}

#[test]
fn groups_of_consumers_are_held_against_asyncapi() {
    let document = |group: &str| {
        format!(
            "//- /services/billing/asyncapi.yaml\nasyncapi: 3.0.0\ninfo: {{ title: billing, version: 1.0.0 }}\n\
             channels:\n  placed:\n    address: orders.placed.v1\noperations:\n  onPlaced:\n    action: receive\n    \
             channel: {{ $ref: '#/channels/placed' }}\n    bindings:\n      kafka:\n        groupId: {group}\n"
        )
    };
    let one = |group: &str| {
        told(&format!("{}{}", document(group), grouped("services/billing", "orders.placed.v1", "'billing'"))).0
    };
    let wrong = "other-group orders.placed.v1 | billing services/billing/main.js:3 | invoices \
                 services/billing/asyncapi.yaml:12";
    assert_eq!(one("{ type: string, enum: [invoices] }"), [wrong]);
    assert_eq!(one("invoices"), [wrong]);
    for fine in ["billing", "{ type: string, enum: [billing, invoices] }", "{ type: string }", "'{env}-billing'"] {
        assert_eq!(one(fine), [""; 0], "{fine}");
    }
}

#[test]
fn code_that_loses_messages_breaks_what_documents_promise() {
    let queue = |options: &str| {
        format!(
            "//- /services/billing/package.json\n{{ \"dependencies\": {{ \"amqplib\": \"0.10\" }} }}\n\
             //- /services/billing/main.js\nimport amqp from 'amqplib';\nconst channel = await \
             connection.createChannel();\nchannel.consume('orders-placed', (message) => book(message), {options});\n"
        )
    };
    let contract =
        |delivery: &str| format!("{}- **Delivery**: {delivery}\n", contract("orders-placed", "orders", "billing"));
    let one = |delivery: &str, options: &str| told(&format!("{}{}", contract(delivery), queue(options))).0;
    let wrong = "broken-promise orders-placed | the broker forgets a message when it hands it out, so that it is lost if \
                 its handling fails services/billing/main.js:3 | at-least-once \
                 docs/features/shop/contracts/orders-placed.md:8";
    assert_eq!(one("at-least-once", "{ noAck: true }"), [wrong]);
    assert_eq!(one("at-least-once", "{ noAck: false }"), [""; 0]);
    assert_eq!(one("at-most-once", "{ noAck: true }"), [""; 0]);
    let document = |ack: &str| {
        format!(
            "//- /services/billing/asyncapi.yaml\nasyncapi: 2.6.0\ninfo: {{ title: billing, version: 1.0.0 }}\n\
             channels:\n  orders-placed:\n    publish:\n      bindings:\n        amqp: {{ ack: {ack} }}\n"
        )
    };
    let one = |ack: &str| told(&format!("{}{}", document(ack), queue("{ noAck: true }"))).0;
    let told = one("true");
    assert!(told.iter().any(|it| it.ends_with("ack: true services/billing/asyncapi.yaml:7")), "{told:?}");
    assert_eq!(one("false"), [""; 0]);
}

#[test]
fn queues_are_held_against_the_bindings_of_asyncapi() {
    let one = |binding: &str| {
        let text = format!(
            "//- /docs/asyncapi.yaml\nasyncapi: 3.0.0\ninfo: {{ title: mail, version: 1.0.0 }}\nchannels:\n  sent:\n    \
             address: mail-sent\n    bindings:\n      sqs:\n        queue:\n          {binding}\n\
             //- /infra/main.tf\nresource \"aws_sqs_queue\" \"sent\" {{\n  name = \"mail-sent\"\n  \
             fifo_queue = false\n  redrive_policy = jsonencode({{ deadLetterTargetArn = \"mail-dead\", maxReceiveCount = 3 \
             }})\n}}\n"
        );
        told(&text).0
    };
    assert_eq!(
        one("redrivePolicy: { maxReceiveCount: 5 }"),
        ["other-attempts mail-sent | 3 infra/main.tf:4 | 5 docs/asyncapi.yaml:9"]
    );
    assert_eq!(one("redrivePolicy: { maxReceiveCount: 3 }"), [""; 0]);
    assert_eq!(
        one("fifoQueue: true"),
        ["other-ordering mail-sent | false infra/main.tf:3 | fifoQueue: true docs/asyncapi.yaml:9"]
    );
    assert_eq!(one("fifoQueue: false"), [""; 0]);
}
