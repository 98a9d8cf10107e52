//! Reading the graph from what the files say.

use std::{cell::OnceCell, collections::BTreeSet};

use archwright_asyncapi::Action;
use archwright_engine::Workspace;
use archwright_knowledge::{mentions, pattern};
use archwright_model::{
    Key, Kind, RelPath,
    conventions::role::Role,
    facts::{self, AsyncApiFacts, ByRole, ChannelMention, ChannelRole, Content, FileFacts, Parsed, file_of_reference},
    values::{
        party::{is_name, parties},
        team::Team,
        value,
    },
};
use archwright_syntax::{Encoding, LineIndex, Span, markdown::Table};
use smol_str::SmolStr;

use super::{
    super::{
        BoundaryRole, ReviewPlace, channels, choice::Closed, design::index_documents::READ_BY, prelaunch::is_test,
        readers::service_of, services,
    },
    graph::{Graph, NodeId, NodeKind, Relation},
    listed::listed,
    named::{has_name, is_whole},
    said::{Said, Speaker},
};

/// Longer names of systems outside are sentences.
const MOST_WORDS_OF_A_SYSTEM: usize = 8;

/// The graph of a workspace, without the fields of its messages.
pub(super) fn graph(workspace: &Workspace) -> Graph {
    read(workspace, true).graph
}

/// What documents say: things with their places, and who sends and receives.
pub(crate) struct Documents {
    /// All that documents name, ready to be followed.
    pub graph: Graph,
    /// Who sends and receives.
    pub said: Vec<Said>,
    /// The features.
    pub services: BTreeSet<SmolStr>,
}

/// What the documents of a workspace say, without its code.
pub(crate) fn documents(workspace: &Workspace) -> Documents {
    let Reader { mut graph, said, services, .. } = read(workspace, false);
    graph.close(|path| rank(workspace, path));
    Documents { graph, said, services }
}

/// How good a file is as evidence: 0 is the best.
pub(super) fn rank(workspace: &Workspace, path: &RelPath) -> u8 {
    match workspace.file(path).map(|it| workspace.kind(it)) {
        Some(Kind::Contract) => 0,
        Some(Kind::Code | Kind::Asyncapi | Kind::Schema) => 1,
        Some(Kind::Design) => 2,
        Some(_) => 3,
        None => 4,
    }
}

/// Who sends and receives on which channel, as the documents of a workspace say it. `None` if `stop` says that nobody
/// waits for it any more; it is asked between two files.
pub(crate) fn statements_until(workspace: &Workspace, stop: &(dyn Fn() -> bool + Sync)) -> Option<Vec<Said>> {
    Some(read_until(workspace, true, stop)?.said)
}

fn read(workspace: &Workspace, with_code: bool) -> Reader<'_> {
    let nothing = || Reader { workspace, graph: Graph::default(), services: BTreeSet::new(), said: Vec::new() };
    read_until(workspace, with_code, &|| false).unwrap_or_else(nothing)
}

fn read_until<'w>(workspace: &'w Workspace, with_code: bool, stop: &(dyn Fn() -> bool + Sync)) -> Option<Reader<'w>> {
    let all = || workspace.files().filter_map(|it| workspace.facts(it));
    let services: BTreeSet<SmolStr> = all().filter_map(|it| it.captures.feature.clone()).collect();
    let mut reader = Reader { workspace, graph: Graph::default(), services, said: Vec::new() };
    for facts in all().filter(|it| it.kind != Kind::Configuration && (with_code || it.kind != Kind::Code)) {
        if stop() {
            return None;
        }
        File { lines: OnceCell::new(), facts }.read(&mut reader);
    }
    for owned in services::owners(workspace) {
        let Some(team) = Team::of(&owned.owner) else { continue };
        let (team, service) = (reader.graph.team(&team), reader.service(&owned.service));
        reader.graph.lead(team, Relation::Owns, service, owned.at);
    }
    Some(reader)
}

struct Reader<'w> {
    workspace: &'w Workspace,
    graph: Graph,
    /// The features.
    services: BTreeSet<SmolStr>,
    said: Vec<Said>,
}

impl Reader<'_> {
    /// The service of a name, which may be written as a title.
    fn service(&mut self, name: &str) -> NodeId {
        let name = services::called(self.workspace, name);
        let wanted = folded(&name);
        let known = self.services.iter().find(|it| folded(it) == wanted).cloned();
        self.graph.node(NodeKind::Service, known.as_deref().unwrap_or(&name))
    }

    /// Keeps what a document says of who sends and receives.
    fn say(&mut self, channel: &str, relation: Relation, party: &str, at: &ReviewPlace, speaker: Speaker) {
        let is_sender = relation == Relation::Produces;
        let action = if is_sender { archwright_scan::Action::Send } else { archwright_scan::Action::Receive };
        self.said.push(Said {
            channel: channel.into(),
            action,
            party: services::called(self.workspace, party),
            at: at.clone(),
            speaker,
            scope: Vec::new(),
        });
    }

    /// Whether a name may be that of a service: something, and no channel.
    fn is_service(&self, name: &str) -> bool {
        let is_channel = || !self.workspace.index().contributors(&Key::Channel(name.into())).is_empty();
        !value::is_unknown(name) && !value::is_none(name) && !is_channel()
    }

    /// Services that are no features here, as the value of a dependency names them: what it begins with, and further
    /// words that can only be names. What follows is a sentence about it.
    fn other_services(&self, text: &str) -> Vec<SmolStr> {
        let parties = parties(text);
        let named = parties.iter().enumerate().filter(|(at, it)| {
            let is_short = if *at == 0 { it.split(' ').count() <= MOST_WORDS_OF_A_SYSTEM } else { !it.contains(' ') };
            is_short && self.is_service(it)
        });
        named.map(|it| SmolStr::new(it.1)).collect()
    }

    /// Whether the contracts of a channel name others than a service as its producer, or as its consumers.
    fn is_of_others(&self, channel: &str, service: &str, relation: Relation) -> bool {
        let called = |it: &str| folded(&services::called(self.workspace, it));
        let wanted = called(service);
        let contracts = channels::mentions(self.workspace, channel).into_iter().map(|it| it.1);
        let said = contracts.filter(|it| it.role == ChannelRole::Contract).filter_map(|it| {
            let said = if relation == Relation::Produces { &it.producer } else { &it.consumers };
            said.as_ref().map(|it| parties(&it.text))
        });
        let named: Vec<String> = said.flatten().filter(|it| self.is_service(it)).map(|it| called(&it)).collect();
        !named.is_empty() && !named.contains(&wanted)
    }

    /// A link or reference to another file of the workspace.
    fn link(&mut self, from: NodeId, path: &RelPath, at: ReviewPlace) {
        let file = self.workspace.file(path).and_then(|it| self.workspace.facts(it));
        if file.is_some_and(|it| it.kind != Kind::Code) {
            let to = self.graph.node(NodeKind::Document, path.as_str());
            self.graph.lead(from, Relation::LinksTo, to, at);
        }
    }
}

/// A name without what is written in many ways.
pub(crate) fn folded(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A file that is being read.
struct File<'w> {
    facts: &'w FileFacts,
    lines: OnceCell<LineIndex>,
}

/// Where a byte of a file stands.
pub(crate) fn place_in(facts: &FileFacts, at: usize) -> ReviewPlace {
    let line = LineIndex::new(&facts.text).position(at, &facts.text, Encoding::Utf32).line + 1;
    ReviewPlace { file: facts.path.clone(), line }
}

impl File<'_> {
    fn place(&self, at: usize) -> ReviewPlace {
        let lines = self.lines.get_or_init(|| LineIndex::new(&self.facts.text));
        let line = lines.position(at, &self.facts.text, Encoding::Utf32).line + 1;
        ReviewPlace { file: self.facts.path.clone(), line }
    }

    fn start(&self, span: Span) -> ReviewPlace {
        self.place(span.start as usize)
    }

    fn read(&self, reader: &mut Reader<'_>) {
        let facts = self.facts;
        if facts.kind == Kind::Code {
            self.code(reader);
            return;
        }
        let has_references = facts.entries.iter().any(|it| matches!(it.key, Key::References(_)));
        if matches!(facts.content, Content::None) && !has_references {
            return;
        }
        let node = reader.graph.node(NodeKind::Document, facts.path.as_str());
        reader.graph.define(node, self.start(facts.title_span()), true);
        if let Some(feature) = &facts.captures.feature {
            let service = reader.service(feature);
            reader.graph.lead(node, Relation::Describes, service, self.start(facts.title_span()));
        }
        for mention in &facts.channels {
            self.channel(reader, node, mention);
        }
        match &facts.content {
            Content::Document(it) => it.look(|parsed| self.document(reader, node, parsed)),
            Content::AsyncApi(it) => self.asyncapi(reader, node, it),
            _ => self.references(reader, node),
        }
    }

    fn channel(&self, reader: &mut Reader<'_>, document: NodeId, mention: &ChannelMention) {
        let at = self.start(mention.name.span);
        let config = reader.workspace.config();
        let graph = &mut reader.graph;
        let channel = graph.node(NodeKind::Channel, &mention.name.text);
        let is_contract = mention.role == ChannelRole::Contract;
        let defines = matches!(mention.role, ChannelRole::Contract | ChannelRole::AsyncApi | ChannelRole::Schema);
        if defines {
            graph.define(channel, at.clone(), is_contract);
        }
        let relation = if defines { Relation::Defines } else { Relation::Describes };
        graph.lead(document, relation, channel, at);
        for message in &mention.messages {
            let node = graph.node(NodeKind::Message, &message.text);
            let at = self.start(message.span);
            graph.define(node, at.clone(), mention.role == ChannelRole::Schema);
            graph.lead(channel, Relation::Carries, node, at);
        }
        let suffix = config.profile().channels.dlq_suffix.trim_start_matches(['.', '-', '_']);
        let is_name = |it: &str| it.contains('.') || it.ends_with(suffix) && it.len() > suffix.len();
        if let Some(dlq) = mention.dlq.as_ref().filter(|it| is_name(&it.text)) {
            let node = graph.node(NodeKind::Channel, &dlq.text);
            graph.lead(channel, Relation::DeadLetters, node, self.start(dlq.span));
        }
        for (said, relation) in [(&mention.owner, Relation::Owns), (&mention.dlq_owner, Relation::OwnsDeadLetters)] {
            let Some((said, team)) = said.as_ref().and_then(|it| Some((it, Team::of(&it.text)?))) else { continue };
            let team = graph.team(&team);
            graph.lead(team, relation, channel, self.start(said.span));
        }
    }

    fn document(&self, reader: &mut Reader<'_>, node: NodeId, parsed: &Parsed) {
        let facts = self.facts;
        for link in parsed.links.iter().filter(|it| it.shown && it.path != facts.path) {
            reader.link(node, &link.path, self.start(link.span));
        }
        if !facts.kind.is_artifact() {
            return;
        }
        let config = reader.workspace.config();
        let document = ByRole::new(&parsed.tree, &facts.text, facts.kind, config);
        for section in [Role::Patterns, Role::PatternMapping].into_iter().flat_map(|it| document.sections(it)) {
            let span = document.tree.section(section).span;
            for mention in mentions(span.of(&facts.text)) {
                let pattern = reader.graph.node(NodeKind::Pattern, &mention.pattern.name);
                let at = self.place(span.start as usize + mention.span.start as usize);
                reader.graph.lead(node, Relation::Uses, pattern, at);
            }
        }
        let concern = document.concern(Role::OwnerTeam);
        let owner = document.field(Role::Owner).into_iter().chain(concern.clone());
        let owner = owner.into_iter().find_map(|it| Some((Team::of(&it.text)?, it.span)));
        if let Some((team, span)) = owner {
            let team = reader.graph.team(&team);
            reader.graph.lead(team, Relation::Owns, node, self.start(span));
        }
        match (facts.kind, &facts.captures.feature) {
            (Kind::FeatureReadme | Kind::Design, Some(feature)) => {
                let service = reader.service(feature);
                if facts.kind == Kind::FeatureReadme {
                    reader.graph.define(service, self.start(facts.title_span()), true);
                    self.dependencies(reader, service, &document);
                    self.listed_channels(reader, service);
                }
                if let Some((team, span)) = concern.and_then(|it| Some((Team::of(&it.text)?, it.span))) {
                    let team = reader.graph.team(&team);
                    reader.graph.lead(team, Relation::Owns, service, self.start(span));
                }
            }
            (Kind::Contract, _) => self.contract(reader, &document),
            (Kind::Adr, _) => self.record(reader, node),
            _ => {}
        }
    }

    fn references(&self, reader: &mut Reader<'_>, node: NodeId) {
        for entry in &self.facts.entries {
            let Key::References(path) = &entry.key else { continue };
            let at = self.facts.text.find(path.name()).unwrap_or_default();
            reader.link(node, path, self.place(at));
        }
    }

    fn asyncapi(&self, reader: &mut Reader<'_>, node: NodeId, document: &AsyncApiFacts) {
        for reference in &document.outline.references {
            let path = file_of_reference(&self.facts.path, &reference.target.text);
            if let Some(path) = path.filter(|it| *it != self.facts.path) {
                reader.link(node, &path, self.start(reference.target.span));
            }
        }
        let root = document.tree.root();
        for it in root.map(|it| listed(it, &self.facts.text)).unwrap_or_default() {
            if reader.is_service(&it.party) {
                let (service, at) = (reader.service(&it.party), self.place(it.at));
                let channel = reader.graph.node(NodeKind::Channel, &it.channel);
                reader.say(&it.channel, it.relation, &it.party, &at, Speaker::Listed);
                if let Some(last) = reader.said.last_mut() {
                    last.scope = it.scope;
                }
                reader.graph.lead(service, it.relation, channel, at);
            }
        }
        // Outside of the features, the title is that of the application (AsyncAPI 3.0, Info Object).
        let title = || root.and_then(|it| it.get("info")?.get("title")?.as_str().map(SmolStr::new));
        let Some(name) = self.facts.captures.feature.clone().or_else(title) else { return };
        if !reader.is_service(&name) {
            return;
        }
        let service = reader.service(&name);
        for operation in &document.outline.operations {
            let (Some(action), Some(key)) = (operation.action, &operation.channel) else { continue };
            let channel = document.outline.channels.iter().find(|it| it.key.text == key.text);
            let Some(address) = channel.and_then(|it| it.address.as_ref()) else { continue };
            let channel = reader.graph.node(NodeKind::Channel, &address.text);
            let relation = match action {
                Action::Send => Relation::Produces,
                Action::Receive => Relation::Consumes,
            };
            // The document may lie with whoever reads and describe whoever sends.
            if !reader.is_of_others(&address.text, &name, relation) {
                let at = self.start(operation.key.span);
                reader.say(&address.text, relation, &name, &at, Speaker::AsyncApi);
                reader.graph.lead(service, relation, channel, at);
            }
        }
    }

    fn code(&self, reader: &mut Reader<'_>) {
        let Content::Code(code) = &self.facts.content else { return };
        if is_test(&self.facts.path) {
            return;
        }
        let folder = service_of(reader.workspace, &self.facts.path);
        let name = if folder.as_str().is_empty() { "." } else { folder.as_str() };
        let node = reader.graph.node(NodeKind::Code, name);
        for mention in &self.facts.channels {
            let channel = reader.graph.node(NodeKind::Channel, &mention.name.text);
            let relation = if mention.role == ChannelRole::Send { Relation::Produces } else { Relation::Consumes };
            reader.graph.lead(node, relation, channel, self.start(mention.name.span));
        }
        for comment in &code.messaging.patterns {
            if let Some(pattern) = pattern(&comment.name.text) {
                let pattern = reader.graph.node(NodeKind::Pattern, &pattern.name);
                reader.graph.lead(node, Relation::Uses, pattern, self.start(comment.span));
            }
        }
    }

    /// Who sends and who receives, as a contract says it.
    fn contract(&self, reader: &mut Reader<'_>, document: &ByRole<'_>) {
        let Some(name) = &self.facts.captures.channel else { return };
        let channel = reader.graph.node(NodeKind::Channel, name);
        let mut has_producer = false;
        for (role, relation) in [(Role::Producer, Relation::Produces), (Role::Consumers, Relation::Consumes)] {
            for span in said(document, role).into_iter().chain(in_tables(document, role)) {
                for party in parties(span.of(&self.facts.text)) {
                    if !reader.is_service(&party) {
                        continue;
                    }
                    has_producer |= role == Role::Producer;
                    let service = reader.service(&party);
                    let at = self.facts.text.get(span.range()).and_then(|it| it.find(party.as_str()));
                    let at = self.place(span.start as usize + at.unwrap_or_default());
                    reader.say(name, relation, &party, &at, Speaker::Contract);
                    reader.graph.lead(service, relation, channel, at);
                }
            }
        }
        // A contract lies with the feature that sends.
        if let Some(feature) = self.facts.captures.feature.as_ref().filter(|_| !has_producer) {
            let service = reader.service(feature);
            reader.graph.lead(service, Relation::Produces, channel, self.start(self.facts.title_span()));
        }
    }

    /// What the README of a feature says of its neighbors.
    fn dependencies(&self, reader: &mut Reader<'_>, service: NodeId, document: &ByRole<'_>) {
        for role in [Role::Upstream, Role::External, Role::Downstream] {
            for span in said(document, role) {
                let text = span.of(&self.facts.text);
                let known: Vec<SmolStr> = reader.services.iter().filter(|it| has_name(text, it)).cloned().collect();
                let named = if known.is_empty() { reader.other_services(text) } else { known };
                for name in named {
                    let other = reader.service(&name);
                    let at = self.place(span.start as usize + text.find(name.as_str()).unwrap_or_default());
                    let (from, to) = if role == Role::Downstream { (other, service) } else { (service, other) };
                    // A system outside may be called or may read; only the words say which.
                    let is_told = role != Role::External;
                    let relation = if is_told { Relation::DependsOn } else { Relation::WorksWith };
                    reader.graph.lead(from, relation, to, at);
                }
            }
        }
    }

    /// Which way messages go on the channels that a README lists.
    fn listed_channels(&self, reader: &mut Reader<'_>, service: NodeId) {
        for mention in self.facts.channels.iter().filter(|it| it.role == ChannelRole::Readme) {
            let rest = self.facts.text.get(mention.name.span.end as usize..).unwrap_or_default();
            let line = rest.lines().next().unwrap_or_default();
            let channel = reader.graph.node(NodeKind::Channel, &mention.name.text);
            let at = self.start(mention.name.span);
            let says = |it: BoundaryRole| line.to_lowercase().contains(it.name());
            for (role, relation) in
                [(BoundaryRole::Produced, Relation::Produces), (BoundaryRole::Consumed, Relation::Consumes)]
            {
                if says(role) || says(BoundaryRole::Both) {
                    if let Some(feature) = &self.facts.captures.feature {
                        reader.say(&mention.name.text, relation, feature, &at, Speaker::Readme);
                    }
                    reader.graph.lead(service, relation, channel, at.clone());
                }
            }
            let readers = line.split_once(READ_BY).map(|it| it.1.split(". ").next().unwrap_or(it.1));
            let readers = readers.into_iter().flat_map(parties).filter(|it| is_name(it));
            for party in readers.filter(|it| reader.is_service(it)).collect::<Vec<_>>() {
                let reader_service = reader.service(&party);
                reader.say(&mention.name.text, Relation::Consumes, &party, &at, Speaker::Readme);
                reader.graph.lead(reader_service, Relation::Consumes, channel, at.clone());
            }
        }
    }

    fn record(&self, reader: &mut Reader<'_>, node: NodeId) {
        let record = self.facts.document().and_then(|it| it.adr.as_deref());
        let Some(record) = record else { return };
        for (claims, forward) in [(&record.supersedes, true), (&record.superseded_by, false)] {
            for claim in claims {
                let Some(path) = claim.path.as_ref().filter(|it| reader.workspace.file(it).is_some()) else { continue };
                let other = reader.graph.node(NodeKind::Document, path.as_str());
                let (from, to) = if forward { (node, other) } else { (other, node) };
                reader.graph.lead(from, Relation::Supersedes, to, self.start(claim.span));
            }
        }
    }
}

/// What a document says in the fields of a role: the value, or the items of the list below it.
fn said(document: &ByRole<'_>, role: Role) -> Vec<Span> {
    let mut found = Vec::new();
    for field in document.fields(role) {
        let is_known = facts::known(archwright_syntax::Spanned::of(field.value, document.text)).is_some();
        if is_known {
            found.push(field.value);
            continue;
        }
        if field.value.is_empty() {
            let below = document.tree.items.iter().filter(|it| it.depth > 0 && it.section == field.section);
            found.extend(below.map(|it| it.content).filter(|it| field.item.contains(*it)));
        }
    }
    found
}

/// The first cells of tables of consumers or producers.
fn in_tables(document: &ByRole<'_>, role: Role) -> Vec<Span> {
    let one = if role == Role::Consumers { Role::Consumer } else { role };
    let is_list = |it: &&Table| [role, one].into_iter().any(|it_role| document.column(it, it_role) == Some(0));
    let tables = document.tree.tables.iter().filter(is_list);
    let cells = tables.flat_map(|it| document.tree.rows(it)).filter_map(|it| document.tree.cells(it).first());
    cells.copied().collect()
}

/// Adds the documents that name a thing without saying what they have to do with it.
pub(super) fn add_names(workspace: &Workspace, graph: &mut Graph, node: NodeId) {
    let Some((kind, name)) = graph.nodes.get(node).map(|it| (it.kind, it.name.clone())) else { return };
    // A plain word is a word of the language as often as it is a name.
    let is_telling = name.len() > 3 && (kind == NodeKind::Message || name.contains(['.', '-', '_', '/']));
    if !is_telling || !matches!(kind, NodeKind::Channel | NodeKind::Message | NodeKind::Service | NodeKind::Team) {
        return;
    }
    for facts in workspace.files().filter_map(|it| workspace.facts(it)) {
        let is_document = facts.document().is_some() && facts.text.contains(name.as_str());
        let known = graph.find(NodeKind::Document, facts.path.as_str());
        let Some(document) = known.filter(|it| is_document && !graph.is_told(*it, node)) else { continue };
        let lines = LineIndex::new(&facts.text);
        for (at, _) in facts.text.match_indices(name.as_str()) {
            if is_whole(&facts.text, at, name.len()) {
                let line = lines.position(at, &facts.text, Encoding::Utf32).line + 1;
                graph.lead(document, Relation::Names, node, ReviewPlace { file: facts.path.clone(), line });
            }
        }
    }
}
