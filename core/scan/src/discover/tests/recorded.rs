//! Tests of events that an object records, and that are sent when it is asked for them.

use super::discovered;

const PROJECT: (&str, &str) = ("package.json", r#"{ "name": "parcels", "dependencies": { "kafkajs": "2" } }"#);

const DOMAIN: &str = "
    export abstract class Fact {
      readonly kind: string;
      constructor(given: { kind: string; id: string }) { const { kind, id } = given; this.kind = kind; }
    }
    export abstract class Root {
      private facts: Array<Fact> = [];
      takeFacts(): Array<Fact> { const facts = this.facts.slice(); this.facts = []; return facts; }
      note(fact: Fact): void { this.facts.push(fact); }
    }
    export class ParcelSent extends Fact {
      static readonly KIND = 'parcel.sent';
      constructor(id: string) { super({ kind: ParcelSent.KIND, id }); }
    }
    export class ParcelLost extends Fact {
      static readonly KIND = 'parcel.lost';
      constructor(id: string) { super({ kind: ParcelLost.KIND, id }); }
    }
    export class Parcel extends Root {
      static send(id: string): Parcel { const parcel = new Parcel(); parcel.note(new ParcelSent(id)); return parcel; }
      lose() { this.note(new ParcelLost('a')); }
    }
    export interface Facts { tell(facts: Array<Fact>): Promise<void>; }";

const BUS: &str = "
    import { Kafka } from 'kafkajs';
    import { Fact, Facts } from './domain';
    export class KafkaFacts implements Facts {
      private producer = new Kafka({ brokers: [] }).producer();
      async tell(facts: Array<Fact>): Promise<void> {
        for (const fact of facts) {
          await this.producer.send({ topic: fact.kind, messages: [{ value: JSON.stringify(fact) }] });
        }
      }
    }";

fn told(caller: &str) -> Vec<String> {
    let files = [PROJECT, ("src/domain.ts", DOMAIN), ("src/bus.ts", BUS), ("src/use.ts", caller)];
    let edges = discovered(&files).edges.into_iter();
    edges.map(|it| format!("{}:{} {:?} {}", it.path, it.line, it.action, it.channel.name)).collect()
}

#[test]
fn what_was_recorded_in_this_case_is_sent_where_the_bus_is_called() {
    let caller = "
        import { Facts, Parcel } from './domain';
        export class Sender {
          constructor(private facts: Facts) {}
          async run(id: string) {
            const parcel = Parcel.send(id);
            await this.facts.tell(parcel.takeFacts());
          }
        }
        export class Loser {
          constructor(private facts: Facts) {}
          async run(parcel: Parcel) {
            parcel.lose();
            const facts = parcel.takeFacts();
            await this.facts.tell(facts);
          }
        }";
    assert_eq!(told(caller), ["src/use.ts:7 Send parcel.sent", "src/use.ts:15 Send parcel.lost"]);
}

#[test]
fn all_that_a_type_records_may_be_sent_where_nothing_says_which() {
    let caller = "
        import { Facts, Parcel } from './domain';
        export class Sender {
          constructor(private facts: Facts) {}
          async run(parcel: Parcel) { await this.facts.tell(parcel.takeFacts()); }
        }";
    assert_eq!(told(caller), ["src/use.ts:5 Send parcel.lost", "src/use.ts:5 Send parcel.sent"]);
}

#[test]
fn what_is_handed_over_at_the_call_has_the_channel_of_its_type() {
    let caller = "
        import { Facts, ParcelLost } from './domain';
        export class Sender {
          constructor(private facts: Facts) {}
          async run(id: string) { await this.facts.tell([new ParcelLost(id)]); }
        }";
    assert_eq!(told(caller), ["src/use.ts:5 Send parcel.lost"]);
}

#[test]
fn without_a_caller_the_bus_sends_any_of_them() {
    assert_eq!(told(""), ["src/bus.ts:8 Send parcel.lost", "src/bus.ts:8 Send parcel.sent"]);
}

#[test]
fn what_hands_on_any_of_them_leaves_it_to_those_who_call_it() {
    let bus = "
        import { Kafka } from 'kafkajs';
        import { Fact, Facts } from './domain';
        export class KafkaFacts implements Facts {
          private producer = new Kafka({ brokers: [] }).producer();
          async tell(facts: Array<Fact>): Promise<void> {
            for (const fact of facts) { await this.one(fact); }
          }
          private async one(fact: Fact) {
            await this.producer.send({ topic: fact.kind, messages: [{ value: JSON.stringify(fact) }] });
          }
        }";
    let told = |caller: &str| -> Vec<String> {
        let files = [PROJECT, ("src/domain.ts", DOMAIN), ("src/bus.ts", bus), ("src/use.ts", caller)];
        let edges = discovered(&files).edges.into_iter();
        edges.map(|it| format!("{}:{} {}", it.path, it.line, it.channel.name)).collect()
    };
    let caller = "
        import { Facts, ParcelLost } from './domain';
        export class Sender {
          constructor(private facts: Facts) {}
          async run(id: string) { await this.facts.tell([new ParcelLost(id)]); }
        }";
    assert_eq!(told(caller), ["src/use.ts:5 parcel.lost"]);
    assert_eq!(told(""), ["src/bus.ts:7 parcel.lost", "src/bus.ts:7 parcel.sent"]);
}

const METHODS: &str = "
    package shop;
    public interface Notice { String topic(); }
    class Shipped implements Notice { public String topic() { return \"shop.shipped\"; } }
    class Refunded implements Notice {
        static final String TOPIC = \"shop.refunded\";
        public String topic() { return TOPIC; }
    }";

const TEMPLATE: &str = "
    package shop;
    import org.springframework.kafka.core.KafkaTemplate;
    public class Notices {
        private KafkaTemplate<String, Notice> template;
        public void tell(Notice notice) { template.send(notice.topic(), notice); }
    }";

#[test]
fn each_type_has_a_method_that_says_its_channel() {
    let told = |caller: &str| -> Vec<String> {
        let files = [
            ("build.gradle", "implementation 'org.springframework.kafka:spring-kafka'"),
            ("src/Notice.java", METHODS),
            ("src/Notices.java", TEMPLATE),
            ("src/Use.java", caller),
        ];
        let edges = discovered(&files).edges.into_iter();
        edges.map(|it| format!("{}:{} {}", it.path, it.line, it.channel.name)).collect()
    };
    let caller = "
        package shop;
        class Refunds {
            private Notices notices;
            void refund() { notices.tell(new Refunded()); }
        }";
    assert_eq!(told(caller), ["src/Use.java:5 shop.refunded"]);
    assert_eq!(told(""), ["src/Notices.java:6 shop.refunded", "src/Notices.java:6 shop.shipped"]);
}
