//! What was found in all code, in files of code and in documents.

use archwright_engine::{Change, Workspace};
use archwright_model::{FileId, RelPath};
use archwright_operations::{CodeChange, CodeReader, CodeView, code_findings};
use archwright_syntax::Span;

use super::open;
use crate::{
    CallKind, allowances, call_items, code_definition, code_lenses, fixture::Fixture, hover_with, implementations,
    incoming_calls, outgoing_calls, references_with, show_path,
};

/// A channel with a contract, and a service in each language that sends to it.
const SENDERS: &str = "\
//- /docs/features/shop/contracts/orders.placed.v1.md
# Contract: orders.placed.v1

## Summary

- **Status**: Active
- **TL;DR**: An order was placed.
//- /services/web/package.json
{ \"dependencies\": { \"kafkajs\": \"2\" } }
//- /services/web/send.js
import { Kafka } from 'kafkajs';
const producer = new Kafka({}).producer();
await producer.send({ topic: 'orders.placed.v1', messages: [] });
//- /services/desk/package.json
{ \"dependencies\": { \"kafkajs\": \"2\" } }
//- /services/desk/send.ts
import { Kafka } from 'kafkajs';
const producer = new Kafka({}).producer();
await producer.send({ topic: 'orders.placed.v1', messages: [] });
//- /services/tills/pyproject.toml
[project]
dependencies = [\"kafka-python\"]
//- /services/tills/send.py
from kafka import KafkaProducer
producer = KafkaProducer()
producer.send(\"orders.placed.v1\", b\"\")
//- /services/stock/go.mod
module stock
require github.com/segmentio/kafka-go v0.4.47
//- /services/stock/main.go
package main

import \"github.com/segmentio/kafka-go\"

func main() {
\tw := &kafka.Writer{Topic: \"orders.placed.v1\"}
\tw.WriteMessages(ctx, kafka.Message{Value: nil})
}
//- /services/books/books.csproj
<Project><ItemGroup><PackageReference Include=\"Confluent.Kafka\" /></ItemGroup></Project>
//- /services/books/Send.cs
using Confluent.Kafka;
public class Send {
  private readonly IProducer<string, string> _producer;
  public Send(IProducer<string, string> producer) => _producer = producer;
  public async Task Run(Message<string, string> it) {
    await _producer.ProduceAsync(\"orders.placed.v1\", it);
  }
}
//- /services/mail/Gemfile
gem \"rdkafka\"
//- /services/mail/send.rb
require \"rdkafka\"
producer = Rdkafka::Config.new(config).producer
producer.produce(topic: \"orders.placed.v1\", payload: body).wait
//- /services/press/composer.json
{ \"require\": { \"ext-rdkafka\": \"*\" } }
//- /services/press/send.php
<?php
$producer = new RdKafka\\Producer($conf);
$topic = $producer->newTopic('orders.placed.v1');
$topic->produce(RD_KAFKA_PARTITION_UA, 0, $body);
//- /services/pack/Cargo.toml
[package]
name = \"pack\"
[dependencies]
rdkafka = \"0.36\"
//- /services/pack/src/send.rs
use rdkafka::producer::{FutureProducer, FutureRecord};
async fn send(producer: &FutureProducer, body: &str) {
    producer.send(FutureRecord::to(\"orders.placed.v1\").payload(body).key(\"\"), WAIT).await;
}
//- /services/bill/pom.xml
<artifactId>spring-kafka</artifactId>
//- /services/bill/Events.java
class Events {
  @KafkaListener(topics = \"orders.placed.v1\")
  void on(Order order) {}
}
//- /services/gifts/build.gradle.kts
implementation(\"org.springframework.kafka:spring-kafka\")
//- /services/gifts/Events.kt
import org.springframework.kafka.annotation.KafkaListener
class Events {
  @KafkaListener(topics = [\"orders.placed.v1\"])
  fun on(order: Order) {}
}
";

/// The services of all of them.
const ENDS: [&str; 10] = [
    "services/bill/Events.java",
    "services/books/Send.cs",
    "services/desk/send.ts",
    "services/gifts/Events.kt",
    "services/mail/send.rb",
    "services/pack/src/send.rs",
    "services/press/send.php",
    "services/stock/main.go",
    "services/tills/send.py",
    "services/web/send.js",
];

fn read(workspace: &Workspace) -> CodeView {
    let mut reader = CodeReader::default();
    let order = reader.order(workspace, &CodeChange::Everything).unwrap();
    CodeView::new(workspace, reader.read(order).unwrap())
}

fn files(workspace: &Workspace, found: impl Iterator<Item = FileId>) -> Vec<String> {
    let mut paths: Vec<String> = found.map(|it| workspace.path(it).to_string()).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// [`SENDERS`] with the cursor in front of some text of a file.
fn at(path: &str, text: &str) -> (Fixture, Workspace, CodeView, FileId, usize) {
    let fixture = Fixture::new(SENDERS);
    let workspace = fixture.open();
    let code = read(&workspace);
    let file = workspace.file(&RelPath::new(path)).unwrap();
    let offset = workspace.text(file).unwrap().find(text).unwrap() + 1;
    (fixture, workspace, code, file, offset)
}

const CONTRACT: &str = "docs/features/shop/contracts/orders.placed.v1.md";

#[test]
fn a_document_leads_to_code_in_every_language_and_code_to_the_contract() {
    let (_fixture, workspace, code, contract, offset) = at(CONTRACT, "orders.placed.v1");
    let found = code_definition(&workspace, &code, contract, offset);
    assert_eq!(files(&workspace, found.iter().map(|it| it.file)), ENDS);
    for it in found {
        let text = workspace.text(it.file).unwrap();
        // Where the name stands in another line, the line that sends is meant.
        let said = it.span.of(&text);
        assert!(said == "orders.placed.v1" || said.contains("produce(") || said.contains("WriteMessages("), "{said}");
    }
    for path in ENDS {
        let file = workspace.file(&RelPath::new(path)).unwrap();
        let offset = workspace.text(file).unwrap().find("orders.placed.v1").unwrap() + 3;
        let found = code_definition(&workspace, &code, file, offset);
        assert_eq!(files(&workspace, found.iter().map(|it| it.file)), [CONTRACT], "{path}");
        let found = implementations(&workspace, &code, file, offset);
        assert_eq!(files(&workspace, found.iter().map(|it| it.file)), ENDS, "{path}");
        let found = references_with(&workspace, Some(&code), file, offset, true);
        let places: Vec<_> = found.iter().map(|it| workspace.path(it.file).as_str()).collect();
        assert_eq!(places, [&[CONTRACT], &ENDS[..]].concat(), "{path}");
    }
}

#[test]
fn a_card_says_who_is_at_the_ends_and_what_the_contract_says() {
    let (_fixture, workspace, code, file, offset) = at("services/bill/Events.java", "orders.placed.v1");
    let card = hover_with(&workspace, Some(&code), file, offset, &show_path).unwrap();
    assert_eq!(card.span.of(&workspace.text(file).unwrap()), "orders.placed.v1");
    insta::assert_snapshot!(card.markdown, @r"
    **orders.placed.v1** (channel)

    - contract: `docs/features/shop/contracts/orders.placed.v1.md`
    - sent to in code by `books`: `services/books/Send.cs`
    - sent to in code by `desk`: `services/desk/send.ts`
    - sent to in code by `mail`: `services/mail/send.rb`
    - sent to in code by `pack`: `services/pack/src/send.rs`
    - sent to in code by `press`: `services/press/send.php`
    - sent to in code by `stock`: `services/stock/main.go`
    - sent to in code by `tills`: `services/tills/send.py`
    - sent to in code by `web`: `services/web/send.js`
    - received from in code by `bill`: `services/bill/Events.java`
    - received from in code by `gifts`: `services/gifts/Events.kt`

    **Contract: orders.placed.v1** (a message contract)

    - Status: Active
    - TL;DR: An order was placed.
    ");
    // Other words of the line are no channels.
    let other = workspace.text(file).unwrap().find("KafkaListener").unwrap();
    assert_eq!(hover_with(&workspace, Some(&code), file, other, &show_path), None);
}

#[test]
fn a_lens_tells_the_other_end_and_the_contract() {
    let (_fixture, workspace, code, file, _) = at("services/books/Send.cs", "orders.placed.v1");
    let found = code_lenses(&workspace, &code, file);
    let text = workspace.text(file).unwrap();
    let found: Vec<_> = found.iter().map(|it| (it.span.of(&text), it.title.as_str())).collect();
    let line = "await _producer.ProduceAsync(\"orders.placed.v1\", it);";
    assert_eq!(found, [(line, "2 consumers, contract orders.placed.v1")]);
    let java = workspace.file(&RelPath::new("services/bill/Events.java")).unwrap();
    assert_eq!(code_lenses(&workspace, &code, java)[0].title, "8 producers, contract orders.placed.v1");
    let document = workspace.file(&RelPath::new(CONTRACT)).unwrap();
    assert_eq!(code_lenses(&workspace, &code, document), []);
}

#[test]
fn a_channel_is_called_by_its_producers_and_calls_its_consumers() {
    let (_fixture, workspace, code, file, offset) = at("services/books/Send.cs", "orders.placed.v1");
    let items = call_items(&workspace, &code, file, offset);
    let [item] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((item.kind, item.name.as_str()), (CallKind::Channel, "orders.placed.v1"));
    assert_eq!(workspace.path(item.file).as_str(), CONTRACT);
    let incoming = incoming_calls(&workspace, &code, item.kind, &item.name);
    let names: Vec<_> = incoming.iter().map(|it| it.item.name.as_str()).collect();
    assert_eq!(names, ["books", "desk", "mail", "pack", "press", "stock", "tills", "web"]);
    assert!(incoming.iter().all(|it| it.spans == [it.item.span]));
    let outgoing = outgoing_calls(&workspace, &code, item.kind, &item.name, (item.file, item.span));
    let names: Vec<_> = outgoing.iter().map(|it| it.item.name.as_str()).collect();
    assert_eq!(names, ["bill", "gifts"]);
    assert!(outgoing.iter().all(|it| it.spans == [item.span]));
    let books = &incoming[0].item;
    let sent = outgoing_calls(&workspace, &code, books.kind, &books.name, (books.file, books.span));
    assert_eq!((sent.len(), &sent[0].item, &sent[0].spans), (1, item, &vec![books.span]));
    assert_eq!(incoming_calls(&workspace, &code, books.kind, &books.name), []);
    let bill = &outgoing[0].item;
    let received = incoming_calls(&workspace, &code, bill.kind, &bill.name);
    assert_eq!((received.len(), &received[0].item), (1, item));
}

#[test]
fn a_place_moves_with_its_line_and_goes_with_it() {
    let (_fixture, mut workspace, code, file, offset) = at(CONTRACT, "orders.placed.v1");
    let java = RelPath::new("services/bill/Events.java");
    let text = workspace.text(workspace.file(&java).unwrap()).unwrap();
    let moved: String = format!("// One line more.\n{text}");
    workspace.apply(vec![Change::Open { path: java.clone(), text: moved.as_str().into() }]);
    let id = workspace.file(&java).unwrap();
    let here = |workspace: &Workspace| {
        let found = code_definition(workspace, &code, file, offset);
        found.into_iter().find(|it| it.file == id).map(|it| it.span)
    };
    assert_eq!(here(&workspace).unwrap().of(&moved), "orders.placed.v1");
    let other = moved.replace("orders.placed.v1", "orders.sent.v1");
    workspace.apply(vec![Change::Edit { path: java, text: other.as_str().into() }]);
    assert_eq!(here(&workspace), None);
    assert_eq!(code_lenses(&workspace, &code, id), []);
}

const LOYALTY: &str = "\
//- /docs/features/shop/contracts/orders.placed.v1.md
# Contract: orders.placed.v1

- **Status**: Active
- **Consumers**: billing
//- /services/billing/pom.xml
<artifactId>spring-kafka</artifactId>
//- /services/billing/Events.java
class Events {
  @KafkaListener(topics = \"orders.placed.v1\")
  void on(Order order) {}
}
//- /services/loyalty/pom.xml
<artifactId>spring-kafka</artifactId>
//- /services/loyalty/Events.java
class Events {$0
  @KafkaListener(topics = \"orders.placed.v1\")
  void on(Order order) {}
}
";

#[test]
fn a_finding_of_code_moves_with_its_line_and_is_allowed_by_a_comment() {
    let (_fixture, mut workspace, file, _) = open(LOYALTY);
    let mut reader = CodeReader::default();
    let order = reader.order(&workspace, &CodeChange::Everything).unwrap();
    let code = CodeView::new(&workspace, reader.read(order).unwrap());
    assert!(code_findings(&workspace, &code, &|| true).is_none());
    let found = code_findings(&workspace, &code, &|| false).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(workspace.set_code_findings(found.clone()).files, [file]);
    assert_eq!(workspace.set_code_findings(found).files, []);
    let told = |workspace: &Workspace| {
        let text = workspace.text(file).unwrap();
        let findings = workspace.findings(file).iter();
        findings.map(|it| format!("{} {}", it.rule.code, it.span.of(&text))).collect::<Vec<_>>()
    };
    let expected = "drift/unlisted-consumer @KafkaListener(topics = \"orders.placed.v1\")";
    assert_eq!(told(&workspace), [expected]);

    let path = workspace.path(file).clone();
    let text = workspace.text(file).unwrap();
    let actions = allowances(&workspace, file, Span::new(0, text.len()));
    assert_eq!(actions.len(), 1);
    let allowed = actions[0].edit.preview(|_| Some(text.to_string())).unwrap()[0].after.clone().unwrap();
    assert!(allowed.contains("{\n  // archwright: allow drift/unlisted-consumer -- [TBD"), "{allowed}");

    let moved = format!("// One line more.\n{text}");
    workspace.apply(vec![Change::Open { path: path.clone(), text: moved.as_str().into() }]);
    assert_eq!(told(&workspace), [expected]);
    let changed = moved.replace("orders.placed.v1", "orders.sent.v1");
    workspace.apply(vec![Change::Edit { path: path.clone(), text: changed.as_str().into() }]);
    assert_eq!(told(&workspace), [""; 0]);
    workspace.apply(vec![Change::Edit { path: path.clone(), text: moved.as_str().into() }]);
    assert_eq!(told(&workspace), [expected]);

    // The document says otherwise now, of which nothing was found yet.
    let contract = RelPath::new("docs/features/shop/contracts/orders.placed.v1.md");
    let id = workspace.file(&contract).unwrap();
    let listed = workspace.text(id).unwrap().replace("billing", "billing, loyalty");
    let changed = workspace.apply(vec![Change::Open { path: contract, text: listed.as_str().into() }]);
    assert!(changed.files.contains(&file));
    assert_eq!(told(&workspace), [""; 0]);

    // Reading again with the reason in the comment gives nothing.
    let reason = allowed.replace("[TBD: why is this right?]", "a trial");
    workspace.apply(vec![Change::Edit { path: path.clone(), text: reason.as_str().into() }]);
    let order = reader.order(&workspace, &CodeChange::Paths([path.clone()].into())).unwrap();
    let code = CodeView::new(&workspace, reader.read(order).unwrap());
    assert_eq!(code_findings(&workspace, &code, &|| false).unwrap().len(), 0);
    // What is the same is not read twice, and documents are no code.
    let order = reader.order(&workspace, &CodeChange::Paths([path].into())).unwrap();
    assert!(reader.read(order).is_none());
    assert!(
        reader.order(&workspace, &CodeChange::Paths([RelPath::new("docs/features/shop/README.md")].into())).is_none()
    );
}

#[test]
fn files_that_come_and_go_are_read() {
    let (fixture, mut workspace, file, _) = open(LOYALTY);
    let mut reader = CodeReader::default();
    let order = reader.order(&workspace, &CodeChange::Everything).unwrap();
    let code = CodeView::new(&workspace, reader.read(order).unwrap());
    assert_eq!(code.of_channel("orders.placed.v1").count(), 2);
    let text = workspace.text(file).unwrap();
    let new = RelPath::new("services/gifts/Events.java");
    let folder = fixture.folder.path().join("services/gifts");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("Events.java"), &*text).unwrap();
    std::fs::write(folder.join("pom.xml"), "<artifactId>spring-kafka</artifactId>").unwrap();
    let change = |workspace: &mut Workspace, reader: &mut CodeReader, path: &RelPath| {
        workspace.apply(vec![Change::Disk { paths: vec![path.clone()] }]);
        let order = reader.order(workspace, &CodeChange::Paths([path.clone()].into())).unwrap();
        let code = CodeView::new(workspace, reader.read(order).unwrap());
        let mut services: Vec<_> = code.of_channel("orders.placed.v1").map(|it| it.service.to_string()).collect();
        services.sort();
        services
    };
    assert_eq!(change(&mut workspace, &mut reader, &RelPath::new("services/gifts")), ["billing", "gifts", "loyalty"]);
    std::fs::write(folder.join("Events.java"), text.replace("orders.placed", "orders.sent")).unwrap();
    assert_eq!(change(&mut workspace, &mut reader, &new), ["billing", "loyalty"]);
    std::fs::remove_dir_all(fixture.folder.path().join("services/loyalty")).unwrap();
    assert_eq!(change(&mut workspace, &mut reader, &RelPath::new("services/loyalty")), ["billing"]);
}
