//! What the operation `prelaunch` takes. Everything but the feature can be left out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::{
    choice::{Choice, Closed},
    lenient,
};

/// Facts for a launch decision. What is not known stays out and becomes a question.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PrelaunchRequest {
    /// The feature that is to go live.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub feature: Option<String>,
    /// YYYY-MM-DD; today if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub date: Option<String>,
    /// Tier that it must reach; that of the README if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub tier: Option<String>,
    /// What people have decided, if they have. Overrules no blocker.
    #[serde(deserialize_with = "super::super::choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<LaunchVerdict>")]
    pub decision: Option<Choice<LaunchVerdict>>,
    /// The launch in a sentence or two.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub tldr: Option<String>,
    /// Known risks.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub risks: Vec<RiskRequest>,
    /// The way back.
    #[serde(deserialize_with = "lenient::object", skip_serializing_if = "RollbackRequest::is_empty")]
    pub rollback: RollbackRequest,
    /// Steps of the rollout, with the number that aborts it.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub rollout: Option<String>,
    /// Evidence that no file shows; kept as claimed.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceRequest>,
    /// Who approved.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub approvers: Vec<String>,
}

/// A known risk.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RiskRequest {
    /// What may go wrong.
    #[schemars(transform = lenient::name_alone)]
    pub risk: String,
    /// What softens it.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub mitigation: Option<String>,
    /// Person or team.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub accepted_by: Option<String>,
    /// YYYY-MM-DD.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub until: Option<String>,
    /// Id of the blocker that is accepted with it.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub blocker: Option<String>,
}

/// The way back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RollbackRequest {
    /// What leads to it, with a number.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub trigger: Option<String>,
    /// In order.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub steps: Vec<String>,
    /// How long it takes: `15 minutes`.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub time: Option<String>,
    /// Who decides and does it.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub who: Option<String>,
}

impl RollbackRequest {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Evidence for a gate.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceRequest {
    /// Id of the gate: `drill`.
    pub gate: String,
    /// Where it can be seen.
    #[serde(rename = "where", deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub place: Option<String>,
    /// Who says so.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub who: Option<String>,
}

/// What a launch decision amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LaunchVerdict {
    /// Nothing speaks against it.
    Go,
    /// It goes ahead with risks that somebody accepted.
    GoWithRisks,
    /// Something blocks it.
    #[default]
    NoGo,
}

impl Closed for LaunchVerdict {
    const WHAT: &'static str = "launch decision";

    fn all() -> Vec<Self> {
        vec![Self::Go, Self::GoWithRisks, Self::NoGo]
    }

    fn name(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::GoWithRisks => "go-with-risks",
            Self::NoGo => "no-go",
        }
    }
}
