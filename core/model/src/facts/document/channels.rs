//! Channels as designs, contracts and READMEs name them.

use archwright_knowledge::claim_words;
use archwright_syntax::Span;
use smol_str::SmolStr;

use super::{ByRole, bare, known};
use crate::{
    Kind,
    conventions::{config::Config, layout::channel_stem, profile::Profile, role::Role, vocabulary::starts_with_words},
    facts::{ChannelMention, ChannelRole, Growth, Promises, Spanned},
    values::{answer, team::Team},
};

/// What a contract says beyond its channel.
#[derive(Clone, Debug, Default)]
pub struct ContractFacts {
    /// The Channel field of the Summary.
    pub channel: Option<Spanned>,
    /// The Producer field.
    pub producer: Option<Spanned>,
}

pub(super) fn boundary_contracts(document: &ByRole, config: &Config) -> Vec<ChannelMention> {
    let (tree, text) = (document.tree, document.text);
    let Some(section) = document.section(Role::BoundaryContracts) else { return Vec::new() };
    let mut mentions = Vec::new();
    for table in tree.tables.iter().filter(|it| it.section == section) {
        let column = |role| document.column(table, role);
        let Some(channel) = column(Role::Channel) else { continue };
        let (key, dlq) = (column(Role::OrderingKey), column(Role::Dlq));
        let (retention, mode) = (column(Role::Retention), column(Role::CompatibilityMode));
        let (partitions, instances) = (column(Role::Partitions), column(Role::Instances));
        let (messages, dlq_owner) = (column(Role::Messages), column(Role::DlqOwner));
        let idempotency_key = column(Role::IdempotencyKey);
        for row in tree.rows(table) {
            let cells = tree.cells(row);
            let cell = |at: Option<usize>| at.and_then(|it| cells.get(it)).and_then(|it| known(bare(*it, text)));
            let Some(name) = cell(Some(channel)) else { continue };
            let promises = Promises {
                ordering_key: cell(key),
                idempotency_key: cell(idempotency_key).map(Box::new),
                dlq: cell(dlq).map(|it| first_word(&it)),
                retention: cell(retention),
                compatibility: cell(mode).map(|it| first_word(&it)),
                dlq_owner: cell(dlq_owner).map(Box::new),
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
            let clause = |role| clause(field.value, text, role, config.profile());
            let promises = Promises {
                ordering_key: clause(Role::OrderingKey),
                retention: clause(Role::Retention),
                compatibility: clause(Role::CompatibilityMode).map(|it| first_word(&it)),
                ..Promises::default()
            };
            mentions.push(ChannelMention::promising(name, ChannelRole::Design, promises));
        }
    }
    mentions
}

/// The value of a field in running text of the form `ordering key: order_id; retention: 7 d`.
fn clause(span: Span, text: &str, role: Role, profile: &Profile) -> Option<Spanned> {
    let mut at = span.start as usize;
    for part in span.of(text).split_inclusive([';', ',']) {
        let trimmed = part.trim_start();
        let start = at + part.len() - trimmed.len();
        at += part.len();
        let name = profile.names(role).filter(|it| starts_with_words(trimmed, it)).max_by_key(|it| it.len());
        let Some(rest) = name.and_then(|it| trimmed.get(it.len()..)) else { continue };
        let value = rest.trim_start_matches([':', ' ', '=']);
        let begin = start + trimmed.len() - value.len();
        let value = value.trim_end_matches([';', ',', '.', ' ', '\n']);
        return known(bare(Span::new(begin, begin + value.len()), text));
    }
    None
}

pub(super) fn contract_channel(document: &ByRole, channel: &SmolStr, config: &Config) -> ChannelMention {
    let (tree, text) = (document.tree, document.text);
    let value = |role| document.field(role).and_then(known).map(|it| bare(it.span, text));
    // The name of the file is the name of the channel, as far as names of files have all its signs; its title
    // is the best place to point at.
    let title = tree.section_ids().nth(1).map_or(Span::empty(0), |(_, it)| it.title);
    let beginnings = config.profile().template(Kind::Contract).into_iter().flat_map(|it| &it.titles);
    let titled =
        beginnings.filter_map(|it| title.of(text).strip_prefix(it.as_str())).map(|it| it.trim_matches(['`', ' ']));
    let whole = titled.into_iter().find(|it| *it != channel.as_str() && channel_stem(it) == channel.as_str());
    let name = Spanned { text: whole.map_or_else(|| channel.clone(), SmolStr::new), span: title };
    let capacity = document.concern(Role::Capacity);
    let partitions = value(Role::Partitions).and_then(|it| first_number(&it));
    // `order_id, hashed over 12 partitions`.
    let hashed = || document.field(Role::OrderingKey).and_then(|it| only(counted(&it, &["partitions"])));
    let mut instances: Vec<Spanned> = value(Role::Instances).and_then(|it| first_number(&it)).into_iter().collect();
    instances.extend(consumer_instances(document));
    let promises = Promises {
        ordering_key: value(Role::OrderingKey),
        idempotency_key: value(Role::IdempotencyKey).map(Box::new),
        dlq: dead_letters(document),
        retention: value(Role::Retention),
        compatibility: value(Role::CompatibilityMode).map(|it| first_word(&it)),
        classification: classification(document, config).map(Box::new),
        growth: growth(text),
        owner: value(Role::Owner).map(Box::new),
        producer: value(Role::Producer).map(Box::new),
        consumers: value(Role::Consumers).map(Box::new),
        dlq_owner: value(Role::DlqOwner).or_else(|| team_of_dead_letters(document)).map(Box::new),
        partitions: partitions.or_else(hashed).or_else(|| only(counted(&capacity?, &["partitions"]))).map(Box::new),
        instances,
        messages: value(Role::Messages).map(|it| identifiers(&it)).unwrap_or_default(),
        envelope: value(Role::Envelope).map(Box::new),
        delivery: value(Role::Delivery).map(Box::new),
        status: document.status().map(Box::new),
    };
    ChannelMention::promising(name, ChannelRole::Contract, promises)
}

/// The channel for dead letters of a contract, by the first word of its field; `none` where it says that there is none,
/// in whatever words.
fn dead_letters(document: &ByRole) -> Option<Spanned> {
    let said = document.field(Role::Dlq)?;
    let is_named = said.text.contains('`');
    let is_dash = matches!(said.text.trim(), "-" | "–" | "—");
    let is_denied = || answer::is_denied(&said.text, "dead-letters") || answer::lets_go(&said.text);
    if is_dash || !is_named && is_denied() {
        return Some(Spanned { text: "none".into(), span: said.span });
    }
    known(said).map(|it| first_word(&bare(it.span, document.text)))
}

/// The team in the clause of a contract's dead letters that says who owns them: `orders.dlq, owner team-orders`.
fn team_of_dead_letters(document: &ByRole) -> Option<Spanned> {
    let said = document.field(Role::Dlq)?;
    let mut at = 0;
    said.text.split_inclusive([',', ';', '(', ')']).find_map(|clause| {
        let start = at;
        at += clause.len();
        let owns = claim_words("owns-it").first(clause)?;
        let behind = clause.get(owns.end..)?;
        let team = Team::of(behind.trim_start_matches([' ', ':', '=']).trim_end_matches([',', ';', '(', ')', ' ']))?;
        let from = said.span.start as usize + start + owns.end + behind.find(&team.name)?;
        Some(Spanned { text: team.name.as_str().into(), span: Span::new(from, from + team.name.len()) })
    })
}

/// What the contract says of how sensitive its messages are: the PII class, wherever it stands, else a regime for
/// personal data.
fn classification(document: &ByRole, config: &Config) -> Option<Spanned> {
    /// Longer than the longest of the names with marks and indentation.
    const MAX_HEAD: usize = 80;
    const REGIMES: [&str; 8] = ["PII", "GDPR", "personal data", "HIPAA", "PHI", "PCI", "CCPA", "LGPD"];
    let text = document.text;
    let line = || {
        let lines = text.split_inclusive('\n').scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        });
        lines.into_iter().find_map(|(start, line)| {
            let (head, value) = line.split_once(':').filter(|it| it.0.len() < MAX_HEAD)?;
            let begin = start + line.len() - value.trim_start().len();
            let value = || Spanned::of(Span::new(begin, begin + value.trim().len()), text);
            config.vocabulary().field(head, Role::Classification).map(|_| value()).and_then(known)
        })
    };
    let regime = || {
        let compliance = document.field(Role::Compliance);
        compliance.filter(|it| REGIMES.iter().any(|name| contains_word(&it.text, name)))
    };
    document.field(Role::Classification).and_then(known).or_else(line).or_else(regime)
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
fn consumer_instances(document: &ByRole) -> Vec<Spanned> {
    let (tree, text) = (document.tree, document.text);
    // The item goes on over nested lists.
    let values = document
        .fields(Role::Consumers)
        .map(|it| Spanned::of(Span::new(it.value.start as usize, it.value.end.max(it.item.end) as usize), text));
    let mut found: Vec<Spanned> =
        values.flat_map(|it| counted(&it, &["instances", "replicas", "pods", "workers"])).collect();
    for table in &tree.tables {
        let column = document.column(table, Role::Instances);
        let first = tree.header(table).first().map_or("", |it| it.of(text));
        let names_consumers =
            document.column(table, Role::Consumers) == Some(0) || claim_words("group-fields").are_all_of(first);
        let Some(column) = column.filter(|_| names_consumers) else { continue };
        let cells = tree.rows(table).iter().filter_map(|row| tree.cells(row).get(column));
        found.extend(cells.filter_map(|it| first_number(&bare(*it, text))));
    }
    found.sort_by_key(|it| it.span.start);
    found.dedup();
    found
}

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

pub(super) fn owned_channels(document: &ByRole) -> Vec<ChannelMention> {
    let (tree, text) = (document.tree, document.text);
    let Some(section) = document.section(Role::ChannelsOwned) else { return Vec::new() };
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
