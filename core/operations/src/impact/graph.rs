//! The workspace as a graph: what there is, and what leads from one to another, each with its places.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use archwright_model::{RelPath, values::team::Team};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;
use smol_str::SmolStr;

use super::super::{ReviewPlace, choice::Closed};

/// What a thing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// A channel.
    #[default]
    Channel,
    /// A message.
    Message,
    /// A field of a message.
    Field,
    /// A service as documents name it: a feature, or a system outside.
    Service,
    /// A folder of code that is built by itself.
    Code,
    /// A team.
    Team,
    /// A pattern.
    Pattern,
    /// A file that is no code.
    Document,
}

impl Closed for NodeKind {
    const WHAT: &'static str = "kind of thing";

    fn all() -> Vec<Self> {
        use NodeKind::{Channel, Code, Document, Field, Message, Pattern, Service, Team};
        vec![Channel, Message, Field, Service, Code, Team, Pattern, Document]
    }

    fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Message => "message",
            Self::Field => "field",
            Self::Service => "service",
            Self::Code => "code",
            Self::Team => "team",
            Self::Pattern => "pattern",
            Self::Document => "document",
        }
    }
}

impl NodeKind {
    /// Whether work flows through it, so that a change of one end reaches the other.
    fn flows(self) -> bool {
        !matches!(self, Self::Team | Self::Pattern | Self::Document)
    }
}

/// How one thing leads to another, from the first to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Relation {
    Produces,
    Consumes,
    Reads,
    MayRead,
    DependsOn,
    WorksWith,
    Carries,
    HasField,
    OrderedBy,
    DeadLetters,
    Owns,
    OwnsDeadLetters,
    DeliversTo,
    Provisions,
    Defines,
    Describes,
    Names,
    Uses,
    Supersedes,
    LinksTo,
    IsCodeOf,
}

/// Which end is hit when the other one changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hit {
    From,
    To,
    Both,
    Nobody,
}

impl Relation {
    /// Whether it says who sends or receives, which code and documents say.
    pub(crate) fn is_flow(self) -> bool {
        matches!(self, Self::Produces | Self::Consumes)
    }

    /// The words for it, seen from its first end and from its second.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Produces => ("produces", "produced by"),
            Self::Consumes => ("consumes", "consumed by"),
            Self::Reads => ("reads", "read by"),
            Self::MayRead => ("may read", "may be read by"),
            Self::DependsOn => ("depends on", "needed by"),
            Self::WorksWith => ("works with", "works with"),
            Self::Carries => ("carries", "carried by"),
            Self::HasField => ("has the field", "field of"),
            Self::OrderedBy => ("is ordered by", "orders"),
            Self::DeadLetters => ("puts dead letters into", "takes the dead letters of"),
            Self::Owns => ("owns", "owned by"),
            Self::OwnsDeadLetters => ("owns the dead letters of", "dead letters owned by"),
            Self::DeliversTo => ("delivers to", "gets the messages of"),
            Self::Provisions => ("declares", "declared by infrastructure in"),
            Self::Defines => ("defines", "defined in"),
            Self::Describes => ("describes", "described in"),
            Self::Names => ("names", "named in"),
            Self::Uses => ("uses", "used by"),
            Self::Supersedes => ("supersedes", "superseded by"),
            Self::LinksTo => ("links to", "linked from"),
            Self::IsCodeOf => ("is the code of", "has the code"),
        }
    }

    fn hits(self) -> Hit {
        match self {
            Self::Consumes | Self::Reads | Self::DependsOn | Self::Carries | Self::OrderedBy => Hit::From,
            Self::Produces | Self::DeadLetters | Self::DeliversTo | Self::Provisions | Self::Defines => Hit::To,
            Self::IsCodeOf => Hit::Both,
            _ => Hit::Nobody,
        }
    }
}

/// The place of a node in the graph.
pub(crate) type NodeId = usize;

/// A thing.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub kind: NodeKind,
    pub name: SmolStr,
    /// Where it is defined, the best first.
    pub at: Vec<ReviewPlace>,
}

/// What leads from one thing to another.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub from: NodeId,
    pub relation: Relation,
    pub to: NodeId,
    pub at: Vec<ReviewPlace>,
}

/// A thing that a change of another one reaches.
#[derive(Clone, Debug)]
pub(crate) struct Hop {
    pub node: NodeId,
    /// How many steps away it is.
    pub steps: usize,
    /// The edge of the last step.
    pub edge: usize,
}

/// The graph.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub nodes: Vec<Node>,
    ids: FxHashMap<(NodeKind, SmolStr), NodeId>,
    /// The teams by their words, because one team has several spellings.
    teams: FxHashMap<String, NodeId>,
    places: BTreeMap<(NodeId, Relation, NodeId), BTreeSet<ReviewPlace>>,
    pub edges: Vec<Edge>,
    /// The edges of each node.
    touching: Vec<Vec<usize>>,
}

impl Graph {
    /// The node of a thing, which may be new.
    pub(crate) fn node(&mut self, kind: NodeKind, name: &str) -> NodeId {
        let key = (kind, SmolStr::new(name));
        if let Some(id) = self.ids.get(&key) {
            return *id;
        }
        let id = self.nodes.len();
        self.nodes.push(Node { kind, name: key.1.clone(), at: Vec::new() });
        self.ids.insert(key, id);
        id
    }

    /// The node of a team, which may be new.
    pub(crate) fn team(&mut self, team: &Team) -> NodeId {
        if let Some(known) = self.team_of(team) {
            return known;
        }
        let node = self.node(NodeKind::Team, &team.name);
        self.teams.insert(team.key(), node);
        node
    }

    /// The node of a team that is there.
    pub(crate) fn team_of(&self, team: &Team) -> Option<NodeId> {
        self.teams.get(&team.key()).copied()
    }

    /// The node of a thing that is there.
    pub(crate) fn find(&self, kind: NodeKind, name: &str) -> Option<NodeId> {
        self.ids.get(&(kind, SmolStr::new(name))).copied()
    }

    /// Says where a thing is defined.
    pub(crate) fn define(&mut self, node: NodeId, at: ReviewPlace, is_best: bool) {
        let Some(node) = self.nodes.get_mut(node) else { return };
        if node.at.contains(&at) {
            return;
        }
        if is_best { node.at.insert(0, at) } else { node.at.push(at) }
    }

    /// Says that one thing leads to another.
    pub(crate) fn lead(&mut self, from: NodeId, relation: Relation, to: NodeId, at: ReviewPlace) {
        if from != to {
            self.places.entry((from, relation, to)).or_default().insert(at);
        }
    }

    /// Whether something leads from one thing to another already.
    pub(crate) fn is_told(&self, from: NodeId, to: NodeId) -> bool {
        let all = (from, Relation::Produces, to)..=(from, Relation::IsCodeOf, to);
        self.places.range(all).any(|((_, _, it), _)| *it == to)
    }

    /// Whether a place near this one says already that one thing leads to another: that of the name in the same call.
    pub(crate) fn is_said_near(&self, from: NodeId, relation: Relation, to: NodeId, at: &ReviewPlace) -> bool {
        /// A call with its arguments is seldom longer. In lines.
        const NEAR: u32 = 8;
        let places = self.places.get(&(from, relation, to));
        places.is_some_and(|it| it.iter().any(|it| it.file == at.file && it.line.abs_diff(at.line) <= NEAR))
    }

    /// Makes the edges ready to be followed. `rank` says how good a file is as evidence: 0 is the best.
    pub(crate) fn close(&mut self, rank: impl Fn(&RelPath) -> u8) {
        let places = std::mem::take(&mut self.places);
        let edge = |((from, relation, to), at): ((NodeId, Relation, NodeId), BTreeSet<ReviewPlace>)| {
            let mut at: Vec<ReviewPlace> = at.into_iter().collect();
            at.sort_by_key(|it| rank(&it.file));
            Edge { from, relation, to, at }
        };
        self.edges = places.into_iter().map(edge).collect();
        self.touching = vec![Vec::new(); self.nodes.len()];
        for (at, edge) in self.edges.iter().enumerate() {
            for end in [edge.from, edge.to] {
                if let Some(list) = self.touching.get_mut(end) {
                    list.push(at);
                }
            }
        }
    }

    /// The edges at a node.
    pub(crate) fn edges_of(&self, node: NodeId) -> impl Iterator<Item = (usize, &Edge)> {
        let touching = self.touching.get(node).map_or(&[][..], Vec::as_slice);
        touching.iter().filter_map(|it| Some((*it, self.edges.get(*it)?)))
    }

    /// What a change of a thing reaches, the nearest first, each once.
    pub(crate) fn reached(&self, start: NodeId) -> Vec<Hop> {
        let mut seen: BTreeSet<NodeId> = BTreeSet::from([start]);
        let mut queue = VecDeque::from([(start, 0)]);
        let mut found = Vec::new();
        while let Some((at, steps)) = queue.pop_front() {
            for (number, edge) in self.edges_of(at) {
                let hit = match edge.relation.hits() {
                    Hit::From if edge.to == at => edge.from,
                    Hit::To if edge.from == at => edge.to,
                    Hit::Both => {
                        if edge.from == at {
                            edge.to
                        } else {
                            edge.from
                        }
                    }
                    _ => continue,
                };
                if !self.nodes.get(hit).is_some_and(|it| it.kind.flows()) || !seen.insert(hit) {
                    continue;
                }
                found.push(Hop { node: hit, steps: steps + 1, edge: number });
                queue.push_back((hit, steps + 1));
            }
        }
        found
    }

    /// The shortest ways between two things, as lists of edges, `most` of them, and whether there are more. What only
    /// documents, teams or patterns lead to counts where nothing else does.
    pub(crate) fn ways(&self, from: NodeId, to: NodeId, most: usize) -> (Vec<Vec<usize>>, bool) {
        let (ways, more) = self.shortest(from, to, most, true);
        if ways.is_empty() { self.shortest(from, to, most, false) } else { (ways, more) }
    }

    fn shortest(&self, from: NodeId, to: NodeId, most: usize, only_flow: bool) -> (Vec<Vec<usize>>, bool) {
        let passes = |node: NodeId| {
            !only_flow || node == from || node == to || self.nodes.get(node).is_some_and(|it| it.kind.flows())
        };
        let other = |edge: &Edge, at: NodeId| if edge.from == at { edge.to } else { edge.from };
        // How far each node is from the goal, as far as the start is.
        let mut distance: FxHashMap<NodeId, usize> = FxHashMap::from_iter([(to, 0)]);
        let mut queue = VecDeque::from([to]);
        while let Some(at) = queue.pop_front() {
            let steps = distance.get(&at).copied().unwrap_or_default();
            if at == from {
                break;
            }
            for (_, edge) in self.edges_of(at) {
                let next = other(edge, at);
                if passes(next) && !distance.contains_key(&next) {
                    distance.insert(next, steps + 1);
                    queue.push_back(next);
                }
            }
        }
        let Some(length) = distance.get(&from).copied() else { return (Vec::new(), false) };
        let mut ways: Vec<Vec<usize>> = Vec::new();
        let mut open = vec![(from, Vec::new())];
        while let Some((at, way)) = open.pop() {
            if at == to {
                if ways.len() == most {
                    return (ways, true);
                }
                ways.push(way);
                continue;
            }
            let left = length - way.len();
            // The last is taken first.
            let next: Vec<(usize, NodeId)> = self.edges_of(at).map(|(number, it)| (number, other(it, at))).collect();
            for (number, node) in next.into_iter().rev() {
                if left > 0 && distance.get(&node).is_some_and(|it| it + 1 == left) {
                    let mut longer: Vec<usize> = way.clone();
                    longer.push(number);
                    open.push((node, longer));
                }
            }
        }
        (ways, false)
    }
}
