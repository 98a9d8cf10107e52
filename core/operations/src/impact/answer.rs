//! What `impact` answers, as data. Its text is made in `text`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{super::ReviewPlace, graph::NodeKind};

/// What depends on a thing, and what it depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Impact {
    /// What it is.
    pub kind: NodeKind,
    /// Its name.
    pub name: String,
    /// Where it is defined, the best place first.
    pub at: Vec<ReviewPlace>,
    /// What can be said of it in a sentence, such as that nobody reads a field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// What is beside it, by how it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Related>,
    /// What a change of it reaches, the nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<Reached>,
    /// How many are reached besides.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_reached: usize,
    /// Set where ways to another thing were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<ImpactNode>,
    /// The shortest ways to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<Vec<WayStep>>,
    /// Whether there are more ways of that length.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more_ways: bool,
    /// What nobody looked at, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_read: Vec<String>,
}

impl Impact {
    /// Leaves out the last entries of its longest list, one of so many `parts` of it. What is left out is counted.
    pub fn shorten(&mut self, parts: usize) -> bool {
        let few = |length: usize| (length / parts.max(1)).max(1).min(length);
        let longest = self.relations.iter_mut().max_by_key(|it| it.things.len());
        let reached = self.reached.len();
        match longest.filter(|it| it.things.len() > reached) {
            Some(list) => {
                let out = few(list.things.len());
                list.things.truncate(list.things.len() - out);
                list.more += out;
                out > 0
            }
            None => {
                let out = few(reached);
                self.reached.truncate(reached - out);
                self.more_reached += out;
                out > 0
            }
        }
    }
}

/// A thing by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImpactNode {
    /// What it is.
    pub kind: NodeKind,
    /// Its name.
    pub name: String,
}

/// The things that have one relation to the one that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Related {
    /// How: `consumed by`.
    pub relation: &'static str,
    /// Which.
    pub things: Vec<Neighbor>,
    /// How many there are besides.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: usize,
}

/// What says that something sends or receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImpactSource {
    /// It was seen in code.
    Code,
    /// A document says so.
    Document,
}

impl ImpactSource {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Document => "document",
        }
    }
}

/// A thing beside the one that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Neighbor {
    /// What it is.
    pub kind: NodeKind,
    /// Its name.
    pub name: String,
    /// Of who sends and receives: whether code says so, documents, or both.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<ImpactSource>,
    /// Where that is said.
    pub at: Vec<ReviewPlace>,
    /// How many places say so besides.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_places: usize,
}

/// A thing that a change reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reached {
    /// What it is.
    pub kind: NodeKind,
    /// Its name.
    pub name: String,
    /// How many steps away it is.
    pub steps: usize,
    /// How the last step goes: `consumes orders.placed.v1`.
    pub because: String,
    /// Where that is said.
    pub at: Option<ReviewPlace>,
}

/// A step of a way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WayStep {
    /// Where it begins.
    pub from: String,
    /// How it goes: `produces`, `consumed by`.
    pub relation: &'static str,
    /// Where it ends.
    pub to: String,
    /// Where that is said.
    pub at: Option<ReviewPlace>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
