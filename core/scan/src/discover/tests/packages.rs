//! Packages that an organisation has around its client of messaging, in its repository and in others.

use super::{discovered, found};

const COMPOSE: (&str, &str) = ("compose.yml", "services:\n  broker:\n    image: rabbitmq:3\n");

#[test]
fn a_package_of_another_repository_is_told_by_its_name_its_calls_and_a_broker() {
    let manifest = ("package.json", r#"{ "dependencies": { "@harbour/event-bus": "2", "@harbour/logging": "1" } }"#);
    let code = "
import { EventBus } from '@harbour/event-bus';
import { Log } from '@harbour/logging';
const bus = new EventBus(process.env.URL);
const log = new Log();
export async function land(ship: string) {
  await bus.publish('ship.landed', { ship });
  await bus.subscribe('ship.sailed', (it) => moor(it));
  log.publish('ship.logged', { ship });
}
";
    let files = [manifest, ("src/land.ts", code)];
    assert_eq!(found(&[files[0], files[1], COMPOSE]), ["send ship.landed", "receive ship.sailed"]);
    // Without a broker it may be anything.
    assert_eq!(found(&files), [""; 0]);
    // Nor is it a package of others where no manifest names it.
    assert_eq!(found(&[files[1], COMPOSE]), [""; 0]);
}

#[test]
fn what_such_an_edge_rests_on_is_told() {
    let code = "from harbour_bus import Publisher\n\npublisher = Publisher()\npublisher.publish('ship.landed')\n";
    let discovery = discovered(&[("land.py", code), COMPOSE]);
    let [edge] = discovery.edges.as_slice() else { panic!("{:?}", discovery.edges) };
    assert_eq!((edge.library.as_str(), edge.rests_on.as_deref()), ("harbour_bus", Some("compose.yml")));
}

#[test]
fn what_hands_messages_around_inside_of_a_program_is_none() {
    let manifest = (
        "package.json",
        r#"{ "dependencies": { "pubsub-js": "1", "mitt": "3", "events": "3", "rxjs": "7", "vue-event-bus": "1" } }"#,
    );
    let code = "
import PubSub from 'pubsub-js';
import mitt from 'mitt';
import { EventEmitter } from 'events';
import { Subject } from 'rxjs';
const emitter = mitt();
const own = new EventEmitter();
const subject = new Subject();
PubSub.publish('opened', 1);
emitter.emit('opened', 1);
own.emit('opened', 1);
subject.subscribe((it) => draw(it));
document.querySelector('#queue').dispatchEvent(new Event('opened'));
store.dispatch({ type: 'opened' });
";
    assert_eq!(found(&[manifest, ("src/app.ts", code), COMPOSE]), [""; 0]);
}

#[test]
fn a_class_that_extends_one_of_such_a_package_stands_for_it() {
    let bus = "
from harbour_bus.consumer import BusConsumer as Base
from harbour_bus.publisher import BusPublisher as BasePublisher

class BusConsumer(Base):
    def subscribe(self, event_name, handler):
        super().subscribe(event_name, decorated(handler))

class BusPublisher(BasePublisher):
    pass
";
    let code = "
from harbour_bus.events import ShipLanded, ShipMoored

class Pilot:
    def __init__(self, bus):
        self._bus = bus

    def landed(self, ship):
        event = ShipLanded(ship)
        self._bus.publish(event)

    async def moored(self, ship):
        await self._send(ShipMoored(ship))

    async def _send(self, event):
        await asyncio.to_thread(self._bus.publish, event)

class Handlers:
    def subscribe(self, bus_consumer):
        events = (('ship_sailed', self.sailed), ('ship_sunk', self.sunk))
        for event, handler in events:
            bus_consumer.subscribe(event, handler)
";
    let files = [("harbour/bus.py", bus), ("harbour/pilot.py", code), COMPOSE];
    assert_eq!(found(&files), ["send ShipLanded", "send ShipMoored", "receive ship_sailed", "receive ship_sunk"]);
}

#[test]
fn a_package_whose_name_may_say_something_else_needs_calls_that_say_it() {
    let manifest = ("package.json", r#"{ "dependencies": { "@harbour/stream-tools": "1" } }"#);
    let code = "
const { Kafka: { Consumer }, lines } = require('@harbour/stream-tools')
const Producer = require('@harbour/stream-tools').Util.Producer
const moor = async (error, message) => {}
const start = async (settings) => {
  const consumer = new Consumer(['ship-landed'], settings)
  await consumer.consume(moor)
  await Producer.produceMessage({ ship: 1 }, topicOf('ship', 'moored'), settings)
  lines.send('text')
}
";
    let settings = ("config/default.json", r#"{ "KAFKA": { "BROKERS": "localhost:9092" } }"#);
    assert_eq!(found(&[manifest, ("src/a.js", code), settings]), ["receive ship-landed", "send ?"]);
}

#[test]
fn a_library_sends_for_other_projects_even_if_it_calls_itself() {
    let alert = "
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const url = `https://sqs.${process.env.REGION}.amazonaws.com/${process.env.ACCOUNT}/alerts`;
export const alert = async (title: string) => {
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: url, MessageBody: title }));
};
";
    let files = [
        (
            "packages/common/package.json",
            r#"{ "name": "@harbour/common", "dependencies": { "@aws-sdk/client-sqs": "3" } }"#,
        ),
        ("packages/common/src/alert.ts", alert),
        ("packages/common/src/ship.ts", "import { alert } from './alert';\nexport const sink = () => alert('sunk');\n"),
        ("packages/pilot/package.json", r#"{ "name": "pilot" }"#),
        (
            "packages/pilot/src/a.ts",
            "import { alert } from '@harbour/common';\nexport const run = () => alert('late');\n",
        ),
    ];
    assert_eq!(found(&files), ["send alerts", "send alerts"]);
}

#[test]
fn enums_of_generated_code_give_their_names() {
    let files = [
        ("package.json", r#"{ "dependencies": { "@nestjs/microservices": "10" } }"#),
        ("src/generated/schema.ts", "export enum Happening {\n  ShipLanded = 'SHIP_LANDED',\n}\n"),
        (
            "src/app.controller.ts",
            "import { EventPattern } from '@nestjs/microservices';\nimport { Happening } from './generated/schema';\n\
             export class App {\n  @EventPattern(Happening.ShipLanded)\n  landed() {}\n}\n",
        ),
    ];
    assert_eq!(found(&files), ["receive SHIP_LANDED"]);
}

#[test]
fn settings_are_found_by_the_only_class_that_has_them() {
    let settings = "
import os

class Config:
    def __init__(self):
        self.landed_topic = os.environ.get('LANDED_TOPIC', 'ship.landed')
";
    let code = "
from confluent_kafka import Producer

def land(config, ship):
    producer = Producer({'bootstrap.servers': config.servers})
    producer.produce(config.landed_topic, ship)
";
    let files = [("requirements.txt", "confluent-kafka"), ("app/config.py", settings), ("app/land.py", code)];
    assert_eq!(found(&files), ["send ship.landed"]);
}

#[test]
fn a_key_of_settings_may_be_a_constant() {
    let files = [
        ("package.json", r#"{ "dependencies": { "kafkajs": "2", "@nestjs/config": "3" } }"#),
        (".env", "LANDED_TOPIC=ship.landed\n"),
        ("src/constants.ts", "export const LANDED = 'LANDED_TOPIC';\n"),
        (
            "src/land.ts",
            "import { Producer } from 'kafkajs';\nimport { LANDED } from './constants';\nexport class Land {\n  \
             constructor(private producer: Producer, private configService: ConfigService) {}\n  async land(ship: string) {\n    \
             const topic = this.configService.get<string>(LANDED);\n    \
             await this.producer.send({ topic, messages: [{ value: ship }] });\n  }\n}\n",
        ),
    ];
    assert_eq!(found(&files), ["send ship.landed"]);
}

#[test]
fn what_two_functions_hand_on_and_nobody_knows_is_told_once() {
    let code = "
from confluent_kafka import Producer

def send(producer: Producer, topic, ship):
    producer.produce(topic, ship)

def land(producer, names, ship):
    send(producer, names.first(), ship)

def all(producer, names, ships):
    for ship in ships:
        land(producer, names, ship)
";
    assert_eq!(found(&[("requirements.txt", "confluent-kafka"), ("land.py", code)]), ["send ?"]);
}

#[test]
fn a_tuple_of_pairs_is_a_list_of_them() {
    let code = "
from confluent_kafka import Consumer

class Reader:
    def __init__(self, consumer: Consumer):
        self.consumer = consumer

    def listen(self):
        topics = (('ship-landed', self.landed), ('ship-moored', self.moored))
        for topic, handler in topics:
            self.consumer.subscribe([topic])
";
    let found = found(&[("requirements.txt", "confluent-kafka"), ("read.py", code)]);
    assert_eq!(found, ["receive ship-landed", "receive ship-moored"]);
}

#[test]
fn sections_of_settings_go_by_the_names_of_their_types() {
    let files = [
        ("Ships/Ships.csproj", r#"<PackageReference Include="Confluent.Kafka" />"#),
        ("Ships/appsettings.json", r#"{ "KafkaSettings": { "Landed": "ship.landed" } }"#),
        ("Ships/KafkaSettings.cs", "public class KafkaSettings { public string Landed { get; set; } = string.Empty; }"),
        (
            "Ships/Land.cs",
            "using Confluent.Kafka;
public static class Land
{
    public static void Add(IConfiguration configuration, IProducer<string, string> producer)
    {
        var section = configuration.GetSection(nameof(KafkaSettings));
        var settings = section.Get<KafkaSettings>();
        Send(settings, producer);
    }
    private static void Send(KafkaSettings settings, IProducer<string, string> producer)
    {
        producer.Produce(settings.Landed, new Message<string, string>());
    }
}",
        ),
    ];
    assert_eq!(found(&files), ["send ship.landed"]);
}

#[test]
fn a_struct_of_go_around_a_client_has_its_channel() {
    let kafka = "package kafka

import \"github.com/segmentio/kafka-go\"

type Options struct{ Topic string }
type Writer struct {
	*kafka.Writer
	Options *Options
}

func GetWriter(conf *Options) (*Writer, error) {
	w := &kafka.Writer{Topic: conf.Topic}
	return &Writer{Writer: w, Options: conf}, nil
}

func Produce(writer *Writer, body []byte) error {
	return writer.WriteMessages(ctx, kafka.Message{Value: body})
}
";
    let land = "package land

import \"example.org/harbour/kafka\"

func Land(body []byte) error {
	w, err := kafka.GetWriter(&kafka.Options{Topic: \"ship.landed\"})
	if err != nil {
		return err
	}
	return kafka.Produce(w, body)
}
";
    let manifest = ("go.mod", "module example.org/harbour\nrequire github.com/segmentio/kafka-go v0.4\n");
    assert_eq!(found(&[manifest, ("kafka/kafka.go", kafka), ("land/land.go", land)]), ["send ship.landed"]);
}

#[test]
fn a_folder_of_requirements_is_of_the_project_above() {
    let code = "
from harbour.tasks.app import celery

@celery.task
def moor(ship):
    pass
";
    let files = [("requirements/prod.in", "celery\n"), ("harbour/tasks/moor.py", code)];
    assert_eq!(found(&files), ["receive moor"]);
    let edges = discovered(&files).edges;
    assert_eq!(edges.first().map(|it| it.service.as_str()), Some(""));
}
