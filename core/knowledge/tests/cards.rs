//! Every card, index entry and embedded skill is complete, and every name leads to one place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::collections::HashMap;

use archwright_knowledge::{Group, SECTIONS, mentions, nearest_pattern, pattern, patterns, skill_file, skill_files};
use archwright_syntax::data::{Format, Node, parse};

const KEYS: [&str; 13] = [
    "name",
    "kind",
    "group",
    "aliases",
    "quiet",
    "prose",
    "summary",
    "authority",
    "not-to-confuse",
    "companions",
    "related",
    "sources",
    "references",
];

const CARDS: [&str; 12] = [
    "transactional-outbox",
    "idempotent-receiver",
    "dead-letter-channel",
    "process-manager",
    "claim-check",
    "competing-consumers",
    "publish-subscribe-channel",
    "circuit-breaker",
    "bulkhead",
    "backpressure",
    "cache-aside",
    "lease-with-fencing-token",
];

/// The names the catalogue asks for, row by row.
const CATALOGUE: [(&str, &str); 9] = [
    ("A-281", "File Transfer; Shared Database; Remote Procedure Invocation; Messaging"),
    ("A-282", "Message Channel; Message; Pipes and Filters; Message Router; Message Translator; Message Endpoint"),
    (
        "A-283",
        "Point-to-Point Channel; Publish-Subscribe Channel; Datatype Channel; Invalid Message Channel; Dead Letter \
        Channel; Guaranteed Delivery; Channel Adapter; Messaging Bridge; Message Bus",
    ),
    (
        "A-284",
        "Command Message; Document Message; Event Message; Request-Reply; Return Address; Correlation Identifier; \
         Message Sequence; Message Expiration; Format Indicator",
    ),
    (
        "A-285",
        "Content-Based Router; Message Filter; Dynamic Router; Recipient List; Splitter; Aggregator; Resequencer; \
         Composed Message Processor; Scatter-Gather; Routing Slip; Process Manager; Message Broker",
    ),
    (
        "A-286",
        "Message Translator; Envelope Wrapper; Content Enricher; Content Filter; Claim Check; Normalizer; Canonical \
        Data Model",
    ),
    (
        "A-287",
        "Messaging Gateway; Messaging Mapper; Transactional Client; Polling Consumer; Event-Driven Consumer; \
        Competing Consumers; Message Dispatcher; Selective Consumer; Durable Subscriber; Idempotent Receiver; Service \
        Activator",
    ),
    (
        "A-288",
        "Control Bus; Detour; Wire Tap; Message History; Message Store; Smart Proxy; Test Message; Channel Purger",
    ),
    (
        "A-290",
        "Bounded Context; Database per Service; Circuit Breaker; Bulkhead; Timeout; Backpressure; Load Shedding; Rate \
        Limiting; Horizontal Autoscaling; Queue-Based Scaling; Sharding; Replication; Materialized View; Cache-Aside; \
        Read Replica; CQRS Read Model; Edge Cache; Lease; Fencing Token; Leader Election; CDC; Saga; Progressive \
        Delivery; Tenant Isolation; Quotas; Distributed Tracing; Retry Budget",
    ),
];

fn card_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    skill_files().filter_map(|it| Some((it.path.strip_prefix("knowledge/patterns/")?.strip_suffix(".md")?, it.text)))
}

fn front_and_body(text: &'static str) -> (&'static str, &'static str) {
    text.strip_prefix("---\n").and_then(|it| it.split_once("\n---\n\n")).expect("front matter")
}

#[test]
fn the_first_twelve_cards_exist() {
    for slug in CARDS {
        assert!(pattern(slug).is_some_and(|it| it.slug == slug), "{slug}");
    }
}

#[test]
fn every_named_pattern_of_the_catalogue_resolves() {
    for (row, names) in CATALOGUE {
        for name in names.split(';').map(str::trim) {
            assert!(pattern(name).is_some(), "{row}: {name}");
        }
    }
}

#[test]
fn front_matter_is_complete_and_correct() {
    for (slug, text) in card_files() {
        let (front, body) = front_and_body(text);
        let tree = parse(front, Format::Yaml);
        assert!(tree.errors().is_empty(), "{slug}: {:?}", tree.errors());
        let root = tree.root().unwrap();
        for entry in root.entries() {
            let key = entry.key;
            assert!(KEYS.contains(&key), "{slug}: {key}");
        }
        lists_are_whole(slug, root);
        for key in ["name", "kind", "group", "aliases", "summary", "related", "sources"] {
            assert!(root.get(key).is_some(), "{slug}: {key}");
        }
        assert_eq!(root.get("kind").unwrap().scalar(), Some("pattern"), "{slug}");
        assert!(Group::from_id(root.get("group").unwrap().scalar().unwrap()).is_some(), "{slug}");
        let lines = body.lines().count();
        assert!((25..=60).contains(&lines), "{slug}: {lines} lines");
    }
}

/// Every entry of the lists of a card is read, has the keys of its list, and ends its sentences.
fn lists_are_whole(slug: &str, root: Node<'_>) {
    let card = pattern(slug).unwrap();
    for (list, keys, read) in [
        ("authority", &["name", "as", "url"][..], card.authorities.len()),
        ("not-to-confuse", &["with", "because"], card.not_to_confuse.len()),
        ("companions", &["slug", "because"], card.companions.len()),
        ("references", &["title", "url"], card.references.len()),
    ] {
        let items: Vec<_> = root.get(list).map(|it| it.items().collect()).unwrap_or_default();
        assert_eq!(items.len(), read, "{slug}: {list}");
        for entry in items.iter().flat_map(|it| it.entries()) {
            let value = entry.value.scalar().unwrap_or_default();
            assert!(keys.contains(&entry.key) && !value.trim().is_empty(), "{slug}: {list}: {}", entry.key);
            assert!(entry.key != "url" || value.starts_with("https://"), "{slug}: {value}");
            assert!(entry.key != "because" || value.ends_with('.'), "{slug}: {value}");
        }
    }
}

#[test]
fn every_card_is_read() {
    assert_eq!(patterns().len(), card_files().count());
}

#[test]
fn data_files_have_no_syntax_errors() {
    for file in skill_files().filter(|it| Format::of_path(it.path).is_some()) {
        let tree = parse(file.text, Format::Yaml);
        assert!(tree.errors().is_empty(), "{}: {:?}", file.path, tree.errors());
    }
}

#[test]
fn headings_are_exactly_those_in_order() {
    for (slug, text) in card_files() {
        let headings: Vec<_> = text.lines().filter(|it| it.starts_with('#')).collect();
        assert_eq!(headings, SECTIONS.map(|it| format!("## {it}")), "{slug}");
        let card = pattern(slug).unwrap();
        for heading in SECTIONS {
            assert!(card.section(heading).is_some_and(|it| it.len() > 40), "{slug}: {heading}");
        }
    }
}

#[test]
fn one_sentence_stands_on_each_line() {
    for (slug, text) in card_files() {
        let (_, body) = front_and_body(text);
        for line in body.lines().filter(|it| !it.is_empty() && !it.starts_with('#')) {
            assert!(line.ends_with(['.', '?']), "{slug}: {line}");
            assert!(!line.ends_with(' ') && line.is_ascii(), "{slug}: {line}");
        }
    }
    for pattern in patterns() {
        assert!(pattern.summary.ends_with('.') && pattern.summary.starts_with(char::is_uppercase), "{}", pattern.name);
        assert!(!pattern.summary.contains(". "), "{}", pattern.name);
        assert!(pattern.companions.iter().all(|it| it.because.ends_with('.')), "{}", pattern.name);
    }
}

#[test]
fn links_between_cards_and_slugs_resolve() {
    for (slug, text) in card_files() {
        for link in text.split("](").skip(1).filter_map(|it| it.split_once(')')).map(|it| it.0) {
            if !link.starts_with("https://") {
                let target = link.strip_suffix(".md").unwrap_or(link);
                assert!(CARDS.contains(&target) || card_files().any(|it| it.0 == target), "{slug}: {link}");
            }
        }
    }
    for it in patterns() {
        for slug in it.related.iter().chain(it.companions.iter().map(|it| &it.slug)) {
            assert!(pattern(slug).is_some_and(|target| target.slug == *slug), "{}: {slug}", it.name);
            assert_ne!(*slug, it.slug);
        }
        assert!(!it.sources.is_empty(), "{}", it.name);
        for source in &it.sources {
            let (prefix, number) = source.split_once('-').unwrap();
            assert!(matches!(prefix, "A" | "D" | "E" | "H" | "N" | "T"), "{source}");
            assert!(number.trim_start_matches(char::is_uppercase).parse::<u16>().is_ok(), "{source}");
        }
    }
}

#[test]
fn every_name_alias_and_slug_resolves_to_its_own_pattern() {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for it in patterns() {
        for name in it.names().chain(&it.quiet).chain([&it.slug]) {
            assert_eq!(pattern(name).map(|it| &it.slug), Some(&it.slug), "{name}");
            assert_eq!(pattern(&name.to_uppercase()).map(|it| &it.slug), Some(&it.slug), "{name}");
            assert_eq!(pattern(&name.replace('-', " ")).map(|it| &it.slug), Some(&it.slug), "{name}");
        }
        for name in it.names().chain(&it.quiet) {
            let words = name.to_lowercase().replace(['-', '/'], " ");
            assert_eq!(seen.insert(words, &it.slug), None, "{name} stands twice");
        }
    }
}

/// Words that mean too much else to be a mention.
const SILENT: [&str; 8] =
    ["Message", "Messaging", "Message Broker", "Detour", "Timeout", "Retry", "Replication", "Quotas"];

#[test]
fn every_alias_that_counts_in_prose_is_found_there() {
    for it in patterns() {
        for name in it.names() {
            let text = format!("We use {name} here.");
            let found: Vec<_> = mentions(&text).into_iter().map(|it| it.pattern.slug.as_str()).collect();
            let expected: &[&str] = if SILENT.contains(&name.as_str()) { &[] } else { &[&it.slug] };
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn near_names_are_suggested_and_far_ones_are_not() {
    for (written, slug) in [
        ("Transactional Outbx", "transactional-outbox"),
        ("Idempotant Reciever", "idempotent-receiver"),
        ("Competing Consumer", "competing-consumers"),
        ("dead leter queue", "dead-letter-channel"),
        ("Circut Breaker pattern", "circuit-breaker"),
        ("Claimcheck", "claim-check"),
    ] {
        assert_eq!(nearest_pattern(written).map(|it| it.slug.as_str()), Some(slug), "{written}");
    }
    for written in ["", "DLX", "Order Service", "Banana Split", "Strategy", "Singleton", "🦀"] {
        assert_eq!(nearest_pattern(written).map(|it| it.slug.as_str()), None, "{written}");
    }
}

#[test]
fn hovers_are_short_and_pages_are_whole() {
    for it in patterns() {
        let hover = it.hover_markdown();
        assert!(hover.lines().count() <= 30, "{}: {} lines", it.name, hover.lines().count());
        for text in [hover, it.page_markdown()] {
            let targets = text.split("](").skip(1).filter_map(|it| it.split_once(')')).map(|it| it.0);
            assert!(targets.into_iter().all(|it| it.starts_with("https://")), "{}", it.name);
        }
    }
    let page = pattern("outbox").unwrap().page_markdown();
    for heading in SECTIONS {
        assert!(page.contains(&format!("\n## {heading}\n")), "{heading}");
    }
}

#[test]
fn a_hover_reads_well() {
    insta::assert_snapshot!(pattern("DLQ").unwrap().hover_markdown_for("Dead Letter\nChannels"));
}

#[test]
fn a_hover_ends_with_what_must_stand_beside() {
    let hover = pattern("splitter").unwrap().hover_markdown();
    let (_, companions) = hover.split_once("\n**Needs beside it**\n").unwrap();
    let names: Vec<_> = companions.lines().filter_map(|it| it.strip_prefix("- ")?.split(':').next()).collect();
    assert_eq!(names, ["Message Sequence", "Aggregator", "Message Expiration"]);
}

#[test]
fn another_name_than_ours_is_told() {
    let card = pattern("DLQ").unwrap();
    let first = |it: String| it.lines().next().unwrap().to_owned();
    let ours = "**Dead Letter Channel** (messaging channel)";
    assert_eq!(
        first(card.hover_markdown_for("dead-letter\nqueues")),
        format!("{ours}, here called \"dead-letter queues\"")
    );
    assert_eq!(first(card.hover_markdown_for("dead letter channel pattern")), ours);
}

#[test]
fn skills_keep_the_rules_of_agents() {
    for skill in skill_files().filter(|it| it.path.ends_with("/SKILL.md")) {
        let (front, body) = front_and_body(skill.text);
        let tree = parse(front, Format::Yaml);
        let root = tree.root().unwrap();
        for entry in root.entries() {
            let key = entry.key;
            assert!(
                matches!(key, "name" | "description" | "license" | "allowed-tools" | "compatibility" | "metadata"),
                "{key}"
            );
        }
        let folder = skill.path.strip_suffix("/SKILL.md").unwrap();
        assert_eq!(root.get("name").and_then(Node::scalar), Some(folder));
        let description = root.get("description").unwrap().scalar().unwrap();
        assert!((40..=1024).contains(&description.len()), "{folder}: {}", description.len());
        assert!(body.lines().count() < 120, "{folder}");
        for link in body.split("](").skip(1).filter_map(|it| it.split_once(')')).map(|it| it.0) {
            assert!(
                link.starts_with("https://") || skill_file(&format!("{folder}/{link}")).is_some(),
                "{folder}: {link}"
            );
        }
    }
}
