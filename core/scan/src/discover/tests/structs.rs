//! Tests of structs, settings and tables: where names stand that nobody writes at the call.

use super::found;

#[test]
fn fields_of_go_go_without_names() {
    let code = "package main
        import (\"github.com/nats-io/nats.go\"; mails \"example.com/mails/api\")
        func listen(nc *nats.Conn) {
            type route struct {
                subject string
                handle  func(m *nats.Msg)
            }
            for _, it := range []route{
                {\"orders.placed\", placed},
                {mails.SentSubject, sent},
            } {
                nc.Subscribe(it.subject, it.handle)
            }
            for _, more := range []struct{ subject string; handle func(m *nats.Msg) }{{\"stock.moved\", moved}} {
                nc.Subscribe(more.subject, more.handle)
            }
        }";
    let found = found(&[("go.mod", "module shop\nrequire github.com/nats-io/nats.go v1"), ("main.go", code)]);
    assert_eq!(found, ["receive mails.SentSubject", "receive orders.placed", "receive stock.moved"]);
}

#[test]
fn structs_of_rust_are_made_as_self() {
    let code = "
        use rdkafka::producer::{FutureProducer, FutureRecord};
        pub struct Orders { producer: FutureProducer, target: String }
        impl Orders {
            pub fn new(producer: FutureProducer, name: &str) -> Self {
                let target = name.to_string();
                Self { producer, target }
            }
            pub async fn place(&self, body: &str) {
                self.producer.send(FutureRecord::to(&self.target).payload(body), 0).await;
            }
        }
        pub async fn run(producer: FutureProducer) {
            let orders = Orders::new(producer, \"orders\");
            orders.place(\"a\").await;
        }";
    let found = found(&[("Cargo.toml", "[dependencies]\nrdkafka = \"1\""), ("src/main.rs", code)]);
    assert_eq!(found, ["send orders"]);
}

#[test]
fn settings_have_fields_of_base_classes_elsewhere() {
    let code = "
from aiokafka import AIOKafkaProducer
from shop_events.configs import OrdersConfig, MailsConfig

class PublisherConfig(OrdersConfig, MailsConfig):
    pass

class Publisher:
    def __init__(self, config: PublisherConfig, producer: AIOKafkaProducer):
        self._config = config
        self._producer = producer

    async def place(self, body):
        await self._producer.send(self._config.orders_topic, body)

    async def mail(self, body):
        await self._producer.send(self._config.mails_topic, body)
";
    let files = [
        ("requirements.txt", "aiokafka"),
        ("shop/publisher.py", code),
        ("example_config.yaml", "orders_topic: orders.v1\n"),
    ];
    assert_eq!(found(&files), ["send orders.v1", "send mails_topic"]);
}

#[test]
fn tables_of_platforms_have_channels_by_their_names() {
    let code = "
from confluent_kafka import Producer
from platform_config import KafkaTopics

producer = Producer({})
ORDERS = KafkaTopics['shop.orders'].name

def place(body):
    producer.produce(ORDERS, body)
";
    assert_eq!(found(&[("requirements.txt", "confluent-kafka"), ("shop.py", code)]), ["send shop.orders"]);
}

#[test]
fn options_are_filled_by_functions_of_the_repository() {
    let code = "
        using Azure.Messaging.ServiceBus;
        public class MailOptions { public const string Section = \"Mails\"; public string Queue { get; set; } }
        public static class SetUp
        {
            public static void Add(IServiceCollection services) =>
                services.AddChecked<MailOptions>(MailOptions.Section);
        }
        public class Mails
        {
            private readonly ServiceBusSender _sender;
            public Mails(ServiceBusClient client, IOptions<MailOptions> options)
            {
                _sender = client.CreateSender(options.Value.Queue);
            }
            public Task Send(string body) => _sender.SendMessageAsync(new ServiceBusMessage(body));
        }";
    let files = [
        ("shop/shop.csproj", r#"<PackageReference Include="Azure.Messaging.ServiceBus" />"#),
        ("shop/Mails.cs", code),
        ("shop/appsettings.json", r#"{ "Mails": { "Queue": "mails.v1" } }"#),
    ];
    assert_eq!(found(&files), ["send mails.v1"]);
}
