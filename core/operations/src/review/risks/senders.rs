//! Channels that nothing sends to any more, although their contracts are in force.

use std::collections::BTreeSet;

use archwright_engine::Workspace;
use archwright_model::{
    Kind, Severity,
    facts::{ChannelMention, ChannelRole, FileFacts},
};
use archwright_scan::{
    flow::{Act, flow, is_dead_letter},
    language_of_path,
};
use smol_str::SmolStr;

use super::super::{
    change::{Diff, FileChange, Side, is_test},
    lexicon::Lexicon,
    reviewed::{ReviewFinding, ReviewPlace},
    tokens::{line_of, places_of},
};

/// A channel without a sender.
pub(in crate::review) const CODE: &str = "review/lost-sender";

/// The channels of contracts in force that changed code sent to, and no code sends to now.
pub(super) fn lost_senders(workspace: &Workspace, diff: &Diff, lexicon: &'static Lexicon) -> Vec<ReviewFinding> {
    let is_test = |facts: &FileFacts| is_test(&facts.path, &lexicon.words.test_path);
    let code = diff.files.iter().filter(|it| it.kind() == Kind::Code);
    let mut seen: BTreeSet<SmolStr> = BTreeSet::new();
    let mut found = Vec::new();
    for file in code {
        let Some(before) = file.before.as_ref().filter(|it| !is_test(&it.facts)) else { continue };
        for sent in before.facts.channels.iter().filter(|it| it.role == ChannelRole::Send) {
            let channel = &sent.name.text;
            if is_dead_letter(channel) || !seen.insert(channel.clone()) {
                continue;
            }
            let all = || workspace.files().filter_map(|it| workspace.facts(it));
            let sends = |it: &FileFacts| it.kind == Kind::Code && it.channel(channel, ChannelRole::Send).is_some();
            if all().any(|it| sends(it) && !is_test(it)) || may_send_elsewhere(diff, channel) {
                continue;
            }
            let in_force = |it: &ChannelMention| {
                let state = it.status.as_deref().and_then(|it| workspace.config().vocabulary().state(&it.text));
                !state.is_some_and(archwright_model::role::State::is_going)
            };
            let contract = all().filter(|it| it.kind == Kind::Contract).find_map(|it| {
                let mention = it.channel(channel, ChannelRole::Contract)?;
                in_force(mention).then(|| ReviewPlace {
                    file: it.path.clone(),
                    line: line_of(&it.text, mention.name.span.start as usize),
                })
            });
            let Some(contract) = contract else { continue };
            let was = ReviewPlace {
                file: before.facts.path.clone(),
                line: line_of(&before.text, sent.name.span.start as usize),
            };
            let message = format!("Nothing sends to {channel} any more, and its contract is in force.");
            found.push(ReviewFinding {
                severity: Severity::Error,
                against: vec![contract, was],
                advice: Some("Keep sending, or retire the channel with its readers first.".to_owned()),
                ..ReviewFinding::at(CODE, &file.path, 1, message)
            });
        }
    }
    found
}

/// Whether changed code may send to a channel by a name that is not written at the call: the name stands somewhere in
/// it, or more calls send to what is not written out.
fn may_send_elsewhere(diff: &Diff, channel: &str) -> bool {
    let sides = |file: &FileChange| [file.before.is_some(), file.after.is_some()];
    diff.files.iter().any(|file| {
        let names = file.after.as_ref().is_some_and(|it| places_of(&it.text, channel).next().is_some());
        let is_code = file.kind() == Kind::Code && sides(file).contains(&true);
        let open = |side: Option<&Side>| side.map_or(0, unnamed_sends);
        names || is_code && open(file.after.as_ref()) > open(file.before.as_ref())
    })
}

/// How many calls of a text send to a channel whose name is not written out.
fn unnamed_sends(side: &Side) -> usize {
    let language = language_of_path(side.facts.path.as_str());
    let Some(flow) = language.and_then(|it| flow(&side.text, it)) else { return 0 };
    let steps = flow.functions.iter().flat_map(|it| &it.steps);
    steps.filter(|it| it.act == Act::Send(None)).count()
}
