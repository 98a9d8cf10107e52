//! Channels as designs, contracts and READMEs name them.

use archwright_syntax::{Span, markdown::Document};
use smol_str::SmolStr;

use super::{bare, concern_values, field, known, status};
use crate::{
    Kind,
    conventions::config::Config,
    facts::{ChannelMention, ChannelRole, Growth, Promises, Spanned},
};

/// What a contract says beyond its channel.
#[derive(Clone, Debug, Default)]
pub struct ContractFacts {
    /// The Channel field of the Summary.
    pub channel: Option<Spanned>,
    /// The Producer field.
    pub producer: Option<Spanned>,
}

pub(super) fn boundary_contracts(tree: &Document, text: &str, config: &Config) -> Vec<ChannelMention> {
    let template = config.template(Kind::Design).and_then(|it| it.section("Boundary contracts"));
    let Some(template) = template else { return Vec::new() };
    let Some((section, _)) =
        tree.section_ids().skip(1).find(|(id, _)| template.is_called(tree.plain_title(*id, text).trim()))
    else {
        return Vec::new();
    };
    let mut mentions = Vec::new();
    for table in tree.tables.iter().filter(|it| it.section == section) {
        let columns: Vec<&str> = tree.header(table).iter().map(|it| it.of(text).trim_matches(['*', '`'])).collect();
        let column =
            |names: &[&str]| columns.iter().position(|it| names.iter().any(|name| name.eq_ignore_ascii_case(it)));
        let Some(channel) = column(&["Channel", "Topic", "Queue", "Name"]) else { continue };
        let (key, dlq) =
            (column(&["Ordering key", "Partition key", "Ordering"]), column(&["DLQ", "Dead letter channel"]));
        let (retention, mode) = (column(&["Retention"]), column(&["Compatibility", "Compatibility mode"]));
        let (partitions, instances) = (column(&["Partitions"]), column(&INSTANCES));
        let messages = column(&MESSAGES);
        for row in tree.rows(table) {
            let cells = tree.cells(row);
            let cell = |at: Option<usize>| at.and_then(|it| cells.get(it)).and_then(|it| known(bare(*it, text)));
            let Some(name) = cell(Some(channel)) else { continue };
            let promises = Promises {
                ordering_key: cell(key),
                dlq: cell(dlq).map(|it| first_word(&it)),
                retention: cell(retention),
                compatibility: cell(mode).map(|it| first_word(&it)),
                partitions: cell(partitions).and_then(|it| first_number(&it)).map(Box::new),
                instances: cell(instances).and_then(|it| first_number(&it)).into_iter().collect(),
                messages: cell(messages).map(|it| identifiers(&it)).unwrap_or_default(),
                ..Promises::default()
            };
            mentions.push(ChannelMention::promising(name, ChannelRole::Design, promises));
        }
    }
    for field in tree.fields_in(section) {
        let name = bare(field.name, text);
        if config.channel_name().matches(&name.text) {
            let promises = Promises {
                ordering_key: clause(field.value, text, "ordering key"),
                retention: clause(field.value, text, "retention"),
                compatibility: clause(field.value, text, "compatibility").map(|it| first_word(&it)),
                ..Promises::default()
            };
            mentions.push(ChannelMention::promising(name, ChannelRole::Design, promises));
        }
    }
    mentions
}

/// The value of `name` in running text of the form `ordering key: order_id; retention: 7 d`.
fn clause(span: Span, text: &str, name: &str) -> Option<Spanned> {
    let mut at = span.start as usize;
    for part in span.of(text).split_inclusive([';', ',']) {
        let trimmed = part.trim_start();
        let start = at + part.len() - trimmed.len();
        at += part.len();
        let head = trimmed.get(..name.len()).filter(|it| it.eq_ignore_ascii_case(name));
        let Some(rest) = head.and_then(|_| trimmed.get(name.len()..)) else { continue };
        let value = rest.trim_start_matches([':', ' ', '=']);
        let begin = start + trimmed.len() - value.len();
        let value = value.trim_end_matches([';', ',', '.', ' ', '\n']);
        return known(bare(Span::new(begin, begin + value.len()), text));
    }
    None
}

pub(super) fn contract_channel(tree: &Document, text: &str, channel: &SmolStr, config: &Config) -> ChannelMention {
    let value = |names: &[&str]| field(tree, text, names).and_then(known).map(|it| bare(it.span, text));
    // The name of the file is the name of the channel; its title is the best place to point at.
    let title = tree.section_ids().nth(1).map_or(Span::empty(0), |(_, it)| it.title);
    let name = Spanned { text: channel.clone(), span: title };
    let concerns = concern_values(tree, text, &config.profile().concerns);
    let capacity = concerns
        .into_iter()
        .find(|it| config.profile().concerns.fields.get(it.0).is_some_and(|it| it.name == "Capacity"));
    let partitions = value(&["Partitions", "Partition count"]).and_then(|it| first_number(&it));
    let mut instances: Vec<Spanned> = value(&INSTANCES).and_then(|it| first_number(&it)).into_iter().collect();
    instances.extend(consumer_instances(tree, text));
    let promises = Promises {
        ordering_key: value(&["Ordering key", "Partition key"]),
        dlq: value(&["DLQ", "Dead letter channel", "Dead letter queue"]).map(|it| first_word(&it)),
        retention: value(&["Retention"]),
        compatibility: value(&["Compatibility mode", "Compatibility"]).map(|it| first_word(&it)),
        classification: classification(tree, text).map(Box::new),
        growth: growth(text),
        owner: value(&["Owner"]).map(Box::new),
        partitions: partitions.or_else(|| only(counted(&capacity?.1, &["partitions"]))).map(Box::new),
        instances,
        messages: value(&MESSAGES).map(|it| identifiers(&it)).unwrap_or_default(),
        envelope: value(&["Envelope"]).map(Box::new),
        delivery: value(&["Delivery", "Delivery guarantee", "Delivery semantics"]).map(Box::new),
        status: status(tree, text).map(Box::new),
    };
    ChannelMention::promising(name, ChannelRole::Contract, promises)
}

/// What the contract says of how sensitive its messages are: the PII class, wherever it stands, else a regime for
/// personal data.
fn classification(tree: &Document, text: &str) -> Option<Spanned> {
    const NAMES: [&str; 6] =
        ["PII class", "PII classification", "Data class", "Data classification", "Classification", "Personal data"];
    /// Longer than the longest of the names with marks and indentation.
    const MAX_HEAD: usize = 80;
    const REGIMES: [&str; 8] = ["PII", "GDPR", "personal data", "HIPAA", "PHI", "PCI", "CCPA", "LGPD"];
    let line = || {
        let lines = text.split_inclusive('\n').scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        });
        lines.into_iter().find_map(|(start, line)| {
            let (head, value) = line.split_once(':').filter(|it| it.0.len() < MAX_HEAD)?;
            let head = head.trim_matches(|it: char| it.is_whitespace() || matches!(it, '*' | '-' | '_' | '`'));
            let begin = start + line.len() - value.trim_start().len();
            let is_called = NAMES.iter().any(|it| it.eq_ignore_ascii_case(head));
            is_called.then(|| Spanned::of(Span::new(begin, begin + value.trim().len()), text)).and_then(known)
        })
    };
    let regime =
        || field(tree, text, &["Compliance"]).filter(|it| REGIMES.iter().any(|name| contains_word(&it.text, name)));
    field(tree, text, &NAMES).and_then(known).or_else(line).or_else(regime)
}

/// Whether a word stands in a text on its own, whatever its case.
fn contains_word(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    let is_edge = |it: Option<char>| it.is_none_or(|it| !it.is_alphanumeric());
    text.match_indices(&word).any(|(at, _)| {
        let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + word.len()..).unwrap_or_default());
        is_edge(before.chars().next_back()) && is_edge(after.chars().next())
    })
}

/// How the contract says that its schema grows. Who rolls out first decides whether a closed schema breaks anybody
///
fn growth(text: &str) -> Growth {
    let mut growth = Growth::default();
    // One look at the whole text, because few contracts say anything of it.
    let text = text.to_lowercase();
    if !["enum", "first", "before", "ahead"].iter().any(|it| text.contains(it)) {
        return growth;
    }
    for line in text.lines() {
        let has = |words: &[&str]| words.iter().any(|it| line.contains(it));
        if has(&[" not ", " never ", "n't "]) {
            continue;
        }
        growth.consumers_first |= has(&["consumer", "reader", "subscriber"])
            && has(&["first", "before the producer", "before producers", "ahead of the producer"]);
        growth.enums_are_final |=
            has(&["enum"]) && has(&["v2", "new channel", "new version", "next version", "closed"]);
    }
    growth
}

/// The numbers of instances among the consumers of a contract: in the field, in the list below it, or in a table.
fn consumer_instances(tree: &Document, text: &str) -> Vec<Spanned> {
    let is_consumers =
        |name: &str| ["Consumers", "Consumer", "Subscribers"].iter().any(|it| it.eq_ignore_ascii_case(name));
    let fields = tree.fields.iter().filter(|it| is_consumers(it.name.of(text)));
    // The item goes on over nested lists.
    let values =
        fields.map(|it| Spanned::of(Span::new(it.value.start as usize, it.value.end.max(it.item.end) as usize), text));
    let mut found: Vec<Spanned> =
        values.flat_map(|it| counted(&it, &["instances", "replicas", "pods", "workers"])).collect();
    for table in &tree.tables {
        let columns: Vec<&str> = tree.header(table).iter().map(|it| it.of(text)).collect();
        let column = columns.iter().position(|it| INSTANCES.iter().any(|name| name.eq_ignore_ascii_case(it)));
        let Some(column) = column.filter(|_| columns.first().is_some_and(|it| is_consumers(it))) else { continue };
        let cells = tree.rows(table).iter().filter_map(|row| tree.cells(row).get(column));
        found.extend(cells.filter_map(|it| first_number(&bare(*it, text))));
    }
    found.sort_by_key(|it| it.span.start);
    found.dedup();
    found
}

/// What documents call the number of instances that share one consumer's work.
const INSTANCES: [&str; 4] = ["Consumer instances", "Consumers per group", "Max consumers", "Instances"];

/// What documents call the messages of a channel.
const MESSAGES: [&str; 10] = [
    "Message",
    "Messages",
    "Message name",
    "Message type",
    "Message types",
    "Event",
    "Events",
    "Event name",
    "Event type",
    "Event types",
];

fn only<T>(list: Vec<T>) -> Option<T> {
    <[T; 1]>::try_from(list).ok().map(|[it]| it)
}

/// The numbers in front of one of the nouns: `12` of `12 partitions per channel`.
fn counted(value: &Spanned, nouns: &[&str]) -> Vec<Spanned> {
    let words: Vec<(usize, &str)> = words(&value.text);
    let pairs = words.iter().zip(words.iter().skip(1));
    let is_noun =
        |it: &str| nouns.iter().any(|noun| noun.eq_ignore_ascii_case(it.trim_end_matches(['.', ',', ';', ':', ')'])));
    pairs
        .filter(|(_, (_, noun))| is_noun(noun))
        .filter_map(|((at, word), _)| number(value, *at, word.trim_start_matches('(')))
        .collect()
}

/// The number that a value begins with: `12` of `12, one per consumer`.
fn first_number(value: &Spanned) -> Option<Spanned> {
    let word = value.text.split(|it: char| !it.is_ascii_digit()).next()?;
    number(value, 0, word)
}

/// A whole number at a place of a value.
fn number(value: &Spanned, at: usize, word: &str) -> Option<Spanned> {
    word.parse::<u32>().ok()?;
    let start = value.span.start as usize + at + value.text.get(at..)?.find(word)?;
    Some(Spanned { text: word.into(), span: Span::new(start, start + word.len()) })
}

/// The words of a text with their places.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let pieces = text.split_inclusive(char::is_whitespace).map(|piece| {
        at += piece.len();
        (at - piece.len(), piece.trim_end())
    });
    pieces.filter(|it| !it.1.is_empty()).collect()
}

/// The names in a value that cannot be words of prose: `OrderPlaced`, `order_placed`, `com.example.orders.placed.v1`.
fn identifiers(value: &Spanned) -> Vec<Spanned> {
    let marks = ['`', '*', ',', ';', '(', ')', '.', ':', '"', '[', ']'];
    let names = words(&value.text).into_iter().filter_map(|(at, word)| {
        let name = word.trim_matches(marks);
        let is_name = name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | '-'))
            && name.starts_with(|it: char| it.is_ascii_alphabetic());
        let inner_capital = name.chars().skip(1).any(char::is_uppercase) && name.chars().any(char::is_lowercase);
        let start = value.span.start as usize + at + word.find(name)?;
        let span = Span::new(start, start + name.len());
        (is_name && (inner_capital || name.contains(['_', '.']))).then(|| Spanned { text: name.into(), span })
    });
    names.collect()
}

/// The first word of a value: `orders.placed.v1.dlq` of `orders.placed.v1.dlq, owner team-orders`.
fn first_word(value: &Spanned) -> Spanned {
    let word = value.text.split([',', ';', ' ', '(']).next().unwrap_or_default();
    let trimmed = word.trim_matches(['`', '*']);
    let start = value.span.start as usize + word.len() - word.trim_start_matches(['`', '*']).len();
    Spanned { text: SmolStr::new(trimmed), span: Span::new(start, start + trimmed.len()) }
}

pub(super) fn owned_channels(tree: &Document, text: &str, config: &Config) -> Vec<ChannelMention> {
    let template = config.template(Kind::FeatureReadme).and_then(|it| it.section("Channels owned"));
    let Some(template) = template else { return Vec::new() };
    let Some((section, _)) =
        tree.section_ids().skip(1).find(|(id, _)| template.is_called(tree.plain_title(*id, text).trim()))
    else {
        return Vec::new();
    };
    let items = tree.items.iter().filter(|it| it.section == section && it.depth == 0);
    items
        .filter_map(|item| {
            let content = item.content.of(text);
            let (name, _) = content.split_once(": ")?;
            let name = bare(Span::new(item.content.start as usize, item.content.start as usize + name.len()), text);
            (name.text.contains('.') && !name.text.contains(' '))
                .then(|| ChannelMention::new(name, ChannelRole::Readme))
        })
        .collect()
}
