//! The flow of messages as a hierarchy of calls: services call channels, and channels call services.

use std::collections::{BTreeMap, BTreeSet};

use archwright_engine::Workspace;
use archwright_model::FileId;
use archwright_operations::{CodeSite, CodeView, ScannedWay};
use archwright_syntax::Span;
use smol_str::SmolStr;

use super::channels::{channel_of_line, place};
use crate::navigation::declared;

/// What an item of the hierarchy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// A channel.
    Channel,
    /// A service.
    Service,
}

/// A channel, or the part of a service that lies in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallItem {
    /// What it is.
    pub kind: CallKind,
    /// What it is called.
    pub name: SmolStr,
    /// The file: of a channel what describes it, or else the first code that has it.
    pub file: FileId,
    /// The place in it.
    pub span: Span,
}

/// Something that an item calls, or that calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The other item.
    pub item: CallItem,
    /// Where the caller does so, in the caller's file.
    pub spans: Vec<Span>,
}

/// The channel at a place, which services send to and receive from. Any offset is accepted.
pub fn call_items(workspace: &Workspace, code: &CodeView, file: FileId, offset: usize) -> Vec<CallItem> {
    let Some((name, span)) = channel_of_line(workspace, code, file, offset) else { return Vec::new() };
    if !code.has_channel(&name) {
        return Vec::new();
    }
    vec![channel(workspace, code, &name).unwrap_or(CallItem { kind: CallKind::Channel, name, file, span })]
}

/// Who sends to a channel, or the channels that a service receives from.
pub fn incoming_calls(workspace: &Workspace, code: &CodeView, kind: CallKind, name: &str) -> Vec<Call> {
    match kind {
        CallKind::Channel => services(workspace, code, name, ScannedWay::Produce),
        CallKind::Service => {
            let channels = channels_of(workspace, code, name, ScannedWay::Consume);
            channels.into_iter().map(|item| Call { spans: vec![item.span], item }).collect()
        }
    }
}

/// Who receives from a channel, or the channels that a service sends to. `file` and `span` are those of the item.
pub fn outgoing_calls(
    workspace: &Workspace,
    code: &CodeView,
    kind: CallKind,
    name: &str,
    (file, span): (FileId, Span),
) -> Vec<Call> {
    match kind {
        CallKind::Channel => {
            let found = services(workspace, code, name, ScannedWay::Consume).into_iter();
            found.map(|it| Call { item: it.item, spans: vec![span] }).collect()
        }
        CallKind::Service => {
            let channels = channels_of(workspace, code, name, ScannedWay::Produce).into_iter();
            let here = |channel: &str| {
                let sent = |it: &&CodeSite| it.way == ScannedWay::Produce && it.service == name;
                let sites = code.of_channel(channel).filter(sent).filter_map(|it| place(workspace, it));
                let spans: Vec<Span> = sites.filter(|it| it.0 == file).map(|it| it.1).collect();
                if spans.is_empty() { vec![span] } else { spans }
            };
            channels.map(|item| Call { spans: here(&item.name), item }).collect()
        }
    }
}

fn channel(workspace: &Workspace, code: &CodeView, name: &SmolStr) -> Option<CallItem> {
    let described = declared(workspace, name).map(|it| (it.1, it.2));
    let (file, span) = described.or_else(|| code.of_channel(name).find_map(|it| place(workspace, it)))?;
    Some(CallItem { kind: CallKind::Channel, name: name.clone(), file, span })
}

/// The services at one end of a channel: an item for each file of each, in the order of their names.
fn services(workspace: &Workspace, code: &CodeView, channel: &str, way: ScannedWay) -> Vec<Call> {
    let mut found: BTreeMap<(&SmolStr, &str), (FileId, Vec<Span>)> = BTreeMap::new();
    for site in code.of_channel(channel).filter(|it| it.way == way) {
        let Some((file, span)) = place(workspace, site) else { continue };
        let (_, spans) = found.entry((&site.service, site.file.as_str())).or_insert_with(|| (file, Vec::new()));
        if !spans.contains(&span) {
            spans.push(span);
        }
    }
    let call = |((name, _), (file, spans)): ((&SmolStr, &str), (FileId, Vec<Span>))| {
        let span = *spans.first()?;
        Some(Call { item: CallItem { kind: CallKind::Service, name: name.clone(), file, span }, spans })
    };
    found.into_iter().filter_map(call).collect()
}

/// The channels that a service sends to or receives from, in the order of their names.
fn channels_of(workspace: &Workspace, code: &CodeView, service: &str, way: ScannedWay) -> Vec<CallItem> {
    let sites = code.of_service(service).filter(|it| it.way == way);
    let names: BTreeSet<&SmolStr> = sites.filter_map(|it| it.channel.as_ref()).collect();
    names.into_iter().filter_map(|it| channel(workspace, code, it)).collect()
}
