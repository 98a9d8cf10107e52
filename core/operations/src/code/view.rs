//! What was found in all code, as it is asked for by place and by name.

use std::{collections::BTreeMap, sync::Arc};

use archwright_engine::{Anchor, Workspace};
use archwright_model::{FileId, Key, Kind, RelPath};
use archwright_scan::{
    Language,
    discover::{Discovery, Resolution},
};
use archwright_syntax::Span;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::ReadCode;
use crate::{scan::ScannedWay, services};

/// Of so many channels somebody looks whether a document describes one.
const MOST_CHANNELS: usize = 1_000;

/// A place of the code that sends or receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSite {
    /// Which way messages go.
    pub way: ScannedWay,
    /// The channel, where code says by what name the broker knows it.
    pub channel: Option<SmolStr>,
    /// The service whose code it is.
    pub service: SmolStr,
    /// The file.
    pub file: RelPath,
    /// The client library.
    pub library: SmolStr,
    /// Its line.
    at: Anchor,
}

impl CodeSite {
    /// Where it stands now; `None` if its line is not what it was.
    pub fn place(&self, workspace: &Workspace) -> Option<(FileId, Span)> {
        let file = workspace.file(&self.file)?;
        Some((file, self.at.span_in(&workspace.text(file)?)?))
    }

    /// Where it stands in a text of its file.
    pub fn span_in(&self, text: &str) -> Option<Span> {
        self.at.span_in(text)
    }
}

/// What was found in all code of a workspace at one moment.
#[derive(Debug)]
pub struct CodeView {
    pub(crate) found: Discovery,
    /// The texts of the files in which something was found, as they were read.
    pub(crate) texts: FxHashMap<RelPath, Arc<str>>,
    sites: Vec<CodeSite>,
    of_file: FxHashMap<RelPath, Vec<usize>>,
    of_channel: BTreeMap<SmolStr, Vec<usize>>,
}

impl CodeView {
    /// Puts what was read beside the workspace, which says what services are called.
    pub fn new(workspace: &Workspace, read: ReadCode) -> Self {
        let ReadCode { mut found, anchors, texts } = read;
        services::tell(workspace, &mut found);
        let mut sites = Vec::new();
        for (edge, anchor) in found.edges.iter().zip(anchors) {
            let Some(at) = anchor else { continue };
            let is_named = matches!(
                edge.channel.resolution,
                Resolution::Literal | Resolution::Constant | Resolution::Configuration | Resolution::Default
            );
            let told = found.project_of(&edge.path).and_then(|it| it.service.clone());
            sites.push(CodeSite {
                way: edge.action.into(),
                channel: is_named.then(|| edge.channel.name.clone()),
                service: told.unwrap_or_else(|| edge.service.clone()),
                file: RelPath::new(&edge.path),
                library: edge.library.clone(),
                at,
            });
        }
        let (mut of_file, mut of_channel) = (FxHashMap::<RelPath, Vec<usize>>::default(), BTreeMap::new());
        for (at, site) in sites.iter().enumerate() {
            of_file.entry(site.file.clone()).or_default().push(at);
            if let Some(channel) = &site.channel {
                of_channel.entry(channel.clone()).or_insert_with(Vec::new).push(at);
            }
        }
        Self { found, texts, sites, of_file, of_channel }
    }

    /// Whether a path is one of a file of code in a language that is read.
    pub fn is_code(path: &RelPath) -> bool {
        Language::of_path(path.as_str()).is_some()
    }

    /// Whether a document of the workspace describes a channel, so that code can be held against something.
    pub fn has_counterpart(workspace: &Workspace) -> bool {
        let channels = workspace.index().from(&Key::Channel(SmolStr::default()));
        let channels = channels.take_while(|it| matches!(it, Key::Channel(_))).take(MOST_CHANNELS);
        let is_document = |it: &FileId| workspace.kind(*it) != Kind::Code;
        channels.into_iter().any(|it| workspace.index().contributors(it).iter().any(is_document))
    }

    /// The sends and receives of a file, in the order of their lines.
    pub fn in_file(&self, path: &RelPath) -> impl Iterator<Item = &CodeSite> {
        self.of_file.get(path).into_iter().flatten().filter_map(|it| self.sites.get(*it))
    }

    /// The sends and receives of a channel, in the order of their files and lines.
    pub fn of_channel(&self, channel: &str) -> impl Iterator<Item = &CodeSite> {
        self.of_channel.get(channel).into_iter().flatten().filter_map(|it| self.sites.get(*it))
    }

    /// The sends and receives of a service, in the order of their files and lines.
    pub fn of_service(&self, service: &str) -> impl Iterator<Item = &CodeSite> {
        self.sites.iter().filter(move |it| it.service == service)
    }

    /// Whether the same sends and receives were found in the same lines.
    pub fn has_same_sites(&self, other: &Self) -> bool {
        self.sites == other.sites
    }

    /// Whether code sends to a channel or receives from it.
    pub fn has_channel(&self, channel: &str) -> bool {
        self.of_channel.contains_key(channel)
    }
}
