//! The operation `impact`: what depends on a thing, what it depends on, and what leads from one to another.
//!
//! All of it stands in files, and every step is told with its place. What cannot be read is named, because silence
//! about it would be taken for an answer.

mod answer;
mod code;
mod fields;
mod find;
mod graph;
mod listed;
mod named;
mod not_read;
mod read;
mod said;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use answer::{Impact, ImpactNode, ImpactSource, Neighbor, Reached, Related, WayStep};
pub use graph::NodeKind;
pub(crate) use graph::Relation;
pub(crate) use named::has_name;
pub(crate) use read::{Documents, documents, folded, place_in, statements_until};
pub(crate) use said::{Said, Speaker};

use archwright_engine::Workspace;
use archwright_model::RelPath;
use archwright_scan::Language;
use fields::Readers;
use find::Found;
use graph::{Edge, Graph, NodeId};

use super::{
    Argument, Offer, Operation, OperationError, Plan, ReviewPlace,
    choice::{self, Choice},
    lenient, listing,
};

/// Says what a change of a thing reaches.
#[derive(Clone, Copy, Debug)]
pub struct ImpactOf;

/// What is asked about.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ImpactRequest {
    /// A channel, message, field (`orders.placed.v1#total`), service, team, pattern, folder of code, or file.
    pub name: String,
    /// Another one: the shortest ways between both.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub to: Option<String>,
    /// What `name` is, if several things have it.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<NodeKind>")]
    pub kind: Option<Choice<NodeKind>>,
    /// Most entries of each list; 12 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "usize", range(min = 1, max = 200))]
    pub limit: Option<usize>,
}

/// So many entries a list has unless another number is asked for, and at most.
const USUAL_LIMIT: usize = 12;
const MOST: usize = 200;

/// So many places are told of each entry.
const PLACES: usize = 3;

/// So many ways are told unless another number is asked for.
const WAYS: usize = 5;

impl Operation for ImpactOf {
    type Request = ImpactRequest;

    const NAME: &'static str = "impact";
    const TITLE: &'static str = "Say what depends on something";
    const ABOUT: &'static str = "Who produces, consumes, owns, describes and depends on a channel (Kafka topic, \
        queue), message, schema field, service, team, pattern or file, what a change of it reaches (blast radius), \
        and with `to` the shortest ways between two, each step with file and line. Of a field, which code reads it, \
        or that nobody does. Says what was not read. Use it before you change, rename or remove something.";
    const SEARCHED: &'static str = "who consumes this topic, blast radius";
    const WRITES: bool = false;
    const REQUIRED: &'static [&'static str] = &["name"];
    const ARGUMENTS: &'static [Argument] = &[
        Argument {
            name: "name",
            ask: "The channel, message, field, service, team, pattern or file",
            example: "orders.placed.v1",
            optional: false,
            list: false,
            offered: true,
        },
        Argument {
            name: "to",
            ask: "What it may lead to, or nothing for all that depends on it",
            example: "payment-capture",
            optional: true,
            list: false,
            offered: true,
        },
    ];

    fn offers(workspace: &Workspace, argument: &str) -> Vec<Offer> {
        if !matches!(argument, "name" | "to") {
            return Vec::new();
        }
        // Asked at every look at a document, so only what costs no reading is offered.
        let mut channels: BTreeMap<&str, Vec<&RelPath>> = BTreeMap::new();
        for facts in workspace.files().filter_map(|it| workspace.facts(it)) {
            for mention in &facts.channels {
                let files = channels.entry(mention.name.text.as_str()).or_default();
                if files.last() != Some(&&facts.path) {
                    files.push(&facts.path);
                }
            }
        }
        let offer = |(name, files): (&str, Vec<&RelPath>)| {
            let about = files.first().map(ToString::to_string).unwrap_or_default();
            Offer { about, files: files.into_iter().cloned().collect(), ..Offer::of(name, &RelPath::default()) }
        };
        channels.into_iter().map(offer).chain(listing::features(workspace)).collect()
    }

    fn plan(workspace: &mut Workspace, request: &ImpactRequest) -> Result<Plan, OperationError> {
        let impact = impact(workspace, request)?;
        Ok(Plan { impact: Some(impact), ..Plan::default() })
    }
}

fn impact(workspace: &Workspace, request: &ImpactRequest) -> Result<Impact, OperationError> {
    if request.name.trim().is_empty() {
        return Err(OperationError::Missing("name"));
    }
    let mut graph = read::graph(workspace);
    code::add(workspace, &mut graph);
    let mut readers = Readers::default();
    let mut node_of = |graph: &mut Graph, name: &str, kind: Option<NodeKind>| {
        Ok::<NodeId, OperationError>(match find::find(workspace, graph, name, kind)? {
            Found::Node(it) => it,
            Found::Field(field) => {
                let (node, said) = fields::add(workspace, graph, field);
                readers.remarks.extend(said.remarks);
                readers.not_read.extend(said.not_read);
                node
            }
        })
    };
    let start = node_of(&mut graph, &request.name, request.kind.map(|it| it.0))?;
    if request.to.is_none() {
        read::add_names(workspace, &mut graph, start);
    }
    let goal = request.to.as_deref().map(|it| node_of(&mut graph, it, None)).transpose()?;
    graph.close(|path| read::rank(workspace, path));
    let limit = request.limit.unwrap_or(USUAL_LIMIT).clamp(1, MOST);
    let Some(node) = graph.nodes.get(start) else { return Err(OperationError::Missing("name")) };
    let mut answer = Impact { kind: node.kind, name: node.name.to_string(), at: node.at.clone(), ..Impact::default() };
    answer.at.truncate(PLACES);
    answer.not_read = readers.not_read;
    match goal {
        Some(goal) => {
            let most = request.limit.unwrap_or(WAYS).clamp(1, MOST);
            add_ways(&graph, start, goal, most, &mut answer);
        }
        None => {
            answer.remarks = readers.remarks;
            add_relations(&graph, start, limit, &mut answer);
            add_reached(&graph, start, limit, &mut answer);
        }
    }
    if !matches!(node.kind, NodeKind::Team | NodeKind::Pattern | NodeKind::Document) {
        answer.not_read.extend(not_read::languages(workspace, node.kind == NodeKind::Field));
    }
    Ok(answer)
}

fn name(graph: &Graph, node: NodeId) -> String {
    graph.nodes.get(node).map_or_else(String::new, |it| it.name.to_string())
}

fn add_relations(graph: &Graph, start: NodeId, limit: usize, answer: &mut Impact) {
    let mut all: BTreeMap<(Relation, bool), Vec<&Edge>> = BTreeMap::new();
    for (_, edge) in graph.edges_of(start) {
        all.entry((edge.relation, edge.to == start)).or_default().push(edge);
    }
    for ((relation, is_to), edges) in all {
        let (forward, backward) = relation.words();
        let mut things: Vec<Neighbor> = edges
            .iter()
            .filter_map(|edge| {
                let node = graph.nodes.get(if is_to { edge.from } else { edge.to })?;
                Some(Neighbor {
                    kind: node.kind,
                    name: node.name.to_string(),
                    sources: if relation.is_flow() { sources(&edge.at) } else { Vec::new() },
                    at: edge.at.iter().take(PLACES).cloned().collect(),
                    more_places: edge.at.len().saturating_sub(PLACES),
                })
            })
            .collect();
        things.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        let more = things.len().saturating_sub(limit);
        things.truncate(limit);
        answer.relations.push(Related { relation: if is_to { backward } else { forward }, things, more });
    }
}

/// Whether code says it, or documents, or both.
fn sources(at: &[ReviewPlace]) -> Vec<ImpactSource> {
    let of = |it: &ReviewPlace| match Language::of_path(it.file.as_str()) {
        Some(_) => ImpactSource::Code,
        None => ImpactSource::Document,
    };
    let found: BTreeSet<ImpactSource> = at.iter().map(of).collect();
    found.into_iter().collect()
}

fn add_reached(graph: &Graph, start: NodeId, limit: usize, answer: &mut Impact) {
    let hops = graph.reached(start);
    answer.more_reached = hops.len().saturating_sub(limit);
    let told = hops.into_iter().take(limit).filter_map(|hop| {
        let node = graph.nodes.get(hop.node)?;
        let edge = graph.edges.get(hop.edge)?;
        let (forward, backward) = edge.relation.words();
        let (words, other) = if edge.from == hop.node { (forward, edge.to) } else { (backward, edge.from) };
        Some(Reached {
            kind: node.kind,
            name: node.name.to_string(),
            steps: hop.steps,
            because: format!("{words} {}", name(graph, other)),
            at: edge.at.first().cloned(),
        })
    });
    answer.reached = told.collect();
}

fn add_ways(graph: &Graph, start: NodeId, goal: NodeId, most: usize, answer: &mut Impact) {
    let Some(node) = graph.nodes.get(goal) else { return };
    answer.to = Some(ImpactNode { kind: node.kind, name: node.name.to_string() });
    if start == goal {
        answer.remarks.push("Both are the same.".to_owned());
        answer.to = None;
        return;
    }
    let (ways, more) = graph.ways(start, goal, most);
    answer.more_ways = more;
    for way in ways {
        let mut at = start;
        let mut steps = Vec::new();
        for edge in way.iter().filter_map(|it| graph.edges.get(*it)) {
            let (forward, backward) = edge.relation.words();
            let (words, next) = if edge.from == at { (forward, edge.to) } else { (backward, edge.from) };
            steps.push(WayStep {
                from: name(graph, at),
                relation: words,
                to: name(graph, next),
                at: edge.at.first().cloned(),
            });
            at = next;
        }
        answer.ways.push(steps);
    }
}
