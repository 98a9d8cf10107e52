//! What a feature's own documents, contracts and schemas show of its readiness, while somebody types.
//!
//! Code, pipelines and the runbooks of others are left to the operation: a look at them costs what the workspace costs.

use archwright_engine::Workspace;
use archwright_knowledge::{Gate, readiness_tiers};
use smol_str::SmolStr;

use super::{
    answer::GateState,
    case::Case,
    decide::tier_name,
    gates::{Found, found},
    request::PrelaunchRequest,
};

/// The evidence that the documents of a feature hold.
const IN_DOCUMENTS: [&str; 12] = [
    "patterns",
    "reliability",
    "code",
    "safe-messaging",
    "contract",
    "idempotency-key",
    "dead-letters",
    "schema",
    "dashboard",
    "concerns",
    "replay-policy",
    "slo",
];

/// A tier and its gates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownTier {
    /// What it is called.
    pub name: String,
    /// What must be shown for it.
    pub gates: Vec<ShownGate>,
}

/// A gate and what the documents show of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownGate {
    /// What holds when it is met, as a phrase.
    pub name: &'static str,
    /// Whether it is met; nothing if the documents of a feature are not the place to look.
    pub state: Option<GateState>,
    /// What was found, or what is missing.
    pub found: String,
}

/// What the documents of a feature show of each gate, from the lowest tier, on a day (YYYY-MM-DD).
pub fn shown_by_documents(workspace: &Workspace, feature: &SmolStr, day: &str) -> Vec<ShownTier> {
    let case = Case::new(workspace, feature, day.to_owned());
    let request = PrelaunchRequest { feature: Some(feature.to_string()), ..PrelaunchRequest::default() };
    let gate = |gate: &'static Gate| {
        let is_here = IN_DOCUMENTS.contains(&gate.evidence.as_str());
        let Found { state, text, .. } = if is_here { found(&case, &request, gate) } else { Found::unknown() };
        ShownGate { name: &gate.name, state: is_here.then_some(state), found: text }
    };
    let tiers = readiness_tiers().iter().enumerate();
    tiers.map(|(at, it)| ShownTier { name: tier_name(&case, at), gates: it.gates.iter().map(gate).collect() }).collect()
}
