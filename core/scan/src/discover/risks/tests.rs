//! Tests of risks on small repositories. What one call or setting means is tested by the examples of its library.

use super::facts::RiskWords;
use crate::discover::{discover, read};

/// The risks of a repository of some files, a line each.
fn risks(files: &[(&str, &str)]) -> Vec<String> {
    let facts: Vec<_> = files.iter().filter_map(|(path, text)| read(path, text)).collect();
    discover(&facts).risks.iter().map(|it| format!("{} {}:{}", it.kind.name(), it.path, it.line)).collect()
}

const NOTHING: [&str; 0] = [];

const KAFKAJS: (&str, &str) = ("package.json", r#"{ "dependencies": { "kafkajs": "2" } }"#);

/// A consumer of Kafka in TypeScript whose handler has a body.
fn kafkajs(body: &str) -> Vec<String> {
    let text = format!(
        "import {{ Kafka }} from 'kafkajs';
const consumer = new Kafka({{ brokers: [] }}).consumer({{ groupId: 'mail' }});
await consumer.subscribe({{ topics: ['orders'] }});
await consumer.run({{ eachMessage: async ({{ message }}) => {{
{body}
}} }});
async function mail(order) {{ await fetch('http://mail', {{ body: order }}); }}"
    );
    risks(&[KAFKAJS, ("mail.ts", &text)])
}

#[test]
fn the_words_of_risks_load_and_every_kind_has_its_own() {
    let words = RiskWords::load().unwrap();
    let mut kinds: Vec<_> = words.kinds.iter().map(|it| it.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), words.kinds.len());
    assert!(words.kinds.iter().all(|it| !it.says.is_empty() && !it.says.ends_with('.') && !it.pattern.is_empty()));
}

#[test]
fn the_lists_that_rules_name_are_there() {
    let words = RiskWords::load().unwrap();
    for (language, library) in crate::facts::libraries() {
        for rule in &library.risks {
            let named = rule.except.iter().flat_map(|it| &it.named);
            for word in rule.unless.iter().chain(&rule.unless_here).chain(&rule.only).chain(named) {
                let known = word.strip_prefix('@').is_none_or(|it| !words.list(it).is_empty());
                assert!(known, "{language}: {}: {word}", library.name);
            }
        }
    }
}

#[test]
fn nothing_is_told_without_a_client_library() {
    let text = "channel.consume('q', (m) => { try { work(m) } catch (e) { console.error(e) } }, { noAck: true });";
    assert_eq!(risks(&[("a.ts", text)]), NOTHING);
}

#[test]
fn a_failure_that_is_caught_and_logged_loses_the_message() {
    let body = "try { await mail(message.value); } catch (e) { console.error(e); }";
    assert_eq!(kafkajs(body), ["ack-on-failure mail.ts:5"]);
}

#[test]
fn a_failure_that_goes_on_loses_nothing() {
    for catch in [
        "console.error(e); throw e;",
        "await deadLetters.put(message);",
        "if (isKnown(e)) return; throw e;",
        "process.exit(1);",
    ] {
        let body = format!("try {{ await mail(message.value); }} catch (e) {{ {catch} }}");
        assert_eq!(kafkajs(&body), NOTHING, "{catch}");
    }
}

#[test]
fn what_is_done_beside_the_work_may_fail() {
    let body = "await mail(message.value);
      try { await audit.record(message.key); } catch (e) { console.error(e); }";
    assert_eq!(kafkajs(body), NOTHING);
}

#[test]
fn an_acknowledgement_after_a_caught_failure_is_told_where_it_stands() {
    let consumer = "
using RabbitMQ.Client;
public class Orders {
  private async Task OnMessage(object sender, BasicDeliverEventArgs args) {
    try { await Handle(args.Body); }
    catch (Exception e) { _logger.LogError(e, \"failed\"); }
    await _channel.BasicAckAsync(args.DeliveryTag, false);
  }
  private async Task OnOther(object sender, BasicDeliverEventArgs args) {
    try { await Handle(args.Body); await _channel.BasicAckAsync(args.DeliveryTag, false); }
    catch (Exception e) { _logger.LogError(e, \"failed\"); await _channel.BasicNackAsync(args.DeliveryTag, false, false); }
  }
  private async Task Handle(byte[] body) { await _store.Keep(body); }
}";
    let files = [("A.csproj", r#"<PackageReference Include="RabbitMQ.Client" />"#), ("Orders.cs", consumer)];
    assert_eq!(risks(&files), ["ack-on-failure Orders.cs:7"]);
}

#[test]
fn a_position_that_is_skipped_is_committed_by_the_next_message() {
    let consumer = "
package orders
import \"github.com/segmentio/kafka-go\"
func Run(ctx context.Context, r *kafka.Reader) {
	for {
		m, err := r.FetchMessage(ctx)
		if err != nil {
			return
		}
		if err := store(ctx, m.Value); err != nil {
			log.Printf(\"%v\", err)
			continue
		}
		r.CommitMessages(ctx, m)
	}
}
func store(ctx context.Context, body []byte) error { return db.Exec(ctx, body) }";
    let files = [("go.mod", "module shop\nrequire github.com/segmentio/kafka-go v0.4.0\n"), ("orders.go", consumer)];
    assert_eq!(risks(&files), ["ack-on-failure orders.go:10"]);
    let kept = consumer.replace("continue", "return");
    let kept = kept.replace("log.Printf(\"%v\", err)\n\t\t\treturn", "panic(err)");
    assert_eq!(risks(&[files[0], ("orders.go", &kept)]), NOTHING);
}

#[test]
fn a_message_that_cannot_be_read_comes_again() {
    assert_eq!(kafkajs("await mail(JSON.parse(message.value.toString()));"), ["poison-message mail.ts:5"]);
    let guarded = "let order; try { order = JSON.parse(message.value); } catch (e) { throw e; } await mail(order);";
    assert_eq!(kafkajs(guarded), NOTHING);
    assert_eq!(kafkajs("await mail(JSON.parse(process.env.SHOP));"), NOTHING);
}

#[test]
fn work_that_goes_on_by_itself_is_not_done_when_the_message_is() {
    let consumer = "
import asyncio
from aiokafka import AIOKafkaConsumer
async def main():
    consumer = AIOKafkaConsumer('orders', group_id='mail', enable_auto_commit=ON)
    async for message in consumer:
        asyncio.create_task(mail(message.value))
async def mail(body):
    await post(body)
";
    let manifest = ("requirements.txt", "aiokafka\n");
    let on = consumer.replace("ON", "True");
    assert_eq!(risks(&[manifest, ("mail.py", &on)]), ["auto-commit mail.py:5", "ack-before-processing mail.py:7"]);
    let off = consumer.replace("ON", "False");
    assert_eq!(risks(&[manifest, ("mail.py", &off)]), NOTHING);
}

#[test]
fn an_acknowledgement_before_the_work_is_told() {
    let consumer = "
import amqp from 'amqplib';
export async function listen(channel) {
  channel.prefetch(10);
  await channel.consume('orders', async (message) => {
    channel.ack(message);
    await mail(message.content);
  });
}
async function mail(body) { await fetch('http://mail', { body }); }";
    let files = [("package.json", r#"{ "dependencies": { "amqplib": "0.10" } }"#), ("mail.ts", consumer)];
    assert_eq!(risks(&files), ["ack-before-processing mail.ts:6"]);
    let after = consumer
        .replace("    channel.ack(message);\n", "")
        .replace("content);\n", "content);\n channel.ack(message);\n");
    assert_eq!(risks(&[files[0], ("mail.ts", &after)]), NOTHING);
}

#[test]
fn a_goroutine_for_each_message_is_bounded_by_a_prefetch() {
    let consumer = "
package mail
import amqp \"github.com/rabbitmq/amqp091-go\"
func Run(ch *amqp.Channel) {
	QOS
	messages, _ := ch.Consume(\"orders\", \"\", false, false, false, false, nil)
	for message := range messages {
		go handle(message)
	}
}
func handle(message amqp.Delivery) { post(message.Body); message.Ack(false) }";
    let manifest = ("go.mod", "module mail\nrequire github.com/rabbitmq/amqp091-go v1.9.0\n");
    assert_eq!(risks(&[manifest, ("mail.go", &consumer.replace("QOS", ""))]), ["unbounded-concurrency mail.go:8"]);
    let bounded = consumer.replace("QOS", "ch.Qos(10, 0, false)");
    assert_eq!(risks(&[manifest, ("mail.go", &bounded)]), NOTHING);
}

#[test]
fn a_send_that_nobody_waits_for_is_told() {
    let service = |send: &str| {
        let text = format!(
            "import {{ Kafka }} from 'kafkajs';
const producer = new Kafka({{ brokers: [] }}).producer();
export async function place(order) {{
  {send}
}}"
        );
        risks(&[KAFKAJS, ("place.ts", &text)])
    };
    let send = "producer.send({ topic: 'orders', messages: [{ value: order }] })";
    assert_eq!(service(&format!("{send};")), ["fire-and-forget-publish place.ts:4"]);
    for fine in [format!("await {send};"), format!("return {send};"), format!("{send}.catch(report);")] {
        assert_eq!(service(&fine), NOTHING, "{fine}");
    }
    let caught = |catch: &str| service(&format!("try {{ await {send}; }} catch (e) {{ {catch} }}"));
    assert_eq!(caught("logger.warn(e);"), ["swallowed-publish-error place.ts:4"]);
    assert_eq!(caught("logger.warn(e); throw e;"), NOTHING);
    assert_eq!(caught("return { error: e };"), NOTHING);
    assert_eq!(caught("await outbox.save(order);"), NOTHING);
}

#[test]
fn what_is_given_back_is_not_lost_even_where_the_library_is_at_hand() {
    let library = "package message
type Message struct{ acked bool }
func (m *Message) Ack() { m.acked = true }
func (m *Message) Nack() { m.lock(); m.unlock() }
func (m *Message) Forget() { m.lock(); m.unlock() }
";
    let router = |call: &str| {
        let text = format!(
            "package message
import (
	\"log\"
	\"github.com/ThreeDotsLabs/watermill\"
)
func handleMessage(msg *Message, handler HandlerFunc) {{
	err := handler(msg)
	if err != nil {{
		log.Println(err)
		{call}
		return
	}}
	publish(msg)
}}"
        );
        let module = "module shop\nrequire github.com/ThreeDotsLabs/watermill v1.3.0\n";
        risks(&[("go.mod", module), ("message/message.go", library), ("message/router.go", &text)])
    };
    assert_eq!(router("msg.Nack()"), NOTHING);
    assert_eq!(router("requeueLater(msg)"), NOTHING);
    assert_eq!(router("msg.Forget()"), ["ack-on-failure message/router.go:8"]);
}

#[test]
fn a_job_that_releases_itself_is_tried_again() {
    let job = |call: &str| {
        let text = format!(
            "<?php
use Illuminate\\Contracts\\Queue\\ShouldQueue;
final class SendMail implements ShouldQueue
{{
    public function handle(Mailer $mailer): void
    {{
        try {{
            $mailer->deliver($this->to);
        }} catch (\\Exception $e) {{
            {call}
        }}
    }}
}}"
        );
        risks(&[("composer.json", r#"{ "require": { "laravel/framework": "11" } }"#), ("SendMail.php", &text)])
    };
    assert_eq!(job("Log::error($e);"), ["ack-on-failure SendMail.php:9"]);
    assert_eq!(job("Log::error($e); $this->release(30);"), NOTHING);
    assert_eq!(job("$this->fail($e);"), NOTHING);
}

#[test]
fn a_relay_keeps_what_it_could_not_send() {
    let relay = "import { Kafka } from 'kafkajs';
export class OutboxRelay {
  private producer = new Kafka({}).producer();
  async run(rows) {
    try { await this.producer.send({ topic: 'orders', messages: rows }); } catch (e) { console.error(e); }
  }
}";
    assert_eq!(risks(&[KAFKAJS, ("relay.ts", relay)]), NOTHING);
}

#[test]
fn a_failure_that_is_handed_back_by_name_is_not_swallowed() {
    let sender = "
package orders
import \"github.com/nats-io/nats.go\"
func Place(nc *nats.Conn, body []byte) (err error) {
	err = nc.Publish(\"orders\", body)
	if err != nil {
		return
	}
	return
}
func Forget(nc *nats.Conn, body []byte) {
	nc.Publish(\"orders\", body)
}";
    let files = [("go.mod", "module shop\nrequire github.com/nats-io/nats.go v1.31.0\n"), ("orders.go", sender)];
    assert_eq!(risks(&files), ["fire-and-forget-publish orders.go:12"]);
}

#[test]
fn a_comment_with_a_reason_allows_a_risk() {
    let send = "producer.send({ topic: 'orders', messages: [] });";
    let place = |line: &str| {
        let text = format!(
            "import {{ Kafka }} from 'kafkajs';
const producer = new Kafka({{ brokers: [] }}).producer();
export async function place(order) {{
  {line}
}}"
        );
        risks(&[KAFKAJS, ("place.ts", &text)])
    };
    let found = ["fire-and-forget-publish place.ts:4"];
    assert_eq!(place(&format!("{send} // archwright: allow scan/fire-and-forget-publish -- only a metric")), NOTHING);
    let above = format!("// archwright: allow scan/auto-ack, scan/fire-and-forget-publish -- only a metric\n{send}");
    assert_eq!(place(&above), NOTHING);
    assert_eq!(place(&format!("{send} // archwright: allow scan/fire-and-forget-publish")), found);
    assert_eq!(place(&format!("{send} // archwright: allow scan/auto-ack -- only a metric")), found);
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    let mut names: Vec<_> = super::RiskKind::ALL.iter().map(|it| it.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), super::RiskKind::ALL.len());
    let words = RiskWords::load().unwrap();
    assert!(super::RiskKind::ALL.iter().all(|it| words.kind(*it).is_some()));
}

#[test]
fn a_queue_that_ends_with_its_reader_loses_nothing() {
    let watch = |queue: &str| {
        let text = format!(
            "require 'bunny'\nclass Watch\n  def run\n    ch = Bunny.new.start.create_channel\n    q = ch.queue({queue})\n    \
             q.subscribe(block: true) do |info, props, body|\n      show(body)\n    end\n  end\nend\n"
        );
        let found = risks(&[("Gemfile", "gem 'bunny'"), ("watch.rb", &text)]);
        found.iter().any(|it| it.starts_with("auto-ack"))
    };
    assert!(!watch("'', exclusive: true"));
    assert!(watch("'orders', exclusive: true"));
    assert!(watch("'orders'"));
}

#[test]
fn a_reader_that_sets_its_position_and_keeps_none_reads_again() {
    let read = |begin: &str, end: &str| {
        let text = format!(
            "import json\nfrom confluent_kafka import Consumer\n\nconsumer = Consumer({{'bootstrap.servers': 'kafka'}})\n\n\n\
             def run():\n    {begin}\n    while True:\n        message = consumer.poll(1)\n        try:\n            \
             save(json.loads(message.value()))\n        except Exception as e:\n            logger.error(e)\n        {end}\n"
        );
        risks(&[("requirements.txt", "confluent-kafka"), ("read.py", &text)])
    };
    assert_eq!(read("consumer.assign(partitions)", "pass"), NOTHING);
    assert!(!read("consumer.subscribe(['orders'])", "pass").is_empty());
    assert!(!read("consumer.assign(partitions)", "consumer.commit(message)").is_empty());
}

#[test]
fn a_tick_that_goes_over_rows_loses_no_message() {
    let tick = |parameter: &str, body: &str| {
        let text = format!(
            "import {{ Worker }} from 'bullmq';\nnew Worker('hourly', async ({parameter}) => {{\n{body}\n}}, \
             {{ connection }});\nasync function check(x) {{ await fetch('http://dns', {{ body: x }}); }}\n"
        );
        let found = risks(&[("package.json", r#"{ "dependencies": { "bullmq": "5" } }"#), ("tick.ts", &text)]);
        found.iter().any(|it| it.starts_with("ack-on-failure"))
    };
    let each = "for (const it of await all()) { try { await check(it); } catch (e) { console.error(e); } }";
    let whole = "try { await check(job.data); } catch (e) { console.error(e); }";
    assert!(!tick("", each));
    assert!(tick("job", whole));
}
