//! Makes the flow of a workspace from what its documents state and what its code was seen to do.

use std::collections::{BTreeMap, BTreeSet};

use archwright_engine::Workspace;
use archwright_model::{
    Kind, RelPath,
    facts::{ByRole, answers},
    values::value,
};
use archwright_scan::{
    Language,
    discover::{Discovery, Edge, Resolution},
    flow::is_dead_letter,
    infrastructure::{Deed, Trait},
};

use super::{
    answer::{
        EventFlow, FlowArrow, FlowChannel, FlowFact, FlowPlace, FlowRelation, FlowService, FlowSource, FlowUnnamed,
    },
    herds,
    names::Names,
    saga,
};
use crate::{
    NodeKind, ReviewPlace, channels,
    code::{self, Code},
    impact::{self, Documents, Relation, Said, Speaker},
    scan,
};

/// The flow of all of a workspace, without its circles.
pub(super) fn flow(workspace: &Workspace) -> EventFlow {
    let Code { found, files, unreadable } = code::discovered(workspace);
    let documents = impact::documents(workspace);
    let names = Names::new(&found, &documents, workspace.config());
    let mut reader = Reader {
        workspace,
        found: &found,
        documents: &documents,
        names: &names,
        arrows: BTreeMap::new(),
        channels: BTreeMap::new(),
        owners: BTreeMap::new(),
        retries: BTreeMap::new(),
        remarks: Vec::new(),
    };
    reader.code();
    reader.statements();
    reader.infrastructure();
    reader.facts();
    reader.designs();
    reader.tell_types();
    let mut flow = reader.finish();
    flow.herds = herds::herds(&flow, &found, &names);
    let sagas = saga::sagas(workspace);
    flow.sagas = sagas.found;
    flow.sagas_left_out = sagas.left_out;
    for saga in &mut flow.sagas {
        if let Some(service) = saga.of.as_deref().and_then(|it| names.of_party(it)) {
            saga.of = Some(service.to_owned());
        }
    }
    flow.apart.clone_from(&names.apart);
    flow.files = files;
    flow.not_read = scan::not_read(&found, unreadable);
    flow
}

/// What is being collected. Everything is kept in the order in which it is told.
struct Reader<'f> {
    workspace: &'f Workspace,
    found: &'f Discovery,
    documents: &'f Documents,
    names: &'f Names<'f>,
    arrows: BTreeMap<(String, FlowRelation, String), BTreeSet<FlowPlace>>,
    channels: BTreeMap<String, FlowChannel>,
    owners: BTreeMap<String, Vec<FlowFact>>,
    retries: BTreeMap<String, Vec<FlowFact>>,
    remarks: Vec<String>,
}

impl Reader<'_> {
    /// Who sends and receives in code, and what is sent.
    fn code(&mut self) {
        let found = self.found;
        for edge in &found.edges {
            if !self.is_named(edge) {
                continue;
            }
            let at = FlowPlace { what: "code", file: RelPath::new(&edge.path), line: edge.line };
            let channel = self.channel(&edge.channel.name);
            if !edge.broker.is_empty() && !channel.brokers.iter().any(|it| *it == *edge.broker) {
                channel.brokers.push(edge.broker.to_string());
            }
            // A channel that goes by the type of its message has no other message.
            let is_type = edge.channel.resolution == Resolution::TypeName;
            if let Some(message) = edge.message.as_ref().filter(|it| !is_type && **it != edge.channel.name) {
                add(&mut channel.messages, message, at.clone());
            }
            let key = (edge.channel.name.to_string(), edge.action.into(), self.names.of_edge(edge).to_owned());
            self.arrows.entry(key).or_default().insert(at);
        }
    }

    /// Who sends and receives by what documents say.
    fn statements(&mut self) {
        let documents = self.documents;
        let turned = self.turned();
        for said in documents.said.iter().filter(|it| !is_of(it, &turned)) {
            let Some(service) = self.names.of_party(&said.party).map(str::to_owned) else { continue };
            let place = place(self.workspace, &said.at);
            self.channel(&said.channel);
            let key = (said.channel.to_string(), said.action.into(), service);
            self.arrows.entry(key).or_default().insert(place);
        }
        for file in turned {
            self.remarks.push(format!(
                "{file} says of its directions the contrary of the code, as where `publish` is meant from the side of \
                the readers; its arrows are left out."
            ));
        }
    }

    /// What infrastructure declares, binds and triggers.
    fn infrastructure(&mut self) {
        let found = self.found;
        for declared in found.declared.iter().filter(|it| it.is_known) {
            let at = |line| FlowPlace { what: "infrastructure", file: RelPath::new(&declared.path), line };
            let channel = self.channel(&declared.channel);
            if !declared.broker.is_empty() && !channel.brokers.iter().any(|it| *it == *declared.broker) {
                channel.brokers.push(declared.broker.to_string());
            }
            for it in declared.stated.iter().filter(|it| it.is_known && it.what == Trait::DeliversTo) {
                add(&mut channel.delivers_to, &it.value, at(it.line));
            }
            let is_told = declared.is_real && declared.broker != "rabbitmq";
            for it in declared.stated.iter().filter(|it| is_told && it.is_known && it.what == Trait::Attempts) {
                add(&mut channel.attempts, &it.value, at(it.line));
            }
            let does = match declared.deed {
                Deed::Declares => {
                    let by = if declared.by == declared.channel { "" } else { declared.by.as_str() };
                    add(&mut channel.provisioned, format!("{} {by}", declared.tool).trim(), at(declared.line));
                    None
                }
                Deed::Extends => None,
                Deed::Sends => Some(FlowRelation::Sends),
                Deed::Receives => Some(FlowRelation::Receives),
            };
            if let Some(dead) = scan::names_dead_letters(declared).filter(|it| it.value != declared.channel) {
                add(&mut channel.dead_letters, &dead.value, at(dead.line));
                self.channel(&dead.value).is_dead_letters = true;
            }
            // What has no name of its own is no service.
            let Some(relation) = does.filter(|_| !declared.by.is_empty() && !declared.by.contains('.')) else {
                continue;
            };
            let service = self.names.of_party(&declared.by).unwrap_or(&declared.by).to_owned();
            let key = (declared.channel.to_string(), relation, service);
            self.arrows.entry(key).or_default().insert(at(declared.line));
        }
        for name in
            found.declared.iter().flat_map(|it| &it.stated).filter(|it| it.is_known && it.what == Trait::DeliversTo)
        {
            self.channel(&name.value);
        }
    }

    /// AsyncAPI documents of services whose code does the contrary, and not what they say.
    fn turned(&self) -> BTreeSet<RelPath> {
        let own = self.documents.said.iter().filter(|it| it.speaker == Speaker::AsyncApi);
        let is_contrary = |said: &&Said| {
            let Some(service) = self.names.of_party(&said.party) else { return false };
            let relation: FlowRelation = said.action.into();
            let has = |it| self.arrows.contains_key(&(said.channel.to_string(), it, service.to_owned()));
            has(relation.other()) && !has(relation)
        };
        own.filter(is_contrary).map(|it| it.file().clone()).collect()
    }

    /// What documents say of channels and services besides.
    fn facts(&mut self) {
        let documents = self.documents;
        for edge in &documents.graph.edges {
            let nodes = (documents.graph.nodes.get(edge.from), documents.graph.nodes.get(edge.to));
            let ((Some(from), Some(to)), Some(at)) = (nodes, edge.at.first()) else { continue };
            let at = place(self.workspace, at);
            match (edge.relation, from.kind, to.kind) {
                (Relation::Owns, _, NodeKind::Channel) => add(&mut self.channel(&to.name).owners, &from.name, at),
                (Relation::Owns, _, NodeKind::Service) => {
                    let service = self.names.of_party(&to.name).unwrap_or(&to.name).to_owned();
                    add(self.owners.entry(service).or_default(), &from.name, at);
                }
                (Relation::Carries, NodeKind::Channel, NodeKind::Message) => {
                    add(&mut self.channel(&from.name).messages, &to.name, at);
                }
                (Relation::DeadLetters, ..) => {
                    self.channel(&to.name).is_dead_letters = true;
                    add(&mut self.channel(&from.name).dead_letters, &to.name, at);
                }
                (Relation::Defines, _, NodeKind::Channel) => {
                    let channel = self.channel(&to.name);
                    if !channel.defined.contains(&at) {
                        channel.defined.push(at);
                    }
                }
                (Relation::Describes, _, NodeKind::Channel) => _ = self.channel(&to.name),
                _ => {}
            }
        }
        let workspace = self.workspace;
        for (name, channel) in &mut self.channels {
            for (facts, mention) in channels::mentions(workspace, name) {
                if let Some(said) = mention.delivery.as_ref().filter(|_| facts.kind != Kind::Code) {
                    let at = place(workspace, &impact::place_in(facts, said.span.start as usize));
                    add(&mut channel.guarantees, &said.text, at);
                }
                if let Some(said) = scan::attempts(facts, mention) {
                    let at = place(workspace, &impact::place_in(facts, said.span.start as usize));
                    add(&mut channel.attempts, &said.text, at);
                }
            }
            channel.version = workspace.config().channel_name().version(name);
            channel.is_dead_letters |= is_dead_letter(name);
            channel.defined.sort_by_key(|it| (rank(it.what), it.file.clone()));
            channel.brokers.sort_unstable();
        }
    }

    /// What designs say of how their services try again.
    fn designs(&mut self) {
        let workspace = self.workspace;
        for facts in workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Design) {
            let Some(feature) = facts.captures.feature.as_deref() else { continue };
            let Some(answers) = ByRole::of(facts, workspace.config()).as_ref().and_then(answers) else { continue };
            let Some(answer) = answers.iter().find(|it| it.question.id == "retry") else { continue };
            let said = value::plain(answer.said(facts));
            if value::is_unknown(&said) || value::is_none(&said) {
                continue;
            }
            let service = self.names.of_party(feature).unwrap_or(feature).to_owned();
            let at = place(workspace, &impact::place_in(facts, answer.value.start as usize));
            add(self.retries.entry(service).or_default(), said.trim_end_matches('.'), at);
        }
    }

    /// Whether the channel of an edge has a name that others may know it by.
    fn is_named(&self, edge: &Edge) -> bool {
        match edge.channel.resolution {
            Resolution::Unresolved | Resolution::Environment | Resolution::External | Resolution::Template => false,
            // Code that hands on whatever it is given knows the type that all messages have in common.
            Resolution::TypeName => !self.is_common_type(&edge.channel.name) && !self.names.is_shared(edge),
            _ => true,
        }
    }

    /// Whether the names of several types of messages end with this one: `OrderPaidEvent`, `OrderShippedEvent`.
    fn is_common_type(&self, name: &str) -> bool {
        let is_longer = |it: &str| it.len() > name.len() && it.ends_with(name);
        let types = self.found.edges.iter().filter(|it| it.channel.resolution == Resolution::TypeName);
        let longer: BTreeSet<&str> = types.map(|it| it.channel.name.as_str()).filter(|it| is_longer(it)).collect();
        longer.len() > 1
    }

    /// Says which channels that go by a type may be channels that have its package in their name.
    fn tell_types(&mut self) {
        let types = self.found.edges.iter().filter(|it| it.channel.resolution == Resolution::TypeName);
        let types: BTreeSet<&str> = types.map(|it| it.channel.name.as_str()).collect();
        for name in types.iter().filter(|it| self.channels.contains_key(**it)) {
            let is_it = |it: &&String| it.strip_suffix(name).is_some_and(|it| it.ends_with(['.', '\\', ':', '/']));
            if let Some(whole) = self.channels.keys().find(is_it) {
                self.remarks
                    .push(format!("{name} is the name of a type and may be the channel {whole}; both are kept apart."));
            }
        }
    }

    fn channel(&mut self, name: &str) -> &mut FlowChannel {
        let new = || FlowChannel { name: name.to_owned(), ..FlowChannel::default() };
        self.channels.entry(name.to_owned()).or_insert_with(new)
    }

    fn finish(mut self) -> EventFlow {
        let arrow = |((channel, relation, service), at): ((String, FlowRelation, String), BTreeSet<FlowPlace>)| {
            let mut at: Vec<FlowPlace> = at.into_iter().collect();
            let source = FlowSource::of(&at);
            // The best place of each kind comes first, so that code stands beside what documents say.
            let mut seen = BTreeMap::<&str, usize>::new();
            let mut ranked: Vec<((usize, u8), FlowPlace)> = Vec::new();
            at.sort_by(|a, b| (rank(a.what), &a.file, a.line).cmp(&(rank(b.what), &b.file, b.line)));
            for place in at {
                let count = seen.entry(place.what).or_default();
                ranked.push(((*count, rank(place.what)), place));
                *count += 1;
            }
            ranked.sort_by_key(|it| it.0);
            FlowArrow { channel, relation, service, source, at: ranked.into_iter().map(|it| it.1).collect() }
        };
        let arrows: Vec<FlowArrow> = std::mem::take(&mut self.arrows).into_iter().map(arrow).collect();
        let unnamed: Vec<FlowUnnamed> =
            self.found.edges.iter().filter(|it| !self.is_named(it)).map(|it| self.end(it)).collect();
        self.tell_brokers(&arrows);
        let shown: BTreeSet<&str> =
            arrows.iter().map(|it| it.service.as_str()).chain(unnamed.iter().map(|it| it.service.as_str())).collect();
        let folders: BTreeMap<&str, &str> = self.names.folders().collect();
        let service = |name: &&str| FlowService {
            name: (*name).to_owned(),
            folder: folders.get(name).filter(|it| !it.is_empty()).map(|it| RelPath::new(it)),
            owners: self.owners.get(*name).cloned().unwrap_or_default(),
            retries: self.retries.get(*name).cloned().unwrap_or_default(),
        };
        let services = shown.iter().map(service).collect();
        let channels = self.channels.into_values().collect();
        EventFlow { services, channels, arrows, unnamed, remarks: self.remarks, ..EventFlow::default() }
    }

    /// Says how many channels have one end because both ends have names of their own at their broker.
    fn tell_brokers(&mut self, arrows: &[FlowArrow]) {
        let mut ends: BTreeMap<&str, BTreeSet<FlowRelation>> = BTreeMap::new();
        for arrow in arrows {
            ends.entry(&arrow.channel).or_default().insert(arrow.relation);
        }
        let delivered: BTreeSet<&str> =
            self.channels.values().flat_map(|it| &it.delivers_to).map(|it| it.value.as_str()).collect();
        let is_bound = |it: &&FlowChannel| {
            if !it.delivers_to.is_empty() || delivered.contains(it.name.as_str()) {
                return false;
            }
            let has_own_names = it.brokers.iter().any(|it| !scan::has_one_name(it));
            has_own_names && !it.is_dead_letters && ends.get(it.name.as_str()).is_some_and(|it| it.len() == 1)
        };
        let bound: Vec<&FlowChannel> = self.channels.values().filter(is_bound).collect();
        let brokers: BTreeSet<&str> = bound.iter().flat_map(|it| &it.brokers).map(String::as_str).collect();
        if !bound.is_empty() {
            let brokers: Vec<&str> = brokers.into_iter().collect();
            let (count, have) = if bound.len() == 1 { ("1 channel", "has") } else { ("channels", "have") };
            let count = if bound.len() == 1 { count.to_owned() } else { format!("{} {count}", bound.len()) };
            self.remarks.push(format!(
                "{count} of {} {have} one end here: both ends have names of their own there, and what binds them was \
                not seen.",
                brokers.join(", ")
            ));
        }
    }

    fn end(&self, edge: &Edge) -> FlowUnnamed {
        let is_known = edge.channel.name != "?" && !edge.channel.name.is_empty();
        FlowUnnamed {
            service: self.names.of_edge(edge).to_owned(),
            relation: edge.action.into(),
            resolution: scan::resolution(edge.channel.resolution),
            expression: is_known.then(|| edge.channel.name.to_string()),
            at: FlowPlace { what: "code", file: RelPath::new(&edge.path), line: edge.line },
        }
    }
}

fn is_of(said: &Said, turned: &BTreeSet<RelPath>) -> bool {
    said.speaker == Speaker::AsyncApi && turned.contains(said.file())
}

/// Keeps the first place of each value.
fn add(facts: &mut Vec<FlowFact>, value: &str, at: FlowPlace) {
    if !facts.iter().any(|it| it.value == value) {
        facts.push(FlowFact { value: value.to_owned(), at });
    }
}

pub(super) fn place(workspace: &Workspace, at: &ReviewPlace) -> FlowPlace {
    let what = match workspace.file(&at.file).map(|it| workspace.kind(it)) {
        Some(Kind::Contract) => "contract",
        Some(Kind::Asyncapi) => "asyncapi",
        Some(Kind::Schema) => "schema",
        Some(Kind::Code) => "code",
        _ if Language::of_path(at.file.as_str()).is_some() => "code",
        _ => "document",
    };
    FlowPlace { what, file: at.file.clone(), line: at.line }
}

/// How good a place is as evidence: 0 is the best.
fn rank(what: &str) -> u8 {
    match what {
        "contract" => 0,
        "asyncapi" => 1,
        "schema" => 2,
        "document" => 3,
        "infrastructure" => 4,
        _ => 5,
    }
}
