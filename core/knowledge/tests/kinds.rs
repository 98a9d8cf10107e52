//! Every card beside those of patterns is whole, has a name of its own, and leads only to cards that exist.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::collections::HashMap;

use archwright_knowledge::{
    CARD_KINDS, Card, CardKind, card, card_mentions, cards, cards_of, lexicon, mentions, nearest_card, pattern,
    patterns, skill_file, skill_files, title,
};
use archwright_syntax::data::{Format, Node, parse};

const KEYS: [&str; 13] = [
    "name",
    "kind",
    "aliases",
    "prose",
    "summary",
    "authority",
    "not-to-confuse",
    "companions",
    "related",
    "sources",
    "references",
    "rules",
    "proof",
];

/// How many cards of a kind there are at least: what the catalogue counts.
const COUNTS: [(&str, usize); 12] = [
    ("decision", 27),
    ("comparison", 20),
    ("platform", 12),
    ("failure-mode", 18),
    ("anti-pattern", 30),
    ("playbook", 8),
    ("practice", 20),
    ("test", 10),
    ("level", 3),
    ("incident", 8),
    ("tier", 4),
    ("term", 30),
];

/// The rows of the catalogue that are tables, and the kind that has a card for each of their rows.
const TABLES: [(&str, &str, usize); 4] =
    [("D-F", "failure-mode", 18), ("D-B", "decision", 27), ("D-T", "test", 10), ("D-S", "playbook", 8)];

/// The files in the folders of the kinds: folder, slug and text.
fn card_files() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    skill_files().filter_map(|it| {
        let (folder, file) = it.path.strip_prefix("knowledge/")?.split_once('/')?;
        let is_card = CARD_KINDS.iter().any(|kind| kind.folder == folder);
        Some((folder, file.strip_suffix(".md").filter(|_| is_card)?, it.text))
    })
}

fn front_and_body(text: &'static str) -> (&'static str, &'static str) {
    text.strip_prefix("---\n").and_then(|it| it.split_once("\n---\n\n")).expect("front matter")
}

#[test]
fn every_kind_has_its_cards() {
    for (id, least) in COUNTS {
        let kind = CardKind::from_id(id).expect(id);
        assert!(cards_of(kind).count() >= least, "{id}: {}", cards_of(kind).count());
    }
    assert_eq!(COUNTS.len(), CARD_KINDS.len());
    for (prefix, kind, count) in TABLES {
        for number in 1..=count {
            let row = format!("{prefix}{number:02}");
            let found =
                cards_of(CardKind::from_id(kind).unwrap()).filter(|it| it.sources.contains(&row.as_str().into()));
            assert_eq!(found.count(), 1, "{row}");
        }
    }
}

#[test]
fn front_matter_is_complete_and_correct() {
    for (folder, slug, text) in card_files() {
        let (front, _) = front_and_body(text);
        let tree = parse(front, Format::Yaml);
        assert!(tree.errors().is_empty(), "{slug}: {:?}", tree.errors());
        let root = tree.root().unwrap();
        let found = card(slug).filter(|it| it.slug == slug).expect(slug);
        assert_eq!(found.kind.folder, folder, "{slug}");
        for entry in root.entries() {
            assert!(KEYS.contains(&entry.key), "{slug}: {}", entry.key);
        }
        for key in ["name", "kind", "summary", "related", "sources"] {
            assert!(root.get(key).is_some(), "{slug}: {key}");
        }
        let lists = [
            ("authority", found.authorities.len()),
            ("not-to-confuse", found.not_to_confuse.len()),
            ("companions", found.companions.len()),
            ("references", found.references.len()),
            ("aliases", found.aliases.len()),
            ("related", found.related.len()),
            ("sources", found.sources.len()),
            ("rules", found.rules.len()),
        ];
        for (list, read) in lists {
            assert_eq!(root.get(list).map_or(0, Node::len), read, "{slug}: {list}");
        }
        let prose = root.get("prose").and_then(Node::scalar);
        assert!(matches!(prose, None | Some("any" | "capitalized")), "{slug}: {prose:?}");
    }
}

#[test]
fn bodies_are_short_and_have_the_headings_of_their_kind() {
    for it in cards().iter().filter(|it| !it.kind.sections.is_empty()) {
        let headings: Vec<_> = it.body.lines().filter_map(|it| it.strip_prefix("## ")).collect();
        let optional = |kind: &CardKind, heading: &str| kind.id == "tier" && heading == "Ask";
        let wanted =
            it.kind.sections.iter().filter(|heading| !optional(it.kind, heading) || headings.contains(heading));
        assert_eq!(headings, wanted.copied().collect::<Vec<_>>(), "{}", it.slug);
        assert!(it.body.lines().count() < 60, "{}: {} lines", it.slug, it.body.lines().count());
        for heading in headings {
            assert!(it.section(heading).is_some_and(|it| it.len() > 20), "{}: {heading}", it.slug);
        }
        assert!(it.kind.in_hover.iter().all(|heading| it.kind.sections.contains(heading)));
    }
}

#[test]
fn lines_are_sentences_or_rows_of_tables() {
    for (_, slug, text) in card_files() {
        let (_, body) = front_and_body(text);
        for line in body.lines().filter(|it| !it.is_empty() && !it.starts_with(['#', '|'])) {
            assert!(line.trim_end_matches('"').ends_with(['.', '?', ':']) && !line.ends_with(' '), "{slug}: {line}");
        }
        for table in body.split("\n\n").filter(|it| it.starts_with('|')) {
            let cells: Vec<_> = table.lines().map(|it| it.matches(" |").count() + it.matches("|-").count()).collect();
            assert!(table.lines().all(|it| it.starts_with('|') && it.ends_with('|')), "{slug}");
            let columns = |line: &str| line.trim_matches('|').split('|').count();
            assert!(table.lines().all(|it| columns(it) == columns(table.lines().next().unwrap())), "{slug}: {cells:?}");
        }
        assert!(text.is_ascii(), "{slug}");
    }
    for it in cards() {
        assert!(it.summary.ends_with('.') && it.summary.starts_with(char::is_uppercase), "{}", it.name);
        assert!(it.companions.iter().all(|it| it.because.ends_with('.')), "{}", it.name);
        assert!(it.not_to_confuse.iter().all(|it| it.because.ends_with('.')), "{}", it.name);
    }
}

#[test]
fn everything_that_is_named_exists() {
    let slugs =
        |it: &Card| it.related.iter().chain(it.companions.iter().map(|it| &it.slug)).cloned().collect::<Vec<_>>();
    for it in cards() {
        for slug in slugs(it) {
            let exists =
                pattern(&slug).is_some_and(|it| it.slug == slug) || card(&slug).is_some_and(|it| it.slug == slug);
            assert!(exists, "{}: {slug}", it.slug);
            assert!(slug != it.slug && title(&slug).is_some());
        }
        for source in &it.sources {
            let (prefix, number) = source.split_once('-').unwrap();
            assert!(matches!(prefix, "A" | "D" | "E" | "H" | "N" | "T"), "{source}");
            assert!(number.trim_start_matches(char::is_uppercase).parse::<u16>().is_ok(), "{source}");
        }
        let from_a_file = card_files().any(|(_, slug, _)| slug == it.slug);
        assert!(skill_file(&format!("knowledge/{}", it.file())).is_some(), "{}", it.slug);
        assert!(!from_a_file || !it.sources.is_empty() && !it.related.is_empty(), "{}", it.slug);
        for reference in &it.references {
            assert!(reference.url.as_ref().is_none_or(|it| it.starts_with("https://")), "{}", it.slug);
        }
    }
}

#[test]
fn every_name_leads_to_its_own_card_and_to_no_pattern() {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for it in cards() {
        for name in it.names().chain([&it.slug]) {
            assert_eq!(pattern(name).map(|it| &it.slug), None, "{name} of {} is a pattern", it.slug);
            for name in [name.to_string(), name.to_uppercase(), name.replace('-', " ")] {
                assert_eq!(card(&name).map(|it| &it.slug), Some(&it.slug), "{name}");
            }
        }
        for name in it.names() {
            let words = name.to_lowercase().replace(['-', '/'], " ");
            assert_eq!(seen.insert(words, &it.slug), None, "{name} stands twice");
        }
    }
    let mut titles: Vec<_> = cards().iter().map(|it| &it.slug).chain(patterns().iter().map(|it| &it.slug)).collect();
    let all = titles.len();
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), all, "two cards have one slug");
}

#[test]
fn every_platform_is_a_technology_and_answers_to_its_spellings() {
    for it in cards_of(CardKind::from_id("platform").unwrap()) {
        let technology = lexicon::technology(&it.name).expect(&it.name);
        assert_eq!(technology.name, it.name);
        for name in &technology.aliases {
            assert_eq!(card(name).map(|it| &it.slug), Some(&it.slug), "{name}");
        }
        assert!(!it.references.is_empty() && it.references.iter().all(|it| it.url.is_some()), "{}", it.slug);
    }
}

fn named(text: &str) -> Vec<(&str, &str)> {
    card_mentions(text).into_iter().map(|(span, it)| (it.slug.as_str(), span.of(text))).collect()
}

#[test]
fn only_unmistakable_names_are_mentions() {
    assert_eq!(
        named("Kafka feeds SQS; a retry storm follows the dual writes, and EventBridge is next."),
        [
            ("apache-kafka", "Kafka"),
            ("amazon-sqs", "SQS"),
            ("retry-storm", "retry storm"),
            ("dual-write", "dual writes"),
            ("amazon-eventbridge", "EventBridge"),
        ]
    );
    assert_eq!(
        named("Each idempotency key outlives the visibility timeouts."),
        [("idempotency-key", "idempotency key"), ("visibility-timeout", "visibility timeouts"),]
    );
    for text in [
        "at least once a day a subscriber of the publisher reads a projection",
        "a temporal table, nats and a pulsar",
        "the prototype replays regions, tests and envelopes",
        "a command or event, push or pull, level 0, guarantees and terms",
        "the offset of the producer in the queue, an exchange of topics",
        "docs/kafka/x.md and orders.kafka.topic",
        "an error budget, an excuse, production, a runbook, a consumer",
    ] {
        assert_eq!(named(text), [], "{text}");
    }
}

#[test]
fn a_name_that_counts_in_prose_is_found_there_and_is_no_pattern() {
    let mut counted = 0;
    for it in cards() {
        let text = format!("We saw {} here.", it.name);
        let found = card_mentions(&text);
        assert!(found.iter().all(|(_, found)| found.slug == it.slug || found.kind.id != "anti-pattern"), "{text}");
        if found.iter().any(|(_, found)| found.slug == it.slug) {
            counted += 1;
            assert!(it.name.contains([' ', '-']) || lexicon::technology(&it.name).is_some(), "{}", it.name);
            assert_eq!(mentions(&text).len(), 0, "{}", it.name);
        }
    }
    assert!(counted > 40, "{counted}");
}

#[test]
fn hovers_are_short_and_pages_are_whole() {
    for it in cards() {
        let (hover, page) = (it.hover_markdown_for(&it.name), it.page_markdown_for(&it.name));
        assert!(hover.lines().count() <= 30, "{}: {} lines", it.name, hover.lines().count());
        assert!(page.starts_with(&format!("# {}\n\n", it.name)), "{page}");
        for heading in it.body.lines().filter(|it| it.starts_with("## ")) {
            assert!(page.contains(&format!("\n{heading}\n")), "{}: {heading}", it.name);
        }
        assert!(!page.contains("[TBD"), "{}", it.name);
        for text in [hover, page] {
            let targets = text.split("](").skip(1).filter_map(|it| it.split_once(')')).map(|it| it.0);
            assert!(targets.into_iter().all(|it| it.starts_with("https://")), "{}", it.name);
        }
    }
}

#[test]
fn cards_made_from_data_read_well() {
    insta::assert_snapshot!("incident", card("DLQ triage").unwrap().page_markdown_for("dlq-triage"));
    insta::assert_snapshot!("tier", card("service-ready").unwrap().page_markdown_for("service-ready"));
    insta::assert_snapshot!("term", card("visibility timeout").unwrap().page_markdown_for("visibility timeouts"));
    insta::assert_snapshot!("failure", card("lost event").unwrap().page_markdown_for("lost event"));
    insta::assert_snapshot!("platform_hover", card("SQS").unwrap().hover_markdown_for("SQS"));
}

#[test]
fn every_slip_of_a_long_name_finds_its_card() {
    let mut asked = 0;
    for it in cards().iter().filter(|it| it.kind.id != "term" && it.name.len() >= 10) {
        let letters: Vec<char> = it.name.chars().collect();
        let at = letters.len() / 2;
        let mut swapped = letters.clone();
        swapped.swap(at, at + 1);
        let dropped: String = [&letters[..at], &letters[at + 1..]].concat().into_iter().collect();
        for written in [swapped.into_iter().collect(), dropped] {
            if pattern(&written).is_none() {
                asked += 1;
                assert_eq!(nearest_card(&written).map(|it| it.name.as_str()), Some(it.name.as_str()), "{written}");
            }
        }
    }
    assert!(asked > 200, "{asked}");
    for far in ["", "Order Service", "Banana Split", "xyzzy", "🦀"] {
        assert_eq!(nearest_card(far).map(|it| it.slug.as_str()), None, "{far}");
    }
}
