//! What code was seen to send and receive, in the graph beside what documents say.

use archwright_engine::Workspace;
use archwright_model::{Kind, RelPath, config::Service};
use archwright_scan::{
    Action,
    discover::{Discovery, Edge, Resolution},
    infrastructure::{Deed, Trait},
};

use super::{
    super::{ReviewPlace, code, readers::service_of},
    graph::{Graph, NodeKind, Relation},
};
use crate::{
    identity::{Likeness, likeness},
    scan::names_dead_letters,
};

/// Adds who sends and receives in code, the messages, and which code is that of which service.
pub(super) fn add(workspace: &Workspace, graph: &mut Graph) {
    let found = code::discovered(workspace).found;
    for edge in found.edges.iter().filter(|it| is_named(it)) {
        let at = ReviewPlace { file: RelPath::new(&edge.path), line: edge.line };
        let node = graph.node(NodeKind::Code, folder(workspace, &found, edge).as_str());
        let channel = graph.node(NodeKind::Channel, &edge.channel.name);
        let relation = if edge.action == Action::Send { Relation::Produces } else { Relation::Consumes };
        if !graph.is_said_near(node, relation, channel, &at) {
            graph.lead(node, relation, channel, at.clone());
        }
        if let Some(message) = edge.message.as_ref().filter(|it| **it != edge.channel.name) {
            let message = graph.node(NodeKind::Message, message);
            graph.lead(channel, Relation::Carries, message, at);
        }
    }
    infrastructure(&found, graph);
    let of_kind = |graph: &Graph, kind: NodeKind| -> Vec<usize> {
        graph.nodes.iter().enumerate().filter(|it| it.1.kind == kind).map(|it| it.0).collect()
    };
    let services = of_kind(graph, NodeKind::Service);
    for code in of_kind(graph, NodeKind::Code) {
        let Some(folder) = graph.nodes.get(code).map(|it| it.name.clone()) else { continue };
        let project = found.project_of(&format!("{folder}/x"));
        let project = project.filter(|it| it.folder == folder || it.service.is_some());
        let names = project.map(|it| it.names.as_slice()).unwrap_or_default();
        for service in &services {
            let Some(node) = graph.nodes.get(*service) else { continue };
            let is_it = match project.and_then(|it| it.service.as_ref()) {
                Some(service) => *service == node.name,
                None => {
                    let is_listed = workspace.config().service_called(&node.name).is_some_and(Service::has_paths);
                    !is_listed && names.iter().any(|it| likeness(it, &node.name) == Likeness::Same)
                }
            };
            let first = found.edges.iter().find(|it| found.project_of(&it.path) == project);
            let at = first.map(|it| ReviewPlace { file: RelPath::new(&it.path), line: it.line });
            if let Some(at) = node.at.first().cloned().or(at).filter(|_| is_it) {
                graph.lead(code, Relation::IsCodeOf, *service, at);
            }
        }
    }
}

/// Adds the channels that infrastructure declares, what binds them, and who is triggered by them.
fn infrastructure(found: &Discovery, graph: &mut Graph) {
    for declared in found.declared.iter().filter(|it| it.is_known) {
        let at = |line| ReviewPlace { file: RelPath::new(&declared.path), line };
        let channel = graph.node(NodeKind::Channel, &declared.channel);
        if declared.deed == Deed::Declares {
            let file = graph.node(NodeKind::Document, &declared.path);
            graph.lead(file, Relation::Provisions, channel, at(declared.line));
            graph.define(channel, at(declared.line), false);
        }
        let relation = match declared.deed {
            Deed::Sends => Some(Relation::Produces),
            Deed::Receives => Some(Relation::Consumes),
            Deed::Declares | Deed::Extends => None,
        };
        // What has no name of its own is no service.
        if let Some(relation) = relation.filter(|_| !declared.by.is_empty() && !declared.by.contains('.')) {
            let service = graph.node(NodeKind::Service, &declared.by);
            graph.lead(service, relation, channel, at(declared.line));
        }
        if let Some(dead) = names_dead_letters(declared) {
            let to = graph.node(NodeKind::Channel, &dead.value);
            graph.lead(channel, Relation::DeadLetters, to, at(dead.line));
        }
        for it in declared.stated.iter().filter(|it| it.is_known && it.what == Trait::DeliversTo) {
            let to = graph.node(NodeKind::Channel, &it.value);
            graph.lead(channel, Relation::DeliversTo, to, at(it.line));
        }
    }
}

/// Whether the channel has a name that others may know it by.
fn is_named(edge: &Edge) -> bool {
    !matches!(
        edge.channel.resolution,
        Resolution::Unresolved | Resolution::Environment | Resolution::External | Resolution::Template
    )
}

/// The folder of the code. What the workspace reads itself has the folder that it gives it.
fn folder(workspace: &Workspace, found: &Discovery, edge: &Edge) -> RelPath {
    let path = RelPath::new(&edge.path);
    let is_read = workspace.file(&path).is_some_and(|it| workspace.kind(it) == Kind::Code);
    let project = found.project_of(&edge.path).filter(|it| !is_read && !it.folder.is_empty());
    project.map_or_else(|| service_of(workspace, &path), |it| RelPath::new(&it.folder))
}
