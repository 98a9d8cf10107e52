//! Code lenses above sends and receives: who is at the other end, and what describes the channel.

use std::collections::BTreeSet;

use archwright_engine::Workspace;
use archwright_model::{FileId, facts::ChannelRole};
use archwright_operations::{CodeView, ScannedWay};

use crate::{Lens, navigation::declared};

/// The lenses of a file of code: how many services are at the other end of each channel, and its contract. There is
/// none where nothing is known beyond what the line says.
pub fn code_lenses(workspace: &Workspace, code: &CodeView, file: FileId) -> Vec<Lens> {
    let path = workspace.path(file);
    if !CodeView::is_code(path) {
        return Vec::new();
    }
    let Some(text) = workspace.text(file) else { return Vec::new() };
    let mut lenses: Vec<Lens> = Vec::new();
    for site in code.in_file(path) {
        let (Some(channel), Some(span)) = (&site.channel, site.span_in(&text)) else { continue };
        let (other, one, many) = match site.way {
            ScannedWay::Produce => (ScannedWay::Consume, "consumer", "consumers"),
            ScannedWay::Consume => (ScannedWay::Produce, "producer", "producers"),
        };
        let services: BTreeSet<&str> =
            code.of_channel(channel).filter(|it| it.way == other).map(|it| it.service.as_str()).collect();
        let count = match services.len() {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {many}")),
        };
        let described = declared(workspace, channel).map(|(role, file, _)| match role {
            ChannelRole::Contract => format!("contract {channel}"),
            _ => format!("{channel} in {}", workspace.path(file).name()),
        });
        let is_silent = described.is_none() && !span.of(&text).contains(channel.as_str());
        let parts: Vec<String> =
            is_silent.then(|| channel.to_string()).into_iter().chain(count).chain(described).collect();
        let lens = Lens { span, title: parts.join(", ") };
        if !parts.is_empty() && !lenses.contains(&lens) {
            lenses.push(lens);
        }
    }
    lenses
}
