//! The contracts that a change touches: what they promise of their growth, what becomes of it, and who reads.

use std::collections::{BTreeMap, BTreeSet};

use archwright_engine::Workspace;
use archwright_model::{
    Kind, RelPath,
    facts::{ChannelRole, FileFacts},
    values::value,
};
use archwright_schema::compatibility::Mode;
use smol_str::SmolStr;

use super::{
    breaks,
    change::{Diff, FileChange, is_test},
    harmless::is_harmless,
    lexicon::Lexicon,
    reviewed::{ContractVerdict, ReviewFinding, TouchedContract},
    tokens::places_of,
};

/// The kinds of findings after which readers no longer get what they were promised.
const BREAKS: [&str; 6] = [
    breaks::LOST_FIELD,
    breaks::INCOMPATIBLE,
    super::risks::CHANGED_KEY,
    super::risks::MISMATCH,
    super::risks::WEAKER,
    super::risks::PERSONAL,
];

/// So many are told.
const MAX_CONTRACTS: usize = 20;

/// The contracts that a change touches.
pub(super) fn touched(
    workspace: &Workspace,
    diff: &Diff,
    findings: &[ReviewFinding],
    lexicon: &'static Lexicon,
) -> Vec<TouchedContract> {
    let mut files: BTreeMap<SmolStr, BTreeSet<RelPath>> = BTreeMap::new();
    for file in &diff.files {
        if is_harmless(file, workspace.config()) || is_test(&file.path, &lexicon.words.test_path) {
            continue;
        }
        for channel in channels_of(file) {
            let documents = files.entry(channel).or_default();
            // Code is about more than one channel.
            if file.kind() != Kind::Code {
                documents.insert(file.path.clone());
            }
        }
    }
    let mut touched: Vec<TouchedContract> = files
        .into_iter()
        .filter_map(|(channel, files)| of_channel(workspace, diff, &channel, &files, findings))
        .collect();
    touched.sort_by(|a, b| a.verdict.cmp(&b.verdict).then_with(|| a.channel.cmp(&b.channel)));
    touched.truncate(MAX_CONTRACTS);
    touched
}

/// The channels whose promise a changed file is, and those that changed code sends to and did not.
fn channels_of(file: &FileChange) -> BTreeSet<SmolStr> {
    let sides = [&file.before, &file.after].into_iter().flatten();
    match file.kind() {
        Kind::Contract | Kind::Schema | Kind::Asyncapi => {
            let named = |facts: &FileFacts| {
                let own = facts.captures.channel.clone();
                let all = facts.channels.iter().map(|it| it.name.text.clone());
                own.map_or_else(|| all.collect::<Vec<_>>(), |it| vec![it])
            };
            sides.flat_map(|it| named(&it.facts)).collect()
        }
        Kind::Code => {
            let of = |side: Option<&super::change::Side>| -> BTreeSet<SmolStr> {
                let sends = side.into_iter().flat_map(|it| &it.facts.channels);
                sends.filter(|it| it.role == ChannelRole::Send).map(|it| it.name.text.clone()).collect()
            };
            let (then, now) = (of(file.before.as_ref()), of(file.after.as_ref()));
            now.difference(&then).filter(|it| !archwright_scan::flow::is_dead_letter(it)).cloned().collect()
        }
        _ => BTreeSet::new(),
    }
}

fn of_channel(
    workspace: &Workspace,
    diff: &Diff,
    channel: &SmolStr,
    files: &BTreeSet<RelPath>,
    findings: &[ReviewFinding],
) -> Option<TouchedContract> {
    let all = || workspace.files().filter_map(|it| workspace.facts(it));
    let contract = all().find(|it| it.kind == Kind::Contract && it.channel(channel, ChannelRole::Contract).is_some());
    let promises = contract.and_then(|it| it.channel(channel, ChannelRole::Contract));
    let is_about = |it: &&ReviewFinding| files.contains(&it.file) || places_of(&it.message, channel).next().is_some();
    let broken: Vec<String> = findings
        .iter()
        .filter(|it| BREAKS.contains(&it.code) && it.severity == archwright_model::Severity::Error)
        .filter(is_about)
        .map(|it| it.id.clone())
        .collect();
    let receivers = all().filter(|it| it.kind == Kind::Code && it.channel(channel, ChannelRole::Receive).is_some());
    let services: BTreeSet<RelPath> = receivers.map(|it| crate::readers::service_of(workspace, &it.path)).collect();
    let mut readers: Vec<String> = services.into_iter().map(|it| it.to_string()).collect();
    if let Some(named) = promises.and_then(|it| it.consumers.as_deref()).filter(|_| readers.is_empty()) {
        readers.push(value::line(&named.text));
    }
    let verdict = match contract {
        // Without any contract in the workspace, nobody writes them here.
        None if all().any(|it| it.kind == Kind::Contract) => ContractVerdict::Missing,
        None => return None,
        Some(it) if diff.files.iter().any(|file| file.path == it.path && file.before.is_none()) => ContractVerdict::New,
        Some(_) if broken.is_empty() => ContractVerdict::Kept,
        Some(_) => ContractVerdict::Broken,
    };
    let compatibility = promises.and_then(|it| Mode::of_name(&it.compatibility.as_ref()?.text));
    Some(TouchedContract {
        channel: channel.to_string(),
        compatibility: compatibility.map(|it| it.name().to_uppercase().replace('-', "_")),
        verdict,
        findings: if verdict == ContractVerdict::Broken { broken } else { Vec::new() },
        readers,
    })
}
