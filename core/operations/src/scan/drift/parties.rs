//! Services as documents name them, and the projects whose code they are.

use std::collections::BTreeSet;

use archwright_engine::Workspace;
use archwright_model::{Kind, RelPath, conventions::role::State, facts::ChannelMention};
use archwright_scan::{
    Action,
    discover::{Discovery, Edge, Project},
};
use archwright_syntax::Span;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::is_named;
use crate::{
    identity::{self, Likeness, likeness},
    impact::{self, Said, Speaker},
};

/// Both sides of a comparison.
pub(super) struct Parties<'w> {
    pub workspace: &'w Workspace,
    pub found: &'w Discovery,
    /// What documents say, without those that are not valid yet or any more.
    pub said: Vec<Said>,
    /// The channels that any document has.
    described: BTreeSet<&'w str>,
    /// How a project and a name that documents have are alike.
    alike: FxHashMap<(&'w str, SmolStr), Likeness>,
    /// AsyncAPI documents whose directions are not those of the code.
    turned: BTreeSet<RelPath>,
}

impl<'w> Parties<'w> {
    /// Reads what all documents say; `None` if `stop` says that nobody waits for it any more.
    pub(super) fn new(
        workspace: &'w Workspace,
        found: &'w Discovery,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<Self> {
        let mut described = BTreeSet::new();
        let mut idle = BTreeSet::new();
        for facts in workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind != Kind::Code) {
            for mention in &facts.channels {
                described.insert(mention.name.text.as_str());
                // Code may lag behind a contract that is no more than a plan, or be ahead of one that ends.
                if is_idle(workspace, mention) {
                    idle.insert(facts.path.clone());
                }
            }
        }
        let mut said = impact::statements_until(workspace, stop)?;
        said.retain(|it| !idle.contains(it.file()));
        let mut alike = FxHashMap::default();
        let names: BTreeSet<&SmolStr> = said.iter().map(|it| &it.party).collect();
        for project in &found.projects {
            if stop() {
                return None;
            }
            for party in &names {
                let by_names = || {
                    let most = project.names.iter().map(|it| likeness(it, party)).max();
                    most.unwrap_or(Likeness::Unclear)
                };
                // What the workspace says itself is sure either way.
                let listed = workspace.config().service_called(party).filter(|it| it.has_paths());
                let alike_now = match (&project.service, listed) {
                    (Some(service), Some(it)) if *service == it.name => Likeness::Same,
                    (_, Some(_)) => Likeness::Other,
                    (_, None) => by_names(),
                };
                alike.insert((project.folder.as_str(), (*party).clone()), alike_now);
            }
        }
        let mut parties = Self { workspace, found, said, described, alike, turned: BTreeSet::new() };
        parties.turned = parties.turned_documents();
        Some(parties)
    }

    /// What documents say of one end of a channel.
    pub(super) fn about(&self, channel: &str, action: Action) -> Vec<&Said> {
        self.said.iter().filter(|it| it.action == action && it.channel == channel).collect()
    }

    /// Whether any document has the channel.
    pub(super) fn is_described(&self, channel: &str) -> bool {
        self.described.contains(channel)
    }

    /// The folder of the project of an edge.
    pub(super) fn project(&self, edge: &Edge) -> &'w str {
        self.found.home_of(&edge.path)
    }

    /// What the project of an edge is called.
    pub(super) fn name<'e>(&'e self, edge: &'e Edge) -> &'e str {
        let project = self.found.project_of(&edge.path);
        project.and_then(|it| it.names.first()).map_or(edge.service.as_str(), SmolStr::as_str)
    }

    /// All edges of the project of an edge.
    pub(super) fn of_same_project(&self, edge: &Edge) -> impl Iterator<Item = &'w Edge> {
        let folder = self.project(edge);
        self.found.edges.iter().filter(move |it| self.project(it) == folder)
    }

    /// Whether the code of an edge may be that of several services, or of none.
    pub(super) fn is_shared(&self, edge: &Edge) -> bool {
        let project = self.found.project_of(&edge.path);
        if project.is_some_and(|it| it.service.is_some()) {
            return false;
        }
        let folder = project.map_or(edge.path.as_str(), |it| it.folder.as_str());
        // A root without a name of its own may hold anything.
        let is_nameless = folder.is_empty() && project.is_none_or(|it| it.names.is_empty());
        is_nameless || folder.split('/').any(identity::is_shared) || identity::is_shared(self.name(edge))
    }

    /// How a project is like what a document names.
    pub(super) fn likeness_of(&self, project: &Project, said: &Said) -> Likeness {
        let by_name = self.alike.get(&(project.folder.as_str(), said.party.clone())).copied();
        // A document that lies with a project is about it.
        let home = self.found.project_of(said.file().as_str()).filter(|it| !it.folder.is_empty());
        if said.speaker == Speaker::AsyncApi && home.is_some_and(|it| it.folder == project.folder) {
            return Likeness::Same;
        }
        by_name.unwrap_or(Likeness::Unclear)
    }

    /// How the service of an edge is like the one that a document names.
    pub(super) fn likeness(&self, edge: &Edge, said: &Said) -> Likeness {
        self.found.project_of(&edge.path).map_or(Likeness::Unclear, |it| self.likeness_of(it, said))
    }

    /// The projects that are what a document names, and whether there are some that may be.
    pub(super) fn projects_of(&self, said: &Said) -> Vec<&'w Project> {
        self.found.projects.iter().filter(|it| self.likeness_of(it, said) == Likeness::Same).collect()
    }

    /// Whether the service of an edge is surely another one than a document names: the document names a project by its
    /// own name, or documents name the service of the edge by its own.
    pub(super) fn is_another(&self, edge: &Edge, said: &Said) -> bool {
        let is_project = !self.projects_of(said).is_empty();
        let is_known = self.said.iter().any(|it| self.likeness(edge, it) == Likeness::Same);
        match self.likeness(edge, said) {
            Likeness::Same => false,
            Likeness::Other => is_project || is_known,
            Likeness::Unclear => is_project && is_known,
        }
    }

    /// Whether a document has the name of the service of an edge anywhere where it speaks of the channel, in a sentence
    /// that nobody has read.
    pub(super) fn is_mentioned(&self, edge: &Edge, said: &Said) -> bool {
        let facts = self.workspace.file(said.file()).and_then(|it| self.workspace.facts(it));
        let Some(text) = facts.map(|it| &*it.text) else { return false };
        let all = [Span::new(0, text.len())];
        let scope = if said.scope.is_empty() { &all[..] } else { &said.scope };
        let names = self.found.project_of(&edge.path).map(|it| it.names.as_slice()).unwrap_or_default();
        scope.iter().any(|it| {
            let text = it.of(text).to_lowercase();
            names.iter().filter(|it| it.len() > 2).any(|it| impact::has_name(&text, &it.to_lowercase()))
        })
    }

    /// Whether what a document says can be held against code.
    pub(super) fn is_valid(&self, said: &Said) -> bool {
        said.speaker != Speaker::AsyncApi || !self.turned.contains(said.file())
    }

    /// AsyncAPI documents that say what others do, or that nothing in the code agrees with: what `send` and
    /// `publish` mean is often taken the other way round.
    fn turned_documents(&self) -> BTreeSet<RelPath> {
        let mut agreeing = BTreeSet::new();
        let mut all = BTreeSet::new();
        for said in self.said.iter().filter(|it| it.speaker == Speaker::AsyncApi) {
            all.insert(said.file().clone());
            let edges = self.found.edges.iter().filter(|it| is_named(it) && it.channel.name == said.channel);
            let of_service = edges.filter(|it| self.likeness(it, said) == Likeness::Same);
            if of_service.into_iter().any(|it| it.action == said.action) {
                agreeing.insert(said.file().clone());
            }
        }
        let contradicted = |file: &RelPath| {
            let of_file = self.said.iter().filter(|it| it.speaker == Speaker::AsyncApi && it.file() == file);
            let said: Vec<&Said> = of_file.collect();
            let has = |said: &Said, action: Action| {
                let is_it = |it: &&Edge| is_named(it) && it.channel.name == said.channel && it.action == action;
                self.found.edges.iter().filter(is_it).any(|it| self.likeness(it, said) == Likeness::Same)
            };
            let other = |it: Action| if it == Action::Send { Action::Receive } else { Action::Send };
            said.iter().any(|it| has(it, other(it.action)) && !has(it, it.action))
        };
        all.into_iter().filter(|it| !agreeing.contains(it) || contradicted(it)).collect()
    }
}

/// Whether a contract is no more than a plan, or ends.
pub(super) fn is_idle(workspace: &Workspace, mention: &ChannelMention) -> bool {
    let vocabulary = workspace.config().vocabulary();
    mention.status.as_ref().is_some_and(|status| {
        let is_valid = matches!(vocabulary.state(&status.text), Some(State::Active | State::Accepted));
        !is_valid && (vocabulary.state(&status.text).is_some() || status.text.to_lowercase().contains("plan"))
    })
}
