//! Small workspaces and their flow.

use super::{EventFlow, FlowKind, FlowView, Graph, GraphRequest};
use crate::{Choice, Operation, OperationError, fixture::Fixture};

fn asked(text: &str, request: &GraphRequest) -> Result<EventFlow, OperationError> {
    let fixture = Fixture::new(text);
    let mut workspace = fixture.open();
    Graph::plan(&mut workspace, request).map(|it| it.flow.unwrap())
}

fn flow(text: &str) -> EventFlow {
    asked(text, &GraphRequest::default()).unwrap()
}

fn of(name: &str, depth: Option<usize>) -> GraphRequest {
    GraphRequest { of: Some(name.to_owned()), depth, ..GraphRequest::default() }
}

/// The arrows, a line each.
fn arrows(flow: &EventFlow) -> Vec<String> {
    let word = |it: &super::FlowArrow| format!("{:?}", it.relation).to_lowercase();
    flow.arrows.iter().map(|it| format!("{} {} {} {}", it.service, word(it), it.channel, it.source.name())).collect()
}

fn contract(channel: &str, producer: &str, consumers: &str) -> String {
    format!(
        "//- /docs/features/shop/contracts/{channel}.md\n# Contract: {channel}\n\n- **Status**: Active\n\
         - **Owner**: team-shop\n- **Channel**: `{channel}`\n- **Producer**: {producer}\n\
         - **Consumers**: {consumers}\n- **Delivery**: at-least-once\n- **DLQ**: `{channel}.dlq`\n"
    )
}

/// A service in JavaScript that receives from some channels and sends to others; what is given is code.
fn service(folder: &str, receives: &[&str], sends: &[&str]) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "//- /{folder}/package.json\n{{ \"dependencies\": {{ \"kafkajs\": \"2\" }} }}\n//- /{folder}/main.js\n\
         import {{ Kafka }} from 'kafkajs';\n"
    );
    for it in receives {
        let _ = writeln!(text, "await consumer.subscribe({{ topic: {it} }});");
    }
    for it in sends {
        let _ = writeln!(text, "await producer.send({{ topic: {it}, messages }});");
    }
    text
}

fn shop() -> String {
    [
        contract("orders.placed.v1", "OrdersService (team-orders)", "billing, search"),
        service("services/orders-service", &["'payments.done.v1'"], &["'orders.placed.v1'"]),
        service("services/billing", &["'orders.placed.v1'"], &["'payments.done.v1'", "process.env.AUDIT_TOPIC"]),
        service("services/loyalty", &["'orders.placed.v1'"], &[]),
    ]
    .concat()
}

#[test]
fn arrows_tell_what_was_declared_from_what_was_found() {
    let flow = flow(&shop());
    let told = [
        "OrdersService sends orders.placed.v1 both",
        "billing receives orders.placed.v1 both",
        "loyalty receives orders.placed.v1 found",
        "search receives orders.placed.v1 declared",
        "billing sends payments.done.v1 found",
        "OrdersService receives payments.done.v1 found",
    ];
    assert_eq!(arrows(&flow), told);
    let orders = flow.services.iter().find(|it| it.name == "OrdersService").unwrap();
    assert_eq!(orders.folder.as_ref().unwrap().as_str(), "services/orders-service");
    let first = flow.arrows.first().unwrap();
    let places: Vec<String> = first.at.iter().map(|it| format!("{} {}:{}", it.what, it.file, it.line)).collect();
    assert_eq!(
        places,
        ["contract docs/features/shop/contracts/orders.placed.v1.md:6", "code services/orders-service/main.js:3"]
    );
}

#[test]
fn what_has_no_name_is_listed_and_not_drawn() {
    let flow = flow(&shop());
    let [only] = flow.unnamed.as_slice() else { panic!("{:?}", flow.unnamed) };
    assert_eq!((only.service.as_str(), only.resolution), ("billing", "environment"));
    assert_eq!(only.expression.as_deref(), Some("AUDIT_TOPIC"));
    assert!(!flow.channels.iter().any(|it| it.name.contains("AUDIT")), "{:?}", flow.channels);
    let part = asked(&shop(), &of("loyalty", Some(1))).unwrap();
    assert!(part.unnamed.is_empty());
    assert_eq!(part.more_unnamed, 1);
    assert!(part.show(9).contains("1 send or receive of services that are not shown have no known name"));
}

#[test]
fn names_that_are_only_alike_stay_apart() {
    let text = [
        contract("orders.placed.v1", "order-checkout", "billing"),
        service("services/checkout", &[], &["'orders.placed.v1'"]),
    ];
    let flow = flow(&text.concat());
    let told = [
        "checkout sends orders.placed.v1 found",
        "order-checkout sends orders.placed.v1 declared",
        "billing receives orders.placed.v1 declared",
    ];
    assert_eq!(arrows(&flow), told);
    let apart: Vec<_> = flow.apart.iter().map(|it| (it.declared.as_str(), it.found.clone())).collect();
    assert_eq!(apart, [("order-checkout", vec!["checkout".to_owned()])]);
}

#[test]
fn a_service_of_two_projects_is_neither() {
    let text = [
        contract("orders.placed.v1", "ordering", "billing"),
        service("services/ordering-api", &[], &["'orders.placed.v1'"]),
        service("services/ordering-worker", &["'orders.placed.v1'"], &[]),
    ];
    let told = flow(&text.concat());
    assert!(arrows(&told).contains(&"ordering sends orders.placed.v1 declared".to_owned()), "{:?}", arrows(&told));
    let apart: Vec<_> = told.apart.iter().map(|it| it.found.clone()).collect();
    assert_eq!(apart, [["ordering-api", "ordering-worker"]]);
    // A name that is the same letter by letter is sure.
    let exact = [text.concat(), service("services/ordering", &[], &["'orders.placed.v1'"])].concat();
    let told = flow(&exact);
    assert!(arrows(&told).contains(&"ordering sends orders.placed.v1 both".to_owned()), "{:?}", arrows(&told));
    assert_eq!(told.apart, []);
}

#[test]
fn services_of_one_name_in_two_folders_are_told_apart() {
    let text = [service("eu/orders", &[], &["'orders.placed.v1'"]), service("us/orders", &[], &["'orders.placed.v1'"])];
    let told = ["orders (eu/orders) sends orders.placed.v1 found", "orders (us/orders) sends orders.placed.v1 found"];
    assert_eq!(arrows(&flow(&text.concat())), told);
}

#[test]
fn the_part_around_a_thing_follows_the_arrows() {
    let text = [
        service("services/a", &[], &["'one.done.v1'"]),
        service("services/b", &["'one.done.v1'"], &["'two.done.v1'"]),
        service("services/c", &["'two.done.v1'"], &["'three.done.v1'"]),
        service("services/d", &["'one.done.v1'"], &[]),
        service("services/e", &[], &["'three.done.v1'"]),
    ]
    .concat();
    let part = asked(&text, &of("b", None)).unwrap();
    let told = [
        "a sends one.done.v1 found",
        "b receives one.done.v1 found",
        "c sends three.done.v1 found",
        "b sends two.done.v1 found",
        "c receives two.done.v1 found",
    ];
    assert_eq!(arrows(&part), told, "neither who reads beside it, nor who sends beside it");
    assert_eq!(part.beyond, 0);
    let near = asked(&text, &of("b", Some(2))).unwrap();
    assert!(!arrows(&near).iter().any(|it| it.contains("three")) && near.arrows.len() == 4, "{:?}", arrows(&near));
    assert_eq!(near.beyond, 1);
    assert!(near.show(9).contains("1 more services and channels are further away"), "{}", near.show(9));
}

#[test]
fn a_name_that_nothing_or_two_things_have_is_refused() {
    let text =
        [service("services/orders", &[], &["'orders'"]), service("services/billing", &["'orders'"], &[])].concat();
    let two = asked(&text, &of("orders", None)).unwrap_err().to_string();
    assert!(two.contains("the service `orders`, the channel `orders`"), "{two}");
    let channel = GraphRequest { kind: Some(Choice(FlowKind::Channel)), ..of("orders", Some(1)) };
    assert_eq!(asked(&text, &channel).unwrap().services.len(), 2);
    let slip = asked(&text, &of("biling", None)).unwrap_err().to_string();
    assert!(slip.contains("did you mean `billing`?"), "{slip}");
}

#[test]
fn circles_are_listed_once_and_a_retry_is_none() {
    let flow = flow(&shop());
    let [only] = flow.cycles.as_slice() else { panic!("{:?}", flow.cycles) };
    assert_eq!(only.path.join(" "), "OrdersService orders.placed.v1 billing payments.done.v1 OrdersService");
    assert_eq!(only.services, 2);
    let retry = service("services/a", &["'one.done.v1'"], &["'one.done.v1'"]);
    assert_eq!(super::cycles::cycles(&self::flow(&retry).arrows), []);
}

#[test]
fn directions_from_the_side_of_the_readers_are_left_out() {
    let document = "//- /services/billing/asyncapi.yaml\nasyncapi: 2.6.0\ninfo: { title: billing, version: 1.0.0 }\n\
        channels:\n  orders.placed.v1:\n    publish:\n      message: { name: OrderPlaced }\n";
    let text = [document, &service("services/billing", &["'orders.placed.v1'"], &[])].concat();
    let receives = flow(&text);
    assert_eq!(arrows(&receives).len(), 1, "{:?}", arrows(&receives));
    let text = text.replace("await consumer.subscribe({ topic: 'orders.placed.v1' });", "")
        + "await producer.send({ topic: 'orders.placed.v1', messages });\n";
    let sends = flow(&text);
    assert_eq!(arrows(&sends).len(), 1, "{:?}", arrows(&sends));
    let turned = receives.remarks.len() + sends.remarks.len();
    assert_eq!(turned, 1, "{:?} {:?}", receives.remarks, sends.remarks);
}

#[test]
fn types_that_all_messages_have_in_common_are_no_channels() {
    let text = "//- /services/orders/Orders.csproj\n<PackageReference Include=\"MassTransit\" />\n\
        //- /services/orders/Sender.cs\nusing System.Threading.Tasks;\nusing MassTransit;\n\
        public class Sender\n{\n    private readonly IPublishEndpoint _endpoint;\n\
            public Sender(IPublishEndpoint endpoint) => _endpoint = endpoint;\n\
            public Task A(string id) => _endpoint.Publish(new OrderPaidEvent(id));\n\
            public Task B(string id) => _endpoint.Publish(new OrderShippedEvent(id));\n\
            public Task C(Event it) => _endpoint.Publish(it);\n}\n";
    let flow = flow(text);
    let channels: Vec<&str> = flow.channels.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(channels, ["OrderPaidEvent", "OrderShippedEvent"]);
    assert_eq!(flow.unnamed.len(), 1, "{:?}", flow.unnamed);
}

#[test]
fn drawings_are_as_they_were() {
    let hostile = service("services/odd", &[], &["'a\"b]#<i>`c|d'"]);
    let text = [shop(), hostile].concat();
    for (view, name) in [
        (FlowView::Mermaid, "mermaid"),
        (FlowView::Dot, "dot"),
        (FlowView::Svg, "svg"),
        (FlowView::Sequence, "sequence"),
        (FlowView::Catalog, "catalog"),
        (FlowView::Text, "text"),
    ] {
        let request = GraphRequest { view: Some(Choice(view)), ..GraphRequest::default() };
        insta::assert_snapshot!(name, asked(&text, &request).unwrap().show(99));
    }
}

#[test]
fn a_drawing_says_what_is_left_out_of_it() {
    let many: Vec<String> = (0..450).map(|it| format!("'orders.part{it}.v1'")).collect();
    let sends: Vec<&str> = many.iter().map(String::as_str).collect();
    let text = service("services/orders", &[], &sends);
    let request = GraphRequest { view: Some(Choice(FlowView::Mermaid)), ..GraphRequest::default() };
    let flow = asked(&text, &request).unwrap();
    assert!(flow.show(usize::MAX).contains("50 more arrows are left out; ask for one name"));
    for view in [FlowView::Mermaid, FlowView::Dot, FlowView::Svg, FlowView::Sequence] {
        let short = EventFlow { view, ..flow.clone() }.show(9);
        assert!(short.len() < 15_000 && short.contains(" more arrows are left out"), "{view:?} {}", short.len());
    }
    let short = EventFlow { view: FlowView::Text, ..flow }.show(9);
    assert!(short.contains("441 more channels") && short.contains("Ask for one service or channel"), "{short}");
}

#[test]
fn a_table_of_services_makes_one_node_of_documents_and_code() {
    let code = [
        contract("orders.placed.v1", "order-checkout", "payment-capture"),
        service("services/checkout", &[], &["'orders.placed.v1'"]),
        service("services/payments", &["'orders.placed.v1'"], &[]),
        service("workers/payments-retry", &["'orders.placed.v1'"], &[]),
    ]
    .concat();
    let apart = flow(&code);
    assert_eq!(apart.services.len(), 5, "{:?}", apart.services);
    let table = "//- /archwright.toml\n[services.order-checkout]\npaths = [\"services/checkout\"]\n\
        owner = \"team-orders\"\n[services.payments]\npaths = [\"services/payments\", \"workers/payments-*\"]\n\
        aliases = [\"payment-capture\"]\n";
    let joined = flow(&format!("{table}{code}"));
    assert_eq!(
        arrows(&joined),
        ["order-checkout sends orders.placed.v1 both", "payments receives orders.placed.v1 both"]
    );
    assert!(joined.apart.is_empty(), "{:?}", joined.apart);
    let owner = &joined.services[0].owners[0];
    assert_eq!((owner.value.as_str(), owner.at.file.as_str(), owner.at.line), ("team-orders", "archwright.toml", 3));
    // What the table says is of one service is not looked for in another.
    let elsewhere = table.replace("services/checkout", "services/other");
    let flow = flow(&format!("{elsewhere}{code}"));
    let names: Vec<&str> = flow.services.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["checkout", "order-checkout", "payments"]);
}

#[test]
fn a_folder_inside_of_a_project_is_a_service_where_the_table_says_so() {
    let text = "//- /archwright.toml\n[services.billing]\npaths = [\"src/billing\"]\n[services.mails]\n\
        paths = [\"src/mails\"]\n//- /package.json\n{ \"dependencies\": { \"kafkajs\": \"2\" } }\n\
        //- /src/billing/main.js\nimport { Kafka } from 'kafkajs';\n\
        await producer.send({ topic: 'bills.sent', messages });\n\
        //- /src/mails/main.js\nimport { Kafka } from 'kafkajs';\nawait consumer.subscribe({ topic: 'bills.sent' });\n";
    assert_eq!(arrows(&flow(text)), ["billing sends bills.sent found", "mails receives bills.sent found"]);
}

#[test]
fn where_there_is_no_flow_every_view_says_so() {
    for view in [FlowView::Text, FlowView::Mermaid, FlowView::Dot, FlowView::Svg, FlowView::Sequence, FlowView::Catalog]
    {
        let request = GraphRequest { view: Some(Choice(view)), ..GraphRequest::default() };
        let shown = asked("//- /a.go\npackage main\n", &request).unwrap().show(9);
        assert!(shown.contains("No flow of messages: no document declares a channel"), "{shown}");
        assert!(!shown.contains("| Event |") && !shown.contains("0 channels"), "{shown}");
    }
}

#[test]
fn what_infrastructure_declares_and_binds_is_in_the_flow() {
    let text = [
        service("services/orders", &[], &["'orders.placed.v1'"]),
        "//- /infra/main.tf\n\
         resource \"kafka_topic\" \"placed\" {\n  name = \"orders.placed.v1\"\n}\n\
         resource \"aws_sns_topic\" \"events\" {\n  name = \"events\"\n}\n\
         resource \"aws_sqs_queue\" \"mails\" {\n  name = \"mails\"\n  redrive_policy = jsonencode({\n\
         deadLetterTargetArn = aws_sqs_queue.dead.arn })\n}\n\
         resource \"aws_sqs_queue\" \"dead\" {\n  name = \"mails-dead\"\n}\n\
         resource \"aws_sns_topic_subscription\" \"mails\" {\n  protocol = \"sqs\"\n  \
         topic_arn = aws_sns_topic.events.arn\n  endpoint = aws_sqs_queue.mails.arn\n}\n\
         resource \"kafka_topic\" \"open\" {\n  name = var.topic\n}\n\
         //- /deploy/template.yaml\nResources:\n  Mailer:\n    Type: AWS::Serverless::Function\n    Properties:\n      \
         Events:\n        Mail: { Type: SQS, Properties: { Queue: \"arn:aws:sqs:eu-west-1:1:mails\" } }\n"
            .to_owned(),
    ];
    let flow = flow(&text.concat());
    let told = ["Mailer receives mails declared", "orders sends orders.placed.v1 found"];
    assert_eq!(arrows(&flow), told);
    let names: Vec<&str> = flow.channels.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["events", "mails", "mails-dead", "orders.placed.v1"]);
    let text = flow.show(9);
    for line in [
        "  declared by Terraform kafka_topic.placed (infra/main.tf:1)\n",
        "  delivers to mails (infra/main.tf:18)\n",
        "  dead letters to mails-dead (infra/main.tf:10)\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("one end here"), "{text}");
}

#[test]
fn an_event_that_sends_several_receivers_to_one_database_is_told() {
    let database = |folder: &str, name: &str| {
        format!("//- /{folder}/config/default.json\n{{\n  \"database\": \"postgres://db/{name}\"\n}}\n")
    };
    let of = |stock: &str| {
        [
            service("services/orders", &[], &["'orders.placed.v1'"]),
            service("services/billing", &["'orders.placed.v1'"], &[]),
            service("services/stock", &["'orders.placed.v1'"], &[]),
            service("services/mail", &["'mails.asked.v1'"], &[]),
            database("services/orders", "shop"),
            database("services/billing", "shop"),
            database("services/stock", stock),
            database("services/mail", "shop"),
        ]
        .concat()
    };
    let shared = flow(&of("shop"));
    let told: Vec<_> = shared.herds.iter().map(|it| (it.channel.as_str(), it.store.as_str())).collect();
    assert_eq!(told, [("orders.placed.v1", "shop on db")]);
    let text = shared.show(9);
    let line = "  orders.placed.v1: billing (services/billing/config/default.json:2), stock \
                (services/stock/config/default.json:2) to shop on db\n";
    assert!(text.contains(line), "{text}");
    assert_eq!(flow(&of("stock")).herds, []);
    let mails =
        asked(&of("shop"), &super::GraphRequest { of: Some("mails.asked.v1".into()), ..GraphRequest::default() });
    assert_eq!(mails.unwrap().herds, []);
}
