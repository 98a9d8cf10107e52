//! Tests of what code of JavaScript, TypeScript, Python, Ruby and PHP hands from file to file.

use super::{discovered, found};

const KAFKA: (&str, &str) =
    ("package.json", r#"{ "name": "shop", "dependencies": { "kafkajs": "2", "bullmq": "5" } }"#);

#[test]
fn modules_that_require_each_other_are_followed() {
    let client = "
        const { Kafka } = require('kafkajs')
        const kafka = new Kafka({ brokers: [] })
        const producer = kafka.producer()
        exports.publish = async (topic, body) => {
          await producer.send({ topic, messages: [{ value: JSON.stringify(body) }] })
        }";
    let topics = "module.exports = { ORDERS: 'orders.placed', REFUNDS: 'refunds' }";
    let orders = "
        const events = require('../lib/kafka')
        const { publish } = require('../lib/kafka')
        const topics = require('./topics')
        const { REFUNDS } = require('./topics')
        module.exports.place = async (order) => {
          await events.publish(topics.ORDERS, order)
        }
        module.exports.refund = async (order) => {
          await publish(REFUNDS, order)
        }";
    let worker = "
        const { Worker } = require('bullmq')
        module.exports = () => {
          new Worker('mails', async (job) => { await deliver(job.data) })
        }";
    let files = [
        KAFKA,
        ("lib/kafka.js", client),
        ("src/topics.js", topics),
        ("src/orders.js", orders),
        ("src/worker.js", worker),
    ];
    assert_eq!(found(&files), ["send orders.placed", "send refunds", "receive mails"]);
}

#[test]
fn objects_and_functions_that_a_file_hands_out_are_followed() {
    let bus = "
        import { Kafka } from 'kafkajs';
        const producer = new Kafka({ brokers: [] }).producer();
        export default {
          prefix: 'shop',
          async emit(topic, body) {
            await producer.send({ topic, messages: [body] });
          },
        };";
    let send = "
        const { Kafka } = require('kafkajs')
        const producer = new Kafka({ brokers: [] }).producer()
        module.exports = async function (topic, body) {
          await producer.send({ topic, messages: [body] })
        }";
    let orders = "
        import events from './bus';
        const audit = require('./audit-send')
        const own = { list: async () => [] };
        export const place = async (order) => {
          await events.emit('orders', order);
          await audit('audit', order);
          own.list();
        };";
    let files = [KAFKA, ("src/bus.js", bus), ("src/audit-send.js", send), ("src/orders.js", orders)];
    assert_eq!(found(&files), ["send orders", "send audit"]);
}

#[test]
fn lists_of_channels_with_their_handlers_are_followed() {
    let file = "
        import * as amqp from 'amqplib';
        const consumers = [
          { queue: 'orders', handle: onOrder },
          { queue: 'payments', handle: onPayment },
        ];
        const HANDLERS = { 'stock.low': onLow, 'stock.out': onOut };
        export async function start(channel: amqp.Channel) {
          for (const { queue, handle } of consumers) {
            await channel.consume(queue, handle);
          }
          for (const [low, handle] of Object.entries(HANDLERS)) {
            await channel.consume(low, handle);
          }
          ['mails', 'texts'].forEach((it) => channel.consume(it, deliver));
        }";
    let files = [("package.json", r#"{ "dependencies": { "amqplib": "0.10" } }"#), ("src/start.ts", file)];
    let all = ["orders", "payments", "stock.low", "stock.out", "mails", "texts"];
    assert_eq!(found(&files), all.map(|it| format!("receive {it}")));
    let python = "
from kafka import KafkaConsumer

ROUTES = {'orders': on_order, 'refunds': on_refund}
PAIRS = [('mails', deliver), ('texts', text)]


def start():
    for topic, handle in ROUTES.items():
        KafkaConsumer(topic)
    for name, handle in PAIRS:
        KafkaConsumer(name)
";
    let files = [("requirements.txt", "kafka-python"), ("app/start.py", python)];
    let all = ["orders", "refunds", "mails", "texts"];
    assert_eq!(found(&files), all.map(|it| format!("receive {it}")));
}

#[test]
fn a_client_that_is_handed_to_a_function_tells_its_channel() {
    let events = "
        import { PubSub, Topic } from '@google-cloud/pubsub';
        const pubsub = new PubSub();
        const viewed = pubsub.topic('pages.viewed');
        export const publish = async (log: Logger, topic: Topic, payload: unknown): Promise<void> =>
          traced('publish', async () => {
            await topic.publishMessage({ json: payload });
          });
        export const tellOfView = async (log: Logger, id: string): Promise<void> => publish(log, viewed, { id });
        export const tell = async (log: Logger, name: string, payload: object): Promise<void> =>
          publish(log, pubsub.topic(name), payload);";
    let pages = "
        import { tell } from './events';
        export const close = (log: Logger) => tell(log, 'pages.closed', {});";
    let manifest = r#"{ "dependencies": { "@google-cloud/pubsub": "4" } }"#;
    let files = [("package.json", manifest), ("src/events.ts", events), ("src/pages.ts", pages)];
    assert_eq!(found(&files), ["send pages.viewed", "send pages.closed"]);
    let queues = "
from redis import Redis
from rq import Queue

low = Queue('low', connection=Redis())
high = [Queue('high', connection=Redis())]


def any_high():
    return high[0]


def enqueue(function, queue, **options):
    return queue.enqueue(function, **options)
";
    let api = "
from app.queues import any_high, enqueue, low


def post(request):
    enqueue(resize, queue=low, image=request.image)
    enqueue(resize, any_high(), image=request.image)
";
    let files = [("requirements.txt", "rq"), ("app/queues.py", queues), ("app/api.py", api)];
    assert_eq!(found(&files), ["send low", "send high"]);
}

#[test]
fn the_name_of_a_type_is_written_as_the_code_writes_it() {
    let bus = "
        import * as amqp from 'amqplib';
        import { snakeCase } from 'lodash';
        export interface Publisher { publishMessage<T>(message: T): Promise<void>; }
        export class RabbitPublisher implements Publisher {
          constructor(private readonly channel: amqp.Channel) {}
          async publishMessage<T>(message: T): Promise<void> {
            this.channel.publish(snakeCase(typeName(message)), '', encode(message));
          }
        }
        export const typeName = <T>(it: T): string => it.constructor.name;";
    let orders = "
        import { Publisher } from 'blocks/bus/rabbit';
        export class OrderPlaced { constructor(public id: string) {} }
        export class Orders {
          constructor(private readonly publisher: Publisher) {}
          async place(id: string) {
            await this.publisher.publishMessage(new OrderPlaced(id));
          }
        }";
    let manifest = ("blocks/package.json", r#"{ "name": "blocks", "dependencies": { "amqplib": "0.10" } }"#);
    let shop = ("shop/package.json", r#"{ "name": "shop", "dependencies": { "amqplib": "0.10" } }"#);
    let files = [manifest, shop, ("blocks/bus/rabbit.ts", bus), ("shop/orders.ts", orders)];
    assert_eq!(found(&files), ["send order_placed"]);
}

#[test]
fn what_a_function_picks_out_of_settings_is_told_where_it_picks() {
    let sqs = "
        import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
        export const send = (client: SQSClient, queueUrl: string, body: string) =>
          client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
        export const publish = ({ topic, body }: { topic: string; body: string }, client: SQSClient) =>
          client.send(new SendMessageCommand({ QueueUrl: topic, MessageBody: body }));";
    let jobs = "
        import { SQSClient } from '@aws-sdk/client-sqs';
        import { publish, send } from './sqs';
        export const translate = async (client: SQSClient, config: Config, text: string) => {
          await send(client, config.app.translations, text);
        };
        export const mail = (client: SQSClient) => publish({ topic: 'mails', body: '' }, client);";
    let api = "
        import { translate } from './jobs';
        export const post = async (request: Request) => {
          const config = await load();
          await translate(request.client, config, request.text);
        };";
    let manifest = r#"{ "dependencies": { "@aws-sdk/client-sqs": "3" } }"#;
    let files = [("package.json", manifest), ("src/sqs.ts", sqs), ("src/jobs.ts", jobs), ("src/api.ts", api)];
    assert_eq!(found(&files), ["send ?", "send mails"]);
    let edge = discovered(&files).edges.remove(0);
    assert_eq!((edge.path.as_str(), edge.channel.name.as_str()), ("src/jobs.ts", "app.translations"));
}

#[test]
fn a_method_of_a_type_above_calls_that_of_the_type_itself() {
    let file = r"<?php
use Symfony\Component\Messenger\MessageBusInterface;

abstract class Work
{
    public function run(object $message): void
    {
        $this->work($message);
    }

    abstract protected function work(object $message): void;
}

final class PurgeMore {}

final class SendMail {}

final class Purge extends Work
{
    public function __construct(private MessageBusInterface $bus) {}

    protected function work(object $message): void
    {
        $this->bus->dispatch($message);
    }

    public function again(PurgeMore $more): void
    {
        $this->run($more);
    }
}

final class Mail extends Work
{
    protected function work(object $message): void
    {
        $this->deliver($message);
    }

    public function start(SendMail $mail): void
    {
        $this->run($mail);
    }
}
";
    let files = [("composer.json", r#"{ "require": { "symfony/messenger": "7" } }"#), ("src/Work.php", file)];
    assert_eq!(found(&files), ["send PurgeMore"]);
}

#[test]
fn settings_give_a_queue_to_the_class_that_receives() {
    let consumer = r"<?php
namespace Shop;

use OldSound\RabbitMqBundle\RabbitMq\ConsumerInterface;

final class OrderConsumer implements ConsumerInterface
{
    public function execute($message): int
    {
        return $this->take($message);
    }
}
";
    let settings = "
old_sound_rabbit_mq:
  consumers:
    orders:
      queue_options: { name: shop.orders }
      callback: shop.consumer.orders
";
    let services = "
services:
  shop.consumer.orders:
    class: Shop\\OrderConsumer
";
    let files = [
        ("composer.json", r#"{ "require": { "php-amqplib/rabbitmq-bundle": "2" } }"#),
        ("config/rabbit.yml", settings),
        ("config/services.yml", services),
        ("src/OrderConsumer.php", consumer),
    ];
    assert_eq!(found(&files), ["receive shop.orders"]);
}

#[test]
fn classes_of_ruby_are_known_by_what_people_call_them() {
    let bus = r#"
require "bunny"

module Shop
  class Bus
    attr_reader :channel

    def initialize(config)
      @channel = Bunny.new(config).start.create_channel
    end

    def publish(key, payload)
      exchange = channel.topic("shop", durable: true)
      exchange.publish(payload, routing_key: key)
    end
  end
end
"#;
    let worker = r#"
module Shop
  class Worker
    def initialize(context)
      @context = context
    end

    def run(payload)
      @context.bus.publish("orders.placed", payload)
    end
  end
end
"#;
    let files = [("Gemfile", "gem 'bunny'\n"), ("lib/bus.rb", bus), ("lib/worker.rb", worker)];
    assert_eq!(found(&files), ["send orders.placed"]);
}

#[test]
fn settings_of_modules_and_globals_of_python_are_followed() {
    let queues = "
from kombu import Exchange

INCOMING = None


def init(app):
    global INCOMING
    INCOMING = Exchange(app.config['INCOMING_EXCHANGE'], 'fanout')
";
    let api = "
from kombu import Producer
from shop import queues


def post(producer: Producer, body):
    producer.publish(body, exchange=queues.INCOMING, routing_key='')
";
    let config = "INCOMING_EXCHANGE = 'incoming'\n";
    let files = [
        ("requirements.txt", "kombu\nflask"),
        ("shop/queues.py", queues),
        ("shop/api.py", api),
        ("shop/config.py", config),
    ];
    assert_eq!(found(&files), ["send incoming"]);
    let elsewhere = "
from kafka import KafkaProducer
from shop import config


def post(producer: KafkaProducer, body):
    producer.send(config.ORDERS_TOPIC, body)
";
    let files = [("requirements.txt", "kafka-python"), ("shop/api.py", elsewhere)];
    assert_eq!(found(&files), ["send config.ORDERS_TOPIC"]);
}

#[test]
fn names_of_the_function_around_are_seen() {
    let file = "
        import { Kafka } from 'kafkajs';
        export const start = (kafka: Kafka) => {
          const TOPIC = 'orders';
          const producer = kafka.producer();
          const tell = async (order: Order) => {
            await producer.send({ topic: TOPIC, messages: [{ value: order.id }] });
          };
          return tell;
        };";
    assert_eq!(found(&[KAFKA, ("src/start.ts", file)]), ["send orders"]);
    let python = "
from kafka import KafkaProducer


def make(url):
    producer = KafkaProducer(bootstrap_servers=url)
    topic = 'orders'

    def tell(order):
        producer.send(topic, order)

    return tell
";
    assert_eq!(found(&[("requirements.txt", "kafka-python"), ("app/make.py", python)]), ["send orders"]);
}
