//! Faults that are planted into the clean sample: those of the pages of the rules, and those that take away what makes
//! a document right. Each is caught by exactly the rule that is meant.

use std::collections::BTreeSet;

use archwright_analysis::{
    Kind, Rule,
    page::{self, Role},
};

use crate::{
    Bench, content_rules,
    seeds::{CONTRACT, DESIGN, LAUNCH, Place, RECORD, TRIAGE, without},
};

/// What share of the mutations is caught by exactly the rule that is meant, in per mille.
const CAUGHT: usize = 980;

/// A change that makes a clean document wrong.
struct Mutation {
    rule: &'static str,
    kind: Kind,
    what: What,
}

/// What is changed; nothing where a document has no such place.
enum What {
    /// What a field says.
    Field(&'static str, &'static str),
    /// A piece of the value of a field that is taken out.
    Cut(&'static str, &'static str),
    /// An item that comes under a heading.
    Item(&'static str, &'static str),
    /// A step that comes under a heading.
    Step(&'static str, &'static str),
    /// A paragraph that comes under a heading.
    Paragraph(&'static str, &'static str),
    /// Pieces that are taken out wherever they stand.
    Without(&'static [&'static str]),
    /// Lines with these words go, and an item comes under a heading.
    ItemWithout(&'static [&'static str], &'static str, &'static str),
}

const fn mutation(rule: &'static str, kind: Kind, what: What) -> Mutation {
    Mutation { rule, kind, what }
}

const MUTATIONS: &[Mutation] = &[
    mutation(
        "reliability/incomplete-answer",
        Kind::Design,
        What::Field("Retry", "exponential backoff with jitter; what is permanent is not tried again."),
    ),
    mutation(
        "reliability/incomplete-answer",
        Kind::Design,
        What::Field("Bad messages", "they go to `orders.placed.v1.dlq`."),
    ),
    mutation(
        "reliability/unbounded-retry",
        Kind::Design,
        What::Field("Retry", "exponential backoff with jitter until it succeeds."),
    ),
    mutation(
        "reliability/unbounded-retry",
        Kind::Design,
        What::Field("Retry", "an unlimited number of attempts with backoff."),
    ),
    mutation(
        "reliability/unbounded-retry",
        Kind::Contract,
        What::Paragraph("DLQ and replay", "A message that fails is redelivered forever."),
    ),
    mutation(
        "reliability/unreachable-cap",
        Kind::Design,
        What::Field("Retry", "5 attempts, exponential from 200 ms, factor 2, cap 10 s; permanent errors skip it."),
    ),
    mutation(
        "reliability/unreachable-cap",
        Kind::Design,
        What::Field("Retry", "5 attempts, exponential with an initial delay of 1 minute, capped at 30 s."),
    ),
    mutation(
        "reliability/overclaimed-delivery",
        Kind::Design,
        What::Field("Delivery", "exactly-once from the producer to every consumer."),
    ),
    mutation("reliability/overclaimed-delivery", Kind::Contract, What::Field("Delivery", "exactly once")),
    mutation("reliability/overclaimed-delivery", Kind::Contract, What::Field("Delivery", "at-most-once, without loss")),
    mutation("reliability/overclaimed-order", Kind::Design, What::Field("Ordering", "total order of all events.")),
    mutation(
        "reliability/overclaimed-order",
        Kind::Design,
        What::Field("Ordering", "events are globally ordered, by `order_id` too."),
    ),
    mutation("reliability/unguarded-repetition", Kind::Contract, What::Field("Idempotency key", "none")),
    mutation("reliability/unguarded-repetition", Kind::Design, What::Field("Idempotency", "not needed.")),
    mutation("reliability/hollow-answer", Kind::Design, What::Field("Failure boundary", "fine")),
    mutation("reliability/hollow-answer", Kind::Design, What::Field("Observability", "handled by the platform.")),
    mutation("reliability/hollow-answer", Kind::Design, What::Field("Idempotency", "Kafka takes care of it.")),
    mutation(
        "reliability/vague-alert",
        Kind::Design,
        What::Field("Observability", "`traceparent` on every event; an alert on lag and DLQ depth."),
    ),
    mutation("reliability/vague-alert", Kind::Contract, What::Cut("DLQ", " at 1 message")),
    mutation(
        "reliability/dual-write",
        Kind::Design,
        What::ItemWithout(
            &["utbox", "inbox"],
            "Patterns",
            "Publish-Subscribe Channel: the service commits the order row and then publishes the event.",
        ),
    ),
    mutation(
        "runbook/unbounded-redrive",
        Kind::Runbook,
        What::Step("Mitigation", "Fix the consumer, then redrive everything at once."),
    ),
    mutation(
        "runbook/unbounded-redrive",
        Kind::Runbook,
        What::Without(&[" at 50 messages per second", " at 20 messages per second"]),
    ),
    mutation(
        "document/vague-trigger",
        Kind::Runbook,
        What::Item("Stop criteria", "Stop when the service looks unhealthy."),
    ),
    mutation("document/vague-trigger", Kind::Runbook, What::Item("Stop criteria", "Stop as needed.")),
    mutation("document/vague-trigger", Kind::Launch, What::Field("Trigger", "too many requests fail.")),
    mutation("document/vague-trigger", Kind::Launch, What::Field("Trigger", "the error rate is elevated.")),
    mutation("document/vague-owner", Kind::Runbook, What::Item("Post-incident", "**Owner**: everybody")),
    mutation("document/vague-owner", Kind::Contract, What::Item("Patterns", "**Owners**: all teams")),
    mutation(
        "document/unowned-question",
        Kind::Design,
        What::Item("Open questions", "Shall both of them keep the old record?"),
    ),
    mutation(
        "document/wrong-arithmetic",
        Kind::Design,
        What::Item("Patterns", "Competing Consumers: 12 partitions × 10/s = 140/s."),
    ),
    mutation(
        "document/wrong-arithmetic",
        Kind::Contract,
        What::Item("Patterns", "Competing Consumers: 3 GB + 5 GB = 9 GB a week."),
    ),
    mutation(
        "document/wrong-weekday",
        Kind::Launch,
        What::Item("Acknowledged risks", "The freeze begins on Monday 2026-06-02 and is accepted by team-orders."),
    ),
    mutation(
        "document/wrong-weekday",
        Kind::Adr,
        What::Paragraph("Context", "The cluster was replaced on Friday, 3 January 2027."),
    ),
    mutation(
        "decision/uncommitted",
        Kind::Adr,
        What::Paragraph("Decision", "We might take either the old way or the new one."),
    ),
    mutation("decision/uncommitted", Kind::Adr, What::Paragraph("Decision", "The way is to be decided by the team.")),
    mutation(
        "launch/open-blockers",
        Kind::Launch,
        What::Item("Blockers", "The alert of the dead letters is not wired yet."),
    ),
    mutation("launch/open-blockers", Kind::Launch, What::Item("Blockers", "Load test: to be closed.")),
];

impl Mutation {
    /// The document before and after; nothing if it has no such place.
    fn of(&self, text: &str) -> Option<(String, String)> {
        let under = |text: &str, heading: &str, place: fn(&'static str) -> Place, said: &str| {
            let line = text.lines().find(|it| it.starts_with('#') && it.trim_start_matches('#').trim() == heading)?;
            // The headings of a sample are few, and live as long as the test.
            Some(place(line.to_owned().leak()).plant(text, said))
        };
        let before = text.to_owned();
        let after = match self.what {
            What::Field(name, value) => replace_field(text, name, |_| value.to_owned())?,
            What::Cut(name, piece) => replace_field(text, name, |it| cut_link(&it.replace(piece, "")))?,
            What::Item(heading, said) => under(text, heading, Place::Item, said)?,
            What::Step(heading, said) => under(text, heading, Place::Step, said)?,
            What::Paragraph(heading, said) => under(text, heading, Place::Paragraph, said)?,
            What::Without(pieces) => {
                let bare = pieces.iter().fold(text.to_owned(), |text, it| text.replace(it, ""));
                return (bare != text).then_some((before, bare));
            }
            What::ItemWithout(words, heading, said) => {
                let bare = without(text, words);
                let after = under(&bare, heading, Place::Item, said)?;
                return Some((bare, after));
            }
        };
        Some((before, after))
    }
}

/// Exchanges what stands behind the name of a field.
fn replace_field(text: &str, name: &str, value: impl Fn(&str) -> String) -> Option<String> {
    let start = format!("**{name}**:");
    let at = text.find(&start)? + start.len();
    let end = at + text[at..].find('\n')?;
    Some(format!("{} {}{}", &text[..at], value(text[at..end].trim()), &text[end..]))
}

/// A value without its last link, which might say the rest.
fn cut_link(value: &str) -> String {
    value.rsplit_once(", [").map_or(value, |it| it.0).to_owned()
}

/// What a planting came to.
#[derive(Default)]
struct Tally {
    planted: usize,
    caught: usize,
    wrong: Vec<String>,
    rules: BTreeSet<&'static str>,
}

impl Tally {
    /// Rules that hold documents against each other may speak as well: a clean document that claims more is held to it.
    fn count(&mut self, rule: &'static str, found: &BTreeSet<&'static str>, what: &str) {
        let judges = |it: &&&'static str| content_rules().any(|rule| rule.code == **it);
        let found: BTreeSet<_> = found.iter().filter(judges).copied().collect();
        let found = &found;
        self.planted += 1;
        self.rules.insert(rule);
        if found.iter().eq([&rule]) {
            self.caught += 1;
        } else {
            self.wrong.push(format!("{rule}: {found:?}: {what}"));
        }
    }

    fn check(&self, least: usize) {
        println!("{} of {} are caught by exactly the rule that is meant: {:#?}", self.caught, self.planted, self.wrong);
        assert!(self.planted >= least, "only {} were planted", self.planted);
        assert!(self.caught * 1000 >= self.planted * CAUGHT, "{} of {}: {:#?}", self.caught, self.planted, self.wrong);
    }
}

#[test]
fn what_makes_a_clean_document_wrong_is_caught_by_the_rule_that_is_meant() {
    let mut bench = Bench::open("shop");
    let mut tally = Tally::default();
    for path in bench.documents() {
        bench.restore();
        let (kind, text) = (bench.kind(&path), bench.text(&path));
        for mutation in MUTATIONS.iter().filter(|it| it.kind == kind) {
            // What is superseded is in force no more.
            let in_force = mutation.rule != "decision/uncommitted" || text.contains("**Status**: Accepted");
            let Some((before, after)) = mutation.of(&text).filter(|_| in_force) else { continue };
            let found = bench.new_rules(&path, &before, &after);
            tally.count(mutation.rule, &found, &path);
        }
    }
    tally.check(90);
    let untouched: Vec<_> = content_rules().map(|it| it.code).filter(|it| !tally.rules.contains(it)).collect();
    assert!(untouched.is_empty(), "no mutation is meant for {untouched:?}");
}

#[test]
fn the_bad_examples_of_the_pages_are_caught_in_clean_documents() {
    let mut bench = Bench::open("shop");
    let mut tally = Tally::default();
    for rule in content_rules() {
        for example in page::examples(rule.page).into_iter().filter(|it| it.role == Role::Bad) {
            for file in &example.files {
                for mark in &file.marks {
                    plant_mark(&mut bench, &mut tally, rule, file, mark.line as usize);
                }
            }
        }
    }
    tally.check(20);
}

/// Plants the marked line of an example into the clean document of the same kind.
fn plant_mark(bench: &mut Bench, tally: &mut Tally, rule: &'static Rule, file: &page::File, line: usize) {
    let path = file.path.as_str();
    let kinds = [
        ("/design.md", DESIGN),
        ("/contracts/", CONTRACT),
        ("/launches/", LAUNCH),
        ("/runbooks/", TRIAGE),
        ("/adrs/", RECORD),
    ];
    // Documents of another form have no clean one here.
    if !path.contains("/features/") && !path.contains("/system/") {
        return;
    }
    let Some(target) = kinds.iter().find(|it| path.contains(it.0)).map(|it| it.1) else {
        panic!("{}: there is no clean document like {path}", rule.code)
    };
    let lines: Vec<&str> = file.text.lines().collect();
    let marked = lines[line];
    let heading = lines[..=line].iter().rev().find(|it| it.starts_with('#')).copied().unwrap_or_default();
    let words: &[&str] = if rule.code == "reliability/dual-write" { &["utbox", "inbox"] } else { &[] };
    bench.restore();
    let before = without(&bench.text(target), words);
    let field = marked.split_once("**").and_then(|it| it.1.split_once("**:")).map(|it| it.0);
    let is_in_fence = lines[..line].iter().filter(|it| it.starts_with("```")).count() % 2 == 1;
    // A setting alone says nothing.
    let is_setting = marked.starts_with("- `");
    let after = if is_in_fence || is_setting {
        format!("{before}\n{heading}\n\n{}\n", section_around(&lines, line))
    } else if marked.starts_with('|') && before.contains(&format!("{heading}\n")) && heading == "## Decision" {
        // A decision beside it would settle it.
        replace_section(&before, heading, &section_around(&lines, line))
    } else if marked.starts_with('#') {
        replace_section(&before, marked, &lines[line + 1..].join("\n"))
    } else if let Some(name) = field.filter(|it| before.contains(&format!("**{it}**:"))) {
        let value = marked.split_once("**:").unwrap_or_default().1.trim().to_owned();
        replace_field(&before, name, |_| value.clone()).unwrap()
    } else if marked.starts_with('|') {
        let table: Vec<&str> = lines.iter().copied().filter(|it| it.starts_with('|')).collect();
        format!("{before}\n{heading}\n\n{}\n", table.join("\n"))
    } else if before.lines().any(|it| it == heading) {
        let is_list = marked.starts_with(['-', '1']);
        before.replacen(
            &format!("{heading}\n\n"),
            &format!("{heading}\n\n{marked}\n{}", if is_list { "" } else { "\n" }),
            1,
        )
    } else {
        format!("{before}\n{heading}\n\n{marked}\n")
    };
    assert_ne!(before, after, "{}: nothing is planted of {marked}", rule.code);
    let found = bench.new_rules(target, &before, &after);
    tally.count(rule.code, &found, marked);
}

/// What stands below the heading above a line, up to the next one.
fn section_around(lines: &[&str], line: usize) -> String {
    let from = lines[..=line].iter().rposition(|it| it.starts_with('#')).map_or(0, |it| it + 1);
    let to = lines[line..].iter().position(|it| it.starts_with('#')).map_or(lines.len(), |it| line + it);
    lines[from..to].join("\n")
}

/// A text in which a section says something else.
fn replace_section(text: &str, heading: &str, body: &str) -> String {
    let at = text.find(&format!("{heading}\n")).unwrap() + heading.len() + 1;
    let end = text[at..].find("\n## ").map_or(text.len(), |it| at + it + 1);
    format!("{}{body}\n\n{}", &text[..at], &text[end..])
}
