//! The thing that a name means.

use std::collections::BTreeSet;

use archwright_engine::Workspace;
use archwright_knowledge::{nearest_pattern, pattern};
use archwright_model::values::team::Team;
use archwright_rules::prelude;

use super::{
    super::{OperationError, choice::Closed},
    fields::{self, MessageField},
    graph::{Graph, NodeId, NodeKind},
    not_read,
    read::folded,
};

/// So many things are named where a name means several.
const MOST_NAMED: usize = 8;

/// A thing that was found.
pub(super) enum Found<'w> {
    Node(NodeId),
    Field(MessageField<'w>),
}

/// Finds the thing of a name.
///
/// # Errors
/// If there is none, or if there are several.
pub(super) fn find<'w>(
    workspace: &'w Workspace,
    graph: &Graph,
    given: &str,
    kind: Option<NodeKind>,
) -> Result<Found<'w>, OperationError> {
    let name = given.trim().trim_matches('`').trim_start_matches("./").trim_end_matches('/');
    let is_asked = |it: NodeKind| kind.is_none_or(|kind| kind == it);
    let exact = NodeKind::all().into_iter().filter(|it| is_asked(*it)).filter_map(|it| graph.find(it, name));
    let mut found: Vec<NodeId> = exact.collect();
    if let Some(service) = workspace.config().service_called(name).filter(|_| is_asked(NodeKind::Service)) {
        let node = graph.find(NodeKind::Service, &service.name);
        found.extend(node.filter(|it| !found.contains(it)));
    }
    if let Some(team) = Team::of(name).filter(|_| found.is_empty() && is_asked(NodeKind::Team)) {
        found.extend(graph.team_of(&team));
    }
    // Patterns go by several names; only one that a file uses is asked about.
    if let Some(known) = pattern(name).filter(|_| found.is_empty() && is_asked(NodeKind::Pattern)) {
        found.extend(graph.find(NodeKind::Pattern, &known.name));
        if found.is_empty() {
            return Err(OperationError::UnusedPattern { pattern: known.name.to_string() });
        }
    }
    if found.is_empty() && is_asked(NodeKind::Field) {
        match fields::named(workspace, name).as_slice() {
            [] => {}
            [only] => return Ok(Found::Field(*only)),
            several => return Err(ambiguous(given, several.iter().map(|it| format!("the field `{}`", it.name())))),
        }
    }
    if found.is_empty() {
        found = ends_with(graph, name, &is_asked);
    }
    match found.as_slice() {
        [only] => Ok(Found::Node(*only)),
        [] => Err(unknown(workspace, graph, given, kind)),
        several => {
            let nodes = several.iter().filter_map(|it| graph.nodes.get(*it));
            Err(ambiguous(given, nodes.map(|it| format!("the {} `{}`", it.kind.name(), it.name))))
        }
    }
}

/// The things whose name ends with what was given, at the start of a part: files by their names, code by its folder;
/// and those that differ in their case and their separators only.
fn ends_with(graph: &Graph, name: &str, is_asked: &impl Fn(NodeKind) -> bool) -> Vec<NodeId> {
    let nodes = || graph.nodes.iter().enumerate().filter(|it| is_asked(it.1.kind));
    let wanted = folded(name);
    let same: Vec<NodeId> = nodes().filter(|it| folded(&it.1.name) == wanted).map(|it| it.0).collect();
    if !same.is_empty() || name.is_empty() {
        return same;
    }
    let is_path = |it: NodeKind| matches!(it, NodeKind::Document | NodeKind::Code);
    let ends = |it: &str| it.strip_suffix(name).is_some_and(|it| it.ends_with('/'));
    nodes().filter(|it| is_path(it.1.kind) && ends(&it.1.name)).map(|it| it.0).collect()
}

fn ambiguous(given: &str, things: impl Iterator<Item = String>) -> OperationError {
    let things: BTreeSet<String> = things.collect();
    let more = things.len().saturating_sub(MOST_NAMED);
    OperationError::SeveralThings {
        given: given.to_owned(),
        things: things.into_iter().take(MOST_NAMED).collect(),
        more,
    }
}

fn unknown(workspace: &Workspace, graph: &Graph, given: &str, kind: Option<NodeKind>) -> OperationError {
    let is_asked = |it: NodeKind| kind.is_none_or(|kind| kind == it);
    let name = given.trim();
    let nodes = graph.nodes.iter().filter(|it| is_asked(it.kind)).map(|it| it.name.as_str());
    let nearest = prelude::nearest(name, nodes).map(str::to_owned);
    let field = || {
        let names: BTreeSet<String> = fields::all(workspace)
            .flat_map(|it| [it.name().to_string(), it.own_name.text.to_string()])
            .filter(|_| is_asked(NodeKind::Field))
            .collect();
        prelude::nearest(name, names.iter().map(String::as_str)).map(str::to_owned)
    };
    // A part of a name is as good a guess, if only one thing has it.
    let part = || {
        let wanted = name.to_lowercase();
        let mut holding = graph.nodes.iter().filter(|it| {
            is_asked(it.kind) && it.kind != NodeKind::Document && it.name.to_lowercase().contains(&wanted)
        });
        let first = holding.next().filter(|_| wanted.len() > 2)?;
        holding.next().is_none().then(|| first.name.to_string())
    };
    let of_pattern = || nearest_pattern(name).filter(|_| is_asked(NodeKind::Pattern)).map(|it| it.name.to_string());
    let nearest = nearest.or_else(field).or_else(part).or_else(of_pattern);
    let not_read = not_read::languages(workspace, kind == Some(NodeKind::Field));
    OperationError::UnknownThing { given: given.to_owned(), kind: kind.map(Closed::name), nearest, not_read }
}
