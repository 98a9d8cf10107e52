//! What documents say of who sends and receives, held against what code was seen to do.
//!
//! Right or silent: a difference is told only where both sides are sure. Where the name of a channel or of a service
//! cannot be told, that is counted instead.

mod bindings;
mod dangling;
mod fields;
mod groups;
mod guarantees;
mod infrastructure;
mod parties;
#[cfg(test)]
mod tests;
mod unseen;

pub(crate) use infrastructure::attempts;
pub(crate) use unseen::has_one_name;

use std::collections::{BTreeMap, BTreeSet};

use archwright_engine::Workspace;
use archwright_model::{
    RelPath,
    facts::{ChannelMention, FileFacts},
    values::party::is_name,
};
use archwright_scan::{
    Action,
    discover::{Discovery, Edge, Resolution},
    flow::is_dead_letter,
};

use self::parties::Parties;
use super::{
    super::{
        identity::Likeness,
        impact::{Said, Speaker},
    },
    answer::{DriftKind, ScannedDangling, ScannedDrift},
};

/// What was compared.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub drift: Vec<ScannedDrift>,
    pub dangling: Vec<ScannedDangling>,
    pub left_out: Vec<String>,
}

/// Holds documents against code, and the ends of channels against each other.
pub(super) fn drift(workspace: &Workspace, found: &Discovery) -> Compared {
    drift_until(workspace, found, &|| false).unwrap_or_default()
}

/// The same, given up when `stop` says so; it is asked now and then.
pub(super) fn drift_until(
    workspace: &Workspace,
    found: &Discovery,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Compared> {
    let parties = Parties::new(workspace, found, stop)?;
    let mut drift = Vec::new();
    let mut unclear = BTreeSet::new();
    parties.unlisted(&mut drift, &mut unclear, stop)?;
    parties.groups(&mut drift);
    parties.fields(&mut drift);
    if stop() {
        return None;
    }
    parties.guarantees(&mut drift);
    let unseen = parties.unseen(&mut drift);
    if stop() {
        return None;
    }
    dead_letters(workspace, found, &mut drift);
    infrastructure::drift(workspace, found, &mut drift);
    let unnamed = parties.said.first().map_or(0, |_| found.edges.iter().filter(|it| !is_named(it)).count());
    let (dangling, open) = dangling::dangling(workspace, &parties);
    drift.sort_by(|a, b| (a.kind, &a.channel, &a.file, a.line).cmp(&(b.kind, &b.channel, &b.file, b.line)));
    let counts = [
        (unnamed, "could not be compared with documents, because the code does not write the name of the channel."),
        (unclear.len(), "could not be compared: whether the service is one that documents name could not be told."),
        (unseen, "named by documents could not be looked for, because the code of the service is not all known."),
        (
            open,
            "could not be looked for at the other end, because the code there does not write the name of some channel.",
        ),
    ];
    let left_out = counts.into_iter().filter(|it| it.0 > 0).map(|(count, why)| match count {
        1 => format!("1 send or receive {why}"),
        _ => format!("{count} sends and receives {why}"),
    });
    Some(Compared { drift, dangling, left_out: left_out.collect() })
}

/// Whether the name of a channel is what the broker knows it by.
fn is_named(edge: &Edge) -> bool {
    // A package of another repository may be something else than a client.
    edge.rests_on.is_none()
        && matches!(
            edge.channel.resolution,
            Resolution::Literal | Resolution::Constant | Resolution::Configuration | Resolution::Default
        )
}

impl Parties<'_> {
    /// Code that sends or receives where a contract, or the AsyncAPI document of its service, does not list it.
    fn unlisted<'f>(
        &'f self,
        drift: &mut Vec<ScannedDrift>,
        unclear: &mut BTreeSet<(&'f str, u32)>,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<()> {
        let mut told = BTreeSet::new();
        for edge in self.found.edges.iter().filter(|it| is_named(it)) {
            if stop() {
                return None;
            }
            let said = self.about(&edge.channel.name, edge.action);
            let listing: Vec<&Said> = said.iter().filter(|it| it.speaker.names_all()).copied().collect();
            let Some(first) = listing.first() else {
                self.missing_in_document(edge, &said, drift, &mut told);
                continue;
            };
            let likeness = said.iter().map(|it| self.likeness(edge, it)).max();
            match likeness {
                None | Some(Likeness::Same) => continue,
                Some(Likeness::Unclear | Likeness::Other) => {}
            }
            let is_list = listing.iter().all(|it| is_name(&it.party));
            // What comes back into the channel it was taken from is tried again.
            let is_again = || {
                let twin = |it: &&Edge| it.action == Action::Receive && it.channel.name == edge.channel.name;
                edge.action == Action::Send && self.of_same_project(edge).any(|it| twin(&it))
            };
            let is_another = said.iter().filter(|it| self.is_valid(it)).all(|it| self.is_another(edge, it));
            let is_mentioned = listing.iter().any(|it| self.is_mentioned(edge, it));
            if !is_list || is_mentioned || self.is_shared(edge) || is_again() || !is_another {
                unclear.insert((edge.path.as_str(), edge.line));
                continue;
            }
            let kind = match edge.action {
                Action::Send => DriftKind::OtherProducer,
                Action::Receive => DriftKind::UnlistedConsumer,
            };
            if told.insert((kind, edge.channel.name.as_str(), self.project(edge))) {
                let mut names: Vec<&str> = listing.iter().map(|it| it.party.as_str()).collect();
                names.sort_unstable();
                names.dedup();
                drift.push(self.difference(kind, edge, first, names.join(", ")));
            }
        }
        Some(())
    }

    /// A channel that the AsyncAPI document of the service does not have, although it has others of that direction.
    fn missing_in_document<'f>(
        &'f self,
        edge: &'f Edge,
        said: &[&Said],
        drift: &mut Vec<ScannedDrift>,
        told: &mut BTreeSet<(DriftKind, &'f str, &'f str)>,
    ) {
        // Nothing is missing where nobody describes the channel; that is told as such.
        if said.iter().any(|it| self.likeness(edge, it) > Likeness::Other) || !self.is_described(&edge.channel.name) {
            return;
        }
        let own: Vec<&Said> = self
            .said
            .iter()
            .filter(|it| it.speaker == Speaker::AsyncApi && self.likeness(edge, it) == Likeness::Same)
            .collect();
        let files: BTreeSet<&RelPath> = own.iter().map(|it| it.file()).collect();
        let beside: Vec<&&Said> = own.iter().filter(|it| it.action == edge.action && self.is_valid(it)).collect();
        let (1, Some(first)) = (files.len(), beside.first()) else { return };
        let kind = DriftKind::MissingInDocument;
        if !self.is_shared(edge) && told.insert((kind, edge.channel.name.as_str(), self.project(edge))) {
            let names: BTreeSet<&str> = beside.iter().map(|it| it.channel.as_str()).collect();
            let names: Vec<&str> = names.into_iter().collect();
            let does = if edge.action == Action::Send { "sends to" } else { "receives from" };
            let told = self.difference(kind, edge, first, names.join(", "));
            drift.push(ScannedDrift { in_code: format!("{} {does}", self.name(edge)), ..told });
        }
    }

    /// The file that says something.
    fn facts(&self, said: &Said) -> Option<&FileFacts> {
        self.workspace.file(said.file()).and_then(|it| self.workspace.facts(it))
    }

    fn difference(&self, kind: DriftKind, edge: &Edge, said: &Said, in_document: String) -> ScannedDrift {
        ScannedDrift {
            kind,
            channel: edge.channel.name.to_string(),
            in_code: self.name(edge).to_owned(),
            file: RelPath::new(&edge.path),
            line: edge.line,
            in_document,
            document: said.file().clone(),
            document_line: said.at.line,
        }
    }
}

/// Dead letters that go elsewhere than documents say.
fn dead_letters(workspace: &Workspace, found: &Discovery, drift: &mut Vec<ScannedDrift>) {
    let mut promised: BTreeMap<&str, Vec<(&RelPath, &ChannelMention)>> = BTreeMap::new();
    for facts in workspace.files().filter_map(|it| workspace.facts(it)) {
        for mention in facts.channels.iter().filter(|it| it.dlq.is_some()) {
            promised.entry(&mention.name.text).or_default().push((&facts.path, mention));
        }
    }
    let is_used = |name: &str| found.edges.iter().any(|it| it.channel.name == name);
    for edge in found.edges.iter().filter(|it| it.action == Action::Send && is_named(it)) {
        let name = edge.channel.name.as_str();
        // What stands behind the name of the channel says that it is for dead letters: `orders.placed.v1.dlt`.
        let of = promised.iter().find(|it| name.strip_prefix(*it.0).is_some_and(is_dead_letter));
        let Some((channel, mentions)) = of else { continue };
        let stated: Vec<_> = mentions.iter().filter_map(|it| Some((it.0, it.1.dlq.as_ref()?))).collect();
        let is_name = |it: &str| it.contains(['.', '-', '_']) && !it.contains(char::is_whitespace);
        let is_other = stated.iter().all(|it| is_name(&it.1.text) && it.1.text != name && !is_used(&it.1.text));
        let Some((path, dlq)) = stated.first().filter(|_| is_other) else { continue };
        if drift.iter().any(|it| it.kind == DriftKind::OtherDeadLetters && it.in_code == name) {
            continue;
        }
        let text = workspace.file(path).and_then(|it| workspace.text(it)).unwrap_or_default();
        let before = text.get(..dlq.span.start as usize).unwrap_or_default();
        drift.push(ScannedDrift {
            kind: DriftKind::OtherDeadLetters,
            channel: (*channel).to_owned(),
            in_code: name.to_owned(),
            file: RelPath::new(&edge.path),
            line: edge.line,
            in_document: dlq.text.to_string(),
            document: (*path).clone(),
            document_line: u32::try_from(before.lines().count().max(1)).unwrap_or(u32::MAX),
        });
    }
}
