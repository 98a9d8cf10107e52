//! Explanations: what a rule, a pattern or another card is, from the same text that pages and hovers show.

mod brief;
mod nearest;
mod page;
mod topics;

use archwright_knowledge as knowledge;
use archwright_syntax::markdown;

use archwright_rules::{self as rules, Rule, prelude::enumerate};

pub use topics::topics;

/// What kind of thing was explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExplanationKind {
    /// A rule.
    Rule,
    /// A pattern.
    Pattern,
    /// A card of another kind: a failure mode, a platform, a decision ...
    Card,
    /// A checklist of the knowledge base.
    Checklist,
    /// The names of what can be explained.
    List,
}

/// An explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Of what.
    pub kind: ExplanationKind,
    /// The canonical name: a rule's code or a card's name, and behind a colon the section if one was asked for.
    pub name: String,
    /// The text in Markdown, with a title.
    pub markdown: String,
}

/// Nothing is known under the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing is known as `{name}`{}", hint(.nearest))]
pub struct UnknownName {
    /// What was asked for.
    pub name: String,
    /// What may have been meant.
    pub nearest: Vec<String>,
}

fn hint(nearest: &[String]) -> String {
    if nearest.is_empty() {
        // The lists of cards would fill the answer; `cards` has them.
        let topics: Vec<String> = topics::general().map(|(name, what)| format!("`{name}` ({what})")).collect();
        format!(": write a rule's code, a card's name, or one of {}", topics.join(", "))
    } else {
        let nearest: Vec<String> = nearest.iter().map(|it| format!("`{it}`")).collect();
        format!("; did you mean {}?", enumerate(&nearest, "or"))
    }
}

/// Explains a rule by its code, a pattern or another card by any of its names, or one of [`topics()`]. With a heading
/// behind a colon (`Claim Check: Failure modes`) it is that section alone.
///
/// # Errors
/// If there is nothing of this name; the error names what is near.
pub fn explain(name: &str) -> Result<Explanation, UnknownName> {
    let name = name.trim().trim_matches('`').trim();
    whole(name)
        .or_else(|| name.split_once(':').and_then(|(of, heading)| whole(of.trim())?.section(heading.trim())))
        .ok_or_else(|| UnknownName { name: name.to_owned(), nearest: nearest::nearest(name) })
}

fn whole(name: &str) -> Option<Explanation> {
    if let Some((kind, markdown)) = topics::topic(name) {
        return Some(Explanation { kind, name: name.to_lowercase(), markdown });
    }
    if let Some(rule) = rules::rule(name) {
        return Some(of_rule(rule));
    }
    if let Some(pattern) = knowledge::pattern(name) {
        let markdown = pattern.page_markdown_for(name);
        return Some(Explanation { kind: ExplanationKind::Pattern, name: pattern.name.to_string(), markdown });
    }
    if let Some(card) = knowledge::card(name) {
        let markdown = card.page_markdown_for(name);
        return Some(Explanation { kind: ExplanationKind::Card, name: card.name.to_string(), markdown });
    }
    // `dead-target` is enough when only one family has it.
    let mut named = rules::rules().iter().filter(|it| it.name() == name);
    match (named.next(), named.next()) {
        (Some(rule), None) => Some(of_rule(rule)),
        _ => covered(name),
    }
}

/// The card that covers a word that no card is named after, with what the word means.
fn covered(name: &str) -> Option<Explanation> {
    let word = knowledge::word(name)?;
    let found = whole(&word.card)?;
    let (title, rest) = found.markdown.split_once("\n\n")?;
    let markdown =
        format!("{title}\n\n\"{name}\" has no card of its own. {} This card covers it.\n\n{rest}", word.means);
    Some(Explanation { markdown, ..found })
}

/// Something that can be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explainable {
    /// What kind of thing it is.
    pub kind: ExplanationKind,
    /// The name that a computer gives it: `transactional-outbox`, `link/dead-target`.
    pub id: &'static str,
    /// The name that readers give it.
    pub title: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// Whether there is more to say than the sentence.
    pub is_long: bool,
}

/// All checklists and lists, patterns, other cards and rules, in this order.
pub fn explainable() -> impl Iterator<Item = Explainable> {
    let topic = |(id, about): (&'static str, &'static str)| {
        let is_long = !matches!(topics::topic(id), Some((ExplanationKind::List, _)));
        let kind = if is_long { ExplanationKind::Checklist } else { ExplanationKind::List };
        Explainable { kind, id, title: id, about, is_long }
    };
    let pattern = |it: &'static knowledge::Pattern| Explainable {
        kind: ExplanationKind::Pattern,
        id: &it.slug,
        title: &it.name,
        about: &it.summary,
        is_long: true,
    };
    let card = |it: &'static knowledge::Card| Explainable {
        kind: ExplanationKind::Card,
        id: &it.slug,
        title: &it.name,
        about: &it.summary,
        is_long: !it.body.is_empty(),
    };
    let rule = |it: &&'static Rule| Explainable {
        kind: ExplanationKind::Rule,
        id: it.code,
        title: it.code,
        about: it.summary,
        is_long: true,
    };
    let cards = knowledge::patterns().iter().map(pattern).chain(knowledge::cards().iter().map(card));
    topics().map(topic).chain(cards).chain(rules::rules().iter().map(rule))
}

fn of_rule(rule: &Rule) -> Explanation {
    Explanation { kind: ExplanationKind::Rule, name: rule.code.to_owned(), markdown: rule_page(rule) }
}

/// The whole page of a rule, with links to the rows of the catalogue that it carries.
pub fn rule_page(rule: &Rule) -> String {
    let rows: Vec<String> = rule.source_urls().map(|(row, url)| format!("[{row}]({url})")).collect();
    format!("{}\nCatalogue: {}.\n", rule_text(rule), rows.join(", "))
}

/// The cards that say how to mend what a rule finds, by their own word.
fn cards_for(rule: &Rule) -> Vec<&'static str> {
    let patterns = knowledge::patterns().iter().filter(|it| it.rules.iter().any(|it| it == rule.code));
    let cards = knowledge::cards().iter().filter(|it| it.rules.iter().any(|it| it == rule.code));
    patterns.map(|it| it.name.as_str()).chain(cards.map(|it| it.name.as_str())).collect()
}

/// The page of a rule without the rows of the catalogue.
pub fn rule_text(rule: &Rule) -> String {
    let cards = cards_for(rule);
    let cards = if cards.is_empty() { String::new() } else { format!("## Cards\n\n{}.\n\n", cards.join(", ")) };
    let fix = if rule.fixable() { "It has a fix." } else { "It has no fix." };
    let kinds: Vec<String> = rule.applies_to.iter().map(|it| format!("`{it}`")).collect();
    let kinds = if kinds.len() > 15 { "every file".to_owned() } else { kinds.join(", ") };
    let dialects = if rule.any_dialect {
        ""
    } else {
        " It looks only at documents in the configured layout, or whose front matter names their kind."
    };
    format!(
        "# {code}\n\n{summary}\n\nDefault severity: **{severity}**{optional}. {fix} Looks at: {kinds}.{dialects}\n\n\
        ## Why\n\n{page}\n{cards}## Configuration\n\n```toml\n[rules]\n\
        \"{code}\" = \"off\" # or \"hint\", \"info\", \"warning\", \"error\"\n```\n\n\
        In one place: `<!-- archwright: allow {code} -- reason -->`.\n",
        code = rule.code,
        summary = rule.summary,
        severity = rule.severity,
        optional = if rule.optional { ", and off unless it is asked for" } else { "" },
        page = page::readable(rule.page),
    )
}

/// The part of a rule's page that fits a hover: what it finds and why that matters.
pub fn rule_hover(rule: &Rule) -> String {
    let tree = markdown::parse(rule.page);
    let end = tree.sections.get(1).map_or(rule.page.len(), |it| it.heading.start as usize);
    let why = rule.page.get(..end).unwrap_or_default().trim();
    format!("**{}** ({})\n\n{}\n\n{}\n\n[Documentation]({})", rule.code, rule.severity, rule.summary, why, rule.url())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(name: &str) -> Vec<String> {
        explain(name).unwrap_err().nearest
    }

    #[test]
    fn a_slip_of_any_kind_of_name_gets_the_name() {
        for (written, name) in [
            ("transactional outbx", "Transactional Outbox"),
            ("outboks", "Transactional Outbox"),
            ("saga patern", "Saga"),
            ("Sagga", "Saga"),
            ("link/dead-tagret", "link/dead-target"),
            ("links/dead-target", "link/dead-target"),
            ("dead-targt", "link/dead-target"),
            ("links/*", "link/*"),
            ("shcema/*", "schema/*"),
            ("reliabilty", "reliability"),
            ("concern", "concerns"),
            ("distribted", "distributed"),
            ("paterns", "patterns"),
        ] {
            assert!(meant(written).iter().any(|it| it == name), "{written}: {:?}", meant(written));
            assert!(explain(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_slip_of_the_name_of_any_card_gets_the_name() {
        // Fifty as people write them: letters swapped, doubled, dropped or spelt by ear.
        let written = [
            ("Retry Strom", "Retry Storm"),
            ("cache stampeed", "Cache Stampede"),
            ("thundering heard", "Cache Stampede"),
            ("split brian", "Split Brain"),
            ("hot partion", "Hot Partition"),
            ("poisen message", "Poison Message Loop"),
            ("duplicate delivry", "Duplicate Delivery"),
            ("out of order delivary", "Out-of-Order Delivery"),
            ("lost publsh", "Lost Publish"),
            ("early acknowledgment", "Early Acknowledgement"),
            ("zombie lock holdr", "Zombie Lock Holder"),
            ("schema drifft", "Schema Drift"),
            ("clock skeew", "Clock Skew"),
            ("replay side efect", "Replay Side Effect"),
            ("lost trace contxt", "Lost Trace Context"),
            ("rabitmq", "RabbitMQ"),
            ("rabbit qm", "RabbitMQ"),
            ("apache kafak", "Apache Kafka"),
            ("nats jetstraem", "NATS JetStream"),
            ("amazon eventbrige", "Amazon EventBridge"),
            ("azure servicebuss", "Azure Service Bus"),
            ("google cloud pubsub", "Google Cloud Pub/Sub"),
            ("amazon kinessis", "Amazon Kinesis"),
            ("apache pulsr", "Apache Pulsar"),
            ("temporl", "Temporal"),
            ("debeziun", "Debezium"),
            ("redis steams", "Redis Streams"),
            ("aws step funktions", "AWS Step Functions"),
            ("amazon dynamodbb", "Amazon DynamoDB"),
            ("dual wrtie", "Dual Write"),
            ("distributed monolit", "Distributed Monolith"),
            ("god envelpe", "God Envelope"),
            ("event sopu", "Event Soup"),
            ("relability theater", "Reliability Theater"),
            ("noisy neigbour", "Noisy Neighbour"),
            ("late integation", "Late Integration"),
            ("broadcast comand", "Broadcast Command"),
            ("synchronous cal chain", "Synchronous Call Chain"),
            ("cros service writes", "Cross-Service Writes"),
            ("third party webhoks", "Third-Party Webhooks"),
            ("read after wriet", "Read After Write"),
            ("delivery garantees", "Delivery Guarantees"),
            ("retry taxonmy", "Retry Taxonomy"),
            ("ordering kyes", "Ordering Keys"),
            ("dedupliction stores", "Deduplication Stores"),
            ("consistency modles", "Consistency Models"),
            ("service level objektives", "Service Level Objectives"),
            ("webhook securty", "Webhook Security"),
            ("order fullfilment", "Order Fulfilment"),
            ("dlq traige", "DLQ triage"),
        ];
        assert_eq!(written.len(), 50);
        for (written, name) in written {
            let meant = meant(written);
            assert!(meant.iter().any(|it| it == name) && meant.len() < 3, "{written}: {meant:?}");
        }
        // And each name with two letters swapped in its middle.
        let mut asked = 0;
        for it in explainable().filter(|it| it.kind == ExplanationKind::Card && it.is_long && it.title.len() > 9) {
            let mut letters: Vec<char> = it.title.chars().collect();
            let at = letters.len() / 2;
            letters.swap(at, at + 1);
            let written: String = letters.into_iter().collect();
            if explain(&written).is_err() {
                asked += 1;
                assert!(meant(&written).iter().any(|name| name == it.title), "{written}: {:?}", meant(&written));
            }
        }
        assert!(asked > 100, "{asked}");
    }

    #[test]
    fn every_card_is_explained_by_each_of_its_names_and_listed() {
        for it in explainable() {
            assert_eq!(explain(it.id).unwrap().name, explain(it.title).unwrap().name, "{}", it.id);
        }
        for card in knowledge::cards() {
            for name in card.names() {
                assert_eq!(explain(name).unwrap().name, card.name, "{name}");
            }
            let list = explain(card.kind.folder).unwrap();
            assert!(list.kind == ExplanationKind::List && list.markdown.contains(card.name.as_str()), "{}", card.name);
            assert!(explain("cards").unwrap().markdown.contains(&format!("`{}`", card.kind.folder)));
        }
    }

    #[test]
    fn cards_name_rules_that_exist_and_rules_name_them() {
        let patterns = knowledge::patterns().iter().flat_map(|it| it.rules.iter().map(|rule| (&it.name, rule)));
        let cards = knowledge::cards().iter().flat_map(|it| it.rules.iter().map(|rule| (&it.name, rule)));
        let mut named = 0;
        for (name, code) in patterns.chain(cards) {
            named += 1;
            assert!(rules::rule(code).is_some(), "{name}: {code}");
            let cards = explain(&format!("{code}: Cards")).unwrap().markdown;
            assert!(cards.contains(name.as_str()), "{cards}");
            assert!(explain(name).is_ok());
        }
        assert!(named > 60, "{named}");
    }

    #[test]
    fn words_without_a_card_lead_to_the_one_that_covers_them() {
        let mut asked = 0;
        for word in knowledge::words() {
            assert!(word.means.ends_with('.') && word.means.len() <= 160, "{}", word.means);
            let title = knowledge::title(&word.card).unwrap_or_else(|| panic!("{}", word.card));
            for name in &word.names {
                asked += 1;
                let found = explain(name).unwrap();
                let lead = format!("# {title}\n\n\"{name}\" has no card of its own. {}", word.means);
                assert!(found.markdown.starts_with(&lead), "{name}: {}", found.markdown);
                assert_eq!(knowledge::word(name), Some(word), "{name} stands twice");
            }
        }
        assert!(asked > 90, "{asked}");
        assert_eq!(
            explain("keda: How it is built").map(|it| it.name).ok(),
            explain("queue-based-scaling: How it is built").map(|it| it.name).ok()
        );
    }

    #[test]
    fn what_people_ask_for_most_is_known() {
        let asked = "Kafka Streams; Flink; ksqlDB; data mesh; data contract; delay queue; optimistic locking; \
            pessimistic locking; vector clock; Lamport clock; UUIDv7; ULID; SSE; Server-Sent Events; \
            WebSocket; blue-green; under-replicated; KRaft; ZooKeeper; compaction; semantic versioning; token \
            bucket; leaky bucket; two-generals; consistent hashing; Raft; Paxos; gossip protocol; aggregate; \
            snapshot; event upcasting; deduplication; outbox relay; polling publisher; W3C trace context; \
            sticky partitioner; high watermark; log end offset; offset commit; quorum queue; routing key; \
            topic exchange; Camunda; linger.ms; NTP; causal consistency; snapshot isolation; write skew; lost \
            update; distributed transaction; GraphQL subscription; gRPC streaming; REST; protobuf; JSON \
            Schema; AsyncAPI; OpenAPI; MTTR; postmortem; SLA; C4 model; transitive compatibility; Postel's \
            law; HMAC signature; OAuth; data lineage; data residency; multi-tenancy; replication lag; failover";
        for name in asked.split("; ") {
            assert!(explain(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn one_section_can_be_asked_for() {
        let section = explain("outbox: failure mode").unwrap();
        assert_eq!(section.name, "Transactional Outbox: Failure modes");
        assert_eq!(explain("`SQS: traps`").unwrap().name, "Amazon SQS: Traps");
        assert_eq!(explain("link/dead-target: why").unwrap().name, "link/dead-target: Why");
        assert!(explain("Claim Check: Banana").is_err() && explain("Banana: Traps").is_err());
    }

    #[test]
    fn a_part_of_a_name_gets_the_names_that_have_it() {
        for (written, name) in [
            ("dead letter", "Dead Letter Channel"),
            ("circuit", "Circuit Breaker"),
            ("idempotent", "Idempotent Receiver"),
            ("ordering mismatch", "channel/ordering-key-mismatch"),
            ("schema", "schema/*"),
            ("the asyncapi rules", "asyncapi/*"),
            ("incompatible change", "schema/incompatible-change"),
        ] {
            let meant = meant(written);
            assert!(meant.iter().any(|it| it == name) && meant.len() <= 6, "{written}: {meant:?}");
            assert!(meant.iter().all(|it| explain(it).is_ok()), "{meant:?}");
        }
    }

    #[test]
    fn what_is_like_nothing_gets_no_guess() {
        for name in ["no such thing", "", "rule", "zzzz", "xyz/*", "ünï-côdé 😀"] {
            let result = explain(name);
            let nearest = result.err().map(|it| it.nearest).unwrap_or_default();
            assert!(nearest.iter().all(|it| topics().any(|topic| topic.0 == it)), "{name}: {nearest:?}");
        }
    }
}
