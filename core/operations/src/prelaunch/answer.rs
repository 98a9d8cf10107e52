//! What a launch review answers, as data. Its text is made in `text`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{super::ReviewPlace, request::LaunchVerdict};

/// What is to be known of a launch before somebody signs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Launch {
    /// What it amounts to.
    pub decision: LaunchVerdict,
    /// The feature.
    pub feature: String,
    /// The day, YYYY-MM-DD.
    pub date: String,
    /// The tier that the evidence reaches; none if it does not reach the lowest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The tier that it must reach.
    pub target: String,
    /// Who says so: the request, or a file.
    pub target_from: String,
    /// A tier that a document claims and the evidence does not reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub downgraded: Option<ClaimedTier>,
    /// What stands in the way.
    pub blockers: Vec<Blocker>,
    /// Why schemas were not all compared with what they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_compared: Option<String>,
    /// What was accepted, and by whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<AcceptedRisk>,
    /// What the tiers are called, from the lowest.
    pub tiers: Vec<String>,
    /// The gates of all tiers, from the lowest.
    pub gates: Vec<GateResult>,
}

/// A tier that a document claims.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClaimedTier {
    /// The tier.
    pub tier: String,
    /// Where it is claimed.
    pub place: ReviewPlace,
}

/// What stands in the way of a launch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Blocker {
    /// By what it is accepted: `gate:drill`, or a rule and a file.
    pub id: String,
    /// What is wrong.
    pub message: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<ReviewPlace>,
    /// The next move.
    pub next: String,
    /// Who makes it, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// A risk that somebody accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AcceptedRisk {
    /// The risk.
    pub risk: String,
    /// Who accepted it.
    pub accepted_by: String,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The blocker that was accepted with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocker: Option<Blocker>,
}

/// Whether a gate is met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GateState {
    /// The files show it.
    Met,
    /// Somebody says so.
    Claimed,
    /// The files show that it is not so.
    Missing,
    /// The files do not tell.
    #[default]
    Unknown,
}

impl GateState {
    /// Whether it counts as met.
    pub fn holds(self) -> bool {
        matches!(self, Self::Met | Self::Claimed)
    }
}

/// A gate and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GateResult {
    /// Its identifier: `drill`.
    pub id: &'static str,
    /// The tier that it belongs to, from 0.
    pub tier: usize,
    /// Whether it is met.
    pub state: GateState,
    /// What was found, or what is missing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub found: String,
    /// Where.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<ReviewPlace>,
}
