//! What infrastructure declares, held against contracts and AsyncAPI documents.
//!
//! Compared is what both write out. What infrastructure says twice and not alike, what only somebody's own computer
//! runs, and names that are not written out are not compared.

use std::collections::{BTreeMap, BTreeSet};

use archwright_engine::Workspace;
use archwright_model::{
    Kind, RelPath,
    facts::{ChannelMention, ChannelRole, FileFacts},
    values::{
        retention::{Retention, in_words},
        value,
    },
};
use archwright_scan::{
    discover::Discovery,
    flow::is_dead_letter,
    infrastructure::{Declared, Deed, Stated, Trait, is_real},
};
use archwright_syntax::Spanned;

use super::{bindings, parties::is_idle};
use crate::{
    impact::place_in,
    scan::{
        answer::{DriftKind, ScannedDrift},
        provisioned::names_dead_letters,
    },
};

/// So many channels must be declared and described alike before another one is missed.
const SIBLINGS: usize = 3;

/// What a document promises of a channel.
struct Promise<'w> {
    facts: &'w FileFacts,
    mention: &'w ChannelMention,
}

/// Both sides.
struct Sides<'w> {
    workspace: &'w Workspace,
    found: &'w Discovery,
    /// What really runs, by the name of its channel.
    declared: BTreeMap<&'w str, Vec<&'w Declared>>,
    promised: BTreeMap<&'w str, Vec<Promise<'w>>>,
    /// The channels that any document has.
    described: BTreeSet<&'w str>,
}

/// Adds where infrastructure and documents differ.
pub(super) fn drift(workspace: &Workspace, found: &Discovery, drift: &mut Vec<ScannedDrift>) {
    if !found.declared.iter().any(|it| it.is_real && it.is_known) {
        return;
    }
    let sides = Sides::new(workspace, found);
    for (channel, declared) in &sides.declared {
        if let Some(promises) = sides.promised.get(channel) {
            Sides::values(channel, declared, promises, drift);
        }
    }
    sides.missing(drift);
}

impl<'w> Sides<'w> {
    fn new(workspace: &'w Workspace, found: &'w Discovery) -> Self {
        let mut declared: BTreeMap<&str, Vec<&Declared>> = BTreeMap::new();
        let is_said = |it: &&Declared| matches!(it.deed, Deed::Declares | Deed::Extends);
        for it in found.declared.iter().filter(|it| it.is_real && it.is_known).filter(is_said) {
            declared.entry(&it.channel).or_default().push(it);
        }
        let mut promised: BTreeMap<&str, Vec<Promise<'_>>> = BTreeMap::new();
        let mut described = BTreeSet::new();
        for facts in workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind != Kind::Code) {
            for mention in &facts.channels {
                described.insert(mention.name.text.as_str());
                let counts = matches!(mention.role, ChannelRole::Contract | ChannelRole::AsyncApi);
                if counts && is_real(facts.path.as_str()) && !is_idle(workspace, mention) {
                    promised.entry(&mention.name.text).or_default().push(Promise { facts, mention });
                }
            }
        }
        Self { workspace, found, declared, promised, described }
    }

    /// Numbers and names that both sides state.
    fn values(channel: &str, declared: &[&Declared], promises: &[Promise<'_>], drift: &mut Vec<ScannedDrift>) {
        // One name at two brokers is two channels.
        if declared.windows(2).any(|it| matches!(it, [a, b] if a.broker != b.broker)) {
            return;
        }
        let mut compare = |kind, stated: Option<Settled<'_>>, read: &dyn Fn(&Promise<'_>, &str) -> Option<Said>| {
            let Some(stated) = stated else { return };
            let said: Vec<_> = promises.iter().filter_map(|it| Some((it, read(it, &stated.value)?))).collect();
            let Some((promise, first)) = said.first().filter(|_| said.iter().all(|it| it.1.is_other)) else { return };
            drift.push(ScannedDrift {
                kind,
                channel: channel.to_owned(),
                in_code: stated.shown,
                file: RelPath::new(&stated.by.path),
                line: stated.line,
                in_document: first.shown.clone(),
                document: promise.facts.path.clone(),
                document_line: place_in(promise.facts, first.at).line,
            });
        };
        compare(DriftKind::OtherPartitions, settled(declared, Trait::Partitions), &|it, ours| {
            let said = it.mention.partitions.as_deref()?;
            let (ours, theirs) = (ours.parse::<u32>().ok()?, said.text.parse::<u32>().ok()?);
            Some(Said::new(said, theirs.to_string(), ours != theirs))
        });
        compare(DriftKind::OtherRetention, retention(declared), &|it, ours| {
            let said = it.mention.retention.as_ref()?;
            let theirs = Retention::of(&said.text);
            let shown = match theirs.exact() {
                Some(exact) if theirs.kept.len() == 1 => in_words(exact),
                _ => value::plain(&said.text),
            };
            let says_something = !theirs.kept.is_empty() || theirs.compacted;
            says_something.then(|| Said::new(said, shown, theirs.contradicts(&Retention::of(ours))))
        });
        let dead = declared.iter().all(|it| it.broker != "rabbitmq").then(|| settled(declared, Trait::DeadLetters));
        compare(DriftKind::OtherDeadLetters, dead.flatten(), &|it, ours| {
            let said = it.mention.dlq.as_ref()?;
            let is_name = said.text.contains(['.', '-', '_']) && !said.text.contains(char::is_whitespace);
            is_name.then(|| Said::new(said, said.text.to_string(), said.text != ours))
        });
        compare(DriftKind::OtherAttempts, settled(declared, Trait::Attempts), &|it, ours| {
            let said = attempts(it.facts, it.mention)?;
            let (ours, theirs) = (ours.parse::<u32>().ok()?, said.text.parse::<u32>().ok()?);
            Some(Said::new(&said, theirs.to_string(), ours != theirs))
        });
        let unordered = settled(declared, Trait::Ordered).filter(|it| it.value == "false");
        compare(DriftKind::OtherOrdering, unordered, &|it, _| {
            let fifo = || bindings::of_channel(bindings::document(it.facts)?, channel, "sqs/queue/fifoQueue");
            if let Some(said) = fifo().filter(|it| it.text == "true") {
                return Some(Said::new(&said, "fifoQueue: true".to_owned(), true));
            }
            let said = it.mention.ordering_key.as_ref()?;
            let is_key = !value::is_none(&said.text) && !value::is_unknown(&said.text) && !said.text.contains(' ');
            is_key.then(|| Said::new(said, said.text.to_string(), true))
        });
    }

    /// Channels that one side has and the other one lacks, although it has the others of their kind.
    fn missing(&self, drift: &mut Vec<ScannedDrift>) {
        let mut kinds: BTreeMap<(&str, &str), Vec<&'w Declared>> = BTreeMap::new();
        for it in self.declared.values().flatten().filter(|it| it.deed == Deed::Declares) {
            kinds.entry((&it.broker, &it.kind)).or_default().push(it);
        }
        // What has no name here may be any of them.
        let is_open = |key: (&str, &str)| {
            self.found
                .declared
                .iter()
                .any(|it| !it.is_known && it.deed == Deed::Declares && (&*it.broker, &*it.kind) == key)
        };
        let dead: BTreeSet<&str> =
            self.found.declared.iter().filter_map(names_dead_letters).map(|it| it.value.as_str()).collect();
        let is_beside = |it: &str| {
            is_dead_letter(it) || dead.contains(it) || it.to_lowercase().contains("retry") || it.starts_with("amq.")
        };
        let is_contract = |it: &&Promise<'_>| it.mention.role == ChannelRole::Contract;
        let has_contract = |it: &str| self.promised.get(it).is_some_and(|it| it.iter().any(|it| is_contract(&it)));
        let mut homes: Vec<Home<'w>> = Vec::new();
        for ((broker, kind), all) in kinds {
            let (described, bare): (Vec<&Declared>, Vec<&Declared>) =
                all.into_iter().partition(|it| has_contract(&it.channel));
            let names: BTreeSet<&str> = described.iter().map(|it| it.channel.as_str()).collect();
            let Some(first) = described.first().filter(|_| !names.is_empty()) else { continue };
            homes.push(Home { broker, kind, first, count: names.len() });
            let bare: Vec<&Declared> = bare.into_iter().filter(|it| !is_beside(&it.channel)).collect();
            let missed: BTreeSet<&str> = bare.iter().map(|it| it.channel.as_str()).collect();
            if names.len() < SIBLINGS || names.len() < missed.len() * SIBLINGS {
                continue;
            }
            for name in missed {
                let is_told = self.described.contains(name) || self.workspace.config().is_external(name);
                let Some(it) = bare.iter().find(|it| it.channel == name).filter(|_| !is_told) else { continue };
                let Some(beside) = self.promised.get(first.channel.as_str()).and_then(|it| it.iter().find(is_contract))
                else {
                    continue;
                };
                drift.push(ScannedDrift {
                    kind: DriftKind::UnpromisedChannel,
                    channel: name.to_owned(),
                    in_code: format!("{} {}", it.tool, it.kind),
                    file: RelPath::new(&it.path),
                    line: it.line,
                    in_document: first.channel.to_string(),
                    document: beside.facts.path.clone(),
                    document_line: place_in(beside.facts, beside.mention.name.span.start as usize).line,
                });
            }
        }
        // Where channels are declared in two ways, nothing says in which one another has to be.
        let [home] = homes.as_slice() else { return };
        if home.count < SIBLINGS || is_open((home.broker, home.kind)) {
            return;
        }
        let known: BTreeSet<&str> =
            self.found.declared.iter().filter(|it| it.is_known).map(|it| it.channel.as_str()).collect();
        let lacking: Vec<(&&str, &Promise<'_>)> = self
            .promised
            .iter()
            .filter(|(name, _)| {
                !known.contains(*name) && !is_beside(name) && !self.workspace.config().is_external(name)
            })
            .filter(|(name, _)| !self.is_elsewhere(name, home.broker) && !name.contains(['{', '*', '#', '$']))
            .filter_map(|(name, all)| Some((name, all.iter().find(is_contract)?)))
            .collect();
        if home.count < lacking.len() * SIBLINGS {
            return;
        }
        for (name, promise) in lacking {
            drift.push(ScannedDrift {
                kind: DriftKind::NotProvisioned,
                channel: (*name).to_owned(),
                in_code: home.first.channel.to_string(),
                file: RelPath::new(&home.first.path),
                line: home.first.line,
                in_document: format!("{} of {}", home.kind, home.first.tool),
                document: promise.facts.path.clone(),
                document_line: place_in(promise.facts, promise.mention.name.span.start as usize).line,
            });
        }
    }

    /// Whether code uses a channel at another broker.
    fn is_elsewhere(&self, channel: &str, broker: &str) -> bool {
        let mut edges = self.found.edges.iter().filter(|it| it.channel.name == channel);
        edges.any(|it| !it.broker.is_empty() && it.broker != broker)
    }
}

/// Where the channels of contracts are declared.
struct Home<'w> {
    broker: &'w str,
    kind: &'w str,
    first: &'w Declared,
    count: usize,
}

/// What infrastructure says with one voice.
struct Settled<'w> {
    by: &'w Declared,
    value: String,
    shown: String,
    line: u32,
}

/// What a document says.
struct Said {
    shown: String,
    at: usize,
    is_other: bool,
}

impl Said {
    fn new(at: &Spanned, shown: String, is_other: bool) -> Self {
        Self { shown, at: at.span.start as usize, is_other }
    }
}

/// The value that is the same wherever it is given, and known everywhere.
fn settled<'w>(declared: &[&'w Declared], what: Trait) -> Option<Settled<'w>> {
    let stated: Vec<(&Declared, &Stated)> =
        declared.iter().flat_map(|by| by.stated.iter().filter(|it| it.what == what).map(|it| (*by, it))).collect();
    let (by, first) = stated.first()?;
    let is_one = stated.iter().all(|(_, it)| it.is_known && it.value == first.value);
    is_one.then(|| Settled { by, value: first.value.to_string(), shown: first.value.to_string(), line: first.line })
}

/// How long messages are kept: compaction alone keeps them for good.
fn retention<'w>(declared: &[&'w Declared]) -> Option<Settled<'w>> {
    let has = |what| declared.iter().flat_map(|it| &it.stated).any(|it| it.what == what);
    let (time, cleanup) = (settled(declared, Trait::Retention), settled(declared, Trait::Cleanup));
    if has(Trait::Retention) && time.is_none() || has(Trait::Cleanup) && cleanup.is_none() {
        return None;
    }
    let is_compacted = cleanup.as_ref().is_some_and(|it| it.value.contains("compact"));
    let also_deletes = cleanup.as_ref().is_some_and(|it| it.value.contains("delete"));
    match (time, cleanup) {
        (_, Some(cleanup)) if is_compacted && !also_deletes => {
            Some(Settled { value: "compacted".to_owned(), shown: "compacted".to_owned(), ..cleanup })
        }
        // Both may be meant.
        (_, Some(_)) if is_compacted => None,
        (Some(time), _) => {
            let shown = Retention::of(&time.value).exact().map_or_else(|| time.value.clone(), in_words);
            Some(Settled { shown, ..time })
        }
        _ => None,
    }
}

/// After how many attempts a message is put aside: by the redrive policy of an AsyncAPI document, or in a contract by
/// the line that names where to: `after 5 attempts`.
pub(crate) fn attempts(facts: &FileFacts, mention: &ChannelMention) -> Option<Spanned> {
    const WORDS: [&str; 8] = [
        "attempts",
        "attempt",
        "deliveries",
        "delivery attempts",
        "receives",
        "tries",
        "failed attempts",
        "delivery attempt",
    ];
    if let Some(document) = bindings::document(facts) {
        return bindings::of_channel(document, &mention.name.text, "sqs/queue/redrivePolicy/maxReceiveCount");
    }
    let dlq = mention.dlq.as_ref()?;
    if mention.role != ChannelRole::Contract {
        return None;
    }
    let start = dlq.span.start as usize;
    let line = facts.text.get(start..)?.lines().next()?;
    let at = line.to_lowercase().find("after ").filter(|_| line.is_ascii())? + "after ".len();
    let rest = line.get(at..)?;
    let digits = rest.find(|it: char| !it.is_ascii_digit()).filter(|it| *it > 0)?;
    let (number, words) = rest.split_at(digits);
    let words = words.trim_start().to_lowercase();
    let is_counted = WORDS.iter().any(|it| {
        words.strip_prefix(it).is_some_and(|it| !it.starts_with(|it: char| it.is_alphanumeric() || it == ' '))
    });
    let span = archwright_syntax::Span::new(start + at, start + at + digits);
    is_counted.then(|| Spanned { text: number.into(), span })
}
