//! Tests of discovery on small repositories.

mod packages;
mod recorded;
mod scripts;
mod structs;

use super::{Discovery, Resolution, discover, read};
use crate::Action;
use crate::facts::{CLIENTS, Library, ValueWords, WriteWords, libraries};

/// What is found in a repository of some files, a line each.
pub(super) fn found(files: &[(&str, &str)]) -> Vec<String> {
    let discovery = discovered(files);
    let edges = discovery.edges.iter().map(|it| {
        let action = if it.action == Action::Send { "send" } else { "receive" };
        let name = if it.channel.resolution == Resolution::Unresolved { "?" } else { &it.channel.name };
        let group = it.group.as_ref().map(|it| format!(" for {}", it.name)).unwrap_or_default();
        format!("{action} {name}{group}")
    });
    let writes = discovery.dual_writes.iter().map(|it| format!("dual write {} {}", it.write, it.send));
    edges.chain(writes).collect()
}

pub(super) fn discovered(files: &[(&str, &str)]) -> Discovery {
    let facts: Vec<_> = files.iter().filter_map(|(path, text)| read(path, text)).collect();
    discover(&facts)
}

#[test]
fn every_client_library_loads() {
    for (language, file, text) in CLIENTS {
        let library: Result<Library, _> = toml_edit::de::from_str(text);
        assert!(library.is_ok(), "languages/{language}/clients/{file}.toml: {}", library.unwrap_err());
    }
    assert_eq!(libraries().len(), CLIENTS.len());
    assert!(ValueWords::load().is_some());
    assert!(WriteWords::load().is_some());
}

#[test]
fn the_examples_of_every_library_are_found() {
    let mut wrong = Vec::new();
    for (language, library) in libraries() {
        let (path, manifest) = match *language {
            "javascript" => ("src/example.ts", "package.json"),
            "python" => ("src/example.py", "requirements.txt"),
            "java" => ("src/Example.java", "pom.xml"),
            "go" => ("src/example.go", "go.mod"),
            "csharp" => ("src/Example.cs", "src/Example.csproj"),
            "ruby" => ("src/example.rb", "Gemfile"),
            "php" => ("src/example.php", "composer.json"),
            "rust" => ("src/example.rs", "Cargo.toml"),
            other => panic!("no example file for {other}"),
        };
        let packages: Vec<&str> = library.packages.iter().map(|it| it.trim_end_matches('*')).collect();
        let packages = packages.join(" \n");
        for example in &library.examples {
            let files = [(manifest, packages.as_str()), (path, example.code.as_str())];
            let risks: Vec<String> =
                discovered(&files).risks.iter().map(|it| format!("{} {}", it.kind.name(), it.line)).collect();
            if example.risks.as_ref().is_some_and(|it| *it != risks) {
                let (name, code) = (&library.name, &example.code);
                wrong.push(format!("{language}: {name}: risks {risks:?} instead of {:?} in\n{code}", example.risks));
            }
            let is_known = library.risks.is_empty() && library.handling.is_none();
            assert!(is_known || example.risks.is_some(), "{language}: {}: an example says no risks", library.name);
            let found = found(&files);
            if found != example.finds {
                let (name, finds, code) = (&library.name, &example.finds, &example.code);
                wrong.push(format!("{language}: {name}: found {found:?} instead of {finds:?} in\n{code}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrapper_is_followed_to_its_callers() {
    let bus = "
        import { Kafka } from 'kafkajs';
        const kafka = new Kafka({ brokers: [] });
        export class Bus {
          private producer = kafka.producer();
          async publish(topic: string, body: object) {
            await this.producer.send({ topic, messages: [{ value: JSON.stringify(body) }] });
          }
        }";
    let orders = "
        import { Bus } from './bus';
        import { ORDER_PLACED } from './topics';
        export class Orders {
          constructor(private readonly bus: Bus, private readonly repository: OrderRepository) {}
          async place(order: Order) {
            await this.repository.save(order);
            await this.bus.publish(ORDER_PLACED, order);
          }
        }";
    let topics = "export const ORDER_PLACED = 'orders.placed.v1';";
    let files = [
        ("package.json", r#"{ "dependencies": { "kafkajs": "2" } }"#),
        ("src/bus.ts", bus),
        ("src/orders.ts", orders),
        ("src/topics.ts", topics),
    ];
    assert_eq!(found(&files), ["send orders.placed.v1", "dual write 7 8"]);
    let edge = discovered(&files).edges.remove(0);
    assert_eq!(edge.through.as_deref(), Some("publish"));
    assert_eq!(edge.channel.resolution, Resolution::Constant);
    assert_eq!((edge.path.as_str(), edge.line), ("src/orders.ts", 8));
}

#[test]
fn an_interface_is_followed_to_what_implements_it() {
    let publisher = "
        public interface IMessagePublisher { Task PublishAsync(string topic, object message); }
        public class RabbitPublisher : IMessagePublisher {
          private readonly IModel _channel;
          public async Task PublishAsync(string topic, object message) {
            _channel.BasicPublish(\"\", topic, null, Encode(message));
          }
        }";
    let controller = "
        public class OrdersController(IMessagePublisher publisher, OrdersDbContext db) {
          public async Task<IActionResult> Post(Order order) {
            db.Orders.Add(order);
            await db.SaveChangesAsync();
            await publisher.PublishAsync(\"orders.placed\", order);
            return Ok();
          }
        }";
    let files = [
        ("src/Orders/Orders.csproj", r#"<PackageReference Include="RabbitMQ.Client" />"#),
        ("src/Orders/Publisher.cs", publisher),
        ("src/Orders/OrdersController.cs", controller),
    ];
    assert_eq!(found(&files), ["send orders.placed", "dual write 5 6"]);
}

#[test]
fn names_come_from_configuration() {
    let listener = r#"
        import org.springframework.kafka.annotation.KafkaListener;
        class Listener {
          @KafkaListener(topics = "${topics.orders}", groupId = "billing")
          void on(Order order) {}
          @KafkaListener(topics = "${topics.missing:orders.late}")
          void late(Order order) {}
        }"#;
    let files = [
        ("pom.xml", "<artifactId>spring-kafka</artifactId>"),
        ("src/main/java/Listener.java", listener),
        ("src/main/resources/application.yml", "topics:\n  orders: orders.placed.v1\n"),
    ];
    let discovery = discovered(&files);
    let channels: Vec<_> = discovery.edges.iter().map(|it| (it.channel.name.as_str(), it.channel.resolution)).collect();
    let expected = [("orders.placed.v1", Resolution::Configuration), ("orders.late", Resolution::Default)];
    assert_eq!(channels, expected);
}

#[test]
fn the_type_of_a_message_is_its_channel_where_a_library_has_it_so() {
    let handler = "
        using MassTransit;
        public record OrderPlaced(string Id);
        public class Handler(IPublishEndpoint endpoint) : IConsumer<PaymentTaken> {
          public async Task Consume(ConsumeContext<PaymentTaken> context) {
            var placed = new OrderPlaced(context.Message.Id);
            await endpoint.Publish(placed);
          }
        }";
    let files = [("A.csproj", r#"<PackageReference Include="MassTransit.RabbitMQ" />"#), ("Handler.cs", handler)];
    assert_eq!(found(&files), ["receive PaymentTaken", "send OrderPlaced"]);
}

#[test]
fn an_outbox_is_no_dual_write() {
    let service = "
        import { Kafka } from 'kafkajs';
        export class Relay {
          private producer = new Kafka({}).producer();
          async relay() {
            for (const row of await this.outboxRepository.pending()) {
              await this.producer.send({ topic: row.topic, messages: [row] });
              await this.outboxRepository.delete(row.id);
            }
          }
        }";
    let files = [("package.json", r#"{ "dependencies": { "kafkajs": "2" } }"#), ("relay.ts", service)];
    assert_eq!(found(&files), ["send ?"]);
}

#[test]
fn a_message_that_carries_its_channel_is_followed_to_what_makes_it() {
    let worker = r"
        use lapin::Channel;
        pub struct Outgoing { pub exchange: Option<String>, pub routing_key: Option<String> }
        pub enum Action { Ack, Publish(Box<Outgoing>) }
        pub fn publish(exchange: Option<String>, routing_key: Option<String>) -> Action {
            Action::Publish(Box::new(Outgoing { exchange, routing_key }))
        }
        async fn deliver(channel: &Channel, action: Action) {
            match action {
                Action::Ack => {}
                Action::Publish(mut message) => {
                    let key = message.routing_key.take().unwrap_or_default();
                    let exchange = message.exchange.take().unwrap_or_default();
                    channel.basic_publish(&exchange, &key, options, body).await;
                }
            }
        }";
    let task = r#"
        use crate::worker;
        fn build() -> Vec<worker::Action> {
            vec![
                worker::publish(None, Some("build-results".to_owned())),
                worker::publish(Some("build-logs".to_owned()), None),
            ]
        }
        #[cfg(test)]
        mod tests {
            fn none_of_this_counts() { worker::publish(None, Some("test-queue".to_owned())); }
        }"#;
    let files = [("Cargo.toml", "lapin = \"2\""), ("src/worker.rs", worker), ("src/task.rs", task)];
    let sent: Vec<_> = found(&files).into_iter().filter(|it| it != "send ?").collect();
    assert_eq!(sent, ["send build-results", "send build-logs"]);
}

#[test]
fn what_implements_a_handler_of_the_repository_receives() {
    let loop_ = r#"
        using RabbitMQ.Client;
        public interface ICallback { Task<bool> HandleAsync(string messageType, string message); }
        public class Receiver {
          private readonly ICallback _callback;
          public void Start(IModel channel) { channel.BasicConsume("invoicing", false, consumer); }
          private Task Handle(string type, string body) => _callback.HandleAsync(type, body);
        }"#;
    let worker = r#"
        public class InvoiceWorker : ICallback {
          public async Task<bool> HandleAsync(string messageType, string message) {
            switch (messageType) {
              case "CustomerRegistered": await Add(message); break;
              case "DayHasPassed": await Send(message); break;
            }
            return true;
          }
        }"#;
    let files = [
        ("A.csproj", r#"<PackageReference Include="RabbitMQ.Client" />"#),
        ("Receiver.cs", loop_),
        ("InvoiceWorker.cs", worker),
    ];
    assert_eq!(found(&files), ["receive CustomerRegistered", "receive DayHasPassed", "receive invoicing"]);
}

#[test]
fn an_interface_of_go_is_implemented_by_what_takes_the_same() {
    let bus = r#"
        package bus
        import "github.com/nats-io/nats.go"
        type Subscriber interface { Subscribe(topic string, handler Handler) error }
        type stream struct { js nats.JetStreamContext }
        func (s *stream) Subscribe(topic string, handler Handler) error {
            _, err := s.js.Subscribe(topic, wrap(handler))
            return err
        }
        type dispatcher struct {}
        func (d *dispatcher) Subscribe(handler EventHandler, events []string) {}"#;
    let handlers = r#"
        package handlers
        const StoreChannel = "stores.events.Store"
        func Register(subscriber bus.Subscriber, local *bus.dispatcher) error {
            local.Subscribe(x, []string{"in.process"})
            return subscriber.Subscribe(StoreChannel, handle)
        }"#;
    let module = "module shop\nrequire github.com/nats-io/nats.go v1.31.0\n";
    let files = [("go.mod", module), ("bus/bus.go", bus), ("handlers/handlers.go", handlers)];
    assert_eq!(found(&files), ["receive stores.events.Store"]);
}

#[test]
fn deep_code_ends() {
    let chains = [".a()".repeat(1_000), ".a".repeat(1_000), "::a".repeat(1_000), " + a".repeat(1_000)];
    let nests = ["f(", "(", "[", "{ a: ", "if (a) {", "x => ", "class A { ", "switch (a) { case b: "];
    let nested = nests.iter().map(|it| it.repeat(400));
    for text in chains.iter().map(|it| format!("import kafkajs\na{it};")).chain(nested) {
        let paths = ["a.ts", "a.py", "a.java", "a.kt", "a.go", "a.cs", "a.rb", "a.php", "a.rs"];
        let files: Vec<_> = paths.iter().map(|it| (*it, text.as_str())).collect();
        discovered(&files);
    }
}

#[test]
fn any_text_can_be_read_in_any_language() {
    use proptest::prelude::*;
    let paths = ["a.ts", "a.py", "a.java", "a.kt", "a.go", "a.cs", "a.rb", "a.php", "a.rs", "a.yml", "pom.xml"];
    let pieces = [
        "class A ",
        "{ ",
        "} ",
        "( ",
        ") ",
        "x.send(",
        "\"t\"",
        ", ",
        "; ",
        "\n",
        "fn f",
        "def f",
        "func f",
        "= ",
        "match x ",
        "switch (x) ",
        "case ",
        "import kafkajs ",
        "=> ",
        "-> ",
        "@A ",
        "<T> ",
        "new B",
        "${a",
        "`a${b}`",
        "#{c}",
        ": ",
        "é",
    ];
    proptest!(ProptestConfig::with_cases(64), |(parts in proptest::collection::vec(0..pieces.len(), 0..60))| {
        let text: String = parts.into_iter().map(|it| pieces[it]).collect();
        let files: Vec<_> = paths.iter().map(|it| (*it, text.as_str())).collect();
        discovered(&files);
    });
}

#[test]
fn code_without_a_client_library_is_silent() {
    let service = "
        class Page extends EventEmitter {
          show() { this.emit('shown', {}); res.send({ topic: 'orders' }); socket.publish('x'); db.save(x); }
        }";
    assert_eq!(found(&[("package.json", r#"{ "dependencies": { "express": "4" } }"#), ("page.ts", service)]), [""; 0]);
}

#[test]
fn tests_and_foreign_code_do_not_count() {
    use super::{Ignored, ignored};
    assert_eq!(ignored("src/test/java/A.java"), Some(Ignored::Test));
    assert_eq!(ignored("orders/order.spec.ts"), Some(Ignored::Test));
    assert_eq!(ignored("Orders.UnitTests/A.cs"), Some(Ignored::Test));
    assert_eq!(ignored("node_modules/a/index.js"), Some(Ignored::Foreign));
    assert_eq!(ignored("README.md"), Some(Ignored::Other));
    assert_eq!(ignored("nats-test/src/publisher.ts"), None);
    assert_eq!(ignored("src/bin/worker.rs"), None);
    assert_eq!(ignored("package.json"), None);
}

#[test]
fn groups_stand_in_the_settings_of_their_own_project() {
    let code = "import org.springframework.kafka.annotation.KafkaListener;
class Billing {
    @KafkaListener(topics = \"payments\")
    void on(Payment payment) {}
}";
    let with = |files: &[(&str, &str)]| {
        let own = [("billing/pom.xml", "spring-kafka"), ("billing/src/main/java/Billing.java", code)];
        found(&[own.as_slice(), files].concat())
    };
    let yaml = "spring:\n  kafka:\n    consumer:\n      group-id: billing\n";
    let properties = "spring.kafka.consumer.group-id=search\n";
    let file = "billing/src/main/resources/application.yml";
    assert_eq!(with(&[(file, yaml)]), ["receive payments for billing"]);
    // Another project, tests, another profile, a variable, and code that says it itself.
    assert_eq!(
        with(&[("search/pom.xml", "x"), ("search/src/main/resources/a.properties", properties)]),
        ["receive payments"]
    );
    assert_eq!(with(&[("billing/src/test/resources/application.yml", yaml)]), ["receive payments"]);
    let other = ("billing/src/main/resources/application-prod.properties", properties);
    assert_eq!(with(&[(file, yaml), other]), ["receive payments"]);
    assert_eq!(with(&[(file, &yaml.replace("billing", "${GROUP}"))]), ["receive payments"]);
    let factory = "class Factory { Object of(Map m) { return m.put(ConsumerConfig.GROUP_ID_CONFIG, \"ledger\"); } }";
    assert_eq!(with(&[(file, yaml), ("billing/src/main/java/Factory.java", factory)]), ["receive payments"]);
}

#[test]
fn a_folder_called_like_an_output_is_code_unless_a_build_writes_there() {
    use super::{Ignored, Outputs};
    let paths = ["server/package.json", "orders/Orders.csproj", "billing/pom.xml", "Makefile"];
    let outputs = Outputs::of(paths.into_iter());
    for path in ["server/src/core/build/build.controller.ts", "build/a.go", "server/bin/www.js", "orders/build/Plan.cs"]
    {
        assert_eq!(outputs.ignored(path), None, "{path}");
    }
    let made =
        ["server/build/a.js", "server/dist/a.js", "orders/obj/a.cs", "Orders/bin/Debug/a.cs", "billing/target/A.java"];
    for path in made {
        assert_eq!(outputs.ignored(path), Some(Ignored::Output), "{path}");
    }
    assert_eq!(outputs.ignored("server/node_modules/a.js"), Some(Ignored::Foreign));
    assert!(super::speaks_of_messaging("a.js", "const { Kafka } = require('kafkajs')"));
    assert!(!super::speaks_of_messaging("a.js", "const pages = require('pages')"));
}

#[test]
fn constants_of_the_root_package_of_a_module_are_found() {
    let files = [
        ("go.mod", "module github.com/Shop/shop\nrequire github.com/hibiken/asynq v1\n"),
        ("names.go", "package shop\ntype TaskName string\nconst Placed TaskName = \"orders:placed\"\n"),
        ("other/names.go", "package other\nconst Placed = \"other\"\n"),
        ("topics/names.go", "package topics\nconst Paid = \"orders:paid\"\n"),
        (
            "worker/send.go",
            "package worker\nimport (\n\t\"github.com/Shop/shop\"\n\tnames \"github.com/Shop/shop/topics\"\n\t\
             \"github.com/hibiken/asynq\"\n)\nfunc Send(client *asynq.Client) {\n\
             client.Enqueue(asynq.NewTask(string(shop.Placed), nil))\n\
             client.Enqueue(asynq.NewTask(names.Paid, nil))\n}\n",
        ),
    ];
    assert_eq!(found(&files), ["send orders:placed", "send orders:paid"]);
}

/// The dual writes of a function of TypeScript with a body, beside others.
fn parted(body: &str) -> Vec<String> {
    let text = format!(
        "import {{ Kafka }} from 'kafkajs';\nconst producer = new Kafka({{}}).producer();\n\
         export async function place(order, orderRepository) {{\n{body}\n}}\n"
    );
    let manifest = r#"{ "dependencies": { "kafkajs": "2", "@prisma/client": "6" } }"#;
    let all = found(&[("package.json", manifest), ("a.ts", &text)]);
    all.into_iter().filter(|it| it.starts_with("dual")).collect()
}

const SEND: &str = "await producer.send({ topic: 'orders', messages: [] });";
const SAVE: &str = "await orderRepository.save(order);";

#[test]
fn steps_of_which_only_one_is_done_are_no_dual_write() {
    assert_eq!(parted(&format!("{SAVE}\n{SEND}")), ["dual write 4 5"]);
    assert_eq!(parted(&format!("if (order.late) {{\n{SAVE}\n}} else {{\n{SEND}\n}}")), [""; 0]);
    assert_eq!(parted(&format!("if (order.late) {{\n{SAVE}\nreturn;\n}}\n{SEND}")), [""; 0]);
    let cases = format!("switch (order.kind) {{\ncase 'a':\n{SAVE}\nbreak;\ncase 'b':\n{SEND}\n}}");
    assert_eq!(parted(&cases), [""; 0]);
    assert_eq!(parted(&format!("try {{\n{SEND}\n}} catch (e) {{\n{SAVE}\n}}")), [""; 0]);
    // Both may be done here.
    assert_eq!(parted(&format!("if (order.late) {{\n{SAVE}\n}}\n{SEND}")), ["dual write 5 7"]);
    let fails = format!("if (order.late) {{\ntry {{\n{SAVE}\n}} catch (e) {{\nreturn;\n}}\n}}\n{SEND}");
    assert_eq!(parted(&fails), ["dual write 6 11"]);
}

#[test]
fn functions_that_are_called_apart_are_no_course_of_events() {
    assert_eq!(
        parted(&format!("return {{ keep: async () => {{ {SAVE} }}, tell: async () => {{ {SEND} }} }};")),
        [""; 0]
    );
    assert_eq!(parted(&format!("onCommit(async () => {{ {SEND} }});\n{SAVE}")), [""; 0]);
    let files = [
        ("Gemfile", "gem 'sidekiq'\ngem 'rails'"),
        ("order.rb", "class Order < ApplicationRecord\nend\n"),
        (
            "tasks.rb",
            "task :a do\n  Order.create!(x)\nend\ntask :b do\n  Mail.perform_async(1)\nend\n\
             class Mail\n  include Sidekiq::Job\n  def perform(x)\n  end\nend\n",
        ),
    ];
    assert!(found(&files).iter().all(|it| !it.starts_with("dual")));
}

#[test]
fn a_model_of_prisma_is_a_table() {
    let prisma = |call: &str| parted(&format!("await prisma.{call};\n{SEND}"));
    assert_eq!(prisma("message.create({ data: order })"), ["dual write 4 5"]);
    assert_eq!(prisma("order.findMany({})"), [""; 0]);
}

#[test]
fn a_constant_that_java_imports_by_its_name_is_found() {
    let names = "package shop;\npublic class Names { public static final String OUT = \"orders\"; }";
    let place = "package shop.web;\nimport static shop.Names.OUT;\nimport org.springframework.kafka.core.KafkaTemplate;\n\
                 class Place { KafkaTemplate<String, String> kafka; void place() { kafka.send(OUT, \"x\"); } }";
    let files = [("pom.xml", "spring-kafka"), ("src/shop/Names.java", names), ("src/shop/web/Place.java", place)];
    assert_eq!(found(&files), ["send orders"]);
}

#[test]
fn a_parameter_without_a_type_is_what_it_is_called() {
    let producer = "from confluent_kafka import Producer\n\n\nclass EventProducer:\n    def __init__(self, topic):\n        \
                    self.producer = Producer({})\n\n    def write_event(self, topic, event):\n        \
                    self.producer.produce(topic, event)\n";
    let hosts = "def add(host, event_producer):\n    event_producer.write_event('hosts', host)\n";
    let files = [("requirements.txt", "confluent-kafka"), ("app/events.py", producer), ("app/hosts.py", hosts)];
    assert_eq!(found(&files), ["send hosts"]);
}

#[test]
fn a_task_of_a_module_is_sent() {
    let tasks = "from celery import shared_task\n\n\n@shared_task(queue='low')\ndef draw(x):\n    pass\n";
    let go = "from app import tasks\n\n\ndef go():\n    tasks.draw.delay(1)\n";
    let files = [("requirements.txt", "celery"), ("app/go.py", go), ("app/tasks.py", tasks)];
    assert_eq!(found(&files), ["send draw", "receive draw"]);
}

#[test]
fn a_handler_that_is_set_up_beside_a_send_is_no_course_of_events() {
    let text = "import { Queue, Worker } from 'bullmq';\nexport async function init(prisma) {\n\
                const queue = new Queue('hourly', {});\nnew Worker('hourly', async () => {\n\
                await prisma.order.update({});\n}, {});\nawait queue.add('tick', {});\n}\n";
    let manifest = r#"{ "dependencies": { "bullmq": "5", "@prisma/client": "6" } }"#;
    assert_eq!(found(&[("package.json", manifest), ("a.ts", text)]), ["receive hourly", "send hourly"]);
}

#[test]
fn a_function_of_another_module_is_none_of_the_repository() {
    let send = "from confluent_kafka import Producer\n\nproducer = Producer({})\n\n\ndef run(topic):\n    \
                producer.produce(topic, 'x')\n";
    let server = "from subprocess import run\n\n\ndef start():\n    run('gunicorn')\n";
    let files = [("requirements.txt", "confluent-kafka"), ("jobs/send.py", send), ("server.py", server)];
    assert_eq!(found(&files), ["send ?"]);
}

#[test]
fn a_set_that_is_updated_is_no_record() {
    let send = |change: &str| {
        let text = format!(
            "from celery import shared_task\n\n\n@shared_task\ndef tell(x):\n    pass\n\n\ndef go(found):\n    \
                            {change}\n    tell.delay(found)\n"
        );
        found(&[("requirements.txt", "celery\ndjango"), ("a.py", &text)]).iter().any(|it| it.starts_with("dual"))
    };
    assert!(!send("found.update([1, 2])"));
    assert!(send("found.update(read=True)"));
}
